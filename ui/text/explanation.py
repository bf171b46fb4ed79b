"""A half-step explained at length: in words, with the numbers for its formula, and beside the costs of other rules.

Knows nothing of Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Phase, RunConfig, Step, StopReason, Trace
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.rules import Rule
from kmeans_core.types import Active, Centers, Labels, Points
from ui.text.numbers import amount, counted, whole
from ui.text.step_sentences import BEST_PLACE, PLACED, empty_sentence, named, returning_sentence, still_in

_NEAREST: Final = {
    "mean": "How near is measured along a straight line, and what counts is its square.",
    "medoid": "How near is measured along a straight line.",
    "median": "How near is measured along the axes: the difference across plus the difference up.",
}
_WHY_REFINE_LOWERS: Final = {
    "mean": (
        "It can’t rise. Of all places, the mean of a cluster’s points has the least sum of squared distances to them, "
        "so no cluster’s part of the cost gets larger."
    ),
    "medoid": (
        "It can’t rise. Of all the points of a cluster, the medoid has the least sum of distances to the others, and "
        "the old medoid was among those to choose from."
    ),
    "median": (
        "It can’t rise. In each coordinate, no other place than the median has a smaller sum of absolute differences "
        "to the points, so no cluster’s part of the cost gets larger."
    ),
}
_HAND_MAY_BE_BETTER: Final = (
    "This once it may rise: a center placed by hand need not be one of the points, and its place may be better than "
    "any of theirs. A medoid that was chosen before stays one to choose from, and can’t be left for a worse one."
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A half-step in four short texts.

    Attributes
    ----------
    does : str
        What is done in such a half-step.
    numbers : str
        What was found in this one.
    cost : str
        Why it cannot raise the cost.
    coming : str
        What comes next, or why nothing does.
    """

    does: str
    numbers: str
    cost: str
    coming: str


def explain(trace: Trace, index: int) -> Explanation:
    """Return half-step ``index`` explained."""
    rule = RULES[trace.config.rule]
    if index == 0:
        return _explain_init(trace, rule)
    if trace[index].phase is Phase.MOVE:
        return _explain_move(trace, index, rule)
    if trace[index].phase is Phase.ASSIGN:
        return _explain_assign(trace, index, rule)
    return _explain_refine(trace, index, rule)


# --- Words


def _explain_init(trace: Trace, rule: Rule) -> Explanation:
    k, center = trace.config.k, rule.center_word
    return Explanation(
        does=(
            f"K-means needs {counted(k, center)} to begin with, one for each cluster. Here they were placed "
            f"{PLACED[trace.config.init]}. "
            f"{_odds_told(trace.config) or 'They need not be good: the half-steps to come can improve them.'}"
        ),
        numbers=_nearest_pair(trace[0], rule),
        cost=f"There is none yet. It will be the {rule.cost_words} from the points to the {center}s they belong to.",
        coming=f"Assign: every point joins its nearest {center}.",
    )


_ADDS: Final = {
    "mean": "squared distance",
    "medoid": "distance",
    "median": "Manhattan distance",
}
"""What k-means++ draws points in proportion to, by each rule."""


def _odds_told(config: RunConfig) -> str:
    """Say how likely k-means++ draws each point, and what its greedy variant does with several; else nothing."""
    if not config.init.endswith("k-means++"):
        return ""
    odds = f"A point’s odds are in proportion to its {_ADDS[config.rule]} to the nearest center so far"
    kept = "; the best is the one that lowers the cost most" if config.init != "k-means++" else ""
    return f"{odds}{kept}."


def _nearest_pair(step: Step, rule: Rule) -> str:
    """Say which two centers start nearest to each other."""
    k = len(step.centers)
    if k == 1:
        return "With a single cluster, all points will belong together."
    ways = np.abs(step.centers[:, None] - step.centers)
    gaps = ways.sum(axis=2) if rule.distance == "cityblock" else np.linalg.norm(ways, axis=2)
    gaps[np.tril_indices(k)] = np.inf
    first, second = divmod(int(gaps.argmin()), k)
    pair = f"{rule.center_word.capitalize()}s {first + 1} and {second + 1}"
    apart = float(gaps[first, second])
    if apart == 0:
        return f"{pair} lie on the same place: ties go to the lower number, so one of them gets no points at first."
    return (
        f"{pair} are the nearest to each other, {amount(apart)} apart. Where points crowd together, two that start "
        "in one crowd have to share it, and another crowd may have to do without."
    )


def _explain_assign(trace: Trace, index: int, rule: Rule) -> Explanation:
    center, step = rule.center_word, trace[index]
    first = trace[index - 1].labels is None
    among = still_in(trace, index)
    if trace.active(index).sum() == 1:
        does = f"Every point belongs to the only cluster{among}: there is no other {center} that could be nearer."
    else:
        does = (
            f"Every point looks at all {center}s{among} and joins the cluster of the nearest one. "
            f"The {center}s stand still. {_NEAREST[rule.name]}"
        )
    return Explanation(
        does=does,
        numbers=_sizes_told(step, trace.config) if first else _changes_told(trace, index, rule),
        cost=(
            f"Now there is one: the {rule.cost_words}. It is what the half-steps to come can bring down."
            if first
            else "It can’t rise. A point changes cluster only for a "
            f"{center} that is nearer, or as near with a lower number. That makes its own part of the cost no larger, "
            "and nobody else’s part changes."
        ),
        coming=_ending(trace)
        if index == len(trace) - 1
        else f"Refine: every {center}{among} moves to {BEST_PLACE[rule.center].format('its')}.",
    )


def _sizes_told(step: Step, config: RunConfig) -> str:
    """Say how the first assign shared out the points."""
    assert step.labels is not None
    if config.k == 1:
        return f"All {counted(len(step.labels), 'point')} are in the one cluster."
    sizes = np.bincount(step.labels, minlength=config.k)
    largest = int(sizes.argmax())
    told = f"The largest is cluster {largest + 1} with {counted(int(sizes[largest]), 'point')}"
    if not sizes.all():
        return f"{told}. {named(np.flatnonzero(sizes == 0).tolist())} got no points."
    smallest = int(sizes.argmin())
    return f"{told}, the smallest cluster {smallest + 1} with {whole(int(sizes[smallest]))}."


def _changes_told(trace: Trace, index: int, rule: Rule) -> str:
    """Say how many points changed, who won and lost by it, and who is left without."""
    step, before = trace[index], trace[index - 1]
    assert step.labels is not None
    assert before.labels is not None
    if not step.moved:
        by_hand = before.phase is Phase.MOVE
        return f"No point changed cluster{'' if by_hand else f', so no {rule.center_word} has a reason to move'}."
    sizes, old_sizes = (np.bincount(labels, minlength=trace.config.k) for labels in (step.labels, before.labels))
    change = sizes - old_sizes
    told = f"{counted(step.moved, 'point')} changed cluster."
    if change.any():
        most, least = int(change.argmax()), int(change.argmin())
        told += (
            f" Cluster {most + 1} grew the most, by {whole(int(change[most]))}; "
            f"cluster {least + 1} shrank the most, by {whole(-int(change[least]))}."
        )
    else:
        told += " Every cluster won as many points as it lost."
    emptied = np.flatnonzero((sizes == 0) & (old_sizes > 0))
    return f"{told} {named(emptied.tolist())} lost all points." if len(emptied) else told


def _ending(trace: Trace) -> str:
    """Say why nothing comes next, and what a person may do about it."""
    if trace.stop_reason is StopReason.CONVERGED:
        return (
            "Nothing: it has converged, so neither half-step changes anything. From another start it may end "
            "elsewhere, with a lower cost or a higher one."
        )
    return (
        "Nothing: the run reached its limit of iterations before converging. With more of them, it would go on from "
        "here."
    )


def _explain_refine(trace: Trace, index: int, rule: Rule) -> Explanation:
    center, step, before = rule.center_word, trace[index], trace[index - 1]
    moved = bool((step.centers != before.centers).any())
    by_hand = rule.center == "medoid" and _stands_where_a_hand_put_it(trace, index - 1)
    return Explanation(
        does=(
            f"Every {center}{still_in(trace, index - 1)} moves to {BEST_PLACE[rule.center].format('its')}. "
            "All points keep their clusters."
        ),
        # One that is dropped here was still in when the refine began.
        numbers=_moves_told(step, before, rule, trace.active(index - 1)),
        cost=_HAND_MAY_BE_BETTER if by_hand else _WHY_REFINE_LOWERS[rule.name],
        coming=(
            f"Assign: now that {center}s have moved, some points may be nearer to another one."
            if moved and trace.active(index).sum() > 1
            else f"Assign: every point will find the same {center} nearest as before."
        ),
    )


def _stands_where_a_hand_put_it(trace: Trace, index: int) -> bool:
    """Tell whether a center with points is, after half-step ``index``, still where it was last placed by hand."""
    labels = trace[index].labels
    filled = np.zeros(trace.config.k) if labels is None else np.bincount(labels, minlength=trace.config.k)
    placed = [step for step in trace[: index + 1] if step.phase is Phase.MOVE]
    if trace.config.init == "given":
        placed.append(trace[0])
    return any(bool(((trace[index].centers == step.centers).all(axis=1) & (filled > 0)).any()) for step in placed)


def _explain_move(trace: Trace, index: int, rule: Rule) -> Explanation:
    center = rule.center_word
    rises = (
        "There is none yet."
        if trace[index].cost is None
        else ("It may rise here, for a hand puts a center where it likes. The assign that follows can’t raise it.")
    )
    moves = _moves_told(trace[index], trace[index - 1], rule, trace.active(index))
    return Explanation(
        does=f"You moved a {center} to another place. All points keep their clusters for now.",
        numbers=f"{moves} {returning_sentence(trace, index)}".strip(),
        cost=rises,
        coming=f"Assign: every point joins its nearest {center}, and the run goes on from there.",
    )


def _moves_told(step: Step, before: Step, rule: Rule, active: Active) -> str:
    """Say how many of the active centers moved, which one moved farthest, and what became of empty clusters."""
    ways = np.linalg.norm(step.centers - before.centers, axis=1)
    moved, center, j = int(np.count_nonzero(ways)), rule.center_word, int(ways.argmax())
    if not moved:
        told = f"No {center} moved: each is in its best place already."
    elif active.sum() == 1:
        told = f"It moved by {amount(float(ways[j]))}, from {_place(before.centers[j])} to {_place(step.centers[j])}."
    else:
        told = (
            f"{moved} of {counted(int(active.sum()), center)} moved. That of cluster {j + 1} moved farthest, "
            f"by {amount(float(ways[j]))}, from {_place(before.centers[j])} to {_place(step.centers[j])}."
        )
    return f"{told} {empty_sentence(step.relocated)}" if step.relocated else told


def _place(coordinates: NDArray[np.float64]) -> str:
    told = [amount(float(value)) for value in coordinates[:_COORDINATES]]
    return f"({', '.join([*told, '…'] if len(coordinates) > _COORDINATES else told)})"


_COORDINATES: Final = 4
"""The most coordinates of a place that a sentence tells."""


# --- Numbers for the formulas


def example(points: Points, trace: Trace, index: int) -> dict[str, Any] | None:
    """Return the one case of half-step ``index`` that its formula is shown with; None where centers are placed.

    An assign gives a point, its place and its cluster, the other cluster that it might be in (the one it left; if it
    left none, the next best; None if there is no other), and its distances, in the rule's own measure, to its own
    center and to that one's. A refine gives a cluster, how many points it has, its part of the cost before and after,
    and, for medoids, which point is its center now.
    """
    rule = RULES[trace.config.rule]
    if trace[index].phase in (Phase.INIT, Phase.MOVE):
        return None
    if trace[index].phase is Phase.REFINE:
        return _refine_example(points, trace[index], trace[index - 1], rule)
    if trace[index].moved and trace[index - 1].labels is not None:
        return _changed_example(points, trace[index], trace[index - 1], rule)
    return _border_example(points, trace[index], trace.active(index), rule)


def _changed_example(points: Points, step: Step, before: Step, rule: Rule) -> dict[str, Any]:
    """Return the point that gained most by changing its cluster."""
    assert step.labels is not None
    assert before.labels is not None
    changed = np.flatnonzero(step.labels != before.labels)
    columns = columns_of(points[changed])
    now, then = (
        distances_to(columns, step.centers.T.take(labels[changed], axis=1), rule.distance)
        for labels in (step.labels, before.labels)
    )
    at = int((then - now).argmax())
    point = int(changed[at])
    other, apart = int(before.labels[point]), (now[at], then[at])
    return _point_example(points, step, point, other, apart)


def _border_example(points: Points, step: Step, active: Active, rule: Rule) -> dict[str, Any]:
    """Return the point nearest to a border: its second nearest center is hardly farther than its own."""
    assert step.labels is not None
    clusters = np.flatnonzero(active)
    if len(clusters) == 1:
        only = distances_to(columns_of(points[:1]), step.centers[clusters[0]], rule.distance)
        return _point_example(points, step, 0, None, only.tolist())
    centers = step.centers[clusters]
    point = _nearest_to_a_border(columns_of(points), centers, rule)
    own = int(step.labels[point])
    apart = dict(zip(clusters.tolist(), distances_to(points[point], centers.T, rule.distance), strict=True))
    other = min(set(apart) - {own}, key=lambda j: (apart[j], j))
    return _point_example(points, step, point, other, (apart[own], apart[other]))


def _nearest_to_a_border(columns: NDArray[np.float64], centers: Centers, rule: Rule) -> int:
    """Return which of the points, as ``(d, n)`` columns, has its two nearest centers the least apart."""
    least, found = np.inf, 0
    size = max(1, BLOCK // len(centers))
    for start in range(0, columns.shape[1], size):
        distances = distances_to(columns[:, start : start + size], centers.T[:, :, None], rule.distance)
        nearest = distances.argmin(axis=0)
        every = np.arange(distances.shape[1])
        gaps = -distances[nearest, every]
        distances[nearest, every] = np.inf
        gaps += distances.min(axis=0)
        at = int(gaps.argmin())
        if gaps[at] < least:
            least, found = gaps[at], start + at
    return found


def _point_example(
    points: Points, step: Step, point: int, other: int | None, distances: Sequence[float]
) -> dict[str, Any]:
    """Return what is told of a point and of its distances to its own center and to another one."""
    assert step.labels is not None
    return {
        "point": point,
        "place": points[point].tolist(),
        "cluster": int(step.labels[point]),
        "other": other,
        "distances": [_short(distance) for distance in distances],
    }


def _refine_example(points: Points, step: Step, before: Step, rule: Rule) -> dict[str, Any]:
    """Return the numbers of the center with points that moved farthest."""
    assert step.labels is not None
    counts = np.bincount(step.labels, minlength=len(step.centers))
    ways = np.linalg.norm(step.centers - before.centers, axis=1)
    j = int(np.where(counts > 0, ways, -1.0).argmax())
    members = np.flatnonzero(step.labels == j)
    own = columns_of(points[members])
    part = [_short(distances_to(own, centers[j], rule.distance).sum()) for centers in (before.centers, step.centers)]
    found: dict[str, Any] = {"cluster": j, "count": int(counts[j]), "part": part}
    if rule.center == "medoid":
        found["point"] = int(members[(points[members] == step.centers[j]).all(axis=1).argmax()])
    return found


def _short(number: float) -> float:
    """Round to ten digits: more than anybody reads, and fewer bytes than all of them."""
    return float(f"{number:.10g}")


# --- Other rules' costs


def other_costs(points: Points, trace: Trace) -> list[dict[str, Any]]:
    """Return what each of the other rules would pay at every half-step, and in a sentence when and why that rose.

    ``cost`` is None at the start; ``rises`` lists the half-steps that raised it.
    """
    own = RULES[trace.config.rule]
    others = [rule for rule in RULES.values() if rule is not own]
    told = []
    for rule, costs in zip(others, _costs_by(points, trace, others), strict=True):
        rises = _rises(costs)
        told.append(
            {
                "rule": rule.name,
                "name": rule.cost_words,
                "cost": [None if cost is None else _short(cost) for cost in costs],
                "rises": rises,
                "sentence": _rise_sentence([trace[index].phase for index in rises], len(trace) - 2, own),
            }
        )
    return told


def _costs_by(points: Points, trace: Trace, rules: Sequence[Rule]) -> list[list[float | None]]:
    """Return, for each rule, the cost of every half-step; None at the start."""
    columns = columns_of(points)
    found: list[NDArray[np.float64] | None] = []
    for index, step in enumerate(trace):
        before = trace[index - 1] if index else step
        if step.labels is None:
            found.append(None)
        elif step.phase is Phase.ASSIGN and before.labels is not None and 4 * step.moved < len(points):
            # The centers stand still, so that only what the few pay who changed is another sum.
            changed = np.flatnonzero(step.labels != before.labels)
            few = columns.take(changed, axis=1)
            old, new = (_paid(few, labels[changed], step.centers, rules) for labels in (before.labels, step.labels))
            paid = found[-1]
            assert paid is not None
            found.append(paid + (new - old))
        else:
            found.append(_paid(columns, step.labels, step.centers, rules))
    return [[None if paid is None else float(paid[at]) for paid in found] for at in range(len(rules))]


def _paid(columns: NDArray[np.float64], labels: Labels, centers: Centers, rules: Sequence[Rule]) -> NDArray[np.float64]:
    """Return the cost of these labels by each rule, ``(r,) float64``, of points as ``(d, m)`` columns."""
    paid = np.zeros(len(rules))
    for start in range(0, columns.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        own = centers.T.take(labels[block], axis=1)
        paid += [distances_to(columns[:, block], own, rule.distance).sum() for rule in rules]
    return paid


def _rises(costs: list[float | None]) -> list[int]:
    """Return the half-steps after which the cost is higher than before, by more than rounding."""
    return [
        index
        for index in range(1, len(costs))
        if (before := costs[index - 1]) is not None
        and (after := costs[index]) is not None
        and after > before * (1 + 1e-12)
    ]


def _rise_sentence(phases: list[Phase], halves: int, own: Rule) -> str:
    """Say in how many of so many half-steps it rose, and why that can be."""
    why = f"{own.center_word}s are chosen for the {own.cost_words}, and nobody watched this one"
    if not phases:
        return f"It happened not to rise in this run, but it may: {why}."
    kinds = [counted(phases.count(phase), phase.value) for phase in (Phase.ASSIGN, Phase.REFINE) if phase in phases]
    return f"It rose in {len(phases)} of {counted(halves, 'half-step')} ({', '.join(kinds)}): {why}."
