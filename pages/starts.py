"""Do the starting centers matter? Many runs from each kind of starting centers, and how good a result each finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kmeans_core import INITIALISERS, RULES
from ui.analyses.starts import runs, sentences
from ui.analyses.starts.coverage import Coverage, contest
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
from ui.settings.effort import run_bytes, run_seconds
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
finding_place = st.empty()
reason_column, count_column = st.columns([5, 2], gap="medium")
reason_place = reason_column.empty()
runs_per_kind = count_column.select_slider(run_count.title, run_count.values, run_count.value, key=run_count.name)
work_place, chart_place = st.container(), st.empty()


@cached
def outcomes(settings: Settings, first: int, count: int) -> dict[str, list[StartOutcome]]:
    """Cache the outcomes of runs of each kind of starting centers."""
    return runs.outcomes(run_input(settings), first, count)


@cached
def difference(settings: Settings, compared: tuple[tuple[str, int], ...]) -> Difference:
    """Cache how far the results of runs are from the first one's."""
    return runs.difference(run_input(settings), compared)


@cached
def crowding(settings: Settings, best: tuple[str, int], count: int) -> Crowding:
    """Cache how often starting centers crowd into the costliest cluster of the best run."""
    return runs.crowding(run_input(settings), best, count)


@cached
def coverage(settings: Settings, best: tuple[str, int], winner: str, loser: str, count: int) -> Coverage:
    """Cache how often starting centers of two kinds leave out a cluster of the best run."""
    return runs.coverage(run_input(settings), best, winner, loser, count)


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


def show_reason(kinds: Sequence[Kind]) -> None:
    """Say why a kind of starting centers does best, or k-means++ worse than random points, if the runs bear it out."""
    count = examined_runs(kinds, n)
    if not count:
        return
    best, ends, reason = close_runs(kinds)[0], contest(kinds), ""
    if spread_is_worse(kinds):
        reason = sentences.crowding_reason(kinds, crowding(base, best, count))
    if not reason and ends.winner is not ends.loser:
        names = (ends.winner.name, ends.loser.name)
        reason = sentences.coverage_reason(ends, coverage(base, best, *names, count))
    if reason:
        reason_place.markdown(reason)


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


batches = seed_batches(base, n, runs_per_kind)
first_runs = batches[0][1] * len(KINDS)
seconds = run_seconds(base, n, first_runs)
with work_place:
    may_start = confirm_long_work("starts", base, seconds, n=n, runs=first_runs, finding=finding_place)
if not may_start:
    st.stop()
work = [partial(outcomes, base, first, size) for first, size in batches]
heavy = is_heavy(base, n, runs_per_kind)
with work_place:
    parts = compute_parts("starts", (base, runs_per_kind), work, show_kinds, heavy=heavy, size=run_bytes(base, n))
kinds = show_kinds(parts, key="ends")
show_finding(sentences.finding(kinds, runs_per_kind, close_difference(kinds)), finding_place)
show_reason(kinds)

st.header(message("starts.runs_title"), anchor=False)
# Three in a row: where there is less room, a link would cut off the last digits of its cost.
columns = [column for _ in range(0, len(kinds), 3) for column in st.columns(3)]
for kind, ends, column in zip(kinds, extremes(kinds), columns, strict=False):
    with column:
        offer_extremes(kind, ends)
show_numbers(kind_numbers(kinds), "starts", run_numbers(kinds))
with st.expander(message("starts.same_title")):
    st.markdown(message("starts.same_result"))
st.caption(message("starts.try", setting=overlap_size(settings.sizes)))
