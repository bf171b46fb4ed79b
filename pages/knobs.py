"""What does this knob do? One setting, or two, at several values: how each run ends, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ui import knobs
from ui.cache import data_of, ending_of, points_of
from ui.charts import page_theme, show_chart, show_numbers
from ui.frame import OwnSetting, open_page
from ui.miniature import Ending
from ui.navigation import KNOBS, address_of
from ui.page import show_finding
from ui.parts import in_parts
from ui.settings import Settings

knob = OwnSetting("knob", "Turn this knob", knobs.all_names(), knobs.DEFAULT_KNOB)
second = OwnSetting("second", "And a second one", (knobs.NO_KNOB, *knobs.all_names()), knobs.NO_KNOB)
lacking: list[str] = []


def fit(settings: Settings) -> None:
    """Choose what these data have, and no knob twice."""
    known = knobs.knobs_of(knobs.asked(settings))
    for own, fallback in ((knob, knobs.DEFAULT_KNOB), (second, knobs.NO_KNOB)):
        if own.value not in (*known, knobs.NO_KNOB):
            lacking.append(knobs.has_none(settings, own.value))
            st.session_state[own.name] = fallback
    if second.value == knob.value:
        st.session_state[second.name] = knobs.NO_KNOB


settings = open_page(
    KNOBS,
    "Every picture is a run of its own. They differ in what you choose here, one setting or two, and in nothing else.",
    own=[knob, second],
    fit=fit,
)
theme = page_theme()
finding = st.empty()

asked = knobs.asked(settings)
known = knobs.knobs_of(asked)
for sentence in lacking:
    st.info(sentence)

left, right, _ = st.columns([2, 2, 3])
names = tuple(known)
left.selectbox(knob.title, names, names.index(knob.value), key=knob.name, format_func=lambda name: known[name].title)
others = (knobs.NO_KNOB, *(name for name in known if name != knob.value))
right.selectbox(
    second.title,
    others,
    others.index(second.value),
    key=second.name,
    format_func=lambda name: known[name].title if name in known else "None",
)
pictures = st.empty()

chosen = knobs.chosen_knobs(known, knob.value, second.value)
cells = knobs.turned(asked, chosen)


def show(ends: Sequence[Ending]) -> list[knobs.Drawn]:
    """Show the pictures that are there so far."""
    drawn = knobs.drawn(cells, asked, ends)
    show_finding(knobs.finding(drawn, chosen, len(cells)), finding)
    addresses = [address_of(replace(one.cell.settings, backend=settings.backend)) for one in drawn]
    equal = data_of(asked).equal_units
    pictures.html(knobs.grid(drawn, chosen, addresses, equal=equal, theme=theme))
    return drawn


work = [partial(ending_of, cells[place].settings) for place in knobs.order(cells, asked)]
heavy = knobs.is_heavy(len(points_of(asked)), len(cells), asked.rule)
drawn = show(in_parts("knobs", (asked, knob.value, second.value), work, show, heavy=heavy))

st.caption(knobs.caption(drawn))
curves = knobs.curves(drawn, chosen)
for (title, value_of), column in zip(curves, st.columns(len(curves), gap="medium"), strict=True):
    with column:
        words = knobs.curve_in_words(drawn, chosen, value_of, title)
        show_chart(knobs.figure(drawn, chosen, value_of, title, theme), words)
show_numbers(knobs.numbers(drawn, chosen), "knobs")
st.caption(
    "Try it: turn the seed of the start, with K one too large. How often do two clusters share a blob, and what does "
    "the cost tell you of it?"
)
