"""Pages to print: the worksheet of a run, and its answer key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from kmeans_core import Trace
from kmeans_core.arrays import Points
from ui.charts.drawn_run import DrawnRun
from ui.export.qr_codes import qr_code
from ui.export.worksheet import WorksheetFacts, answer_key, worksheet
from ui.settings import lesson_link
from ui.settings.definitions import UPLOAD
from ui.settings.edits import edit_summary
from ui.settings.lesson_link import Lesson
from ui.settings.links import encode
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.settings.run_input import RunInput
from ui.text.file_names import file_stem
from ui.text.messages import message

PAPER_KINDS: Final[Mapping[str, Callable[[DrawnRun, WorksheetFacts], str]]] = {
    "worksheet": worksheet,
    "answers": answer_key,
}
"""The pages by their kind, which their file names contain."""


def paper_name(stem: str, kind: str) -> str:
    """Return the file name of a page."""
    return f"{stem}-{kind}.html"


def drawn_run(data: Data, points: Points, trace: Trace) -> DrawnRun:
    """Return a run as the page draws it."""
    centers = [data.places(step.centers) for step in trace]
    return DrawnRun(trace, data.places(points), centers, data.equal_units, data.axes)


def paper_file(kind: str, link: str, page: str, inputs: RunInput, trace: Trace) -> tuple[str, str]:
    """Return the file name and the HTML of a page of ``PAPER_KINDS``, for a link that a dialog shows.

    Of the link, only the lesson counts: the teacher may just have typed it, so that the page's own address lacks it.
    ``page`` is the address of the page itself, without a query.
    """
    query, settings = dict(parse_qsl(urlsplit(link).query)), inputs.settings
    lesson, _ = lesson_link.decode(query)
    mode = {"mode": "predict"} if query.get("mode") == "predict" else {}
    address = f"{page}?{urlencode(encode(settings) | lesson_link.encode(lesson) | mode)}"
    run = drawn_run(inputs.data, inputs.points, trace)
    stem = file_stem(inputs.data.title, trace.config.k)
    html = paper_page(kind, settings, lesson, link=address, data=inputs.data, run=run)
    return paper_name(stem, kind), html


def paper_page(kind: str, settings: Settings, lesson: Lesson, *, link: str, data: Data, run: DrawnRun) -> str:
    """Return a page of ``PAPER_KINDS`` as HTML.

    ``link`` is written on it, also as a QR code. This needs no session: Streamlit makes downloads in a thread.
    """
    facts = WorksheetFacts(
        title=lesson.title or data.title,
        about=_about(settings, lesson, data),
        link=link,
        needs=message("downloads.needs_table") if settings.data == UPLOAD else "",
        question=lesson.question,
        # A phone does not have the table.
        code="" if settings.data == UPLOAD else qr_code(link),
        data_seed=None if settings.table else settings.data_seed,
        versions={name: number for name in ("numpy", "kmeans-step-by-step") if (number := _version(name))},
    )
    return PAPER_KINDS[kind](run, facts)


def _about(settings: Settings, lesson: Lesson, data: Data) -> str:
    """Describe the data, its edits, and what the pictures show."""
    edit_sentence = edit_summary(len(data.points), settings.edits, "row" if settings.table else "point")
    sentences = list(data.notes) or ([message("downloads.data_title", title=data.title)] if lesson.title else [])
    sentences += [edit_sentence] if edit_sentence else []
    if data.projection:
        sentences.append(data.projection.words)
    if data.axes:
        horizontal, vertical = data.axes
        sentences.append(message("downloads.axes", horizontal=horizontal, vertical=vertical))
    return " ".join(sentences)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
