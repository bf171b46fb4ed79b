"""What does this knob do? One setting, or two, at several values, and how each run ends. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from kmeans_core import DATASETS, match_clusters
from kmeans_core.datasets import SEED, Parameter
from ui.charts.figures import ACCENT, PLAIN, TEXT, Theme, laid_out
from ui.charts.palette import CLUSTER_SYMBOLS
from ui.charts.thumbnails import MOST_POINTS, Ending, box_of, image, svg
from ui.settings.definitions import SETTINGS, Setting, names
from ui.settings.effort import run_seconds
from ui.settings.points import label_words
from ui.settings.record import Settings
from ui.settings.sizes import parameters_of
from ui.text.numbers import amount, amounts, counted, nearly_equal, share, shares, whole

MOST: Final = 12
"""The most pictures of one knob."""

MOST_EACH: Final = 4
"""The most values of each of two knobs."""

MOST_SWEPT: Final = 20_000
"""The most points, or points of a blob, that are tried, unless the current setting has more."""

NO_KNOB: Final = "none"
"""What a link says where there is no second knob."""

DEFAULT_KNOB: Final = "k"

_HEAVY_SECONDS: Final = 1.2
"""Work that takes longer waits until a person asks for it."""

_SEEDS: Final = tuple(setting.name for setting in SETTINGS if setting.widget == "seed")
_DASHES: Final = ("dot", "dash", "dashdot")


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that can be turned.

    ``values`` are those that are tried, in order; ``current`` is one of them; ``written`` says a value on the screen,
    ``turned`` returns the settings with another value.
    """

    name: str
    title: str
    values: tuple[Any, ...]
    current: Any
    ordered: bool
    written: Callable[[Any], str]
    turned: Callable[[Settings, Any], Settings]


# --- The knobs and their values


def all_names() -> tuple[str, ...]:
    """Return the names of all knobs of any data, as a link writes them."""
    sizes = [parameter.name for dataset in DATASETS.values() for parameter in dataset.parameters]
    swept = [
        setting.name
        for scope in (False, True)
        for setting in SETTINGS
        if setting.swept and (setting.scope == "points") is scope
    ]
    return tuple(dict.fromkeys([*swept, *sizes]))


def knobs_of(settings: Settings) -> dict[str, Knob]:
    """Return all that can be turned about these settings, by name, with the values to try."""
    found: dict[str, Knob] = {}
    for setting in SETTINGS:
        if not setting.swept or (setting.name == "data_seed" and settings.table):
            continue  # a table is what it is
        if isinstance(setting.values, Parameter):
            current = getattr(settings, setting.name)
            found[setting.name] = _number_knob(setting.name, setting.values, current, _set_field(setting.name))
        else:
            found[setting.name] = _choice_knob(setting, settings)
    sizes = dict(settings.sizes)
    for parameter in parameters_of(settings.data):
        found[parameter.name] = _number_knob(parameter.name, parameter, sizes[parameter.name], _set_size(parameter))
    return {name: found[name] for name in all_names() if name in found}


def _set_field(name: str) -> Callable[[Settings, Any], Settings]:
    return lambda settings, value: replace(settings, **{name: value})


def _set_size(parameter: Parameter) -> Callable[[Settings, Any], Settings]:
    def turned(settings: Settings, value: Any) -> Settings:
        sizes = tuple((name, value if name == parameter.name else old) for name, old in settings.sizes)
        return replace(settings, sizes=sizes)

    return turned


def _number_knob(name: str, parameter: Parameter, current: float, turned: Callable[[Settings, Any], Settings]) -> Knob:
    values = _seeds_near(int(current)) if name in _SEEDS else values_of(parameter, current)
    ordered = name not in _SEEDS
    return Knob(name, parameter.title, values, current, ordered, _number_text, turned)


def _number_text(value: float) -> str:
    return whole(int(value)) if float(value).is_integer() else f"{value:g}"


def _choice_knob(setting: Setting, settings: Settings) -> Knob:
    assert not isinstance(setting.values, Parameter)
    current = getattr(settings, setting.name)
    titles = {name: option.title for name, option in setting.values.items()}
    # Centers placed by hand are there only where somebody placed them.
    values = tuple(value for value in titles if value != "given" or current == "given")
    return Knob(setting.name, setting.title, values, current, False, titles.__getitem__, _set_field(setting.name))


def _seeds_near(seed: int) -> tuple[int, ...]:
    """Return seeds, the given one among them: the same ones for all of them, so that they can be walked through."""
    first = seed - seed % MOST
    return tuple(range(first, min(first + MOST, int(SEED.high) + 1)))


def values_of(parameter: Parameter, current: float) -> tuple[float, ...]:
    """Return up to ``MOST`` values of a number that are worth looking at, in order, the current one among them.

    All values where they are few; 1, 2, 5, 10, ... where the usual value is near the lower bound, or the upper one is
    a thousand times as large; equal steps otherwise.
    """
    steps = (parameter.high - parameter.low) / parameter.step
    if steps < MOST:
        scale = _multiples(parameter, parameter.step)
    else:
        near_low = parameter.default - parameter.low <= 0.16 * (parameter.high - parameter.low)
        is_wide = parameter.high >= 1000 * max(parameter.low, parameter.step)
        scale = _one_two_five(parameter) if near_low or is_wide else []
        if len(scale) < 7:
            scale = _multiples(parameter, _round_step((parameter.high - parameter.low) / (MOST - 2)))
    # Half-steps of a thousandth of a unit would be other values to the computer, and the same ones to a person.
    values = sorted({_exact(parameter, value) for value in scale} | {current})
    return _thinned_to(values, current, MOST)


def _exact(parameter: Parameter, value: float) -> float:
    return round(value) if parameter.kind == "int" else float(f"{value:.6g}")


def _multiples(parameter: Parameter, step: float) -> list[float]:
    """Return the lower bound and all multiples of a step up to the upper one."""
    first, last = int(np.ceil(parameter.low / step - 1e-9)), int(np.floor(parameter.high / step + 1e-9))
    return [parameter.low, *(step * number for number in range(first, last + 1))]


def _round_step(least: float) -> float:
    """Return the least of 1, 2, 5, 10, ... and their fractions that is not below ``least``."""
    tens = 10.0 ** np.floor(np.log10(least))
    return float(next(step * tens for step in (1, 2, 5, 10) if step * tens >= least * (1 - 1e-9)))


def _one_two_five(parameter: Parameter) -> list[float]:
    """Return the lower bound and 1, 2, 5, 10, ... from a step on; not more points than are tried."""
    high = min(parameter.high, MOST_SWEPT)
    tens = 10.0 ** np.arange(-6, 9)
    scale = np.outer(tens, [1, 2, 5]).ravel()
    inside = scale[(scale >= max(parameter.low, parameter.step) * (1 - 1e-9)) & (scale <= high * (1 + 1e-9))]
    return [parameter.low, *inside.tolist()]


def _thinned_to(values: Sequence[float], current: float, most: int) -> tuple[float, ...]:
    """Return the values next to the current one, as many as there may be; the upper ones first."""
    at = values.index(current)
    first = max(0, min(at - most // 3, len(values) - most)) if len(values) > most else 0
    return tuple(values[first : first + most])


def thinned(knob: Knob, most: int) -> Knob:
    """Return the knob with fewer values, evenly spread over its own, the current one among them.

    The outermost values are left out: with one cluster or no spread at all there is little to see.
    """
    count = len(knob.values)
    if count <= most:
        return knob
    at = knob.values.index(knob.current)
    places = {int((number + 0.5) * count / most) for number in range(most)}
    nearest = min(places, key=lambda place: abs(place - at))
    kept = sorted(places - {nearest} | {at})
    return replace(knob, values=tuple(knob.values[place] for place in kept))


# --- The cells


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture to draw: the settings of its run, and the value of each knob."""

    settings: Settings
    values: tuple[Any, ...]


def turned(settings: Settings, chosen: Sequence[Knob]) -> list[Cell]:
    """Return the cells of one knob, or of two as rows of the second one, in the order of the screen."""
    first, *others = chosen
    if not others:
        return [Cell(first.turned(settings, value), (value,)) for value in first.values]
    second = others[0]
    return [
        Cell(second.turned(first.turned(settings, value), other), (value, other))
        for other in second.values
        for value in first.values
    ]


def chosen_knobs(found: Mapping[str, Knob], knob: str, second: str) -> list[Knob]:
    """Return the knobs that are turned: one with many values, or two with few."""
    first = found.get(knob, found[DEFAULT_KNOB])
    other = found.get(second)
    if other is None or other.name == first.name:
        return [first]
    return [thinned(first, MOST_EACH), thinned(other, MOST_EACH)]


def order(cells: Sequence[Cell], settings: Settings) -> list[int]:
    """Return the order in which cells are computed: the current one first, as all others get their colours from it."""
    return sorted(range(len(cells)), key=lambda place: cells[place].settings != settings)


def is_heavy(n: int, cells: int, rule: str) -> bool:
    """Tell whether so many runs on so many points take so long that they should be asked for."""
    return run_seconds(n, rule, cells) > _HEAVY_SECONDS


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell that was computed: its end, whether it is the current setting, and what each cluster is called."""

    cell: Cell
    end: Ending
    current: bool
    names: tuple[int, ...]


def drawn(cells: Sequence[Cell], settings: Settings, ends: Sequence[Ending]) -> list[Drawn]:
    """Return the cells whose ends are there, in the order of the screen; ``ends`` are in the order of computing.

    Clusters are called as those of the current setting that they have most points in common with.
    """
    places = order(cells, settings)[: len(ends)]
    return [
        Drawn(cells[place], end, cells[place].settings == settings, matched(end, ends[0]))
        for place, end in sorted(zip(places, ends, strict=True), key=lambda found: found[0])
    ]


def matched(end: Ending, reference: Ending) -> tuple[int, ...]:
    """Return a name for each cluster of ``end``: that of the cluster of ``reference`` which it is most like.

    The same number of points: point i here is point i there. Else the reference's points are given to the centers.
    """
    k = max(end.k, reference.k)
    if end.n == reference.n:
        labels, others = end.labels, reference.labels
    else:
        distances = np.square(reference.some[:, np.newaxis] - end.centers).sum(axis=2)
        distances[:, ~end.active] = np.inf
        labels, others = distances.argmin(axis=1), reference.labels[reference.shown]
    return tuple(int(name) for name in match_clusters(labels, others, k=k)[: end.k])


# --- In words


def finding(found: Sequence[Drawn], chosen: Sequence[Knob], total: int) -> str:
    """Say what turning the knobs did to the cost and to the match with the labels."""
    what = " and ".join(f"“{knob.title}”" for knob in chosen)
    if len(found) < 2:
        only = found[0].end
        return f"One run so far, of {total}: its cost is {amount(only.cost)} after {_iterations(only)}."
    so_far = "" if len(found) == total else f" so far, of {total}"
    head = f"Nothing differs between these {len(found)} runs{so_far} but {what}."
    told = [_costs_told(found, chosen), _stopped_told(found), _agreement_told(found, chosen)]
    return " ".join([head, *(sentence for sentence in told if sentence)])


def _costs_told(found: Sequence[Drawn], chosen: Sequence[Knob]) -> str:
    if not comparable(chosen):
        return "Their costs count different things, so they can’t be compared."
    costs = [cost_of(one, chosen) for one in found]
    words = cost_words(chosen)
    low, high = min(costs), max(costs)
    if nearly_equal(low, high):
        return _equal_told(found, chosen, f"a {words} of {amount(low)}")
    if [knob.name for knob in chosen] == ["k"]:
        return _falls_told(found, costs)
    least, most = amounts([low, high])
    return (
        f"The {words} goes from {least} ({_where(found, costs, low, chosen)}) to {most} "
        f"({_where(found, costs, high, chosen)})."
    )


def _equal_told(found: Sequence[Drawn], chosen: Sequence[Knob], cost: str) -> str:
    """Say whether runs that end with the same cost found the same result."""
    if any(knob.name not in _RUN_KNOBS for knob in chosen):
        return f"All end with {cost}."  # on other points there is no same result
    results = len({one.end.partition for one in found})
    return (
        f"All find the same result, with {cost}." if results == 1 else f"All end with {cost}, in {results} partitions."
    )


_RUN_KNOBS: Final = (*names("run"), *names("effort"))
"""The knobs that leave the points as they are."""


def _stopped_told(found: Sequence[Drawn]) -> str:
    """Say how many runs were cut off by the iteration limit; nothing where none was."""
    stopped = sum(not one.end.converged for one in found)
    if not stopped:
        return ""
    return f"{stopped} of {len(found)} runs reached the iteration limit before converging."


def _falls_told(found: Sequence[Drawn], costs: Sequence[float]) -> str:
    """Say what more clusters do to the cost: the best one only falls, but a single run need not find it."""
    ks = [one.cell.values[0] for one in found]
    rise = next((at for at in range(1, len(costs)) if costs[at] > costs[at - 1] * (1 + 1e-9)), None)
    if rise is None:
        first, last = amounts([costs[0], costs[-1]])
        least = next(at for at, cost in enumerate(costs) if cost <= costs[-1])
        if least < len(costs) - 1:
            return f"The cost falls from {first} to {last} at K = {ks[least]} and stays there."
        return f"The cost never rises with K here, from {first} to {last}: it can’t choose K alone."
    before, after = amounts([costs[rise - 1], costs[rise]])
    why = "its run found a worse result" if found[rise].end.converged else "its run was cut off by the iteration limit"
    return (
        "The best cost never rises with K, but a single run may miss it: "
        f"K = {ks[rise]} costs more than K = {ks[rise - 1]} ({after}, {before}), because {why}."
    )


def _agreement_told(found: Sequence[Drawn], chosen: Sequence[Knob]) -> str:
    known = [one for one in found if one.end.agreement is not None]
    values = [one.end.agreement or 0.0 for one in known]
    if not known:
        return ""
    match = match_words(found)
    low, high = min(values), max(values)
    if low == high:
        return f"The {match} is {share(low)} in all of them."
    texts = dict(zip(sorted(set(values)), shares(sorted(set(values))), strict=True))
    best, worst = (_where(known, values, value, chosen) for value in (high, low))
    return (
        f"The {match} is best with {best} ({texts[high]}) and worst with {worst} "
        f"({texts[low]}; 1 is perfect, 0\N{NO-BREAK SPACE}is no better than chance)."
    )


def match_words(found: Sequence[Drawn]) -> str:
    """Say what the adjusted Rand index of the cells measures."""
    return label_words(found[0].cell.settings).match


def _where(found: Sequence[Drawn], numbers: Sequence[float], value: float, chosen: Sequence[Knob]) -> str:
    """Say which cell has a value, or how many do: one of several equals is no winner."""
    there = [one for one, number in zip(found, numbers, strict=True) if nearly_equal(number, value)]
    return said(there[0], chosen) if len(there) == 1 else f"{len(there)} of {len(found)} runs"


def said(one: Drawn, chosen: Sequence[Knob]) -> str:
    """Say which cell it is: the values of its knobs."""
    return ", ".join(said_of(knob, value) for knob, value in zip(chosen, one.cell.values, strict=True))


def said_of(knob: Knob, value: object) -> str:
    """Say a value with its knob: a number equals something, a choice is named."""
    return f"{short(knob)}{' = ' if knob.ordered else ': '}{knob.written(value)}"


def short(knob: Knob) -> str:
    """Return a knob's title as it stands in a sentence."""
    return "K" if knob.name == "k" else knob.title[0].lower() + knob.title[1:]


def comparable(chosen: Sequence[Knob]) -> bool:
    """Tell whether costs can be compared: every rule counts something else."""
    return all(knob.name != "rule" for knob in chosen)


def per_point(chosen: Sequence[Knob]) -> bool:
    """Tell whether the number of points changes, and with it the cost of all of them."""
    return any(knob.name in ("points", "points_per_blob") for knob in chosen)


def cost_words(chosen: Sequence[Knob]) -> str:
    """Say which cost is compared."""
    return "cost per point" if per_point(chosen) else "cost"


def cost_of(one: Drawn, chosen: Sequence[Knob]) -> float:
    """Return the cost that is compared."""
    return one.end.cost / one.end.n if per_point(chosen) else one.end.cost


def _iterations(end: Ending) -> str:
    return counted(end.iterations, "iteration")


def has_none(settings: Settings, name: str) -> str:
    """Say that these data do not have a knob, and why another one is turned."""
    title = name.replace("_", " ").capitalize()
    these = "a table" if settings.table else DATASETS[settings.data].title.lower()
    return f"“{title}” is no setting of these data, {these}."


def caption(found: Sequence[Drawn]) -> str:
    """Say how the pictures were drawn."""
    most = max(one.end.n for one in found)
    some = f" Each shows {whole(MOST_POINTS)} points at most, drawn at random." if most > MOST_POINTS else ""
    matched = any(one.end.agreement is not None for one in found)
    match = (
        f" The {match_words(found)} is the adjusted Rand index: it compares two points at a time." if matched else ""
    )
    return (
        "All pictures share their axes, and clusters that share most points have the same color. Click a picture to "
        f"step through its run.{match}{some}"
    )


def in_words(one: Drawn, chosen: Sequence[Knob]) -> str:
    """Say what a picture shows, for those who can't see it."""
    sizes = np.bincount(one.end.labels, minlength=one.end.k)
    told = ", ".join(
        f"cluster {name + 1}: {whole(int(size))}" for name, size in sorted(zip(one.names, sizes, strict=True))
    )
    here = " This is the current setting." if one.current else ""
    return f"{said(one, chosen)}. Points in each cluster: {told}.{here}"


def numbers(found: Sequence[Drawn], chosen: Sequence[Knob]) -> dict[str, list[object]]:
    """Return the cells as the columns of a table."""
    turned_to: dict[str, list[object]] = {
        knob.title: [knob.written(one.cell.values[at]) for one in found] for at, knob in enumerate(chosen)
    }
    return turned_to | {
        "points": [one.end.n for one in found],
        "cost": [one.end.cost for one in found],
        "iterations": [one.end.iterations for one in found],
        "converged": [one.end.converged for one in found],
        match_words(found): [one.end.agreement for one in found],
        "current setting": [one.current for one in found],
    }


# --- The pictures


def grid(found: Sequence[Drawn], chosen: Sequence[Knob], addresses: Sequence[str], *, equal: bool, theme: Theme) -> str:
    """Return the pictures as a part of a page: each a link to its run, with its numbers below it."""
    box = box_of([one.end for one in found])
    style = f"--accent: {ACCENT[theme]}; --columns: {len(chosen[0].values)}"
    cells = "".join(
        f'<a class="cell{" current" if one.current else ""}" href="{escape(address)}">'
        f"<b>{escape(said(one, chosen))}{'<i>current</i>' if one.current else ''}</b>"
        f"{image(svg(one.end, one.names, box=box, equal=equal, theme=theme), in_words(one, chosen))}"
        f"<small>{_below(one, cost)}</small></a>"
        for one, address, cost in zip(found, addresses, _cost_texts(found), strict=True)
    )
    return f'<div class="cells{" two" if len(chosen) > 1 else ""}" style="{style}">{cells}</div>'


def _cost_texts(found: Sequence[Drawn]) -> list[str]:
    """Write the cells' costs so that those that differ by more than rounding read differently."""
    kinds: list[float] = []
    for one in found:
        kinds.extend([] if any(nearly_equal(one.end.cost, cost) for cost in kinds) else [one.end.cost])
    texts = amounts(kinds)
    return [
        next(text for cost, text in zip(kinds, texts, strict=True) if nearly_equal(one.end.cost, cost)) for one in found
    ]


def _below(one: Drawn, cost: str) -> str:
    moving = "" if one.end.converged else ", cut off"
    told = [f"cost {cost}", f"{_iterations(one.end)}{moving}"]
    if one.end.agreement is not None:
        told.append(f"match {share(one.end.agreement)}")
    return "".join(f"<span>{escape(part)}</span> " for part in told)


def figure(
    found: Sequence[Drawn], chosen: Sequence[Knob], value_of: Callable[[Drawn], float | None], title: str, theme: Theme
) -> go.Figure:
    """Return a number over the first knob, with a line for each value of the second; the current setting is ringed."""
    first = chosen[0]
    rows: dict[Hashable, list[Drawn]] = {}
    for one in found:
        rows.setdefault(one.cell.values[1:], []).append(one)
    made = go.Figure()
    for at, row in enumerate(rows.values()):
        current = len(rows) == 1 or any(one.current for one in row)
        color = (ACCENT if current else PLAIN)[theme]
        label = "" if len(rows) == 1 else said_of(chosen[1], row[0].cell.values[1])
        made.add_scatter(
            x=[first.written(one.cell.values[0]) for one in row],
            y=[value_of(one) for one in row],
            # A line says that what lies between two values lies between their results.
            mode="lines+markers" if first.ordered else "markers",
            line={"color": color, "width": 2, "dash": "solid" if current else _DASHES[at % len(_DASHES)]},
            marker={"color": color, "size": 9, "symbol": CLUSTER_SYMBOLS[at]},
            text=[said(one, chosen) for one in row],
            hovertemplate="%{text}: %{y:.4g}<extra></extra>",
            name=label,
            cliponaxis=False,
        )
    here = [one for one in found if one.current]
    made.add_scatter(
        x=[first.written(one.cell.values[0]) for one in here],
        y=[value_of(one) for one in here],
        mode="markers",
        marker={"symbol": "circle-open", "size": 18, "color": ACCENT[theme], "line": {"width": 2.5}},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    laid_out(made, theme, height=270)
    made.update_layout(
        title={"text": title, "font": {"size": 14, "color": TEXT[theme]}, "x": 0, "y": 0.98},
        showlegend=len(rows) > 1,
        legend={"orientation": "h", "y": -0.3, "x": 0},
    )
    made.update_xaxes(type="category", title={"text": first.title, "standoff": 4})
    made.update_yaxes(rangemode="tozero", nticks=5)
    return made


def curves(found: Sequence[Drawn], chosen: Sequence[Knob]) -> list[tuple[str, Callable[[Drawn], float | None]]]:
    """Return what is drawn over the knob, with its title: what can be compared, and what is known."""
    drawn_over: list[tuple[str, Callable[[Drawn], float | None]]] = []
    if comparable(chosen):
        drawn_over.append((cost_words(chosen).capitalize(), lambda one: cost_of(one, chosen)))
    if any(one.end.agreement is not None for one in found):
        match = match_words(found)
        drawn_over.append((match[0].upper() + match[1:], lambda one: one.end.agreement))
    return [*drawn_over, ("Iterations", lambda one: float(one.end.iterations))]


def curve_in_words(
    found: Sequence[Drawn], chosen: Sequence[Knob], value_of: Callable[[Drawn], float | None], title: str
) -> str:
    """Say what a curve shows, for those who can't see it."""
    told = (f"{said(one, chosen)}: {'unknown' if (value := value_of(one)) is None else amount(value)}" for one in found)
    return f"{title} over {chosen[0].title}. {'; '.join(told)}."
