"""The screens of the tutorial: what each says and asks, with the numbers of the runs that it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from kmeans_core import Trace, partition_key
from kmeans_core.arrays import Points
from kmeans_core.messages.lists import enumeration
from ui.analyses.starts.outcomes import StartOutcome, best_partitions
from ui.analyses.tutorial.picture_words import picture_html
from ui.analyses.tutorial.runs import CLOUDS, RANDOM_RUNS, RINGS, STUCK, UNITS, Runner, RunView, best_run
from ui.text.messages import message

QUESTIONS: Final = 9
"""How many screens ask something; the one after them sums up."""

SCREEN_NUMBERS: Final = tuple(range(1, QUESTIONS + 2))
"""The numbers of the screens, as links write them."""

PLAYING: Final = ("centers", "cells", "rays", "sentence", "transport")
"""The parts of the player that most screens show after the answer."""


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """An answer to choose, and the reply to it."""

    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen; its texts mark what to stress with two asterisks.

    Attributes
    ----------
    title : str
    finding, text : str
        What the screen says before its question.
    question : str
    choices : tuple of AnswerChoice
    right : int
        Index of the right choice.
    explanation, action : str
        What it says after the answer, and what to do next.
    summary : str
        The sentence to remember.
    views : tuple of RunView
        The runs that it shows.
    before, after : tuple of str
        The parts of the player that it shows before and after the answer.
    words : str
        HTML that says in words what only the picture shows, where the question is about that; "" for none.
    """

    title: str
    finding: str
    text: str
    question: str
    choices: tuple[AnswerChoice, ...]
    right: int
    explanation: str
    action: str
    summary: str
    views: tuple[RunView, ...]
    before: tuple[str, ...] = ("centers",)
    after: tuple[str, ...] = PLAYING
    words: str = ""


def screens(run_of: Runner) -> tuple[Screen, ...]:
    """Return all screens that ask something, in their order."""
    points, trace = run_of(CLOUDS)
    return (
        _groups(points, trace),
        _assign(points, trace),
        _refine(points, trace),
        _repeat(points, trace),
        _cost(points, trace),
        _end(points, trace),
        _stuck(run_of),
        _how_many(run_of),
        _limits(run_of),
    )


def _groups(points: Points, trace: Trace) -> Screen:
    k = trace.config.k
    replies = (message("tutorial.groups_wrong", k=k), message("tutorial.groups_right", k=k))
    return Screen(
        title=message("tutorial.groups_title"),
        finding=message("tutorial.groups_finding", n=len(points), steps=len(trace) - 1),
        text=message("tutorial.groups_text"),
        question=message("tutorial.groups_question"),
        choices=tuple(
            AnswerChoice(message("tutorial.groups_choice", count=count), replies[count == k])
            for count in (k - 1, k, k + 1)
        ),
        right=1,
        explanation=message("tutorial.groups_explanation", k=k),
        action=message("tutorial.groups_action"),
        summary=message("tutorial.groups_summary"),
        views=(RunView("", CLOUDS, 0),),
        before=(),
        words=picture_html(points),
    )


def _assign(points: Points, trace: Trace) -> Screen:
    k = trace.config.k
    distances = np.linalg.norm(points[:, None] - trace[0].centers, axis=2)
    in_order = np.sort(distances, axis=1)
    # The answer should take a second look, but no ruler.
    point = int(np.argmin(np.abs(in_order[:, 1] / np.maximum(in_order[:, 0], 1e-9) - 1.3)))
    nearest, second = (int(cluster) for cluster in np.argsort(distances[point])[:2])
    rounded = [float(f"{distance:.2g}") for distance in distances[point]]

    def choice(cluster: int) -> AnswerChoice:
        other = second if cluster == nearest else nearest
        reply = message(
            "tutorial.assign_reply",
            right=cluster == nearest,
            center=cluster + 1,
            distance=rounded[cluster],
            other=other + 1,
            other_distance=rounded[other],
        )
        return AnswerChoice(message("tutorial.assign_choice", center=cluster + 1), reply)

    return Screen(
        title=message("tutorial.assign_title"),
        finding=message("tutorial.assign_finding", k=k, n=len(points)),
        text=message("tutorial.assign_text"),
        question=message("tutorial.assign_question"),
        choices=tuple(map(choice, range(k))),
        right=nearest,
        explanation=message("tutorial.assign_explanation", n=len(points)),
        action=message("tutorial.assign_action"),
        summary=message("tutorial.assign_summary"),
        views=(RunView("", CLOUDS, 0, point),),
    )


def _refine(points: Points, trace: Trace) -> Screen:
    before, after = trace[1], trace[2]
    moves = after.centers - before.centers
    cluster = int(np.argmax(np.linalg.norm(moves, axis=1)))
    members, n = points[before.labels == cluster], len(points)
    ahead = int(np.count_nonzero((members - before.centers[cluster]) @ moves[cluster] > 0))
    x, y = (float(f"{value:.3g}") for value in members.mean(axis=0))
    center = cluster + 1
    return Screen(
        title=message("tutorial.refine_title"),
        finding=message("tutorial.refine_finding", center=center, members=len(members), n=n, ahead=ahead),
        text=message("tutorial.refine_text"),
        question=message("tutorial.refine_question", center=center),
        choices=(
            AnswerChoice(message("tutorial.refine_mean", members=len(members)), message("tutorial.refine_mean_reply")),
            AnswerChoice(message("tutorial.refine_all", n=n), message("tutorial.refine_all_reply")),
            AnswerChoice(message("tutorial.refine_nearest"), message("tutorial.refine_nearest_reply")),
        ),
        right=0,
        explanation=message("tutorial.refine_explanation", x=x, y=y),
        action=message("tutorial.refine_action"),
        summary=message("tutorial.refine_summary"),
        views=(RunView("", CLOUDS, 1),),
    )


def _repeat(points: Points, trace: Trace) -> Screen:
    switched = [step.reassigned for step in trace[3::2]]
    farthest = float(np.linalg.norm(trace[2].centers - trace[1].centers, axis=1).max())
    explanation = message("tutorial.repeat_explanation", counts=enumeration(switched), iterations=trace.iterations)
    return Screen(
        title=message("tutorial.repeat_title"),
        finding=message("tutorial.repeat_finding", distance=farthest, n=len(points)),
        text=message("tutorial.repeat_text"),
        question=message("tutorial.repeat_question"),
        choices=(
            AnswerChoice(message("tutorial.repeat_assign"), message("tutorial.repeat_assign_reply", count=switched[0])),
            AnswerChoice(message("tutorial.repeat_refine"), message("tutorial.repeat_refine_reply")),
            AnswerChoice(message("tutorial.repeat_stop"), message("tutorial.repeat_stop_reply", count=switched[0])),
        ),
        right=0,
        explanation=explanation,
        action=message("tutorial.repeat_action"),
        summary=message("tutorial.repeat_summary"),
        views=(RunView("", CLOUDS, 2),),
    )


def _cost(points: Points, trace: Trace) -> Screen:
    costs = [step.cost or 0.0 for step in trace]
    saved = {
        phase: sum(costs[i - 1] - costs[i] for i in range(2, len(trace)) if trace[i].phase == phase)
        for phase in ("assign", "refine")
    }
    return Screen(
        title=message("tutorial.cost_title"),
        finding=message("tutorial.cost_finding", n=len(points), first=costs[1], last=costs[-1]),
        text=message("tutorial.cost_text"),
        question=message("tutorial.cost_question"),
        choices=(
            AnswerChoice(message("tutorial.cost_assign"), message("tutorial.cost_assign_reply")),
            AnswerChoice(message("tutorial.cost_refine"), message("tutorial.cost_refine_reply")),
            AnswerChoice(message("tutorial.cost_neither"), message("tutorial.cost_neither_reply")),
        ),
        right=2,
        explanation=message("tutorial.cost_explanation", **saved),
        action=message("tutorial.cost_action"),
        summary=message("tutorial.cost_summary"),
        views=(RunView("", CLOUDS, 1),),
        after=(*PLAYING, "cost"),
    )


def _end(points: Points, trace: Trace) -> Screen:
    n, k = len(points), trace.config.k
    tried = len({step.compact_labels.tobytes() for step in trace if step.compact_labels is not None})
    limit_reply = message("tutorial.end_limit_reply", iterations=trace.iterations)
    return Screen(
        title=message("tutorial.end_title"),
        finding=message("tutorial.end_finding", n=n, k=k, digits=len(str(k**n)), tried=tried),
        text=message("tutorial.end_text"),
        question=message("tutorial.end_question"),
        choices=(
            AnswerChoice(message("tutorial.end_falls"), message("tutorial.end_falls_reply")),
            AnswerChoice(message("tutorial.end_circles"), message("tutorial.end_circles_reply")),
            AnswerChoice(message("tutorial.end_limit"), limit_reply),
        ),
        right=0,
        explanation=message("tutorial.end_explanation"),
        action=message("tutorial.end_action"),
        summary=message("tutorial.end_summary"),
        views=(RunView("", CLOUDS, len(trace) - 2),),
    )


def _stuck(run_of: Runner) -> Screen:
    _, stuck = run_of(STUCK)
    traces = [run_of(replace(STUCK, seed=seed))[1] for seed in range(RANDOM_RUNS)]
    runs = [
        StartOutcome(seed, trace.cost, trace.iterations, partition_key(trace.labels), True)
        for seed, trace in enumerate(traces)
    ]
    best = best_partitions(runs)
    best_runs = [run for run in runs if run.partition in best]
    lowest, highest = min(run.cost for run in runs), max(run.cost for run in runs)
    times = highest / lowest
    values = {"found": len(best_runs), "runs": RANDOM_RUNS, "lowest": lowest, "times": times}
    return Screen(
        title=message("tutorial.stuck_title"),
        finding=message("tutorial.stuck_finding", iterations=stuck.iterations, cost=stuck.cost),
        text=message("tutorial.stuck_text"),
        question=message("tutorial.stuck_question"),
        choices=(
            AnswerChoice(message("tutorial.stuck_no"), message("tutorial.stuck_no_reply")),
            AnswerChoice(message("tutorial.stuck_more"), message("tutorial.stuck_more_reply")),
            AnswerChoice(message("tutorial.stuck_best"), message("tutorial.stuck_best_reply")),
        ),
        right=0,
        explanation=message("tutorial.stuck_explanation", **values),
        action=message("tutorial.stuck_action"),
        summary=message("tutorial.stuck_summary"),
        views=(
            RunView(message("tutorial.stuck_run"), STUCK, len(stuck) - 1),
            RunView(message("tutorial.other_run"), replace(STUCK, seed=best_runs[0].seed), 0),
        ),
    )


def _how_many(run_of: Runner) -> Screen:
    views = {k: best_run(run_of, k) for k in (2, 3, 4, 6)}
    costs = {k: run_of(view.settings)[1].cost for k, view in views.items()}
    n = len(run_of(CLOUDS)[0])
    percent = 100 * (1 - costs[6] / costs[3])
    saved = {"n": n, "third": costs[2] - costs[3], "fourth": costs[3] - costs[4]}
    return Screen(
        title=message("tutorial.how_many_title"),
        finding=message("tutorial.how_many_finding", n=n, three=costs[3], six=costs[6], percent=percent),
        text=message("tutorial.how_many_text", runs=RANDOM_RUNS),
        question=message("tutorial.how_many_question"),
        choices=(
            AnswerChoice(message("tutorial.how_many_lower"), message("tutorial.how_many_lower_reply")),
            AnswerChoice(message("tutorial.how_many_unknown"), message("tutorial.how_many_unknown_reply")),
            AnswerChoice(message("tutorial.how_many_best"), message("tutorial.how_many_best_reply")),
        ),
        right=1,
        explanation=message("tutorial.how_many_explanation", **saved),
        action=message("tutorial.how_many_action"),
        summary=message("tutorial.how_many_summary"),
        views=tuple(views[k] for k in (6, 4, 3, 2)),
    )


def _limits(run_of: Runner) -> Screen:
    points, trace = run_of(RINGS)
    inner = np.linalg.norm(points, axis=1) < 1.5
    first, second = np.bincount(trace.labels[inner], minlength=2).tolist()
    inside = int(inner.sum())
    factor = int(dict(UNITS.sizes)["unit_factor"])
    return Screen(
        title=message("tutorial.limits_title"),
        finding=message("tutorial.limits_finding", n=len(points), inside=inside, outside=len(points) - inside),
        text=message("tutorial.limits_text"),
        question=message("tutorial.limits_question"),
        choices=(
            AnswerChoice(message("tutorial.limits_rings"), message("tutorial.limits_rings_reply")),
            AnswerChoice(message("tutorial.limits_halves"), message("tutorial.limits_halves_reply")),
            AnswerChoice(message("tutorial.limits_none"), message("tutorial.limits_none_reply")),
        ),
        right=1,
        explanation=message("tutorial.limits_explanation", first=first, second=second, factor=factor),
        action=message("tutorial.limits_action"),
        summary=message("tutorial.limits_summary"),
        views=(
            RunView(message("tutorial.rings_run"), RINGS, 0),
            RunView(message("tutorial.units_run"), UNITS, 0, note=message("tutorial.units_note")),
        ),
    )
