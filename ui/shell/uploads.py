"""Uploaded and pasted tables: kept in the session as long as the page is open, and shown to nobody else."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from kmeans_tables import (
    MAX_ROWS,
    Table,
    default_choice,
    digest_of,
    in_quotes,
    prepared,
    read_pasted,
    read_table,
)
from kmeans_tables.export import free_name
from server.config import LIMITS
from ui.player.protocol import as_message
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import UPLOAD
from ui.settings.record import Settings
from ui.settings.table_use import TableUse
from ui.shell.script_loader import loader
from ui.shell.session import (
    DROPPED_TABLES,
    LAST_TABLE,
    NEW_TABLE,
    READ_FILE,
    TABLE_TO_STORE,
    TABLES,
    UPLOAD_ERROR,
    WORKBOOK,
)
from ui.text.markup import plain_markdown
from ui.text.messages import message

_MOST: Final = 12
"""How many tables a session keeps, so that Back and Undo find those before."""
_MOST_CELLS: Final = 20_000_000
"""The most cells of all tables of a session together: about 160 MB. The latest table is kept whatever its size."""


def store_table(table: Table) -> None:
    """Keep a table for this visitor; remember the names of those that have to go to make room."""
    tables = TABLES.get()
    tables.pop(table.digest, None)
    tables[table.digest] = table
    dropped = DROPPED_TABLES.get()
    dropped.pop(table.digest, None)
    while len(tables) > _MOST or (len(tables) > 1 and sum(one.frame.size for one in tables.values()) > _MOST_CELLS):
        oldest = tables.pop(next(iter(tables)))
        dropped[oldest.digest] = oldest.name


def table_of(settings: Settings) -> Table | None:
    """Return the table that the settings mean; None where they mean none, or one that is not here."""
    if settings.data in BUILT_IN:
        return built_in(settings.data)
    if settings.data != UPLOAD or settings.table is None:
        return None
    return TABLES.get().get(settings.table.digest)


def last_upload() -> TableUse | None:
    """Return what was chosen of the table that this visitor brought last, if it is still here."""
    use = LAST_TABLE.get()
    return use if use and use.digest in TABLES.get() else None


def remember_upload(settings: Settings) -> None:
    """Remember what is chosen of a table of one's own, for the way back to it from other data."""
    if settings.data == UPLOAD and table_of(settings):
        LAST_TABLE.set(settings.table)


def is_missing(settings: Settings) -> bool:
    """Tell whether the settings mean a table that has to be brought first."""
    return settings.data == UPLOAD and table_of(settings) is None


_tab_storage = st.components.v2.component(
    "kmeans_keeping", html="<span hidden></span>", js=loader("table_storage.js"), isolate_styles=False
)

_MOST_STORED: Final = 500_000
"""The most bytes of a table that the visitor's tab keeps, too: as much as one message may bring back."""


def ask_for_table(settings: Settings) -> None:
    """Ask for the table that the settings mean, in the middle of a page that can't go on without one."""
    wanted = settings.table.digest if settings.table else ""
    if wanted:
        found = _tab_storage(key="keeping", data=as_message({"wanted": wanted}), on_found_change=lambda: None).found
        if found:
            _open_table(settings, *_from_tab(found))
        st.info(why_missing(settings), icon=":material/table:")
    else:
        st.markdown(message("uploads.intro"))
    _upload_widgets(settings, "page")


def why_missing(settings: Settings) -> str:
    """Say which table is needed, and why it is not here."""
    assert settings.table is not None
    if name := DROPPED_TABLES.get().get(settings.table.digest):
        return message("uploads.made_room", file=plain_markdown(in_quotes(name)))
    if settings.table.file:
        return message("uploads.missing_file", file=plain_markdown(in_quotes(settings.table.file)))
    return message("uploads.missing")


def _upload_widgets(settings: Settings, where: str) -> None:
    """Draw the field for a file and the one to paste into."""
    _upload(settings, f"{_UPLOAD}.{where}")
    st.markdown(message("uploads.paste"))
    with st.form(f"paste.{where}", border=False):
        text = st.text_area(
            message("uploads.paste_label"), height=160, label_visibility="collapsed", placeholder=_EXAMPLE
        )
        if st.form_submit_button(message("uploads.paste_button")):
            _open_table(settings, _PASTED, text.encode("utf-8", errors="replace"))
    st.caption(message("uploads.limits", megabytes=most_bytes() // 1_000_000, rows=most_rows()))


def _from_tab(found: Any) -> tuple[str, bytes]:
    """Return a table's name and content as the visitor's tab kept them; it may hold anything."""
    try:
        return str(found["name"]), b64decode(str(found["content"]), validate=True)
    except (KeyError, TypeError, ValueError):
        return "table", b""


def store_in_tab() -> None:
    """Let the visitor's tab keep the table that was just brought, unless it is large."""
    if kept := TABLE_TO_STORE.pop():
        _tab_storage(key="keeping", data=as_message({"keep": kept}), on_found_change=lambda: None)


def show_table_buttons(settings: Settings, table: Table, locked: bool) -> None:
    """Draw what leads to another table, and to all of this one."""
    if st.button(message("uploads.show_table"), icon=":material/table:", width="stretch"):
        _show_table(settings, table)
    if settings.data == UPLOAD and not locked:
        _choose_sheet(settings, table)
        # A dialog, since it takes the focus of who uses the keyboard, and gives it back.
        if st.button(message("uploads.other_table"), icon=":material/upload_file:", width="stretch"):
            _replace_table(settings)


@st.dialog(message("uploads.other_table"))
def _replace_table(settings: Settings) -> None:
    _upload_widgets(settings, "dialog")


def _choose_sheet(settings: Settings, table: Table) -> None:
    """Offer the other sheets of a workbook."""
    book = WORKBOOK.get()
    if len(table.sheets) < 2 or not book:
        return
    names = {digest_of(book[1], sheet): sheet for sheet in table.sheets}
    if table.digest != digest_of(book[1]) and table.digest not in names:
        return
    first = "" if table.digest in names else message("uploads.first_sheet")
    known = [first, *table.sheets] if first else list(table.sheets)
    chosen = st.selectbox(message("uploads.sheet"), known, index=known.index(names.get(table.digest, first)))
    if chosen not in (first, names.get(table.digest)):
        # Other columns, so nothing of the old choice is meant.
        _open_table(replace(settings, table=None), *book, sheet=chosen)


_UPLOAD: Final = "upload"
_PASTED: Final = ""
"""The name of what was pasted; no file is called that."""
_EXAMPLE: Final = "height\tweight\n1.71\t64\n1.80\t82"


def most_bytes() -> int:
    """Return the most bytes that a file may have: Streamlit's own limit, which an operator may set."""
    return int(st.get_option("server.maxUploadSize")) * 1_000_000


def most_rows() -> int:
    """Return the most rows that a table may have: as many as points may be generated."""
    return min(MAX_ROWS, LIMITS.max_points)


def _upload(settings: Settings, key: str) -> None:
    """Draw the field for a file, and take what is put into it, once."""
    # Every kind may be chosen: what is none of these is told what helps, and a greyed file tells nothing.
    file = st.file_uploader(message("uploads.file"), key=key)
    if file is not None and READ_FILE.get() != file.file_id:
        READ_FILE.set(file.file_id)
        _open_table(settings, file.name, file.getvalue())
    elif file is not None and (error := UPLOAD_ERROR.get()):
        st.error(plain_markdown(error))


def _read(settings: Settings, name: str, content: bytes, sheet: str) -> Table:
    """Read a table; of a workbook the sheet that was asked for, or that the link means, if it means one."""
    if name == _PASTED:
        return read_pasted(content.decode("utf-8", errors="replace"), max_bytes=most_bytes())
    table = read_table(name, content, sheet=sheet, max_bytes=most_bytes())
    if len(table.sheets) > 1:
        WORKBOOK.set((name, content))
        wanted = settings.table.digest if settings.table else ""
        for other in table.sheets:
            if not sheet and digest_of(content, other) == wanted:
                return read_table(name, content, sheet=other, max_bytes=most_bytes())
    return table


def _open_table(settings: Settings, name: str, content: bytes, sheet: str = "") -> None:
    """Read a table and go on with it; or say why it can't be used."""
    UPLOAD_ERROR.set("")
    try:
        with st.spinner(message("uploads.reading"), show_time=True):
            table = _read(settings, name, content, sheet)
        if table.n > most_rows():
            raise ValueError(message("uploads.too_many_rows", name=table.name, rows=table.n, most=most_rows()))
        after, complaints = with_new_table(settings, table)
        prepared(table, after.table.choice if after.table else default_choice(table))
    except ValueError as error:
        values = {"problem": str(error)}
        if sheet:
            sentence = message("uploads.unreadable_sheet", sheet=sheet, **values)
        else:
            sentence = message("uploads.unreadable", **values)
        UPLOAD_ERROR.set(sentence)
        st.error(plain_markdown(sentence))
        return
    store_table(table)
    if len(content) <= _MOST_STORED:
        TABLE_TO_STORE.set({"digest": table.digest, "name": name, "content": b64encode(content).decode()})
    NEW_TABLE.set((after, complaints))
    st.rerun()


def with_new_table(settings: Settings, table: Table) -> tuple[Settings, list[str]]:
    """Return the settings with a table that was just read, and what to say of it.

    Of a new version of the same file, or of another one with the same columns, the chosen columns stay chosen.
    """
    use = settings.table
    if use is None or use.digest in ("", table.digest):
        return settings.with_table(table, table.digest)
    there = [name for name in use.choice.columns if name in table.numeric]
    # Numbers of columns, without names, are those of the other file.
    is_alike = len(there) >= _ALIKE
    after, complaints = (settings if is_alike else replace(settings, table=None)).with_table(table, table.digest)
    if table_of(settings) is None:
        complaints.append(message("uploads.other_columns_kept" if is_alike else "uploads.other_columns_new"))
        if settings.edits or settings.centers or settings.file:
            complaints.append(message("uploads.edits_dropped"))
    return after.keep_valid_edits(settings), complaints


_ALIKE: Final = 2
"""With so many of the chosen columns another table is taken for a version of the one before: fewer are no choice."""


@st.dialog(message("uploads.table_title"), width="large")
def _show_table(settings: Settings, table: Table) -> None:
    if settings.data in BUILT_IN:
        about = BUILT_IN[settings.data]
        st.markdown(f"**{about.title}.** {about.sentence}")
        st.caption(message("uploads.source", source=about.source, license=about.license))
    else:
        st.markdown(f"**{table.name}**")
    for note in table.notes:
        st.caption(f"{plain_markdown(note)}.")
    shown = table.head(_MOST_SHOWN)
    # Numbered as the player names them: row 1 is the first one below the names of the columns.
    name = free_name("row", shown.column_names)
    st.dataframe(shown.add_column(0, name, [list(range(1, shown.num_rows + 1))]), hide_index=True)
    if table.n > _MOST_SHOWN:
        st.caption(message("uploads.first_rows", shown=_MOST_SHOWN, rows=table.n))


_MOST_SHOWN: Final = 500
