"""What does a setting do? One setting, or two, at several values: how each run ends, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ui.analyses.sweep import curves, sentences
from ui.analyses.sweep.cells import CellResult, cells_of, computing_order, is_heavy, numbers, results_of
from ui.analyses.sweep.pictures import grid
from ui.analyses.sweep.swept_settings import DEFAULT_NAME, NONE, all_names, choose, swept_settings
from ui.charts.thumbnails import Ending
from ui.settings.definitions import LEGACY_NAMES
from ui.settings.effort import run_bytes
from ui.settings.record import Settings
from ui.shell.cached_runs import data_of, points_of, run_ending
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import SWEEP, address_of
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice
from ui.shell.progress import compute_parts
from ui.text.messages import message

setting = PageChoice(
    "setting",
    message("sweep.setting"),
    all_names(),
    DEFAULT_NAME,
    legacy=("knob",),
    legacy_values=LEGACY_NAMES,
)
second = PageChoice(
    "second_setting",
    message("sweep.second_setting"),
    (NONE, *all_names()),
    NONE,
    legacy=("second",),
    legacy_values=LEGACY_NAMES,
)
problems: list[str] = []


def fit_to_data(settings: Settings) -> None:
    """Replace settings that these data do not have, and a second one that is the first."""
    available = swept_settings(settings.canonical())
    for choice, fallback in ((setting, DEFAULT_NAME), (second, NONE)):
        if choice.value not in (*available, NONE):
            problems.append(sentences.not_available(settings, choice.value))
            choice.set(fallback)
    if second.value == setting.value:
        second.set(NONE)


settings = open_page(SWEEP, message("sweep.about"), page_settings=[setting, second], fit=fit_to_data)
theme = page_theme()
finding_place = st.empty()

base = settings.canonical()
available = swept_settings(base)
for problem in problems:
    st.info(problem)


def title_of(name: str) -> str:
    """Return a setting's title, or that there is none."""
    return available[name].title if name in available else message("sweep.no_setting")


def show_results(ends: Sequence[Ending]) -> list[CellResult]:
    """Show the pictures of the runs so far."""
    results = results_of(cells, base, ends)
    show_finding(sentences.finding(results, swept, len(cells)), finding_place)
    addresses = [address_of(replace(result.cell.settings, backend=settings.backend)) for result in results]
    equal = data_of(base).equal_units
    pictures_place.html(grid(results, swept, addresses, equal=equal, theme=theme))
    return results


left, right, _ = st.columns([2, 2, 3])
names = tuple(available)
left.selectbox(setting.title, names, names.index(setting.value), key=setting.name, format_func=title_of)
second_names = (NONE, *(other for other in names if other != setting.value))
right.selectbox(second.title, second_names, second_names.index(second.value), key=second.name, format_func=title_of)
pictures_place = st.empty()

swept = choose(available, setting.value, second.value)
cells = cells_of(base, swept)
work = [partial(run_ending, cells[index].settings) for index in computing_order(cells, base)]
n = len(points_of(base))
request, heavy = (base, setting.value, second.value), is_heavy(base, n, len(cells))
results = show_results(compute_parts("sweep", request, work, show_results, heavy=heavy, size=run_bytes(base, n)))

st.caption(sentences.caption(results))
sweep_curves = curves.curves(results, swept)
for curve, column in zip(sweep_curves, st.columns(len(sweep_curves), gap="medium"), strict=True):
    with column:
        show_chart(curves.figure(results, swept, curve, theme), curves.alt(results, swept, curve))
show_numbers(numbers(results, swept), "sweep")
st.caption(message("sweep.try"))
