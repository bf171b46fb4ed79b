"""Tables that a visitor brought: kept in the session, as long as the page is open, and shown to nobody else."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from kmeans_tables import MAX_ROWS, Table, default_choice, digest_of, prepared, read_pasted, read_table
from ui.built_in import BUILT_IN, built_in
from ui.environment import LIMITS
from ui.narration import whole
from ui.player.loader import loader
from ui.player.payload import as_message
from ui.settings import OWN, Settings, TableUse

_TABLES: Final = "brought.tables"
_MOST: Final = 3
"""How many tables a session keeps, so that Back finds the one before."""


def bring(table: Table) -> None:
    """Keep a table for this visitor."""
    tables: dict[str, Table] = st.session_state.setdefault(_TABLES, {})
    tables.pop(table.digest, None)
    tables[table.digest] = table
    while len(tables) > _MOST:
        del tables[next(iter(tables))]


def table_of(settings: Settings) -> Table | None:
    """Return the table that the settings mean; None where they mean none, or one that is not here."""
    if settings.data in BUILT_IN:
        return built_in(settings.data)
    if settings.data != OWN or settings.table is None:
        return None
    tables: dict[str, Table] = st.session_state.get(_TABLES, {})
    return tables.get(settings.table.digest)


def last_brought() -> TableUse | None:
    """Return what was chosen of the table that this visitor brought last, if it is still here."""
    use: TableUse | None = st.session_state.get(_LAST)
    return use if use and use.digest in st.session_state.get(_TABLES, {}) else None


def remember_brought(settings: Settings) -> None:
    """Remember what is chosen of a table of one's own, for the way back to it from other data."""
    if settings.data == OWN and table_of(settings):
        st.session_state[_LAST] = settings.table


def is_missing(settings: Settings) -> bool:
    """Tell whether the settings mean a table that has to be brought first."""
    return settings.data == OWN and table_of(settings) is None


_keeping = st.components.v2.component(
    "kmeans_keeping", html="<span hidden></span>", js=loader("keeping.js"), isolate_styles=False
)

_MOST_KEPT: Final = 500_000
"""The most bytes of a table that the visitor's tab keeps, too: as much as one message may bring back."""


def ask_for_table(settings: Settings) -> None:
    """Ask for the table that the settings mean, in the middle of a page that can't go on without one."""
    wanted = settings.table.digest if settings.table else ""
    if wanted:
        found = _keeping(key="keeping", data=as_message({"wanted": wanted}), on_found_change=lambda: None).found
        if found:
            _take(settings, *_from_tab(found))
        st.info(
            "This link means a table that is not here: a table stays in the server’s memory only for as long as its "
            "page is open, and no link holds one. Choose the file again, and everything is as the link says."
        )
    else:
        st.markdown("**Bring a table**: rows are points, and two or more columns of numbers are what they differ in.")
    _ways_in(settings, "page")


def _ways_in(settings: Settings, where: str) -> None:
    """Draw the field for a file and the one to paste into."""
    _upload(settings, f"{_UPLOAD}.{where}")
    st.markdown("**Or paste it** from a spreadsheet, with its row of names:")
    with st.form(f"brought.pasting.{where}", border=False):
        text = st.text_area("Pasted table", height=160, label_visibility="collapsed", placeholder=_EXAMPLE)
        if st.form_submit_button("Use what is pasted"):
            _take(settings, _PASTED, text.encode("utf-8", errors="replace"))
    st.caption(
        f"CSV, TSV, Excel (.xlsx) or Parquet, up to {most_bytes() // 1_000_000} MB and {whole(most_rows())} rows. It "
        "is read in this server’s memory, written nowhere, shown to nobody else, and gone when this tab is closed."
    )


def _from_tab(found: Any) -> tuple[str, bytes]:
    """Return a table's name and content as the visitor's tab kept them; it may hold anything."""
    try:
        return str(found["name"]), b64decode(str(found["content"]), validate=True)
    except (KeyError, TypeError, ValueError):
        return "table", b""


def let_tab_keep() -> None:
    """Let the visitor's tab keep the table that was just brought, unless it is large."""
    if kept := st.session_state.pop(_TO_KEEP, None):
        _keeping(key="keeping", data=as_message({"keep": kept}), on_found_change=lambda: None)


def bring_widgets(settings: Settings, table: Table, locked: bool) -> None:
    """Draw what leads to another table, and to all of this one."""
    if st.button("Look at the table", icon=":material/table:", width="stretch"):
        _show_table(settings, table)
    if settings.data == OWN and not locked:
        _choose_sheet(settings, table)
        # A dialog, since it takes the focus of who uses the keyboard, and gives it back.
        if st.button("Another table", icon=":material/upload_file:", width="stretch"):
            _bring_another(settings)


@st.dialog("Another table")
def _bring_another(settings: Settings) -> None:
    _ways_in(settings, "dialog")


def _choose_sheet(settings: Settings, table: Table) -> None:
    """Offer the other sheets of a workbook."""
    book: tuple[str, bytes] | None = st.session_state.get(_WORKBOOK)
    if len(table.sheets) < 2 or not book:
        return
    names = {digest_of(book[1], sheet): sheet for sheet in table.sheets}
    if table.digest != digest_of(book[1]) and table.digest not in names:
        return
    first = "" if table.digest in names else "the first with data"
    known = [first, *table.sheets] if first else list(table.sheets)
    chosen = st.selectbox("Sheet", known, index=known.index(names.get(table.digest, first)))
    if chosen not in (first, names.get(table.digest)):
        # Other columns, so nothing of the old choice is meant.
        _take(replace(settings, table=None), *book, sheet=chosen)


_WORKBOOK: Final = "brought.workbook"
"""Where the session holds the name and the bytes of a workbook with several sheets, to read another one."""

_LAST: Final = "brought.last"
_UPLOAD: Final = "brought.upload"
_READ: Final = "brought.read"
_REFUSED: Final = "brought.refused"
_TO_KEEP: Final = "brought.to_keep"
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
    file = st.file_uploader("A table (csv, tsv, xlsx, parquet)", key=key)
    if file is not None and st.session_state.get(_READ) != file.file_id:
        st.session_state[_READ] = file.file_id
        _take(settings, file.name, file.getvalue())
    elif file is not None and (refused := st.session_state.get(_REFUSED)):
        st.error(refused)


def _read(settings: Settings, name: str, content: bytes, sheet: str) -> Table:
    """Read a table; of a workbook the sheet that was asked for, or that the link means, if it means one."""
    if name == _PASTED:
        return read_pasted(content.decode("utf-8", errors="replace"), max_bytes=most_bytes())
    table = read_table(name, content, sheet=sheet, max_bytes=most_bytes())
    if len(table.sheets) > 1:
        st.session_state[_WORKBOOK] = (name, content)
        wanted = settings.table.digest if settings.table else ""
        for other in table.sheets:
            if not sheet and digest_of(content, other) == wanted:
                return read_table(name, content, sheet=other, max_bytes=most_bytes())
    return table


def _take(settings: Settings, name: str, content: bytes, sheet: str = "") -> None:
    """Read a table and go on with it; or say why it can't be used."""
    st.session_state[_REFUSED] = ""
    wanted = settings.table.digest if settings.table else ""
    try:
        with st.spinner("Reading the table", show_time=True):
            table = _read(settings, name, content, sheet)
        if table.n > most_rows():
            few = "take a sample of them"
            most = f"{whole(most_rows())} are the most here"
            raise ValueError(f"“{table.name}” has {whole(table.n)} rows, and {most}: {few}")
        is_meant = wanted in ("", table.digest)
        # What the link says of columns is meant for its own table.
        after, complaints = (settings if is_meant else replace(settings, table=None)).with_table(table, table.digest)
        prepared(table, after.table.choice if after.table else default_choice(table))
    except ValueError as error:
        told = f"Sheet “{sheet}”: {error}. The picture is still that of the sheet before." if sheet else f"{error}."
        st.session_state[_REFUSED] = told
        st.error(told)
        return
    if not is_meant and table_of(settings) is None:
        complaints.append("This is another table than the link means. Its columns are chosen anew.")
    bring(table)
    if len(content) <= _MOST_KEPT:
        kept = {"digest": table.digest, "name": name, "content": b64encode(content).decode()}
        st.session_state[_TO_KEEP] = kept
    st.session_state[NEWLY_BROUGHT] = (after, complaints)
    st.rerun()


NEWLY_BROUGHT: Final = "brought.new"
"""Where the session holds the settings with a new table, and what of theirs did not fit it, until they are shown."""


@st.dialog("The table", width="large")
def _show_table(settings: Settings, table: Table) -> None:
    if settings.data in BUILT_IN:
        about = BUILT_IN[settings.data]
        st.markdown(f"**{about.title}.** {about.sentence}")
        st.caption(f"{about.source} Licence: {about.license}.")
    else:
        st.markdown(f"**{table.name}**")
    for note in table.notes:
        st.caption(f"{note}.")
    st.dataframe(table.frame.head(_MOST_SHOWN), hide_index=True)
    if table.n > _MOST_SHOWN:
        st.caption(f"The first {_MOST_SHOWN} of {whole(table.n)} rows.")


_MOST_SHOWN: Final = 500
