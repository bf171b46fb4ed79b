"""Tags for the head of the page that Streamlit serves: what the browser loads and hides while Streamlit starts."""

from __future__ import annotations

from html import escape
from typing import Final

from ui.player.assets import publish
from ui.text.markup import style_element

_PLAYER_STYLES: Final = {"": "player.css", "tutorial": "player.css", "compare": "compare.css"}
"""The style sheet of the player by the name of the page that shows it."""


def early_tags(page: str) -> str:
    """Return HTML for the head of a page: "" for the player, or the name of a script in ``pages``.

    Everything has a low priority: Streamlit's own scripts come first.
    """
    assets = publish()
    files = {assets.bundle: "modulepreload"}
    if page in _PLAYER_STYLES:
        folder = assets.bundle.rpartition("/")[0]
        files |= {assets.plotly: 'preload" as="script', f"{folder}/{_PLAYER_STYLES[page]}": 'preload" as="style'}
    links = [
        f'<link rel="{relation}" fetchpriority="low" href="./app/static/{escape(name)}">'
        for name, relation in files.items()
    ]
    # page_accessibility.js removes this style.
    return "".join([style_element(__file__, "first_paint").replace("<style>", '<style id="first-paint">'), *links])
