"""The places and pages, what each is called, and links between them that carry the settings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from ui.text.messages import message, message_html

_link_opener = st.components.v2.component(
    "kmeans_going", html="<span hidden></span>", js=loader("page_link"), isolate_styles=False
)

_tutorial_offer = st.components.v2.component(
    "kmeans_tutorial_offer", html="<div data-offer></div>", js=loader("tutorial_offer"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its script, and its title, which is the same in its heading, in the navigation, and in links to it."""

    script: str
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """One of the few places that the app consists of, with its pages; the first one opens."""

    label: str
    pages: tuple[Page, ...]


PLAYER: Final = Page("app.py", message("navigation.player"))
STARTS: Final = Page("pages/starts.py", message("navigation.starts"))
COMPARE: Final = Page("pages/compare.py", message("navigation.compare"))
HOW_MANY: Final = Page("pages/how_many.py", message("navigation.how_many"))
FAILURES: Final = Page("pages/failures.py", message("navigation.failures"))
BACKEND_COMPARISON: Final = Page("pages/backends.py", message("navigation.backends"))
SWEEP: Final = Page("pages/sweep.py", message("navigation.sweep"))
TUTORIAL: Final = Page("pages/tutorial.py", message("navigation.tutorial"))

PLACES: Final = (
    Place(message("navigation.learn"), (TUTORIAL,)),
    Place(message("navigation.play"), (PLAYER,)),
    Place(message("navigation.explore"), (STARTS, HOW_MANY, SWEEP, COMPARE, BACKEND_COMPARISON)),
    Place(message("navigation.limits"), (FAILURES,)),
)
"""The places of the app, in the order of the navigation."""

PAGES: Final = tuple(page for place in PLACES for page in place.pages)
"""All pages, in the order of the navigation."""


def show_navigation(container: DeltaGenerator, current: Page, link: Mapping[str, str]) -> None:
    """Draw the links to the places, and to the pages of the current one; nothing in an embedded page."""
    if st.context.is_embedded:
        return
    with container, st.container(key="places", horizontal=True):
        st.html(f'{_skip_links(current)}<span class="brand">{message_html("navigation.app_title")}</span>')
        for place in PLACES:
            # A key for the style. Where a place has one page only, its link says which page is open.
            name = "current_page" if len(place.pages) == 1 else "current_place"
            with st.container(key=name) if current in place.pages else nullcontext():
                _page_link(place.pages[0], place.label, link)
    siblings = next(place.pages for place in PLACES if current in place.pages)
    if len(siblings) > 1:
        with container:
            _show_siblings(siblings, current, link)


def _skip_links(current: Page) -> str:
    """Return the links past the other links: to the player's Next or to the content, and to the open settings.

    The settings come after the page in the order of Tab, so that a visitor reaches Next without passing them.
    """
    goals = ("player" if current in (PLAYER, COMPARE) else "content", "settings")
    return "".join(
        f'<a class="skip-link" href="#{goal}">{message_html("navigation.skip", goal=goal)}</a>' for goal in goals
    )


def _show_siblings(pages: Sequence[Page], current: Page, link: Mapping[str, str]) -> None:
    """Draw the links to the pages of one place: in a row, and for narrow screens in a menu. The style shows one."""
    with st.container(key="siblings", horizontal=True):
        for page in pages:
            with st.container(key="current_page") if page is current else nullcontext():
                _page_link(page, page.title, link)
    with st.container(key="page_menu"), st.popover(current.title, width="stretch"):
        # The current page is in the menu, too, so that the others keep their places.
        for page in pages:
            _page_link(page, page.title, link)


def _page_link(page: Page, label: str, link: Mapping[str, str]) -> None:
    query = dict(link) | PAGE_SETTINGS.get().get(page.script, {})
    st.page_link(page.script, label=label, query_params=query)


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
    """Draw a link to a page by its title."""
    st.page_link(page.script, label=page.title, icon=":material/arrow_forward:", query_params=run_link(settings))


def offer_tutorial() -> None:
    """Offer the tutorial once to a newcomer; neither to a class nor in an embedded page."""
    if not st.context.is_embedded and chosen_lesson() == Lesson():
        _tutorial_offer(key="tutorial_offer")


def address_of(settings: Settings, **view: str) -> str:
    """Return the address of a run in the player, as seen from any other page, looked at as ``view`` says."""
    embedded = {"embed": "true"} if st.context.is_embedded else {}
    return f"./?{urlencode(run_link(settings) | view | embedded)}"


def open_run(settings: Settings, step: int = 0) -> None:
    """Make the browser open a run in the player, at one of its steps."""
    at = {"step": str(step)} if step else {}
    _link_opener(key="going", data=as_message({"address": address_of(settings, **at), "replaces": False}))


def redirect(page: Page) -> None:
    """Redirect from an old address to the page that replaces it, with the same query.

    ``st.switch_page`` would add to the history, and Back would return to the old address and from there to here.
    """
    query = urlencode(st.query_params.to_dict())
    address = f"./{Path(page.script).stem}?{query}"
    _link_opener(key="going", data=as_message({"address": address, "replaces": True}))
    st.page_link(page.script, label=page.title, query_params=st.query_params.to_dict())
