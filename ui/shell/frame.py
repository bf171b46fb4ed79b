"""What every page has around its own content: the links to the others, a heading, the sidebar, and the URL's say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from kmeans_core import DATASETS
from kmeans_tables import Table, listed, without
from ui.settings.edits import changed_points
from ui.settings.parsers import quoted
from ui.settings.points import Data, of_table
from ui.settings.record import Settings
from ui.shell.navigation import PLAYER, Page, chosen_lesson, run_link, show_navigation
from ui.shell.page import APP_TITLE, begin_page
from ui.shell.session import NOTE, PAGE_SETTINGS, restore_widget, set_widget, widget_value
from ui.shell.sharing import show_lesson
from ui.shell.sidebar import (
    EVERYTHING,
    add_complaint,
    choose_columns,
    choose_settings,
    is_locked,
    link_was_opened,
    linked,
    show_link_complaints,
)
from ui.shell.uploads import ask_for_table, let_tab_keep, table_of
from ui.text.markup import html_of

Value = TypeVar("Value", str, int)


class _Own(ABC, Generic[Value]):
    """What the settings of one page share: each is kept under its name in a link and in the session."""

    name: str
    default: Value

    @abstractmethod
    def parsed(self, text: str) -> tuple[Value, list[str]]:
        """Return what a link says, and a sentence for whatever of it could not be used."""

    @property
    def value(self) -> Value:
        """What is chosen; a widget is given it as its default too, for the reason that ``ui.shell.sidebar`` names."""
        chosen: Value = widget_value(self.name)
        return chosen

    def read(self) -> None:
        """Make the widget say what the link says, before it is drawn."""
        if link_was_opened():
            value, complaints = self.parsed(st.query_params.get(self.name, str(self.default)))
            for complaint in complaints:
                add_complaint(complaint)
            set_widget(self.name, value)
        # Streamlit forgets a widget that was not drawn in the last run, and takes from one what it does not offer.
        restore_widget(self.name, self.default)
        value, _ = self.parsed(str(self.value))
        if value != self.value:
            set_widget(self.name, value)


@dataclass(frozen=True)
class OwnSetting(_Own[Value]):
    """A setting of one page, beside those of the sidebar: its name in a link and as a widget's key, and its values.

    Where the default leaves a choice to the page, ``open`` says what the page chooses.
    """

    name: str
    title: str
    known: Sequence[Value]
    default: Value
    open: str = ""

    def parsed(self, text: str) -> tuple[Value, list[str]]:
        """Return the value that the link names, or the default and why."""
        by_text = {str(value): value for value in self.known}
        if text in by_text:
            return by_text[text], []
        offered = [name for name, value in by_text.items() if not (self.open and value == self.default)]
        wanted = f"{self.title} must be one of {', '.join(offered)}"
        return self.default, [f"{wanted}, not {quoted(text)}. It is {self.open or self.default} instead."]


@dataclass(frozen=True)
class OwnText(_Own[str]):
    """A setting of one page that is a text of its own grammar; nothing where a link leaves it out.

    ``tidy`` returns what of a text can be used, and a sentence for whatever can't.
    """

    name: str
    tidy: Callable[[str], tuple[str, list[str]]]
    default: str = ""

    def parsed(self, text: str) -> tuple[str, list[str]]:
        """Return what of the text can be used, and why the rest can't."""
        return self.tidy(text)


def all_or_nothing(check: Callable[[str], str]) -> Callable[[str], tuple[str, list[str]]]:
    """Return a ``tidy`` of which a text can be used whole or not at all: then ``check`` raises, with the sentences."""

    def tidy(text: str) -> tuple[str, list[str]]:
        try:
            return check(text), []
        except ValueError as error:
            return "", [str(error)]

    return tidy


def write_url(settings: Settings, *own: _Own[Any]) -> None:
    """Make the URL say what is chosen, all at once, so that it is one step back; nothing where it goes without saying.

    What is a page's own is kept as well for the way back to the page, which Streamlit makes forget its widgets.
    """
    link = linked(settings)
    for setting in own:
        is_usual = setting.value == setting.default
        PAGE_SETTINGS.get()[setting.name] = "" if is_usual else str(setting.value)
        link.pop(setting.name, None)
        link |= {} if is_usual else {setting.name: str(setting.value)}
    if link != st.query_params.to_dict():
        st.query_params.from_dict(link)


def open_page(
    page: Page,
    about: str,
    *,
    unused: Sequence[str] = (),
    own: Sequence[_Own[Any]] = (),
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
    own : sequence of OwnSetting or OwnText
        What the page's own widgets choose; these have their values when this returns, and the URL says them.
    fit : callable, optional
        Changes what is chosen of ``own`` where these settings do not have it.
    """
    links, heading = begin_page(APP_TITLE if page is PLAYER else page.question, about)
    settings = choose_settings(unused)
    lesson = chosen_lesson()
    for setting in own:
        setting.read()
    if fit:
        fit(settings)
    write_url(settings, *own)
    show_navigation(links, page, run_link(settings))
    show_lesson(heading, lesson)
    show_link_complaints()
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
    told = [*data.notes, changed_points(len(data.points), settings.edits, "row")]
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
