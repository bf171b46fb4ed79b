"""What if it ran another way? Two to four runs on the same points, side by side and in lock-step."""

from __future__ import annotations

from contextlib import nullcontext
from urllib.parse import urlencode

import streamlit as st

from ui.analyses.compare.runs import (
    RunSummary,
    costs_are_comparable,
    earliest_difference,
    requested_run,
    step_numbers,
    summaries,
)
from ui.analyses.compare.sentences import finding, run_numbers
from ui.analyses.compare.variants import all_settings, decode_variants, default_variants, tidy_variants
from ui.analyses.compare.widgets import widgets
from ui.player.protocol import pack_runs
from ui.player.session_facts import ComparisonSession
from ui.settings.lesson_link import changeable
from ui.settings.record import Settings
from ui.settings.run_input import with_offered_backend
from ui.shell.cache import cached
from ui.shell.cached_runs import computing, run_input, show_k_limit, show_omitted_moves
from ui.shell.charts import show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import COMPARE, chosen_lesson, open_run, run_link
from ui.shell.page import show_finding
from ui.shell.page_settings import PageText
from ui.shell.player import show_comparison
from ui.shell.session import EDITS, component_value
from ui.text.messages import message

PICTURES = "comparison"
variants_text = PageText("variants", tidy_variants, legacy=("ways",))
settings = open_page(COMPARE, message("compare.about"), page_settings=[variants_text])
finding_place = st.empty()


@cached
def pack(settings: tuple[Settings, ...]) -> tuple[bytes, list[RunSummary], int, int]:
    """Return runs as the player's message, their summaries, and the numbers of points and of omitted moves."""
    inputs = run_input(settings[0])
    traces = [inputs.with_settings(run).trace() for run in settings]
    runs = summaries(traces)
    names = [run.names for run in runs]
    packed = pack_runs(inputs.points, traces, names, **inputs.data.look, rows=inputs.rows())
    return packed, runs, len(inputs.points), inputs.omitted_moves()


def take_variants() -> None:
    """Take over the variants that a visitor chose in the browser, after the same checks as a link's."""
    if (text := component_value(PICTURES, "variants")) is not None:
        variants_text.set(tidy_variants(str(text))[0])


variants = decode_variants(variants_text.value)[0] or default_variants(settings)
runs_settings = all_settings(settings, variants)
computable = tuple(map(with_offered_backend, runs_settings))
with nullcontext() if pack.is_kept(computable) else computing(computable, message("shell.computing_runs")):
    packed, runs, n, omitted_moves = pack(computable)
show_omitted_moves(omitted_moves, n)
show_k_limit(max(run.k for run in runs_settings), n)
difference, ending = finding(settings, variants, runs, n)
show_finding(difference, finding_place, ending=ending)
session = ComparisonSession(
    **widgets(settings, variants, changeable(chosen_lesson())),
    links=[urlencode(run_link(run)) for run in runs_settings],
    first_difference=earliest_difference(runs),
    ending=ending,
    same_scale=costs_are_comparable(runs_settings),
    go_to_step=EDITS.get().pop_go_to(),
)
if request := show_comparison(packed, session, key=PICTURES, on_variants=take_variants):
    open_run(*requested_run(runs_settings, runs, request))
show_numbers(run_numbers(settings, variants, runs), "runs", step_numbers(runs))
st.markdown(message("compare.try"))
