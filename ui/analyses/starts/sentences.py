"""Sentences of the page: the finding, the reason why k-means++ does worse, and the texts of the histograms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from ui.analyses.starts.crowding import Crowding, is_clearly_more
from ui.analyses.starts.outcomes import CLOSE, Difference, Kind
from ui.text.messages import message
from ui.text.numbers import amounts

_TOLERANCE: Final = f"{100 * CLOSE:g}%"
"""How the screen writes ``CLOSE``."""


def finding(kinds: Sequence[Kind], run_count: int, difference: Difference | None = None) -> str:
    """Say what the runs have shown.

    Parameters
    ----------
    kinds : sequence of Kind
    run_count : int
        How many runs of each kind there are when the work is done.
    difference : Difference, optional
        How far the results that are close to the best one differ from it, where that is known.
    """
    done = kinds[0].run_count >= run_count
    if len({outcome.partition for kind in kinds for outcome in kind.outcomes}) == 1:
        total = sum(kind.run_count for kind in kinds)
        parts = [message("starts.same", done=done, total=total, cost=kinds[0].best_cost)]
    else:
        parts = list(_results(kinds, done, difference))
    return " ".join([*parts, *_stopped(kinds)])


def _results(kinds: Sequence[Kind], done: bool, difference: Difference | None) -> Iterator[str]:
    random = next(kind for kind in kinds if kind.name == "random")
    yield message(
        "starts.best",
        done=done,
        found=random.best_count,
        count=random.run_count,
        results=len(random.best_partitions),
        cost=random.best_cost,
    )
    near_count = random.close_count - random.best_count
    if near_count and difference:
        key = "starts.close_difference"
        yield message(key, count=near_count, tolerance=_TOLERANCE, points=difference.points, n=difference.n)
    elif near_count:
        yield message("starts.close", count=near_count, tolerance=_TOLERANCE)
    yield _other_kinds(kinds)
    yield _worst(random.best_cost, max(float(kind.costs.max()) for kind in kinds))


def _other_kinds(kinds: Sequence[Kind]) -> str:
    """Say how often the kinds that spread their centers out did as well as random points."""
    random, first, second = (kind for kind in kinds if kind.name == "random" or kind.name.endswith("k-means++"))
    names = {
        "first_count": first.run_count,
        "first_kind": first.noun,
        "second_count": second.run_count,
        "second_kind": second.noun,
    }
    if any(kind.close_count > kind.best_count for kind in (random, first, second)):
        counts = {"random": random.close_count, "first": first.close_count, "second": second.close_count}
        return message("starts.kinds_close", **counts, **names)
    return message("starts.kinds_best", first=first.best_count, second=second.best_count, **names)


def _worst(best: float, worst: float) -> str:
    """Say how much more the worst result costs than the best one."""
    if worst <= best * (1 + CLOSE):
        return message("starts.worst_close", tolerance=_TOLERANCE)
    if not best:
        return message("starts.worst_cost", cost=worst)
    if worst < 2 * best:
        return message("starts.worst_percent", percent=f"{100 * (worst / best - 1):.2g}%")
    return message("starts.worst_times", times=f"{worst / best:.2g}")


def _stopped(kinds: Sequence[Kind]) -> Iterator[str]:
    """Say how many runs reached the iteration limit, if any did."""
    if stopped := sum(kind.stopped_count for kind in kinds):
        yield message("starts.stopped", stopped=stopped, total=sum(kind.run_count for kind in kinds))


def crowding_reason(kinds: Sequence[Kind], crowding: Crowding) -> str:
    """Say why k-means++ does worse than random points here; empty unless the numbers bear the reason out."""
    spread = next(kind for kind in kinds if kind.name == "k-means++")
    close = np.array([spread.is_close(outcome) for outcome in spread.outcomes[: len(crowding.spread)]])
    crowded, free, random = (
        int(np.count_nonzero(runs)) for runs in (crowding.spread, ~crowding.spread, crowding.random)
    )
    crowded_close, free_close = (int(np.count_nonzero(close[runs])) for runs in (crowding.spread, ~crowding.spread))
    runs, random_runs = len(crowding.spread), len(crowding.random)
    crowds_more = is_clearly_more(crowded, runs, random, random_runs)
    if not (crowds_more and is_clearly_more(free_close, free, crowded_close, crowded)):
        return ""
    return message(
        "starts.crowding",
        share=crowding.cost_share,
        crowded=crowded,
        runs=runs,
        random=random,
        random_runs=random_runs,
        crowded_close=crowded_close,
        free=free,
        free_close=free_close,
        tolerance=_TOLERANCE,
    )


def histogram_title(kind: Kind) -> str:
    """Return the line above a kind's histogram."""
    return message(
        "starts.histogram_title",
        kind=kind.title,
        best=kind.best_count,
        close=kind.close_count - kind.best_count,
        tolerance=_TOLERANCE,
        count=kind.run_count,
    )


def bar_hint(count: int, low: float, high: float) -> str:
    """Return what a bar says on hover: how many runs ended in its range of costs."""
    low_text, high_text = amounts([low, high])
    return message("starts.bar", count=count, low=low_text, high=high_text)


def histogram_alt(kinds: Sequence[Kind]) -> str:
    """Describe the histograms for readers who can't see them."""
    return " ".join([message("starts.histograms_alt"), *map(_kind_alt, kinds)])


def _kind_alt(kind: Kind) -> str:
    lowest, highest = amounts([float(kind.costs.min()), float(kind.costs.max())])
    return message(
        "starts.histogram_alt",
        kind=kind.title,
        best=kind.best_count,
        count=kind.run_count,
        close=kind.close_count - kind.best_count,
        tolerance=_TOLERANCE,
        lowest=lowest,
        highest=highest,
    )
