"""The home page: step through one run of K-means."""

from __future__ import annotations

from ui.cache import packed_run
from ui.hands import PLAYER, hands_of_session, hear_player, show_answer
from ui.page import APP_TITLE, begin_page
from ui.player import show_player
from ui.sharing import offer_links, show_lesson
from ui.sidebar import choose_settings, chosen_lesson, show_link_complaints

heading = begin_page(
    APP_TITLE,
    "K-means sorts points into K groups: each point joins its nearest center (assign), "
    "each center moves to the middle of its points (refine), until nothing changes.",
)
settings = choose_settings()
lesson = chosen_lesson()
show_lesson(heading, lesson)
show_link_complaints()
show_answer()
show_player(packed_run(settings), hands_of_session(settings), key=PLAYER, on_edit=hear_player)
offer_links(settings, lesson)
