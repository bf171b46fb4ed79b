"""The part of a link that names a table: which one it is, and which of its columns are clustered and drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from kmeans_tables import ColumnChoice
from kmeans_tables.wording import one_line
from ui.settings.column_names import read_label, read_names, read_numbers, write_label, write_names, write_numbers
from ui.settings.definitions import UPLOAD
from ui.settings.parsers import quoted, read_choice
from ui.settings.table_use import TableUse, default_use
from ui.text.messages import message

TABLE_NAMES: Final = ("table", "columns", "standardize", "missing", "label", "axes", "file")
"""The parameters of a table in a link, where a generated dataset has its sizes."""

_LONGEST_FILE: Final = 40
"""The most characters of a file name in a link: enough to find the file by."""

Reader = Callable[[str, Callable[[str], Any], Any], Any]
"""Reads one parameter of a link: its name, its parser, and the value where it is missing or can't be used."""


def encode_use(use: TableUse, data: str) -> dict[str, str]:
    """Return the parameters that differ from those of the table's default use."""
    default = default_use(data)
    usual = _parameters(default) if default else {}
    return {name: text for name, text in _parameters(use).items() if text and text != usual.get(name)}


def _parameters(use: TableUse) -> dict[str, str]:
    """Return the text of every parameter; "" for nothing to say."""
    choice = use.choice
    return {
        "table": use.digest,
        "file": file_name_for_link(use.file) if use.digest else "",
        "columns": write_numbers(use.numbers) if use.numbers else write_names(choice.columns),
        "standardize": "yes" if choice.standardize else "no",
        "missing": choice.missing,
        "label": write_label(choice.label),
        "axes": write_names(use.axes),
    }


def decode_use(data: str, read: Reader) -> TableUse | None:
    """Return the use of a table that a link says; None for a generated dataset. The columns are not checked here."""
    default = default_use(data)
    if default is None:
        return None
    usual = default.choice
    yes = {"yes": True, "no": False}
    read_yes = partial(read_choice, message("settings.standardize_title"), tuple(yes))
    read_missing = partial(read_choice, message("settings.missing_title"), ("drop", "fill"))
    numbers = read("columns", read_numbers, ())
    choice = ColumnChoice(
        columns=() if numbers else read("columns", read_names, usual.columns),
        standardize=yes[read("standardize", read_yes, "yes" if usual.standardize else "no")],
        missing=read("missing", read_missing, usual.missing),
        label=read("label", read_label, usual.label),
    )
    axes = read("axes", read_names, ())
    if data != UPLOAD:
        return TableUse(choice, axes=axes, numbers=numbers)
    digest, file = read("table", _read_digest, ""), read("file", file_name_for_link, "")
    return TableUse(choice, digest, axes, numbers, file)


def file_name_for_link(name: str) -> str:
    """Return a file's name without its path, on one line, and shortened in the middle so that its ending stays."""
    line = one_line(re.split(r"[/\\]", name[:1_000])[-1])
    if len(line) <= _LONGEST_FILE:
        return line
    stem, dot, ending = line.rpartition(".")
    ending = dot + ending if dot and len(ending) <= 8 else ""
    return (stem if ending else line)[: _LONGEST_FILE - 1 - len(ending)] + "…" + ending


def _read_digest(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", text):
        raise ValueError(message("settings.link_digest_malformed", text=quoted(text)))
    return text
