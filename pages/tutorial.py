"""Learn K-means in ten minutes: a lesson of short screens, each with a question and the player set up for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ui.analyses import tutorial
from ui.settings.runs import points_and_trace
from ui.shell.current_settings import forget_link_problems
from ui.shell.frame import open_page
from ui.shell.navigation import PAGES, TUTORIAL, offer_page, offer_run
from ui.shell.page import show_finding
from ui.shell.page_settings import PageChoice, PageText, all_or_nothing
from ui.shell.player import show_player
from ui.shell.player_edits import aside, compact_session, hear_aside, put_back, show_refusal
from ui.shell.runs import packed_run
from ui.shell.sharing import own_link, show_code
from ui.shell.sidebar import EVERYTHING

screen_setting = PageChoice("screen", "Screen", tutorial.SCREENS, 1)
answers_setting = PageText("answers", all_or_nothing(tutorial.checked_answers))
settings = open_page(
    TUTORIAL,
    "Nine short questions: you answer first, then you see it happen, and why. The tenth screen is yours to keep.",
    unused=EVERYTHING,
    own=[screen_setting, answers_setting],
)
number: int = screen_setting.value
answers: str = answers_setting.value


@st.cache_data(max_entries=1, show_spinner=False)
def cached_screens() -> tuple[tutorial.Screen, ...]:
    """Cache the screens, which contain numbers of their runs."""
    return tutorial.screens(points_and_trace)


screens = cached_screens()


def go(to: int) -> None:
    """Turn to a screen."""
    forget_link_problems()
    screen_setting.set(to)


def player_key(of_screen: int, look: int) -> str:
    """Return what the player of one of a screen's runs is known by."""
    return f"teach_player_{of_screen}_{look}"


def put_screen_back(of_screen: int) -> None:
    """Undo what was done by hand in a screen's pictures: its question is about them as they were."""
    for look in range(len(screens[of_screen - 1].looks)):
        put_back(player_key(of_screen, look))


def answer(choice: int | None) -> None:
    """Answer this screen's question, or ask it anew."""
    forget_link_problems()
    if choice is None:
        put_screen_back(number)
    answers_setting.set(tutorial.with_answer(answers, number, choice))


def begin_anew() -> None:
    """Forget all answers, and what was done in the pictures, and turn to the first screen."""
    for one in range(1, tutorial.QUESTIONS + 1):
        put_screen_back(one)
    answers_setting.set("")
    go(1)


def show_steps(title: str, is_done: bool) -> None:
    """Say where in the lesson this is, between the ways back and on."""
    with st.container(horizontal=True, vertical_alignment="center", key="teach_steps"):
        back, on = number - 1, number + 1
        st.button("Back", key="teach_back", on_click=go, args=(back,), disabled=back not in tutorial.SCREENS)
        st.html(tutorial.progress_html(number, title))
        if on in tutorial.SCREENS:
            # No button in full color: the thing to do on a screen is the player's own next half-step.
            st.button(
                "Next screen", key="teach_on", on_click=go, args=(on,), type="secondary" if is_done else "tertiary"
            )


def show_link() -> None:
    """Offer what a teacher puts on the wall: this screen, with its question open."""
    with st.expander("For teachers: a link to this screen"):
        link = own_link({"screen": str(number)})
        st.caption("It opens with the question; what you have answered is not in it.")
        show_code(link)


def choose_look(screen: tutorial.Screen) -> tuple[str, tutorial.Look]:
    """Let the person choose one of a screen's runs, where there are several; return its key and the run."""
    labels = [look.label for look in screen.looks]
    chosen = labels[0]
    if len(labels) > 1:
        chosen = st.segmented_control(
            "Show", labels, default=chosen, required=True, key=f"teach_look_{number}", label_visibility="collapsed"
        )
    at = labels.index(chosen)
    return player_key(number, at), screen.looks[at]


def show_run(screen: tutorial.Screen, is_done: bool) -> None:
    """Show the screen's run: a picture until the question is answered, and then the player."""
    key, look = choose_look(screen) if is_done else (player_key(number, 0), screen.looks[0])
    run = aside(key, look.settings)
    parts = screen.after if is_done else screen.before
    show_player(
        packed_run(run),
        compact_session(parts, still=not is_done, view=look.view),
        key=key,
        on_edit=partial(hear_aside, key, look.settings),
    )
    if is_done:
        with st.container(horizontal=True, vertical_alignment="center", key="teach_more"):
            if run != look.settings:
                st.button("Put the centers back", icon=":material/undo:", on_click=put_back, args=(key,))
            offer_run("Open in the full player", run, **look.view)
            st.button("Ask me again", key="teach_ask", type="tertiary", on_click=answer, args=(None,))


def show_screen(screen: tutorial.Screen) -> None:
    """Ask, and once there is an answer, tell."""
    choice = tutorial.answer_to(answers, number)
    is_done = choice is not None
    show_steps(screen.title, is_done)
    reading, seeing = st.columns([5, 6], gap="medium")
    with reading:
        show_finding(screen.finding, st.empty())
        st.html(tutorial.asked_html(screen, choice))
        if is_done:
            st.html(f'<p class="teach-told">{tutorial.as_html(screen.told)}</p>')
        else:
            with st.container(key="teach_choices", gap="xsmall"):
                for at, offered in enumerate(screen.choices):
                    label = f"{tutorial.letter(at)}: {offered.text}"
                    st.button(label, key=f"teach_choice_{at}", on_click=answer, args=(at,), width="stretch")
    with seeing:
        show_run(screen, is_done)
    show_link()


def show_summary(marked: Sequence[tutorial.Mark]) -> None:
    """Show what to keep, and how to keep it."""
    show_steps("What you keep", is_done=True)
    show_finding(tutorial.summary(marked), st.empty())
    reading, keeping = st.columns([3, 2], gap="large")
    link = own_link({"screen": str(number), "answers": answers})
    with reading:
        st.html(tutorial.summary_html(marked))
    with keeping:
        st.markdown("**Keep it**")
        st.download_button(
            "Download it to print or keep",
            tutorial.printable(marked, link),
            file_name="k-means.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption("This link opens it again, with your answers.")
        show_code(link)
        st.button("Begin anew, without answers", on_click=begin_anew)
        st.markdown("**Go on**")
        for page in PAGES:
            if page is not TUTORIAL:
                offer_page(page, settings)


st.html(tutorial.STYLE)
show_refusal()
with st.container(key="teach"):
    if number <= tutorial.QUESTIONS:
        show_screen(screens[number - 1])
    else:
        show_summary(tutorial.marks(screens, answers))
