"""Is it the same on TensorFlow? The current run on both backends, what each half-step takes, and their code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kmeans_core import BACKENDS, BackendUnavailable
from server.config import LIMITS, backend_offered
from ui.analyses import backends, measurements
from ui.analyses.backends import Timing
from ui.settings.record import Settings
from ui.shell.cache import cached
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import TENSORFLOW, offer_run
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice
from ui.shell.progress import in_parts
from ui.shell.runs import is_loaded, points_of, run_input
from ui.text.numbers import whole

precision = PageChoice("precision", "TensorFlow computes in", backends.PRECISIONS, "float64")
offset = PageChoice("offset", "Move the points away from the origin by", backends.FAR, 0, legacy=("far",))
settings = open_page(
    TENSORFLOW,
    "Two libraries do the same arithmetic. Here the run of these settings goes through both, and every half-step is "
    "compared and timed.",
    unused=("backend",),
    own=[precision, offset],
)
finding = st.empty()

TEN_MINUTES = 600
"""Seconds for which a measurement counts as current, however many visitors ask for it."""


@cached(64, ttl=TEN_MINUTES)
def step_seconds(settings: Settings) -> list[float]:
    """Cache how long each step of the run takes on NumPy."""
    return measurements.step_seconds(run_input(settings))


@cached(64, ttl=TEN_MINUTES)
def comparison_of(settings: Settings, precision: str, far: int) -> backends.Comparison:
    """Cache the comparison of the run on NumPy and on TensorFlow."""
    return measurements.comparison(run_input(settings), precision, far)


@st.cache_data(max_entries=1024, ttl=TEN_MINUTES, show_spinner=False)
def timings(names: tuple[str, ...], rule: str, k: int, counts: tuple[int, ...]) -> list[Timing]:
    """Cache how long the steps of each backend take on each number of points."""
    return measurements.timings(names, rule, k, counts)


@st.cache_data(max_entries=64, show_spinner=False)
def tracing_seconds(rule: str) -> float:
    """Cache how many seconds TensorFlow takes to compile the steps of a rule."""
    return measurements.tracing_seconds(rule)


@st.cache_resource(show_spinner=False)
def load_tensorflow() -> float | None:
    """Load TensorFlow, once; return how many seconds that took, or None where it was loaded before."""
    return None if is_loaded("tensorflow") else measurements.loading_seconds("tensorflow")


def offer_tensorflow() -> None:
    """Load TensorFlow for who asks for it, or say how to get it."""
    if not backend_offered("tensorflow"):
        absent = "is not installed on this server, so NumPy is alone on this page. `pip install tensorflow` adds it."
        st.info(f"TensorFlow {absent if LIMITS.tensorflow else 'is switched off on this server: NumPy is alone here.'}")
        return
    place = st.empty()
    if place.button("Load TensorFlow and compare", icon=":material/compare_arrows:"):
        try:
            with (
                place,
                st.spinner("Loading TensorFlow, once for this server: this takes some seconds.", show_time=True),
            ):
                load_tensorflow()
        except BackendUnavailable as error:
            place.error(str(error))
        else:
            st.rerun()


def compare(wanted: Settings) -> backends.Comparison:
    """Choose how TensorFlow computes and on what, and show where that differs from NumPy."""
    how, where = st.columns([1, 2], gap="large")
    with how:
        chosen = st.segmented_control(
            precision.title,
            precision.values,
            default=precision.value,
            key=precision.name,
            required=True,
            help=backends.PRECISION_HELP,
        )
    with where:
        distance = st.select_slider(offset.title, offset.values, offset.value, key=offset.name, format_func=whole)
    with st.spinner("Running on both", show_time=True):
        comparison = comparison_of(wanted, chosen or precision.default, distance)
    if comparison.first or comparison.apart:
        show_chart(backends.difference_figure(comparison, page_theme()), backends.difference_words(comparison))
    st.markdown(backends.why(comparison))
    show_numbers(backends.difference_numbers(comparison), "same-on-tensorflow")
    return comparison


def show_times(parts: Sequence[Sequence[Timing]]) -> list[Timing]:
    """Show the times that were measured so far."""
    measured = [timing for part in parts for timing in part]
    with chart.container():
        st.markdown(backends.winner(measured))
        show_chart(backends.timing_figure(measured, page_theme()), backends.timing_words(measured))
    return measured


same = settings.canonical()
loaded = is_loaded("tensorflow")
used = tuple(BACKENDS) if loaded else ("numpy",)
st.caption(backends.try_it(loaded))
if loaded:
    comparison = compare(same)
    show_finding(backends.finding(comparison), finding)
else:
    with st.spinner("Running on NumPy", show_time=True):
        seconds = step_seconds(same)
    show_finding(backends.before_asked(len(points_of(same)), seconds), finding)
    offer_tensorflow()
for name, column in zip(used, st.columns(len(BACKENDS)), strict=False):
    with column:
        offer_run(f"Step through this run on {BACKENDS[name].title}", replace(same, backend=name))

st.header("How long does a half-step take?", anchor=False)
chart = st.empty()
work = [partial(timings, used, same.rule, same.k, counts) for counts in backends.COUNTS]
times = show_times(in_parts("times", (used, same.rule, same.k), work, show_times, heavy=True))
if loaded:
    st.markdown(backends.once(load_tensorflow(), tracing_seconds(same.rule)))
show_numbers(backends.timing_numbers(times), "half-step-times")

st.header("The same half-step, written twice" if loaded else "The half-step in NumPy’s words", anchor=False)
if told := backends.how_timed(same.rule):
    st.caption(told)
config = same.run_config(points_of(same))
for kind, code in backends.code_beside(config, used).items():
    st.markdown(f"**{kind.capitalize()}**")
    for name, column in zip(code, st.columns(len(code)), strict=True):
        with column:
            st.caption(BACKENDS[name].title)
            st.code(code[name], language="python")
