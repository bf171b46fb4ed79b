"""The same run on NumPy and on TensorFlow: where they differ, and how long each takes. Knows nothing of Streamlit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from kmeans_core import BACKENDS, Phase, RunConfig, Step, StopReason, Trace, iterate, make_dataset, run
from kmeans_core.types import Points
from ui.charts.figures import ACCENT, PLAIN, Theme, laid_out
from ui.settings.points import Rows, point_name
from ui.text.code_excerpts import Excerpt, code_of
from ui.text.numbers import amount, counted, whole

FAR: Final = (0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
"""How far from the origin the points can be moved."""

PRECISIONS: Final = BACKENDS["tensorflow"].precisions
"""What TensorFlow can compute in."""

COUNTS: Final = ((1_000, 3_000, 10_000), (30_000,), (100_000,), (300_000,), (1_000_000,))
"""Numbers of points whose half-steps are timed, in the parts of the work; the first is quick."""


# --- The same run twice


@dataclass(frozen=True, slots=True)
class Difference:
    """One half-step on both sides.

    Attributes
    ----------
    name : str
        ``assign 3``, as the player counts them; ``first assign`` for the one before all refines.
    elsewhere : int
        Points that are in another cluster than on the other side.
    apart : float
        The greatest distance between a center and itself on the other side.
    costs : tuple of float or None
        The cost on each side.
    seconds : tuple of float
        How long it took on each side.
    """

    name: str
    elsewhere: int
    apart: float
    costs: tuple[float | None, float | None]
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rounding:
    """What moved the centers of a run of means in float32.

    Attributes
    ----------
    points : float
        How far apart centers would be at most if only the points and the start were rounded, and the sums exact.
    sums : float
        How far a mean was at most from the exact mean of its rounded points: running sums are rounded after each.
    """

    points: float
    sums: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run on NumPy in float64, and the same run on TensorFlow.

    Attributes
    ----------
    n : int
        Number of points.
    precision : str
        What TensorFlow computed in.
    far : int
        How far from the origin the points were moved.
    differences : tuple of Difference
        Of all half-steps that both did.
    lengths : tuple of int
        How many half-steps each did.
    elsewhere : int
        Points that are in another cluster when each run has ended.
    endings : tuple of str
        How each run ended.
    rounding : Rounding or None
        What moved the means of a run in float32; None for other rules and in float64.
    why : str
        Which point changed sides first, and how near to a border it is; "" where none did.
    """

    n: int
    precision: str
    far: int
    differences: tuple[Difference, ...]
    lengths: tuple[int, int]
    elsewhere: int
    endings: tuple[str, str]
    rounding: Rounding | None
    why: str

    @property
    def is_same(self) -> bool:
        """Whether both did as many half-steps, with every point in the same cluster after each."""
        return self.first is None and self.lengths[0] == self.lengths[1]

    @property
    def first(self) -> Difference | None:
        """The first half-step with a point in another cluster."""
        return next((one for one in self.differences if one.elsewhere), None)

    @property
    def typical_seconds(self) -> tuple[float, float]:
        """The median time of a half-step on each side; the start is none."""
        mine, theirs = np.median([one.seconds for one in self.differences[1:]], axis=0)
        return float(mine), float(theirs)

    @property
    def apart(self) -> float:
        """The greatest distance of all half-steps."""
        return max(one.apart for one in self.differences)


def moved_away(points: Points, config: RunConfig, far: int) -> tuple[Points, RunConfig]:
    """Return the points, and the start of their run, moved as far from the origin along each axis."""
    centers = next(iterate(points, config)).centers + far
    return points + far, replace(config, init="given", given=tuple(map(tuple, centers.tolist())))


def compared(points: Points, config: RunConfig, precision: str, far: int, rows: Rows | None = None) -> Comparison:
    """Run on NumPy and on TensorFlow from the same start, and compare every half-step.

    Parameters
    ----------
    points : (n, 2) float64
    config : RunConfig
        Of the backend ``"numpy"``.
    precision : str
        What TensorFlow computes in; NumPy computes in float64.
    far : int
        How far from the origin the points are moved before both begin.
    rows : Rows, optional
        Which rows of a table the points are.
    """
    away, begun = moved_away(points, config, far)
    one, other = run(away, begun), run(away, replace(begun, backend="tensorflow"), precision=precision)
    differences = tuple(_difference(*steps) for steps in zip(one, other, strict=False))
    return Comparison(
        n=len(points),
        precision=precision,
        far=far,
        differences=differences,
        lengths=(len(one), len(other)),
        elsewhere=int(np.count_nonzero(one.labels != other.labels)),
        endings=(_ending(one), _ending(other)),
        rounding=_rounding(away, one, other) if config.rule == "mean" and precision == "float32" else None,
        why=_why(away, one, other, precision, rows),
    )


def _ending(trace: Trace) -> str:
    if trace.stop_reason is StopReason.CONVERGED:
        return f"converged after {counted(trace.iterations, 'iteration')}"
    return f"reached the limit of {counted(trace.iterations, 'iteration')} before converging"


def _rounding(points: Points, one: Trace, other: Trace) -> Rounding:
    """Tell what moved the centers of a run in float32 away from those of the run ``one`` in float64."""
    rounded = points.astype(np.float32).astype(np.float64)
    start = one[0].centers.astype(np.float32).astype(np.float64)
    exact_sums = run(rounded, replace(one.config, given=tuple(map(tuple, start.tolist()))))
    return Rounding(
        points=max(_apart(*steps) for steps in zip(one, exact_sums, strict=False)),
        sums=max((_off(rounded, *steps) for steps in pairwise(other) if steps[1].phase is Phase.REFINE), default=0.0),
    )


def _off(points: Points, before: Step, step: Step) -> float:
    """Return how far a refine's center is at most from the exact mean of its points."""
    assert before.labels is not None
    means = {
        cluster: np.array([fsum(column) for column in points[before.labels == cluster].T])
        / np.count_nonzero(before.labels == cluster)
        for cluster in np.unique(before.labels).tolist()
    }
    return max(float(np.linalg.norm(step.centers[cluster] - mean)) for cluster, mean in means.items())


def _apart(one: Step, other: Step) -> float:
    return float(np.linalg.norm(one.centers - other.centers, axis=1).max())


def _difference(one: Step, other: Step) -> Difference:
    elsewhere = (
        0
        if one.compact_labels is None or other.compact_labels is None
        else int(np.count_nonzero(one.compact_labels != other.compact_labels))
    )
    name = f"{one.phase} {one.iteration}" if one.iteration else "start" if one.phase is Phase.INIT else "first assign"
    return Difference(name, elsewhere, _apart(one, other), (one.cost, other.cost), (one.seconds, other.seconds))


def _why(points: Points, one: Trace, other: Trace, precision: str, rows: Rows | None) -> str:
    """Say which point changed sides first, and how near to a border it is."""
    for mine, theirs in zip(one, other, strict=False):
        if mine.compact_labels is None or theirs.compact_labels is None:
            continue
        elsewhere = np.flatnonzero(mine.compact_labels != theirs.compact_labels)
        if len(elsewhere):
            point = int(elsewhere[0])
            both = [int(step.compact_labels[point]) for step in (mine, theirs) if step.compact_labels is not None]
            here, there = np.linalg.norm(mine.centers[both] - points[point], axis=1)
            gap = float(np.spacing(np.abs(points).max().astype(precision)))
            named = point_name(rows, point)
            return (
                f"{named[0].upper()}{named[1:]} lies {amount(float(here))} from center {both[0] + 1} and "
                f"{amount(float(there))} from center {both[1] + 1} of the run in float64. In {precision} "
                f"numbers near {amount(float(np.abs(points).max()))} are {amount(gap)} apart, and center {both[1] + 1} "
                "came out nearer."
            )
    return ""


def before_asked(n: int, seconds: Sequence[float]) -> str:
    """Say how quick NumPy is, before TensorFlow is asked.

    Parameters
    ----------
    n : int
        Number of points.
    seconds : sequence of float
        How long NumPy took for the start and for each half-step of the run.
    """
    total = sum(seconds)
    blink = " A blink takes longer." if total < BLINK else ""
    return (
        f"NumPy did the {counted(len(seconds) - 1, 'half-step')} of this run on {counted(n, 'point')} in "
        f"{duration(total)}, measured here and now.{blink} Can TensorFlow be any quicker, and would it find the same?"
    )


def finding(comparison: Comparison) -> str:
    """Say whether it is the same."""
    n, steps = comparison.n, comparison.differences
    if comparison.is_same:
        who = "the one point" if n == 1 else f"every one of the {counted(n, 'point')}"
        apart = "not even in the last digit" if not comparison.apart else f"by {amount(comparison.apart)} at most"
        mine, theirs = comparison.typical_seconds
        return (
            f"The same, to the last label: NumPy and TensorFlow put {who} into the same cluster in all "
            f"{counted(len(steps) - 1, 'half-step')}, and the centers differ {apart}. Both "
            f"{comparison.endings[0]}. A half-step takes NumPy {duration(mine)} and TensorFlow {duration(theirs)}."
        )
    last = comparison.elsewhere
    begins = (
        f"The first difference is at the {comparison.first.name}: {counted(comparison.first.elsewhere, 'point')} of "
        f"{whole(n)}. "
        if comparison.first
        else ""
    )
    return (
        f"Not the same in {comparison.precision}. {begins}When both have ended, {counted(last, 'point')} "
        f"{'is' if last == 1 else 'are'} in another cluster. NumPy, in float64, {comparison.endings[0]}; TensorFlow "
        f"{comparison.endings[1]}."
    )


def why(comparison: Comparison) -> str:
    """Say why it is the same, or why it is not."""
    if comparison.precision == "float64":
        same = (
            "Both compute a distance feature by feature, in the same order, find the centers by the same exact rules, "
            "and give a tie to the center that comes first."
        )
        return comparison.why or same
    stays = (
        "No point lies so near a border that it changes sides. Farther from the origin float32 has fewer digits left "
        "for where a point lies."
    )
    return " ".join(filter(None, [comparison.why or stays, _rounding_told(comparison)]))


def _rounding_told(comparison: Comparison) -> str:
    """Say what moved the centers: the sums, or the rounding of the points."""
    if comparison.rounding is None:
        return ""
    by_points, by_sums = comparison.rounding.points, comparison.rounding.sums
    because = "mostly because of the sums" if 2 * by_points < comparison.apart else "with or without exact sums"
    return (
        f"The centers of the two runs are up to {amount(comparison.apart)} apart, {because}: float32 rounds a running "
        f"sum after each point, and that moved a mean by up to {amount(by_sums)} in a single refine. With exact sums "
        f"of the rounded points, the centers would be up to {amount(by_points)} apart."
    )


def try_it(loaded: bool) -> str:
    """Say what there is to do on the page."""
    if loaded:
        return "Try it: let TensorFlow compute in float32, and move the points away from the origin, step by step."
    return "Try it: load TensorFlow, and let it compute the same run."


PRECISION_HELP: Final = (
    "float64 keeps about 16 digits of a number, float32 about 7, in half the memory. NumPy computes in float64 here in "
    "any case."
)

BLINK: Final = 0.1
"""Seconds that a blink of an eye takes, at least: 0.1 to 0.4 in the literature."""


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def difference_numbers(comparison: Comparison) -> dict[str, list[object]]:
    """Return the half-steps as the columns of a table."""
    return {
        "half-step": [one.name for one in comparison.differences],
        "points in another cluster": [one.elsewhere for one in comparison.differences],
        "greatest distance of centers": [one.apart for one in comparison.differences],
        "cost, NumPy": [one.costs[0] for one in comparison.differences],
        "cost, TensorFlow": [one.costs[1] for one in comparison.differences],
        "seconds, NumPy": [one.seconds[0] for one in comparison.differences],
        "seconds, TensorFlow": [one.seconds[1] for one in comparison.differences],
    }


def difference_words(comparison: Comparison) -> str:
    """Say what the chart of differences shows, for those who can't see it."""
    what = f"TensorFlow in {comparison.precision} against NumPy, half-step by half-step"
    most = max(one.elsewhere for one in comparison.differences)
    return (
        f"{what}: {counted(most, 'point')} at most in another cluster, and centers {amount(comparison.apart)} apart "
        "at most."
    )


def difference_figure(comparison: Comparison, theme: Theme) -> go.Figure:
    """Return two rows of bars, one bar a half-step: points that are elsewhere, and how far apart the centers are."""
    steps = comparison.differences
    drawn = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.2,
        subplot_titles=["Points in another cluster than with NumPy", "Greatest distance between centers"],
    )
    for row, values in ((1, [one.elsewhere for one in steps]), (2, [one.apart for one in steps])):
        drawn.add_bar(
            row=row,
            col=1,
            x=list(range(len(steps))),
            y=values,
            marker={"color": ACCENT[theme]},
            hovertext=[f"{one.name}: {amount(value)}" for one, value in zip(steps, values, strict=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        # A row of noughts is a flat line at the bottom, and not in the middle of nowhere.
        drawn.update_yaxes(row=row, col=1, rangemode="tozero", nticks=4, **({} if any(values) else {"range": [0, 1]}))
    laid_out(drawn, theme, height=300)
    drawn.update_xaxes(title={"text": "half-step", "standoff": 6}, row=2, col=1)
    drawn.update_annotations(x=0, xanchor="left", font={"size": 13})
    return drawn


# --- Time


def how_timed(rule: str) -> str:
    """Say what is timed where the library has a faster way than the one whose code is shown."""
    if rule != "mean":
        return ""
    numpy, tensorflow = (whole(BACKENDS[name].prunes_from) for name in ("numpy", "tensorflow"))
    return (
        f"The code shown is the plain one. From {numpy} points on NumPy, and from {tensorflow} on TensorFlow, runs "
        "with means take a shortcut to the same labels and centers, and that is what is timed: while it assigns, it "
        "adds up the points of each cluster, so that the refine has next to nothing left to do."
    )


def once(loading: float | None, tracing: float) -> str:
    """Say what the first run on TensorFlow has to wait for, and no other one."""
    compiled = f"compiling (“tracing”) the graphs for this rule {duration(tracing)}"
    if loading is None:
        return f"Not in these times: {compiled}, once for this server."
    return f"Not in these times: loading TensorFlow took {duration(loading)} and {compiled}, once for this server."


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a backend takes for the half-steps of a run on so many points: the medians, in seconds.

    ``first`` is by how much the first run took longer: what TensorFlow compiles, for numbers of points like this.
    """

    backend: str
    n: int
    assign: float
    refine: float
    first: float = 0.0

    @property
    def of_each(self) -> tuple[float, float]:
        """The time of an assign and of a refine."""
        return self.assign, self.refine

    @property
    def both(self) -> float:
        """An assign and a refine: one iteration."""
        return self.assign + self.refine


def timed(backend: str, rule: str, k: int, n: int) -> Timing:
    """Measure a backend's half-steps, here and now, in runs on n points of five round blobs."""
    points, _ = make_dataset("blobs", points=n)
    config = RunConfig(k=min(k, n), rule=rule, init="random", backend=backend, max_iter=_ITERATIONS)
    first, _ = _timed_run(points, config)
    whole, steps = _timed_run(points, config)
    spent = whole
    while spent < _ENOUGH:
        again, more = _timed_run(points, config)
        spent, steps = spent + again, [*steps, *more]
    assign, refine = (median(s.seconds for s in steps if s.phase is phase) for phase in (Phase.ASSIGN, Phase.REFINE))
    return Timing(backend, n, assign, refine, max(0.0, first - whole))


_ITERATIONS: Final = 4
"""So many iterations are timed in a run: the first ones, in which much moves."""

_ENOUGH: Final = 0.1
"""Seconds after which no run is repeated once more."""


def _timed_run(points: Points, config: RunConfig) -> tuple[float, list[Step]]:
    started = perf_counter()
    steps = list(iterate(points, config))
    return perf_counter() - started, steps


def winner(timings: Sequence[Timing]) -> str:
    """Say which backend is the quicker one, and what that depends on."""
    by_n: dict[int, dict[str, Timing]] = {}
    for timing in timings:
        by_n.setdefault(timing.n, {})[timing.backend] = timing
    contests = {n: both for n, both in sorted(by_n.items()) if len(both) == len(BACKENDS)}
    if not contests:
        last = timings[-1]
        return (
            f"NumPy takes {duration(last.assign)} for an assign and {duration(last.refine)} for a refine of "
            f"{counted(last.n, 'point')}."
        )
    winners = {n: min(both.values(), key=lambda timing: timing.both).backend for n, both in contests.items()}
    least = contests[min(contests)]
    depends = (
        f"an iteration on {counted(min(contests), 'point')} takes TensorFlow {duration(least['tensorflow'].both)} and "
        f"NumPy {duration(least['numpy'].both)}. It depends on the number of points, and on the processors that share "
        f"the work: {os.cpu_count() or 1} here."
    )
    return f"{_who_wins(winners)}: {depends}"


def _who_wins(winners: Mapping[int, str]) -> str:
    """Say who was quicker at which numbers of points."""
    turns = [after for before, after in pairwise(winners) if winners[before] != winners[after]]
    first = BACKENDS[winners[min(winners)]].title
    if not turns:
        until = (
            f" on up to {counted(max(winners), 'point')}, all that was timed"
            if len(winners) > 1
            else f" on {counted(max(winners), 'point')}"
        )
        return f"{first} is quicker{until}"
    if len(turns) == 1:
        then = BACKENDS[winners[turns[0]]].title
        return f"{first} is quicker on few points, {then} from {whole(turns[0])} on"
    shares = list(winners.values()).count("numpy")
    return f"Neither is always quicker: NumPy is at {shares} of {len(winners)} numbers of points"


def timing_numbers(timings: Sequence[Timing]) -> dict[str, list[object]]:
    """Return the times as the columns of a table."""
    return {
        "backend": [BACKENDS[timing.backend].title for timing in timings],
        "points": [timing.n for timing in timings],
        "assign, seconds": [timing.assign for timing in timings],
        "refine, seconds": [timing.refine for timing in timings],
        "longer the first time, seconds": [timing.first for timing in timings],
    }


def timing_words(timings: Sequence[Timing]) -> str:
    """Say what the chart of times shows, for those who can't see it."""
    told = [
        f"{BACKENDS[timing.backend].title}, {counted(timing.n, 'point')}: assign {duration(timing.assign)}, refine "
        f"{duration(timing.refine)}."
        for timing in timings
    ]
    return f"Time of a half-step over the number of points. {' '.join(told)}"


_LOOKS: Final = {"numpy": (PLAIN, "circle"), "tensorflow": (ACCENT, "square")}


def timing_figure(timings: Sequence[Timing], theme: Theme) -> go.Figure:
    """Return the time of assign and refine over the number of points, a line each; the axes go by powers of ten."""
    drawn = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.06, subplot_titles=["Assign", "Refine"]
    )
    for backend, (colors, symbol) in _LOOKS.items():
        own = [timing for timing in timings if timing.backend == backend]
        title = BACKENDS[backend].title
        for column, seconds in ((1, [one.assign for one in own]), (2, [one.refine for one in own])):
            drawn.add_scatter(
                row=1,
                col=column,
                x=[one.n for one in own],
                y=[1e3 * value for value in seconds],
                mode="lines+markers",
                name=title,
                showlegend=column == 1,
                line={"color": colors[theme], "width": 2},
                marker={"symbol": symbol, "size": 8},
                hovertext=[
                    f"{title}, {counted(one.n, 'point')}: {duration(value)}"
                    for one, value in zip(own, seconds, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
    laid_out(drawn, theme, height=320)
    drawn.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.2, "x": 0})
    drawn.update_annotations(font={"size": 13})
    drawn.update_xaxes(type="log", dtick=1, title={"text": "points", "standoff": 6}, range=[2.8, 6.2])
    drawn.update_yaxes(type="log", dtick=1, range=_powers([1e3 * value for one in timings for value in one.of_each]))
    drawn.update_yaxes(title={"text": "milliseconds", "standoff": 4}, row=1, col=1)
    return drawn


# --- Code


def _powers(values: Sequence[float]) -> tuple[float, float]:
    """Return the powers of ten between which all values lie, with a little room."""
    return float(np.floor(np.log10(min(values)))) - 0.1, float(np.ceil(np.log10(max(values)))) + 0.1


def code_beside(config: RunConfig, backends: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return, for each half-step and backend, the code of the backend that does it, read from the source."""
    codes = {backend: code_of(replace(config, backend=backend)) for backend in backends}
    # The first excerpt is the loop's, which is the same for all.
    return {
        kind: {backend: _as_text(code[kind][1:]) for backend, code in codes.items()} for kind in ("assign", "refine")
    }


def _as_text(excerpts: Sequence[Excerpt]) -> str:
    """Return excerpts as code to read, each below the name of its file."""
    return "\n\n".join(
        "\n".join([f"# {excerpt.file}", *("".join(text for text, _ in line) for line in excerpt.lines)])
        for excerpt in excerpts
    )
