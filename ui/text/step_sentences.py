"""The sentences above the picture: what happened in a half-step, each with one rounded number at most.

Exact numbers are in the explanation, in the table of clusters, and in files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, EmptyCluster, Phase, Step, StopReason, Trace
from kmeans_core.messages.lists import enumeration
from kmeans_core.messages.numbers import rounded
from ui.text.messages import message

SLIGHT_CHANGE = 0.0001
"""Changes of the cost below this fraction read as "less than 0.01%"."""

STEEP_FALL = -0.99
"""Below this change, two digits would round up to 100%, as if no cost were left."""


def step_sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
    """Return what happened in half-step ``index`` in one to four short sentences.

    Beside another run, cluster j goes by the other's name ``names[j]`` for it.
    """
    phase = trace[index].phase
    if phase is Phase.INIT:
        return _init_sentence(trace)
    if phase is Phase.ASSIGN:
        return _assign_sentence(trace, index)
    sentences = _refine_sentences if phase is Phase.REFINE else _move_sentences
    return " ".join(sentences(trace, index, names))


def step_name(step: Step) -> str:
    """Return what a half-step is called: ``Assign 3``."""
    return message("steps.name", phase=step.phase.value, iteration=step.iteration)


def _init_sentence(trace: Trace) -> str:
    config = trace.config
    if config.k == 1:
        return message("steps.init_single")
    coincident = len(np.unique(trace[0].centers, axis=0)) < config.k
    return message("steps.init", k=config.k, init=config.init, coincident=coincident)


def _assign_sentence(trace: Trace, index: int) -> str:
    step, before = trace[index], trace[index - 1]
    cost = step.cost or 0.0
    if before.compact_labels is None:
        exact = float(rounded(cost).replace(",", "")) == cost
        cost_name = RULES[trace.config.rule].cost_words
        return message("steps.first_assign", k=len(step.centers), cost=cost, cost_name=cost_name, exact=exact)
    numbers = {"iteration": step.iteration, "again": _is_repeated(trace, index)}
    if step.reassigned == 0:
        converged = index == len(trace) - 1 and trace.stop_reason is StopReason.CONVERGED
        return message("steps.assign_unchanged", converged=converged, **numbers)
    sentence = message("steps.assign", switched=step.reassigned, **numbers)
    return f"{sentence} {_cost_change(before.cost or 0.0, cost)}"


def _is_repeated(trace: Trace, index: int) -> bool:
    """Whether an assign has the number of the one before it, because only centers were moved in between."""
    before = index - 1
    while trace[before].phase is Phase.MOVE:
        before -= 1
    return before < index - 1 and trace[before].phase is Phase.ASSIGN


def _refine_sentences(trace: Trace, index: int, names: Sequence[int] | None) -> list[str]:
    step, before = trace[index], trace[index - 1]
    # What an empty cluster's center did is a sentence of its own: it has no points to be in the middle of.
    is_active = trace.active(index).copy()
    is_active[[empty.cluster for empty in step.relocated]] = False
    distances = np.linalg.norm(step.centers - before.centers, axis=1)[is_active]
    sentences = [_centers_moved(step, distances)]
    if distances.any():
        sentences.append(_cost_change(before.cost or 0.0, step.cost or 0.0))
    if step.relocated:
        sentences.append(empty_sentence(step.relocated, names))
    return sentences


def _centers_moved(step: Step, distances: NDArray[np.float64]) -> str:
    """Say how far the centers of clusters with points moved, from how far each moved."""
    moved = int(np.count_nonzero(distances))
    if not moved:
        return message("steps.refine_unchanged", iteration=step.iteration)
    values = {"moved": moved, "single": len(distances) == 1, "farthest": float(distances.max())}
    return message("steps.refine", iteration=step.iteration, **values)


def _move_sentences(trace: Trace, index: int, names: Sequence[int] | None) -> list[str]:
    step, before = trace[index], trace[index - 1]
    moved = np.flatnonzero((step.centers != before.centers).any(axis=1)).tolist()
    cluster = (names[moved[0]] if names else moved[0]) + 1 if moved else 0
    center = RULES[trace.config.rule].center_word
    sentences = [message("steps.move", count=len(moved), center=center, cluster=cluster)]
    if step.cost is not None and before.cost is not None:
        sentences.append(_cost_change(before.cost, step.cost, for_now=True))
    if return_sentence := returning_sentence(trace, index, names):
        sentences.append(return_sentence)
    return [*sentences, message("steps.next_assign")]


def _cost_change(before: float, cost: float, *, for_now: bool = False) -> str:
    """Say by what fraction the cost changed."""
    change = (cost - before) / before if before else 0.0
    return message("steps.cost_change", for_now=for_now, trend=_trend(before, cost, change), change=abs(change))


def _trend(before: float, cost: float, change: float) -> str:
    """Return which words fit a change of the cost."""
    if before == cost:
        return "same"
    if before == 0:
        return "rise_from_zero"
    if cost == 0:
        return "fall_to_zero"
    if change < STEEP_FALL:
        return "steep_fall"
    return ("slight_" if abs(change) < SLIGHT_CHANGE else "") + ("fall" if cost < before else "rise")


def empty_sentence(empties: Sequence[EmptyCluster], names: Sequence[int] | None = None) -> str:
    """Say what became of the clusters without points; all of a run meet the same fate."""
    clusters = joined_clusters((empty.cluster for empty in empties), names)
    return message("steps.empty_clusters", count=len(empties), clusters=clusters, policy=empties[0].policy)


def returning_sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
    """Say which dropped clusters an edit brings back; nothing if there are none."""
    back = np.flatnonzero(trace.active(index) & ~trace.active(index - 1)).tolist()
    if not back:
        return ""
    return message("steps.returning_clusters", count=len(back), clusters=joined_clusters(back, names))


def joined_clusters(clusters: Iterable[int], names: Sequence[int] | None = None) -> str:
    """Join the numbers of clusters as the screen shows them: ``3``, ``1 and 2``, ``1, 2, and 5``."""
    return enumeration(sorted((names[cluster] if names else cluster) + 1 for cluster in clusters))
