"""Does the start matter? Many runs from each kind of starting centers, and how good a result each finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kmeans_core import INITIALISERS, RULES
from ui.analyses import crowding, start_outcomes, starts
from ui.settings.record import Settings
from ui.settings.sizes import overlap_hint
from ui.shell.cache import cached
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import STARTS, offer_run, open_run
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice
from ui.shell.progress import in_parts, may_begin
from ui.shell.runs import points_of, run_input

count = PageChoice("n_init", "Starts of each kind", starts.COUNTS, min(200, starts.COUNTS[-1]), legacy=("starts",))
settings = open_page(
    STARTS,
    "K-means improves its starting centers until neither of its two steps lowers the cost. Here the same points are "
    "clustered many times, from different starting centers.",
    unused=starts.UNUSED,
    own=[count],
)
finding, chart = st.empty(), st.empty()


@cached(2048)
def outcomes(settings: Settings, first: int, count: int) -> dict[str, list[starts.Outcome]]:
    """Cache the outcomes of runs of each kind of starting centers."""
    return start_outcomes.outcomes(run_input(settings), first, count)


@cached(256)
def difference(settings: Settings, runs: tuple[tuple[str, int], ...]) -> starts.Differ:
    """Cache how far the results of runs are from the first one's."""
    return start_outcomes.difference(run_input(settings), runs)


@cached(256)
def crowded(settings: Settings, best: tuple[str, int], count: int) -> crowding.Crowding:
    """Cache how often starting centers crowd into the costliest cluster of the best run."""
    return start_outcomes.crowding(run_input(settings), best, count)


many = settings.canonical(starts.UNUSED)
n = len(points_of(many))


def show(parts: Sequence[Mapping[str, Sequence[starts.Outcome]]], key: str | None = None) -> list[starts.Kind]:
    """Show what each kind of starting centers came to so far; go to the player where a bar was clicked."""
    kinds = starts.by_kind(parts)
    show_finding(starts.finding(kinds, wanted), finding)
    figure = starts.figure(kinds, RULES[settings.rule].cost_words, page_theme())
    with chart.container():
        for data in show_chart(figure, starts.in_words(kinds), key):
            if run := starts.picked(data):
                open_run(replace(many, init=run[0], seed=run[1], backend=settings.backend))
    return kinds


def how_far(kinds: Sequence[starts.Kind]) -> starts.Differ | None:
    """Return how far the results near the best one are from it; None where there are none, or too many to look at."""
    close = starts.close_seeds(kinds)
    return difference(many, tuple(close)) if 1 < len(close) <= starts.MOST_COMPARED else None


def why_worse(kinds: Sequence[starts.Kind]) -> str:
    """Say why k-means++ does worse than random points, if it does and the runs bear the reason out."""
    looked_at = crowding.looked_at(kinds, n)
    if not looked_at or not crowding.does_worse(kinds):
        return ""
    return crowding.crowding_told(kinds, crowded(many, starts.close_seeds(kinds)[0], looked_at))


wanted = st.select_slider(count.title, count.values, count.value, key=count.name, width=420)
chunks = starts.chunks(n, wanted, settings.rule)
first = chunks[0][1] * len(starts.KINDS)
if not may_begin("starts", many, n=n, rule=many.rule, runs=first, finding=finding):
    st.stop()
work = [partial(outcomes, many, first, size) for first, size in chunks]
heavy = starts.is_heavy(n, wanted, settings.rule)
kinds = show(in_parts("starts", (many, wanted), work, show, heavy=heavy), key="ends")
show_finding(starts.finding(kinds, wanted, how_far(kinds)), finding)
if reason := why_worse(kinds):
    st.markdown(reason)

st.header("Step through one of them", anchor=False)
# Three in a row: where there is less room, a link would cut off the last digits of its cost.
columns = [column for _ in range(0, len(kinds), 3) for column in st.columns(3)]
for kind, ends, column in zip(kinds, starts.extremes(kinds), columns, strict=False):
    best, worst, best_cost, worst_cost = ends
    with column:
        st.markdown(f"**{kind.title}**")
        st.caption(INITIALISERS[kind.name].summary)
        for label, outcome, cost in (("best", best, best_cost), ("worst", worst, worst_cost)):
            run = replace(many, init=kind.name, seed=outcome.seed, backend=settings.backend)
            offer_run(f"Its {label}: cost {cost} (seed {outcome.seed})", run)
show_numbers(starts.numbers(kinds), "starts", starts.all_numbers(kinds))
st.caption(starts.WHAT_COUNTS)
st.caption(
    f"Try it: {overlap_hint(settings.sizes) or 'choose other columns'}, or ask for one K more or less. "
    "Which starting centers find the best result most often then?"
)
