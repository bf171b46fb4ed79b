"""The frame of every page: the sidebar, the heading, the links to other pages, and notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from kmeans_core import DATASETS
from kmeans_tables import Table, drop_columns, listed
from ui.settings.edits import edit_summary
from ui.settings.points import Data, of_table
from ui.settings.record import OPENING, Settings
from ui.shell.current_settings import choose_columns
from ui.shell.navigation import FAILURES, PLAYER, TUTORIAL, Page, chosen_lesson, run_link, show_navigation
from ui.shell.page import APP_TITLE, begin_page, show_heading
from ui.shell.page_settings import PageSetting, write_url
from ui.shell.session import EDITS
from ui.shell.setting_widgets import is_locked
from ui.shell.sharing import show_lesson
from ui.shell.sidebar import ALL_SETTINGS, choose_settings, show_link_problems
from ui.shell.tables import table_of
from ui.shell.uploads import ask_for_table, store_in_tab
from ui.text.markup import html_of
from ui.text.messages import message


def open_page(
    page: Page,
    about: str,
    *,
    unused: Sequence[str] = (),
    page_settings: Sequence[PageSetting[Any]] = (),
    fit: Callable[[Settings], None] | None = None,
) -> Settings:
    """Draw the sidebar, the heading, the links to other pages, and the notices of a page; return the settings.

    Parameters
    ----------
    page : Page
    about : str
        A line below the heading: what the page is about.
    unused : sequence of str
        Settings that do nothing on this page; the sidebar omits them.
    page_settings : sequence of PageSetting
        The page's own settings; they have their values when this returns, and the address contains them.
    fit : callable, optional
        Changes values of ``page_settings`` that the settings rule out.
    """
    links, heading = begin_page(APP_TITLE if page is PLAYER else page.title, about)
    has_strip = "data" not in unused and not st.context.is_embedded
    # Not `st.empty()`, which each run of the page clears before it is filled: what is below would jump meanwhile.
    settings = choose_settings(unused, st.container() if has_strip else None)
    if page is PLAYER and settings == OPENING and not st.context.is_embedded:
        show_heading(heading, APP_TITLE, message("navigation.opening_prompt"), next_about=about)
    lesson = chosen_lesson()
    for setting in page_settings:
        setting.load()
    if fit:
        fit(settings)
    write_url(page, settings, page_settings)
    show_navigation(links, page, run_link(settings))
    show_lesson(heading, lesson, asks_itself=page in (TUTORIAL, FAILURES))
    show_link_problems()
    if not set(unused) >= set(ALL_SETTINGS):
        _show_notices(page, settings)
    return settings


def _show_notices(page: Page, settings: Settings) -> None:
    """Show side effects of the last change, how a table was read, and which edits this page can't show."""
    if page is not PLAYER and (note := EDITS.get().pop_note()):
        st.info(note)
    if settings.data not in DATASETS:
        _show_table_notes(settings)
    if settings.file and page is not PLAYER:
        st.warning(message("shell.edits_elsewhere"))


def _show_table_notes(settings: Settings) -> None:
    """Say how a table's rows were used; ask for a table that is missing, and stop the page there."""
    table = table_of(settings)
    if table is None:
        ask_for_table(settings)
        st.stop()
    try:
        data = of_table(settings, table)
    except ValueError as error:
        st.error(message("shell.problem", problem=str(error)))
        st.stop()
    notes = [*data.notes, edit_summary(len(data.points), settings.edits, "row")]
    st.html(f'<p class="kmeans-about takes-focus" role="status">{html_of(" ".join(filter(None, notes)))}</p>')
    _offer_to_exclude_labels(settings, table, data)
    store_in_tab()


def _offer_to_exclude_labels(settings: Settings, table: Table, data: Data) -> None:
    """Offer to leave out clustered columns that contain the labels, unless a lesson link locks the data."""
    if not data.leakage or not data.prepared or not settings.table or is_locked("data"):
        return
    choice = drop_columns(table, settings.table.choice, data.leakage.columns, data.prepared)
    if choice is None:
        st.caption(message("shell.no_other_columns"))
        return
    additions = [name for name in choice.columns if name not in settings.table.choice.columns]
    columns = listed(data.leakage.columns)
    st.button(
        message("shell.replace_labels", columns=columns, others=listed(additions))
        if additions
        else message("shell.exclude_labels", columns=columns),
        icon=":material/visibility_off:",
        key="labels.leave_out",
        on_click=choose_columns,
        args=(choice,),
    )
