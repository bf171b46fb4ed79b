"""What every page has around its own content: the links to the others, a heading, the sidebar, and the URL's say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from ui import lesson as lessons
from ui.navigation import PLAYER, Page, show_navigation
from ui.page import APP_TITLE, begin_page
from ui.settings import Settings, encode, quoted
from ui.sharing import show_lesson
from ui.sidebar import add_complaint, choose_settings, chosen_lesson, link_was_opened, show_link_complaints

Value = TypeVar("Value", str, int)


@dataclass(frozen=True, slots=True)
class OwnSetting(Generic[Value]):
    """A setting of one page, beside those of the sidebar: its name in a link and as a widget's key, and its values."""

    name: str
    title: str
    known: Sequence[Value]
    default: Value

    def value_of(self, text: str) -> Value:
        """Read the text of a link, or raise a ``ValueError`` with the sentences to show."""
        by_text = {str(value): value for value in self.known}
        if text not in by_text:
            wanted = f"{self.title} must be one of {', '.join(by_text)}"
            raise ValueError(f"{wanted}, not {quoted(text)}. It is {self.default} instead.")
        return by_text[text]

    def read(self) -> None:
        """Make the widget say what the link says, before it is drawn."""
        if link_was_opened():
            try:
                value = self.value_of(st.query_params.get(self.name, str(self.default)))
            except ValueError as error:
                add_complaint(str(error))
                value = self.default
            st.session_state[self.name] = value
        # Streamlit forgets a widget that was not drawn in the last run.
        st.session_state.setdefault(self.name, self.default)

    def write(self) -> None:
        """Make the URL say what the widget says, once it is drawn; nothing where that goes without saying."""
        value = st.session_state[self.name]
        _write(self.name, "" if value == self.default else str(value))


@dataclass(frozen=True, slots=True)
class OwnText(OwnSetting[str]):
    """A setting of one page whose values are too many to list.

    ``check`` returns the text if it is one of them, or raises a ``ValueError`` with the sentences to show.
    """

    check: Callable[[str], str]

    def value_of(self, text: str) -> str:
        """Read the text of a link, or raise a ``ValueError`` with the sentences to show."""
        return self.check(text)


def _write(name: str, text: str) -> None:
    """Make the URL say a page's own text, or nothing of that name."""
    if not text:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != text:
        st.query_params[name] = text


def open_page(page: Page, about: str, *, unused: Sequence[str] = (), own: Sequence[OwnSetting[Any]] = ()) -> Settings:
    """Draw all that is around a page's content, and return what is chosen in the sidebar.

    Parameters
    ----------
    page : Page
    about : str
        A line that says what the page is about, below its heading.
    unused : sequence of str
        Settings that do nothing on this page; the sidebar leaves them out.
    own : sequence of OwnSetting or OwnText
        What is chosen on the page itself; these have their values when this returns.
    """
    links, heading = begin_page(APP_TITLE if page is PLAYER else page.question, about)
    settings = choose_settings(unused)
    lesson = chosen_lesson()
    for setting in own:
        setting.read()
    show_navigation(links, encode(settings) | lessons.encode(lesson))
    show_lesson(heading, lesson)
    show_link_complaints()
    return settings
