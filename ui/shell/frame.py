"""What every page has around its own content: the links to the others, a heading, the sidebar, and the URL's say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from kmeans_core import DATASETS
from kmeans_tables import Table, listed, without
from ui.settings.edits import edit_summary
from ui.settings.points import Data, of_table
from ui.settings.record import Settings
from ui.shell.current_settings import choose_columns
from ui.shell.navigation import PLAYER, Page, chosen_lesson, run_link, show_navigation
from ui.shell.page import APP_TITLE, begin_page
from ui.shell.page_settings import PageSetting, write_url
from ui.shell.session import NOTE
from ui.shell.setting_widgets import is_locked
from ui.shell.sharing import show_lesson
from ui.shell.sidebar import EVERYTHING, choose_settings, show_link_problems
from ui.shell.uploads import ask_for_table, let_tab_keep, table_of
from ui.text.markup import html_of


def open_page(
    page: Page,
    about: str,
    *,
    unused: Sequence[str] = (),
    own: Sequence[PageSetting[Any]] = (),
    fit: Callable[[Settings], None] | None = None,
) -> Settings:
    """Draw all that is around a page's content, and return what is chosen in the sidebar.

    Parameters
    ----------
    page : Page
    about : str
        A line that says what the page is about, below its heading.
    unused : sequence of str
        Settings that do nothing on this page; the sidebar leaves them out.
    own : sequence of PageSetting
        What the page's own widgets choose; these have their values when this returns, and the URL says them.
    fit : callable, optional
        Changes what is chosen of ``own`` where these settings do not have it.
    """
    links, heading = begin_page(APP_TITLE if page is PLAYER else page.question, about)
    settings = choose_settings(unused)
    lesson = chosen_lesson()
    for setting in own:
        setting.load()
    if fit:
        fit(settings)
    write_url(page, settings, own)
    show_navigation(links, page, run_link(settings))
    show_lesson(heading, lesson)
    show_link_problems()
    if set(unused) >= set(EVERYTHING):
        return settings
    if page is not PLAYER and (note := NOTE.pop()):
        st.info(note)
    if settings.data not in DATASETS:
        _show_table_notes(settings)
    if settings.file and page is not PLAYER:
        st.warning(
            "What was drawn by hand is not in this link, and is left out here. “Step through” finds it in this "
            "browser, or asks for its file; then come back."
        )
    return settings


def _show_table_notes(settings: Settings) -> None:
    """Say what became of a table's rows; ask for the table, and stop there, where it is not here."""
    table = table_of(settings)
    if table is None:
        ask_for_table(settings)
        st.stop()
    try:
        data = of_table(settings, table)
    except ValueError as error:
        st.error(f"{error}.")
        st.stop()
    told = [*data.notes, edit_summary(len(data.points), settings.edits, "row")]
    st.html(f'<p class="kmeans-about takes-focus" role="status">{html_of(" ".join(filter(None, told)))}</p>')
    _offer_to_hide_labels(settings, table, data)
    let_tab_keep()


def _offer_to_hide_labels(settings: Settings, table: Table, data: Data) -> None:
    """Offer to leave out the clustered columns that hold the labels, if there are any and nothing forbids it."""
    if not data.seen or not data.prepared or not settings.table or is_locked("data"):
        return
    choice = without(table, settings.table.choice, data.seen.columns, data.prepared)
    if choice is None:
        st.caption("The table has no other columns to cluster instead. Choose another column to compare with.")
        return
    added = [name for name in choice.columns if name not in settings.table.choice.columns]
    instead = f", use {listed(added)} instead" if added else ""
    st.button(
        f"Leave out {listed(data.seen.columns)}{instead}",
        icon=":material/visibility_off:",
        key="labels.leave_out",
        on_click=choose_columns,
        args=(choice,),
    )
