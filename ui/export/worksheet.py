"""A worksheet: a run on paper, with tasks, questions, and room to write; and an answer key to it.

Each is one HTML page that loads nothing: no scripts, no fonts, no pictures. It prints on A4 and on Letter, and in black
and white, where shapes and numbers tell the clusters apart. The worksheet fills two pages: room to write takes what the
pictures leave.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Final

from kmeans_core import BACKENDS, EMPTY_POLICIES, INITIALISERS, RULES, Phase, RunConfig, Step, StopReason, Trace
from kmeans_core.messages.lists import joined_clauses
from kmeans_core.messages.numbers import amount, whole
from ui.charts.drawn_run import DrawnRun
from ui.export.worksheet_pictures import RunPictures, cost_picture, pictures_of, step_picture
from ui.text.markup import style_element
from ui.text.messages import message
from ui.text.step_sentences import step_name, step_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetFacts:
    """What a worksheet says beside its run.

    Attributes
    ----------
    title, question : str
        The teacher's; both may be empty.
    about : str
        What the data is, in a sentence or two.
    link, code : str
        The link to the run, and its QR code as SVG markup; both may be empty.
    needs : str
        What is needed beside the link, in a sentence; may be empty.
    data_seed : int or None
    versions : mapping of str to str
        The version of each package that computed the run.
    """

    title: str
    about: str
    link: str
    question: str = ""
    code: str = ""
    needs: str = ""
    data_seed: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


MAX_TASK_ROWS: Final = 12
"""The most half-steps in the table that a class completes: what fits beside the axes for the curve."""

MAX_ROWS: Final = 36
"""The most half-steps in the table: of a longer run, half of them from its start and half from its end."""


def worksheet(run: DrawnRun, facts: WorksheetFacts) -> str:
    """Return a worksheet of a run as a page of its own: tasks and questions without their answers."""
    trace, title = run.trace, facts.title or message("navigation.app_title")
    pictures = pictures_of(run)
    first = [_head(title, facts.question, facts.code), _about(trace, facts.about), _picture_tasks(pictures)]
    second = [_cost_task(trace), _questions(trace), _foot(trace, facts)]
    return _page(title, [_paper(first), _paper(second)])


def answer_key(run: DrawnRun, facts: WorksheetFacts) -> str:
    """Return the answers to a worksheet as a page of its own: pictures with sentences, the cost, and every number."""
    trace, title = run.trace, facts.title or message("navigation.app_title")
    title = message("worksheet.key_title", title=title)
    pictures = pictures_of(run, is_key=True)
    heading = f'<header><div><h1 dir="auto">{_text(title)}</h1>{_lead(facts.question)}</div></header>'
    has_room = len(trace) <= 24
    notes = f'<section class="questions"><h2>{message("worksheet.notes_title")}</h2>{_LINES}</section>'
    second = [_numbers(trace), _answers(trace), *([notes] if has_room else []), _foot(trace, facts)]
    return _page(title, [_paper([heading, _pictures(pictures)]), _paper(second)])


def _page(title: str, parts: Sequence[str]) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{_text(title)}</title>\n{style_element(__file__, 'worksheet')}</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def refine_task(trace: Trace) -> int:
    """Return the refine that the worksheet asks for: the second, whose picture gives no other task away; 0 for none."""
    refines = [index for index, step in enumerate(trace) if step.phase is Phase.REFINE]
    return refines[:2][-1] if refines else 0


def key_steps(trace: Trace) -> list[int]:
    """Return the half-steps that an answer key draws: the start, the first assign, the refine of a task, the end."""
    refine = refine_task(trace)
    return sorted({0, 1, max(refine - 1, 0), refine, len(trace) - 1})


def _paper(parts: Sequence[str]) -> str:
    """Return what fills one printed page."""
    return f'<div class="paper">{"".join(parts)}</div>'


# --- Sections


def _text(text: str) -> str:
    """Return a text escaped, and without the control characters that no page can hold."""
    return escape("".join(char for char in text if char in "\t\n" or unicodedata.category(char)[0] != "C"))


def _lead(question: str) -> str:
    """Return the teacher's question in its frame; nothing if there is none."""
    return f'<p class="question" dir="auto">{_text(question)}</p>' if question else ""


def _head(title: str, question: str, code: str) -> str:
    scan = message("worksheet.scan")
    scan_code = f'<figure class="code">{code}<figcaption>{scan}</figcaption></figure>' if code else ""
    blanks = f"{message('worksheet.name')} <span></span> {message('worksheet.date')} <span></span>"
    name = f'<p class="name">{blanks}</p>'
    return f'<header><div>{name}<h1 dir="auto">{_text(title)}</h1>{_lead(question)}</div>{scan_code}</header>'


def _settings(config: RunConfig) -> list[tuple[str, str]]:
    """Return what was chosen, in words."""
    rule, start = RULES[config.rule], INITIALISERS[config.init]
    return [
        (message("worksheet.clusters_title"), message("worksheet.clusters", k=config.k)),
        (
            message("worksheet.rule_title"),
            message("worksheet.rule", title=rule.title, summary=rule.summary, cost_name=rule.cost_words),
        ),
        (message("worksheet.init_title"), message("worksheet.init", title=start.title, summary=start.summary)),
        (message("worksheet.empty_title"), EMPTY_POLICIES[config.empty].summary),
        (message("worksheet.end_title"), message("worksheet.end", max_iter=config.max_iter)),
    ]


def _about(trace: Trace, about: str) -> str:
    n, d = len(trace.labels), trace.centers.shape[1]
    data = message("worksheet.data", points=n, features=d, about=about)
    rows = [(message("worksheet.data_title"), data), *_settings(trace.config)]
    items = "".join(f"<div><dt>{name}</dt><dd>{_text(text)}</dd></div>" for name, text in rows)
    return f'<section class="about"><h2>{message("worksheet.settings_title")}</h2><dl>{items}</dl></section>'


def _picture_tasks(pictures: RunPictures) -> str:
    """Ask for the first assign, and for a refine."""
    figures = "".join(
        f"<figure>{step_picture(pictures, index)}<figcaption><b>{number}.</b> {task}</figcaption></figure>"
        for number, (index, task) in enumerate(_tasks(pictures.trace).items(), start=1)
    )
    note = f'<p class="note">{_text(_picture_note(pictures))}</p>'
    heading = f"<h2>{message('worksheet.tasks_title')}</h2>"
    return (
        f'<section class="tasks">{heading}{note}<div class="grid {pictures.layout}">{figures}</div>{_LINES}</section>'
    )


def _tasks(trace: Trace) -> dict[int, str]:
    """Return the task below the picture of each half-step that is on the worksheet."""
    center, refine = RULES[trace.config.rule].center_word, refine_task(trace)
    tasks = {0: message("worksheet.task_assign", center=center)}
    return tasks | ({refine - 1: message("worksheet.task_refine", center=center, step=refine - 1)} if refine else {})


def _picture_note(pictures: RunPictures) -> str:
    n, m = len(pictures.trace.labels), len(pictures.indices)
    note = message("worksheet.pictures_note")
    return f"{note} {message('export.sample_note', drawn=m, points=n)}" if m < n else note


_LINES: Final = f'<div class="lines">{"<div></div>" * 30}</div>'
"""Ruled room to write: as many lines are seen as the page has room for."""


def _cost_task(trace: Trace) -> str:
    """Give the costs, and ask for the kind of each half-step and for the curve."""
    row_indices = range(min(len(trace), MAX_TASK_ROWS))
    titles = [message("worksheet.column_index"), message("worksheet.column_kind"), message("worksheet.column_cost")]
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    rows = "".join(
        f'<tr><th scope="row">{index}</th><td></td><td>{_cost_text(trace[index])}</td></tr>' for index in row_indices
    )
    table = f'<table class="fill"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    axes = cost_picture(trace[: len(row_indices)], message("worksheet.axes_alt"), is_empty=True)
    task = message("worksheet.task_cost", cost_name=RULES[trace.config.rule].cost_words)
    if len(trace) > MAX_TASK_ROWS:
        task += " " + message("worksheet.task_rows", last=MAX_TASK_ROWS - 1, end=len(trace) - 1)
    return (
        f'<section class="cost"><p><b>3.</b> {_text(task)}</p>'
        f'<div class="tables">{table}<figure>{axes}</figure></div></section>'
    )


def _cost_text(step: Step) -> str:
    return "–" if step.cost is None else amount(step.cost)


def _pictures(pictures: RunPictures) -> str:
    trace = pictures.trace
    figures = "".join(_step_figure(pictures, index) for index in key_steps(trace))
    note = " ".join([message("worksheet.key_note", refine=refine_task(trace)), _picture_note(pictures)])
    return (
        f'<section class="pictures"><h2>{message("worksheet.pictures_title")}</h2><p class="note">{note}</p>'
        f'<div class="grid {pictures.layout}">{figures}{_cost_figure(trace)}</div>'
        f'<p class="end">{_text(trace.stop_sentence)}</p></section>'
    )


def _step_figure(pictures: RunPictures, index: int) -> str:
    task = {1: 1, refine_task(pictures.trace): 2}.get(index, 0)
    title = message("worksheet.picture_caption", index=index, task=task)
    caption = f"<b>{title}</b> {_text(step_sentence(pictures.trace, index))}"
    return f"<figure>{step_picture(pictures, index)}<figcaption>{caption}</figcaption></figure>"


def _cost_figure(trace: Trace) -> str:
    caption = message("worksheet.cost_caption")
    title = message("worksheet.cost_title")
    index = largest_fall(trace)
    fall = message("worksheet.cost_fall", index=index, phase=trace[index].phase.value) if index else ""
    text = f"{caption} {fall}".strip()
    return f"<figure>{cost_picture(list(trace), caption)}<figcaption><b>{title}</b> {text}</figcaption></figure>"


# --- Numbers


def _row(trace: Trace, index: int) -> str:
    step = trace[index]
    switched = whole(step.reassigned) if step.phase is Phase.ASSIGN else "–"
    cells = [step_name(step), str(step.iteration), switched, _cost_text(step)]
    return f'<tr><th scope="row">{index}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _numbers(trace: Trace) -> str:
    count = len(trace)
    half = MAX_ROWS // 2
    rows = list(range(count)) if count <= MAX_ROWS else [*range(half), *range(count - half, count)]
    columns = [rows] if len(rows) <= 12 else [rows[: (len(rows) + 1) // 2], rows[(len(rows) + 1) // 2 :]]
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


def largest_fall(trace: Trace) -> int:
    """Return the half-step that lowered the cost most, of those before any edit; 0 for none."""
    first_move = next((i for i, step in enumerate(trace) if step.phase is Phase.MOVE), len(trace))
    falls = {
        index + 1: before.cost - after.cost
        for index, (before, after) in enumerate(pairwise(trace[:first_move]))
        if before.cost is not None and after.cost is not None and after.cost < before.cost
    }
    return max(falls, key=lambda at: falls[at], default=0)


def _on_cost(trace: Trace) -> str:
    """Ask why the cost never rises, without saying when it falls: the class is to find that out."""
    rule = RULES[trace.config.rule]
    if not largest_fall(trace):
        return message("worksheet.question_no_fall", center=rule.center_word)
    return message("worksheet.question_cost", center=rule.center_word, kind=rule.center)


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


def answers(trace: Trace) -> list[str]:
    """Return the answers to the questions, in their order."""
    rule = RULES[trace.config.rule]
    converged = trace.stop_reason is StopReason.CONVERGED
    return [
        message("worksheet.answer_cost", center=rule.center_word, kind=rule.center),
        message("worksheet.answer_points", center=rule.center_word),
        message("worksheet.answer_end", converged=converged),
    ]


def _questions(trace: Trace) -> str:
    items = "".join(
        f"<li><p><b>{number}.</b> {_text(question)}</p>{_LINES}</li>"
        for number, question in enumerate(questions(trace), start=4)
    )
    heading = f"<h2>{message('worksheet.questions_title')}</h2>"
    return f'<section class="questions">{heading}<ol>{items}</ol></section>'


def _answers(trace: Trace) -> str:
    items = "".join(
        f"<li><p>{_text(question)}</p><p><b>{_text(answer)}</b></p></li>"
        for question, answer in zip(questions(trace), answers(trace), strict=True)
    )
    return f'<section class="answers"><h2>{message("worksheet.answers_title")}</h2><ol start="4">{items}</ol></section>'


def _foot(trace: Trace, facts: WorksheetFacts) -> str:
    link, needs, data_seed, versions = facts.link, facts.needs, facts.data_seed, facts.versions
    values = {
        "seed": str(trace.config.seed),
        "software": joined_clauses(
            [BACKENDS[trace.config.backend].title, *(f"{name} {version}" for name, version in versions.items())]
        ),
    }
    if data_seed is None:
        origin = message("worksheet.seeds", **values)
    else:
        origin = message("worksheet.data_seeds", data_seed=str(data_seed), **values)
    address = _text(link)
    # Only what a browser opens as a page is made a link.
    web = link.startswith(("http://", "https://"))
    link_html = f'<a href="{address}">{address}</a>' if web else address
    open_line = f"<p>{message('worksheet.open')} {link_html} {_text(needs)}</p>" if link else ""
    return f"<footer>{open_line}<p>{_text(origin)}</p></footer>"
