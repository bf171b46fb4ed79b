"""The visitor's session: the key, type, and default of every value that outlives one run of a page's script.

Streamlit holds these values in ``st.session_state``, under text keys and without types. Only this module touches it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import streamlit as st

from server.result_cache import Owner
from server.table_shelf import TableShelf
from ui.player.edit_session import EditSession
from ui.settings.lesson_link import Lesson
from ui.settings.presentation import Presentation
from ui.settings.record import Settings
from ui.settings.sizes import Sizes
from ui.settings.table_use import TableUse

Value = TypeVar("Value")


@dataclass(frozen=True)
class Entry(Generic[Value]):
    """One value of the session: its key, and a function that returns its default."""

    key: str
    make_default: Callable[[], Value]

    def get(self) -> Value:
        """Return the value. A list or dictionary can be changed in place."""
        value: Value = st.session_state.setdefault(self.key, self.make_default())
        return value

    def set(self, value: Value) -> None:
        """Replace the value."""
        st.session_state[self.key] = value

    def pop(self) -> Value:
        """Return the value and reset it to its default."""
        value: Value = st.session_state.pop(self.key, self.make_default())
        return value


# Settings -------------------------------------------------------------------------------------------------

SETTINGS: Final[Entry[Settings | None]] = Entry("settings", lambda: None)
"""The current settings; None until the first page of the session has read its link."""

LESSON: Final[Entry[Lesson]] = Entry("lesson", Lesson)
"""What the lesson link locks, hides, and says."""

PRESENTATION: Final[Entry[Presentation]] = Entry("presentation", Presentation)
"""What the link says to the presenter."""

OPEN_PAGE: Final[Entry[str]] = Entry("open_page", str)
"""Streamlit's hash of the page that ran last."""

IS_LINK_OPENED: Final[Entry[bool]] = Entry("is_link_opened", bool)
"""Whether a link, and not a widget, caused this run of the page."""

LINK_PROBLEMS: Final[Entry[list[str]]] = Entry("link_problems", list)
"""A sentence for each part of the opened link that could not be used."""

UNUSED_SETTINGS: Final[Entry[frozenset[str]]] = Entry("unused_settings", frozenset)
"""Names of the settings that do nothing on the current page."""

RECENT_SETTINGS: Final[Entry[list[tuple[Settings, float]]]] = Entry("recent_settings", list)
"""The settings before each of the last changes, and when (``time.monotonic``) it happened."""

BAD_CENTERS_COUNT: Final[Entry[int]] = Entry("bad_centers_count", int)
"""How often bad starting centers were chosen. The menu's key contains it, so that a choice closes the menu."""

PAGE_SETTINGS: Final[Entry[dict[str, dict[str, str]]]] = Entry("page_settings", dict)
"""By page script, the page's own settings that differ from their defaults, for links back to the page."""

# Edits ----------------------------------------------------------------------------------------------------

EDITS: Final[Entry[EditSession]] = Entry("edits", EditSession)
"""The history of edits, and what the last one leaves to say."""

SIZES: Final[Entry[dict[str, Sizes]]] = Entry("sizes", dict)
"""By dataset, the sizes that the visitor left it with."""

PAGE_RUNS: Final[Entry[dict[str, Settings]]] = Entry("page_runs", dict)
"""The settings of runs that the visitor edited in a page's own player, by the player's key."""

# Uploads --------------------------------------------------------------------------------------------------

TABLES: Final[Entry[TableShelf]] = Entry("tables", TableShelf)
"""The visitor's tables."""

LAST_TABLE: Final[Entry[TableUse | None]] = Entry("last_table", lambda: None)
"""The choice of columns of the table that the visitor used last."""

NEW_TABLE: Final[Entry[tuple[Settings, list[str]] | None]] = Entry("new_table", lambda: None)
"""The settings with a table that was just read, and a sentence for each part that did not fit it, once."""

READ_FILE: Final[Entry[str]] = Entry("read_file", str)
"""Streamlit's id of the file that was read last."""

UPLOAD_ERROR: Final[Entry[str]] = Entry("upload_error", str)
"""Why the last file was rejected."""

UPLOAD_REFUSAL: Final[Entry[str]] = Entry("upload_refusal", str)
"""Why the last upload did not arrive."""

TABLE_TO_STORE: Final[Entry[dict[str, str] | None]] = Entry("table_to_store", lambda: None)
"""The digest, name, and Base64 content of the table that the browser's tab stores next, once."""

# Work and downloads ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class WorkProgress:
    """How far a page's long work has come: for which request, how many parts it may do, and how many are done."""

    request: Hashable
    allowed: int
    done_count: int = 0

    def allow(self, count: int) -> None:
        """Allow this many parts."""
        self.allowed = count

    def stop(self) -> None:
        """Allow no more parts than are done."""
        self.allowed = self.done_count


WORK: Final[Entry[dict[str, WorkProgress]]] = Entry("work", dict)
"""The progress of each page's long work, by the work's name."""

STARTED_WORK: Final[Entry[dict[str, Hashable]]] = Entry("started_work", dict)
"""The request for which the visitor started long work, by the work's name."""

RESULT_OWNER: Final[Entry[Owner]] = Entry("result_owner", Owner)
"""To whom the results of the visitor's own tables belong in the server's cache: with the session, they are gone."""

GIF: Final[Entry[tuple[Any, bytes] | None]] = Entry("gif", lambda: None)
"""What the last animated GIF shows, and its content."""

IS_GIF_STOPPED: Final[Entry[bool]] = Entry("is_gif_stopped", bool)
"""Whether the visitor stopped the drawing of a GIF, once."""

SHARED_LINK: Final[Entry[Any]] = Entry("shared_link", lambda: None)
"""The link for which the browser wants a QR code; from a browser, so unchecked."""

PAPER_REQUEST: Final[Entry[Any]] = Entry("paper_request", lambda: None)
"""The page to print that the browser wants, once; from a browser, so unchecked."""

# Widgets and components -----------------------------------------------------------------------------------


def widget_value(key: str) -> Any:
    """Return the value of a widget."""
    return st.session_state[key]


def set_widget(key: str, value: object) -> None:
    """Set the value of a widget, whether or not this run draws it.

    Streamlit keeps a value that is set while the widget is not drawn beside the widget's own, and restores it whenever
    it forgets the latter. So remove what was set before.
    """
    st.session_state.pop(key, None)
    st.session_state[key] = value


def restore_widget(key: str, value: object) -> None:
    """Set the value of a widget that Streamlit has forgotten because the last run did not draw it."""
    st.session_state.setdefault(key, value)


def component_value(key: str, name: str) -> Any:
    """Return a named value of the component with that key, for use in its callback; None where there is none.

    A browser that leaves the page sends an event without the component's state; Streamlit then knows no such key.
    """
    return st.session_state.get(key, {}).get(name)
