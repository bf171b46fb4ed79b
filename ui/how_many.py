"""How many clusters? What three well-known criteria say of every K, here and where there is nothing to find.

Knows nothing of Streamlit. "Even" points are spread evenly over the box of the data: what a criterion says of them, it
says of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from kmeans_core import RULES, Outcome, RunConfig, Trace, gap_statistic, run, run_many, silhouette
from kmeans_core.rules import Distance
from kmeans_core.types import Labels, Points
from ui.figures import ACCENT, PLAIN, Theme, laid_out
from ui.miniature import MOST_POINTS, Ending, sample
from ui.narration import amount, counted, kept_together, whole
from ui.palette import CLUSTER_COLORS, MAX_K
from ui.settings import Settings
from ui.starts import undecided

LARGEST: Final = 15
"""The largest K that is tried: more than has colours, so that the curves go on behind it."""

STARTS: Final = 8
"""How many starts each K has; the best one counts."""

DRAWS: Final = 10
"""How many sets of even points the gap statistic compares with."""

GAP_STARTS: Final = 4
"""How many starts each K has for the gap statistic, on the data and on every draw: those are many."""

MOST_JUDGED: Final = 1000
"""The most points that silhouettes and the gap statistic look at: all pairs of more would take too long."""

CRITERIA: Final = {"elbow": "Elbow", "silhouette": "Silhouette", "gap": "Gap statistic"}
"""The criteria, and what the screen calls them."""

_SHORTER: Final = 8
"""Where the elbow's curve is cut to see whether its bend stays."""

DISAGREE: Final = (
    "Why don’t they agree? The elbow asks how fast the cost falls, the silhouette whether clusters lie apart, the gap "
    "statistic whether there is more to gain than on nothing: three questions, and none of them is what you want the "
    f"clusters for. For each K the best of {STARTS} k-means++ starts counts, on even points too. K = {MAX_K + 1} to "
    f"{LARGEST} can’t be looked at: there are {MAX_K} colors that can be told apart."
)
"""Why three criteria say three things, and how each K was tried."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a K came to; the second of two numbers is that of even points.

    ``costs`` are the rule's own, ``silhouettes`` means over the points that were looked at, NaN where there is but one
    cluster; ``squares`` are sums of squares for the gap statistic, ``reference`` those of its draws.
    """

    k: int
    seed: int
    costs: tuple[float, float]
    silhouettes: tuple[float, float]
    squares: tuple[float, float]
    reference: tuple[float, ...]


def asked(settings: Settings) -> Settings:
    """Return the settings without what this page decides itself, so that all who ask the same share the answer."""
    return replace(undecided(settings), k=1, start="k-means++")


def parts(n: int) -> list[tuple[int, ...]]:
    """Return the values of K in the order and the portions in which they are tried; one alone would say nothing."""
    values = tuple(range(1, min(LARGEST, n) + 1))
    return [values[:2], *((k,) for k in values[2:])]


def runs(ks: Sequence[int]) -> int:
    """Return how many runs it takes to try these values of K, on even points too."""
    return 2 * STARTS * len(ks)


def is_heavy(n: int, rule: str) -> bool:
    """Tell whether trying all K takes so long that it should be asked for."""
    return n * (1 if rule == "mean" else 5) > 30_000


# --- Computing


def even_points(points: Points, count: int, draw: int) -> Points:
    """Return so many points, ``(count, d)``, spread evenly over the box of ``points``: the same for the same draw."""
    low, high = points.min(axis=0), points.max(axis=0)
    # More than one word of seed: data are drawn with one, and must not be compared with themselves.
    drawn: Points = np.random.default_rng([draw, 0, 1]).random((count, points.shape[1])) * (high - low) + low
    return drawn


def best_run(points: Points, config: RunConfig, starts: int) -> Trace:
    """Return the run with the least cost of so many starts."""
    return run(points, _best_outcome(points, config, starts).config)


def least_cost(points: Points, config: RunConfig, starts: int) -> float:
    """Return the cost of ``best_run``, without going through that run once more."""
    return _best_outcome(points, config, starts).cost


def _best_outcome(points: Points, config: RunConfig, starts: int) -> Outcome:
    outcomes = run_many(points, [replace(config, seed=seed) for seed in range(starts)])
    return min(outcomes, key=lambda outcome: outcome.cost)


def judged(points: Points, best: Trace) -> Tried:
    """Return what the best run on the points says of its K, beside the same on even points."""
    config = best.config
    even = even_points(points, len(points), 0)
    of_even = best_run(even, config, STARTS)
    some = sample(len(points), MOST_JUDGED)
    squares = replace(config, rule="mean")
    draws = (even_points(points, len(some), draw) for draw in range(1, DRAWS + 1))
    return Tried(
        k=config.k,
        seed=best.config.seed,
        costs=(best.cost, of_even.cost),
        silhouettes=(
            _mean_silhouette(points[some], best.labels[some], config.rule),
            _mean_silhouette(even[some], of_even.labels[some], config.rule),
        ),
        squares=(least_cost(points[some], squares, GAP_STARTS), least_cost(even[some], squares, GAP_STARTS)),
        reference=tuple(least_cost(draw, squares, GAP_STARTS) for draw in draws),
    )


def silhouettes(points: Points, labels: Labels, rule: str) -> NDArray[np.float64]:
    """Return the silhouettes of some points, ``(m,)``, by the rule's plain distance; none where one cluster is seen."""
    if len(np.unique(labels)) < 2:
        return np.empty(0)
    distance: Distance = "cityblock" if RULES[rule].distance == "cityblock" else "euclidean"
    return silhouette(points, labels, distance=distance)


def _mean_silhouette(points: Points, labels: Labels, rule: str) -> float:
    values = silhouettes(points, labels, rule)
    return float(values.mean()) if len(values) else nan


# --- What the criteria say


@dataclass(frozen=True, slots=True)
class Curve:
    """One criterion over K for one set of points, and the K that it points at, if it does.

    ``values`` are ``(m,) float64`` for K from 1 on, ``errors`` the same or nothing.
    """

    values: NDArray[np.float64]
    says: int | None
    errors: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What one criterion says of the points, and of even ones."""

    name: str
    own: Curve
    even: Curve

    @property
    def title(self) -> str:
        """What the screen calls it."""
        return CRITERIA[self.name]


def elbow_of(costs: ArrayLike) -> int | None:
    """Return the K at which a curve of costs lies farthest below the line from its first to its last value.

    None where the curve does not fall, or has no bend.
    """
    values = np.asarray(costs, dtype=np.float64)
    if len(values) < 3 or values[0] <= values[-1]:
        return None
    below = np.linspace(1, 0, len(values)) - (values - values[-1]) / (values[0] - values[-1])
    return int(np.argmax(below)) + 1 if below.max() > 1e-9 else None


def peak_of(means: ArrayLike) -> int | None:
    """Return the K with the largest mean silhouette, if any has one."""
    values = np.asarray(means, dtype=np.float64)
    return None if np.isnan(values).all() else int(np.nanargmax(values)) + 1


def first_good_gap(gap: NDArray[np.float64], error: NDArray[np.float64]) -> int | None:
    """Return the authors' choice: the first K whose gap is at least the next one's less that one's error."""
    good = np.flatnonzero(gap[:-1] >= gap[1:] - error[1:])
    return int(good[0]) + 1 if len(good) else None


def criteria(tried: Sequence[Tried]) -> list[Criterion]:
    """Return what each criterion says of the K that were tried so far, 1, 2, ..."""
    reference = np.array([one.reference for one in tried]).T

    def gap(which: int) -> Curve:
        values, errors = gap_statistic([one.squares[which] for one in tried], reference)
        return Curve(values, first_good_gap(values, errors), errors)

    def cost(which: int) -> Curve:
        values = np.array([one.costs[which] for one in tried])
        return Curve(100 * values / (values[0] or 1.0), elbow_of(values))

    def mean(which: int) -> Curve:
        values = np.array([one.silhouettes[which] for one in tried])
        return Curve(values, peak_of(values))

    return [Criterion(name, curve(0), curve(1)) for name, curve in zip(CRITERIA, (cost, mean, gap), strict=True)]


def all_of(parts: Sequence[Sequence[Tried]]) -> list[Tried]:
    """Return every K that was tried, in order."""
    return [one for part in parts for one in part]


def choices(tried: Sequence[Tried]) -> list[int]:
    """Return the values of K that can be looked at: those that were tried and have colours; 0 leaves it to the page."""
    return list(range(min(len(tried), MAX_K) + 1))


def looked_at(found: Sequence[Criterion], wanted: int) -> int:
    """Return the K to look at: the wanted one as far as it was tried, or for 0 the one with the largest silhouette."""
    return min(wanted or found[1].own.says or 1, len(found[0].own.values), MAX_K)


# --- In words


def finding(found: Sequence[Criterion], known: str, done: bool) -> str:
    """Say what the criteria say of these points and of even ones, in two sentences.

    ``known`` says how many groups or labels the data has; "" if nobody knows.
    """
    elbow, silhouettes, gap = found
    tried = len(elbow.own.values)
    if tried < 3:
        head = f"So far K is {tried} at most" if not done else f"With {counted(tried, 'point')} K is {tried} at most"
        if tried == 1:
            return (
                f"{head}: there is nothing to choose from yet." if not done else f"{head}: there is nothing to choose."
            )
        return f"{head}, and the cost is {amount(float(elbow.own.values[-1]))} % of that with K = 1."
    says = {one.own.says for one in found}
    if len(says) == 1 and None not in says:
        told = f"Elbow, silhouette and gap statistic all point at K = {elbow.own.says}"
    else:
        told = (
            f"{_told(elbow.own.says, 'The elbow bends most at', 'The curve has no elbow')}, "
            f"{_told(silhouettes.own.says, 'the silhouette is largest at', 'there is no silhouette')}, and "
            f"{_told(gap.own.says, 'the gap statistic takes', f'the gap statistic chooses none up to K = {tried}')}"
        )
    drawn = f"; {known}" if known else ""
    even = ", ".join(f"the {one.title.lower()} {_k(one.even.says)}" for one in found)
    so_far = "" if done else f"So far, up to K = {tried}: "
    return (
        f"{so_far}{told}{drawn}. Of points spread evenly over the same box, where there is nothing to find, they say: "
        f"{even}."
    )


def _told(k: int | None, words: str, otherwise: str) -> str:
    return otherwise if k is None else f"{words} K = {k}"


def _k(k: int | None) -> str:
    return "none" if k is None else f"K = {k}"


def headline(criterion: Criterion) -> str:
    """Say in a line what a criterion points at, here and where there is nothing to find."""
    return f"{criterion.title}: {_k(criterion.own.says)}; on even points {_k(criterion.even.says)}"


def explained(criterion: Criterion, n: int, rule: str) -> str:
    """Say what a criterion asks, how it was computed, and what to make of it; Markdown."""
    words = {"elbow": _elbow_words, "silhouette": _silhouette_words, "gap": _gap_words}[criterion.name]
    return kept_together(words(criterion, n, rule))


def _elbow_words(criterion: Criterion, n: int, rule: str) -> str:
    own, tried = criterion.own, len(criterion.own.values)
    cut = elbow_of(own.values[:_SHORTER]) if tried > _SHORTER else own.says
    moves = (
        f"Drawn to K = {_SHORTER} only, that would be K = {cut}: where it bends depends on where it ends. "
        if cut != own.says
        else ""
    )
    return (
        "Where does the cost stop falling fast? Nobody has a rule for that; ringed is the K farthest below the "
        f"straight line between the curve’s ends. {moves}The curve of even points bends too. “Stop using the elbow "
        "criterion”, says [E. Schubert (2023)](https://doi.org/10.1145/3606274.3606278)."
    )


def _silhouette_words(criterion: Criterion, n: int, rule: str) -> str:
    some = f" Here: the mean of {whole(MOST_JUDGED)} points, drawn at random." if n > MOST_JUDGED else ""
    return (
        "How much nearer is a point to its own cluster than to the next one? 1: far apart, 0: on the border. Ringed is "
        f"the largest mean. It always has one, on even points too, and can’t be asked about K = 1.{some} "
        "[P. J. Rousseeuw (1987)](https://doi.org/10.1016/0377-0427(87)90125-7)."
    )


def _gap_words(criterion: Criterion, n: int, rule: str) -> str:
    some = f", on {whole(MOST_JUDGED)} points drawn at random" if n > MOST_JUDGED else ""
    own = criterion.own
    # A dot is 8 of the chart's some 200 pixels high.
    small = own.errors is not None and 2 * max(own.errors) < 0.04 * (max(own.values) - min(own.values))
    hidden = ", smaller than the dots" if small else ""
    other = "" if rule == "mean" else " (it is defined with those, whatever rule is chosen)"
    return (
        f"How much lower is the log of the cost than on even points, here the mean of {DRAWS} draws? Bars: one "
        f"standard error{hidden}. Ringed is the authors’ choice, the first K that one cluster more does not beat by "
        f"more than its error; that may be K = 1. Computed with sums of squares{other}, {GAP_STARTS} starts each"
        f"{some}. [R. Tibshirani, G. Walther, T. Hastie (2001)](https://doi.org/10.1111/1467-9868.00293)."
    )


def in_words(criterion: Criterion) -> str:
    """Say what a criterion's chart shows, for those who can't see it."""
    names = {
        "elbow": "The cost over K, in per cent of the cost with K = 1",
        "silhouette": "The mean silhouette over K",
        "gap": "The gap statistic over K",
    }
    own, even = (
        ", ".join("none" if isnan(value) else f"{value:.3g}" for value in curve.values)
        for curve in (criterion.own, criterion.even)
    )
    return (
        f"{names[criterion.name]}, from K = 1 on. These points: {own}; it points at {_k(criterion.own.says)}. "
        f"Even points: {even}; it points at {_k(criterion.even.says)}."
    )


def picture_in_words(end: Ending) -> str:
    """Say what the picture of the chosen K shows, for those who can't see it."""
    sizes = np.bincount(end.labels, minlength=end.k)
    told = ", ".join(f"cluster {cluster + 1} has {whole(int(size))}" for cluster, size in enumerate(sizes))
    return f"The {counted(end.n, 'point')} in {counted(end.k, 'cluster')}: {told}."


def picture_words(end: Ending) -> str:
    """Say how much of the points and of the silhouettes is drawn; nothing where it is all."""
    some = f"The picture shows {whole(MOST_POINTS)} of the {counted(end.n, 'point')}" if end.n > MOST_POINTS else ""
    of_silhouettes = (
        f", and there are silhouettes of {whole(MOST_JUDGED)}, drawn at random" if end.n > MOST_JUDGED else ""
    )
    return f"{some}{of_silhouettes}." if some else ""


def numbers(tried: Sequence[Tried], found: Sequence[Criterion]) -> dict[str, list[object]]:
    """Return every K as the columns of a table."""
    _, _, gap = found
    columns: dict[str, list[float]] = {
        "K": [one.k for one in tried],
        "seed of the best start": [one.seed for one in tried],
        "cost": [one.costs[0] for one in tried],
        "cost, even points": [one.costs[1] for one in tried],
        "mean silhouette": [one.silhouettes[0] for one in tried],
        "mean silhouette, even points": [one.silhouettes[1] for one in tried],
        "gap": gap.own.values.tolist(),
        "gap, even points": gap.even.values.tolist(),
        "standard error of the gap": [] if gap.own.errors is None else gap.own.errors.tolist(),
    }
    return {name: [None if isnan(value) else value for value in column] for name, column in columns.items()}


# --- The charts


def figure(criterion: Criterion, chosen: int, last: int, theme: Theme) -> go.Figure:
    """Return a criterion over K: these points, even ones, a ring where it points at, and the K that is looked at.

    The axis goes to the ``last`` K from the beginning, so that nothing moves while the curves grow. The ``customdata``
    of a value is its K, as far as the app has colours for it.
    """
    axis = {"elbow": "cost, % of that with K = 1", "silhouette": "mean silhouette", "gap": "gap"}[criterion.name]
    drawn = go.Figure()
    for curve, color, dash, name in (
        (criterion.even, PLAIN[theme], "dot", "even points"),
        (criterion.own, ACCENT[theme], "solid", "these points"),
    ):
        ks = np.arange(1, len(curve.values) + 1)
        drawn.add_scatter(
            x=ks,
            y=curve.values,
            name=name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2},
            marker={"color": color, "size": 8},
            unselected={"marker": {"opacity": 1}},
            error_y=None if curve.errors is None else {"array": curve.errors, "thickness": 1.2, "width": 3},
            customdata=[int(k) if k <= MAX_K else None for k in ks],
            hovertemplate=f"K = %{{x}}: %{{y:.3g}}<extra>{name}</extra>",
        )
    for curve, color in ((criterion.even, PLAIN[theme]), (criterion.own, ACCENT[theme])):
        if curve.says is not None:
            drawn.add_scatter(
                x=[curve.says],
                y=[curve.values[curve.says - 1]],
                mode="markers",
                marker={"symbol": "circle-open", "size": 18, "color": color, "line": {"width": 2.5}},
                hoverinfo="skip",
                showlegend=False,
            )
    laid_out(drawn, theme, height=300)
    line = {"color": PLAIN[theme], "width": 1}
    drawn.add_vline(x=chosen, line=line, opacity=0.6, layer="below", showlegend=True, name="looked at below")
    # Room for two lines of legend: where Plotly has to make some, it does not take it back when the page grows wider.
    drawn.update_layout(
        showlegend=True, margin={"t": 62}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    drawn.update_xaxes(title={"text": "K", "standoff": 4}, dtick=2, tick0=1, range=[0.4, last + 0.6])
    drawn.update_yaxes(title={"text": axis, "standoff": 4}, nticks=6)
    return drawn


def silhouette_figure(values: NDArray[np.float64], labels: Labels, k: int, theme: Theme) -> go.Figure:
    """Return every point's silhouette, sorted within its cluster, the first cluster at the top, in its colour."""
    drawn, bottom, gap = go.Figure(), 0, max(2, len(values) // 60)
    ticks: list[float] = []
    for cluster in range(k):
        own = -np.sort(-values[labels == cluster])
        # Each point is a bar without a gap: two corners of an area that begins and ends at 0.
        at = np.repeat(np.arange(len(own) + 1), 2)[1:-1] + bottom
        drawn.add_scatter(
            x=np.concatenate([[0], np.repeat(own, 2), [0]]),
            y=np.concatenate([[bottom], at, [bottom + len(own)]]),
            mode="lines",
            fill="toself",
            line={"width": 0.5, "color": CLUSTER_COLORS[theme][cluster]},
            fillcolor=CLUSTER_COLORS[theme][cluster],
            hoverinfo="text",
            text=_cluster_words(cluster, own),
        )
        ticks.append(bottom + len(own) / 2)
        bottom += len(own) + gap
    low = min(0.0, float(values.min())) - 0.02
    laid_out(drawn, theme, height=340)
    drawn.add_vline(x=float(values.mean()), line={"color": PLAIN[theme], "width": 1.5, "dash": "dash"})
    drawn.update_layout(margin={"t": 8})
    drawn.update_xaxes(title={"text": "silhouette of each point (dashed: the mean)", "standoff": 4}, range=[low, 1])
    drawn.update_yaxes(tickvals=ticks, ticktext=[str(cluster + 1) for cluster in range(k)], title={"text": "cluster"})
    drawn.update_yaxes(autorange="reversed")
    return drawn


def _cluster_words(cluster: int, own: NDArray[np.float64]) -> str:
    if not len(own):
        return f"Cluster {cluster + 1}: no points"
    below = int(np.count_nonzero(own < 0))
    other = f", {whole(below)} of them nearer to another" if below else ""
    return f"Cluster {cluster + 1}: {counted(len(own), 'point')}{other}, mean {own.mean():.2f}"


def silhouettes_in_words(values: NDArray[np.float64], labels: Labels, k: int) -> str:
    """Say what the chart of silhouettes shows, cluster by cluster."""
    told = "; ".join(_cluster_words(cluster, values[labels == cluster]) for cluster in range(k))
    return f"The silhouette of each point, sorted within its cluster. {told}. The mean of all is {values.mean():.2f}."
