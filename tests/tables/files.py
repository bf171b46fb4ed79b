"""Small tables as files of each kind, and the readings that tests compare."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from pyarrow import parquet

from kmeans_tables import Table, read_table

EXAMPLES = settings(max_examples=60, deadline=timedelta(seconds=8), suppress_health_check=[HealthCheck.too_slow])

NAN = float("nan")


def read(text: str, encoding: str = "utf-8") -> Table:
    return read_table("a.csv", text.encode(encoding))


def columns(table: Table) -> dict[str, list[Any]]:
    """All columns, with None where a value is missing."""
    return {name: [None if pd.isna(cell) else cell for cell in table.frame[name]] for name in table.frame}


def refusal(name: str, content: bytes, **keywords: Any) -> str:
    with pytest.raises(ValueError) as failure:
        read_table(name, content, **keywords)
    return sentence(failure.value)


def sentence(error: ValueError) -> str:
    """Return the message, which must be fit for the screen."""
    text = str(error)
    assert text == " ".join(text.split()), "one line"
    assert text.isprintable()
    assert len(text) < 1000
    assert not text.endswith(".")
    return text


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet_of(table: Any, **keywords: Any) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(table), file, **keywords)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a zip file in which one part is another, or was added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return file.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

SHEET = "xl/worksheets/sheet1.xml"

ROWS: list[list[Any]] = [["a", "b", "c"], [1, 2.5, "x"], [3, 4.5, "y"], [5, None, "x"]]

CSV = b"a,b,c\n1,2.5,x\n3,4.5,y\n5,,x\n"

XLSX = workbook(("Data", ROWS))

PARQUET = parquet_of({"a": [1, 3, 5], "b": [2.5, 4.5, None], "c": ["x", "y", "x"]})


SAMPLE = {"a": [1.0, 3.0, 5.0], "b": [2.5, 4.5, None], "c": ["x", "y", "x"]}


def excel_from(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_excel(file, index=False)
    return file.getvalue()


def parquet_from(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


WRITERS: dict[str, Callable[[Any], bytes]] = {
    "comma.csv": lambda frame: frame.to_csv(index=False).encode(),
    "semicolon.csv": lambda frame: frame.to_csv(index=False, sep=";", decimal=",").encode("utf-16"),
    "tab.tsv": lambda frame: frame.to_csv(index=False, sep="\t").encode(),
    "tab and comma.tsv": lambda frame: frame.to_csv(index=False, sep="\t", decimal=",").encode(),
    "quoted.csv": lambda frame: frame.to_csv(index=False, quoting=1).encode(),
    "bare.csv": lambda frame: frame.to_csv(index=False, header=False).encode(),
    "a.parquet": parquet_from,
}
"""By file name, how pandas writes a frame to a file of that kind."""
