"""Checks of what is true of every trace, so that a damaged one is refused before it is used."""

from __future__ import annotations

from math import isfinite
from numbers import Integral, Real
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Labels, Points
from kmeans_core.engines import BACKENDS
from kmeans_core.metrics import cost_of
from kmeans_core.types import EmptyCluster, Phase, Step, StopReason, Trace

_MAY_FOLLOW: Final = {
    Phase.INIT: (Phase.ASSIGN, Phase.MOVE),
    Phase.ASSIGN: (Phase.REFINE, Phase.MOVE),
    Phase.REFINE: (Phase.ASSIGN, Phase.MOVE),
    Phase.MOVE: (Phase.ASSIGN, Phase.MOVE),
}
"""The phases that the algorithm, or ``branch``, may put after each phase."""

_ROUNDING: Final = 1e-9
"""Two sums of n squares in another order differ by less than n rounding errors, a share of 2e-16 each."""

_WITHOUT_WEIGHTS: Final = ", if points have no weights (give those that the run had)"


def check_trace(trace: Trace, points: Points | None = None, weights: NDArray[np.float64] | None = None) -> None:
    """Refuse a trace that no run can produce.

    Parameters
    ----------
    trace : Trace
    points : (n, d) float64, optional
        Those of the run; costs and the points that centers of empty clusters moved to are then compared with them.
    weights : (n,) float64, optional
        Those of the points.

    Raises
    ------
    ValueError
        With the field that is wrong, its value, and what it must be.

    Notes
    -----
    Without points, costs are only checked to be numbers of at least 0. Costs may rise, because those of earlier
    versions did in rare cases.
    """
    _check_order(trace)
    _check_arrays(trace)
    for index, step in enumerate(trace):
        _check_numbers(step, index)
        _check_records(trace, index)
    for index in range(len(trace)):
        _check_labels(trace, index)
        if trace[index].phase is Phase.REFINE:
            _check_empty(trace, index, weights)
    _check_ending(trace)
    if points is not None:
        _check_points(trace, points, weights)


def refuse(where: str, requirement: str, value: object) -> NoReturn:
    """Raise a ``ValueError`` that names a field, what it must be, and what it is."""
    text = repr(value)
    raise ValueError(f"{where} must be {requirement}, got {text if len(text) <= 100 else text[:99] + '…'}")


# --- Phases and iterations


def _check_order(trace: Trace) -> None:
    """Refuse half-steps in an order in which they can't have been made."""
    steps: Any = trace.steps  # of a trace that somebody made they may be anything
    if len(trace) < 2 or not all(isinstance(step, Step) and isinstance(step.phase, Phase) for step in steps):
        refuse("steps", "half-steps, at least an init and an assign", steps)
    phases = [step.phase for step in trace]
    refines = 0
    for index, phase in enumerate(phases):
        phases_here = _MAY_FOLLOW[phases[index - 1]] if index else (Phase.INIT,)
        if phase not in phases_here:
            refuse(f"steps[{index}].phase", f"{' or '.join(phases_here)} here", str(phase))
        refines = refines + 1 if phase is Phase.REFINE else 0 if phase is Phase.MOVE else refines
        if refines > trace.config.max_iter:
            refuse(
                f"steps[{index}].phase", f"no refine after {trace.config.max_iter} iterations (max_iter)", str(phase)
            )
    if phases[-1] is not Phase.ASSIGN:
        refuse(f"steps[{len(phases) - 1}].phase", "assign: with it every run ends", str(phases[-1]))
    iteration = 0
    for index, step in enumerate(trace):
        iteration += step.phase is Phase.REFINE
        if not _is_whole(step.iteration) or step.iteration != iteration:
            refuse(f"steps[{index}].iteration", str(iteration), step.iteration)
    first = phases.index(Phase.ASSIGN)
    for index, step in enumerate(trace):
        if index < first and step.compact_labels is not None:
            refuse(f"steps[{index}].labels", "none before the first assign", step.compact_labels.tolist())
        if index >= first and step.compact_labels is None:
            refuse(f"steps[{index}].labels", "there from the first assign on", None)


def _check_ending(trace: Trace) -> None:
    """Refuse a reason to stop that the last half-steps contradict."""
    stop_reason = Trace.from_steps(trace.config, trace.steps).stop_reason
    converged = stop_reason is StopReason.CONVERGED
    if trace.stop_reason is not stop_reason:
        why = "no point changed" if converged else f"{trace[-1].reassigned} points changed or no center was refined"
        refuse("stop_reason", f"{stop_reason.value}, as in the last assign {why}", str(trace.stop_reason))
    since = next(at for at, step in enumerate(reversed(trace.steps)) if step.phase in (Phase.INIT, Phase.MOVE))
    refines = since // 2
    if not converged and refines != trace.config.max_iter:
        most = f"{trace.config.max_iter} (max_iter) where the run did not converge"
        refuse("the number of iterations since the last init or move", most, refines)


# --- Numbers and arrays


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _check_numbers(step: Step, index: int) -> None:
    """Refuse costs, times, and counts that are not valid numbers, or that a half-step of this phase can't have."""
    requirement = "a finite number of at least 0"
    for name in ("seconds", "cost"):
        value: Any = getattr(step, name)
        if name == "cost" and step.compact_labels is None:
            if value is not None:
                refuse(f"steps[{index}].cost", "none before the first assign", value)
        elif not _is_number(value) or not isfinite(value) or value < 0:
            refuse(f"steps[{index}].{name}", requirement, value)
    if not _is_whole(step.reassigned) or step.reassigned < 0:
        refuse(f"steps[{index}].moved", "a whole number of at least 0", step.reassigned)


def _check_arrays(trace: Trace) -> None:
    """Refuse centers that are not ``(k, d)`` finite numbers, or that moved where centers stand still."""
    k, n = trace.config.k, len(_labels_of(trace, len(trace) - 1))
    shape = (k, np.shape(trace[0].centers)[-1] if np.ndim(trace[0].centers) == 2 else 1)
    if k > n:
        refuse("config.k", f"in 1..n (n={n})", k)
    for index, step in enumerate(trace):
        where = f"steps[{index}].centers"
        centers: Any = step.centers  # a step that a caller made may hold anything
        if not isinstance(centers, np.ndarray) or centers.dtype != np.float64 or centers.shape != shape:
            refuse(where, f"of shape {shape} and type float64", getattr(centers, "shape", centers))
        if not centers.size or not np.isfinite(centers).all():
            refuse(where, "finite numbers", centers.tolist())
        if step.phase is Phase.ASSIGN and not np.array_equal(centers, trace[index - 1].centers):
            refuse(where, "those of the half-step before, as an assign moves none", centers.tolist())


def _labels_of(trace: Trace, index: int) -> Labels:
    labels = trace[index].compact_labels
    assert labels is not None, "their order was checked before"
    return labels


def _check_labels(trace: Trace, index: int) -> None:
    """Refuse invalid labels, labels that changed where they can't, and miscounted changes."""
    step, where = trace[index], f"steps[{index}].labels"
    before = trace[index - 1].compact_labels if index else None
    switches = 0
    if step.compact_labels is not None:
        labels, n = _labels_of(trace, index), len(_labels_of(trace, len(trace) - 1))
        if labels.dtype.kind not in "iu" or labels.shape != (n,):
            refuse(where, f"{n} whole numbers", f"{labels.dtype} of shape {labels.shape}")
        low, high = int(labels.min()), int(labels.max())
        if low < 0 or high >= trace.config.k:
            refuse(where, f"in 0..{trace.config.k - 1}", low if low < 0 else high)
        if step.phase is Phase.ASSIGN and not trace.active(index)[labels].all():
            out = int(labels[~trace.active(index)[labels]][0])
            refuse(where, "of clusters that take part (the others were dropped)", out)
        switches = n if before is None else int(np.count_nonzero(labels != before))
        if switches and step.phase is not Phase.ASSIGN:
            refuse(where, f"those of the half-step before, as a {step.phase.value} changes none", labels.tolist())
    if step.reassigned != switches:
        refuse(f"steps[{index}].moved", f"{switches}, the number of labels that changed", step.reassigned)


# --- Empty clusters


def _check_records(trace: Trace, index: int) -> None:
    """Refuse records of empty clusters that are invalid, or that a half-step of this phase can't have."""
    step, where = trace[index], f"steps[{index}].relocated"
    records: Any = step.relocated  # a step that a caller made may hold anything
    if step.phase is not Phase.REFINE and records:
        refuse(where, f"empty in a half-step of the phase {step.phase.value}", records)
    for empty in records:
        if not isinstance(empty, EmptyCluster) or not _is_whole(empty.cluster):
            refuse(where, "a sequence of empty clusters", records)
        _check_fate(trace, index, empty)


def _check_empty(trace: Trace, index: int, weights: NDArray[np.float64] | None) -> None:
    """Refuse records of empty clusters that the labels contradict."""
    records, where = trace[index].relocated, f"steps[{index}].relocated"
    counts = np.bincount(_labels_of(trace, index), weights, minlength=trace.config.k)
    empties = np.flatnonzero((counts == 0) & trace.active(index - 1)).tolist()
    if [empty.cluster for empty in records] != empties:
        hint = _WITHOUT_WEIGHTS if weights is None else ""
        refuse(where, f"of the clusters without points, {empties}{hint}", [empty.cluster for empty in records])
    points = [empty.point for empty in records if empty.point is not None]
    # A point of weight 2 counts as two points, and so takes two centers.
    if weights is None and len(set(points)) != len(points):
        refuse(where, f"of a different point for each cluster{_WITHOUT_WEIGHTS}", points)


def _check_fate(trace: Trace, index: int, empty: EmptyCluster) -> None:
    """Refuse what is said of one empty cluster if it is not what the policy does."""
    n = len(_labels_of(trace, len(trace) - 1))
    where = f"steps[{index}].relocated"
    if not 0 <= empty.cluster < trace.config.k:
        refuse(f"{where}.cluster", f"in 0..{trace.config.k - 1}", empty.cluster)
    if empty.policy != trace.config.empty:
        refuse(f"{where}.policy", f"{trace.config.empty!r}, as in config.empty", empty.policy)
    if empty.policy == "farthest":
        if not _is_whole(empty.point) or not 0 <= (empty.point or 0) < n:
            refuse(f"{where}.point", f"a point, in 0..{n - 1}", empty.point)
        return
    if empty.point is not None:
        refuse(f"{where}.point", f"none with the policy {empty.policy!r}", empty.point)
    centers, before = trace[index].centers, trace[index - 1].centers
    if not np.array_equal(centers[empty.cluster], before[empty.cluster]):
        place = centers[empty.cluster].tolist()
        refuse(f"steps[{index}].centers", f"as before for cluster {empty.cluster}, which is empty", place)


# --- Points


def _check_points(trace: Trace, points: Points, weights: NDArray[np.float64] | None) -> None:
    """Refuse points that are not those of the trace."""
    shape = (len(_labels_of(trace, len(trace) - 1)), trace.centers.shape[1])
    if points.shape != shape:
        refuse("points", f"of shape {shape}, as labels and centers are", points.shape)
    room = _room(trace, points)
    for index, step in enumerate(trace):
        for empty in step.relocated:
            if empty.point is not None and not np.allclose(step.centers[empty.cluster], points[empty.point], rtol=room):
                refuse(f"steps[{index}].relocated.point", "the place of the cluster's center", empty.point)
        if step.cost is None:
            continue
        cost = cost_of(points, _labels_of(trace, index), step.centers, weights, rule=trace.config.rule)
        if abs(step.cost - cost) > room * cost + 1e-300:
            hint = _WITHOUT_WEIGHTS if weights is None else ""
            refuse(f"steps[{index}].cost", f"{cost!r}, that of its labels and centers{hint}", step.cost)


def _room(trace: Trace, points: Points) -> float:
    """Return by what share a cost may differ from the exact one."""
    if BACKENDS[trace.config.backend].precisions == ("float64",):
        return _ROUNDING
    # Which precision a run had is not recorded. Rounded to float32, numbers far from 0 lose most of their differences.
    spread = float(np.ptp(points, axis=0).max()) or 1.0
    return min(1.0, _ROUNDING + 1e-3 * max(1.0, float(np.abs(points).max()) / spread))
