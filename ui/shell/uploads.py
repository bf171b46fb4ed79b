"""Upload widgets: a table from a file, from pasted text, from another sheet, or from the browser's tab."""

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
    prepare_points,
    read_pasted,
    read_table,
    reading_bytes,
)
from kmeans_tables.export import free_name
from server.config import LIMITS
from server.job_queue import READING_QUEUE
from server.uploads import BUDGET
from ui.player.protocol import as_message
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.definitions import UPLOAD
from ui.settings.new_table import with_new_table
from ui.settings.record import Settings
from ui.shell.jobs import session_id, stop_unneeded_work
from ui.shell.script_loader import loader
from ui.shell.session import (
    NEW_TABLE,
    READ_FILE,
    TABLE_TO_STORE,
    TABLES,
    UPLOAD_ERROR,
    UPLOAD_REFUSAL,
)
from ui.shell.tables import is_table_missing, store_table
from ui.text.markup import plain_markdown
from ui.text.messages import message

_PASTED_NAME: Final = ""
"""Stands for the file name of pasted text; no file has this name."""

_EXAMPLE: Final = "height\tweight\n1.71\t64\n1.80\t82"

_MAX_SHOWN_ROWS: Final = 500

_MAX_STORED_BYTES: Final = 500_000
"""Maximum size of a table that the browser's tab stores: as much as one message can bring back."""

_READ_PACE: Final = 100e6
"""About how many bytes of memory reading fills in a second."""

_tab_storage = st.components.v2.component(
    "kmeans_keeping", html="<span hidden></span>", js=loader("table_storage"), isolate_styles=False
)


def max_bytes() -> int:
    """Return the maximum size of a file: Streamlit's own limit, which an operator can configure."""
    return int(st.get_option("server.maxUploadSize")) * 1_000_000


def max_rows() -> int:
    """Return the maximum number of rows of a table: as many as points can be generated."""
    return min(MAX_ROWS, LIMITS.max_points)


# A missing table ------------------------------------------------------------------------------------------


def ask_for_table(settings: Settings) -> None:
    """Ask for the table that the settings mean, in place of the page's content."""
    digest = settings.table.digest if settings.table else ""
    if digest:
        record = _tab_storage(key="keeping", data=as_message({"digest": digest}), on_table_change=lambda: None).table
        if record:
            _use_file(settings, *_decode_stored(record))
        st.info(missing_table_message(settings), icon=":material/table:")
    else:
        st.markdown(message("uploads.upload"))
    _upload_widgets(settings, "page")


def missing_table_message(settings: Settings) -> str:
    """Say which table is missing, and why."""
    assert settings.table is not None
    if name := TABLES.get().dropped_names.get(settings.table.digest):
        return message("uploads.dropped", table=plain_markdown(in_quotes(name)))
    name = settings.table.file
    return message("uploads.missing", is_named=bool(name), table=plain_markdown(in_quotes(name)))


def _decode_stored(record: Any) -> tuple[str, bytes]:
    """Return the name and content of a table that the tab stored; it comes from a browser, so it may be anything."""
    try:
        return str(record["name"]), b64decode(str(record["content"]), validate=True)
    except (KeyError, TypeError, ValueError):
        return "table", b""


def store_in_tab() -> None:
    """Make the browser's tab store the table that was just read, unless it is large."""
    if table := TABLE_TO_STORE.pop():
        _tab_storage(key="keeping", data=as_message({"table": table}), on_table_change=lambda: None)


# A new table ----------------------------------------------------------------------------------------------


def _upload_widgets(settings: Settings, place: str) -> None:
    """Draw the field for a file and the one for pasted text; ``place`` distinguishes their keys."""
    _file_widget(settings, f"upload.{place}")
    st.markdown(message("uploads.paste"))
    with st.form(f"paste.{place}", border=False):
        label = message("uploads.pasted_table")
        text = st.text_area(label, height=160, label_visibility="collapsed", placeholder=_EXAMPLE)
        if st.form_submit_button(message("uploads.use_pasted")):
            _use_file(settings, _PASTED_NAME, text.encode("utf-8", errors="replace"))
    st.caption(message("uploads.limits", megabytes=max_bytes() // 1_000_000, rows=max_rows()))


def _file_widget(settings: Settings, key: str) -> None:
    """Draw the field for a file, and use each file once."""
    # Any kind can be chosen: an error message helps more than a file that is grayed out.
    file = st.file_uploader(message("uploads.file"), key=key)
    session = session_id() or ""
    UPLOAD_REFUSAL.set(BUDGET.pop_refusal(session) or UPLOAD_REFUSAL.get())
    if file is not None and READ_FILE.get() != file.file_id:
        _use_file(settings, file.name, file.getvalue(), file_id=file.file_id)
    elif refusal := UPLOAD_REFUSAL.get():
        st.error(plain_markdown(refusal))
    elif file is not None and (error := UPLOAD_ERROR.get()):
        st.error(plain_markdown(error))


def _use_file(settings: Settings, name: str, content: bytes, sheet: str = "", file_id: str = "") -> None:
    """Wait until there is memory to read a table, and use it.

    A page that is left or runs again while it waits finds its file again: Streamlit keeps it until it is read.
    """
    place, session = st.empty(), session_id()

    def report(ahead: int) -> None:
        stop_unneeded_work()
        place.caption(message("shell.jobs_ahead", count=ahead))

    size = reading_bytes(content)
    with READING_QUEUE.slot(report, person=session, size=size, seconds=size / _READ_PACE):
        place.empty()
        if file_id:
            READ_FILE.set(file_id)
            BUDGET.release(session or "", file_id)
        _use_content(settings, name, content, sheet)


def _use_content(settings: Settings, name: str, content: bytes, sheet: str) -> None:
    """Read a table, store it, and run the page with it; or say why it can't be used."""
    UPLOAD_ERROR.set("")
    UPLOAD_REFUSAL.set("")
    try:
        with st.spinner(message("uploads.reading"), show_time=True):
            table = _read(settings, name, content, sheet)
        if table.n > max_rows():
            raise ValueError(message("uploads.too_many_rows", table=table.name, rows=table.n, most=max_rows()))
        after, problems = with_new_table(settings, table, is_missing=is_table_missing(settings))
        prepare_points(table, after.table.choice if after.table else default_choice(table))
    except ValueError as error:
        _reject_file(str(error), sheet)
        return
    store_table(table)
    if len(content) <= _MAX_STORED_BYTES:
        TABLE_TO_STORE.set({"digest": table.digest, "name": name, "content": b64encode(content).decode()})
    NEW_TABLE.set((after, problems))
    st.rerun()


def _reject_file(error: str, sheet: str) -> None:
    """Say why a file can't be used, now and as long as its field shows it."""
    sentence = (
        message("uploads.sheet_error", sheet=sheet, error=error) if sheet else message("uploads.error", error=error)
    )
    UPLOAD_ERROR.set(sentence)
    st.error(plain_markdown(sentence))


def _read(settings: Settings, name: str, content: bytes, sheet: str) -> Table:
    """Read a table; from a workbook, the sheet with this name, or the one that the link means, or the first."""
    if name == _PASTED_NAME:
        return read_pasted(content.decode("utf-8", errors="replace"), max_bytes=max_bytes())
    table = read_table(name, content, sheet=sheet, max_bytes=max_bytes())
    if len(table.sheets) > 1:
        TABLES.get().keep_workbook(name, content)
        digest = settings.table.digest if settings.table else ""
        for title in table.sheets:
            if not sheet and digest_of(content, title) == digest:
                return read_table(name, content, sheet=title, max_bytes=max_bytes())
    return table


# The sidebar's buttons ------------------------------------------------------------------------------------


def table_buttons(settings: Settings, table: Table, locked: bool) -> None:
    """Draw the buttons that show the entire table and replace it."""
    if st.button(message("uploads.show"), icon=":material/table:", width="stretch"):
        _show_table(settings, table)
    if settings.data == UPLOAD and not locked:
        _choose_sheet(settings, table)
        # A dialog takes the keyboard focus and gives it back.
        if st.button(message("uploads.another"), icon=":material/upload_file:", width="stretch"):
            _upload_another(settings)


@st.dialog(message("uploads.another"))
def _upload_another(settings: Settings) -> None:
    _upload_widgets(settings, "dialog")


def _choose_sheet(settings: Settings, table: Table) -> None:
    """Offer the other sheets of the table's workbook."""
    workbook = TABLES.get().workbook
    if len(table.sheets) < 2 or not workbook:
        return
    names = {digest_of(workbook[1], sheet): sheet for sheet in table.sheets}
    if table.digest != digest_of(workbook[1]) and table.digest not in names:
        return
    first = "" if table.digest in names else message("uploads.first_sheet")
    options = [first, *table.sheets] if first else list(table.sheets)
    sheet_title = st.selectbox(message("uploads.sheet"), options, index=options.index(names.get(table.digest, first)))
    if sheet_title not in (first, names.get(table.digest)):
        # Another sheet has other columns, so the old choice does not apply.
        _use_file(replace(settings, table=None), *workbook, sheet=sheet_title)


@st.dialog(message("uploads.title"), width="large")
def _show_table(settings: Settings, table: Table) -> None:
    if settings.data in BUILT_IN:
        about = BUILT_IN[settings.data]
        st.markdown(message("uploads.built_in", title=about.title, about=about.sentence))
        st.caption(message("uploads.source", source=about.source, license=about.license))
    else:
        st.markdown(f"**{table.name}**")
    for note in table.notes:
        st.caption(message("shell.table_note", note=plain_markdown(note)))
    first_rows = table.head(_MAX_SHOWN_ROWS)
    # Rows are numbered as in the player: row 1 is the first one below the column names.
    name = free_name("row", first_rows.column_names)
    st.dataframe(first_rows.add_column(0, name, [list(range(1, first_rows.num_rows + 1))]), hide_index=True)
    if table.n > _MAX_SHOWN_ROWS:
        st.caption(message("uploads.first_rows", shown=_MAX_SHOWN_ROWS, rows=table.n))
