"""The words of a page as Streamlit draws it, without a browser: titles, sentences, labels, hints, and options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from streamlit.testing.v1 import AppTest

from kmeans_core import BACKENDS
from tools.paths import ROOT
from ui.text.messages import message

FIELDS = ("label", "body", "help", "placeholder")
SECONDS = 120
# Little work, so that every page is done with it at once.
SMALL = {"data": "blobs", "blobs": "3", "points": "60", "k": "3"}


def _on_backends() -> set[str]:
    """What a page says of a backend that is not there: it depends on what is installed."""
    return {
        text
        for backend in BACKENDS.values()
        for text in (
            message("settings.backend_absent", backend=backend.title, package=backend.package or ""),
            message("settings.backend_off", backend=backend.title),
        )
    }


def page_wording(script: str, *, sidebar: bool) -> list[str]:
    """Return the texts of a page, one a line, in their order; those of the sidebar first, if they are wanted."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    if script != "app.py":
        app.switch_page(script)
    app.query_params.update(SMALL)
    app.run()
    assert not app.exception
    blocks = [app.sidebar, app.main] if sidebar else [app.main]
    texts = [text for block in blocks for node in block for text in _texts(getattr(node, "proto", None))]
    return [text for text in texts if text not in _on_backends()]


def _texts(proto: object) -> Iterator[str]:
    """Texts of an element's message. Backends depend on what is installed, and links have their page's name."""
    fields = {field.name: value for field, value in proto.ListFields()} if hasattr(proto, "ListFields") else {}
    if "page" in fields or fields.get("label") == message("settings.backend_title"):
        return
    for name in FIELDS:
        if text := _plain(str(fields.get(name, ""))):
            yield text
    yield from (text for option in fields.get("options", ()) if isinstance(option, str) and (text := _plain(option)))


def _plain(markup: str) -> str:
    """Return a text without its tags, on one line."""
    text = re.sub(r"<(style|svg|script)\b.*?</\1>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(unescape(text).split())
