"""The lesson: what each screen says and asks, with numbers from the runs that it shows. Knows nothing of Streamlit.

A screen asks before it tells. What was answered is a text of digits, one a screen: the number of the choice, or 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from string import ascii_uppercase
from typing import Final

import numpy as np

from kmeans_core import Trace, partition_key
from kmeans_core.types import Points
from ui.analyses.starts.outcomes import best_partitions
from ui.settings.parsers import quoted
from ui.settings.record import DEFAULT, Settings
from ui.settings.sizes import default_sizes
from ui.text.markup import html_of
from ui.text.numbers import amount, counted, whole

QUESTIONS: Final = 9
"""How many screens ask something; the one after them sums up."""

SCREENS: Final = tuple(range(1, QUESTIONS + 2))
"""The numbers of the screens, as links say them."""

TRIES: Final = 20
"""How many starts the lesson compares."""

PLAYING: Final = ("centers", "cells", "rays", "sentence", "transport")
"""The parts of the player that most screens show once they are answered."""

Runner = Callable[[Settings], tuple[Points, Trace]]
"""Gives the points ``(n, 2) float64`` and the run of some settings."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to pick, and what is said to those who picked it."""

    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Look:
    """A run to look at: what its button says, from which half-step on, and at which point, if at one (from 0)."""

    label: str
    settings: Settings
    step: int
    point: int | None = None

    @property
    def view(self) -> dict[str, str]:
        """How the player is to look at it, as a link of the player says it."""
        view = {"step": str(self.step)} if self.step else {}
        return view if self.point is None else view | {"look": f"p{self.point + 1}"}


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the lesson.

    ``finding`` and ``text`` come first, then the question; ``told`` and ``press`` follow its answer. ``right`` is the
    index of the right choice. ``before`` and ``after`` name the parts of the player that are there until the answer
    and from then on. Texts mark what to stress with two asterisks.
    """

    title: str
    finding: str
    text: str
    question: str
    choices: tuple[Choice, ...]
    right: int
    told: str
    press: str
    keep: str
    looks: tuple[Look, ...]
    before: tuple[str, ...] = ("centers",)
    after: tuple[str, ...] = PLAYING


# --- What the screens show

CLOUDS: Final = replace(
    DEFAULT,
    data="blobs",
    sizes=tuple((dict(default_sizes("blobs")) | {"blobs": 3, "points": 90}).items()),
    data_seed=2,
    k=3,
    seed=3,
)
"""Three clouds, and a start that has some way to go."""

VALLEY: Final = replace(
    CLOUDS,
    sizes=tuple((dict(default_sizes("blobs")) | {"blobs": 5, "points": 150}).items()),
    data_seed=0,
    k=5,
    seed=2,
)
"""Five clouds, and a start that ends badly."""

RINGS: Final = replace(CLOUDS, data="rings", sizes=(("rings", 2), ("points", 300), ("noise", 0.08)), k=2, data_seed=0)
UNITS: Final = replace(
    CLOUDS,
    data="unscaled",
    sizes=tuple((dict(default_sizes("unscaled")) | {"points": 300}).items()),
    k=2,
    data_seed=0,
)


def screens(run_of: Runner) -> tuple[Screen, ...]:
    """Return all screens that ask something, in their order."""
    points, trace = run_of(CLOUDS)
    return (
        _guess(points, trace),
        _assign(points, trace),
        _refine(points, trace),
        _repeat(points, trace),
        _better(points, trace),
        _stops(points, trace),
        _stuck(run_of),
        _how_many(run_of),
        _not_for(run_of),
    )


def _guess(points: Points, trace: Trace) -> Screen:
    n, k = len(points), trace.config.k
    look_again = f"Look for the gaps: they leave {k} clouds. Not silly, though: nobody has said what a group is."
    return Screen(
        title="Guess the groups",
        finding=f"Nobody has said which of these {n} points belong together. K-means finds out with two simple moves, "
        f"and here it needs {len(trace) - 1} of them.",
        text="Soon you will know both moves, why they work, and when they fail.",
        question="First with your own eyes: how many groups do you see?",
        choices=tuple(
            Choice(f"{count} groups", f"Yes, {k}: near points belong together." if count == k else look_again)
            for count in (k - 1, k, k + 1)
        ),
        right=1,
        told="To find groups without being told any is **clustering**; a group is a **cluster**. K-means gives every "
        "cluster a **center** and has one idea: a point belongs to its nearest center. **K** is the number of "
        f"clusters, here {k}.",
        press="Press **the last button** of the row: there K-means ends. The first one goes back.",
        keep="Clustering finds groups that nobody has named. K-means does it with K centers.",
        looks=(Look("", CLOUDS, 0),),
        before=(),
    )


def _assign(points: Points, trace: Trace) -> Screen:
    k = trace.config.k
    centers = trace[0].centers
    distances = np.linalg.norm(points[:, None] - centers, axis=2)
    in_order = np.sort(distances, axis=1)
    # A point for which one has to look twice, but not to measure.
    point = int(np.argmin(np.abs(in_order[:, 1] / np.maximum(in_order[:, 0], 1e-9) - 1.3)))
    far = [amount(float(f"{distance:.2g}")) for distance in distances[point]]
    nearest, second = (int(j) for j in np.argsort(distances[point])[:2])
    return Screen(
        title="Move one: assign",
        finding=f"K-means begins with a blind guess: its {k} centers lie on {k} of the {len(points)} points, drawn at "
        "random.",
        text="Then comes the first move, **assign**: every point joins its nearest center.",
        question="Which center will the ringed point join?",
        choices=tuple(
            Choice(
                f"Center {j + 1}",
                f"Yes: center {j + 1} is {far[j]} away, center {second + 1} is {far[second]} away."
                if j == nearest
                else f"Center {j + 1} is {far[j]} away, center {nearest + 1} only {far[nearest]}. The nearest wins.",
            )
            for j in range(k)
        ),
        right=nearest,
        told=f"Assign asks all {len(points)} points, each by itself, and only for distance. The faintly tinted areas "
        "show it: every place in one is nearest to its center. Between two centers the border runs halfway.",
        press="Press **Next: assign** and watch the ringed point.",
        keep="Assign: every point joins its nearest center.",
        looks=(Look("", CLOUDS, 0, point),),
    )


def _refine(points: Points, trace: Trace) -> Screen:
    before, after = trace[1], trace[2]
    way = after.centers - before.centers
    j = int(np.argmax(np.linalg.norm(way, axis=1)))
    own = points[before.labels == j]
    ahead = int(np.count_nonzero((own - before.centers[j]) @ way[j] > 0))
    x, y = (amount(float(f"{value:.3g}")) for value in own.mean(axis=0))
    return Screen(
        title="Move two: refine",
        finding=f"After the first assign, center {j + 1} has {len(own)} of the {len(points)} points, and {ahead} of "
        "them lie on the same side of it.",
        text="The second move, **refine**, mends that: the centers move, and the points stay.",
        question=f"Where will center {j + 1} go?",
        choices=(
            Choice(f"To the middle of its {len(own)} points", "Yes: where it is near to all of them on average."),
            Choice(
                f"To the middle of all {len(points)} points",
                "Then all centers would meet at one place. A center looks at its own points only.",
            ),
            Choice(
                "To the nearest of its points",
                "It would hardly move, and most of its points would stay far. It goes to the middle of them all.",
            ),
        ),
        right=0,
        told=f"The middle is the average: its points’ x is {x} on average, and their y is {y}. Another word for it is "
        "**mean**, hence K-means; its name is **centroid**. A center is a place: no point need be there.",
        press="Press **Next: refine** and watch the centers glide.",
        keep="Refine: every center moves to the middle, the mean, of its own points.",
        looks=(Look("", CLOUDS, 1),),
    )


def _repeat(points: Points, trace: Trace) -> Screen:
    changed = [step.moved for step in trace[3::2]]
    way = float(np.linalg.norm(trace[2].centers - trace[1].centers, axis=1).max())
    return Screen(
        title="And again",
        finding=f"The centers have moved, the one that went farthest by {way:.1f}. The colors are still those of "
        f"before, so some of the {len(points)} points now wear the wrong one.",
        text="Both moves were made once.",
        question="What should K-means do next?",
        choices=(
            Choice("Assign again", f"Yes: {counted(changed[0], 'point')} will change."),
            Choice(
                "Refine again",
                "Nothing would happen: every center is in the middle of its points. First the points have to change.",
            ),
            Choice(
                "Stop", f"Too early: {counted(changed[0], 'point')} would stay with a center that is not the nearest."
            ),
        ),
        right=0,
        told="The moves take turns, and each makes work for the other. A refine with the assign after it is called an "
        f"**iteration**. Here the assigns change {_in_turn(changed)} points. With none changed, the centers stay, "
        f"too, for good: done, after {trace.iterations} iterations.",
        press="Press **Play** and watch until nothing changes.",
        keep="Assign and refine take turns until no point changes its cluster.",
        looks=(Look("", CLOUDS, 2),),
    )


def _in_turn(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _better(points: Points, trace: Trace) -> Screen:
    costs = [step.cost or 0.0 for step in trace]
    saved = {
        phase: sum(costs[i - 1] - costs[i] for i in range(2, len(trace)) if trace[i].phase == phase)
        for phase in ("assign", "refine")
    }
    assign = "A point leaves only for a nearer center, so its own part of the sum gets smaller."
    refine = "No other place has a smaller sum of squared distances to some points than their mean."
    return Screen(
        title="Why it gets better",
        finding=f"Square every point’s distance to its center and add up all {len(points)}: this sum is the cost. It "
        f"is {amount(costs[1])} after the first assign and {amount(costs[-1])} at the end.",
        text="A low cost means: the points are near their centers.",
        question="Which of the two moves can raise the cost?",
        choices=(
            Choice("Assign", f"Not this one. {assign}"),
            Choice("Refine", f"Not this one. {refine}"),
            Choice("Neither", "Yes: both only lower it, or leave it."),
        ),
        right=2,
        told=f"**Assign:** {assign[0].lower()}{assign[1:]} **Refine:** {refine[0].lower()}{refine[1:]} From the first "
        f"assign on, the refines of this run took {amount(saved['refine'])} off the cost, and the assigns "
        f"{amount(saved['assign'])}. At the end, drag a center: up it goes, and the next moves bring it down.",
        press="Press **Play**: the line only falls.",
        keep="The cost is the sum of squared distances to the centers, and neither move can raise it.",
        looks=(Look("", CLOUDS, 1),),
        after=(*PLAYING, "cost"),
    )


def _stops(points: Points, trace: Trace) -> Screen:
    n, k = len(points), trace.config.k
    tried = len({step.compact_labels.tobytes() for step in trace if step.compact_labels is not None})
    return Screen(
        title="Why it stops",
        finding=f"There are so many ways to give {n} points to {k} centers that their number has {len(str(k**n))} "
        f"digits. K-means tried {tried} of them and was done.",
        text="It never checks whether it had a grouping before.",
        question="Could it run in circles, back to a grouping that it has left?",
        choices=(
            Choice("No: the cost has fallen since", "Yes, that is the reason: it would have to rise again."),
            Choice("Yes, with bad luck", "It can’t: an earlier grouping has a larger cost, and the cost never rises."),
            Choice(
                "No: there is a limit to iterations",
                f"People do set a limit, but this run stopped by itself, after {trace.iterations} iterations.",
            ),
        ),
        right=0,
        told="As long as centers move, the cost gets smaller. A grouping that comes back would bring back its larger "
        "cost: so none does. There are many groupings, but not endlessly many, and so every run ends. Most end soon.",
        press="Press **Next: assign**, the last move: no point changes.",
        keep="Whenever centers move, the cost falls: so no grouping comes back, and every run ends.",
        looks=(Look("", CLOUDS, len(trace) - 2),),
    )


@dataclass(frozen=True, slots=True)
class _End:
    """What a run came to."""

    cost: float
    partition: bytes


def _tries(run_of: Runner) -> list[Trace]:
    return [run_of(replace(VALLEY, seed=seed))[1] for seed in range(TRIES)]


def _stuck(run_of: Runner) -> Screen:
    _, stuck = run_of(VALLEY)
    ends = [_End(trace.cost, partition_key(trace.labels)) for trace in _tries(run_of)]
    best = best_partitions(ends)
    lucky = next(seed for seed, end in enumerate(ends) if end.partition in best)
    found = sum(end.partition in best for end in ends)
    least, most = min(end.cost for end in ends), max(end.cost for end in ends)
    return Screen(
        title="Stuck",
        finding=f"This run has come to its end after {stuck.iterations} iterations, at a cost of "
        f"{amount(stuck.cost)}: every point is with its nearest center, every center in the middle of its points.",
        text="And yet: two centers share one cloud, and a single one has to serve two.",
        question="Can K-means get out of this by itself?",
        choices=(
            Choice("No", "Right: no assign and no refine would change anything here."),
            Choice("Yes, with more iterations", "They would change nothing: it has converged, as the end is called."),
            Choice("Yes: it never stops before the best", "Sadly not: it stops where neither move lowers the cost."),
        ),
        right=0,
        told=f"The start decides where a run ends: {found} of {TRIES} random starts found the best result, "
        f"{amount(least)}; the worst costs {most / least:.1f} times as much. So try several and keep the best. Each "
        "end is a **fixed point**: neither move lowers its cost. People call it a local minimum, but moving one point "
        "alone may still help: the method of Hartigan and Wong, R’s default, tries that.",
        press="Choose **Another start** and press **Play**. Or set this one free: drag one of the two centers over.",
        keep="The start decides where a run ends: try several, and keep the one with the lowest cost.",
        looks=(
            Look("This start", VALLEY, len(stuck) - 1),
            Look("Another start", replace(VALLEY, seed=lucky), 0),
        ),
    )


def _cheapest(run_of: Runner, k: int) -> Look:
    """Return the end of the best of many good starts with k centers."""
    tries = [replace(CLOUDS, k=k, init="k-means++", seed=seed) for seed in range(TRIES)]
    best = min(tries, key=lambda settings: run_of(settings)[1].cost)
    return Look(f"K = {k}", best, len(run_of(best)[1]) - 1)


def _how_many(run_of: Runner) -> Screen:
    looks = {k: _cheapest(run_of, k) for k in (2, 3, 4, 6)}
    costs = {k: run_of(look.settings)[1].cost for k, look in looks.items()}
    n = len(run_of(CLOUDS)[0])
    return Screen(
        title="How many clusters?",
        finding=f"With K\u00a0=\u00a03 the cost of these {n} points is {amount(costs[3])}. "
        f"With K\u00a0=\u00a06 it is {amount(costs[6])}, "
        f"{100 * (1 - costs[6] / costs[3]):.0f}% less.",
        text=f"Each is the best of {TRIES} starts.",
        question="So is K = 6 the better choice?",
        choices=(
            Choice(
                "Yes: a lower cost is better", "For the same K, yes. But the best of one more costs less in any case."
            ),
            Choice("That can’t be said from the cost", "Right: the best of one more costs less in any case."),
            Choice(
                "Yes: it is the best of many starts",
                "That makes both costs fair, and the best of one more costs less whatever the groups are.",
            ),
        ),
        right=1,
        told=f"With {n} centers, one on every point, the cost is 0, and nothing is learned. Rather ask what each "
        f"further center saves: from K = 2 to 3 it is {amount(costs[2] - costs[3])}, from 3 to 4 only "
        f"{amount(costs[3] - costs[4])}. Such a bend is a hint, not a proof. What the clusters are for decides.",
        press="Choose another **K** and see which clouds it cuts apart.",
        keep="With every further cluster the best cost falls, so a low cost does not prove that K is right.",
        looks=tuple(looks[k] for k in (6, 4, 3, 2)),
    )


def _not_for(run_of: Runner) -> Screen:
    points, trace = run_of(RINGS)
    inner = np.linalg.norm(points, axis=1) < 1.5
    split = np.bincount(trace.labels[inner], minlength=2)
    factor = whole(int(dict(UNITS.sizes)["unit_factor"]))
    return Screen(
        title="When not to use it",
        finding=f"In these {len(points)} points anybody sees 2 rings: {int(inner.sum())} points inside, "
        f"{int((~inner).sum())} around them.",
        text="K-means with K = 2 starts from two random points again.",
        question="Which two clusters will it find?",
        choices=(
            Choice(
                "The inner and the outer ring",
                "If only. Both rings have the same middle, and all K-means knows is which center is near.",
            ),
            Choice("Two halves, with a part of each ring", "Yes: halfway between two centers runs a straight border."),
            Choice("None: it will say that it can’t", "It never does: it gives an answer to any points at all."),
        ),
        right=1,
        told=f"The inner ring is cut into {split[0]} and {split[1]} points. Borders are straight, so K-means can’t "
        f"find rings or moons. Units matter, too: where one number is {factor} times as large as the other, it alone "
        "decides; bring both to one scale first. Best are round clusters, similar in width.",
        press="Press **Play**. Then choose **Different units**, with two clouds one above the other.",
        keep="K-means suits round clusters on one scale, and it answers even where there are none.",
        looks=(Look("Rings", RINGS, 0), Look("Different units", UNITS, 0)),
    )


# --- The answers


def answer_to(answers: str, number: int) -> int | None:
    """Return the index of the choice that was picked on a screen; None if none was."""
    digit = answers[number - 1 : number] or "0"
    return int(digit) - 1 if digit != "0" else None


def with_answer(answers: str, number: int, choice: int | None) -> str:
    """Return the answers with another one to a screen, or with none."""
    digits = list(answers.ljust(QUESTIONS, "0"))
    digits[number - 1] = "0" if choice is None else str(choice + 1)
    return "".join(digits).rstrip("0")


def checked_answers(text: str) -> str:
    """Return the answers of a link as this app writes them, or raise a ``ValueError`` with the sentences to show."""
    if not re.fullmatch(f"[0-3]{{0,{QUESTIONS}}}", text, re.ASCII):
        wanted = f"Answers must be up to {QUESTIONS} digits from 0 to 3, one a screen"
        raise ValueError(f"{wanted}, not {quoted(text)}. They are left out, and nothing is answered yet.")
    return text.rstrip("0")


def letter(choice: int) -> str:
    """Return what a choice is called, so that a class can vote by hand."""
    return ascii_uppercase[choice]


@dataclass(frozen=True, slots=True)
class Mark:
    """How one screen was answered: the choice that was picked, if any, and whether it was the right one."""

    screen: Screen
    number: int
    choice: int | None

    @property
    def is_right(self) -> bool:
        """Whether the right choice was picked."""
        return self.choice == self.screen.right

    @property
    def sign(self) -> str:
        """A sign for it."""
        return "–" if self.choice is None else "✓" if self.is_right else "✗"

    @property
    def words(self) -> str:
        """It in words."""
        right = self.screen.choices[self.screen.right].text
        if self.choice is None:
            return "Not answered yet."
        if self.is_right:
            return f"You said: {right}. Right."
        return f"You said: {self.screen.choices[self.choice].text}. It is: {right}."


def marks(every: Sequence[Screen], answers: str) -> list[Mark]:
    """Return how every screen was answered."""
    return [Mark(screen, number, answer_to(answers, number)) for number, screen in enumerate(every, start=1)]


def summary(marked: Sequence[Mark]) -> str:
    """Say how many were answered, and how."""
    answered = sum(mark.choice is not None for mark in marked)
    right = sum(mark.is_right for mark in marked)
    if not answered:
        return f"The lesson in {len(marked)} sentences. None of its {len(marked)} questions is answered yet."
    if answered < len(marked):
        return f"You have answered {answered} of {counted(len(marked), 'question')} so far, {right} of them right."
    if right == answered:
        return f"You have answered all {counted(answered, 'question')}, and {right} right: all of them!"
    told = f"You have answered all {counted(answered, 'question')}, {right or 'none'} of them right"
    return f"{told}. What surprised you is what you learned."


# --- As HTML


def as_html(text: str) -> str:
    """Return a text with what it stresses in bold, safe to be put into a page."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html_of(text))


def asked_html(screen: Screen, choice: int | None) -> str:
    """Return the text and the question; from its answer on, with what was picked and the reply to it."""
    goal = " takes-focus" if choice is None else ""
    question = f'<h3 class="teach-question{goal}">{as_html(screen.question)}</h3>'
    if choice is None:
        return f'<p class="teach-text">{as_html(screen.text)}</p>{question}'
    picked = screen.choices[choice]
    is_right = choice == screen.right
    sign = "✓" if is_right else "✗"
    told = f'<b class="teach-sign">{sign}</b> <b>{letter(choice)}: {as_html(picked.text)}.</b> {as_html(picked.reply)}'
    if not is_right:
        told += f" <b>The right answer is {letter(screen.right)}: {as_html(screen.choices[screen.right].text)}.</b>"
    kind = "right" if is_right else "wrong"
    return (
        f'<p class="teach-text teach-said">{as_html(screen.text)}</p>{question}'
        f'<p class="teach-reply teach-{kind} takes-focus" role="status">{told}</p>'
        f'<p class="teach-press">{as_html(screen.press)}</p>'
    )


def progress_html(number: int, title: str) -> str:
    """Return where in the lesson a screen is."""
    done = "".join(f"<i{' class=teach-done' if other <= number else ''}></i>" for other in SCREENS)
    first = " teach-first" if number == 1 else ""
    return (
        f'<h2 class="teach-title takes-focus{first}">{escape(title)}</h2><p class="teach-progress">'
        f'<span>{number} of {len(SCREENS)}</span><span class="teach-dots" aria-hidden="true">{done}</span></p>'
    )


def summary_html(marked: Sequence[Mark]) -> str:
    """Return the sentences to keep, each with how its screen was answered."""
    kinds = {"✓": "right", "✗": "wrong", "–": "open"}
    rows = [
        f'<li class="teach-{kinds[mark.sign]}"><b class="teach-sign" aria-hidden="true">{mark.sign}</b>'
        f"<p><b>{as_html(mark.screen.keep)}</b><br><small>{as_html(mark.words)}</small></p></li>"
        for mark in marked
    ]
    return f'<ol class="teach-keep">{"".join(rows)}</ol>'


def printable(marked: Sequence[Mark], link: str) -> str:
    """Return the summary as a page of its own, to print or to keep."""
    rows = [
        f"<section><h2>{mark.number}. {escape(mark.screen.title)}</h2><p><b>{as_html(mark.screen.keep)}</b></p>"
        f"<p>{as_html(mark.screen.told)}</p><p><i>{as_html(mark.screen.question)}</i> "
        f"{mark.sign} {as_html(mark.words)}</p></section>"
        for mark in marked
    ]
    address = escape(link)
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>K-means in ten minutes</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<style>body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
        "h2{margin:1.5rem 0 0;font-size:1.1rem}p{margin:.25rem 0}section{break-inside:avoid}</style>\n"
        f"<h1>K-means in ten minutes</h1>\n<p>{escape(summary(marked))}</p>\n" + "\n".join(rows) + "\n"
        f'<p>Open it again: <a href="{address}">{address}</a></p></html>\n'
    )


STYLE: Final = """
<style>
.st-key-teach, .st-key-teach [data-testid="stColumn"] > [data-testid="stVerticalBlock"] { gap: 0.5rem; }
.st-key-teach_steps { flex-wrap: nowrap; }
.st-key-teach_steps [data-testid="stElementContainer"]:has(.teach-title) { flex: 1 1 auto; min-width: 0; }
.teach-title.teach-title { margin: 0; padding: 0; font-size: 1.2rem; line-height: 1.2; }
.teach-progress { display: flex; align-items: center; gap: 0.75rem; margin: 0; font-size: 0.85rem; }
.teach-progress span { white-space: nowrap; }
.teach-dots { display: inline-flex; gap: 0.25rem; }
.teach-dots i { width: 0.9rem; height: 0.3rem; border-radius: 1rem; background: currentColor; opacity: 0.22; }
.teach-dots .teach-done { opacity: 1; }
.teach-text, .teach-told, .teach-press, .teach-reply { margin: 0; line-height: 1.5; text-wrap: pretty; }
h3.teach-question.teach-question { margin: 0; padding: 0.6rem 0 0; font-size: 1.1rem; line-height: 1.35; }
.teach-reply { margin: 0.5rem 0; padding: 0.4rem 0.75rem; border-left: 4px solid; border-radius: 0.25rem; }
.teach-reply { background: color-mix(in srgb, currentColor 6%, transparent); }
.teach-right.teach-right.teach-right { border-color: #009E73; }
.teach-wrong.teach-wrong.teach-wrong { border-color: #D55E00; }
.teach-open.teach-open.teach-open { border-color: color-mix(in srgb, currentColor 22%, transparent); }
.teach-press::before { content: "▶ "; font-size: 0.8em; }
.st-key-teach_choices { padding-top: 0.25rem; }
.st-key-teach_choices button, .st-key-teach_choices button > * { justify-content: flex-start; text-align: left; }
.st-key-teach_choices button { min-height: 2.75rem; }
.teach-keep.teach-keep { display: grid; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
.teach-keep.teach-keep > li { margin: 0; padding: 0.25rem 0.75rem; border-left: 4px solid; }
.teach-keep li { display: grid; grid-template-columns: 1.25rem 1fr; gap: 0.5rem; }
.teach-keep p { margin: 0; line-height: 1.45; }
.teach-keep small { font-size: 0.875rem; color: color-mix(in srgb, currentColor 78%, transparent); }
.st-key-teach .kmeans-player { min-height: 20rem; }
@media (max-width: 640px) {
  .st-key-teach :is([data-testid="stColumn"], [data-testid="stColumn"] > [data-testid="stVerticalBlock"]) {
    display: contents;
  }
  .st-key-teach [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) {
    flex-flow: column nowrap;
    gap: 0.5rem;
  }
  /* The picture comes right below the answer; what there is to read, below the picture. */
  .st-key-teach [data-testid="stElementContainer"]:has(.teach-told), .st-key-teach_more { order: 1; }
  .teach-dots i { width: 0.4rem; }
  .finding, .teach-text, .teach-reply, .teach-press { font-size: 1rem; line-height: 1.4; }
  .teach-said { display: none; }
  /* From the second screen on, the title and its line have been read, and the picture needs their room. */
  :root:not(:has(.teach-first)) .stMain h1 + .kmeans-about { display: none; }
  :root:not(:has(.teach-first)) .stMain h1 {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
}
</style>
"""
