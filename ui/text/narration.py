"""A half-step in plain words, with its own numbers. Knows nothing of Streamlit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np

from kmeans_core import RULES, EmptyCluster, Phase, RunConfig, Step, Trace
from kmeans_core.rules import Rule

THIN_SPACE: Final = "\u202f"
MINUS: Final = "\u2212"

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

_EMPTY_FATE: Final = {
    "keep": ("its center stayed where it was", "their centers stayed where they were"),
    "farthest": (
        "its center moved to the point that was farthest from its own center",
        "their centers moved to the points that were farthest from their own centers",
    ),
    "drop": ("it was taken out of the run", "they were taken out of the run"),
}


_NUMBER: Final = rf"[\d.{THIN_SPACE}]*\d"
_TOGETHER: Final = re.compile(rf"K = \d+|[Rr]uns? \d|[+{MINUS}]?{_NUMBER} %")


def html_of(sentence: str) -> str:
    """Return a sentence as HTML, in which no name of a method is broken at its hyphen, and no number from its sign."""
    names = re.sub(r"[Kk]-means(\+\+)?", r'<span class="unbroken">\g<0></span>', escape(sentence, quote=False))
    return kept_together(names)


def plain_markdown(text: str) -> str:
    """Return a text of somebody's own with nothing in it that Markdown takes for a link, a picture, or a formula."""
    return re.sub(r"([\\`*_\[\]<>$~])", r"\\\1", text)


def kept_together(sentence: str) -> str:
    """Return a sentence in which no line ends between a number and what it is of: ``K = 4``, ``run 2``, ``5 %``."""
    return _TOGETHER.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), sentence)


def whole(number: int) -> str:
    """Write a whole number with a thin space between thousands."""
    return f"{number:,}".replace(",", THIN_SPACE)


def amount(number: float) -> str:
    """Write a measured number with the digits that matter: four of them, more for large whole parts."""
    return _with_digits(number, _DIGITS)


def amounts(numbers: Sequence[float]) -> list[str]:
    """Write measured numbers so that those that differ read differently, with as few digits as that takes.

    Numbers that differ by rounding alone are equal. All have the same number of significant digits, at least those of
    ``amount``, so that none looks more exact.
    """
    in_order = sorted(numbers)
    wanted = bool(in_order) + sum(not nearly_equal(one, other) for one, other in pairwise(in_order))
    texts: list[str] = []
    for digits in range(_DIGITS, 18):
        texts = [_with_digits(number, digits) for number in numbers]
        if len({float(text.replace(THIN_SPACE, "")) for text in texts}) >= wanted:
            break
    return texts


_DIGITS: Final = 4
"""Significant digits that ``amount`` writes."""


def _with_digits(number: float, digits: int) -> str:
    """Write a number with at least so many significant digits, as ``amount`` does with four."""
    if number == 0:
        return "0"
    if not 1e-4 <= abs(number) < 1e12:
        return f"{number:.{digits - 1}e}"
    if abs(number) < 1000:
        return f"{number:.{digits}g}"
    decimals = max(0, digits - len(str(int(abs(number)))))
    return f"{number:,.{decimals}f}".replace(",", THIN_SPACE)


def nearly_equal(number: float, other: float) -> bool:
    """Tell whether two costs differ by no more than rounding: sums of the same terms in another order."""
    return abs(number - other) <= 1e-9 * max(abs(number), abs(other))


def shares(numbers: Sequence[float]) -> list[str]:
    """Write numbers between -1 and 1 so that those that differ, from each other and from 1, read differently."""
    texts: list[str] = []
    for digits in range(2, 16):
        texts = [f"{round(number, digits) + 0.0:.{digits}f}".replace("-", MINUS) for number in (*numbers, 1.0)]
        if len(set(texts)) == len({*numbers, 1.0}):
            break
    return texts[:-1]


def share(number: float) -> str:
    """Write a number between -1 and 1 with two digits."""
    return f"{round(number, 2) + 0.0:.2f}".replace("-", MINUS)


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: ``1 point``, ``2 points``."""
    return f"{whole(count)} {noun}{'' if count == 1 else 's'}"


def _change(before: float, after: float) -> str:
    """Say how a cost changed."""
    if before == after:
        return f"the cost stayed at {amount(after)}"
    verb, sign = ("fell", MINUS) if after < before else ("rose", "+")
    if before == 0:
        return f"the cost {verb} from 0 to {amount(after)}"
    percent = (after - before) / before * 100
    if abs(percent) < 0.005:
        return f"the cost {verb} by less than 0.01{THIN_SPACE}%, to {amount(after)}"
    digits = 1 if abs(percent) >= 0.1 else 2
    return f"the cost {verb} from {amount(before)} to {amount(after)} ({sign}{abs(percent):.{digits}f}{THIN_SPACE}%)"


def named(clusters: Sequence[int]) -> str:
    """Name clusters by the numbers on the screen: ``Cluster 3``, ``Clusters 1, 2 and 5``."""
    numbers = [str(cluster + 1) for cluster in clusters]
    if len(numbers) == 1:
        return f"Cluster {numbers[0]}"
    return f"Clusters {', '.join(numbers[:-1])} and {numbers[-1]}"


def empty_sentence(empties: Sequence[EmptyCluster], names: Sequence[int] | None = None) -> str:
    """Say what became of the clusters without points; all of a run meet the same fate."""
    one, many = _EMPTY_FATE[empties[0].policy]
    who = named(sorted(names[empty.cluster] if names else empty.cluster for empty in empties))
    return f"{who} had no points, so {one if len(empties) == 1 else many}."


def still_in(trace: Trace, index: int) -> str:
    """Return what limits "every center" to the active ones at a half-step; nothing while all clusters take part."""
    return "" if trace.active(index).all() else " still in the run"


def returning_sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
    """Say which dropped clusters a move by hand brings back; nothing if there are none."""
    back = np.flatnonzero(trace.active(index) & ~trace.active(index - 1)).tolist()
    if not back:
        return ""
    who = named(sorted(names[cluster] if names else cluster for cluster in back))
    return f"{who}, taken out of the run before, {'takes' if len(back) == 1 else 'take'} part again."


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


def sentence(trace: Trace, index: int, names: Sequence[int] | None = None) -> str:
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
