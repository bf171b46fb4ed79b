"""Results of the cases: their runs, the pictures before and after the answer, and the numbers of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Trace, adjusted_rand_index, cost_of, make_dataset, match_clusters, run, standardized
from kmeans_core.arrays import Centers, Points
from ui.analyses.best_run import best_run
from ui.settings.record import Settings
from ui.text.messages import message

Groups = NDArray[np.integer]
"""``(n,) int``: the group of each point, a true one or a cluster."""

CHANCE: Final = 0.02
"""A match below this is no better than chance: in 1 of 40 tries shuffled labels reach 0.007 to 0.013 here."""

RUNS: Final = 10
"""How many runs the best result is chosen from."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture of points.

    Attributes
    ----------
    title : str
    points : (n, 2) float64
    groups : (n,) int or None
        The group whose color each point has; None leaves the points plain.
    centers : (k, 2) float64 or None
    names : (k,) int or None
        The group whose color each center has.
    equal_units : bool
        Whether both axes have one scale.
    """

    title: str
    points: Points
    groups: Groups | None = None
    centers: Centers | None = None
    names: NDArray[np.intp] | None = None
    equal_units: bool = True


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The runs of a case.

    Attributes
    ----------
    before : Panel
        The picture beside the question.
    after : tuple of Panel
        The pictures below the answer: one to three.
    trace : Trace
        The run that the question is about.
    agreement : float or None
        Adjusted Rand index of that run's clusters with the true groups; None where there are none.
    numbers : mapping of str to float
        The other numbers of the answer, by the names of its placeholders.
    """

    before: Panel
    after: tuple[Panel, ...]
    trace: Trace
    agreement: float | None
    numbers: Mapping[str, float]


def run_against_truth(settings: Settings) -> CaseResult:
    """Return the run beside the true groups."""
    points, truth = _data(settings)
    trace = _run(settings, points)
    panel = _panel(message("failures.run_of_k", k=settings.k), points, trace, truth)
    means = np.array([points[truth == group].mean(axis=0) for group in range(int(truth.max()) + 1)])
    numbers = {
        "wrong": int(np.count_nonzero(panel.groups != truth)),
        "extra_percent": 100 * (cost_of(points, truth, means) / trace.cost - 1),
    }
    before = Panel(message("failures.true_groups"), points, truth)
    return CaseResult(before, (panel,), trace, adjusted_rand_index(trace.labels, truth), numbers)


def run_all_rules(settings: Settings) -> CaseResult:
    """Return the runs of all rules, from the same starting centers, beside the true groups."""
    points, truth = _data(settings)
    before = Panel(message("failures.true_groups"), points, truth)
    traces = {rule: _run(replace(settings, rule=rule), points) for rule in RULES}
    matches = {rule: adjusted_rand_index(trace.labels, truth) for rule, trace in traces.items()}
    panels = [
        _panel(message("failures.run_of_rule", rule=RULES[rule].title, match=matches[rule]), points, trace, truth)
        for rule, trace in traces.items()
    ]
    numbers = matches | {
        "cost": traces["medoid"].cost,
        "lowest_cost": lowest_medoid_cost(points, settings.k),
        "triples": comb(len(points), settings.k),
    }
    return CaseResult(before, tuple(panels), traces[settings.rule], matches[settings.rule], numbers)


def lowest_medoid_cost(points: Points, k: int) -> float:
    """Return the lowest sum of distances to any k of the points as medoids; tries all choices, so for few points."""
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    choices = np.array(list(combinations(range(len(points)), k)))
    return float(distances[choices].min(axis=1).sum(axis=1).min())


def run_standardized(settings: Settings) -> CaseResult:
    """Return the runs on raw and on standardized features, beside the true groups and the points on equal axes."""
    points, truth = _data(settings)
    scaled = standardized(points)
    raw, fixed = _run(settings, points), _run(settings, scaled)
    variances = points.var(axis=0)
    numbers = {
        "raw": adjusted_rand_index(raw.labels, truth),
        "standardized": adjusted_rand_index(fixed.labels, truth),
        "variance_percent": 100 * float(variances.max() / variances.sum()),
    }
    before = Panel(message("failures.stretched_axes"), points, truth, equal_units=False)
    after = (
        Panel(message("failures.measured_axes"), points, truth),
        _panel(message("failures.raw_run"), points, raw, truth, equal_units=False),
        _panel(message("failures.standardized_run"), scaled, fixed, truth),
    )
    return CaseResult(before, after, raw, numbers["raw"], numbers)


def run_from_two_starts(settings: Settings) -> CaseResult:
    """Return two runs on points without groups, from different starting centers."""
    points, _ = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
    first, second = _run(settings, points), _run(replace(settings, seed=settings.seed + 1), points)
    panels = (
        _panel(message("failures.first_run"), points, first, first.labels),
        _panel(message("failures.second_run"), points, second, first.labels),
    )
    config = settings.run_config(points)
    best = [best_run(points, config, range(first_seed, first_seed + RUNS)) for first_seed in (0, RUNS)]
    numbers = {
        "run_match": adjusted_rand_index(first.labels, second.labels),
        "best_match": adjusted_rand_index(*(trace.labels for trace in best)),
        "runs": RUNS,
    }
    return CaseResult(Panel(message("failures.points"), points), panels, first, None, numbers)


def run_against_right_k(settings: Settings) -> CaseResult:
    """Return a run with a K that is much too large beside the true groups, and compare it with the right K."""
    result = run_against_truth(settings)
    points, truth = _data(settings)
    config = settings.run_config(points)
    right = best_run(points, replace(config, k=int(truth.max()) + 1), range(RUNS))
    numbers = {
        "runs": RUNS,
        "saved_percent": 100 * (1 - result.trace.cost / right.cost),
        "right_k_match": adjusted_rand_index(right.labels, truth),
    }
    return replace(result, numbers=numbers)


def _data(settings: Settings) -> tuple[Points, Groups]:
    """Return points and their true groups."""
    points, truth = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
    assert truth is not None, f"{settings.data} has no true groups"
    return points, truth


def _run(settings: Settings, points: Points) -> Trace:
    return run(points, settings.run_config(points))


def _panel(title: str, points: Points, trace: Trace, groups: Groups, *, equal_units: bool = True) -> Panel:
    """Return the picture of a result, each cluster in the color of the group with which it shares most points."""
    k = max(len(trace.centers), int(groups.max()) + 1)
    names = match_clusters(trace.labels, groups, k=k)
    return Panel(title, points, names[trace.labels], trace.centers, names[: len(trace.centers)], equal_units)
