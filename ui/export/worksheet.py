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
from ui.charts.drawn_run import DrawnRun, changed
from ui.charts.figures import TEXT
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS, UNASSIGNED, text_color_on
from ui.charts.shapes import number_place, outline
from ui.charts.thumbnails import sample
from ui.charts.view import View, aspect_ratio, view_of
from ui.text.messages import message
from ui.text.numbers import amount, whole
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


def worksheet(
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
    """Return a worksheet of a run, as a page of its own.

    Parameters
    ----------
    run : DrawnRun
    title, question : str
        The teacher's; either may be empty.
    about : str
        What the data is, in a sentence or two.
    link, needs : str
        To the run in the app, and a sentence on what else is needed to open it.
    code : str
        The link's QR code as SVG markup, which is inserted unescaped; may be empty.
    data_seed : int, optional
    versions : mapping of str to str, optional
        Of what computed the run, by name.
    """
    trace, drawn = run.trace, _drawn(run)
    title = title or message("worksheet.default_title")
    parts = [
        _head(title, question, link, code),
        _about(trace, about),
        _pictures(drawn),
        _numbers(trace),
        _questions(trace),
        _foot(trace, link, needs, data_seed, versions or {}),
    ]
    return _page(title, parts)


def _page(title: str, parts: Sequence[str]) -> str:
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
    scan = message("worksheet.scan")
    drawn = f'<figure class="code">{code}<figcaption>{scan}</figcaption></figure>' if code else ""
    blanks = f"{message('worksheet.name')} <span></span> {message('worksheet.date')} <span></span>"
    name = f'<p class="name">{blanks}</p>'
    return f'<header><div>{name}<h1 dir="auto">{_text(title)}</h1>{asked}</div>{drawn}</header>'


def _settings(config: RunConfig) -> list[tuple[str, str]]:
    """Return what was chosen, in words."""
    rule, start = RULES[config.rule], INITIALISERS[config.init]
    summary = start.summary[0].upper() + start.summary[1:]
    return [
        (message("worksheet.clusters_title"), message("worksheet.clusters", k=config.k)),
        (
            message("worksheet.rule_title"),
            message("worksheet.rule", title=rule.title, summary=rule.summary, cost_name=rule.cost_words),
        ),
        (message("worksheet.init_title"), message("worksheet.init", title=start.title, summary=summary)),
        (message("worksheet.empty_title"), EMPTY_POLICIES[config.empty]),
        (message("worksheet.end_title"), message("worksheet.end", max_iter=config.max_iter)),
    ]


def _about(trace: Trace, about: str) -> str:
    n, d = len(trace.labels), trace.centers.shape[1]
    data = message("worksheet.data", points=n, features=d, about=about)
    rows = [(message("worksheet.data_title"), data), *_settings(trace.config)]
    listed = "".join(f"<div><dt>{name}</dt><dd>{_text(text)}</dd></div>" for name, text in rows)
    return f'<section class="about"><h2>{message("worksheet.settings_title")}</h2><dl>{listed}</dl></section>'


def _pictures(drawn: _Drawn) -> str:
    trace = drawn.trace
    figures = "".join(
        f"<figure>{_svg(drawn, index)}<figcaption><b>{message('worksheet.picture_caption', index=index)}</b> "
        f"{_text(step_sentence(trace, index))}</figcaption></figure>"
        for index in key_steps(trace)
    )
    n, m = len(trace.labels), len(drawn.shown)
    note = message("worksheet.pictures_note")
    if m < n:
        note += f" {message('export.sample_note', drawn=m, points=n)}"
    return (
        f'<section class="pictures"><h2>{message("worksheet.pictures_title")}</h2><p class="note">{note}</p>'
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
    titles = "".join(f'<th scope="col">{title}</th>' for title in _column_titles())
    head = f"<tr>{titles}</tr>"
    tables = "".join(
        f"<table><thead>{head}</thead><tbody>{''.join(_row(trace, index) for index in column)}</tbody></table>"
        for column in columns
    )
    left_out = ""
    if count > MOST_ROWS:
        words = message("worksheet.rows_left_out", first=half, last=count - half - 1)
        left_out = f'<p class="note">{words}</p>'
    note = message("worksheet.numbers_note", cost_name=RULES[trace.config.rule].cost_words)
    brief = " brief" if count <= 24 else ""
    return (
        f'<section class="numbers{brief}"><h2>{message("worksheet.numbers_title")}</h2><p class="note">{note}</p>'
        f'{left_out}<div class="tables">{tables}</div></section>'
    )


def _column_titles() -> list[str]:
    return [
        message("worksheet.column_index"),
        message("worksheet.column_step"),
        message("worksheet.column_iteration"),
        message("worksheet.column_switched"),
        message("worksheet.column_cost"),
    ]


# --- Questions


def questions(trace: Trace) -> list[str]:
    """Return three questions that fit the run: on its cost, on its points, and on its end."""
    return [_on_cost(trace), _on_points(trace), _on_end(trace)]


def _on_cost(trace: Trace) -> str:
    """Ask about the half-step that lowered the cost most, of those before any edit."""
    untouched = next((i for i, step in enumerate(trace) if step.phase is Phase.MOVE), len(trace))
    falls = {
        index + 1: before.cost - after.cost
        for index, (before, after) in enumerate(pairwise(trace[:untouched]))
        if before.cost is not None and after.cost is not None and after.cost < before.cost
    }
    rule = RULES[trace.config.rule]
    if not falls:
        return message("worksheet.question_no_fall", center=rule.center_word)
    index = max(falls, key=lambda at: falls[at])
    costs = {"high": trace[index - 1].cost, "low": trace[index].cost}
    values = {"before": index - 1, "after": index, "center": rule.center_word, **costs}
    if trace[index].phase is Phase.REFINE:
        return message("worksheet.question_refine", kind=rule.center, **values)
    return message("worksheet.question_assign", **values)


def _on_points(trace: Trace) -> str:
    """Ask about the half-step in which most points switched."""
    switched = {i: step.moved for i, step in enumerate(trace) if i > 1 and step.phase is Phase.ASSIGN and step.moved}
    if not switched:
        return message("worksheet.question_none_switched")
    index = max(switched, key=lambda at: switched[at])
    return message("worksheet.question_switched", switched=switched[index], index=index)


def _on_end(trace: Trace) -> str:
    """Ask what could come after the end."""
    iterations = trace.iterations
    if trace.stop_reason is StopReason.CONVERGED:
        return message("worksheet.question_converged", iterations=iterations, cost=trace.cost, k=trace.config.k)
    return message("worksheet.question_limit", iterations=iterations, switched=trace[-1].moved)


def _questions(trace: Trace) -> str:
    lines = '<div class="line"></div>' * 5
    items = "".join(f"<li><p>{_text(asked)}</p>{lines}</li>" for asked in questions(trace))
    return f'<section class="questions"><h2>{message("worksheet.questions_title")}</h2><ol>{items}</ol></section>'


def _foot(trace: Trace, link: str, needs: str, data_seed: int | None, versions: Mapping[str, str]) -> str:
    values = {
        "seed": str(trace.config.seed),
        "engine": BACKENDS[trace.config.backend].title,
        "versions": "".join(f"; {name} {version}" for name, version in versions.items()),
    }
    if data_seed is None:
        origin = message("worksheet.seeds", **values)
    else:
        origin = message("worksheet.data_seeds", data_seed=str(data_seed), **values)
    address = _text(link)
    # Only what a browser opens as a page is made a link.
    web = link.startswith(("http://", "https://"))
    shown = f'<a href="{address}">{address}</a>' if web else address
    opened = f"<p>{message('worksheet.open')} {shown} {_text(needs)}</p>" if link else ""
    return f"<footer>{opened}<p>{_text(origin)}</p></footer>"


# --- Pictures

_WIDTH: Final = 400.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 4.0, 4.0, 20.0
_CENTER: Final = 10.0


def _drawn(run: DrawnRun) -> _Drawn:
    wide = _WIDTH - _LEFT - _RIGHT
    shape = float(np.clip(aspect_ratio(run.places, run.centers), 0.5, 0.56)) if run.equal_units else 0.56
    area = (_LEFT, _TOP, wide, wide * shape)
    view = view_of(run.places, run.centers, area=area, equal=run.equal_units)
    shown = sample(len(run.places))
    return _Drawn(run.trace, run.centers, view, shown, view.pixels(run.places[shown]))


def _svg(drawn: _Drawn, index: int) -> str:
    """Return the picture of a half-step."""
    height = drawn.view.area[3] + _TOP + _BOTTOM
    centers, points = int(drawn.trace.active(index).sum()), len(drawn.shown)
    name = message("worksheet.picture_alt", step=step_name(drawn.trace[index]), points=points, centers=centers)
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
            f'<text x="{x:.1f}" y="{y + 4:.1f}" fill="{text_color_on(color)}">{cluster + 1}</text></g>'
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
    words = message("worksheet.cost_caption")
    return (
        f'<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {190 + _TOP + _BOTTOM:.0f}" '
        f'role="img" aria-label="{words}" font-family="sans-serif" font-size="10">{_axes(view)}{drawn}</svg>'
        f"<figcaption><b>{message('worksheet.cost_title')}</b> {words}</figcaption></figure>"
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
