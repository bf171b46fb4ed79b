"""What does each setting do? One setting, or two, at several values: how each run ends, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ui.analyses import endings, sweep
from ui.charts.thumbnails import Ending
from ui.settings.definitions import LEGACY_NAMES
from ui.settings.record import Settings
from ui.shell.cache import cached
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import SWEEP, address_of
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice
from ui.shell.progress import in_parts
from ui.shell.runs import data_of, points_of, run_input

setting = PageChoice(
    "setting",
    "Vary this setting",
    sweep.all_names(),
    sweep.DEFAULT_KNOB,
    legacy=("knob",),
    legacy_values=LEGACY_NAMES,
)
second = PageChoice(
    "second_setting",
    "And a second one",
    (sweep.NO_KNOB, *sweep.all_names()),
    sweep.NO_KNOB,
    legacy=("second",),
    legacy_values=LEGACY_NAMES,
)
lacking: list[str] = []


def fit(settings: Settings) -> None:
    """Choose what these data have, and no setting twice."""
    known = sweep.knobs_of(settings.canonical())
    for own, fallback in ((setting, sweep.DEFAULT_KNOB), (second, sweep.NO_KNOB)):
        if own.value not in (*known, sweep.NO_KNOB):
            lacking.append(sweep.has_none(settings, own.value))
            own.set(fallback)
    if second.value == setting.value:
        second.set(sweep.NO_KNOB)


@cached(128)
def run_ending(settings: Settings) -> Ending:
    """Cache the end of a run; it holds a label of every point."""
    return endings.run_ending(run_input(settings))


settings = open_page(
    SWEEP,
    "Every picture is a run of its own. They differ in what you choose here, one setting or two, and in nothing else.",
    own=[setting, second],
    fit=fit,
)
theme = page_theme()
finding = st.empty()

asked = settings.canonical()
known = sweep.knobs_of(asked)
for sentence in lacking:
    st.info(sentence)

left, right, _ = st.columns([2, 2, 3])
names = tuple(known)
left.selectbox(
    setting.title, names, names.index(setting.value), key=setting.name, format_func=lambda name: known[name].title
)
others = (sweep.NO_KNOB, *(name for name in known if name != setting.value))
right.selectbox(
    second.title,
    others,
    others.index(second.value),
    key=second.name,
    format_func=lambda name: known[name].title if name in known else "None",
)
pictures = st.empty()

chosen = sweep.chosen_knobs(known, setting.value, second.value)
cells = sweep.turned(asked, chosen)


def show(ends: Sequence[Ending]) -> list[sweep.Drawn]:
    """Show the pictures that are there so far."""
    drawn = sweep.drawn(cells, asked, ends)
    show_finding(sweep.finding(drawn, chosen, len(cells)), finding)
    addresses = [address_of(replace(one.cell.settings, backend=settings.backend)) for one in drawn]
    equal = data_of(asked).equal_units
    pictures.html(sweep.grid(drawn, chosen, addresses, equal=equal, theme=theme))
    return drawn


work = [partial(run_ending, cells[place].settings) for place in sweep.order(cells, asked)]
heavy = sweep.is_heavy(len(points_of(asked)), len(cells), asked.rule)
drawn = show(in_parts("sweep", (asked, setting.value, second.value), work, show, heavy=heavy))

st.caption(sweep.caption(drawn))
curves = sweep.curves(drawn, chosen)
for (title, value_of), column in zip(curves, st.columns(len(curves), gap="medium"), strict=True):
    with column:
        words = sweep.curve_in_words(drawn, chosen, value_of, title)
        show_chart(sweep.figure(drawn, chosen, value_of, title, theme), words)
show_numbers(sweep.numbers(drawn, chosen), "sweep")
st.caption(
    "Try it: vary the seed of the start, with K one too large. How often do two clusters share a blob, and what does "
    "the cost tell you of it?"
)
