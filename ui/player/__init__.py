"""The player: plays a packed run in the browser, without asking the server again.

What travels is the run's own bytes, and a loader of the modules that draw it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ui.player.loader import loader
from ui.player.payload import with_session

_component = st.components.v2.component(
    "kmeans_player",
    # The frame is what the player measures: how wide the window is says little beside an open sidebar.
    html='<div class="kmeans-frame"><div class="kmeans-player" data-testid="kmeans-player"></div></div>',
    # Holds the place until the modules are there, so that nothing below jumps.
    css=".kmeans-player { min-height: min(46rem, 85vh); }",
    js=loader("player.js"),
    # A shadow root would break Plotly's own styles.
    isolate_styles=False,
)


def show_player(packed: bytes, session: Mapping[str, object], *, key: str, on_edit: Callable[[], None]) -> None:
    """Show a run.

    Parameters
    ----------
    packed : bytes
        The run, from ``pack_run``; the same for everybody.
    session : mapping
        What else the player must know, of this visitor alone.
    key : str
        Where the session state keeps what the player says.
    on_edit : callable
        Runs when a person changed something in the picture; the state's ``edit`` then says what.
    """
    _component(key=key, data=with_session(packed, session), on_edit_change=on_edit)
