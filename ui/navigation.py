"""The pages, what each is called, and links between them that carry the settings along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

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
HOW_MANY: Final = Page("pages/how_many.py", "How many clusters?", "How many clusters?")
KNOBS: Final = Page("pages/knobs.py", "What does this knob do?", "What does this knob do?")

PAGES: Final = (PLAYER, STARTS, HOW_MANY, KNOBS)
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


def address_of(settings: Settings) -> str:
    """Return the address of a run in the player, as seen from any other page."""
    embedded = {"embed": "true"} if st.context.is_embedded else {}
    return f"./?{urlencode(encode(settings) | embedded)}"


def open_run(settings: Settings) -> None:
    """Go to the player with a run; does not return."""
    st.switch_page(PLAYER.script, query_params=encode(settings))
