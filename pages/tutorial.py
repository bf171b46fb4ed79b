"""Learn K-means in ten minutes: short screens, each with a question and the player set up for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ui.analyses.tutorial import html
from ui.analyses.tutorial.answers import Mark, answer_to, letter, marks, summary, tidy_answers, with_answer
from ui.analyses.tutorial.runs import RunView
from ui.analyses.tutorial.screens import QUESTIONS, SCREEN_NUMBERS, Screen, screens
from ui.settings.run_input import points_and_trace
from ui.shell.cached_runs import packed_run
from ui.shell.current_settings import forget_link_problems
from ui.shell.frame import open_page
from ui.shell.navigation import PAGES, TUTORIAL, offer_page, offer_run
from ui.shell.page import show_finding
from ui.shell.page_runs import apply_page_edit, compact_session, page_run, reset_page_run
from ui.shell.page_settings import PageChoice, PageText, all_or_nothing
from ui.shell.player import show_player
from ui.shell.player_edits import show_edit_error
from ui.shell.sharing import page_link, show_link_with_code
from ui.shell.sidebar import ALL_SETTINGS
from ui.text.messages import message

screen_choice = PageChoice("screen", message("tutorial.screen"), SCREEN_NUMBERS, 1)
answers_text = PageText("answers", all_or_nothing(tidy_answers))
settings = open_page(
    TUTORIAL, message("tutorial.about"), unused=ALL_SETTINGS, page_settings=[screen_choice, answers_text]
)
number: int = screen_choice.value
answers: str = answers_text.value


@st.cache_data(max_entries=1, show_spinner=False)
def cached_screens() -> tuple[Screen, ...]:
    """Cache the screens, which contain numbers of their runs."""
    return screens(points_and_trace)


all_screens = cached_screens()


def open_screen(other: int) -> None:
    """Go to another screen."""
    forget_link_problems()
    screen_choice.set(other)


def player_key(screen_number: int, view: int) -> str:
    """Return the key of the player that shows one of a screen's runs."""
    return f"tutorial_player_{screen_number}_{view}"


def undo_edits(screen_number: int) -> None:
    """Undo the edits in a screen's runs: its question is about them as they were."""
    for view in range(len(all_screens[screen_number - 1].views)):
        reset_page_run(player_key(screen_number, view))


def answer(choice: int | None) -> None:
    """Answer this screen's question, or ask it again."""
    forget_link_problems()
    if choice is None:
        undo_edits(number)
    answers_text.set(with_answer(answers, number, choice))


def start_over() -> None:
    """Forget all answers and edits, and go to the first screen."""
    for screen_number in range(1, QUESTIONS + 1):
        undo_edits(screen_number)
    answers_text.set("")
    open_screen(1)


def show_buttons(is_done: bool) -> None:
    """Show the buttons to the screens before and after this one; once the question is answered, one in full color."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="tutorial_steps"
    ):
        before, after = number - 1, number + 1
        st.button(
            message("tutorial.back"),
            key="tutorial_back",
            on_click=open_screen,
            args=(before,),
            disabled=before not in SCREEN_NUMBERS,
        )
        if after in SCREEN_NUMBERS:
            st.button(
                message("tutorial.next" if is_done else "tutorial.skip"),
                key="tutorial_next",
                on_click=open_screen,
                args=(after,),
                type="primary" if is_done else "tertiary",
            )


def show_link() -> None:
    """Offer the link that a teacher shows to a class: this screen, without an answer."""
    with st.expander(message("tutorial.link_title")):
        link = page_link({"screen": str(number)})
        st.caption(message("tutorial.link_note"))
        show_link_with_code(link)


def choose_view(screen: Screen) -> tuple[str, RunView]:
    """Let the visitor choose one of a screen's runs if it has several; return the player's key and the run."""
    labels = [view.label for view in screen.views]
    label = labels[0]
    if len(labels) > 1:
        label = st.segmented_control(
            message("tutorial.runs"),
            labels,
            default=label,
            required=True,
            key=f"tutorial_run_{number}",
            label_visibility="collapsed",
        )
    index = labels.index(label)
    return player_key(number, index), screen.views[index]


def show_run(screen: Screen, is_done: bool) -> None:
    """Show the screen's run: a still picture until the question is answered, and then the player."""
    key, view = choose_view(screen) if is_done else (player_key(number, 0), screen.views[0])
    if view.note:
        st.caption(view.note)
    run = page_run(key, view.settings)
    parts = screen.after if is_done else screen.before
    show_player(
        packed_run(run).content,
        compact_session(parts, still=not is_done, view=view.link),
        key=key,
        on_edit=partial(apply_page_edit, key, view.settings),
    )
    if is_done:
        with st.container(horizontal=True, vertical_alignment="center", key="tutorial_more"):
            if run != view.settings:
                st.button(message("tutorial.put_back"), icon=":material/undo:", on_click=reset_page_run, args=(key,))
            offer_run(message("tutorial.open_run"), run, **view.link)
            st.button(message("tutorial.ask_again"), key="tutorial_ask", type="tertiary", on_click=answer, args=(None,))


def show_words(screen: Screen) -> None:
    """Offer a screen's picture in words to whoever does not see it."""
    if screen.words:
        with st.container(key="tutorial_words"), st.expander(message("tutorial.words_title")):
            st.html(screen.words)


def show_choices(screen: Screen) -> None:
    """Offer the answers to a screen's question."""
    with st.container(key="tutorial_choices", gap="xsmall"):
        for index, choice in enumerate(screen.choices):
            label = message("tutorial.choice", letter=letter(index), choice=choice.text)
            st.button(label, key=f"tutorial_choice_{index}", on_click=answer, args=(index,), width="stretch")


def show_screen(screen: Screen) -> None:
    """Ask a screen's question about its picture, or explain the answer once there is one."""
    choice = answer_to(answers, number)
    is_done = choice is not None
    st.html(html.progress_html(number, screen.title))
    picture, text = st.columns([3, 2], gap="medium")
    with picture:
        show_run(screen, is_done)
        if not is_done:
            show_words(screen)
    with text:
        show_finding(screen.finding, st.empty())
        st.html(html.question_html(screen, choice))
        if is_done:
            st.html(html.explanation_html(screen))
        else:
            show_choices(screen)
    show_buttons(is_done)
    show_link()


def offer_summary(marked: Sequence[Mark]) -> None:
    """Offer the summary as a file and as a link, and the other pages."""
    link = page_link({"screen": str(number), "answers": answers})
    st.markdown(message("tutorial.keep_title"))
    st.download_button(
        message("tutorial.download"),
        html.printable(marked, link),
        file_name="k-means.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(message("tutorial.saved_link"))
    show_link_with_code(link)
    st.button(message("tutorial.start_over"), on_click=start_over)
    st.markdown(message("tutorial.go_on"))
    for page in PAGES:
        if page is not TUTORIAL:
            offer_page(page, settings)


def show_mark(mark: Mark) -> None:
    """Show the sentence to remember from a screen, with a button that opens the screen."""
    with st.container(key=f"tutorial_mark_{mark.number}", gap=None):
        label = message("tutorial.review", number=mark.number, title=mark.screen.title)
        st.button(
            label, key=f"tutorial_review_{mark.number}", type="tertiary", on_click=open_screen, args=(mark.number,)
        )
        st.html(html.mark_html(mark))


def show_summary(marked: Sequence[Mark]) -> None:
    """Show the sentences to remember, and how to keep them."""
    st.html(html.progress_html(number, message("tutorial.summary_title")))
    show_finding(summary(marked), st.empty())
    left, right = st.columns([3, 2], gap="large")
    with left:
        for mark in marked:
            show_mark(mark)
    with right:
        offer_summary(marked)
    show_buttons(is_done=True)


st.html(html.style())
show_edit_error()
with st.container(key="tutorial"):
    if number <= QUESTIONS:
        show_screen(all_screens[number - 1])
    else:
        show_summary(marks(all_screens, answers))
