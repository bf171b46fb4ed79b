"""Many starts of one setting: what each kind of start comes to. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from kmeans_core import INITIALISERS, match_clusters
from kmeans_core.datasets import SEED
from kmeans_core.types import Labels
from server.config import LIMITS
from ui.charts.figures import ACCENT, PLAIN, Theme, laid_out
from ui.settings.effort import run_seconds
from ui.text.numbers import amount, amounts, counted, whole

COUNTS: Final = tuple(count for count in (25, 50, 100, 200, 500, 1000, 2000) if count <= max(25, LIMITS.max_starts))
"""How many starts of each kind can be asked for."""

UNUSED: Final = ("init", "seed", "max_iter")
"""Settings that the page decides itself. Few runs reach the usual iteration limit; the page counts those that do."""

KINDS: Final = tuple(name for name in INITIALISERS if name != "given")
"""The starts that depend on chance."""

_PART_SECONDS: Final = 0.5
"""About how long one part of the work takes: the page shows what it has so far this often."""

_MOST_PER_PART: Final = 100
"""The most runs of each kind in one part of the work."""

_HEAVY_SECONDS: Final = 5.0
"""Work that takes longer waits until a person asks for it."""

CLOSE: Final = 1e-3
"""A run is close to the best result if its cost is at most this fraction higher."""

CLOSE_WORDS: Final = f"{100 * CLOSE:g}\N{NARROW NO-BREAK SPACE}%"
"""How the screen writes ``CLOSE``."""

_ROUNDING: Final = 1e-9
"""Costs that differ by a smaller fraction are equal: they are sums of the same terms in another order."""


MOST_COMPARED: Final = 12
"""The most partitions close to the best one whose labels are compared."""

WHAT_COUNTS: Final = (
    "Runs found the same result if they put the same points together, whatever the clusters are called. Costs alone "
    "can’t tell: different results may cost nearly the same. A run that has converged is at a fixed point: neither "
    "assign nor refine changes anything. Moving a single point to another cluster may still lower the cost; the method "
    "of Hartigan and Wong, the default in R, tries that too."
)
"""What the page counts, and what the end of a run is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to; ``partition`` is the key of its clustering, by which results are the same or not."""

    seed: int
    cost: float
    iterations: int
    partition: bytes
    converged: bool


class Ended(Protocol):
    """The end of a run, as far as it takes part in a comparison of results."""

    @property
    def cost(self) -> float:
        """The rule's own cost."""

    @property
    def partition(self) -> bytes:
        """The key of its clustering, as ``kmeans_core.partition_key`` gives it."""


def best_partitions(ends: Iterable[Ended]) -> frozenset[bytes]:
    """Return the partitions with the lowest cost: one, or several whose costs are equal but for rounding."""
    every = list(ends)
    least = min(end.cost for end in every)
    return frozenset(end.partition for end in every if end.cost <= least * (1 + _ROUNDING))


@dataclass(frozen=True, slots=True)
class Kind:
    """All runs from one kind of starting centers so far.

    ``best`` is the lowest cost that any run of any kind found, and ``partitions`` what that cost belongs to.
    """

    name: str
    outcomes: tuple[Outcome, ...]
    best: float
    partitions: frozenset[bytes]

    @property
    def title(self) -> str:
        """What the screen calls it."""
        return INITIALISERS[self.name].title

    @property
    def noun(self) -> str:
        """What a sentence calls it."""
        return self.title[0].lower() + self.title[1:]

    @property
    def found(self) -> int:
        """How many runs found the best result: its very partition of the points."""
        return sum(outcome.partition in self.partitions for outcome in self.outcomes)

    @property
    def close(self) -> int:
        """How many runs found the best result or another one that costs hardly more."""
        return sum(self.is_close(outcome) for outcome in self.outcomes)

    def is_close(self, outcome: Outcome) -> bool:
        """Tell whether a run found the best result or another one that costs hardly more."""
        return outcome.partition in self.partitions or outcome.cost <= self.best * (1 + CLOSE)

    @property
    def share(self) -> float:
        """The share of runs that found the best result, 0 .. 1."""
        return self.found / len(self.outcomes)

    @property
    def results(self) -> int:
        """How many different partitions the runs found."""
        return len({outcome.partition for outcome in self.outcomes})

    @property
    def stopped(self) -> int:
        """How many runs reached the iteration limit before they converged."""
        return sum(not outcome.converged for outcome in self.outcomes)

    @property
    def costs(self) -> NDArray[np.float64]:
        """The final costs, ``(r,) float64``."""
        return np.array([outcome.cost for outcome in self.outcomes])

    @property
    def iterations(self) -> float:
        """The median number of iterations."""
        return float(np.median([outcome.iterations for outcome in self.outcomes]))

    def extreme(self, worst: bool = False) -> Outcome:
        """Return the first run with the lowest cost, or with the highest."""
        return (max if worst else min)(self.outcomes, key=lambda outcome: outcome.cost)


def chunks(n: int, count: int, rule: str) -> list[tuple[int, int]]:
    """Return the first seed and the number of starts of each part of the work on ``n`` points: a blink of an eye."""
    size = max(3, min(_MOST_PER_PART, int(_PART_SECONDS / run_seconds(n, rule, len(KINDS)))))
    return [(first, min(size, count - first)) for first in range(0, count, size)]


def is_heavy(n: int, count: int, rule: str) -> bool:
    """Tell whether so many starts of each kind take so long that they should be asked for."""
    return run_seconds(n, rule, count * len(KINDS)) > _HEAVY_SECONDS


def by_kind(parts: Sequence[Mapping[str, Sequence[Outcome]]]) -> list[Kind]:
    """Return the kinds of starting centers, each against the best result of all."""
    found = {name: tuple(outcome for part in parts for outcome in part[name]) for name in KINDS}
    every = [outcome for outcomes in found.values() for outcome in outcomes]
    best, partitions = min(outcome.cost for outcome in every), best_partitions(every)
    return [Kind(name, outcomes, best, partitions) for name, outcomes in found.items()]


def close_seeds(kinds: Sequence[Kind]) -> list[tuple[str, int]]:
    """Return one run, by its kind and seed, for the best result and for each other partition close to it, by cost."""
    every = sorted(
        ((outcome.cost, kind.name, outcome) for kind in kinds for outcome in kind.outcomes if kind.is_close(outcome)),
        key=lambda one: one[0],
    )
    first: dict[bytes, tuple[str, int]] = {}
    for _, name, outcome in every:
        first.setdefault(outcome.partition, (name, outcome.seed))
    return list(first.values())


def picked(data: object) -> tuple[str, int] | None:
    """Return the kind and the seed of a bar that was clicked; None for what no bar holds, as a browser may say."""
    match data:
        case [str(kind), int(seed)] if kind in KINDS and SEED.low <= seed <= SEED.high:
            return kind, seed
    return None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram: from where to where on the axis of costs, and the starts that ended there."""

    low: float
    high: float
    outcomes: tuple[Outcome, ...]


def histogram(kinds: Sequence[Kind], bars: int = 40) -> dict[str, list[Bar]]:
    """Return each kind's bars that are not empty, on one axis; the first one holds runs close to the best result."""
    costs = np.concatenate([kind.costs for kind in kinds])
    best, worst = float(costs.min()), float(costs.max())
    first = best * (1 + CLOSE)
    edges = [best, first, *np.linspace(first, worst, bars + 1)[1:].tolist()] if worst > first else [best, first or 1.0]
    return {
        kind.name: [
            Bar(low, high, inside)
            for at, (low, high) in enumerate(pairwise(edges))
            if (
                inside := tuple(
                    outcome
                    for outcome in kind.outcomes
                    if (at == 0 or outcome.cost > low) and (outcome.cost <= high or high == edges[-1])
                )
            )
        ]
        for kind in kinds
    }


def finding(kinds: Sequence[Kind], wanted: int, differ: Differ | None = None) -> str:
    """Say what the runs have shown, with their numbers.

    Parameters
    ----------
    kinds : sequence of Kind
    wanted : int
        How many runs of each kind there are to be.
    differ : Differ, optional
        How far the results that are close to the best one differ from it, where that is known.
    """
    by_name = {kind.name: kind for kind in kinds}
    random = by_name["random"]
    count, total = len(random.outcomes), sum(len(kind.outcomes) for kind in kinds)
    worst = max(kind.costs.max() for kind in kinds)
    so_far = "So far, " if count < wanted else ""
    partitions = {outcome.partition for kind in kinds for outcome in kind.outcomes}
    if len(partitions) == 1:
        told = (
            f"all {counted(total, 'run')} found the same result, with a cost of {amount(random.best)}: on these "
            "points, with this K, the starting centers do not matter."
        )
    else:
        told = " ".join(
            part
            for part in (
                f"{whole(random.found)} of {counted(count, 'random start')} found {_best_words(random)}.",
                _close_told(random, differ),
                _beside_random(kinds),
                _worst_told(random.best, worst),
            )
            if part
        )
    told = f"{so_far}{told}" if so_far else told[0].upper() + told[1:]
    return f"{told} {stopped}" if (stopped := stopped_told(kinds)) else told


def _best_words(kind: Kind) -> str:
    """Name the best result, and say where several partitions share the lowest cost."""
    cost = amount(kind.best)
    if len(kind.partitions) == 1:
        return f"the best result of all runs (cost {cost})"
    return f"one of the {len(kind.partitions)} best results of all runs, whose costs are equal ({cost})"


@dataclass(frozen=True, slots=True)
class Differ:
    """How far other results near the best one are from it: ``most`` of ``n`` points are in another cluster."""

    most: int
    n: int


def differing(labels: Labels, others: Labels, k: int) -> int:
    """Return how many points are in another cluster, with the clusters of one clustering matched to the other's."""
    return int(np.count_nonzero(match_clusters(labels, others, k=k)[labels] != others))


def _close_told(random: Kind, differ: Differ | None) -> str:
    """Say how many random starts came close to the best result with another partition."""
    others = random.close - random.found
    if not others:
        return ""
    far = f", with at most {whole(differ.most)} of {counted(differ.n, 'point')} in another cluster" if differ else ""
    return f"{whole(others)} more came within {CLOSE_WORDS} of its cost{far}."


def _beside_random(kinds: Sequence[Kind]) -> str:
    """Say how often the kinds that spread their centers out did as well as random points."""
    random, *others = [kind for kind in kinds if kind.name == "random" or kind.name.endswith("k-means++")]
    if any(kind.close > kind.found for kind in (random, *others)):
        told = [f"{whole(kind.close)} of {whole(len(kind.outcomes))} with {kind.noun}" for kind in others]
        return f"That makes {whole(random.close)} at or near the best, against {' and '.join(told)}."
    told = [f"{whole(kind.found)} of {counted(len(kind.outcomes), 'run')} with {kind.noun}" for kind in others]
    return f"So did {' and '.join(told)}."


def _worst_told(best: float, worst: float) -> str:
    """Say how much more the worst result costs than the best one."""
    if worst <= best * (1 + CLOSE):
        return f"No result costs over {CLOSE_WORDS} more than the best one."
    if not best:
        dear = f"costs {amount(worst)}"
    elif worst < 2 * best:
        dear = f"costs {100 * (worst / best - 1):.2g}\N{NARROW NO-BREAK SPACE}% more"
    else:
        dear = f"costs {worst / best:.2g} times as much"
    return f"The worst result {dear}, and nothing in that run warns you."


def stopped_told(kinds: Sequence[Kind]) -> str:
    """Say how many runs were cut off by the iteration limit; nothing where none was."""
    stopped, total = (
        sum(counts) for counts in zip(*((kind.stopped, len(kind.outcomes)) for kind in kinds), strict=True)
    )
    if not stopped:
        return ""
    runs = "1 run" if stopped == 1 else f"{whole(stopped)} of {counted(total, 'run')}"
    return f"{runs} reached the iteration limit before converging: more iterations could still change the result."


# --- The tables


def results_by_cost(kinds: Sequence[Kind]) -> dict[bytes, tuple[int, float]]:
    """Return for each partition its number, the best one being 1, and its lowest cost."""
    least: dict[bytes, float] = {}
    for kind in kinds:
        for outcome in kind.outcomes:
            least[outcome.partition] = min(outcome.cost, least.get(outcome.partition, np.inf))
    in_order = sorted(least.items(), key=lambda one: one[1])
    return {partition: (number, cost) for number, (partition, cost) in enumerate(in_order, start=1)}


def extremes(kinds: Sequence[Kind]) -> list[tuple[Outcome, Outcome, str, str]]:
    """Return each kind's best and worst run and their costs, written so that different results read differently."""
    results = results_by_cost(kinds)
    ends = [(kind.extreme(), kind.extreme(worst=True)) for kind in kinds]
    shown = {outcome.partition: results[outcome.partition][1] for pair in ends for outcome in pair}
    texts = dict(zip(shown, amounts(list(shown.values())), strict=True))
    return [(best, worst, texts[best.partition], texts[worst.partition]) for best, worst in ends]


def numbers(kinds: Sequence[Kind]) -> dict[str, list[object]]:
    """Return the kinds as the columns of a table."""
    return {
        "starting centers": [kind.title for kind in kinds],
        "runs": [len(kind.outcomes) for kind in kinds],
        "found the best result": [kind.found for kind in kinds],
        f"best, or within {100 * CLOSE:g} % of its cost": [kind.close for kind in kinds],
        "share that found the best result": [round(kind.share, 4) for kind in kinds],
        "different results": [kind.results for kind in kinds],
        "lowest cost": [float(kind.costs.min()) for kind in kinds],
        "median cost": [float(np.median(kind.costs)) for kind in kinds],
        "highest cost": [float(kind.costs.max()) for kind in kinds],
        "iterations (median)": [kind.iterations for kind in kinds],
        "stopped by the iteration limit": [kind.stopped for kind in kinds],
    }


def all_numbers(kinds: Sequence[Kind]) -> dict[str, list[object]]:
    """Return every run as the columns of a table: what it was and what it came to.

    Runs with the same number in "result" found the same partition; 1 is the best one.
    """
    every = [(kind.name, outcome) for kind in kinds for outcome in kind.outcomes]
    results = results_by_cost(kinds)
    return {
        "start": [name for name, _ in every],
        "seed": [outcome.seed for _, outcome in every],
        "cost": [outcome.cost for _, outcome in every],
        "result": [results[outcome.partition][0] for _, outcome in every],
        "iterations": [outcome.iterations for _, outcome in every],
        "converged": [outcome.converged for _, outcome in every],
    }


# --- The chart


def figure(kinds: Sequence[Kind], words: str, theme: Theme) -> go.Figure:
    """Return one histogram of final costs for each kind of start, below each other on one axis.

    Every bar's ``customdata`` holds the kind and the seed of the first start in it.
    """
    titles = [
        f"{kind.title}: {whole(kind.found)} best, {whole(kind.close - kind.found)} more within {CLOSE_WORDS}, "
        f"of {whole(len(kind.outcomes))}"
        for kind in kinds
    ]
    bars = histogram(kinds)
    width = max(bar.high - bar.low for own in bars.values() for bar in own)
    drawn = make_subplots(
        rows=len(kinds), shared_xaxes=True, shared_yaxes="all", vertical_spacing=0.09, subplot_titles=titles
    )
    for row, kind in enumerate(kinds, start=1):
        own = bars[kind.name]
        middles, widths = _places(own, width)
        drawn.add_bar(
            row=row,
            col=1,
            x=middles,
            y=[len(bar.outcomes) for bar in own],
            width=widths,
            marker={"color": [(PLAIN if at or not kind.close else ACCENT)[theme] for at in range(len(own))]},
            customdata=[[kind.name, bar.outcomes[0].seed] for bar in own],
            hovertext=[
                f"{counted(len(bar.outcomes), 'run')} ended at {' to '.join(amounts([bar.low, bar.high]))}"
                for bar in own
            ],
            hovertemplate="%{hovertext}<br>Click: step through the first one<extra></extra>",
        )
    laid_out(drawn, theme, height=60 + 105 * len(kinds), bargap=0)
    drawn.update_yaxes(nticks=3, rangemode="tozero")
    drawn.update_xaxes(title={"text": f"final cost: {words}", "standoff": 6}, row=len(kinds), col=1)
    drawn.update_annotations(x=0, xanchor="left", font={"size": 13})
    return drawn


def _places(bars: Sequence[Bar], width: float) -> tuple[list[float], list[float]]:
    """Return where each bar has its middle and how wide it is drawn.

    The bar of the best results is thin, but has to be seen and hit: it is as wide as the others, to the left.
    """
    return [bar.high - width / 2 for bar in bars], [0.9 * width] * len(bars)


def in_words(kinds: Sequence[Kind]) -> str:
    """Say what the histograms show, for those who can't see them."""
    told = [
        f"{kind.title}: {kind.found} of {len(kind.outcomes)} found the best result, {kind.close - kind.found} more "
        f"came within {CLOSE_WORDS} of its cost; costs from "
        f"{' to '.join(amounts([float(kind.costs.min()), float(kind.costs.max())]))}."
        for kind in kinds
    ]
    return f"How often each final cost was found, one histogram for each kind of starting centers. {' '.join(told)}"
