"""Links to share: the data and QR codes of the player's "Share" dialog, and the heading of a lesson link."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.player.protocol import as_message
from ui.player.session_facts import LessonFacts, LinkFacts, PlayerSession, as_facts
from ui.settings.definitions import CONTROLS
from ui.settings.lesson_link import MAX_QUESTION, MAX_TITLE, Lesson
from ui.settings.links import VIEW_NAMES, encode
from ui.settings.record import Settings
from ui.shell.page import APP_TITLE
from ui.shell.script_loader import loader
from ui.shell.session import SHARED_LINK, component_value
from ui.text.messages import message

_KEY: Final = "share"

_component = st.components.v2.component(
    "kmeans_share",
    html="<span hidden></span>",
    js=loader("share_data.js"),
    isolate_styles=False,
)


@lru_cache(maxsize=64)
def qr_code(link: str) -> str:
    """Return a link's QR code as SVG, black on white with a quiet zone; "" for a link that is too long."""
    try:
        # The lowest error correction makes the largest squares, which can be scanned from the last row of a room.
        code = segno.make_qr(link, error="l")
    except segno.DataOverflowError:
        return ""
    return str(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))


def _store_link() -> None:
    """Store the link for which the dialog wants a QR code."""
    SHARED_LINK.set(component_value(_KEY, "link"))


@st.fragment
def share_run(settings: Settings, lesson: Lesson) -> None:
    """Send the "Share" dialog what a link contains, and QR codes; a fragment, so that the run is not sent again."""
    link = SHARED_LINK.get()
    facts = LinkFacts(
        settings=encode(settings),
        view=VIEW_NAMES,
        lesson=LessonFacts(
            title=lesson.title, question=lesson.question, locked=sorted(lesson.locked), hidden=sorted(lesson.hidden)
        ),
        controls=CONTROLS,
        max_lengths={"title": MAX_TITLE, "question": MAX_QUESTION},
        idle=PlayerSession(),
        code={"link": link, "svg": qr_code(link)} if isinstance(link, str) else None,
    )
    _component(key=_KEY, data=as_message(as_facts(facts)), on_link_change=_store_link)


def show_lesson(heading: DeltaGenerator, lesson: Lesson) -> None:
    """Show the title and question of a lesson link in place of the page's heading, as plain text."""
    title = lesson.title or ("" if st.context.is_embedded else APP_TITLE)
    parts = [
        f'<{tag} dir="auto">{escape(text)}</{tag}>' for tag, text in (("h1", title), ("p", lesson.question)) if text
    ]
    if lesson.title or lesson.question:
        heading.html(f'<div class="lesson">{"".join(parts)}</div>')


def page_link(parameters: Mapping[str, str]) -> str:
    """Return the full link of the current page with these parameters alone."""
    url = urlsplit(st.context.url or "")
    return urlunsplit((url.scheme, url.netloc, url.path, urlencode(parameters), ""))


def show_link_with_code(link: str) -> None:
    """Show a link to copy, and its QR code to scan."""
    st.code(link, language=None, wrap_lines=True)
    # Streamlit removes inline SVG from HTML, but keeps images.
    drawing = qr_code(link).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    code = b64encode(drawing.encode()).decode()
    alt = message("shell.qr_code_alt")
    st.html(f'<img src="data:image/svg+xml;base64,{code}" alt="{alt}" style="width: 11rem">')
