"""The sentences above the picture: what happened in a half-step, and why, with its own numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, EmptyCluster, Phase, Step, Trace
from ui.text.messages import message
from ui.text.numbers import enumeration

SLIGHT_CHANGE = 0.00005
"""Changes of the cost below this fraction would read as 0.00%."""


def step_sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
    """Return what happened in half-step ``index`` and why, in one to four sentences.

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
    config, center = trace.config, RULES[trace.config.rule].center_word
    if config.k == 1:
        return message("steps.init_single", center=center)
    coincident = len(np.unique(trace[0].centers, axis=0)) < config.k
    return message("steps.init", k=config.k, center=center, init=config.init, coincident=coincident)


def _assign_sentence(trace: Trace, index: int) -> str:
    step, before, rule = trace[index], trace[index - 1], RULES[trace.config.rule]
    center, cost = rule.center_word, step.cost or 0.0
    if before.compact_labels is None:
        k = len(step.centers)
        return message("steps.first_assign", k=k, center=center, cost_name=rule.cost_words, cost=cost)
    if step.reassigned == 0:
        all_active = bool(trace.active(index).all())
        return message("steps.assign_unchanged", iteration=step.iteration, center=center, all_active=all_active)
    points = len(before.compact_labels)
    sentence = message("steps.assign", iteration=step.iteration, center=center, switched=step.reassigned, points=points)
    return f"{sentence} {_cost_change(before.cost or 0.0, cost)}"


def _refine_sentences(trace: Trace, index: int, names: Sequence[int] | None) -> list[str]:
    step, before = trace[index], trace[index - 1]
    # What an empty cluster's center did is a sentence of its own: it has no points to be in the middle of.
    filled = trace.active(index).copy()
    filled[[empty.cluster for empty in step.relocated]] = False
    distances = np.linalg.norm(step.centers - before.centers, axis=1)[filled]
    sentences = [_centers_moved(trace, step, distances, bool(filled.all()))]
    if distances.any():
        sentences.append(_cost_change(before.cost or 0.0, step.cost or 0.0))
    if step.relocated:
        sentences.append(empty_sentence(step.relocated, names))
    return sentences


def _centers_moved(trace: Trace, step: Step, distances: NDArray[np.float64], all_filled: bool) -> str:
    """Say how many centers of clusters with points moved, from how far each moved."""
    rule, moved, count = RULES[trace.config.rule], int(np.count_nonzero(distances)), len(distances)
    center, kind = rule.center_word, rule.center
    if not moved:
        return message(
            "steps.refine_unchanged", iteration=step.iteration, center=center, kind=kind, all_filled=all_filled
        )
    partly = "one" if moved == 1 else "some"
    return message(
        "steps.refine",
        iteration=step.iteration,
        center=center,
        kind=kind,
        all_filled=all_filled,
        extent=partly if moved < count else "only" if count == 1 else "all",
        moved=moved,
        count=count,
        farthest=float(distances.max()),
    )


def _move_sentences(trace: Trace, index: int, names: Sequence[int] | None) -> list[str]:
    step, before = trace[index], trace[index - 1]
    moved = np.flatnonzero((step.centers != before.centers).any(axis=1)).tolist()
    cluster = (names[moved[0]] if names else moved[0]) + 1 if moved else 0
    center = RULES[trace.config.rule].center_word
    sentences = [message("steps.move", count=len(moved), center=center, cluster=cluster)]
    if step.cost is not None and before.cost is not None:
        sentences.append(_cost_change(before.cost, step.cost, for_now=True))
    if returning := returning_sentence(trace, index, names):
        sentences.append(returning)
    return [*sentences, message("steps.next_assign")]


def _cost_change(before: float, cost: float, *, for_now: bool = False) -> str:
    """Say how the cost changed."""
    change = (cost - before) / before if before else 0.0
    if before == cost:
        trend = "same"
    elif before == 0:
        trend = "rise_from_zero"
    else:
        trend = ("slight_" if abs(change) < SLIGHT_CHANGE else "") + ("fall" if cost < before else "rise")
    return message("steps.cost_change", for_now=for_now, trend=trend, before=before, cost=cost, change=change)


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
