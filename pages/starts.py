"""Do the starting centers matter? Many runs from each kind of starting centers, and how good a result each finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kmeans_core import INITIALISERS, RULES
from ui.analyses.starts import runs, sentences
from ui.analyses.starts.crowding import Crowding, examined_runs, spread_is_worse
from ui.analyses.starts.histogram import figure
from ui.analyses.starts.outcomes import (
    KINDS,
    MAX_COMPARED,
    RUN_COUNTS,
    UNUSED,
    Difference,
    Extremes,
    Kind,
    StartOutcome,
    clicked_run,
    close_runs,
    extremes,
    group_by_kind,
    is_heavy,
    kind_numbers,
    run_numbers,
    seed_batches,
)
from ui.settings.record import Settings
from ui.settings.sizes import overlap_size
from ui.shell.cache import cached
from ui.shell.cached_runs import points_of, run_input
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import STARTS, offer_run, open_run
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice
from ui.shell.progress import compute_parts, confirm_long_work
from ui.text.messages import message

run_count = PageChoice("n_init", message("starts.run_count"), RUN_COUNTS, min(200, RUN_COUNTS[-1]), legacy=("starts",))
settings = open_page(STARTS, message("starts.about"), unused=UNUSED, page_settings=[run_count])
finding_place, chart_place = st.empty(), st.empty()


@cached(2048)
def outcomes(settings: Settings, first: int, count: int) -> dict[str, list[StartOutcome]]:
    """Cache the outcomes of runs of each kind of starting centers."""
    return runs.outcomes(run_input(settings), first, count)


@cached(256)
def difference(settings: Settings, compared: tuple[tuple[str, int], ...]) -> Difference:
    """Cache how far the results of runs are from the first one's."""
    return runs.difference(run_input(settings), compared)


@cached(256)
def crowding(settings: Settings, best: tuple[str, int], count: int) -> Crowding:
    """Cache how often starting centers crowd into the costliest cluster of the best run."""
    return runs.crowding(run_input(settings), best, count)


base = settings.canonical(UNUSED)
n = len(points_of(base))


def show_kinds(batches: Sequence[Mapping[str, Sequence[StartOutcome]]], key: str | None = None) -> list[Kind]:
    """Show the results of all runs so far; with a ``key``, a click on a bar opens a run in the player."""
    kinds = group_by_kind(batches)
    show_finding(sentences.finding(kinds, runs_per_kind), finding_place)
    chart = figure(kinds, RULES[settings.rule].cost_words, page_theme())
    with chart_place.container():
        for data in show_chart(chart, sentences.histogram_alt(kinds), key):
            if run := clicked_run(data):
                open_run(replace(base, init=run[0], seed=run[1], backend=settings.backend))
    return kinds


def close_difference(kinds: Sequence[Kind]) -> Difference | None:
    """Return how far results close to the best one are from it; None if there are none, or too many to compare."""
    close = close_runs(kinds)
    return difference(base, tuple(close)) if 1 < len(close) <= MAX_COMPARED else None


def show_crowding(kinds: Sequence[Kind]) -> None:
    """Say why k-means++ does worse than random points, if it does and the runs bear the reason out."""
    count = examined_runs(kinds, n)
    if not count or not spread_is_worse(kinds):
        return
    if reason := sentences.crowding_reason(kinds, crowding(base, close_runs(kinds)[0], count)):
        st.markdown(reason)


def offer_extremes(kind: Kind, ends: Extremes) -> None:
    """Offer the best and the worst run of a kind."""
    st.markdown(f"**{kind.title}**")
    st.caption(INITIALISERS[kind.name].summary)
    for key, outcome, cost in (
        ("starts.best_run", ends.best, ends.best_cost),
        ("starts.worst_run", ends.worst, ends.worst_cost),
    ):
        run = replace(base, init=kind.name, seed=outcome.seed, backend=settings.backend)
        offer_run(message(key, cost=cost, seed=str(outcome.seed)), run)


runs_per_kind = st.select_slider(run_count.title, run_count.values, run_count.value, key=run_count.name, width=420)
batches = seed_batches(n, runs_per_kind, settings.rule)
first_runs = batches[0][1] * len(KINDS)
if not confirm_long_work("starts", base, n=n, rule=base.rule, runs=first_runs, finding=finding_place):
    st.stop()
work = [partial(outcomes, base, first, size) for first, size in batches]
heavy = is_heavy(n, runs_per_kind, settings.rule)
kinds = show_kinds(compute_parts("starts", (base, runs_per_kind), work, show_kinds, heavy=heavy), key="ends")
show_finding(sentences.finding(kinds, runs_per_kind, close_difference(kinds)), finding_place)
show_crowding(kinds)

st.header(message("starts.runs_title"), anchor=False)
# Three in a row: where there is less room, a link would cut off the last digits of its cost.
columns = [column for _ in range(0, len(kinds), 3) for column in st.columns(3)]
for kind, ends, column in zip(kinds, extremes(kinds), columns, strict=False):
    with column:
        offer_extremes(kind, ends)
show_numbers(kind_numbers(kinds), "starts", run_numbers(kinds))
st.caption(message("starts.same_result"))
st.caption(message("starts.try", setting=overlap_size(settings.sizes)))
