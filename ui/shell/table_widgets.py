"""The part of the sidebar for a table: which columns are clustered, how they are prepared, and what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kmeans_tables import ColumnChoice, Missing, Table, check_choice, unusable_note
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.record import Settings
from ui.settings.table_use import use_of
from ui.settings.widget_values import COMPONENTS
from ui.shell.session import restore_widget, widget_value
from ui.shell.setting_widgets import is_widget_hidden, is_widget_locked, option_index
from ui.shell.tables import table_of
from ui.shell.uploads import table_buttons
from ui.text.markup import plain_markdown
from ui.text.messages import message


def table_widgets(settings: Settings) -> Settings:
    """Draw what of a table is clustered, and return the settings with what is chosen."""
    table = table_of(settings)
    if table is None or settings.table is None or is_widget_hidden("data"):
        return settings
    is_locked = is_widget_locked("data")
    if settings.data in BUILT_IN:
        about = BUILT_IN[settings.data]
        st.caption(message("settings.dataset_summary", title=about.title, summary=about.sentence))
    else:
        st.caption(message("settings.table_rows", table=table.name, rows=table.n))
    table_buttons(settings, table, is_locked)
    columns = _column_widgets(table, is_locked)
    standardize = _standardize_widget(is_locked)
    missing = _missing_widget(table, columns, settings.table.choice.missing, is_locked)
    label = _label_widget(table, settings.table.choice.label, is_locked)
    try:
        choice = check_choice(table, ColumnChoice(tuple(columns), standardize, missing, label))
    except ValueError as error:
        st.warning(message("shell.problem", problem=str(error)))
        return settings
    axes = _axes_widgets(choice.columns, is_locked)
    return settings.with_columns(use_of(table, choice, settings.table.digest, axes))


def _column_widgets(table: Table, is_locked: bool) -> Sequence[str]:
    previous = [name for name in widget_value("table.columns") if name in table.numeric]
    columns = st.multiselect(
        message("settings.columns_title"),
        table.numeric,
        previous,
        key="table.columns",
        disabled=is_locked,
        help=message("settings.columns_help"),
    )
    if note := unusable_note(table):
        st.caption(message("shell.table_note", note=plain_markdown(note)))
    return columns


def _standardize_widget(is_locked: bool) -> bool:
    return st.toggle(
        message("settings.standardize_title"),
        widget_value("table.standardize"),
        key="table.standardize",
        disabled=is_locked,
        help=message("settings.standardize_help"),
    )


def _missing_widget(table: Table, columns: Sequence[str], missing: Missing, is_locked: bool) -> Missing:
    """Draw the choice of what to do with missing values, if a chosen column has any."""
    if not any(table.frame[name].isna().any() for name in columns):
        return missing
    titles: dict[Missing, str] = {
        "drop": message("settings.missing_drop"),
        "fill": message("settings.missing_fill"),
    }
    options = tuple(titles)
    return st.radio(
        message("settings.missing_title"),
        options,
        option_index(options, "table.missing", missing),
        key="table.missing",
        format_func=titles.__getitem__,
        horizontal=True,
        disabled=is_locked,
    )


def _label_widget(table: Table, label: str, is_locked: bool) -> str:
    """Draw the choice of the column to compare clusters with, if there is a column for it."""
    if not table.label_columns:
        return label
    options = ("", *table.label_columns)
    return st.selectbox(
        message("settings.label_title"),
        options,
        option_index(options, "table.label", ""),
        key="table.label",
        format_func=lambda name: name or message("settings.label_none"),
        disabled=is_locked,
        help=message("settings.label_help"),
    )


def _axes_widgets(columns: Sequence[str], is_locked: bool) -> tuple[str, ...]:
    """Draw the choice of what the picture shows of more than two columns; () for principal components."""
    if len(columns) <= 2:
        return ()
    options = (COMPONENTS, *columns)
    restore_widget("table.across", COMPONENTS)
    across: str = st.selectbox(
        message("settings.picture_title"),
        options,
        option_index(options, "table.across", COMPONENTS),
        key="table.across",
        disabled=is_locked,
        format_func=_axis_title,
    )
    if across == COMPONENTS:
        return ()
    candidates = [name for name in columns if name != across]
    restore_widget("table.up", candidates[0])
    index = option_index(candidates, "table.up", candidates[0])
    return (across, st.selectbox(message("settings.picture_up"), candidates, index, key="table.up", disabled=is_locked))


def _axis_title(name: str) -> str:
    if name == COMPONENTS:
        return message("settings.picture_components")
    return message("settings.picture_across", column=name)
