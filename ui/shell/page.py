"""What every page begins with: its title, the shared style and the links to the others."""

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

_reading = st.components.v2.component(
    "kmeans_reading", html="<span hidden></span>", js=loader("page_accessibility.js"), isolate_styles=False
)

wait_for_imports()
freeze_garbage()


def begin_page(title: str, about: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Set the page's title, icon and layout, and say in a line what it is about.

    Returns
    -------
    links, heading : DeltaGenerator
        The places of the links to the other pages, which a frame in somebody else's page does without, and of the
        heading.
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
    # Horizontal by itself, too: the style is not there from the first moment on.
    links = st.container(key="navigation", horizontal=True)
    heading = st.empty()
    _reading(key="reading", on_back_change=lambda: None)
    if not embedded:
        heading.html(f'<h1 class="takes-focus">{escape(title)}</h1><p class="kmeans-about">{escape(about)}</p>')
    return links, heading


def show_finding(sentence: str, place: DeltaGenerator) -> None:
    """Say what a page found, in the sentence that a visitor reads first."""
    place.html(f'<p class="finding" role="status">{html_of(sentence)}</p>')


def say(short: str, sentence: str) -> None:
    """Answer what a person has just done: a few words, and a sentence."""
    st.html(f'<p class="answer takes-focus" role="status"><strong>{html_of(short)}</strong> {html_of(sentence)}</p>')
