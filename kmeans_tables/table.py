"""The table record: columns of numbers and of text, as they were read from a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from kmeans_core.messages.lists import joined_clauses
from kmeans_tables.cells import text_of
from kmeans_tables.messages import message
from kmeans_tables.wording import listed

if TYPE_CHECKING:
    import pandas as pd

MAX_CLASSES: Final = 50
"""The most distinct values of labels: whole numbers with more are not labels, nor is text by default."""

LARGEST: Final = 1e140
"""The largest number: its square, summed over all points and features, stays finite."""

Kind = Literal["number", "date", "boolean", "text"]
"""The kind of a column's values."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Its name in the app, in links, and in ``Table.frame``; no other column has it.
    header : str
        Its name in the file, which may be empty, long, or that of another column, too.
    cells : (n,) Arrow array
        The cells as they are in the file: text of a text file or a workbook, and whatever type a Parquet file has.
    kind : str
        What its values are. Dates count as days since 1970-01-01, booleans as 1 and 0.
    form : str
        How its numbers are written: a name of ``number_formats.FORMATS``, or of ``dates.ORDERS``.
    unit : str
        What stands beside every number in the file, such as ``kg``, ``€`` or ``%``.
    missing : int
        How many rows have no value.
    reason : str
        Why it can't be clustered, a sentence without its full stop; empty if it can.
    is_plain_text : bool
        Whether nothing in it looks like a number, so that the reason needs no note.
    doubt : str
        Why its numbers could be written in another format, as ``text_column.Doubt``; empty if there is no doubt.
    words : str
        Which word is 1, of booleans that are written as text: ``true`` or ``yes``.
    in_parentheses : bool
        Whether its negative numbers are written like ``(5)``.
    markers : dict of int
        How many cells stand for a missing value, by their text.
    infinite : int
        How many values are infinite, and count as missing.
    is_blank : bool
        Whether it has neither a name nor a value, as separators at the end of all rows leave it. It is not shown.
    """

    name: str
    header: str
    cells: Any
    kind: Kind = "text"
    form: str = ""
    unit: str = ""
    missing: int = 0
    reason: str = ""
    is_plain_text: bool = False
    doubt: str = ""
    words: str = ""
    in_parentheses: bool = False
    markers: dict[str, int] = field(default_factory=dict)
    infinite: int = 0
    is_blank: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether no row has a value."""
        return self.missing == len(self.cells)

    @property
    def has_leading_zeros(self) -> bool:
        """Return whether any of the first cells is written like ``04994``, as codes are and no amounts."""
        import pyarrow.compute as pc  # noqa: PLC0415

        if str(self.cells.type) != "string":
            return False
        return bool(pc.any(pc.match_substring_regex(self.cells.slice(0, 1000), r"^\s*0[0-9]")).as_py())


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Table:
    """A table.

    Attributes
    ----------
    name : str
        The file's name.
    digest : str
        Names the content in a link.
    frame : pandas.DataFrame
        The values: numbers, dates and booleans as float64, NaN where one is missing, and text.
    numeric : tuple of str
        The names of the columns that can be clustered.
    label_columns : tuple of str
        The names of the columns that could be labels.
    notes : tuple of str
        What was guessed, a sentence each, without a full stop.
    sheets : tuple of str
        The names of all sheets of a workbook.
    columns : tuple of Column
        All columns, in the order of the file.
    has_types : bool
        Whether the file itself says which columns are text, as Parquet does.
    """

    name: str
    digest: str
    frame: pd.DataFrame
    numeric: tuple[str, ...]
    label_columns: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    has_types: bool = False

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    @property
    def byte_count(self) -> int:
        """Return about how many bytes the table takes: its cells, and 8 bytes for each value."""
        return int(8 * self.frame.size + sum(column.cells.nbytes for column in self.columns))

    def column(self, name: str) -> Column:
        """Return the column of this name, or with this header if no other has it.

        Raises
        ------
        KeyError
            If there is none.
        """
        columns = [column for column in self.columns if not column.is_blank]
        matches = [column for column in columns if column.name == name] or [
            candidate for candidate in columns if candidate.header == name
        ]
        if len(matches) != 1:
            raise KeyError(name)
        return matches[0]

    def head(self, most: int) -> Any:
        """Return the first rows as a PyArrow table of text: the cells as they are in the file."""
        import pyarrow as pa  # noqa: PLC0415

        columns = [column for column in self.columns if not column.is_blank]
        return pa.table({column.name: text_of(column.cells.slice(0, most)) for column in columns})

    @property
    def unusable(self) -> dict[str, str]:
        """Return why columns can't be clustered, by name, a sentence each without its full stop."""
        return {column.name: column.reason for column in self.columns if column.reason and not column.is_blank}


def unusable_note(table: Table, most: int = 8) -> str:
    """Return a sentence on the columns that can't be clustered, with the reasons; "" if all of them can."""
    texts = [name for name in table.unusable if table.column(name).is_plain_text]
    reasons = [reason for name, reason in table.unusable.items() if name not in texts]
    if len(reasons) > most:
        reasons[most:] = [message("columns.more_reasons", count=len(reasons) - most)]
    if texts:
        reasons.append(message("columns.texts", columns=listed(texts, most), count=len(texts)))
    return message("columns.unusable", reasons=joined_clauses(reasons)) if reasons else ""


def digest_of(content: bytes, sheet: str = "") -> str:
    """Return the digest that names a table in a link: 16 hexadecimal digits of its content and the named sheet."""
    return hashlib.sha256(content + sheet.encode("utf-8", errors="replace")).hexdigest()[:16]
