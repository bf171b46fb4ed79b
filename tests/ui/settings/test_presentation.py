"""A link says what a presenter needs, and a mangled one says what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.settings import lesson_link, links
from ui.settings.presentation import (
    MAX_MINUTES,
    MAX_NOTES,
    PRESENTATION_NAMES,
    Presentation,
    decode,
    is_presenting,
)
from ui.text.messages import message


def test_notes_keep_their_lines_and_lose_what_cannot_be_seen() -> None:
    link = {"present": "1", "minutes": "12", "notes": " Ask first.\r\n\n\n\nThen\tvote.\u202e \n"}
    assert decode(link) == (Presentation(minutes=12, notes="Ask first.\n\nThen vote."), [])
    assert is_presenting(link)
    assert not is_presenting({"present": "0"})


def test_notes_that_are_too_long_are_cut_and_said() -> None:
    presentation, complaints = decode({"notes": "n" * (MAX_NOTES + 5)})
    assert presentation.notes == "n" * MAX_NOTES
    assert complaints == [message("settings.text_cut", part="notes", count=MAX_NOTES + 5, most=MAX_NOTES)]
    assert decode({"notes": "n" * MAX_NOTES})[1] == []


@pytest.mark.parametrize("text", ["0", "-5", "181", "ten", "1.5", "٣", "9" * 400])
def test_minutes_out_of_range_let_the_timer_count_up(text: str) -> None:
    presentation, complaints = decode({"minutes": text})
    quoted = f"“{text if len(text) <= 30 else text[:30] + '…'}”"
    assert presentation == Presentation()
    assert complaints == [message("settings.minutes_ignored", text=quoted, most=MAX_MINUTES)]


@given(st.dictionaries(st.sampled_from(PRESENTATION_NAMES), st.text(max_size=1200), max_size=3))
def test_no_link_breaks_the_page(link: dict[str, str]) -> None:
    presentation, complaints = decode(link)
    again = decode({"minutes": str(presentation.minutes or ""), "notes": presentation.notes})
    assert again == (presentation, [])
    assert all(complaint.endswith(".") and len(complaint) < 250 for complaint in complaints)


def test_no_name_is_used_twice() -> None:
    names = {*links.SETTING_NAMES, *links.VIEW_NAMES, *lesson_link.LESSON_NAMES, "step", "embed"}
    assert not names & set(PRESENTATION_NAMES)
