"""The beginning of every page: its title, shared styles, and the places of the links and the heading; its finding."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from server.patches import freeze_garbage, skip_keras_clearing, wait_for_imports
from ui.shell.script_loader import loader
from ui.text.markup import html_of, style_element
from ui.text.messages import message

APP_TITLE = message("navigation.app_title")
_STATIC = Path(__file__).resolve().parents[2] / "static"

_accessibility = st.components.v2.component(
    "kmeans_reading", html="<span hidden></span>", js=loader("page_accessibility.js"), isolate_styles=False
)

wait_for_imports()
freeze_garbage()


def begin_page(title: str, about: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Set the page's title, icon, and layout, and say in a line what it is about.

    Returns
    -------
    links, heading : DeltaGenerator
        The places of the links to the other pages and of the heading. Both stay empty in an embedded page.
    """
    skip_keras_clearing()
    name = title if title == APP_TITLE else f"{title} · {APP_TITLE}"
    embedded = bool(st.context.is_embedded)
    st.set_page_config(
        page_title=name,
        page_icon=str(_STATIC / "favicon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed" if embedded else "auto",
    )
    st.html(style_element(__file__, "page") + (style_element(__file__, "embedded") if embedded else ""))
    # The style sheet makes it horizontal too, but loads later.
    links = st.container(key="navigation", horizontal=True)
    heading = st.empty()
    _accessibility(key="reading", on_back_change=lambda: None)
    if not embedded:
        heading.html(f'<h1 class="takes-focus">{escape(title)}</h1><p class="kmeans-about">{escape(about)}</p>')
    return links, heading


def show_finding(sentence: str, place: DeltaGenerator) -> None:
    """Show what a page found, in the sentence that a visitor reads first."""
    place.html(f'<p class="finding" role="status">{html_of(sentence)}</p>')


def show_reply(short: str, sentence: str) -> None:
    """Reply to what a visitor just did, in a few words and a sentence."""
    st.html(f'<p class="answer takes-focus" role="status"><strong>{html_of(short)}</strong> {html_of(sentence)}</p>')
