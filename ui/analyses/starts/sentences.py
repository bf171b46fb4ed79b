"""Sentences of the page: the finding, the reason why k-means++ does worse, and the texts of the histograms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kmeans_core.messages.numbers import amounts
from ui.analyses.starts.coverage import Contest, Coverage, contest
from ui.analyses.starts.crowding import Crowding, is_clearly_more
from ui.analyses.starts.outcomes import CLOSE, Difference, Kind
from ui.text.messages import message


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
    is_done = kinds[0].run_count >= run_count
    if len({outcome.partition for kind in kinds for outcome in kind.outcomes}) == 1:
        total = sum(kind.run_count for kind in kinds)
        parts = [message("starts.same", done=is_done, total=total)]
    else:
        parts = list(_results(kinds, is_done, difference))
    return " ".join([*parts, *_stopped(kinds)])


def _results(kinds: Sequence[Kind], is_done: bool, difference: Difference | None) -> Iterator[str]:
    random = next(kind for kind in kinds if kind.name == "random")
    yield message(
        "starts.best",
        done=is_done,
        found=random.best_count,
        count=random.run_count,
        results=len(random.best_partitions),
    )
    near_count = random.close_count - random.best_count
    if near_count and difference:
        key = "starts.close_difference"
        yield message(key, count=near_count, tolerance=CLOSE, points=difference.points, n=difference.n)
    elif near_count:
        yield message("starts.close", count=near_count, tolerance=CLOSE)
    yield _winner(kinds)
    yield _worst(random.best_cost, max(float(kind.costs.max()) for kind in kinds))


def _winner(kinds: Sequence[Kind]) -> str:
    """Say which kind of starting centers came close to the best result most often."""
    winner = contest(kinds).winner
    is_tie = len({kind.close_count / kind.run_count for kind in kinds}) == 1
    return message(
        "starts.winner",
        kind="all" if is_tie else winner.name,
        close=any(kind.close_count > kind.best_count for kind in kinds),
        found=winner.close_count,
        count=winner.run_count,
    )


def _worst(best: float, worst: float) -> str:
    """Say how much more the worst result costs than the best one."""
    if worst <= best * (1 + CLOSE):
        return message("starts.worst_close", tolerance=CLOSE)
    if not best:
        return message("starts.worst_cost", cost=worst)
    if worst < 2 * best:
        return message("starts.worst_percent", percent=100 * (worst / best - 1))
    return message("starts.worst_times", times=worst / best)


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
        crowded=crowded / runs,
        random=random / random_runs,
        crowded_close=crowded_close / crowded,
        tolerance=CLOSE,
    )


def coverage_reason(ends: Contest, coverage: Coverage) -> str:
    """Say why a kind of starting centers does best here; empty unless the numbers bear the reason out."""
    runs, missed = len(coverage.loser), np.concatenate([coverage.winner, coverage.loser])
    close = np.array([kind.is_close(outcome) for kind in ends for outcome in kind.outcomes[:runs]])
    winner_missed, loser_missed = (int(np.count_nonzero(kind)) for kind in (coverage.winner, coverage.loser))
    missed_close, full_close = (int(np.count_nonzero(close[mask])) for mask in (missed, ~missed))
    missed_count, full_count = int(np.count_nonzero(missed)), int(np.count_nonzero(~missed))
    misses_more = is_clearly_more(loser_missed, runs, winner_missed, runs)
    if not (misses_more and is_clearly_more(full_close, full_count, missed_close, missed_count)):
        return ""
    return message(
        "starts.coverage",
        winner=ends.winner.name,
        loser=ends.loser.name,
        none=not winner_missed,
        winner_missed=winner_missed / runs,
        loser_missed=loser_missed / runs,
        missed_close=missed_close / missed_count,
        close=missed_close + full_close
        > sum(outcome.partition in kind.best_partitions for kind in ends for outcome in kind.outcomes[:runs]),
        tolerance=CLOSE,
    )


def histogram_title(kind: Kind) -> str:
    """Return the line above a kind's histogram."""
    return message(
        "starts.histogram_title",
        kind=kind.title,
        best=kind.best_count,
        close=kind.close_count - kind.best_count,
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
        tolerance=CLOSE,
        lowest=lowest,
        highest=highest,
    )
