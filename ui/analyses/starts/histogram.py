"""Histograms of final costs, one for each kind of starting centers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ui.analyses.starts import sentences
from ui.analyses.starts.outcomes import CLOSE, Kind, StartOutcome
from ui.charts.figures import ACCENT, PLAIN, Theme, apply_layout
from ui.text.messages import message


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram: its range on the axis of costs, and the runs that ended there."""

    low: float
    high: float
    outcomes: tuple[StartOutcome, ...]

    def holds(self, outcome: StartOutcome, is_first: bool) -> bool:
        """Tell whether a run's cost lies in the bar's range, whose lower end belongs to the first bar alone."""
        return (is_first or outcome.cost > self.low) and outcome.cost <= self.high


def histogram(kinds: Sequence[Kind], bars: int = 40) -> dict[str, list[Bar]]:
    """Return each kind's bars that are not empty, on one axis; the first one holds runs close to the best result."""
    edges = _edges(kinds, bars)
    ranges = [Bar(low, high, ()) for low, high in pairwise(edges)]
    return {
        kind.name: [
            Bar(bar.low, bar.high, members)
            for index, bar in enumerate(ranges)
            if (members := tuple(outcome for outcome in kind.outcomes if bar.holds(outcome, index == 0)))
        ]
        for kind in kinds
    }


def _edges(kinds: Sequence[Kind], bars: int) -> list[float]:
    """Return the edges of the bars: the best result and those close to it, then equal steps up to the worst one.

    Where all are close to the best one, the steps are equal.
    """
    costs = np.concatenate([kind.costs for kind in kinds])
    best, worst = float(costs.min()), float(costs.max())
    close = best * (1 + CLOSE)
    if worst > close:
        return [best, close, *np.linspace(close, worst, bars + 1)[1:].tolist()]
    return np.linspace(best, worst, bars + 1).tolist() if worst > best else [best, close or 1.0]


def figure(kinds: Sequence[Kind], cost_words: str, theme: Theme) -> go.Figure:
    """Return the histograms below each other on one axis of costs, which is called ``cost_words``.

    Every bar's ``customdata`` holds the kind and the seed of its first run.
    """
    bars = histogram(kinds)
    width = max(bar.high - bar.low for row in bars.values() for bar in row)
    chart = make_subplots(
        rows=len(kinds),
        shared_xaxes=True,
        shared_yaxes="all",
        vertical_spacing=0.095,
        subplot_titles=[sentences.histogram_title(kind) for kind in kinds],
    )
    for row, kind in enumerate(kinds, start=1):
        chart.add_trace(_bars(kind, bars[kind.name], width, theme), row=row, col=1)
    # All of them fit below the finding on a screen that is 720 pixels high.
    apply_layout(chart, theme, height=60 + 48 * len(kinds), bargap=0)
    chart.update_yaxes(nticks=2, rangemode="tozero")
    title = message("starts.axis", cost=cost_words)
    chart.update_xaxes(title={"text": title, "standoff": 6}, row=len(kinds), col=1)
    chart.update_annotations(x=0, xanchor="left", align="left", font={"size": 13})
    chart.update_layout(margin={"t": 20, "b": 4})
    return chart


def _bars(kind: Kind, bars: Sequence[Bar], width: float, theme: Theme) -> go.Bar:
    """Return a kind's bars, all of one width: the thin bar of the best results, too, has to be seen and clicked."""
    return go.Bar(
        x=[bar.high - width / 2 for bar in bars],
        y=[len(bar.outcomes) for bar in bars],
        width=[0.9 * width] * len(bars),
        marker={"color": [(PLAIN if index or not kind.close_count else ACCENT)[theme] for index in range(len(bars))]},
        customdata=[[kind.name, bar.outcomes[0].seed] for bar in bars],
        hovertext=[sentences.bar_hint(len(bar.outcomes), bar.low, bar.high) for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )
