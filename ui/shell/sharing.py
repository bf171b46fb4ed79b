"""Links to share: their QR codes, and the heading of a lesson link."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.export.qr_codes import qr_code
from ui.settings.lesson_link import Lesson
from ui.shell.page import APP_TITLE
from ui.text.messages import message


def show_lesson(heading: DeltaGenerator, lesson: Lesson, *, asks_itself: bool) -> None:
    """Show the title and question of a lesson link in place of the page's heading, as plain text.

    A page that ``asks_itself`` has questions of its own: there, the lesson's is said to be the lesson's.
    """
    title = lesson.title or ("" if st.context.is_embedded else APP_TITLE)
    question = lesson.question
    if question and asks_itself:
        question = message("shell.lesson_question", question=question)
    parts = [f'<{tag} dir="auto">{escape(text)}</{tag}>' for tag, text in (("h1", title), ("p", question)) if text]
    if lesson.title or lesson.question:
        heading.html(f'<div class="lesson">{"".join(parts)}</div>')


def page_link(parameters: Mapping[str, str]) -> str:
    """Return the full link of the current page with these parameters alone."""
    url = urlsplit(st.context.url or "")
    return urlunsplit((url.scheme, url.netloc, url.path or "/", urlencode(parameters), ""))


def show_link_with_code(link: str) -> None:
    """Show a link to copy, and its QR code to scan."""
    st.code(link, language=None, wrap_lines=True)
    # Streamlit removes inline SVG from HTML, but keeps images.
    svg = qr_code(link).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    code = b64encode(svg.encode()).decode()
    alt = message("shell.qr_code_alt")
    st.html(f'<img src="data:image/svg+xml;base64,{code}" alt="{alt}" style="width: 11rem">')
