"""How many clusters? Three criteria over K, each beside the same criterion on uniform noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ui.analyses.how_many import sentences, silhouette_criterion
from ui.analyses.how_many.criteria import all_trials, compute_criteria, numbers, picked_k, shown_k, shown_k_options
from ui.analyses.how_many.curves import Criterion
from ui.analyses.how_many.figure import chart_key, criterion_figure, silhouette_figure
from ui.analyses.how_many.trials import (
    UNUSED,
    Trial,
    best_trial,
    is_heavy,
    k_batches,
    needs_sample,
    runs_per_k,
    sampled_trials,
    trial_seconds,
    trial_settings,
)
from ui.charts.palette import MAX_K
from ui.charts.thumbnails import box_of, image, svg
from ui.settings.effort import run_bytes
from ui.settings.record import Settings
from ui.settings.sizes import overlap_size
from ui.shell.cache import cached
from ui.shell.cached_runs import data_of, points_of, run_ending, run_input
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.jobs import job_slot
from ui.shell.navigation import HOW_MANY, address_of, offer_run
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice, write_url
from ui.shell.progress import compute_parts, confirm_long_work
from ui.text.messages import message

clusters = PageChoice(
    "clusters", message("how_many.shown_k"), range(MAX_K + 1), 0, open=message("how_many.default_k", max=MAX_K)
)
settings = open_page(
    HOW_MANY,
    message("how_many.about"),
    unused=UNUSED,
    page_settings=[clusters],
)
theme = page_theme()
finding_place, picks_place, sample_place = st.empty(), st.empty(), st.empty()
work_place, charts_place = st.container(), st.empty()

base = trial_settings(settings)
n = len(points_of(base))
groups = sentences.known_groups(run_input(base))
batches = k_batches(n)


@cached
def cached_trial(settings: Settings, k: int) -> Trial:
    """Cache the trial of a K."""
    return best_trial(run_input(settings), k)


@cached
def cached_sample(settings: Settings) -> list[Trial]:
    """Cache the trials of all K on a sample of the points."""
    return sampled_trials(run_input(settings))


@cached
def cached_silhouettes(settings: Settings) -> silhouette_criterion.RunSilhouettes:
    """Cache the silhouettes of a run's points and their clusters."""
    return silhouette_criterion.run_silhouettes(run_input(settings))


def choose_k(k: int) -> None:
    """Look at another K."""
    clusters.set(k)


def settings_of(best: Trial) -> Settings:
    """Return the settings of a K's best run: on the same data, by the visitor's backend."""
    return replace(base, k=best.k, seed=best.seed, backend=settings.backend)


def compute_batch(ks: Sequence[int]) -> list[Trial]:
    """Return the trials of some values of K."""
    return [cached_trial(base, k) for k in ks]


def show_criteria(computed_batches: Sequence[Sequence[Trial]], key: str | None = None) -> list[Criterion]:
    """Show what the criteria pick among the K tried so far; with a ``key``, a click on a curve looks at its K.

    Until all K are done, the criteria of a sample stay, if there is one.
    """
    is_done = len(computed_batches) == len(batches)
    computed = all_trials(computed_batches)
    if sample_trials and not is_done:
        sample_place.caption(sentences.sampled_answer(n, len(computed)))
        return show_picks(sample_trials, "sample", key)
    sample_place.empty()
    return show_picks(computed, "done" if is_done else "partial", key)


def show_picks(trials: Sequence[Trial], stage: sentences.Stage, key: str | None) -> list[Criterion]:
    """Show the finding and the charts; once every K was tried, a line for each criterion, and links to its K."""
    criteria = compute_criteria(trials)
    show_finding(sentences.finding(criteria, groups, stage), finding_place)
    if stage != "partial" and len(criteria[0].points.values) > 2:
        addresses = {k: address_of(settings_of(trials[k - 1])) for k in picked_k(criteria)}
        picks_place.html(sentences.picks(criteria) + sentences.run_links(addresses))
    current_k = shown_k(criteria, clusters.value)
    with charts_place.container():
        st.html(chart_key(theme))
        for criterion, column in zip(criteria, st.columns(len(criteria), gap="medium"), strict=True):
            with column:
                st.markdown(f"**{sentences.headline(criterion)}**")
                figure = criterion_figure(criterion, current_k, batches[-1][-1], theme)
                show_chart(figure, sentences.criterion_alt(criterion), key and f"{key}.{criterion.name}", choose_k)
        st.caption(sentences.noise(criteria))
    return criteria


def show_details(criteria: Sequence[Criterion], trials: Sequence[Trial]) -> None:
    """Offer what each criterion asks, how it was computed, and how well each K was searched."""
    with st.expander(message("how_many.details")):
        for criterion in criteria:
            st.markdown(sentences.explanation(criterion, n, settings.rule))
        st.markdown(sentences.search(trials, n, settings.rule))


def show_silhouettes(run: Settings) -> None:
    """Show the silhouette of each point of a run."""
    with st.spinner(message("how_many.computing"), show_time=True):
        values, labels = cached_silhouettes(run)
    if len(values):
        words = sentences.silhouettes_alt(values, labels, run.k)
        show_chart(silhouette_figure(values, labels, run.k, theme), words)
        st.caption(message("how_many.silhouettes_note"))
    else:
        st.info(message("how_many.one_cluster"))


def show_picture(run: Settings) -> None:
    """Show the result of a run, with a link that opens it in the player."""
    with st.spinner(message("how_many.computing"), show_time=True):
        end = run_ending(run)
    picture = svg(end, range(end.k), box=box_of([end]), equal=data_of(run).equal_units, theme=theme)
    st.html(f'<div class="miniature">{image(picture, sentences.picture_alt(end))}</div>')
    offer_run(message("how_many.run", k=run.k, seed=str(run.seed)), replace(run, backend=settings.backend))
    st.caption(sentences.sample_note(end))


sample_trials: list[Trial] = []
if needs_sample(base, n):
    with work_place, st.spinner(message("shell.computing"), show_time=True), job_slot(st.empty()):
        sample_trials = cached_sample(base)
    show_criteria([])
first_runs = runs_per_k(n, base.rule) * len(batches[0])
seconds = trial_seconds(base, n, batches[0])
with work_place:
    # Where a sample has answered, its finding stays, and the question is asked below it.
    question_place = st.empty() if sample_trials else finding_place
    may_start = confirm_long_work("how_many", base, seconds, n=n, runs=first_runs, finding=question_place)
if not may_start:
    st.stop()
work = [partial(compute_batch, ks) for ks in batches]
with work_place:
    computed_batches = compute_parts(
        "how_many", base, work, show_criteria, heavy=is_heavy(base, n), size=run_bytes(base, n)
    )
criteria, trials = show_criteria(computed_batches, key="criteria"), all_trials(computed_batches)
current_k = shown_k(criteria, clusters.value)
shown_trials = [*trials, *sample_trials[len(trials) :]]
show_details(criteria, trials)

st.header(message("how_many.shown_title", k=current_k), anchor=False)
clusters.set(current_k if clusters.value else 0)
st.segmented_control(
    clusters.title,
    shown_k_options(shown_trials),
    default=clusters.value,
    key=clusters.name,
    format_func=lambda k: str(k) if k else message("how_many.largest_silhouette"),
    required=True,
    label_visibility="collapsed",
)
write_url(HOW_MANY, settings, [clusters])
run = replace(base, k=current_k, seed=shown_trials[current_k - 1].seed)
left, right = st.columns([3, 2], gap="medium")
with left:
    show_silhouettes(run)
with right:
    show_picture(run)
show_numbers(numbers(trials, compute_criteria(trials)), "how_many")
st.caption(message("how_many.try", setting=overlap_size(base.sizes)))
