"""When does it fail? Eight sets of points: guess what K-means does with them, then see what it did."""

from __future__ import annotations

import streamlit as st

from ui.analyses.failures import sentences
from ui.analyses.failures.cases import CASES, Case
from ui.analyses.failures.figure import figure
from ui.analyses.failures.guesses import (
    LETTERS,
    decode_guesses,
    encode_guesses,
    is_answered,
    progress,
    score,
    tidy_guesses,
    with_all_shown,
    with_guess,
)
from ui.analyses.failures.results import CaseResult
from ui.shell.charts import page_theme, show_chart, show_numbers
from ui.shell.frame import open_page
from ui.shell.navigation import FAILURES, offer_run
from ui.shell.page import show_finding, show_reply
from ui.shell.page_settings import PageText, all_or_nothing
from ui.shell.sidebar import ALL_SETTINGS
from ui.text.markup import html_of
from ui.text.messages import message

guesses_text = PageText("guesses", all_or_nothing(tidy_guesses))
open_page(FAILURES, message("failures.about"), unused=ALL_SETTINGS, page_settings=[guesses_text])
guesses = decode_guesses(guesses_text.value)


# Resources are not copied, and the results are the same for all visitors.
@st.cache_resource(show_spinner=False)
def case_results() -> dict[str, CaseResult]:
    """Cache the result of each case, by its name, for the life of the server."""
    return {case.name: case.run() for case in CASES}


def take_guesses(changed: str) -> None:
    """Take over changed guesses after a click."""
    guesses_text.set(encode_guesses(changed))


def show_question(index: int, case: Case, guess: str) -> None:
    """Ask about a case, and mark the right answer once the visitor has guessed."""
    st.markdown(f"**{html_of(case.question)}**", unsafe_allow_html=True)
    for answer, letter in enumerate(LETTERS):
        st.button(
            sentences.button_label(case, answer, guess),
            key=f"guess.{case.name}.{letter}",
            icon=sentences.button_icon(case, answer, guess),
            on_click=take_guesses,
            args=(with_guess(guesses, index, letter),),
            disabled=is_answered(guess),
            width="stretch",
        )


def show_outcome(case: Case, result: CaseResult) -> None:
    """Show what K-means did, on a phone one picture below the other, and say what to use instead."""
    places = st.columns(max(2, len(result.after)), gap="medium")
    for panel, place in zip(result.after, places, strict=False):
        with place:
            show_chart(figure(panel, page_theme()), sentences.panel_alt(panel))
    with places[1] if len(result.after) == 1 else st.container():
        st.markdown(message("failures.instead", instead=case.instead))
        with st.expander(message("failures.details")):
            st.markdown(sentences.detail_text(case, result))
        offer_run(message("failures.run"), case.settings)


def show_case(index: int, case: Case, result: CaseResult, guess: str) -> None:
    """Show a case's points beside its question, and below them its answer once the visitor has guessed."""
    answered = is_answered(guess)
    st.header(message("failures.case_title", number=index + 1, title=case.title), anchor=False)
    st.caption(case.story)
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(figure(result.before, page_theme()), sentences.alt(case, result))
    with right:
        show_question(index, case, guess)
        if answered:
            show_reply(sentences.reply(case, guess), sentences.result_text(case, result))
    if answered:
        show_outcome(case, result)


results = case_results()
show_finding(sentences.finding(results), st.empty())
st.caption(message("failures.match"))
answered_count, left = progress(guesses)
with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(f"**{score(guesses)}**", width="content")
    st.button(message("failures.show_all"), on_click=take_guesses, args=(with_all_shown(guesses),), disabled=not left)
    st.button(message("failures.start_over"), on_click=take_guesses, args=("",), disabled=not answered_count)

if payoff := sentences.payoff(results, guesses):
    st.markdown(payoff)

for index, (case, guess) in enumerate(zip(CASES, guesses, strict=True)):
    with st.container(border=True, key=f"case_{case.name}"):
        show_case(index, case, results[case.name], guess)
if answered_count:
    show_numbers(sentences.numbers(results, guesses), "failures")
