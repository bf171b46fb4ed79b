"""A link holds edits, or names the file that does."""

from __future__ import annotations

import re

import pytest

from ui.settings.edit_links import decode_edits, drawing_name, encode_edits
from ui.settings.edits import MAX_DRAWING_EDITS, MAX_EDITS, Add, Erase, Move
from ui.settings.links import decode, encode
from ui.settings.player_actions import apply_action, open_drawing
from ui.settings.record import POST, Settings
from ui.settings.run_input import run_input
from ui.text.messages import message


def test_a_link_writes_edits_short_and_unescaped() -> None:
    edits = (Add((1.5, -2.0)), Erase(17), Move(9, 2, (4.5, 0.001)))
    assert encode_edits(edits) == "a1.5_-2x17m9_2_4.5_0.001"
    assert decode_edits("a1.5_-2x17m9_2_4.5_0.001") == edits


def test_edited_settings_survive_in_a_link() -> None:
    settings = POST
    for action in (
        {"kind": "move", "step": 0, "cluster": 1, "place": [20.0, 3.3]},
        {"kind": "add", "places": [[1.25, 40.0], [2, 41]]},
        {"kind": "move", "step": 9, "cluster": 0, "place": [12.345, 0.001]},
    ):
        settings = apply_action(settings, action)
    decoded_settings, complaints = decode(encode(settings))
    assert (decoded_settings, complaints) == (settings, [])
    assert len(run_input(decoded_settings).points) == len(run_input(POST).points) + 2


def with_drawn_points(count: int) -> Settings:
    return apply_action(POST, {"kind": "add", "places": [[i % 40, i / 100] for i in range(count)]})


def test_a_link_names_the_file_of_what_it_cannot_hold() -> None:
    full, overflow = with_drawn_points(MAX_EDITS), with_drawn_points(MAX_EDITS + 1)
    assert decode(encode(full)) == (full, [])
    link = encode(overflow)
    assert link["edits"] == drawing_name(encode_edits(overflow.edits))
    opener, complaints = decode(link)
    assert (opener.edits, opener.file, complaints) == ((), link["edits"], [])
    assert encode(opener) == link, "and keeps naming it until the file is there"
    assert open_drawing(opener, encode_edits(overflow.edits)) == overflow


def test_a_drawing_has_the_same_name_only_if_it_is_the_same() -> None:
    names = {encode(with_drawn_points(count))["edits"] for count in range(MAX_EDITS + 1, MAX_EDITS + 20)}
    assert len(names) == 19
    assert len(encode(with_drawn_points(MAX_DRAWING_EDITS))["edits"]) < 30


@pytest.mark.parametrize("text", [None, 7, "", "a1_1", ["a1_1"]])
def test_what_is_not_in_the_file_that_the_link_means_is_refused(text: object) -> None:
    opener, _ = decode(encode(with_drawn_points(MAX_EDITS + 1)))
    with pytest.raises(ValueError, match=re.escape(message("player_edits.other_drawing"))):
        open_drawing(opener, text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "a1_1" * (MAX_DRAWING_EDITS + 1),
            message("settings.link_edits_too_many", place="file", most=MAX_DRAWING_EDITS),
        ),
        ("hello", message("settings.link_edits_malformed", text="“hello”")),
        ("a1e5_2", message("settings.link_edits_malformed", text="“a1e5_2”")),
    ],
)
def test_a_file_that_was_written_by_somebody_else_is_refused(text: str, problem: str) -> None:
    opener, _ = decode({"edits": drawing_name(text)})
    with pytest.raises(ValueError, match=re.escape(problem)):
        open_drawing(opener, text)


def test_a_new_drawing_takes_the_place_of_one_that_never_came() -> None:
    opener, _ = decode(encode(with_drawn_points(MAX_EDITS + 1)))
    drawing = apply_action(opener, {"kind": "add", "places": [[1, 2]]})
    assert (drawing.edits, drawing.file) == ((Add((1.0, 2.0)),), "")


def test_no_more_is_drawn_than_can_be_done_again_at_every_change() -> None:
    full = with_drawn_points(MAX_DRAWING_EDITS)
    problem = message("settings.too_many_edits", most=5_000, count=5_001)
    with pytest.raises(ValueError, match=re.escape(problem)):
        apply_action(full, {"kind": "erase", "indices": [0]})
    settings = POST
    for step in range(1, MAX_EDITS + 1):
        settings = apply_action(settings, {"kind": "move", "step": step, "cluster": 0, "place": [1, 2]})
    problem = message("settings.too_many_moves", most=200, count=201)
    with pytest.raises(ValueError, match=re.escape(problem)):
        apply_action(settings, {"kind": "move", "step": 1, "cluster": 0, "place": [1, 2]})
