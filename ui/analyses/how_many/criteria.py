"""The three criteria of the trials, the K to look at, and their numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from math import isnan

import numpy as np

from ui.analyses.how_many.curves import Criterion, Curve
from ui.analyses.how_many.elbow_criterion import elbow_curve
from ui.analyses.how_many.gap_criterion import gap_criterion
from ui.analyses.how_many.silhouette_criterion import silhouette_curve
from ui.analyses.how_many.trials import Pair, Trial
from ui.charts.palette import MAX_K
from ui.text.messages import message


def all_trials(batches: Sequence[Sequence[Trial]]) -> list[Trial]:
    """Return the trials of all batches, in order of K."""
    return list(chain.from_iterable(batches))


def compute_criteria(trials: Sequence[Trial]) -> list[Criterion]:
    """Return the elbow, the silhouette, and the gap statistic of trials of K = 1, 2, ..."""
    costs, squares = [trial.costs for trial in trials], [trial.squares for trial in trials]
    means = [trial.silhouettes for trial in trials]
    reference = np.array([trial.reference for trial in trials]).T
    return [
        _criterion("elbow", elbow_curve, costs),
        _criterion("silhouette", silhouette_curve, means),
        gap_criterion(*_columns(squares), reference),
    ]


def _criterion(name: str, curve: Callable[[Sequence[float]], Curve], pairs: Sequence[Pair]) -> Criterion:
    points, noise = map(curve, _columns(pairs))
    return Criterion(name, points, noise)


def _columns(pairs: Sequence[Pair]) -> tuple[list[float], list[float]]:
    """Return the numbers of the points and those of uniform noise, one for each trial."""
    return [pair.points for pair in pairs], [pair.noise for pair in pairs]


def shown_k_options(trials: Sequence[Trial]) -> list[int]:
    """Return the values of K to look at: those tried that have a color; 0 leaves the choice to the page."""
    return list(range(min(len(trials), MAX_K) + 1))


def shown_k(criteria: Sequence[Criterion], choice: int) -> int:
    """Return the K to look at: the visitor's choice as far as it was tried; for 0, the largest silhouette's K."""
    _, silhouette, _ = criteria
    return min(choice or silhouette.points.pick or 1, len(silhouette.points.values), MAX_K)


def picked_k(criteria: Sequence[Criterion]) -> list[int]:
    """Return each K that a criterion picks on the points, once, in order, if it has a color."""
    picks = {criterion.points.pick for criterion in criteria}
    return sorted(pick for pick in picks if pick is not None and pick <= MAX_K)


def numbers(trials: Sequence[Trial], criteria: Sequence[Criterion]) -> dict[str, list[object]]:
    """Return every K as the columns of a table."""
    _, _, gap = criteria
    columns: dict[str, list[float]] = {
        message("how_many.column_k"): [trial.k for trial in trials],
        message("how_many.column_seed"): [trial.seed for trial in trials],
        message("how_many.column_converged"): [trial.converged for trial in trials],
        message("how_many.column_cost"): [trial.costs.points for trial in trials],
        message("how_many.column_noise_cost"): [trial.costs.noise for trial in trials],
        message("how_many.column_silhouette"): [trial.silhouettes.points for trial in trials],
        message("how_many.column_noise_silhouette"): [trial.silhouettes.noise for trial in trials],
        message("how_many.column_gap"): gap.points.values.tolist(),
        message("how_many.column_noise_gap"): gap.noise.values.tolist(),
        message("how_many.column_gap_error"): [] if gap.points.errors is None else gap.points.errors.tolist(),
    }
    return {name: [None if isnan(value) else value for value in column] for name, column in columns.items()}
