"""What the player's "Share" dialog gets from the server: facts about links, QR codes, and pages to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from ui.export.paper_pages import PAPER_KINDS, paper_file
from ui.export.qr_codes import qr_code
from ui.player.link_facts import link_facts
from ui.player.protocol import as_message
from ui.player.session_facts import LinkCode, PaperFile, as_facts
from ui.settings.lesson_link import Lesson
from ui.settings.record import Settings
from ui.settings.run_input import with_offered_backend
from ui.shell.cached_runs import run_input, trace_of
from ui.shell.script_loader import loader
from ui.shell.session import PAPER_REQUEST, SHARED_LINK, component_value
from ui.shell.sharing import page_link

_KEY: Final = "share"

_component = st.components.v2.component(
    "kmeans_share",
    html="<span hidden></span>",
    js=loader("share_data"),
    isolate_styles=False,
)


def _store_link() -> None:
    """Store the link for which the dialog wants a QR code."""
    SHARED_LINK.set(component_value(_KEY, "link"))


def _store_paper_request() -> None:
    """Store which page to print the dialog wants, and for which link."""
    PAPER_REQUEST.set(component_value(_KEY, "paper"))


@st.fragment
def share_run(settings: Settings, lesson: Lesson) -> None:
    """Send the dialog what a link contains, and what it asked for; a fragment, so that the run is not sent again."""
    link = SHARED_LINK.get()
    code: LinkCode | None = {"link": link, "svg": qr_code(link)} if isinstance(link, str) else None
    facts = link_facts(settings, lesson, code, requested_paper(settings, PAPER_REQUEST.pop()))
    _component(
        key=_KEY, data=as_message(as_facts(facts)), on_link_change=_store_link, on_paper_change=_store_paper_request
    )


def requested_paper(settings: Settings, request: object) -> PaperFile | None:
    """Return the page that the dialog asked for, once; None for what no dialog of ours could have sent.

    Of its link, only the lesson counts: the teacher may just have typed it, so that the page's own address lacks it.
    """
    kind, link = (request.get(name) for name in ("kind", "link")) if isinstance(request, Mapping) else (None, None)
    if not isinstance(kind, str) or kind not in PAPER_KINDS or not isinstance(link, str):
        return None
    inputs = run_input(with_offered_backend(settings))
    name, html = paper_file(kind, link, page_link({}), inputs.with_settings(settings), trace_of(inputs))
    return {"kind": kind, "name": name, "html": html}
