"""Does the start matter? Many starts of each kind, and how good an end each comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kmeans_core import INITIALISERS, RULES
from ui import starts
from ui.cache import outcomes_of, points_of
from ui.charts import page_theme, show_chart, show_numbers
from ui.frame import OwnSetting, open_page
from ui.narration import amount
from ui.navigation import STARTS, offer_run, open_run
from ui.page import show_finding
from ui.parts import in_parts, may_begin
from ui.settings import way_to_blur

count = OwnSetting("starts", "Starts of each kind", starts.COUNTS, min(200, starts.COUNTS[-1]))
settings = open_page(
    STARTS,
    "K-means goes downhill from where its centers start and stays in the first valley. Here the same points are "
    "clustered many times, each time from another start.",
    unused=("start", "seed", "iterations"),
    own=[count],
)
finding, chart = st.empty(), st.empty()

many = starts.undecided(settings)
n = len(points_of(many))


def show(parts: Sequence[Mapping[str, Sequence[starts.Outcome]]], key: str | None = None) -> list[starts.Kind]:
    """Show what each kind of start came to so far; go to the player where a bar was clicked."""
    kinds = starts.by_kind(parts)
    show_finding(starts.finding(kinds, wanted), finding)
    figure = starts.figure(kinds, RULES[settings.rule].cost_words, page_theme())
    with chart.container():
        for data in show_chart(figure, starts.in_words(kinds), key):
            if run := starts.picked(data):
                open_run(replace(many, start=run[0], seed=run[1], backend=settings.backend))
    return kinds


wanted = st.select_slider(count.title, count.known, count.value, key=count.name, width=420)
chunks = starts.chunks(n, wanted, settings.rule)
first = chunks[0][1] * len(starts.KINDS)
if not may_begin("starts", many, n=n, rule=many.rule, runs=first, finding=finding):
    st.stop()
work = [partial(outcomes_of, many, first, size) for first, size in chunks]
heavy = starts.is_heavy(n, wanted, settings.rule)
kinds = show(in_parts("starts", (many, wanted), work, show, heavy=heavy), key="ends")

st.header("Step through one of them", anchor=False)
for kind, column in zip(kinds, st.columns(len(kinds)), strict=True):
    with column:
        st.markdown(f"**{kind.title}**")
        st.caption(INITIALISERS[kind.name].summary)
        for label, outcome in (("best", kind.extreme()), ("worst", kind.extreme(worst=True))):
            run = replace(many, start=kind.name, seed=outcome.seed, backend=settings.backend)
            offer_run(f"Its {label}: cost {amount(outcome.cost)} (seed {outcome.seed})", run)
show_numbers(starts.numbers(kinds), "starts", starts.all_numbers(kinds))
st.caption(
    f"Try it: {way_to_blur(settings) or 'choose other columns'}, or ask for one K more or less. Which start finds the "
    "best end most often then?"
)
