"""How many clusters? Three criteria over K, each beside the same criterion on uniform noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ui.analyses.how_many import sentences, silhouette_criterion
from ui.analyses.how_many.criteria import all_trials, compute_criteria, numbers, shown_k, shown_k_options
from ui.analyses.how_many.curves import Criterion
from ui.analyses.how_many.figure import criterion_figure, silhouette_figure
from ui.analyses.how_many.trials import UNUSED, Trial, best_trial, is_heavy, k_batches, runs_per_k, trial_settings
from ui.charts.palette import MAX_K
from ui.charts.thumbnails import box_of, image, svg
from ui.settings.record import Settings
from ui.settings.sizes import overlap_size
from ui.shell.cache import cached
from ui.shell.cached_runs import data_of, points_of, run_ending, run_input
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import HOW_MANY, offer_run
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
finding_place, charts_place = st.empty(), st.empty()

base = trial_settings(settings)
n = len(points_of(base))
groups = sentences.known_groups(run_input(base))
batches = k_batches(n)


@cached(4096)
def cached_trial(settings: Settings, k: int) -> Trial:
    """Cache the trial of a K."""
    return best_trial(run_input(settings), k)


@cached(512)
def cached_silhouettes(settings: Settings) -> silhouette_criterion.RunSilhouettes:
    """Cache the silhouettes of a run's points and their clusters."""
    return silhouette_criterion.run_silhouettes(run_input(settings))


def choose_k(k: int) -> None:
    """Look at another K."""
    clusters.set(k)


def compute_batch(ks: Sequence[int]) -> list[Trial]:
    """Return the trials of some values of K."""
    return [cached_trial(base, k) for k in ks]


def show_criteria(computed_batches: Sequence[Sequence[Trial]], key: str | None = None) -> list[Criterion]:
    """Show what the criteria pick among the K tried so far; with a ``key``, a click on a curve looks at its K."""
    criteria = compute_criteria(all_trials(computed_batches))
    show_finding(sentences.finding(criteria, groups, len(computed_batches) == len(batches)), finding_place)
    current_k = shown_k(criteria, clusters.value)
    with charts_place.container():
        for criterion, column in zip(criteria, st.columns(len(criteria), gap="medium"), strict=True):
            with column:
                st.markdown(f"**{sentences.headline(criterion)}**")
                figure = criterion_figure(criterion, current_k, batches[-1][-1], theme)
                show_chart(figure, sentences.criterion_alt(criterion), key and f"{key}.{criterion.name}", choose_k)
                st.caption(sentences.explanation(criterion, n, settings.rule))
    return criteria


def show_silhouettes(run: Settings) -> None:
    """Show the silhouette of each point of a run."""
    with st.spinner(message("how_many.computing"), show_time=True):
        values, labels = cached_silhouettes(run)
    if len(values):
        words = sentences.silhouettes_alt(values, labels, run.k)
        show_chart(silhouette_figure(values, labels, run.k, theme), words)
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


first_runs = runs_per_k(n, base.rule) * len(batches[0])
if not confirm_long_work("how_many", base, n=n, rule=base.rule, runs=first_runs, finding=finding_place):
    st.stop()
work = [partial(compute_batch, ks) for ks in batches]
computed_batches = compute_parts("how_many", base, work, show_criteria, heavy=is_heavy(n, base.rule))
criteria, trials = show_criteria(computed_batches, key="criteria"), all_trials(computed_batches)
current_k = shown_k(criteria, clusters.value)

st.header(message("how_many.shown_title", k=current_k), anchor=False)
clusters.set(current_k if clusters.value else 0)
st.segmented_control(
    clusters.title,
    shown_k_options(trials),
    default=clusters.value,
    key=clusters.name,
    format_func=lambda k: str(k) if k else message("how_many.largest_silhouette", max=MAX_K),
    required=True,
    label_visibility="collapsed",
)
write_url(HOW_MANY, settings, [clusters])
run = replace(base, k=current_k, seed=trials[current_k - 1].seed)
left, right = st.columns([3, 2], gap="medium")
with left:
    show_silhouettes(run)
with right:
    show_picture(run)
show_numbers(numbers(trials, criteria), "how_many")
st.caption(sentences.search(trials, n, settings.rule))
st.caption(message("how_many.try", setting=overlap_size(base.sizes)))
