"""The pages, what each is called, and links between them that carry the settings along."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.player.protocol import as_message
from ui.settings import lesson_link as lessons
from ui.settings.lesson_link import Lesson
from ui.settings.links import encode
from ui.settings.record import Settings
from ui.shell.script_loader import loader
from ui.shell.session import LESSON, PAGE_SETTINGS
from ui.text.messages import message

_going = st.components.v2.component(
    "kmeans_going", html="<span hidden></span>", js=loader("page_link.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its script, the question that it answers, and a short label for the navigation."""

    script: str
    question: str
    label: str


PLAYER: Final = Page("app.py", message("navigation.player"), message("navigation.player_label"))
STARTS: Final = Page("pages/starts.py", message("navigation.starts"), message("navigation.starts_label"))
COMPARE: Final = Page("pages/compare.py", message("navigation.compare"), message("navigation.compare_label"))
HOW_MANY: Final = Page("pages/how_many.py", message("navigation.how_many"), message("navigation.how_many_label"))
FAILURES: Final = Page("pages/failures.py", message("navigation.failures"), message("navigation.failures_label"))
TENSORFLOW: Final = Page("pages/backends.py", message("navigation.backends"), message("navigation.backends_label"))
SWEEP: Final = Page("pages/sweep.py", message("navigation.sweep"), message("navigation.sweep_label"))
TUTORIAL: Final = Page("pages/tutorial.py", message("navigation.tutorial"), message("navigation.tutorial_label"))

PAGES: Final = (PLAYER, STARTS, COMPARE, HOW_MANY, FAILURES, TENSORFLOW, SWEEP, TUTORIAL)
"""All pages, in the order of the navigation."""


def show_navigation(place: DeltaGenerator, current: Page, link: Mapping[str, str]) -> None:
    """Draw the links to all pages, except in an embedded page."""
    if st.context.is_embedded:
        return
    with place:
        for page in PAGES:
            query = dict(link) | PAGE_SETTINGS.get().get(page.script, {})
            # A name for the style, which brings it into view where the links are wider than the screen.
            with st.container(key="current_page") if page is current else nullcontext():
                st.page_link(page.script, label=page.label, query_params=query)


def chosen_lesson() -> Lesson:
    """Return what the page's own link says to a class; known once the sidebar's settings are."""
    return LESSON.get()


def run_link(settings: Settings) -> dict[str, str]:
    """Return what a link to a run says: the run, and to a class what the page's own link says to it."""
    return encode(settings) | lessons.encode(chosen_lesson())


def offer_run(label: str, settings: Settings, **view: str) -> None:
    """Draw a link that opens a run in the player, looked at as ``view`` says."""
    st.page_link(PLAYER.script, label=label, icon=":material/play_circle:", query_params=run_link(settings) | view)


def offer_page(page: Page, settings: Settings) -> None:
    """Draw a link to a page by the question that it answers."""
    st.page_link(page.script, label=page.question, icon=":material/arrow_forward:", query_params=run_link(settings))


def address_of(settings: Settings, **view: str) -> str:
    """Return the address of a run in the player, as seen from any other page, looked at as ``view`` says."""
    embedded = {"embed": "true"} if st.context.is_embedded else {}
    return f"./?{urlencode(run_link(settings) | view | embedded)}"


def open_run(settings: Settings, step: int = 0) -> None:
    """Make the browser open a run in the player, at one of its steps."""
    at = {"step": str(step)} if step else {}
    _going(key="going", data=as_message({"address": address_of(settings, **at), "replaces": False}))


def redirect(page: Page) -> None:
    """Redirect from an old address to the page that replaces it, with the same query.

    ``st.switch_page`` would add to the history, and Back would return to the old address and from there to here.
    """
    query = urlencode(st.query_params.to_dict())
    address = f"./{Path(page.script).stem}?{query}"
    _going(key="going", data=as_message({"address": address, "replaces": True}))
    st.page_link(page.script, label=page.question, query_params=st.query_params.to_dict())
