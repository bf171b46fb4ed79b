"""The components that show runs: the player, and the comparison. They play packed runs without another request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.player.protocol import with_session
from ui.player.session_facts import ComparisonSession, PlayerSession
from ui.shell.script_loader import loader

_component = st.components.v2.component(
    "kmeans_player",
    # The player measures this frame: beside an open sidebar, the width of the window says little.
    html='<div class="kmeans-frame"><div class="kmeans-player" data-testid="kmeans-player"></div></div>',
    # Reserves the height until the modules are loaded, so that nothing below jumps.
    css=".kmeans-player { min-height: min(46rem, 85vh); }",
    js=loader("player"),
    # A shadow root would break Plotly's own styles.
    isolate_styles=False,
)


def show_player(packed: bytes, session: PlayerSession, *, key: str, on_edit: Callable[[], None]) -> None:
    """Show a run.

    Parameters
    ----------
    packed : bytes
        The run, from ``pack_run``; the same for everybody.
    session : PlayerSession
    key : str
        The key of the component in the session state.
    on_edit : callable
        Called after an edit in the picture, which is the state's ``edit``.
    """
    _component(key=key, data=with_session(packed, session), on_edit_change=on_edit)


_comparison = st.components.v2.component(
    "kmeans_compare",
    html='<div class="kmeans-frame"><div class="kmeans-compare" data-testid="kmeans-compare"></div></div>',
    css=".kmeans-compare { min-height: min(46rem, 85vh); }",
    js=loader("compare"),
    isolate_styles=False,
)


def show_comparison(packed: bytes, session: ComparisonSession, *, key: str, on_variants: Callable[[], None]) -> Any:
    """Show several runs in lock-step.

    Parameters
    ----------
    packed : bytes
        The runs, from ``pack_runs``; the same for everybody.
    session : ComparisonSession
    key : str
        Where the session state keeps what the picture says.
    on_variants : callable
        Runs when a person changed how the runs differ; the state's ``variants`` then says to what.

    Returns
    -------
    mapping or None
        The ``run`` that a person wants to step through, and the ``step``, when one was just clicked.
    """
    data = with_session(packed, session)
    return _comparison(key=key, data=data, on_variants_change=on_variants, on_open_change=lambda: None).open
