"""A half-step in plain words, with its own numbers. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from kmeans_core import RULES, EmptyCluster, Phase, RunConfig, Step, Trace
from kmeans_core.rules import Rule
from ui.text.messages import message
from ui.text.numbers import amount, counted, enumeration, signed_percent, whole

PLACED: Final = {
    "random": "on random points",
    "k-means++": "on random points, favoring those far from the centers before",
    "greedy-k-means++": "each on the best of several random points, favoring those far from the centers before",
    "farthest": "one on a random point, each other on the point farthest from those before",
    "partition": "in the middle of random clusters",
    "given": "on chosen places",
}
"""How each start placed the centers."""

BEST_PLACE: Final = {
    "mean": "the mean of {} points",
    "medoid": "the most central of {} points",
    "median": "the median of {} points in each coordinate",
}
"""Where each kind of center belongs."""


def _change(before: float, after: float) -> str:
    """Say how a cost changed."""
    if before == after:
        return f"the cost stayed at {amount(after)}"
    verb = "fell" if after < before else "rose"
    if before == 0:
        return f"the cost {verb} from 0 to {amount(after)}"
    change = (after - before) / before
    if abs(change) < 0.00005:
        return f"the cost {verb} by less than 0.01%, to {amount(after)}"
    return f"the cost {verb} from {amount(before)} to {amount(after)} ({signed_percent(change)})"


def named(clusters: Sequence[int]) -> str:
    """Name clusters by the numbers on the screen: ``Cluster 3``, ``Clusters 1, 2, and 5``."""
    return f"{'Cluster' if len(clusters) == 1 else 'Clusters'} {enumeration([cluster + 1 for cluster in clusters])}"


def _joined(clusters: Iterable[int], names: Sequence[int] | None) -> str:
    """Join the numbers of clusters as the screen shows them: ``3``, ``1 and 2``, ``1, 2, and 5``."""
    return enumeration(sorted((names[cluster] if names else cluster) + 1 for cluster in clusters))


def empty_sentence(empties: Sequence[EmptyCluster], names: Sequence[int] | None = None) -> str:
    """Say what became of the clusters without points; all of a run meet the same fate."""
    return message(
        "steps.empty_clusters",
        count=len(empties),
        clusters=_joined((empty.cluster for empty in empties), names),
        policy=empties[0].policy,
    )


def still_in(trace: Trace, index: int) -> str:
    """Return what limits "every center" to the active ones at a half-step; nothing while all clusters take part."""
    return "" if trace.active(index).all() else " still in the run"


def returning_sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
    """Say which dropped clusters a move by hand brings back; nothing if there are none."""
    back = np.flatnonzero(trace.active(index) & ~trace.active(index - 1)).tolist()
    if not back:
        return ""
    return message("steps.returning_clusters", count=len(back), clusters=_joined(back, names))


def _init_sentence(config: RunConfig, step: Step, rule: Rule) -> str:
    if config.k == 1:
        return f"Start: 1 center, called a {rule.center_word}, was placed. Next, every point joins it."
    centers = f"{counted(config.k, 'center')}, called {rule.center_word}s,"
    tie = ""
    if len(np.unique(step.centers, axis=0)) < config.k:
        tie = "; where several lie on the same spot, the one with the lowest number"
    return f"Start: {centers} were placed {PLACED[config.init]}. Next, every point joins the nearest one{tie}."


def _assign_sentence(trace: Trace, index: int, rule: Rule) -> str:
    step, before = trace[index], trace[index - 1]
    center, cost = rule.center_word, step.cost or 0.0
    if before.compact_labels is None and len(step.centers) == 1:
        return f"Assign: every point joined the only {center}. The cost, the {rule.cost_words}, is {amount(cost)}."
    if before.compact_labels is None:
        return f"Assign: every point joined its nearest {center}. The cost, the {rule.cost_words}, is {amount(cost)}."
    head = f"Assign {step.iteration}: "
    if step.moved == 0:
        return f"{head}every point is with its nearest {center}{still_in(trace, index)} already."
    who = f"{whole(step.moved)} of {counted(len(before.compact_labels), 'point')}"
    did = (
        "switched cluster, as another {} is its nearest now"
        if step.moved == 1
        else ("switched cluster, as another {} is their nearest now")
    )
    return f"{head}{who} {did.format(center)}; {_change(before.cost or 0.0, cost)}."


def _refine_sentence(trace: Trace, index: int, rule: Rule, names: Sequence[int] | None) -> str:
    step, before = trace[index], trace[index - 1]
    # What an empty cluster's center did is told apart: it has no points to be in the middle of.
    filled = trace.active(index).copy()
    filled[[empty.cluster for empty in step.relocated]] = False
    distances = np.linalg.norm(step.centers - before.centers, axis=1)[filled]
    moved = int(np.count_nonzero(distances))
    center, place = rule.center_word, BEST_PLACE[rule.center]
    others = "" if filled.all() else " with points"
    if moved == 0:
        told = f"every {center}{others} is at {place.format('its')} already, so none moved."
    else:
        all_moved = moved == len(distances)
        alone = len(distances) == 1
        who = (
            f"{'the' if alone else 'each'} {center}{others}"
            if all_moved
            else f"{moved} of {counted(len(distances), center)}{others}"
        )
        whose = place.format("their" if moved > 1 and not all_moved else "its")
        cost = _change(before.cost or 0.0, step.cost or 0.0)
        told = f"{who} moved to {whose}, by {amount(float(distances.max()))}{'' if alone else ' at most'}; {cost}."
    text = f"Refine {step.iteration}: {told}"
    return f"{text} {empty_sentence(step.relocated, names)}" if step.relocated else text


def _move_sentence(trace: Trace, index: int, rule: Rule, names: Sequence[int] | None) -> str:
    step, before = trace[index], trace[index - 1]
    moved = np.flatnonzero((step.centers != before.centers).any(axis=1)).tolist()
    number = (names[moved[0]] if names else moved[0]) + 1 if moved else 0
    who = f"{rule.center_word} {number} was" if len(moved) == 1 else f"{counted(len(moved), rule.center_word)} were"
    cost = "" if step.cost is None or before.cost is None else f", and for now {_change(before.cost, step.cost)}"
    told = [f"By hand: {who} moved{cost}.", returning_sentence(trace, index, names)]
    return " ".join(filter(None, [*told, "Next, every point joins the nearest one."]))


def step_sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
    """Return what happened in half-step ``index`` and why, in one or two sentences.

    Beside another run, cluster j goes by the other's name ``names[j]`` for it.
    """
    step = trace[index]
    rule = RULES[trace.config.rule]
    if step.phase is Phase.INIT:
        return _init_sentence(trace.config, step, rule)
    if step.phase is Phase.MOVE:
        return _move_sentence(trace, index, rule, names)
    if step.phase is Phase.REFINE:
        return _refine_sentence(trace, index, rule, names)
    return _assign_sentence(trace, index, rule)
