"""Settings that belong to one page: declared in the page's script, kept in its link and for the way back to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from ui.settings.parsers import not_an_option
from ui.settings.record import Settings
from ui.shell.address import address_query, link_was_opened
from ui.shell.current_settings import add_link_problem
from ui.shell.navigation import Page
from ui.shell.session import PAGE_SETTINGS, restore_widget, set_widget, widget_value
from ui.text.messages import message

Value = TypeVar("Value", str, int)


class PageSetting(ABC, Generic[Value]):
    """A setting of one page. Its name is its parameter in a link and the key of its widget."""

    name: str
    default: Value
    legacy: tuple[str, ...]

    @abstractmethod
    def parse(self, text: str) -> tuple[Value, list[str]]:
        """Return the value that a link says, and one sentence for each part that could not be used."""

    @property
    def value(self) -> Value:
        """The current value. Widgets also get it as their default; ``ui.shell.setting_widgets`` says why."""
        value: Value = widget_value(self.name)
        return value

    def set(self, value: Value) -> None:
        """Set the value, in a callback or before the widget is drawn."""
        set_widget(self.name, value)

    def text_in(self, link: Mapping[str, str]) -> str:
        """Return what a link says, under the current name or an older one; the default where it says nothing."""
        return next((link[name] for name in (self.name, *self.legacy) if name in link), str(self.default))

    def load(self) -> None:
        """Set the widget to what the link says, before it is drawn."""
        if link_was_opened():
            value, complaints = self.parse(self.text_in(st.query_params.to_dict()))
            for complaint in complaints:
                add_link_problem(complaint)
            set_widget(self.name, value)
        # Streamlit forgets a widget that was not drawn in the last run, and accepts values that it does not offer.
        restore_widget(self.name, self.default)
        value, _ = self.parse(str(self.value))
        if value != self.value:
            set_widget(self.name, value)

    def write(self, link: dict[str, str]) -> None:
        """Make a link say the current value; nothing for the default."""
        is_written_in_old_name = self.name not in link and not {*self.legacy}.isdisjoint(link)
        if is_written_in_old_name and self.parse(self.text_in(link)) == (self.value, []):
            return  # a rewritten address would be one more step back, to the same page
        for name in (self.name, *self.legacy):
            link.pop(name, None)
        if self.value != self.default:
            link[self.name] = str(self.value)


@dataclass(frozen=True)
class PageChoice(PageSetting[Value]):
    """A setting with a list of values.

    Attributes
    ----------
    name, title : str
        The parameter in a link, and the label of the widget.
    values : sequence
        All values that can be chosen.
    default : str or int
    open : str
        Where the default leaves the choice to the page, what the page chooses; otherwise "".
    legacy : tuple of str
        Older names of the parameter, which are still read.
    legacy_values : mapping
        Older names of values, each with its current name.
    """

    name: str
    title: str
    values: Sequence[Value]
    default: Value
    open: str = ""
    legacy: tuple[str, ...] = ()
    legacy_values: Mapping[str, str] = field(default_factory=dict)

    def parse(self, text: str) -> tuple[Value, list[str]]:
        """Return the value with this text, or the default and a sentence that says why."""
        by_text = {str(value): value for value in self.values}
        current = self.legacy_values.get(text, text)
        if current in by_text:
            return by_text[current], []
        options = [name for name, value in by_text.items() if not (self.open and value == self.default)]
        problem = not_an_option(self.title, options, text)
        value = self.open or str(self.default)
        return self.default, [message("settings.link_value_instead", problem=problem, value=value)]


@dataclass(frozen=True)
class PageText(PageSetting[str]):
    """A setting that is a text with a grammar of its own; "" where a link leaves it out.

    ``clean`` returns the part of a text that can be used, and one sentence for each part that can't.
    """

    name: str
    clean: Callable[[str], tuple[str, list[str]]]
    default: str = ""
    legacy: tuple[str, ...] = ()

    def parse(self, text: str) -> tuple[str, list[str]]:
        """Return the part of the text that can be used, and why the rest can't."""
        return self.clean(text)


def all_or_nothing(check: Callable[[str], str]) -> Callable[[str], tuple[str, list[str]]]:
    """Return a ``clean`` that uses a text whole or not at all; ``check`` raises ``ValueError`` with the sentence."""

    def clean(text: str) -> tuple[str, list[str]]:
        try:
            return check(text), []
        except ValueError as error:
            return "", [str(error)]

    return clean


def write_url(page: Page, settings: Settings, page_settings: Sequence[PageSetting[Any]]) -> None:
    """Write the sidebar's settings and the page's own into the address, at once, so that they are one step back.

    The session keeps the page's own as well, for links back to the page: Streamlit forgets its widgets elsewhere.
    """
    link = address_query(settings)
    for setting in page_settings:
        setting.write(link)
    PAGE_SETTINGS.get()[page.script] = {
        setting.name: str(setting.value) for setting in page_settings if setting.value != setting.default
    }
    if link != st.query_params.to_dict():
        st.query_params.from_dict(link)
