"""The beginning of every page: its title, shared styles, and the places of the links and the heading; its finding."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from server.patches import skip_keras_clearing, wait_for_imports
from ui.charts.palette import BACKGROUND
from ui.settings.presentation import is_presenting
from ui.shell.script_loader import loader
from ui.text.markup import html_of, style_element
from ui.text.messages import message

APP_TITLE = message("navigation.app_title")
_STATIC = Path(__file__).resolve().parents[2] / "static"

_accessibility = st.components.v2.component(
    "kmeans_reading", html="<span hidden></span>", js=loader("page_accessibility"), isolate_styles=False
)

wait_for_imports()


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
        initial_sidebar_state="collapsed" if embedded or is_presenting(st.query_params) else "auto",
    )
    # The style of the row of datasets comes before the row itself, so that its place is kept from the first paint.
    sheets = ("page", "forced_colors", "findings", "embedded" if embedded else "dataset_strip")
    st.html(_variables() + "".join(style_element(__file__, name) for name in sheets))
    links = st.container(key="navigation")
    heading = st.empty()
    _accessibility(key="reading", on_back_change=lambda: None)
    if not embedded:
        show_heading(heading, title, about)
    return links, heading


def show_heading(place: DeltaGenerator, title: str, about: str, *, next_about: str = "") -> None:
    """Show the title of the page, which the bar above the home page shows already, and what the page is about.

    Where the first action brings ``next_about`` instead, there is room for both from the beginning: nothing jumps.
    """
    style = "takes-focus app-title" if title == APP_TITLE else "takes-focus"
    text = f'<p class="kmeans-about" data-next="{escape(next_about)}"><span>{escape(about)}</span></p>'
    place.html(f'<div class="heading"><h1 class="{style}">{escape(title)}</h1>{text}</div>')


def _variables() -> str:
    """Return a style element with what the style sheets take from other files: a label, and the colors of the page."""
    backgrounds = "".join(f" --km-{theme}-background: {color};" for theme, color in BACKGROUND.items())
    return f"<style>:root{{--km-settings-label: {json.dumps(message('navigation.settings'))};{backgrounds}}}</style>"


def show_finding(sentence: str, place: DeltaGenerator, *, ending: str = "") -> None:
    """Show what a page found, in the sentence that a visitor reads first.

    Where the page compares runs, ``ending`` replaces the sentence once they were played to their end. Both have room
    from the beginning: nothing jumps.
    """
    text = html_of(sentence)
    if ending:
        text = f'<span class="before-ending">{text}</span><span class="ending">{html_of(ending)}</span>'
    place.html(f'<p class="finding" role="status">{text}</p>')


def show_reply(short: str, sentence: str) -> None:
    """Reply to what a visitor just did, in a few words and a sentence."""
    st.html(f'<p class="answer takes-focus" role="status"><strong>{html_of(short)}</strong> {html_of(sentence)}</p>')
