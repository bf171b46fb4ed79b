"""When does it fail? Eight sets of points: guess what K-means does with them, then see what it did."""

from __future__ import annotations

import streamlit as st

from ui.analyses import failures
from ui.analyses.failures import CASES, LETTERS, Case, Found
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import FAILURES, offer_run
from ui.shell.page import say, show_finding
from ui.shell.page_settings import PageText, all_or_nothing
from ui.shell.sidebar import EVERYTHING
from ui.text.markup import html_of

own = PageText("guesses", all_or_nothing(failures.checked_guesses))
open_page(
    FAILURES,
    "K-means looks for K round groups of about the same size, whether they are there or not. Guess what it makes of "
    "these eight sets of points.",
    unused=EVERYTHING,
    own=[own],
)
guesses = failures.read_guesses(own.value)


# Resources are not copied, and the results are the same for all visitors.
@st.cache_resource(show_spinner=False)
def results() -> dict[str, Found]:
    """Cache what became of each case, by its name, for the life of the server."""
    return {case.name: case.found() for case in CASES}


def change(after: str) -> None:
    """Take other guesses, from a click."""
    own.set(failures.written_guesses(after))


def show_question(at: int, case: Case, guess: str) -> None:
    """Ask about a case, and once it was answered say what is true."""
    st.markdown(f"**{html_of(case.question)}**", unsafe_allow_html=True)
    answered = failures.is_answered(guess)
    for number, letter in enumerate(LETTERS):
        st.button(
            failures.label(case, number, guess),
            key=f"guess.{case.name}.{letter}",
            icon=failures.icon(case, number, guess),
            on_click=change,
            args=(failures.with_guess(guesses, at, letter),),
            disabled=answered,
            width="stretch",
        )


def show_answer(case: Case, found: Found, guess: str) -> None:
    """Say what happened, what to use instead, and lead to the run."""
    say(failures.feedback(case, guess), failures.told(case, found))
    st.markdown(f"**Instead:** {case.instead}")
    offer_run("Step through this run", case.settings)


found = results()
show_finding(failures.finding(found), st.empty())
st.caption(
    "Try it: look at the points, make a guess, and see what happens. The match with the true groups (adjusted Rand "
    "index) compares two points at a time: 1 is perfect, and random groups score 0 on average."
)
seen, left = failures.progress(guesses)
with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(f"**{failures.score(guesses)}**", width="content")
    st.button("Show all answers", on_click=change, args=(failures.with_all_shown(guesses),), disabled=not left)
    st.button("Start over", on_click=change, args=("",), disabled=not seen)

for at, (case, guess) in enumerate(zip(CASES, guesses, strict=True)):
    result = found[case.name]
    answered = failures.is_answered(guess)
    with st.container(border=True, key=f"case_{case.name}"):
        st.header(f"{at + 1}. {case.title}", anchor=False)
        st.caption(case.story)
        picture, question = st.columns([3, 2], gap="medium")
        with picture:
            panels = result.after if answered else [result.before]
            show_chart(failures.figure(panels, page_theme()), failures.in_words(case, result, answered))
        with question:
            show_question(at, case, guess)
            if answered:
                show_answer(case, result, guess)
if seen:
    show_numbers(failures.numbers(found, guesses), "failures")
