"""One page of the browser edition: takes what a visitor does, and answers with messages to the player and the panel.

This runs in the browser's worker, on the same modules as the app. It knows nothing of the browser: texts come in, texts
and bytes go out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from kmeans_core import DATASETS, __version__
from ui.browser.panel import panel_fields, with_value
from ui.export.paper_pages import paper_file
from ui.export.qr_codes import qr_code
from ui.player.edit_session import EditSession
from ui.player.link_facts import link_facts
from ui.player.packed_run import PackedRun, packed
from ui.player.protocol import as_message, with_session
from ui.player.session_facts import LinkCode, PaperFile, as_facts
from ui.settings import lesson_link
from ui.settings.lesson_link import Lesson
from ui.settings.links import decode, encode
from ui.settings.presentation import Presentation
from ui.settings.record import OPENING, Settings, blog_example
from ui.settings.run_input import run_input, with_first_centers
from ui.text.messages import message

_EXAMPLES: Final = {"opening": OPENING, "blog": blog_example()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows next.

    Attributes
    ----------
    content : bytes
        The player's message.
    facts : bytes
        What the player's dialog "Share" must know, as a message.
    page : str
        JSON: the link's query, the title, what else is to be said, and the fields of the panel.
    """

    content: bytes
    facts: bytes
    page: str


@dataclass
class Edition:
    """The state of one page: its settings, what its link says to a class, and the history of its edits."""

    settings: Settings = OPENING
    lesson: Lesson = field(default_factory=Lesson)
    edits: EditSession = field(default_factory=EditSession)
    problems: list[str] = field(default_factory=list)
    _last: Answer | None = None

    def open(self, query: str) -> Answer:
        """Return the run that a link means; what cannot be used of it is said."""
        link = dict(parse_qsl(query, keep_blank_values=True))
        settings, problems = decode(link)
        self.lesson, lesson_problems = lesson_link.decode(link)
        if settings.data not in DATASETS:
            problems.append(message("browser.no_tables"))
            settings = OPENING
        self.problems = [*problems, *lesson_problems]
        self.edits.go_to, self.edits.note = None, ""
        self.settings = settings
        return self._answer()

    def act(self, action: str, step: int) -> Answer:
        """Return the run after what a visitor did in the player, as JSON; ``step`` is on the screen."""
        wish = json.loads(action)
        after = self.edits.apply(wish if isinstance(wish, dict) else {}, self.settings, self.lesson, None, step)
        if not self.edits.error:
            self.problems, self.settings = [], after
        return self._answer()

    def choose(self, name: str, value: str, step: int) -> Answer:
        """Return the run after a visitor chose a value in the panel; a value that cannot be used is said."""
        before = self.settings
        try:
            after = with_value(before, name, value).keep_valid_edits(before)
        except ValueError as error:
            self.problems = [message("shell.problem", problem=str(error))]
            return self._answer()
        self._replace(with_first_centers(after, before), step)
        return self._answer()

    def example(self, name: str, step: int) -> Answer:
        """Return the run of an example: ``opening``, or ``blog``."""
        self._replace(_EXAMPLES[name], step)
        return self._answer()

    def code(self, link: str) -> Answer:
        """Return the last answer with the QR code of a link that the dialog shows."""
        return self._with_facts({"link": link, "svg": qr_code(link)}, None)

    def paper(self, kind: str, link: str) -> Answer:
        """Return the last answer with a page to print, for a link that the dialog shows."""
        inputs = run_input(replace(self.settings, backend="numpy"))
        page, _, _ = link.partition("?")
        name, html = paper_file(kind, link, page, inputs.with_settings(self.settings), inputs.trace())
        return self._with_facts(None, {"kind": kind, "name": name, "html": html})

    def _with_facts(self, code: LinkCode | None, paper: PaperFile | None) -> Answer:
        """Return the last answer, whose run the page has already, with other facts of the dialog."""
        assert self._last is not None, "the dialog belongs to a page that was opened"
        return replace(self._last, facts=self._facts(code, paper))

    def _facts(self, code: LinkCode | None = None, paper: PaperFile | None = None) -> bytes:
        return as_message(as_facts(link_facts(self.settings, self.lesson, code, paper)))

    def _replace(self, after: Settings, step: int) -> None:
        self.edits.note_change(self.settings, after, step)
        self.problems, self.settings = [], after

    def _answer(self) -> Answer:
        """Return the settings' run, and the page around it."""
        settings = replace(self.settings, backend="numpy")
        inputs = run_input(settings)
        run = packed(inputs)
        # The pages to which a verdict would lead, and the presenter's view, are the app's.
        session = replace(
            self.edits.player_session(self.settings, self.lesson, Presentation(), None),
            verdict=replace(run.verdict, is_limit=False),
            presentation=None,
        )
        page = json.dumps(self._page(inputs.data.title, run))
        self._last = Answer(with_session(run.content, session), self._facts(), page)
        return self._last

    def _page(self, title: str, run: PackedRun) -> Mapping[str, Any]:
        locked = self.lesson.locked | self.lesson.hidden
        return {
            "query": encode(self.settings) | lesson_link.encode(self.lesson),
            "title": self.lesson.title or title,
            "question": self.lesson.question,
            "notices": [*self.problems, *run.notices(self.settings.k)],
            "fields": [
                entry.as_facts(is_locked=entry.control in locked)
                for entry in panel_fields(self.settings)
                if entry.control not in self.lesson.hidden
            ],
            "version": __version__,
        }
