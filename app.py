"""The home page: step through one run of K-means."""

from __future__ import annotations

import streamlit as st

from ui.shell.cached_runs import packed_run
from ui.shell.downloads import show_downloads, show_label_comparison
from ui.shell.frame import open_page
from ui.shell.navigation import PLAYER, chosen_lesson
from ui.shell.player import show_player
from ui.shell.player_edits import PLAYER_KEY, apply_player_edit, player_session, show_edit_error
from ui.shell.sharing import share_run
from ui.text.messages import message

settings = open_page(PLAYER, message("navigation.about"))
show_edit_error()
show_player(packed_run(settings), player_session(settings), key=PLAYER_KEY, on_edit=apply_player_edit)
share_run(settings, chosen_lesson())
if not st.context.is_embedded:
    show_label_comparison(settings)
    show_downloads(settings, chosen_lesson())
