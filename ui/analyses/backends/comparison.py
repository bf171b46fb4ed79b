"""A run on NumPy in float64 compared with the same run on TensorFlow, half-step by half-step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum
from typing import Final

import numpy as np

from kmeans_core import BACKENDS, Phase, RunConfig, Step, StopReason, Trace, iterate, run
from kmeans_core.arrays import Points

OFFSETS: Final = (0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
"""How far from the origin the points can be moved."""

PRECISIONS: Final = BACKENDS["tensorflow"].precisions
"""The precisions that TensorFlow can compute in."""


@dataclass(frozen=True, slots=True)
class StepDifference:
    """One half-step on both backends; of two numbers, the first is NumPy's.

    Attributes
    ----------
    phase : str
    iteration : int
        As the player counts them; 0 for the start and for the assign before all refines.
    points : int
        How many points are in another cluster than on NumPy.
    distance : float
        The greatest distance between a center and its counterpart.
    costs : tuple of float or None
    seconds : tuple of float
    """

    phase: str
    iteration: int
    points: int
    distance: float
    costs: tuple[float | None, float | None]
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class RoundingEffect:
    """What moved the centers of a run of means in float32.

    Attributes
    ----------
    points : float
        How far apart centers would be at most if only the points and the start were rounded, and the sums were exact.
    sums : float
        How far a mean was at most from the exact mean of its rounded points: running sums are rounded at each term.
    """

    points: float
    sums: float


@dataclass(frozen=True, slots=True)
class Switch:
    """The first point that joined another center than on NumPy.

    Attributes
    ----------
    point : int
        Index of the point.
    centers : tuple of int
        Its cluster on NumPy, and on TensorFlow.
    distances : tuple of float
        Its distance from each of the two centers of the run on NumPy.
    magnitude : float
        The largest coordinate of all points.
    spacing : float
        How far apart neighboring numbers of TensorFlow's precision are at that magnitude.
    """

    point: int
    centers: tuple[int, int]
    distances: tuple[float, float]
    magnitude: float
    spacing: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run on NumPy in float64, and the same run on TensorFlow; of two numbers, the first is NumPy's.

    Attributes
    ----------
    n : int
        Number of points.
    precision : str
        What TensorFlow computed in.
    differences : tuple of StepDifference
        All half-steps that both did.
    lengths : tuple of int
        How many half-steps each did.
    points : int
        How many points are in another cluster when each run has ended.
    converged : tuple of bool
        Whether each run converged.
    iterations : tuple of int
        How many iterations each run had.
    rounding : RoundingEffect or None
        For means in float32 only.
    switch : Switch or None
        None where no point is ever in another cluster.
    """

    n: int
    precision: str
    differences: tuple[StepDifference, ...]
    lengths: tuple[int, int]
    points: int
    converged: tuple[bool, bool]
    iterations: tuple[int, int]
    rounding: RoundingEffect | None
    switch: Switch | None

    @property
    def is_same(self) -> bool:
        """Whether both did as many half-steps, with every point in the same cluster after each."""
        return self.first_difference is None and self.lengths[0] == self.lengths[1]

    @property
    def first_difference(self) -> StepDifference | None:
        """The first half-step with a point in another cluster."""
        return next((step for step in self.differences if step.points), None)

    @property
    def median_seconds(self) -> tuple[float, float]:
        """The median time of a half-step after the start."""
        numpy, tensorflow = np.median([step.seconds for step in self.differences[1:]], axis=0)
        return float(numpy), float(tensorflow)

    @property
    def distance(self) -> float:
        """The greatest distance between a center and its counterpart in any half-step."""
        return max(step.distance for step in self.differences)


def moved_by(points: Points, config: RunConfig, offset: int) -> tuple[Points, RunConfig]:
    """Return the points and the starting centers of their run, moved by ``offset`` along each axis."""
    centers = next(iterate(points, config)).centers + offset
    return points + offset, replace(config, init="given", given=tuple(map(tuple, centers.tolist())))


def compare(points: Points, config: RunConfig, precision: str, offset: int) -> Comparison:
    """Run on NumPy and on TensorFlow from the same starting centers, and compare every half-step.

    Parameters
    ----------
    points : (n, 2) float64
    config : RunConfig
        With the backend ``"numpy"``.
    precision : str
        What TensorFlow computes in; NumPy computes in float64.
    offset : int
        How far from the origin the points are moved along each axis before both begin.
    """
    moved, start = moved_by(points, config, offset)
    numpy, tensorflow = run(moved, start), run(moved, replace(start, backend="tensorflow"), precision=precision)
    traces = (numpy, tensorflow)
    has_rounding = config.rule == "mean" and precision == "float32"
    return Comparison(
        n=len(points),
        precision=precision,
        differences=tuple(_step_difference(*steps) for steps in zip(*traces, strict=False)),
        lengths=(len(numpy), len(tensorflow)),
        points=int(np.count_nonzero(numpy.labels != tensorflow.labels)),
        converged=(_is_converged(numpy), _is_converged(tensorflow)),
        iterations=(numpy.iterations, tensorflow.iterations),
        rounding=_rounding_effect(moved, *traces) if has_rounding else None,
        switch=_first_switch(moved, *traces, precision),
    )


def _is_converged(trace: Trace) -> bool:
    return trace.stop_reason is StopReason.CONVERGED


def _step_difference(numpy: Step, tensorflow: Step) -> StepDifference:
    labels, other_labels = numpy.compact_labels, tensorflow.compact_labels
    return StepDifference(
        phase=numpy.phase.value,
        iteration=numpy.iteration,
        points=0 if labels is None or other_labels is None else int(np.count_nonzero(labels != other_labels)),
        distance=_distance(numpy, tensorflow),
        costs=(numpy.cost, tensorflow.cost),
        seconds=(numpy.seconds, tensorflow.seconds),
    )


def _distance(step: Step, other: Step) -> float:
    return float(np.linalg.norm(step.centers - other.centers, axis=1).max())


def _rounding_effect(points: Points, numpy: Trace, tensorflow: Trace) -> RoundingEffect:
    """Return what moved the centers of a run in float32 away from those of the run in float64."""
    rounded = points.astype(np.float32).astype(np.float64)
    start = numpy[0].centers.astype(np.float32).astype(np.float64)
    exact_sums = run(rounded, replace(numpy.config, given=tuple(map(tuple, start.tolist()))))
    refines = [steps for steps in pairwise(tensorflow) if steps[1].phase is Phase.REFINE]
    return RoundingEffect(
        points=max(_distance(*steps) for steps in zip(numpy, exact_sums, strict=False)),
        sums=max((_mean_error(rounded, *steps) for steps in refines), default=0.0),
    )


def _mean_error(points: Points, before: Step, step: Step) -> float:
    """Return how far a refine's center is at most from the exact mean of its points."""
    assert before.labels is not None
    errors = []
    for cluster in np.unique(before.labels).tolist():
        members = points[before.labels == cluster]
        mean = np.array([fsum(column) for column in members.T]) / len(members)
        errors.append(float(np.linalg.norm(step.centers[cluster] - mean)))
    return max(errors)


def _first_switch(points: Points, numpy: Trace, tensorflow: Trace, precision: str) -> Switch | None:
    """Return the first point that joined another center than on NumPy; None if there is none."""
    for step, other in zip(numpy, tensorflow, strict=False):
        if step.compact_labels is None or other.compact_labels is None:
            continue
        switched = np.flatnonzero(step.compact_labels != other.compact_labels)
        if not len(switched):
            continue
        point = int(switched[0])
        centers = int(step.compact_labels[point]), int(other.compact_labels[point])
        numpy_distance, tensorflow_distance = np.linalg.norm(step.centers[list(centers)] - points[point], axis=1)
        magnitude = np.abs(points).max()
        spacing = float(np.spacing(magnitude.astype(precision)))
        return Switch(point, centers, (float(numpy_distance), float(tensorflow_distance)), float(magnitude), spacing)
    return None
