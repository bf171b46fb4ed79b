"""What if it ran another way? Two to four runs on the same points, side by side and in lock-step."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from ui.analyses import compare
from ui.player.protocol import pack_runs
from ui.settings.lesson_link import changeable
from ui.settings.record import Settings
from ui.settings.runs import with_offered_backend
from ui.shell.cache import cached
from ui.shell.charts import show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import COMPARE, chosen_lesson, open_run, run_link
from ui.shell.page import show_finding
from ui.shell.page_settings import PageText
from ui.shell.player import show_comparison
from ui.shell.runs import computing, run_input, show_k_limit
from ui.shell.session import GO_TO, component_value

PICTURES = "comparison"
chosen = PageText("variants", compare.tidy_ways, legacy=("ways",))
settings = open_page(
    COMPARE,
    "The sidebar’s run and up to three others, on the same points and in lock-step; you say what differs.",
    own=[chosen],
)
finding = st.empty()


@cached(64)
def pack(settings: tuple[Settings, ...]) -> tuple[bytes, list[compare.Ran], int]:
    """Return runs on the same points as the player's message, their outcomes, and the number of points."""
    inputs = run_input(settings[0])
    traces = [inputs.with_settings(one).trace() for one in settings]
    outcomes = compare.ran(traces)
    names = [one.names for one in outcomes]
    packed = pack_runs(inputs.points, traces, names, **inputs.data.look, rows=inputs.rows())
    return packed, outcomes, len(inputs.points)


def take_ways() -> None:
    """Let the runs differ as a person asked in the browser, which is not to be trusted more than a link."""
    if (asked := component_value(PICTURES, "ways")) is not None:
        chosen.set(compare.tidy_ways(str(asked))[0])


ways = compare.decode_ways(chosen.value)[0] or compare.default_ways(settings)
all_of_them = compare.all_settings(settings, ways)
with_backends = tuple(map(with_offered_backend, all_of_them))
with computing(with_backends, "Computing the runs"):
    packed, runs, n = pack(with_backends)
show_k_limit(max(run.k for run in all_of_them), n)
show_finding(compare.finding(settings, ways, runs, n), finding)
session = compare.as_widgets(settings, ways, changeable(chosen_lesson())) | {
    "links": [urlencode(run_link(run)) for run in all_of_them],
    "parts": compare.first_parting(runs),
    "sameScale": compare.one_scale(all_of_them),
    "goTo": GO_TO.pop(),
}
if wanted := show_comparison(packed, session, key=PICTURES, on_ways=take_ways):
    open_run(*compare.wanted_run(all_of_them, runs, wanted))
show_numbers(compare.numbers(settings, ways, runs), "runs", compare.all_numbers(runs))
st.markdown(
    "Try it: compare three rules, press Play and watch where the second half-step takes the centers. Then throw the "
    "dice of a seed until one run gets stuck."
)
