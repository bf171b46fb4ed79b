"""Every sentence that people read, as a whole message with named placeholders.

Each package has a catalog of its own, the folder ``messages/en``: this one for the library's sentences,
``kmeans_tables/messages/en``, ``server/messages/en``, and ``ui/text/messages/en``. A catalog is files
``<area>.json``, one flat object each: the key ``<area>.<name>``, and its text in a subset of ICU MessageFormat, which
translators and their tools know. No two catalogs share an area. A text may hold

- ``{name}``: a string as it is, a whole number in the format ``whole``;
- ``{x, number, amount}``: a number in one of the formats of ``kmeans_core.messages.numbers.FORMATS``;
- ``{count, plural, =0 {none} one {# point} other {# points}}``: ``#`` is the count, as a whole number;
- ``{kind, select, mean {centroid} other {center}}``: by a boolean (``true``, ``false``) or a string. Keys hold
  letters, digits, and ``_`` only, so any other character of the string counts as ``_``: ``k_means__`` is ``k-means++``.

Options nest. ``'{'`` writes a brace, ``''`` an apostrophe next to one; any other apostrophe is itself.

A text is written in the markup of the place that shows it. ``message`` inserts strings as they are, for plain text and
for Markdown. ``message_html`` is for texts with tags (``<b>…</b>``): it escapes every string except ``Html``, such as a
formula in MathML.

``message_template.js`` and ``messages.js`` are the same for the browser and read the app's catalog; both sides pass
``tests/vectors/messages.json``. The code is our own because the subset is small: Babel, PyICU, and fluent.runtime bring
megabytes of locale data, and none of them covers Python and the browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kmeans_core.messages.catalog import Catalog, Html

__all__ = ["CATALOG", "Catalog", "Html", "message"]

CATALOG: Final = Catalog(Path(__file__).parent / "en")
"""The catalog of ``kmeans_core``."""

message: Final = CATALOG.message
