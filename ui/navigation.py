"""The pages, what each is called, and links between them that carry the settings along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.settings import Settings, encode


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its script, the question that it answers, and that in a word or three."""

    script: str
    question: str
    label: str


PLAYER: Final = Page("app.py", "How does one run go?", "Step through")
STARTS: Final = Page("pages/starts.py", "Does the start matter?", "Does the start matter?")
COMPARE: Final = Page("pages/compare.py", "What if it ran another way?", "Same data, two ways")

PAGES: Final = (PLAYER, STARTS, COMPARE)
"""All pages, in the order of the navigation."""


def show_navigation(place: DeltaGenerator, link: Mapping[str, str]) -> None:
    """Draw the links to all pages, except in a frame of somebody else's page."""
    if st.context.is_embedded:
        return
    with place:
        for page in PAGES:
            st.page_link(page.script, label=page.label, query_params=dict(link))


def offer_run(label: str, settings: Settings) -> None:
    """Draw a link that opens a run in the player."""
    st.page_link(PLAYER.script, label=label, icon=":material/play_circle:", query_params=encode(settings))


def open_run(settings: Settings, step: int = 0) -> None:
    """Go to the player with a run, at a half-step of it; does not return."""
    at = {"step": str(step)} if step else {}
    st.switch_page(PLAYER.script, query_params=encode(settings) | at)
