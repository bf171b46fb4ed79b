"""A worksheet: a run on paper, with its pictures, its numbers, questions, and room to write.

One HTML page that loads nothing: no scripts, no fonts, no pictures. It prints on A4 and on Letter, and in black and
white, where shapes and numbers tell the clusters apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from kmeans_core import BACKENDS, EMPTY_POLICIES, INITIALISERS, RULES, Phase, RunConfig, StopReason, Trace
from ui.charts.drawn_run import DrawnRun
from ui.export.worksheet_pictures import RunPictures, cost_picture, pictures_of, step_picture
from ui.text.markup import style_element
from ui.text.messages import message
from ui.text.numbers import amount, whole
from ui.text.step_sentences import step_name, step_sentence

MAX_ROWS: Final = 48
"""The most half-steps in the table: of a longer run, half of them from its start and half from its end."""


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
    """Return a worksheet of a run as a page of its own.

    Parameters
    ----------
    run : DrawnRun
    title, question : str
        The teacher's; both may be empty.
    about : str
        What the data is, in a sentence or two.
    link, code : str
        The link to this run, and its QR code as SVG markup; both may be empty.
    needs : str
        What is needed beside the link, in a sentence; may be empty.
    data_seed : int, optional
    versions : mapping of str to str, optional
        The version of each package that computed the run.
    """
    title, trace = title or message("navigation.app_title"), run.trace
    parts = [
        _head(title, question, code),
        _about(trace, about),
        _pictures(pictures_of(run)),
        _numbers(trace),
        _questions(trace),
        _foot(trace, link, needs, data_seed, versions or {}),
    ]
    return _page(title, parts)


def _page(title: str, parts: Sequence[str]) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{_text(title)}</title>\n{style_element(__file__, 'worksheet')}</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def key_steps(trace: Trace) -> list[int]:
    """Return the half-steps that are drawn: the start, the first assign and refine, one halfway, and the end."""
    last = len(trace) - 1
    return sorted({0, 1, min(2, last), (min(2, last) + last) // 2, last})


# --- Sections


def _text(text: str) -> str:
    """Return a text escaped, and without the control characters that no page can hold."""
    return escape("".join(char for char in text if char in "\t\n" or unicodedata.category(char)[0] != "C"))


def _head(title: str, question: str, code: str) -> str:
    lead = f'<p class="question" dir="auto">{_text(question)}</p>' if question else ""
    scan = message("worksheet.scan")
    scan_code = f'<figure class="code">{code}<figcaption>{scan}</figcaption></figure>' if code else ""
    blanks = f"{message('worksheet.name')} <span></span> {message('worksheet.date')} <span></span>"
    name = f'<p class="name">{blanks}</p>'
    return f'<header><div>{name}<h1 dir="auto">{_text(title)}</h1>{lead}</div>{scan_code}</header>'


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


def _pictures(pictures: RunPictures) -> str:
    trace = pictures.trace
    figures = "".join(_step_figure(pictures, index) for index in key_steps(trace))
    n, m = len(trace.labels), len(pictures.shown)
    note = message("worksheet.pictures_note")
    if m < n:
        note += f" {message('export.sample_note', drawn=m, points=n)}"
    return (
        f'<section class="pictures"><h2>{message("worksheet.pictures_title")}</h2><p class="note">{note}</p>'
        f'<div class="grid">{figures}{_cost_figure(trace)}</div>'
        f'<p class="end">{_text(trace.stop_sentence)}</p></section>'
    )


def _step_figure(pictures: RunPictures, index: int) -> str:
    title = message("worksheet.picture_caption", index=index)
    caption = f"<b>{title}</b> {_text(step_sentence(pictures.trace, index))}"
    return f"<figure>{step_picture(pictures, index)}<figcaption>{caption}</figcaption></figure>"


def _cost_figure(trace: Trace) -> str:
    caption = message("worksheet.cost_caption")
    title = message("worksheet.cost_title")
    return f"<figure>{cost_picture(trace, caption)}<figcaption><b>{title}</b> {caption}</figcaption></figure>"


# --- Numbers


def _row(trace: Trace, index: int) -> str:
    step = trace[index]
    switched = whole(step.reassigned) if step.phase is Phase.ASSIGN else "–"
    cost = "–" if step.cost is None else amount(step.cost)
    cells = [step_name(step), str(step.iteration), switched, cost]
    return f'<tr><th scope="row">{index}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _numbers(trace: Trace) -> str:
    count = len(trace)
    half = MAX_ROWS // 2
    shown = list(range(count)) if count <= MAX_ROWS else [*range(half), *range(count - half, count)]
    columns = [shown] if len(shown) <= 12 else [shown[: (len(shown) + 1) // 2], shown[(len(shown) + 1) // 2 :]]
    titles = "".join(f'<th scope="col">{title}</th>' for title in _column_titles())
    head = f"<tr>{titles}</tr>"
    tables = "".join(
        f"<table><thead>{head}</thead><tbody>{''.join(_row(trace, index) for index in column)}</tbody></table>"
        for column in columns
    )
    rows_note = ""
    if count > MAX_ROWS:
        words = message("worksheet.rows_left_out", first=half, last=count - half - 1)
        rows_note = f'<p class="note">{words}</p>'
    note = message("worksheet.numbers_note", cost_name=RULES[trace.config.rule].cost_words)
    brief = " brief" if count <= 24 else ""
    return (
        f'<section class="numbers{brief}"><h2>{message("worksheet.numbers_title")}</h2><p class="note">{note}</p>'
        f'{rows_note}<div class="tables">{tables}</div></section>'
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
    switched = {
        i: step.reassigned for i, step in enumerate(trace) if i > 1 and step.phase is Phase.ASSIGN and step.reassigned
    }
    if not switched:
        return message("worksheet.question_none_switched")
    index = max(switched, key=lambda at: switched[at])
    return message("worksheet.question_switched", switched=switched[index], index=index)


def _on_end(trace: Trace) -> str:
    """Ask what could come after the end."""
    iterations = trace.iterations
    if trace.stop_reason is StopReason.CONVERGED:
        return message("worksheet.question_converged", iterations=iterations, cost=trace.cost, k=trace.config.k)
    return message("worksheet.question_limit", iterations=iterations, switched=trace[-1].reassigned)


def _questions(trace: Trace) -> str:
    lines = '<div class="line"></div>' * 5
    items = "".join(f"<li><p>{_text(question)}</p>{lines}</li>" for question in questions(trace))
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
