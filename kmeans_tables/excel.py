"""From Excel workbooks to raw tables."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from kmeans_tables.header import SAMPLE
from kmeans_tables.limits import MAX_SHEET_CELLS, UnusableTable, check_text, check_width
from kmeans_tables.messages import message
from kmeans_tables.raw_table import NumberText, RawTable, from_rows
from kmeans_tables.wording import in_quotes, listed
from kmeans_tables.zip_files import Part, Parts, check_parts, check_zip


def workbook(content: bytes, sheet: str) -> RawTable:
    """Return the table of a sheet, after checking that the workbook does not unpack to too much."""
    check_zip(content)
    parts = check_parts(content)
    with warnings.catch_warnings():
        # openpyxl warns about features that it does not read: styles, validations, print headers.
        warnings.simplefilter("ignore")
        try:
            return _sheet(content, sheet, parts)
        except UnusableTable:
            raise
        except Exception as error:
            raise UnusableTable("files.damaged_workbook") from error


def _sheet(content: bytes, name: str, parts: Parts) -> RawTable:
    import openpyxl  # noqa: PLC0415

    def opened(values: bool) -> Any:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)

    book = opened(True)
    sheets = tuple(str(sheet.title) for sheet in book.worksheets)
    if name and name not in sheets:
        raise UnusableTable("files.no_such_sheet", sheet=in_quotes(name), sheets=listed(sheets))
    # What is hidden comes last: it is seldom what somebody wants to see.
    for title in [name] if name else sorted(sheets, key=lambda sheet: book[sheet].sheet_state != "visible"):
        numbered_rows = _sheet_rows(book[title])
        if numbered_rows:
            break
    else:
        raise UnusableTable("files.empty_sheet", sheet=in_quotes(name)) if name else UnusableTable("files.empty_sheets")
    part = parts.parts.get(str(book[title]._worksheet_path).lstrip("/"), Part())
    filled = _fill_down(numbered_rows, part.merged)
    raw = from_rows((texts for _, texts in numbered_rows), typed=True)
    raw.sheets, raw.sheet, raw.is_hidden = sheets, title, book[title].sheet_state != "visible"
    missing = _without_value(book[title], opened(False)[title]) if parts.formulas else 0
    raw.notes += _notes(filled, part.hidden_rows, missing, _percents(book[title], raw))
    return raw


def _notes(filled: int, hidden: int, missing: int, percents: Sequence[str]) -> list[str]:
    """Return a sentence for each feature of a workbook that a plain table lacks."""
    notes = []
    if filled:
        notes.append(message("reading.merged_cells", count=filled))
    if hidden:
        notes.append(message("reading.hidden_rows", count=hidden))
    if missing:
        notes.append(message("reading.formulas", count=missing))
    if percents:
        notes.append(message("reading.shown_in_percent", columns=listed(percents), count=len(percents)))
    return notes


def _sheet_rows(sheet: Any) -> list[tuple[int, list[str]]]:
    """Return the numbered rows of a sheet, from the first to the last with a value, as text and equally long."""
    sheet.reset_dimensions()
    numbered_rows: list[tuple[int, list[str]]] = []
    cells = length = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(row) + 1
        if cells > MAX_SHEET_CELLS:
            raise UnusableTable("files.large_sheet", most=MAX_SHEET_CELLS)
        texts = _without_end([_as_text(value) for value in row])
        if texts:
            if numbered_rows:
                numbered_rows += [(blank, []) for blank in range(numbered_rows[-1][0] + 1, number)]
            check_width(len(texts))
            length += sum(map(len, texts))
            check_text(length)
            numbered_rows.append((number, texts))
    width = max((len(texts) for _, texts in numbered_rows), default=0)
    return [(number, [*texts, *[""] * (width - len(texts))]) for number, texts in numbered_rows]


def _fill_down(rows: list[tuple[int, list[str]]], merged: Sequence[str]) -> int:
    """Copy the value of merged cells into the empty ones below it, in place; return the number of cells filled.

    A workbook keeps it in the topmost cell alone, and shows it for all of their rows.
    """
    by_number = dict(rows)
    filled = 0
    for ref in merged:
        left, top, _, bottom = _bounds(ref)
        value = by_number.get(top, [])[left - 1 : left]
        if not value or not value[0].strip():
            continue
        for number in range(top + 1, min(bottom, max(by_number)) + 1):
            row = by_number.get(number)
            if row is not None and not row[left - 1]:
                row[left - 1] = value[0]
                filled += 1
    return filled


def _bounds(ref: str) -> tuple[int, int, int, int]:
    """Return the first column and row and the last ones of a range, each from 1 on."""
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415

    left, top, right, bottom = range_boundaries(ref)
    return int(left), int(top), int(right), int(bottom)


def _percents(sheet: Any, raw: RawTable) -> list[str]:
    """Return the names of the columns whose numbers are shown in percent, judged by the first rows."""
    is_percent: dict[int, bool] = {}
    sheet.reset_dimensions()
    for row in islice(sheet.iter_rows(), SAMPLE):
        for at, cell in enumerate(row):
            if type(cell.value) in (int, float):
                is_percent[at] = is_percent.get(at, True) and "%" in str(cell.number_format)
    return [column.name for at, column in enumerate(raw.columns) if is_percent.get(at)]


def _without_end(texts: list[str]) -> list[str]:
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _as_text(value: object) -> str:
    """Return the text of a cell; a number is read back from it to the last bit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return NumberText(repr(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value.replace(microsecond=0)).isoformat().replace("T", " ")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _without_value(values: Any, formulas: Any) -> int:
    """Return the number of formulas without a saved value."""
    values.reset_dimensions()
    formulas.reset_dimensions()
    return sum(
        formula.data_type == "f" and value is None
        for row, formula_row in zip(values.iter_rows(values_only=True), formulas.iter_rows(), strict=False)
        for value, formula in zip(row, formula_row, strict=False)
    )
