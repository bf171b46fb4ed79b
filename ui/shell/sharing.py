"""Links: what Python knows of them for the player's "Share", and what a teacher's link says above the picture."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from html import escape
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.player.protocol import as_message
from ui.player.session import PlayerSession, as_facts
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
    js=loader("share.js"),
    isolate_styles=False,
)


@lru_cache(maxsize=64)
def qr_code(link: str) -> str:
    """Return a link's QR code as SVG, black on white with its quiet zone; "" where it is too long for one."""
    try:
        # The least correction makes the largest squares: a screen has no dirt, but the last row sits far away.
        code = segno.make_qr(link, error="l")
    except segno.DataOverflowError:
        return ""
    return str(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))


def _hear() -> None:
    SHARED_LINK.set(component_value(_KEY, "link"))


def _lesson_data(lesson: Lesson) -> dict[str, Any]:
    return asdict(lesson) | {"locked": sorted(lesson.locked), "hidden": sorted(lesson.hidden)}


@st.fragment
def offer_links(settings: Settings, lesson: Lesson) -> None:
    """Tell the player's "Share" what a link holds, and answer with QR codes. A fragment: the run stays as it is."""
    data: dict[str, Any] = {
        "settings": encode(settings),
        "view": VIEW_NAMES,
        "lesson": _lesson_data(lesson),
        "controls": CONTROLS,
        "longest": {"title": MAX_TITLE, "question": MAX_QUESTION},
        "idle": as_facts(PlayerSession()),
    }
    asked = SHARED_LINK.get()
    if isinstance(asked, str):
        data["code"] = {"link": asked, "svg": qr_code(asked)}
    _component(key=_KEY, data=as_message(data), on_link_change=_hear)


def show_lesson(heading: DeltaGenerator, lesson: Lesson) -> None:
    """Put a teacher's title and question in the place of the page's heading, as plain text."""
    title = lesson.title or ("" if st.context.is_embedded else APP_TITLE)
    parts = [
        f'<{tag} dir="auto">{escape(text)}</{tag}>' for tag, text in (("h1", title), ("p", lesson.question)) if text
    ]
    if lesson.title or lesson.question:
        heading.html(f'<div class="lesson">{"".join(parts)}</div>')


def own_link(settings: Mapping[str, str]) -> str:
    """Return the whole link of the page that is open, with these settings alone."""
    there = urlsplit(st.context.url or "")
    return urlunsplit((there.scheme, there.netloc, there.path, urlencode(settings), ""))


def show_code(link: str) -> None:
    """Show a link to copy, and its code to scan."""
    st.code(link, language=None, wrap_lines=True)
    # Streamlit strips drawings from a page's HTML, but lets pictures be.
    drawing = qr_code(link).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    code = b64encode(drawing.encode()).decode()
    alt = message("shell.qr_code_alt")
    st.html(f'<img src="data:image/svg+xml;base64,{code}" alt="{alt}" style="width: 11rem">')
