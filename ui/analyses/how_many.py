"""How many clusters? What three well-known criteria say of every K, here and on uniform noise.

Knows nothing of Streamlit. Uniform noise is points drawn uniformly over the box of the data: it has no clusters, so
whatever K a criterion picks there, it makes up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan, nan
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from kmeans_core import INITIALISERS, RULES, RunConfig, StopReason, Trace, gap_statistic, run, run_many, silhouette
from kmeans_core.rules import Distance
from kmeans_core.types import Labels, Points
from ui.analyses.starts import undecided
from ui.charts.figures import ACCENT, PLAIN, Theme, laid_out
from ui.charts.palette import CLUSTER_COLORS, MAX_K
from ui.charts.thumbnails import MOST_POINTS, Ending, sample
from ui.settings.record import Settings
from ui.text.narration import amount, counted, kept_together, whole

LARGEST: Final = 15
"""The largest K that is tried: more than has colours, so that the curves go on behind it."""

START: Final = "greedy-k-means++"
"""Where runs start: of all kinds, the one that most often finds the best result."""

DRAWS: Final = 10
"""How many sets of uniform noise the gap statistic compares with."""

DRAW_STARTS: Final = 8
"""How many runs each K has on each of those sets: there, results cost nearly the same."""

MOST_JUDGED: Final = 4_000
"""The most points that silhouettes look at: all pairs of more would take too long."""

MOST_CLUSTERED: Final = 10_000
"""The most points that the gap statistic clusters, a hundred times for each K, and that uniform noise has."""

CRITERIA: Final = {"elbow": "Elbow", "silhouette": "Silhouette", "gap": "Gap statistic"}
"""The criteria, and what the screen calls them."""

_SHORTER: Final = 8
"""Where the elbow's curve is cut to see whether its bend stays."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a K came to; the second of two numbers is that of uniform noise.

    ``costs`` are the rule's own, ``silhouettes`` means over the points that were looked at, NaN where there is but one
    cluster; ``squares`` are sums of squares for the gap statistic, ``reference`` those of its draws. ``converged``
    tells whether the best run on the points ended by itself.
    """

    k: int
    seed: int
    converged: bool
    costs: tuple[float, float]
    silhouettes: tuple[float, float]
    squares: tuple[float, float]
    reference: tuple[float, ...]


def starts_of(n: int, rule: str) -> int:
    """Return how many runs each K has on ``n`` points; the best one counts.

    Measured on the post's data and on uniform noise, K = 1 .. 15: with 32 runs the best cost is at most 0.5% above the
    best of 200 by scikit-learn, and not at all up to K = 7.
    """
    if rule != "mean":
        return 16 if n <= 5_000 else 8
    return 32 if n <= 5_000 else 16 if n <= 50_000 else 8


def asked(settings: Settings) -> Settings:
    """Return the settings without what this page decides itself, so that all who ask the same share the answer."""
    return replace(undecided(settings), k=1, start=START)


def parts(n: int) -> list[tuple[int, ...]]:
    """Return the values of K in the order and the portions in which they are tried; one alone would say nothing."""
    values = tuple(range(1, min(LARGEST, n) + 1))
    return [values[:2], *((k,) for k in values[2:])]


def runs(ks: Sequence[int], n: int, rule: str) -> int:
    """Return how many runs on the ``n`` points it takes to try these values of K."""
    return starts_of(n, rule) * len(ks)


def is_heavy(n: int, rule: str) -> bool:
    """Tell whether trying all K takes so long that it should be asked for."""
    return n * (1 if rule == "mean" else 5) > 30_000


# --- Computing


def noise(points: Points, count: int, draw: int) -> Points:
    """Return so many points, ``(count, d)``, drawn uniformly over the box of ``points``: the same for the same draw."""
    low, high = points.min(axis=0), points.max(axis=0)
    # More than one word of seed: data are drawn with one, and must not be compared with themselves.
    drawn: Points = np.random.default_rng([draw, 0, 1]).random((count, points.shape[1])) * (high - low) + low
    return drawn


def best_of(points: Points, configs: Sequence[RunConfig]) -> int:
    """Return the index of the config whose run has the lowest cost."""
    costs = [outcome.cost for outcome in run_many(points, configs)]
    return costs.index(min(costs))


def best_run(points: Points, config: RunConfig, starts: int) -> Trace:
    """Return the run with the lowest cost of so many seeds."""
    configs = [replace(config, seed=seed) for seed in range(starts)]
    return run(points, configs[best_of(points, configs)])


def lowest_cost(points: Points, config: RunConfig, starts: int) -> float:
    """Return the cost of ``best_run``, without going through that run once more."""
    return min(outcome.cost for outcome in run_many(points, [replace(config, seed=seed) for seed in range(starts)]))


def judged(points: Points, best: Trace) -> Tried:
    """Return what the best run on the points says of its K, beside the same on uniform noise.

    Silhouettes have all of up to ``MOST_JUDGED`` points, the gap statistic and the noise of up to ``MOST_CLUSTERED``,
    else a random sample of so many. The gap statistic clusters its sample anew, since a clustering of all points need
    not be the best one of the sample.
    """
    some, seen = sample(len(points), MOST_CLUSTERED), sample(len(points), MOST_JUDGED)
    count, rule = len(some), best.config.rule
    config = replace(best.config, init=START, given=None)
    squares = replace(config, rule="mean")
    drawn = noise(points, count, 0)
    of_noise = best_run(drawn, config, starts_of(count, rule))

    def squares_of(data: Points, known: Trace) -> float:
        """Return the lowest sum of squares; by the mean rule, a run on these points has found it already."""
        if rule == "mean" and len(known.labels) == len(data):
            return known.cost
        return lowest_cost(data, squares, starts_of(count, "mean"))

    return Tried(
        k=config.k,
        seed=best.config.seed,
        converged=best.stop_reason is StopReason.CONVERGED,
        costs=(best.cost, of_noise.cost),
        silhouettes=(
            _mean_silhouette(points[seen], best.labels[seen], rule),
            _mean_silhouette(drawn[:MOST_JUDGED], of_noise.labels[:MOST_JUDGED], rule),
        ),
        squares=(squares_of(points[some], best), squares_of(drawn, of_noise)),
        reference=tuple(lowest_cost(noise(points, count, draw), squares, DRAW_STARTS) for draw in range(1, DRAWS + 1)),
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
    """What one criterion says of the points, and of uniform noise.

    ``picks`` are the K that it picks on each of several sets of noise, where there are several.
    """

    name: str
    own: Curve
    noise: Curve
    picks: tuple[int | None, ...] = ()

    @property
    def alike(self) -> int:
        """On how many sets of noise it picks the K that it picks on the one that is shown."""
        return self.picks.count(self.noise.says)

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

    def cost(which: int) -> Curve:
        values = np.array([one.costs[which] for one in tried])
        return Curve(100 * values / (values[0] or 1.0), elbow_of(values))

    def mean(which: int) -> Curve:
        values = np.array([one.silhouettes[which] for one in tried])
        return Curve(values, peak_of(values))

    elbow, silhouettes = (
        Criterion(name, curve(0), curve(1)) for name, curve in zip(CRITERIA, (cost, mean), strict=False)
    )
    return [elbow, silhouettes, _gap(tried)]


def _gap(tried: Sequence[Tried]) -> Criterion:
    """Return the gap statistic of the points, and of the sets of noise, each against the others.

    One set says little: by the authors' choice, chance alone may favor a K above 1. Shown is the first set on which
    the statistic picks what it picks most often.
    """
    reference = np.array([one.reference for one in tried]).T
    sets = np.vstack([[one.squares[1] for one in tried], reference])

    def curve(squares: ArrayLike, others: NDArray[np.float64]) -> Curve:
        values, errors = gap_statistic(squares, others)
        return Curve(values, first_good_gap(values, errors), errors)

    curves = [curve(squares, np.delete(sets, at, axis=0)) for at, squares in enumerate(sets)]
    picks = tuple(one.says for one in curves)
    shown = max(range(len(picks)), key=lambda at: (picks.count(picks[at]), -at))
    own = curve([one.squares[0] for one in tried], reference)
    return Criterion("gap", own, curves[shown], picks)


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
    """Say which K the criteria pick for these points and for uniform noise.

    ``known`` says how many groups or labels the data has; "" if nobody knows.
    """
    elbow, _, _ = found
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
        told = f"Elbow, silhouette and gap statistic all say K = {elbow.own.says}"
    else:
        told = f"The three criteria disagree: {_said([one.own for one in found], tried)}"
    so_far = "" if done else f"So far, up to K = {tried}: "
    gap = found[2]
    often = f" ({gap.alike} of {len(gap.picks)} times)" if gap.alike < len(gap.picks) else ""
    return (
        f"{so_far}{told}{f'; {known}' if known else ''}. On uniform noise over the same box, where there are no "
        f"clusters, {_said([one.noise for one in found], tried)}{often}."
    )


def _said(curves: Sequence[Curve], tried: int) -> str:
    """Say in a list which K each criterion picks, if it picks one."""
    subjects = ("the elbow", "the silhouette", "the gap statistic")
    nothing = ("the curve has no elbow", "there is no silhouette", f"the gap statistic picks none up to K = {tried}")
    told = [
        without if curve.says is None else f"{subject} says K = {curve.says}"
        for curve, subject, without in zip(curves, subjects, nothing, strict=True)
    ]
    return f"{told[0]}, {told[1]}, and {told[2]}"


def _k(k: int | None) -> str:
    return "none" if k is None else f"K = {k}"


def headline(criterion: Criterion) -> str:
    """Say in a line which K a criterion picks, here and on uniform noise."""
    return f"{criterion.title}: {_k(criterion.own.says)}; on noise {_k(criterion.noise.says)}"


def how_tried(tried: Sequence[Tried], n: int, rule: str) -> str:
    """Say why the criteria disagree, how well each K was searched, and where the search is known to have failed."""
    runs_each = f"For each K, the best of {starts_of(n, rule)} runs from {INITIALISERS[START].title.lower()} counts"
    count = min(n, MOST_CLUSTERED)
    sampled = (
        f" The gap statistic and the noise have {whole(count)} points; the gap statistic clusters its sample of the "
        f"points anew, from {starts_of(count, 'mean')} starts."
        if n > MOST_CLUSTERED
        else ""
    )
    told = [
        "Why don’t they agree? The elbow asks how fast the cost falls, the silhouette whether clusters lie apart, the "
        "gap statistic whether there is more to gain than on noise: three questions, and none of them is what you want "
        f"the clusters for. {runs_each}, on noise too; on the {DRAWS} draws of the gap statistic, the best of "
        f"{DRAW_STARTS}.{sampled} K = {MAX_K + 1} to {LARGEST} can’t be looked at: there are {MAX_K} colors that can "
        "be told apart.",
        _missed(tried),
        _cut_off(tried),
    ]
    return " ".join(part for part in told if part)


def _missed(tried: Sequence[Tried]) -> str:
    """Say for which K no run found the best clustering: that of one cluster fewer costs less."""
    missed = [after.k for before, after in pairwise(tried) if after.costs[0] > before.costs[0] * (1 + 1e-9)]
    if not missed:
        return ""
    return (
        f"The search failed for {_ks(missed)}: no run was as good as the best one with a cluster fewer, though the "
        "best clustering of all would be."
    )


def _cut_off(tried: Sequence[Tried]) -> str:
    """Say for which K the best run reached the iteration limit."""
    stopped = [one.k for one in tried if not one.converged]
    if not stopped:
        return ""
    return f"For {_ks(stopped)} the best run reached the iteration limit before converging; its cost could still fall."


def _ks(ks: Sequence[int]) -> str:
    names = [str(k) for k in ks]
    return f"K = {names[0]}" if len(names) == 1 else f"K = {', '.join(names[:-1])} and {names[-1]}"


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
        "Where does the cost stop falling fast? There is no agreed rule for that; ringed is the K farthest below the "
        f"straight line between the curve’s ends. {moves}The curve of uniform noise bends too. “Stop using the elbow "
        "criterion”, says [E. Schubert (2023)](https://doi.org/10.1145/3606274.3606278)."
    )


def _silhouette_words(criterion: Criterion, n: int, rule: str) -> str:
    some = f" Here: the mean of {whole(MOST_JUDGED)} points, drawn at random." if n > MOST_JUDGED else ""
    return (
        "How much nearer is a point to its own cluster than to the next one? 1: far apart, 0: on the border. Ringed is "
        f"the largest mean. There always is one, on uniform noise too, and K = 1 has no silhouette.{some} "
        "[P. J. Rousseeuw (1987)](https://doi.org/10.1016/0377-0427(87)90125-7)."
    )


def _gap_words(criterion: Criterion, n: int, rule: str) -> str:
    some = f", on {whole(MOST_CLUSTERED)} points drawn at random" if n > MOST_CLUSTERED else ""
    own = criterion.own
    # A dot is 8 of the chart's some 200 pixels high.
    small = own.errors is not None and 2 * max(own.errors) < 0.04 * (max(own.values) - min(own.values))
    hidden = ", smaller than the dots" if small else ""
    other = "" if rule == "mean" else " (it is defined with those, whatever rule is chosen)"
    return (
        f"How much lower is the log of the cost than on uniform noise, here the mean of {DRAWS} draws? Bars: one "
        f"standard error{hidden}. Ringed is the authors’ choice, the smallest K where one more cluster does not help "
        f"by more than its error; that may be K = 1. Computed with sums of squares{other}{some}. "
        f"The noise shown is one of {len(criterion.picks)} sets, each against the others; {criterion.alike} of them "
        f"say {_k(criterion.noise.says)}. "
        "[R. Tibshirani, G. Walther, T. Hastie (2001)](https://doi.org/10.1111/1467-9868.00293)."
    )


def in_words(criterion: Criterion) -> str:
    """Say what a criterion's chart shows, for those who can't see it."""
    names = {
        "elbow": "The cost over K, in per cent of the cost with K = 1",
        "silhouette": "The mean silhouette over K",
        "gap": "The gap statistic over K",
    }
    own, other = (
        ", ".join("none" if isnan(value) else f"{value:.3g}" for value in curve.values)
        for curve in (criterion.own, criterion.noise)
    )
    return (
        f"{names[criterion.name]}, from K = 1 on. These points: {own}; it picks {_k(criterion.own.says)}. "
        f"Uniform noise: {other}; it picks {_k(criterion.noise.says)}."
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
        "seed of the best run": [one.seed for one in tried],
        "converged": [one.converged for one in tried],
        "cost": [one.costs[0] for one in tried],
        "cost, uniform noise": [one.costs[1] for one in tried],
        "mean silhouette": [one.silhouettes[0] for one in tried],
        "mean silhouette, uniform noise": [one.silhouettes[1] for one in tried],
        "gap": gap.own.values.tolist(),
        "gap, uniform noise": gap.noise.values.tolist(),
        "standard error of the gap": [] if gap.own.errors is None else gap.own.errors.tolist(),
    }
    return {name: [None if isnan(value) else value for value in column] for name, column in columns.items()}


# --- The charts


def figure(criterion: Criterion, chosen: int, last: int, theme: Theme) -> go.Figure:
    """Return a criterion over K: these points, uniform noise, a ring where it picks a K, and the K that is looked at.

    The axis goes to the ``last`` K from the beginning, so that nothing moves while the curves grow. The ``customdata``
    of a value is its K, as far as the app has colours for it.
    """
    axis = {"elbow": "cost, % of that with K = 1", "silhouette": "mean silhouette", "gap": "gap"}[criterion.name]
    drawn = go.Figure()
    for curve, color, dash, name in (
        (criterion.noise, PLAIN[theme], "dot", "uniform noise"),
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
    for curve, color in ((criterion.noise, PLAIN[theme]), (criterion.own, ACCENT[theme])):
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
