"""Speed and memory of the library compared with scikit-learn, kmedoids, the post's algorithm, and trimed."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from math import log10
from statistics import median
from typing import Any

import kmedoids
import numpy as np
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances

from benchmarks.timing import PairedTiming, Work, format_seconds, time_once, time_pairs
from kmeans_core import RULES, RunConfig, Trace, backend_available, iterate, make_dataset, run, run_many
from kmeans_core.arrays import Centers, Points
from kmeans_core.engines import get_backend
from kmeans_core.engines.medoid import medoid_index
from kmeans_core.validation import validate_points
from tests import oracles

ITERATIONS = 15
SIZES = (100_000, 1_000_000)
CLUSTERS = (6, 20)

Row = tuple[str, str, str, float, Callable[[], PairedTiming]]
"""Row number, work, peer, the goal for the ratio of our time to the peer's, and the function that measures it."""


def _blobs(n: int) -> Points:
    return make_dataset("blobs", seed=1, points=n)[0]


def _groups(d: int) -> Points:
    """Return 100,000 points of d features, in 20 groups that overlap a little."""
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(3 * rng.normal(size=d), 1, size=(5_000, d)) for _ in range(20)])


def _lloyd(points: Points, start: Centers, max_iter: int, algorithm: str = "lloyd") -> Work:
    """Return scikit-learn's run from these centers until nothing moves, with its default threads."""
    options: dict[str, Any] = {"init": start, "n_init": 1, "tol": 0, "max_iter": max_iter, "algorithm": algorithm}
    return lambda: KMeans(len(start), **options).fit(points)


def _compare_with_lloyd(points: Points, config: RunConfig, algorithm: str = "lloyd") -> PairedTiming:
    start = next(iterate(points, config)).centers
    return time_pairs(partial(run, points, config), _lloyd(points, start, config.max_iter, algorithm))


def _post_refine() -> PairedTiming:
    """Refine once, after the first assign of the post's data."""
    points = validate_points(make_dataset("post")[0])
    labels = run(points, RunConfig(k=6, init="random", rule="medoid", max_iter=0)).compact_labels
    engine = get_backend("numpy")(points, RULES["medoid"])

    def as_the_post() -> list[int]:
        clusters = (points[labels == cluster] for cluster in range(6))
        return [int(oracles.summed_distances(members).argmin()) for members in clusters]

    return time_pairs(lambda: engine.refine(labels, 6), as_the_post, budget=8)


def _medoid_run(n: int) -> PairedTiming:
    points = make_dataset("post", points_per_blob=512)[0] if n == 3_072 else _blobs(n)
    config = RunConfig(k=6, init="random", rule="medoid", max_iter=300)
    start = next(iterate(points, config)).centers
    indices = np.array([int(np.flatnonzero((points == center).all(axis=1))[0]) for center in start])

    def alternate() -> object:
        return kmedoids.alternating(pairwise_distances(points), indices, max_iter=300)

    return time_pairs(partial(run, points, config), alternate)


def _starts(count: int) -> PairedTiming:
    points = make_dataset("post")[0]
    configs = [RunConfig(k=6, init="random", seed=seed, max_iter=300) for seed in range(count)]
    peer = KMeans(6, init="random", n_init=count, max_iter=300, random_state=0)
    return time_pairs(partial(run_many, points, configs), partial(peer.fit, points))


def _seeding() -> PairedTiming:
    points = _blobs(1_000_000)
    config = RunConfig(k=20, init="k-means++")
    return time_pairs(lambda: next(iterate(points, config)), partial(kmeans_plusplus, points, 20))


def _import_timing() -> PairedTiming:
    """Import the library, and NumPy alone, each in a new Python process. Python's own start is left out."""

    def seconds_of(module: str) -> float:
        code = f"import time; s = time.perf_counter(); import {module}; print(time.perf_counter() - s)"
        # Allow compiled files beside the modules, as an installed library has them.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, env=env)
        return float(result.stdout)

    pairs = [(seconds_of("kmeans_core"), seconds_of("numpy")) for _ in range(11)][1:]
    core, peer = (median(side) for side in zip(*pairs, strict=True))
    return PairedTiming(core, peer, median(first / second for first, second in pairs), core)


def _rows() -> Iterator[Row]:
    """Yield the rows of the table."""
    yield from _mean_rows()
    yield "4", "one medoid refine of the post's data", "the post's algorithm", 1 / 30, _post_refine
    for n in (3_072, 20_000):
        work, peer = f"a run with medoids, {n:,} points, K = 6", "kmedoids alternating, with its distances"
        yield "6", work, peer, 1 / 5, partial(_medoid_run, n)
    for count in (200, 2_000):
        work = f"{count:,} random starts of the post's data, all outcomes kept"
        yield "7", work, "scikit-learn n_init, best outcome kept", 0.5, partial(_starts, count)
    yield "8", "k-means++ start, 1,000,000 points, K = 20", "scikit-learn kmeans_plusplus", 1.0, _seeding
    config = RunConfig(k=20, init="random", max_iter=ITERATIONS)
    for d in (16, 64):
        for algorithm in ("lloyd", "elkan"):
            work = f"100,000 points in {d} dimensions, means, K = 20, {ITERATIONS} iterations"
            measure = partial(_compare_with_lloyd, _groups(d), config, algorithm)
            yield "9", work, f"scikit-learn {algorithm}, same start", 1.0, measure
    yield "-", "import kmeans_core", "import numpy", 1.2, _import_timing


def _mean_rows() -> Iterator[Row]:
    """Yield the rows of runs by the mean rule in two dimensions."""
    peer = "scikit-learn Lloyd, same start, tol = 0, no trace"
    work, config = "the post's data, means, K = 6, a run with its whole trace", RunConfig(k=6, init="random")
    yield "1", work, peer, 0.5, partial(_compare_with_lloyd, make_dataset("post")[0], config)
    for number, backend, goal in (("2", "numpy", 0.4), ("3", "tensorflow", 1.0)):
        if not backend_available(backend):
            continue
        for n in SIZES:
            for k in CLUSTERS:
                work = f"{n:,} blob points, means, K = {k}, {ITERATIONS} iterations, all labels kept, {backend}"
                config = RunConfig(k=k, init="random", max_iter=ITERATIONS, backend=backend)
                yield number, work, peer, goal, partial(_compare_with_lloyd, _blobs(n), config)


def core_table() -> str:
    """Measure all rows and return them as a table, ratios first."""
    lines = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for number, work, peer, goal, measure in _rows():
            timing = measure()
            compile_note = f", and {format_seconds(timing.first - timing.core)} to compile" if number == "3" else ""
            verdict = "yes" if timing.ratio <= goal else "no"
            core, peer_time = f"{format_seconds(timing.core)}{compile_note}", format_seconds(timing.peer)
            lines.append(
                f"| {number} | {timing.ratio:.2g} | {goal:.2g} | {verdict} | {work} | {core} | {peer} | {peer_time} |"
            )
    head = "| row | ratio | goal | met | work | kmeans_core | peer | peer's time |"
    return "\n".join(["kmeans_core and its peers, medians of pairs:", "", head, "|---" * 8 + "|", *lines])


# One exact medoid.


def trimed(points: Points) -> int:
    """Return the medoid by the triangle inequality alone.

    References
    ----------
    J. Newling and F. Fleuret, A sub-quadratic exact medoid algorithm, AISTATS 2017.
    """
    n = len(points)
    lower, least, medoid = np.zeros(n), np.inf, -1
    for index in np.random.default_rng(0).permutation(n).tolist():
        if lower[index] < least:
            distances = np.sqrt(np.square(points - points[index]).sum(axis=1))
            total = float(distances.sum())
            if total < least:
                least, medoid = total, index
            np.maximum(lower, np.abs(total - n * distances), out=lower)
    return medoid


def _all_pairs(points: Points) -> int:
    """Return the medoid from all distances, computed in blocks of rows."""
    rows = max(1, 2**22 // len(points))
    sums = [pairwise_distances(points[at : at + rows], points).sum(axis=1) for at in range(0, len(points), rows)]
    return int(np.concatenate(sums).argmin())


MAX_POINTS = {"trimed": {2: 100_000, 5: 10_000}, "all pairs": {2: 10_000, 5: 10_000}}
"""Largest number of points, by dimension, for which each peer is measured."""


def medoid_table() -> str:
    """Measure one exact medoid of more and more points, compare with both peers, and return the table."""
    lines = []
    for d in (2, 5):
        before: float | None = None
        for n in (1_000, 10_000, 100_000, 1_000_000):
            points = np.random.default_rng(n).normal(size=(n, d))
            columns = np.ascontiguousarray(points.T)
            core = min(time_once(partial(medoid_index, columns))[0] for _ in range(5))
            cells = []
            for name, peer in (("trimed", trimed), ("all pairs", _all_pairs)):
                if n > MAX_POINTS[name][d]:
                    cells.append("not measured")
                    continue
                seconds, answer = time_once(partial(peer, points))
                same = "" if answer == medoid_index(columns) else ", ANOTHER POINT"
                cells.append(f"{core / seconds:.2g} of {format_seconds(seconds)}{same}")
            growth = "" if before is None else f"{log10(core / before):.2f}"
            lines.append(f"| 5 | {n:,} | {d} | {format_seconds(core)} | {growth} | {' | '.join(cells)} |")
            before = core
    head = "| row | points | dimensions | kmeans_core | grows with n to the power | trimed | all pairs |"
    return "\n".join(
        ["One exact medoid of normal points (goal: power at most 1.2 in 2-D):", "", head, "|---" * 7 + "|", *lines]
    )


# Memory.


def _peak(work: Work) -> float:
    """Return the peak memory of the work in megabytes, as allocated by NumPy and Python."""
    tracemalloc.start()
    try:
        result = work()
        _, peak = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return peak / 1e6


def _label_megabytes(trace: Trace) -> float:
    return sum(step.compact_labels.nbytes for step in trace[1::2] if step.compact_labels is not None) / 1e6


def memory_table() -> str:
    """Measure the peaks of rows 2 and 5 and return the table."""
    lines = []
    for n in SIZES:
        points = _blobs(n)
        for k in CLUSTERS:
            config = RunConfig(k=k, init="random", max_iter=ITERATIONS)
            trace = run(points, config)
            core = _peak(partial(run, points, config))
            peer = _peak(_lloyd(points, trace[0].centers, ITERATIONS))
            labels = _label_megabytes(trace)
            lines.append(f"| 2 | {n:,} points, K = {k} | {core:.0f} MB | {labels:.0f} MB | {peer:.0f} MB |")
    for d in (2, 5):
        points = np.random.default_rng(0).normal(size=(100_000, d))
        columns = np.ascontiguousarray(points.T)
        core, peer = _peak(partial(medoid_index, columns)), _peak(partial(trimed, points[:10_000]))
        lines.append(f"| 5 | a medoid of 100,000 points in {d}-D | {core:.1f} MB | | {10 * peer:.1f} MB |")
    head = "| row | work | kmeans_core, peak | of which the trace's labels | peer, peak |"
    note = "trimed: ten times the peak of 10,000 points; scikit-learn: without the memory that its C code allocates"
    return "\n".join([f"Memory in addition to the points ({note}):", "", head, "|---|---|---|---|---|", *lines])
