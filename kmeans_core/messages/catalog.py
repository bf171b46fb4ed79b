"""The catalog of a package's messages: looks a message up and formats it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kmeans_core.lazy import lazy

if TYPE_CHECKING:
    from kmeans_core.messages.template import Template


class Html(str):
    """Markup that ``message_html`` inserts unescaped."""

    __slots__ = ()


class Catalog:
    """The messages of a folder, read on first use: a library that says nothing loads nothing.

    Parameters
    ----------
    folder : Path
        Holds ``<area>.json`` files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._templates: dict[str, Template] = {}

    @lazy
    def texts(self) -> dict[str, str]:
        """The text of every message by its key.

        Raises
        ------
        MessageError
            If a file holds a key that does not begin with the file's own name.
        """
        from kmeans_core.messages.template import MessageError  # noqa: PLC0415

        messages: dict[str, str] = {}
        for path in sorted(self.folder.glob("*.json")):
            texts = json.loads(path.read_text(encoding="utf-8"))
            for key in texts:
                if key.partition(".")[0] != path.stem:
                    raise MessageError(f"{path.name} holds the key {key}, which belongs in another catalog")
            messages |= texts
        return messages

    def template(self, key: str) -> Template:
        """Return the parsed text of a message.

        Raises
        ------
        MessageError
            If there is none of that key, or its text is malformed.
        """
        if key not in self._templates:
            self._templates[key] = self._parse(key)
        return self._templates[key]

    def _parse(self, key: str) -> Template:
        from kmeans_core.messages.template import MessageError, Template  # noqa: PLC0415

        if key not in self.texts:
            raise MessageError(f"no message is called {key!r}")
        try:
            return Template(self.texts[key])
        except MessageError as error:
            raise MessageError(f"{key}: {error}") from error

    def message(self, key: str, /, **values: object) -> str:
        """Return a message with its placeholders replaced; strings are inserted as they are.

        Raises
        ------
        MessageError
            If the key is unknown, or a value is missing, superfluous, or of the wrong type.
        """
        return self.template(key).format(values)

    def message_html(self, key: str, /, **values: object) -> Html:
        """Return a message that holds tags; strings are escaped unless they are ``Html``.

        Raises
        ------
        MessageError
            As ``message``.
        """
        from html import escape  # noqa: PLC0415

        safe = {
            name: escape(value) if isinstance(value, str) and not isinstance(value, Html) else value
            for name, value in values.items()
        }
        return Html(self.template(key).format(safe))
