"""A link says what a teacher wants of a class, and a mangled one says what is wrong with it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from ui.settings import links
from ui.settings.definitions import CONTROLS
from ui.settings.lesson_link import ALL_CONTROLS, LESSON_NAMES, MAX_QUESTION, MAX_TITLE, Lesson, decode, encode
from ui.text.messages import message


def lines(longest: int) -> st.SearchStrategy[str]:
    """Texts that need no mending."""
    letters = st.characters(exclude_categories=("C", "Z"))
    return st.text(letters, max_size=longest // 2).map(" ".join)


@st.composite
def any_lesson(draw: st.DrawFn) -> Lesson:
    """Any lesson that the teacher's form can make."""
    states = {name: draw(st.sampled_from(["free", "locked", "hidden"])) for name in CONTROLS}
    return Lesson(
        title=draw(lines(MAX_TITLE)),
        question=draw(lines(MAX_QUESTION)),
        locked=frozenset(name for name in CONTROLS if states[name] == "locked"),
        hidden=frozenset(name for name in CONTROLS if states[name] == "hidden"),
    )


@given(any_lesson())
def test_a_link_gives_back_the_lesson(lesson: Lesson) -> None:
    link = dict(parse_qsl(urlencode(encode(lesson))))
    assert decode(link) == (lesson, [])


@given(st.dictionaries(st.sampled_from(LESSON_NAMES), st.text(max_size=300), max_size=4))
def test_no_link_breaks_the_page(link: dict[str, str]) -> None:
    lesson, complaints = decode(link)
    assert decode(encode(lesson)) == (lesson, [])
    assert not lesson.locked & lesson.hidden
    assert all(complaint.endswith(".") and len(complaint) < 250 for complaint in complaints)


def test_a_link_without_a_lesson_stays_bare() -> None:
    assert decode({"k": "4"}) == (Lesson(), [])
    assert encode(Lesson()) == {}


def test_everything_is_one_word_and_hidden_goes_before_locked() -> None:
    lesson, complaints = decode({"lock": ALL_CONTROLS, "hide_settings": "seed, data"})
    assert lesson == Lesson(locked=frozenset(CONTROLS) - {"data", "seed"}, hidden=frozenset({"data", "seed"}))
    assert not complaints
    assert encode(Lesson(locked=frozenset(CONTROLS))) == {"lock": ALL_CONTROLS}
    assert encode(lesson)["hide_settings"] == "data,seed"


def test_a_text_that_is_too_long_is_cut_and_said() -> None:
    lesson, complaints = decode({"title": "t" * 81, "question": "q" * 200})
    assert (lesson.title, lesson.question) == ("t" * 80, "q" * 200)
    assert complaints == [message("settings.text_cut", part="title", count=81, most=80)]


def test_unknown_names_are_one_sentence_and_the_others_hold() -> None:
    lesson, complaints = decode({"lock": "k,colour,rule,size"})
    assert lesson.locked == {"k", "rule"}
    valid = ", ".join([*CONTROLS, ALL_CONTROLS])
    assert complaints == [
        message("settings.lesson_unknown_names", parameter="lock", known=valid, names="“colour, size”")
    ]


def test_a_text_is_one_line_of_what_can_be_seen() -> None:
    lesson, complaints = decode({"title": "  Two\n\tblobs\x00\u202e ", "question": "Why?\x1b[31m"})
    assert (lesson.title, lesson.question, complaints) == ("Two blobs", "Why?[31m", [])


def test_no_name_is_that_of_a_setting_or_of_the_view() -> None:
    assert not {*links.SETTING_NAMES, *links.VIEW_NAMES, "step", "embed"} & set(LESSON_NAMES)
