"""How many clusters? Three criteria over K, each beside what it says of uniform noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ui.analyses import how_many
from ui.charts.palette import MAX_K
from ui.charts.thumbnails import box_of, image, svg
from ui.settings.record import way_to_blur
from ui.shell.cache import data_of, ending_of, known_groups, points_of, silhouettes_of, tried_of
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import OwnSetting, open_page, write_url
from ui.shell.navigation import HOW_MANY, offer_run
from ui.shell.page import show_finding
from ui.shell.progress import in_parts, may_begin

BEST = f"the largest silhouette up to {MAX_K}"
clusters = OwnSetting("clusters", "Look at K", range(MAX_K + 1), 0, open=f"that of {BEST}")
settings = open_page(
    HOW_MANY,
    "K-means takes K from you and never doubts it. Three criteria are often asked for advice; here they are, each "
    "beside the same for uniform noise, which has no clusters.",
    unused=("k", "start", "seed", "iterations"),
    own=[clusters],
)
theme = page_theme()
finding, charts = st.empty(), st.empty()

asked = how_many.asked(settings)
n = len(points_of(asked))
parts = how_many.parts(n)


def look_at(k: int) -> None:
    """Look at another K."""
    st.session_state[clusters.name] = k


def show(done: Sequence[Sequence[how_many.Tried]], key: str | None = None) -> list[how_many.Criterion]:
    """Show what the criteria say of every K that was tried so far; a click on one looks at it."""
    found = how_many.criteria(how_many.all_of(done))
    show_finding(how_many.finding(found, known_groups(asked), len(done) == len(parts)), finding)
    chosen = how_many.looked_at(found, clusters.value)
    with charts.container():
        for criterion, column in zip(found, st.columns(len(found), gap="medium"), strict=True):
            with column:
                st.markdown(f"**{how_many.headline(criterion)}**")
                figure = how_many.figure(criterion, chosen, parts[-1][-1], theme)
                show_chart(figure, how_many.in_words(criterion), key and f"{key}.{criterion.name}", look_at)
                st.caption(how_many.explained(criterion, n, settings.rule))
    return found


def some_tried(ks: Sequence[int]) -> list[how_many.Tried]:
    """Try some values of K."""
    return [tried_of(asked, k) for k in ks]


if not may_begin("how_many", asked, n=n, rule=asked.rule, runs=how_many.runs(parts[0], n, asked.rule), finding=finding):
    st.stop()
done = in_parts(
    "how_many", asked, [partial(some_tried, ks) for ks in parts], show, heavy=how_many.is_heavy(n, asked.rule)
)
found, tried = show(done, key="criteria"), how_many.all_of(done)
chosen = how_many.looked_at(found, clusters.value)

st.header(f"Look at K = {chosen}", anchor=False)
st.session_state[clusters.name] = chosen if clusters.value else 0
st.segmented_control(
    clusters.title,
    how_many.choices(tried),
    default=clusters.value,
    key=clusters.name,
    format_func=lambda k: str(k) if k else BEST,
    required=True,
    label_visibility="collapsed",
)
write_url(settings, clusters)
run = replace(asked, k=chosen, seed=tried[chosen - 1].seed)
left, right = st.columns([3, 2], gap="medium")
with left:
    with st.spinner("Looking at it", show_time=True):
        values, labels = silhouettes_of(run)
    if len(values):
        told = how_many.silhouettes_in_words(values, labels, chosen)
        show_chart(how_many.silhouette_figure(values, labels, chosen, theme), told)
    else:
        st.info("A silhouette compares a point’s cluster with the next one, and here all points are in one.")
with right:
    with st.spinner("Looking at it", show_time=True):
        end = ending_of(run)
    picture = svg(end, range(end.k), box=box_of([end]), equal=data_of(run).equal_units, theme=theme)
    st.html(f'<div class="miniature">{image(picture, how_many.picture_in_words(end))}</div>')
    offer_run(f"Step through it: K = {chosen}, seed {run.seed}", replace(run, backend=settings.backend))
    st.caption(how_many.picture_words(end))
show_numbers(how_many.numbers(tried, found), "how_many")
st.caption(how_many.how_tried(tried, n, settings.rule))
st.caption(
    f"Try it: {way_to_blur(asked) or 'choose other columns'}, or choose “No structure”. Which criterion is the first "
    "to change its mind?"
)
