"""Many starts of one setting: what each kind of start comes to. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from kmeans_core import INITIALISERS
from kmeans_core.datasets import SEED
from ui.environment import LIMITS
from ui.figures import ACCENT, PLAIN, Theme, laid_out
from ui.narration import amount, counted
from ui.settings import ITERATIONS, Settings

COUNTS: Final = tuple(count for count in (25, 50, 100, 200, 500, 1000, 2000) if count <= max(25, LIMITS.max_starts))
"""How many starts of each kind can be asked for."""

KINDS: Final = tuple(name for name in INITIALISERS if name != "given")
"""The starts that depend on chance."""

_SPEED: Final = {"mean": 4.0, "median": 1.0, "medoid": 0.25}
"""How fast the runs of each rule are, those by medians being 1."""

AS_GOOD: Final = 1e-3
"""Costs that differ by less than this fraction are the same end: nobody sees the difference in a picture."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one start came to."""

    seed: int
    cost: float
    iterations: int


def undecided(settings: Settings) -> Settings:
    """Return the settings without what decides the start, so that all who ask the same share the answer.

    Centers that were moved by hand belong to one run and are left out; points that were drawn or erased stay. Runs go
    on until they rest, or an end would be where they were stopped.
    """
    whole_runs = int(ITERATIONS.high)
    return replace(settings.without_moves(), start=KINDS[0], seed=0, centers=(), backend="numpy", iterations=whole_runs)


@dataclass(frozen=True, slots=True)
class Kind:
    """All starts of one kind so far.

    ``reached`` counts those that came to the best end that any start of any kind found.
    """

    name: str
    outcomes: tuple[Outcome, ...]
    reached: int

    @property
    def title(self) -> str:
        """What the screen calls it."""
        return INITIALISERS[self.name].title

    @property
    def share(self) -> float:
        """The share of starts that reached the best end, 0 .. 1."""
        return self.reached / len(self.outcomes)

    @property
    def costs(self) -> NDArray[np.float64]:
        """The final costs, ``(r,) float64``."""
        return np.array([outcome.cost for outcome in self.outcomes])

    @property
    def iterations(self) -> float:
        """The median number of iterations."""
        return float(np.median([outcome.iterations for outcome in self.outcomes]))

    def extreme(self, worst: bool = False) -> Outcome:
        """Return the first start with the least cost, or with the largest."""
        return (max if worst else min)(self.outcomes, key=lambda outcome: outcome.cost)


def chunks(n: int, count: int, rule: str) -> list[tuple[int, int]]:
    """Return the first seed and the number of starts of each part of the work on ``n`` points: a blink of an eye."""
    size = max(3, int(min(25, 75_000 / n) * _SPEED[rule]))
    return [(first, min(size, count - first)) for first in range(0, count, size)]


def is_heavy(n: int, count: int, rule: str) -> bool:
    """Tell whether so many starts of each kind take so long that they should be asked for."""
    return n * count * len(KINDS) > 4_000_000 * _SPEED[rule]


def by_kind(parts: Sequence[Mapping[str, Sequence[Outcome]]]) -> list[Kind]:
    """Return the kinds of start, each against the best of all."""
    found = {name: [outcome for part in parts for outcome in part[name]] for name in KINDS}
    best = min(outcome.cost for outcomes in found.values() for outcome in outcomes)
    return [
        Kind(name, tuple(outcomes), sum(is_best(outcome.cost, best) for outcome in outcomes))
        for name, outcomes in found.items()
    ]


def picked(data: object) -> tuple[str, int] | None:
    """Return the kind and the seed of a bar that was clicked; None for what no bar holds, as a browser may say."""
    match data:
        case [str(kind), int(seed)] if kind in KINDS and SEED.low <= seed <= SEED.high:
            return kind, seed
    return None


def is_best(cost: float, best: float) -> bool:
    """Tell whether a cost is the best one, as far as a picture shows."""
    return cost <= best * (1 + AS_GOOD)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram: from where to where on the axis of costs, and the starts that ended there."""

    low: float
    high: float
    outcomes: tuple[Outcome, ...]


def histogram(kinds: Sequence[Kind], bars: int = 40) -> dict[str, list[Bar]]:
    """Return each kind's bars that are not empty, on one axis; the best end has a bar of its own."""
    costs = np.concatenate([kind.costs for kind in kinds])
    best, worst = float(costs.min()), float(costs.max())
    first = best * (1 + AS_GOOD)
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


def finding(kinds: Sequence[Kind], wanted: int) -> str:
    """Say what the starts have shown, with their numbers; ``wanted`` is how many of each kind there are to be."""
    by_name = {kind.name: kind for kind in kinds}
    random, spread = by_name["random"], by_name["k-means++"]
    count = len(random.outcomes)
    best, worst = (min(kind.costs.min() for kind in kinds), max(kind.costs.max() for kind in kinds))
    so_far = "So far, " if count < wanted else ""
    if is_best(worst, best):
        same = (
            f"all of the {counted(sum(len(kind.outcomes) for kind in kinds), 'start')} came to the same end, at a cost "
            f"of {amount(best)}: on these points, with this K, the start does not matter."
        )
        return so_far + same if so_far else same[0].upper() + same[1:]
    dear = f"costs {worst / best:.2g} times as much" if best else f"costs {amount(worst)}"
    of = f"{so_far}{'of' if so_far else 'Of'} {counted(count, 'random start')}"
    return (
        f"{of}, {random.reached} reached the best end that any start found, at a cost of {amount(best)}. "
        f"{_beside_random(spread, random)} The worst end {dear}, and a run that ends there can’t tell."
    )


def _beside_random(spread: Kind, random: Kind) -> str:
    """Say whether k-means++, which takes more care, did better than chance alone."""
    who = f"{spread.title}, which takes care to spread its centers out,"
    of = f"{spread.reached} of {len(spread.outcomes)}"
    if spread.reached > random.reached:
        return f"{who} reached it more often: {of}."
    if spread.reached < random.reached:
        return f"{who} reached it less often: {of}."
    return f"{who} reached it just as often."


def numbers(kinds: Sequence[Kind]) -> dict[str, list[object]]:
    """Return the kinds as the columns of a table."""
    return {
        "start": [kind.title for kind in kinds],
        "starts": [len(kind.outcomes) for kind in kinds],
        "reached the best end": [kind.reached for kind in kinds],
        "share": [round(kind.share, 4) for kind in kinds],
        "least cost": [float(kind.costs.min()) for kind in kinds],
        "median cost": [float(np.median(kind.costs)) for kind in kinds],
        "largest cost": [float(kind.costs.max()) for kind in kinds],
        "iterations (median)": [kind.iterations for kind in kinds],
    }


def all_numbers(kinds: Sequence[Kind]) -> dict[str, list[object]]:
    """Return every start as the columns of a table: what it was and what it came to."""
    every = [(kind.name, outcome) for kind in kinds for outcome in kind.outcomes]
    return {
        "start": [name for name, _ in every],
        "seed": [outcome.seed for _, outcome in every],
        "cost": [outcome.cost for _, outcome in every],
        "iterations": [outcome.iterations for _, outcome in every],
    }


# --- The chart


def figure(kinds: Sequence[Kind], words: str, theme: Theme) -> go.Figure:
    """Return one histogram of final costs for each kind of start, below each other on one axis.

    Every bar's ``customdata`` holds the kind and the seed of the first start in it.
    """
    titles = [
        f"{kind.title}: {kind.reached} of {counted(len(kind.outcomes), 'start')} reached the best end" for kind in kinds
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
            marker={"color": [(PLAIN if at or not kind.reached else ACCENT)[theme] for at in range(len(own))]},
            customdata=[[kind.name, bar.outcomes[0].seed] for bar in own],
            hovertext=[
                f"{counted(len(bar.outcomes), 'start')} ended at {amount(bar.low)} to {amount(bar.high)}" for bar in own
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

    The best end's bar is thin, but has to be seen and hit: it is as wide as the others, to the left.
    """
    return [bar.high - width / 2 for bar in bars], [0.9 * width] * len(bars)


def in_words(kinds: Sequence[Kind]) -> str:
    """Say what the histograms show, for those who can't see them."""
    told = [
        f"{kind.title}: {kind.reached} of {len(kind.outcomes)} reached the best end; costs from "
        f"{amount(float(kind.costs.min()))} to {amount(float(kind.costs.max()))}."
        for kind in kinds
    ]
    return f"How often each final cost was reached, one histogram for each kind of start. {' '.join(told)}"
