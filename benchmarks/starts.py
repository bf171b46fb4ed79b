"""Many starts of the post's data against scikit-learn's ``n_init``, in pairs, each from as many random starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from statistics import median

from sklearn.cluster import KMeans

from kmeans_core import RunConfig, make_dataset, run
from kmeans_core.types import Points

COUNTS = (200, 2_000)
PAIRS = {200: 7, 2_000: 3}
MAX_ITER = 300


def _ours(points: Points, count: int) -> float:
    """Run every start to its end, keep its seed and cost, and return the least cost."""
    runs = [(seed, run(points, RunConfig(k=6, seed=seed, max_iter=MAX_ITER)).cost) for seed in range(count)]
    return min(cost for _, cost in runs)


def _theirs(points: Points, count: int) -> float:
    """Let scikit-learn keep the best of as many starts; its threads are as it likes them."""
    fitted = KMeans(6, init="random", n_init=count, max_iter=MAX_ITER, random_state=0).fit(points)
    return float(fitted.inertia_)


def _timed(work: Callable[[Points, int], float], points: Points, count: int) -> tuple[float, float]:
    started = time.perf_counter()
    cost = work(points, count)
    return time.perf_counter() - started, cost


def starts_table() -> str:
    """Measure both and return the table."""
    points, _ = make_dataset("post")
    lines = []
    for count in COUNTS:
        # In pairs, so that whatever else the machine does meets both.
        pairs = [(_timed(_ours, points, count), _timed(_theirs, points, count)) for _ in range(PAIRS[count])]
        ours, theirs = (median(pair[side][0] for pair in pairs) for side in (0, 1))
        ratio = median(mine[0] / others[0] for mine, others in pairs)
        costs = " and ".join(f"{side[1]:.1f}" for side in pairs[-1])
        lines.append(f"| {count:,} | {ratio:.2f} | {ours:.2f} | {theirs:.2f} | {costs} |")
    head = "| random starts | ratio | s, kmeans_core, all seeds and costs kept | s, scikit-learn n_init | least cost |"
    title = f"The post's data, K = 6, from many starts, beside scikit-learn {version('scikit-learn')}:"
    return "\n".join([title, "", head, "|---|---|---|---|---|", *lines])
