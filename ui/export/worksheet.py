"""A lesson sheet: a run on paper, with its pictures, its numbers and room to write. Knows nothing of Streamlit.

One HTML page that asks nobody for anything: no scripts, no fonts, no pictures from elsewhere. It prints on A4 and on
Letter, and in black and white, where shapes and numbers tell the clusters apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import BACKENDS, EMPTY_POLICIES, INITIALISERS, RULES, Phase, RunConfig, StopReason, Trace
from kmeans_core.types import Centers
from ui.charts.drawing import (
    DrawnRun,
    View,
    changed,
    ink_on,
    number_place,
    outline,
    shape_of_data,
    view_of,
)
from ui.charts.figures import TEXT
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS, UNASSIGNED
from ui.charts.thumbnails import sample
from ui.text.numbers import amount, counted, whole
from ui.text.step_sentences import step_name, step_sentence

MOST_ROWS: Final = 48
"""The most half-steps of the table: of a longer run, half of them from its start and half from its end."""

_COLORS: Final = CLUSTER_COLORS["light"]
_INK: Final = TEXT["light"]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What all pictures of a sheet have in common: ``at`` are the points in them, ``shown`` their numbers among all."""

    trace: Trace
    centers: Sequence[Centers]
    view: View
    shown: NDArray[np.intp]
    at: NDArray[np.float64]


def sheet(
    run: DrawnRun,
    *,
    title: str,
    about: str,
    link: str,
    question: str = "",
    code: str = "",
    needs: str = "",
    data_seed: int | None = None,
    versions: Mapping[str, str] | None = None,
) -> str:
    """Return a lesson sheet of a run, as a page of its own.

    Parameters
    ----------
    run : DrawnRun
    title, question : str
        The teacher's; without a question there is none.
    about : str
        What the data is, in a sentence or two.
    link : str
        Of the app with this run.
    code : str
        The link's QR code as SVG markup, which is put in as it is; may be empty.
    needs : str
        What is needed beside the link, in a sentence.
    data_seed : int, optional
        The seed of the data, where it has one.
    versions : mapping of str to str, optional
        By the names of what computed: their versions.
    """
    trace, drawn = run.trace, _drawn(run)
    title = title or "K-means, step by step"
    parts = [
        _head(title, question, link, code),
        _about(trace, about),
        _pictures(drawn),
        _numbers(trace),
        _questions(trace),
        _foot(trace, link, needs, data_seed, versions or {}),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escape(_seen(title))}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def key_steps(trace: Trace) -> list[int]:
    """Return the half-steps that tell a run: the start, the first assign and refine, one halfway, and the end."""
    last = len(trace) - 1
    return sorted({0, 1, min(2, last), (min(2, last) + last) // 2, last})


# --- Words


def _seen(text: str) -> str:
    """Return a text without the characters that no page can hold."""
    return "".join(char for char in text if char in "\t\n" or unicodedata.category(char)[0] != "C")


def _text(text: str) -> str:
    return escape(_seen(text))


def _head(title: str, question: str, link: str, code: str) -> str:
    asked = f'<p class="question" dir="auto">{_text(question)}</p>' if question else ""
    drawn = f'<figure class="code">{code}<figcaption>Scan to open this run</figcaption></figure>' if code else ""
    name = '<p class="name">Name <span></span> Date <span></span></p>'
    return f'<header><div>{name}<h1 dir="auto">{_text(title)}</h1>{asked}</div>{drawn}</header>'


def _settings(config: RunConfig) -> list[tuple[str, str]]:
    """Return what was chosen, in words."""
    rule, start = RULES[config.rule], INITIALISERS[config.init]
    return [
        ("Clusters", f"K = {config.k}"),
        ("Rule", f"{rule.title}. {rule.summary} The cost is the {rule.cost_words}."),
        ("Start", f"{start.title}. {start.summary[0].upper()}{start.summary[1:]}"),
        ("Empty clusters", EMPTY_POLICIES[config.empty]),
        ("End", f"When no point changes its cluster, or after {counted(config.max_iter, 'iteration')}."),
    ]


def _about(trace: Trace, about: str) -> str:
    n, d = len(trace.labels), trace.centers.shape[1]
    data = f"{counted(n, 'point')} with {counted(d, 'feature')}. {about}"
    rows = [("Data", data), *_settings(trace.config)]
    listed = "".join(f"<div><dt>{name}</dt><dd>{_text(text)}</dd></div>" for name, text in rows)
    return f'<section class="about"><h2>What is done here</h2><dl>{listed}</dl></section>'


def _pictures(drawn: _Drawn) -> str:
    trace = drawn.trace
    figures = "".join(
        f"<figure>{_svg(drawn, index)}<figcaption><b>Half-step {index}.</b> "
        f"{_text(step_sentence(trace, index))}</figcaption></figure>"
        for index in key_steps(trace)
    )
    n, m = len(trace.labels), len(drawn.shown)
    some = f" Drawn are {whole(m)} of {whole(n)} points, chosen at random." if m < n else ""
    note = f"Large marks are centers, with their cluster’s number. Points with a dark edge just changed cluster.{some}"
    return (
        f'<section class="pictures"><h2>What happens</h2><p class="note">{note}</p>'
        f'<div class="grid">{figures}{_curve(trace)}</div><p class="end">{_text(trace.stop_sentence)}</p></section>'
    )


# --- Numbers


def _row(trace: Trace, index: int) -> str:
    step = trace[index]
    moved = whole(step.moved) if step.phase is Phase.ASSIGN else "–"
    cost = "–" if step.cost is None else amount(step.cost)
    cells = [step_name(step), str(step.iteration), moved, cost]
    return f'<tr><th scope="row">{index}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _numbers(trace: Trace) -> str:
    count = len(trace)
    half = MOST_ROWS // 2
    shown = list(range(count)) if count <= MOST_ROWS else [*range(half), *range(count - half, count)]
    columns = [shown] if len(shown) <= 12 else [shown[: (len(shown) + 1) // 2], shown[(len(shown) + 1) // 2 :]]
    titles = "".join(f'<th scope="col">{title}</th>' for title in ("No.", "Half-step", "Iteration", "Moved", "Cost"))
    head = f"<tr>{titles}</tr>"
    tables = "".join(
        f"<table><thead>{head}</thead><tbody>{''.join(_row(trace, index) for index in column)}</tbody></table>"
        for column in columns
    )
    left_out = f'<p class="note">Half-steps {half} to {count - half - 1} are left out.</p>' if count > MOST_ROWS else ""
    words, brief = RULES[trace.config.rule].cost_words, " brief" if count <= 24 else ""
    return (
        f'<section class="numbers{brief}"><h2>The numbers</h2><p class="note">“Moved” are the points that changed '
        f"cluster. The cost is the {words}.</p>{left_out}"
        f'<div class="tables">{tables}</div></section>'
    )


# --- Questions


def questions(trace: Trace) -> list[str]:
    """Return three questions that fit the run: on its cost, on its points, and on its end."""
    return [_on_cost(trace), _on_points(trace), _on_end(trace)]


_BEST_PLACE: Final = {
    "mean": "the mean of its points",
    "medoid": "the most central of its points",
    "median": "the median of its points in each coordinate",
}


def _on_cost(trace: Trace) -> str:
    """Ask about the half-step that lowered the cost most, of those that no hand came before."""
    untouched = next((i for i, step in enumerate(trace) if step.phase is Phase.MOVE), len(trace))
    falls = {
        index + 1: before.cost - after.cost
        for index, (before, after) in enumerate(pairwise(trace[:untouched]))
        if before.cost is not None and after.cost is not None and after.cost < before.cost
    }
    center = RULES[trace.config.rule].center_word
    if not falls:
        return (
            f"In half-step 1 every point joined its nearest {center}. Why would any other choice of clusters for these "
            f"{center}s cost at least as much?"
        )
    index = max(falls, key=lambda at: falls[at])
    before, after = trace[index - 1].cost or 0.0, trace[index].cost or 0.0
    told = f"From half-step {index - 1} to {index} the cost fell from {amount(before)} to {amount(after)}."
    if trace[index].phase is Phase.REFINE:
        place = _BEST_PLACE[RULES[trace.config.rule].center]
        return f"{told} Why can the cost not rise when each {center} moves to {place}?"
    return f"{told} Why can the cost not rise when every point joins its nearest {center}?"


def _on_points(trace: Trace) -> str:
    moved = {i: step.moved for i, step in enumerate(trace) if i > 1 and step.phase is Phase.ASSIGN and step.moved}
    if not moved:
        return "No point changed its cluster after its first one. Place the centers elsewhere so that some would."
    index = max(moved, key=lambda at: moved[at])
    who = "1 point" if moved[index] == 1 else f"{whole(moved[index])} points"
    return (
        f"{who} changed cluster in half-step {index}, the most after the first assign. Where do such points lie, and "
        "why there?"
    )


def _on_end(trace: Trace) -> str:
    if trace.stop_reason is StopReason.CONVERGED:
        return (
            f"The run came to rest after {counted(trace.iterations, 'iteration')} at a cost of {amount(trace.cost)}. "
            "Is there a clustering of these points with K\u00a0=\u00a0"
            f"{trace.config.k} that costs less? How could you look for one?"
        )
    moved = trace[-1].moved
    return (
        f"The run was stopped after {counted(trace.iterations, 'iteration')}, and {counted(moved, 'point')} got "
        "another cluster in the last half-step. What would the next two half-steps do?"
    )


def _questions(trace: Trace) -> str:
    lines = '<div class="line"></div>' * 5
    items = "".join(f"<li><p>{_text(asked)}</p>{lines}</li>" for asked in questions(trace))
    return f'<section class="questions"><h2>Questions</h2><ol>{items}</ol></section>'


def _foot(trace: Trace, link: str, needs: str, data_seed: int | None, versions: Mapping[str, str]) -> str:
    seeds = f"Seed of the data {data_seed}, seed" if data_seed is not None else "Seed"
    told = [f"{seeds} of the start {trace.config.seed}", f"computed by {BACKENDS[trace.config.backend].title}"]
    told += [f"{name} {version}" for name, version in versions.items()]
    address = _text(link)
    # Only what a browser opens as a page is made a link.
    web = link.startswith(("http://", "https://"))
    shown = f'<a href="{address}">{address}</a>' if web else address
    opened = f"<p>Open this run: {shown} {_text(needs)}</p>" if link else ""
    return f"<footer>{opened}<p>{_text('; '.join(told))}.</p></footer>"


# --- Pictures

_WIDTH: Final = 400.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 4.0, 4.0, 20.0
_CENTER: Final = 10.0


def _drawn(run: DrawnRun) -> _Drawn:
    wide = _WIDTH - _LEFT - _RIGHT
    shape = float(np.clip(shape_of_data(run.places, run.centers), 0.5, 0.56)) if run.equal_units else 0.56
    area = (_LEFT, _TOP, wide, wide * shape)
    view = view_of(run.places, run.centers, area=area, equal=run.equal_units)
    shown = sample(len(run.places))
    return _Drawn(run.trace, run.centers, view, shown, view.pixels(run.places[shown]))


def _svg(drawn: _Drawn, index: int) -> str:
    """Return the picture of a half-step."""
    height = drawn.view.area[3] + _TOP + _BOTTOM
    centers = counted(int(drawn.trace.active(index).sum()), "center")
    name = f"{step_name(drawn.trace[index])}: {counted(len(drawn.shown), 'point')} and {centers}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{name}" font-family="sans-serif" font-size="10">'
        f"{_axes(drawn.view)}{_points(drawn, index)}{_centers(drawn, index)}</svg>"
    )


def _axes(view: View) -> str:
    left, top, width, height = view.area
    right, bottom = left + width, top + height
    xs, ys = view.ticks(0, 8), view.ticks(1, 5)
    grid = "".join(f"M{x:.1f} {top:.1f}V{bottom:.1f}" for x, _ in xs)
    grid += "".join(f"M{left:.1f} {y:.1f}H{right:.1f}" for y, _ in ys)
    words = "".join(
        f'<text x="{x:.1f}" y="{bottom + 13:.1f}" text-anchor="middle">{text}</text>' for x, text in xs
    ) + "".join(f'<text x="{left - 5:.1f}" y="{y + 3.5:.1f}" text-anchor="end">{text}</text>' for y, text in ys)
    return (
        f'<path d="{grid}" stroke="#E3E5E9" fill="none"/>'
        f'<path d="M{left:.1f} {top:.1f}V{bottom:.1f}H{right:.1f}" stroke="#8A8F98" fill="none"/>'
        f'<g fill="#5B616B">{words}</g>'
    )


def _points(drawn: _Drawn, index: int) -> str:
    """Return the points, each in the shape of its cluster; those that changed are larger, with a dark edge."""
    labels = drawn.trace[index].compact_labels
    radius = 3.2 if len(drawn.shown) <= 200 else 2.5
    if labels is None:
        return _marks(drawn.at, "circle", radius, f'fill="{UNASSIGNED["light"]}"')
    own = labels[drawn.shown]
    news = changed(drawn.trace, index)
    new = np.zeros(len(own), dtype=np.bool_) if news is None else news[drawn.shown]
    k = drawn.trace.config.k
    looks = [(symbol, f'fill="{color}"') for symbol, color in zip(CLUSTER_SYMBOLS[:k], _COLORS[:k], strict=True)]
    still = "".join(
        _marks(drawn.at[(own == cluster) & ~new], symbol, radius, look) for cluster, (symbol, look) in enumerate(looks)
    )
    edge = f'stroke="{_INK}" stroke-width="0.9"'
    return still + "".join(
        _marks(drawn.at[(own == cluster) & new], symbol, radius * 1.4, f"{look} {edge}")
        for cluster, (symbol, look) in enumerate(looks)
    )


def _marks(at: NDArray[np.float64], symbol: str, radius: float, look: str) -> str:
    """Return marks of one shape as one path."""
    if not len(at):
        return ""
    if symbol == "circle":
        r = f"{radius:.2f}"
        begin, shape = -radius, f"a{r} {r} 0 1 0 {2 * radius:.2f} 0a{r} {r} 0 1 0 {-2 * radius:.2f} 0z"
        starts = at + np.array([begin, 0.0])
    else:
        corners = outline(symbol, radius)
        shape = "l" + " ".join(f"{x:.1f} {y:.1f}" for x, y in np.diff(corners, axis=0).tolist()) + "z"
        starts = at + corners[0]
    path = "".join(f"M{x:.1f} {y:.1f}{shape}" for x, y in starts.tolist())
    return f'<path d="{path}" {look}/>'


def _centers(drawn: _Drawn, index: int) -> str:
    at = drawn.view.pixels(drawn.centers[index])
    marks = []
    # The first ones last: of centers on one spot the lowest gets the points.
    for cluster in np.flatnonzero(drawn.trace.active(index))[::-1].tolist():
        symbol, color = CLUSTER_SYMBOLS[cluster], _COLORS[cluster]
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in outline(symbol, _CENTER).tolist())
        x, y = number_place(symbol, _CENTER)
        marks.append(
            f'<g transform="translate({at[cluster, 0]:.1f} {at[cluster, 1]:.1f})">'
            f'<polygon points="{corners}" fill="#FFFFFF" stroke="#FFFFFF" stroke-width="4.5"/>'
            f'<polygon points="{corners}" fill="{color}" stroke="{_INK}" stroke-width="1.4"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}" fill="{ink_on(color)}">{cluster + 1}</text></g>'
        )
    return f'<g font-size="11.5" font-weight="700" text-anchor="middle">{"".join(marks)}</g>'


def _curve(trace: Trace) -> str:
    """Return the cost of every half-step as a picture with its words."""
    places = np.array([(float(index), step.cost) for index, step in enumerate(trace) if step.cost is not None])
    area = (_LEFT + 20, _TOP, _WIDTH - _LEFT - _RIGHT - 20, 190.0)
    view = view_of(places, [], area=area, equal=False)
    at = view.pixels(places)
    is_refine = np.array([step.phase is Phase.REFINE for step in trace if step.cost is not None])
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in at.tolist())
    radius = 4.0 if len(at) <= 40 else 2.2
    drawn = (
        f'<path d="M{line}" fill="none" stroke="#5B616B" stroke-width="1.5"/>'
        + _marks(at[~is_refine], "circle", radius, f'fill="{_INK}"')
        + _marks(at[is_refine], "diamond", radius, f'fill="#FFFFFF" stroke="{_INK}" stroke-width="1.2"')
    )
    words = "The cost after each half-step: a dot is an assign, a diamond a refine."
    return (
        f'<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {190 + _TOP + _BOTTOM:.0f}" '
        f'role="img" aria-label="{words}" font-family="sans-serif" font-size="10">{_axes(view)}{drawn}</svg>'
        f"<figcaption><b>Cost.</b> {words}</figcaption></figure>"
    )


_STYLE: Final = """
@page { margin: 11mm 14mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { max-width: 190mm; margin: 0 auto; padding: 8mm; color: #1B1F27; background: #FFFFFF; }
body { font: 10pt/1.4 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0; font-size: 20pt; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 4mm 0 1.5mm; font-size: 13pt; break-after: avoid; }
p, dl, dd, figure, ol { margin: 0; padding: 0; }
header { display: flex; justify-content: space-between; gap: 8mm; }
header > div { flex: 1; min-width: 0; }
.name { display: flex; gap: 2mm; align-items: end; margin-bottom: 3mm; font-size: 9.5pt; }
.name span { flex: 3; border-bottom: 0.25mm solid #5B616B; }
.name span:last-child { flex: 1; }
.question { margin-top: 3mm; padding: 2mm 3mm; border: 0.35mm solid #1B1F27; border-radius: 1.5mm; font-size: 12pt; }
.question { overflow-wrap: anywhere; }
.code { flex: none; width: 34mm; font-size: 8pt; text-align: center; }
.code svg { display: block; width: 34mm; height: 34mm; }
dl > div { display: grid; grid-template-columns: 32mm 1fr; gap: 3mm; padding: 0.6mm 0; break-inside: avoid; }
dt { font-weight: 700; }
dd { overflow-wrap: anywhere; }
.note { margin-bottom: 2mm; color: #5B616B; font-size: 9pt; break-after: avoid; }
.grid { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm 6mm; }
.grid figure { break-inside: avoid; }
.grid svg { display: block; width: 100%; height: auto; }
.grid figcaption { font-size: 9pt; line-height: 1.35; }
.end { margin-top: 3mm; font-weight: 700; }
.tables { display: flex; gap: 8mm; align-items: start; }
table { flex: 1; max-width: 110mm; border-collapse: collapse; font-size: 9pt; font-variant-numeric: tabular-nums; }
th, td { padding: 0.6mm 1.5mm; border-bottom: 0.2mm solid #C4C8CF; text-align: right; font-weight: 400; }
th, td { white-space: nowrap; }
thead th { font-weight: 700; vertical-align: bottom; }
th:nth-child(2), td:nth-child(2) { text-align: left; }
.brief { break-inside: avoid; }
tr { break-inside: avoid; }
.questions { break-inside: avoid; }
.questions ol { padding-left: 6mm; }
.questions li { margin-bottom: 3mm; break-inside: avoid; }
.line { height: 8mm; border-bottom: 0.2mm solid #8A8F98; }
footer { margin-top: 5mm; color: #5B616B; font-size: 8pt; break-inside: avoid; overflow-wrap: anywhere; }
footer a { color: inherit; }
@media print { body { max-width: none; padding: 0; } }
@media (max-width: 600px) { .grid { grid-template-columns: 1fr; } .tables { flex-direction: column; } }
"""
