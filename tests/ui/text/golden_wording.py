"""The wording of the screen in one file, ``golden_wording.txt``, which pins every sentence once.

``python -m tests.ui.text.golden_wording`` rewrites it after a message was rewritten; read the difference before you
commit it. Other tests ask for ``message(...)``, or check the numbers of a sentence, and do not repeat its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np

import kmeans_core.messages
import kmeans_tables.messages
import server.messages
from kmeans_core import EMPTY_POLICIES, INITIALISERS, RULES, RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from tests.ui.moved_runs import apply_moves
from tests.ui.text.message_variants import variants
from tests.ui.text.page_wording import page_wording
from ui.settings.edits import Move
from ui.shell.navigation import BACKEND_COMPARISON, PAGES, PLAYER
from ui.text.explanation import explain
from ui.text.other_costs import other_costs
from ui.text.step_sentences import step_sentence

FILE = Path(__file__).with_suffix(".txt")
LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0], [11.0, 0.0]])


def golden_runs() -> Iterator[tuple[str, Points, Trace]]:
    """A title, the points, and the run: all rules, starts, and policies, ties, edits, and both reasons to stop."""
    blobs, _ = make_dataset("blobs", points=60)
    for rule in RULES:
        yield f"blobs, {rule}", blobs, run(blobs, RunConfig(k=3, rule=rule, init="random"))
    for init in INITIALISERS:
        centers = tuple(map(tuple, blobs[:3].tolist())) if init == "given" else None
        yield f"blobs, {init}", blobs, run(blobs, RunConfig(k=3, init=init, given=centers, max_iter=0))
    for empty in EMPTY_POLICIES:
        far = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
        yield f"line, an empty cluster, {empty}", LINE, run(LINE, RunConfig(k=3, init="given", given=far, empty=empty))
    for k in (1, 4):
        equal = np.full((9, 2), 7.0)
        yield f"equal points, K = {k}", equal, run(equal, RunConfig(k=k, init="random"))
    yield "line, a single cluster", LINE, run(LINE, RunConfig(k=1, init="random"))
    for rule in RULES:
        trace = run(LINE, RunConfig(k=2, rule=rule, init="given", given=((0.0, 0.0), (10.0, 0.0))))
        trace_with_moves = apply_moves(LINE, trace, (Move(0, 0, (1.0, 1.0)), Move(len(trace), 1, (10.001, 0.0))))
        yield f"line, centers moved, {rule}", LINE, trace_with_moves
    trace_with_drop = run(
        LINE, RunConfig(k=3, init="given", given=((0.0, 0.0), (10.0, 0.0), (99.0, 0.0)), empty="drop")
    )
    yield "line, a dropped cluster returns", LINE, apply_moves(LINE, trace_with_drop, (Move(3, 2, (9.0, 0.0)),))


def golden_text() -> str:
    """The text of the file: runs, pages, then the messages of the libraries and the server, which pages show rarely."""
    return "\n".join([*_runs(), *_pages(), *_other_messages()])


def _pages() -> Iterator[str]:
    """The words of each page but the one that measures time; those of the sidebar once, with the home page."""
    for page in PAGES:
        if page is not BACKEND_COMPARISON:
            yield from (f"== {page.script}", "", *page_wording(page.script, sidebar=page is PLAYER), "")


def _other_messages() -> Iterator[str]:
    """Every message outside the app's own catalog, in all that it can say."""
    for catalog in (kmeans_core.messages.CATALOG, kmeans_tables.messages.CATALOG, server.messages.CATALOG):
        yield from (f"== {catalog.folder.parts[-3]}", "")
        for key, text in catalog.texts.items():
            yield from (f"{key}: {variant}" for variant in variants(text))
        yield ""


def _runs() -> list[str]:
    """Each half-step's sentence, then its explanation; then the sentences on the other rules' costs."""
    lines: list[str] = []
    for title, points, trace in golden_runs():
        lines += [f"== {title}", ""]
        for index in range(len(trace)):
            lines.append(step_sentence(trace, index))
            lines += [f"    {text}" for text in astuple(explain(trace, index))]
        lines += ["", *(f"{cost['name']}: {cost['sentence']}" for cost in other_costs(points, trace)), ""]
    return lines


if __name__ == "__main__":
    FILE.write_text(golden_text(), encoding="utf-8")
