"""Is it the same on TensorFlow? The current run on both backends, what each half-step takes, and their code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kmeans_core import BACKENDS, BackendUnavailable
from kmeans_core.messages.numbers import whole
from server.config import LIMITS, backend_offered
from ui.analyses.backends import measurements, sentences, timing
from ui.analyses.backends.code import step_code
from ui.analyses.backends.comparison import OFFSETS, PRECISIONS, Comparison
from ui.analyses.backends.figures import difference_figure, timing_figure
from ui.analyses.backends.timing import Timing
from ui.settings.record import Settings
from ui.shell.cache import cached_for
from ui.shell.cached_runs import is_loaded, points_of, run_input
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import BACKEND_COMPARISON, offer_run
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice
from ui.shell.progress import compute_parts
from ui.text.messages import message

precision = PageChoice("precision", message("backends.precision"), PRECISIONS, "float64")
offset = PageChoice("offset", message("backends.offset"), OFFSETS, 0, legacy=("far",))
settings = open_page(
    BACKEND_COMPARISON, message("backends.about"), unused=("backend",), page_settings=[precision, offset]
)
finding_place = st.empty()

# Seconds for which a measurement counts as current, however many visitors ask for it. (A string below it would be shown
# on the page.)
TEN_MINUTES = 600


@cached_for(TEN_MINUTES)
def step_seconds(settings: Settings) -> list[float]:
    """Cache how long each step of the run takes on NumPy."""
    return measurements.step_seconds(run_input(settings))


@cached_for(TEN_MINUTES)
def comparison_of(settings: Settings, precision: str, offset: int) -> Comparison:
    """Cache the comparison of the run on NumPy and on TensorFlow."""
    return measurements.comparison(run_input(settings), precision, offset)


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
    """Offer to load TensorFlow, or say how to get it."""
    if not backend_offered("tensorflow"):
        st.info(message("backends.not_installed" if LIMITS.tensorflow else "backends.switched_off"))
        return
    place = st.empty()
    if place.button(message("backends.load"), icon=":material/compare_arrows:"):
        try:
            with place, st.spinner(message("backends.loading"), show_time=True):
                load_tensorflow()
        except BackendUnavailable as error:
            place.error(str(error))
        else:
            st.rerun()


def choose_comparison() -> tuple[str, int]:
    """Let the visitor choose TensorFlow's precision and how far the points are moved; return both."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        choice = st.segmented_control(
            precision.title,
            precision.values,
            default=precision.value,
            key=precision.name,
            required=True,
            help=message("backends.precision_help"),
        )
    with right:
        distance = st.select_slider(offset.title, offset.values, offset.value, key=offset.name, format_func=whole)
    return choice or precision.default, distance


def show_comparison(base: Settings) -> None:
    """Compare the run on both backends, and show where they differ."""
    choice = choose_comparison()
    with st.spinner(message("backends.running_both"), show_time=True):
        comparison = comparison_of(base, *choice)
    show_finding(sentences.finding(comparison), finding_place)
    if comparison.first_difference or comparison.distance:
        show_chart(difference_figure(comparison, page_theme()), sentences.differences_alt(comparison))
    st.markdown(sentences.reason(comparison, run_input(base).rows()))
    show_numbers(sentences.difference_numbers(comparison), "same-on-tensorflow")


def show_numpy_alone(base: Settings) -> None:
    """Show how quick NumPy is, and offer to compare it with TensorFlow."""
    with st.spinner(message("backends.running"), show_time=True):
        seconds = step_seconds(base)
    show_finding(sentences.numpy_only(len(points_of(base)), seconds), finding_place)
    offer_tensorflow()
    show_numbers(sentences.step_times(seconds), "step-times")


def show_times(batches: Sequence[Sequence[Timing]]) -> list[Timing]:
    """Show the times measured so far."""
    measured = [measurement for batch in batches for measurement in batch]
    with times_place.container():
        st.markdown(sentences.quicker(measured))
        show_chart(timing_figure(measured, page_theme()), sentences.timings_alt(measured))
    return measured


base = settings.canonical()
loaded = is_loaded("tensorflow")
used = tuple(BACKENDS) if loaded else ("numpy",)
st.caption(message("backends.try_loaded" if loaded else "backends.try_load"))
if loaded:
    show_comparison(base)
else:
    show_numpy_alone(base)
for name, column in zip(used, st.columns(len(BACKENDS)), strict=False):
    with column:
        offer_run(message("backends.run", backend=BACKENDS[name].title), replace(base, backend=name))

st.header(message("backends.times_title"), anchor=False)
times_place = st.empty()
work = [partial(timings, used, base.rule, base.k, counts) for counts in timing.COUNTS]
times = show_times(compute_parts("times", (used, base.rule, base.k), work, show_times, heavy=True))
if loaded:
    st.markdown(sentences.preparation(load_tensorflow(), tracing_seconds(base.rule)))
show_numbers(timing.numbers(times), "half-step-times")

st.header(message("backends.code_title", both=loaded), anchor=False)
if note := sentences.shortcut(base.rule):
    st.caption(note)
config = base.run_config(points_of(base))
for phase, code in step_code(config, used).items():
    st.subheader(message("backends.assign") if phase == "assign" else message("backends.refine"), anchor=False)
    for name, column in zip(code, st.columns(len(code)), strict=True):
        with column:
            st.caption(BACKENDS[name].title)
            st.code(code[name], language="python")
