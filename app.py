"""The home page: step through one run of K-means."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui.shell.cached_runs import packed_run
from ui.shell.downloads import show_downloads, show_label_comparison
from ui.shell.frame import open_page
from ui.shell.navigation import PLAYER, chosen_lesson, offer_tutorial
from ui.shell.player import show_player
from ui.shell.player_edits import PLAYER_KEY, apply_player_edit, player_session
from ui.shell.share_dialog import share_run
from ui.text.messages import message

settings = open_page(PLAYER, message("navigation.about"))
run = packed_run(settings)
session = replace(player_session(settings), verdict=run.verdict)
show_player(run.content, session, key=PLAYER_KEY, on_edit=apply_player_edit)
share_run(settings, chosen_lesson())
offer_tutorial()
if not st.context.is_embedded:
    show_label_comparison(settings)
    show_downloads(settings, chosen_lesson())
