"""A half-step explained at length: what it does, what changed, what that means for the cost, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Phase, StopReason, Trace
from kmeans_core.arrays import Active
from kmeans_core.messages.lists import joined_values
from kmeans_core.messages.numbers import amount, amounts
from kmeans_core.rules import Rule
from ui.text.messages import message
from ui.text.step_sentences import empty_sentence, joined_clusters, returning_sentence


@dataclass(frozen=True, slots=True)
class Explanation:
    """A half-step in four short texts.

    Attributes
    ----------
    action : str
        What such a half-step does.
    changes : str
        What it changed this time, in numbers.
    cost : str
        Why it cannot raise the cost.
    next_step : str
        What comes next, or why nothing does.
    """

    action: str
    changes: str
    cost: str
    next_step: str


def explain(trace: Trace, index: int) -> Explanation:
    """Return half-step ``index`` explained."""
    phase = trace[index].phase
    if phase is Phase.INIT:
        return _explain_init(trace)
    if phase is Phase.MOVE:
        return _explain_edit(trace, index)
    if phase is Phase.ASSIGN:
        return _explain_assign(trace, index)
    return _explain_refine(trace, index)


# --- Starting centers


def _explain_init(trace: Trace) -> Explanation:
    config, rule = trace.config, RULES[trace.config.rule]
    center = rule.center_word
    if config.init.endswith("k-means++"):
        greedy = config.init != "k-means++"
        quality = message("explanation.init_odds", distance=rule.distance, greedy=greedy)
    else:
        quality = message("explanation.init_quality")
    return Explanation(
        action=f"{message('explanation.init_action', k=config.k, init=config.init, center=center)} {quality}",
        changes=_nearest_centers(trace, rule),
        cost=message("explanation.init_cost", center=center, distance=rule.distance),
        next_step=message("explanation.init_next", center=center),
    )


def _nearest_centers(trace: Trace, rule: Rule) -> str:
    """Say which two centers start nearest to each other."""
    centers, k = trace[0].centers, trace.config.k
    if k == 1:
        return message("explanation.single_cluster")
    differences = np.abs(centers[:, None] - centers)
    gaps = differences.sum(axis=2) if rule.distance == "cityblock" else np.linalg.norm(differences, axis=2)
    gaps[np.tril_indices(k)] = np.inf
    first, second = divmod(int(gaps.argmin()), k)
    gap = float(gaps[first, second])
    if gap == 0:
        return message("explanation.coincident_centers", center=rule.center_word, first=first + 1, second=second + 1)
    return message("explanation.nearest_centers", center=rule.center_word, first=first + 1, second=second + 1, gap=gap)


# --- Assign


def _explain_assign(trace: Trace, index: int) -> Explanation:
    rule, active = RULES[trace.config.rule], trace.active(index)
    center, all_active = rule.center_word, bool(active.all())
    if active.sum() == 1:
        action = message("explanation.assign_single", center=center, all_active=all_active)
    else:
        action = message("explanation.assign_action", center=center, all_active=all_active, distance=rule.distance)
    first = trace[index - 1].labels is None
    if index == len(trace) - 1:
        next_step = _ending(trace)
    else:
        next_step = message("explanation.assign_next", center=center, all_active=all_active, kind=rule.center)
    if first:
        cost = message("explanation.first_cost", cost_name=rule.cost_words, cost=trace[index].cost or 0.0)
    else:
        cost = f"{_cost_change(trace, index)} {message('explanation.assign_cost', center=center)}"
    return Explanation(
        action=action,
        changes=_sizes(trace, index) if first else _switches(trace, index),
        cost=cost,
        next_step=next_step,
    )


def _sizes(trace: Trace, index: int) -> str:
    """Say how the first assign shared out the points."""
    labels, k = trace[index].labels, trace.config.k
    assert labels is not None
    if k == 1:
        return message("explanation.sizes_single", points=len(labels))
    sizes = np.bincount(labels, minlength=k)
    largest, smallest = int(sizes.argmax()), int(sizes.argmin())
    most = int(sizes[largest])
    empty = np.flatnonzero(sizes == 0).tolist()
    if empty:
        return message(
            "explanation.sizes_with_empty",
            largest=largest + 1,
            most=most,
            count=len(empty),
            clusters=joined_clusters(empty),
        )
    least = int(sizes[smallest])
    return message("explanation.sizes", largest=largest + 1, most=most, smallest=smallest + 1, least=least)


def _switches(trace: Trace, index: int) -> str:
    """Say how many points switched, which clusters gained and lost most by it, and which lost all."""
    step, before, k = trace[index], trace[index - 1], trace.config.k
    assert step.labels is not None
    assert before.labels is not None
    if not step.reassigned and before.phase is Phase.MOVE:
        return message("explanation.no_switch_after_edit")
    if not step.reassigned:
        return message("explanation.no_switch", center=RULES[trace.config.rule].center_word)
    sizes, old_sizes = (np.bincount(labels, minlength=k) for labels in (step.labels, before.labels))
    sentences = [_gains_and_losses(step.reassigned, sizes - old_sizes)]
    if len(empty_now := np.flatnonzero((sizes == 0) & (old_sizes > 0))):
        clusters = joined_clusters(empty_now.tolist())
        sentences.append(message("explanation.emptied", count=len(empty_now), clusters=clusters))
    return " ".join(sentences)


def _gains_and_losses(count: int, change: NDArray[np.int64]) -> str:
    """Say how many points switched, and which clusters' sizes, ``(k,)``, changed most by it."""
    if not change.any():
        return message("explanation.switches_balanced", count=count)
    gainer, loser = int(change.argmax()), int(change.argmin())
    return message(
        "explanation.switches",
        count=count,
        grown=gainer + 1,
        gain=int(change[gainer]),
        shrunk=loser + 1,
        loss=int(change[loser]),
    )


def _cost_change(trace: Trace, index: int) -> str:
    """Say from what to what the cost changed, in as many digits as it takes to tell them apart."""
    before, cost = trace[index - 1].cost or 0.0, trace[index].cost or 0.0
    trend = "same" if before == cost else "fall" if cost < before else "rise"
    texts = dict(zip(("before", "cost"), amounts([before, cost]), strict=True))
    return message("explanation.cost_change", trend=trend, **texts)


def _ending(trace: Trace) -> str:
    """Say why nothing comes next, and what a person may do about it."""
    if trace.stop_reason is StopReason.CONVERGED:
        return message("explanation.converged")
    return message("explanation.limit_reached")


# --- Refine


def _explain_refine(trace: Trace, index: int) -> Explanation:
    rule, step, before = RULES[trace.config.rule], trace[index], trace[index - 1]
    center, active_before = rule.center_word, trace.active(index - 1)
    moved = bool((step.centers != before.centers).any())
    if rule.center == "medoid" and _has_placed_center(trace, index - 1):
        cost = message("explanation.refine_cost_after_edit")
    else:
        cost = message("explanation.refine_cost", kind=rule.center)
    if moved and trace.active(index).sum() > 1:
        next_step = message("explanation.refine_next", center=center)
    else:
        next_step = message("explanation.refine_next_unchanged", center=center)
    return Explanation(
        action=message(
            "explanation.refine_action", center=center, all_active=bool(active_before.all()), kind=rule.center
        ),
        # One that is dropped here was still in when the refine began.
        changes=_moves(trace, index, active_before),
        cost=f"{_cost_change(trace, index)} {cost}",
        next_step=next_step,
    )


def _has_placed_center(trace: Trace, index: int) -> bool:
    """Return whether a center with points is, after half-step ``index``, still where a person last placed it."""
    labels = trace[index].labels
    sizes = np.zeros(trace.config.k) if labels is None else np.bincount(labels, minlength=trace.config.k)
    moves = [step for step in trace[: index + 1] if step.phase is Phase.MOVE]
    if trace.config.init == "given":
        moves.append(trace[0])
    return any(bool(((trace[index].centers == step.centers).all(axis=1) & (sizes > 0)).any()) for step in moves)


def _moves(trace: Trace, index: int, active: Active) -> str:
    """Say how many of the active centers moved, which one moved farthest, and what became of empty clusters."""
    step, before, center = trace[index], trace[index - 1], RULES[trace.config.rule].center_word
    distances = np.linalg.norm(step.centers - before.centers, axis=1)
    moved, j = int(np.count_nonzero(distances)), int(distances.argmax())
    places = {"before": _place(before.centers[j]), "after": _place(step.centers[j])}
    if not moved:
        sentence = message("explanation.no_move", center=center)
    elif active.sum() == 1:
        sentence = message("explanation.single_move", farthest=float(distances[j]), **places)
    else:
        sentence = message(
            "explanation.moves",
            all_moved=moved == int(active.sum()),
            moved=moved,
            count=int(active.sum()),
            center=center,
            cluster=j + 1,
            farthest=float(distances[j]),
            **places,
        )
    return f"{sentence} {empty_sentence(step.relocated)}" if step.relocated else sentence


def _place(coordinates: NDArray[np.float64]) -> str:
    """Write a place: ``(1, 7.75)``, with ``…`` for the coordinates beyond the fourth."""
    texts = [amount(float(value)) for value in coordinates[:SHOWN_COORDINATES]]
    return f"({joined_values([*texts, '…'] if len(coordinates) > SHOWN_COORDINATES else texts)})"


SHOWN_COORDINATES: Final = 4
"""The most coordinates of a place that a sentence holds."""


# --- Edits


def _explain_edit(trace: Trace, index: int) -> Explanation:
    center = RULES[trace.config.rule].center_word
    changes = [_moves(trace, index, trace.active(index)), returning_sentence(trace, index)]
    if trace[index].cost is None:
        cost = message("explanation.edit_no_cost")
    else:
        cost = f"{_cost_change(trace, index)} {message('explanation.edit_cost')}"
    return Explanation(
        action=message("explanation.edit_action", center=center),
        changes=" ".join(filter(None, changes)),
        cost=cost,
        next_step=message("explanation.edit_next", center=center),
    )
