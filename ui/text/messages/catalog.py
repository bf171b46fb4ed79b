"""The catalogs of messages, and the functions that look a message up and format it."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from ui.text.messages.template import MessageError, Template

CATALOGS: Final = Path(__file__).resolve().parent / "en"


class Html(str):
    """Markup that ``message_html`` inserts unescaped."""

    __slots__ = ()


@cache
def texts() -> dict[str, str]:
    """Return the text of every message by its key.

    Raises
    ------
    MessageError
        If a catalog holds a key that does not begin with the catalog's own name.
    """
    messages: dict[str, str] = {}
    for path in sorted(CATALOGS.glob("*.json")):
        catalog = json.loads(path.read_text(encoding="utf-8"))
        for key in catalog:
            if key.partition(".")[0] != path.stem:
                raise MessageError(f"{path.name} holds the key {key}, which belongs in another catalog")
        messages |= catalog
    return messages


@cache
def template(key: str) -> Template:
    """Return the parsed text of a message.

    Raises
    ------
    MessageError
        If there is none of that key, or its text is malformed.
    """
    if key not in texts():
        raise MessageError(f"no message is called {key!r}")
    try:
        return Template(texts()[key])
    except MessageError as error:
        raise MessageError(f"{key}: {error}") from error


def message(key: str, /, **values: object) -> str:
    """Return a message with its placeholders replaced; strings are inserted as they are.

    Raises
    ------
    MessageError
        If the key is unknown, or a value is missing, superfluous, or of the wrong type.
    """
    return template(key).format(values)


def message_html(key: str, /, **values: object) -> Html:
    """Return a message that holds tags; strings are escaped unless they are ``Html``.

    Raises
    ------
    MessageError
        As ``message``.
    """
    safe = {
        name: escape(value) if isinstance(value, str) and not isinstance(value, Html) else value
        for name, value in values.items()
    }
    return Html(template(key).format(safe))
