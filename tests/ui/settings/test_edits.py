"""What a hand changes is applied in order, survives in a link, and can't break the app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from kmeans_core import RULES, Phase, RunConfig, make_dataset, run
from kmeans_core.types import Points
from kmeans_tables import Choice
from ui.settings.bad_centers import BAD_CENTERS, bad_centers
from ui.settings.definitions import CONTROLS
from ui.settings.edits import (
    MAX_BY_HAND,
    MAX_EDITS,
    Add,
    Erase,
    Move,
    changed_points,
    decode_edits,
    edited_points,
    encode_edits,
    file_name,
    fitted_centers,
    moved_by_hand,
    numbers_left,
    without_effect,
)
from ui.settings.lesson_link import Lesson
from ui.settings.lesson_link import decode as decode_lesson
from ui.settings.links import decode, encode
from ui.settings.record import DEFAULT, Settings
from ui.settings.runs import run_input
from ui.settings.table_use import TableUse
from ui.settings.undo import Change, revert
from ui.shell import player_edits
from ui.shell.player_edits import changed, more_iterations, opened
from ui.shell.undo_history import lead_on, record

FOUR = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0]])


@pytest.fixture(scope="module")
def post() -> Points:
    points, _ = make_dataset("post")
    return points


def test_a_link_writes_edits_short_and_unescaped() -> None:
    edits = (Add((1.5, -2.0)), Erase(17), Move(9, 2, (4.5, 0.001)))
    assert encode_edits(edits) == "a1.5_-2x17m9_2_4.5_0.001"
    assert decode_edits("a1.5_-2x17m9_2_4.5_0.001") == edits


def test_points_keep_their_numbers() -> None:
    edits = (Erase(1), Add((5.0, 5.0)), Erase(0), Erase(4), Add((6.0, 6.0)))
    assert numbers_left(4, edits).tolist() == [2, 3, 5]
    np.testing.assert_array_equal(edited_points(FOUR, edits), [[9, 0], [10, 0], [6, 6]])


def test_the_last_point_and_unknown_ones_cannot_be_erased() -> None:
    edits = tuple(Erase(number) for number in (3, 2, 99, 1, 0))
    np.testing.assert_array_equal(edited_points(FOUR, edits), FOUR[:1])


def test_centers_that_are_missing_are_put_far_from_the_others() -> None:
    assert fitted_centers(((0.0, 0.0), (2.0, 2.0)), 1, FOUR) == ((0.0, 0.0),)
    assert fitted_centers(((0.0, 0.0),), 3, FOUR) == ((0.0, 0.0), (10.0, 0.0), (1.0, 0.0))
    assert len(fitted_centers((), 4, FOUR)) == 4


def test_moves_are_made_in_turn_and_those_that_do_not_fit_are_left_out() -> None:
    trace = run(FOUR, RunConfig(k=2, init="random"))
    moved = moved_by_hand(FOUR, trace, (Move(1, 0, (5.0, 0.0)), Move(1, 7, (0.0, 0.0)), Move(999, 1, (0.0, 0.0))))
    assert [step.phase for step in moved].count(Phase.MOVE) == 2
    assert moved[2].phase is Phase.MOVE
    np.testing.assert_array_equal(moved[2].centers[0], [5.0, 0.0])


def test_a_drag_before_the_first_half_step_is_a_start_placed_by_hand() -> None:
    settings = changed(DEFAULT, {"kind": "move", "step": 0, "cluster": 2, "place": [7.0, 8]})
    assert settings.init == "given"
    assert settings.centers[2] == (7.0, 8.0)
    np.testing.assert_allclose(settings.centers[0], run_input(DEFAULT).first_centers()[0], rtol=1e-5)
    assert settings.edits == ()


def test_a_drag_later_is_a_turn_of_the_run() -> None:
    settings = changed(DEFAULT, {"kind": "move", "step": 5, "cluster": 2, "place": [7.0, 8]})
    assert (settings.init, settings.edits) == ("random", (Move(5, 2, (7.0, 8.0)),))


def test_the_player_names_points_by_their_present_row() -> None:
    settings = changed(DEFAULT, {"kind": "erase", "indices": [0, 5]})
    settings = changed(settings, {"kind": "erase", "indices": [0]})
    assert settings.edits == (Erase(0), Erase(5), Erase(1))
    settings = changed(settings, {"kind": "shift", "index": 0, "place": [1, 2]})
    assert settings.edits[3:] == (Erase(2), Add((1.0, 2.0)))
    points = run_input(settings).points
    assert len(points) == 3072 - 3
    np.testing.assert_array_equal(points[-1], [1.0, 2.0])


def test_a_point_more_does_not_change_the_start() -> None:
    settings = changed(DEFAULT, {"kind": "add", "places": [[3.0, 30.0]]})
    trace = run_input(settings).trace()
    np.testing.assert_allclose(trace[0].centers, run_input(DEFAULT).first_centers(), rtol=1e-5)
    assert trace.config.init == "random"


def test_hand_made_settings_survive_in_a_link(post: Points) -> None:
    settings = DEFAULT
    for action in (
        {"kind": "move", "step": 0, "cluster": 1, "place": [20.0, 3.3]},
        {"kind": "add", "places": [[1.25, 40.0], [2, 41]]},
        {"kind": "move", "step": 9, "cluster": 0, "place": [12.345, 0.001]},
    ):
        settings = changed(settings, action)
    again, complaints = decode(encode(settings))
    assert (again, complaints) == (settings, [])
    assert len(run_input(again).points) == len(post) + 2


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"kind": "format"},
        {"kind": "move", "step": 1, "cluster": 0, "place": [float("nan"), 0]},
        {"kind": "move", "step": 1, "cluster": 0, "place": [1e300, 0]},
        {"kind": "move", "step": -1, "cluster": 0, "place": [0, 0]},
        {"kind": "move", "step": 0, "cluster": 99, "place": [0, 0]},
        {"kind": "move", "step": True, "cluster": 0, "place": [0, 0]},
        {"kind": "move", "step": 1, "cluster": "0", "place": "ab"},
        {"kind": "move", "step": 1, "cluster": 0, "place": [10**400, 0]},
        {"kind": "move", "step": 10**7, "cluster": 0, "place": [0, 0]},  # no link could say so
        {"kind": "add", "places": [[1]]},
        {"kind": "add", "places": [None]},
        {"kind": "add", "places": 7},
        {"kind": "add", "places": [[1, 2]] * (MAX_BY_HAND + 1)},
        {"kind": "erase", "indices": [99_999]},
        {"kind": "erase", "indices": 3},
        {"kind": "shift", "index": None, "place": [0, 0]},
    ],
)
def test_what_a_browser_should_never_send_is_refused_in_a_sentence(action: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        changed(DEFAULT, action)


@pytest.mark.parametrize("name", BAD_CENTERS)
@pytest.mark.parametrize("k", [1, 2, 6, 12])
def test_bad_starts_place_k_centers_on_points(post: Points, name: str, k: int) -> None:
    places = bad_centers(name, post, k)
    assert len(places) == k


@pytest.mark.parametrize("per_blob", [512, 20_000])
def test_bad_starts_are_bad(per_blob: int) -> None:
    post, _ = make_dataset("post", points_per_blob=per_blob)
    good = min(run(post, RunConfig(k=6, init="k-means++", seed=seed)).cost for seed in range(5))
    for name in ("All in one blob", "Two in one blob, none in another"):
        centers = bad_centers(name, post, 6)
        first = run(post, RunConfig(k=6, init="given", given=centers))[1]
        assert first.cost is not None
        assert first.cost > 1.4 * good, name
    spot = run(post, RunConfig(k=6, init="given", given=bad_centers("All on one spot", post, 6)))
    assert spot[1].labels is not None
    assert not spot[1].labels.any(), "ties go to the first cluster, so it gets everything"


def test_generated_points_are_untouched_by_edits() -> None:
    settings = changed(DEFAULT, {"kind": "add", "places": [[1, 1]]})
    np.testing.assert_array_equal(run_input(settings).data.points, run_input(DEFAULT).data.points)


ONE = Add((1.0, 1.0))


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ((), ""),
        ((Move(1, 1, (0.0, 0.0)),), ""),
        ((ONE, Erase(4)), ""),
        ((ONE,), "You drew 1 point: 5 points are clustered."),
        (
            (Add((1.0, 1.0)), Erase(0), Erase(0), Erase(99)),
            "You drew 1 point and erased 1 row: 4 points are clustered.",
        ),
    ],
)
def test_what_was_drawn_and_erased_is_counted(edits: tuple[Any, ...], sentence: str) -> None:
    assert changed_points(4, edits, "row") == sentence


# --- more than a link can hold


def drawn(count: int) -> Settings:
    return changed(DEFAULT, {"kind": "add", "places": [[i % 40, i / 100] for i in range(count)]})


def test_a_link_names_the_file_of_what_it_cannot_hold() -> None:
    brim, more = drawn(MAX_EDITS), drawn(MAX_EDITS + 1)
    assert decode(encode(brim)) == (brim, [])
    link = encode(more)
    assert link["edits"] == file_name(encode_edits(more.edits))
    opener, complaints = decode(link)
    assert (opener.edits, opener.file, complaints) == ((), link["edits"], [])
    assert encode(opener) == link, "and keeps naming it until the file is there"
    assert opened(opener, encode_edits(more.edits)) == more


def test_a_drawing_has_the_same_name_only_if_it_is_the_same() -> None:
    names = {encode(drawn(count))["edits"] for count in range(MAX_EDITS + 1, MAX_EDITS + 20)}
    assert len(names) == 19
    assert len(encode(drawn(MAX_BY_HAND))["edits"]) < 30


@pytest.mark.parametrize("text", [None, 7, "", "a1_1", ["a1_1"]])
def test_what_is_not_in_the_file_that_the_link_means_is_refused(text: object) -> None:
    opener, _ = decode(encode(drawn(MAX_EDITS + 1)))
    with pytest.raises(ValueError, match="open the one that came with it"):
        opened(opener, text)


@pytest.mark.parametrize("text", ["a1_1" * (MAX_BY_HAND + 1), "hello", "a1e5_2"])
def test_a_file_that_was_written_by_somebody_else_is_refused(text: str) -> None:
    opener, _ = decode({"edits": file_name(text)})
    with pytest.raises(ValueError, match=r"A file holds at most 5,000|must be written like"):
        opened(opener, text)


def test_a_new_drawing_takes_the_place_of_one_that_never_came() -> None:
    opener, _ = decode(encode(drawn(MAX_EDITS + 1)))
    begun = changed(opener, {"kind": "add", "places": [[1, 2]]})
    assert (begun.edits, begun.file) == ((Add((1.0, 2.0)),), "")


def test_no_more_is_drawn_than_can_be_done_again_at_every_change() -> None:
    full = drawn(MAX_BY_HAND)
    with pytest.raises(ValueError, match="No more than 5000 changes by hand can be kept, and these would be 5001"):
        changed(full, {"kind": "erase", "indices": [0]})
    settings = DEFAULT
    for step in range(1, MAX_EDITS + 1):
        settings = changed(settings, {"kind": "move", "step": step, "cluster": 0, "place": [1, 2]})
    with pytest.raises(ValueError, match="No more than 200 moves of centers"):
        changed(settings, {"kind": "move", "step": 1, "cluster": 0, "place": [1, 2]})


def test_edits_that_name_nothing_here_are_counted() -> None:
    edits = (Add((1.0, 1.0)), Erase(4), Erase(5), Move(1, 1, (0.0, 0.0)), Move(1, 2, (0.0, 0.0)))
    assert without_effect(4, 2, edits) == 2
    assert without_effect(4, 2, ()) == 0


@pytest.mark.parametrize("rule", RULES)
def test_two_in_one_blob_ends_worse_under_every_rule(post: Points, rule: str) -> None:
    def end(**config: Any) -> float:
        return run(post, RunConfig(k=6, rule=rule, **config)).cost

    good = min(end(init="k-means++", seed=seed) for seed in range(8))
    given = bad_centers("Two in one blob, none in another", post, 6, rule)
    assert end(init="given", given=given) > 1.1 * good


# --- Undo

SMALL = DEFAULT.with_data("moons")
ADDED = replace(SMALL, edits=(Add((1.0, 2.0)),))
MOVED = replace(ADDED, edits=(*ADDED.edits, Move(3, 1, (0.0, 0.0))))
PLACED = replace(SMALL, init="given", centers=((0.0, 0.0), (1.0, 1.0)))


OTHER_SEED = replace(SMALL, data_seed=4)
OTHER = SMALL.with_data("rings")


@pytest.mark.parametrize(
    ("change", "now", "after"),
    [
        # Nothing was changed since: back to where it was.
        (Change(SMALL, ADDED), ADDED, SMALL),
        (Change(ADDED, MOVED), MOVED, ADDED),
        (Change(SMALL, PLACED), PLACED, SMALL),
        (Change(PLACED, SMALL), SMALL, PLACED),
        (Change(DEFAULT, replace(DEFAULT, max_iter=600)), replace(DEFAULT, max_iter=600), DEFAULT),
        (Change(MOVED, OTHER), OTHER, MOVED),
        (Change(PLACED, OTHER_SEED), OTHER_SEED, PLACED),
        # What else was chosen since stays; a dragged center belongs to the run that it was dragged in.
        (Change(SMALL, ADDED), replace(ADDED, k=5), replace(SMALL, k=5)),
        (Change(MOVED, ADDED), replace(ADDED, k=5), None),
        (Change(SMALL, ADDED), replace(ADDED, init="farthest"), replace(SMALL, init="farthest")),
        (Change(SMALL, PLACED), replace(PLACED, k=5), replace(SMALL, k=5)),
        (Change(ADDED, OTHER), replace(OTHER, rule="median"), replace(ADDED, rule="median")),
        (Change(MOVED, OTHER), replace(OTHER, rule="median"), replace(ADDED, rule="median")),
        # A link or Back led elsewhere.
        (Change(DEFAULT, replace(DEFAULT, edits=ADDED.edits)), ADDED, None),
        (Change(SMALL, ADDED), replace(ADDED, data_seed=1), None),
        (Change(ADDED, replace(ADDED, edits=(*ADDED.edits, Add((3.0, 3.0))))), ADDED, None),
        (Change(SMALL, SMALL), SMALL, None),
    ],
)
def test_undo_takes_back_one_change_and_leaves_what_else_was_chosen(
    change: Change, now: Settings, after: Settings | None
) -> None:
    assert revert(change, now) == after


@pytest.mark.parametrize(
    "after",
    [
        PLACED.with_data("rings"),
        PLACED.with_data("iris"),
        replace(PLACED, data_seed=1).keep_valid_edits(PLACED),
        replace(PLACED, sizes=(("points", 900), ("noise", 0.08))).keep_valid_edits(PLACED),
    ],
)
def test_other_points_begin_with_nothing_done_by_hand(after: Settings) -> None:
    assert (after.init, after.centers, after.edits, after.file) == ("random", (), (), "")


def test_other_columns_and_other_tables_begin_with_nothing_done_by_hand() -> None:
    iris = replace(decode({"data": "iris"})[0], init="given", centers=((1.0, 1.0),), edits=(Add((1.0, 2.0)),))
    assert iris.table is not None
    choice = iris.table.choice
    kept = [replace(choice, label="")]
    new = [
        replace(choice, columns=choice.columns[::-1]),
        replace(choice, standardize=True),
        replace(choice, missing="fill"),
    ]
    for other in (*kept, *new):
        after = iris.with_columns(replace(iris.table, choice=other))
        assert bool(after.edits) is bool(after.centers) is (other in kept)
    assert not iris.with_columns(replace(iris.table, digest="0" * 16)).edits


def test_another_run_on_the_same_points_keeps_what_was_drawn_and_no_move() -> None:
    for change in ({"k": 3}, {"rule": "medoid"}, {"seed": 1}, {"empty": "drop"}, {"init": "farthest"}):
        assert replace(MOVED, **change).keep_valid_edits(MOVED) == replace(ADDED, **change)
    for change in ({"max_iter": 7}, {"backend": "tensorflow"}):
        assert replace(MOVED, **change).keep_valid_edits(MOVED) == replace(MOVED, **change)


def test_continue_raises_the_limit_until_there_is_no_higher_one() -> None:
    post = replace(DEFAULT, max_iter=15)
    limits = []
    while more_iterations(post):
        post = changed(post, {"kind": "continue"})
        limits.append(post.max_iter)
    assert limits == [300, 600, 900, 1000]
    with pytest.raises(ValueError, match="1000 iterations are the most"):
        changed(post, {"kind": "continue"})
    many = replace(DEFAULT.with_data("uniform"), sizes=(("points", 1_000_000), ("width", 1.0)))
    assert more_iterations(many) == 0, "100 iterations are the most on a million points"
    assert more_iterations(replace(many, max_iter=15)) == 100


def undone(
    monkeypatch: pytest.MonkeyPatch, now: Settings, *history: Change, locked: str = "", kind: str = "undo"
) -> dict[str, Any]:
    """Return the session after Undo, or what else the player asks for."""
    session: dict[str, Any] = {
        "settings": now,
        "undo": list(history),
        "redo": [],
        "lesson": Lesson(locked=frozenset(CONTROLS if locked == "everything" else [locked] if locked else [])),
        player_edits.PLAYER: {"edit": {"kind": kind}},
    }
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", {"step": "5"})
    player_edits.hear_player()
    return session


@pytest.mark.parametrize("locked", ["data", "everything"])
@pytest.mark.parametrize("history", [[], [Change(SMALL, ADDED)]])
def test_undo_takes_back_nothing_that_is_locked(
    locked: str, history: list[Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = undone(monkeypatch, ADDED, *history, locked=locked)
    assert session["settings"] == ADDED
    assert session["edit_error"] == "The points are locked by this link."
    session["undo"] = list(history)
    told = player_edits.hands_of_session(ADDED)
    assert told["undo"] is False, "nor is it offered"
    assert "data" in told["locked"]
    session["lesson"] = Lesson()
    told = player_edits.hands_of_session(ADDED)
    assert (told["undo"], told["locked"]) == (True, [])
    assert session["undo"] == history, "only looked at"
    assert undone(monkeypatch, ADDED, *history)["settings"] == SMALL


def refused(monkeypatch: pytest.MonkeyPatch, now: Settings, action: dict[str, Any], lesson: Lesson) -> str:
    """Return the sentence with which what a browser asks for is refused; nothing of it may be done."""
    session: dict[str, Any] = {"settings": now, "lesson": lesson, player_edits.PLAYER: {"edit": action}}
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", {})
    player_edits.hear_player()
    assert (session["settings"] == now) == bool(session["edit_error"])
    # The picture shows the change already, and hears that it must take it back.
    assert player_edits.hands_of_session(session["settings"])["refusals"] == int(bool(session["edit_error"]))
    return str(session["edit_error"])


DRAG = {"kind": "move", "step": 3, "cluster": 1, "place": [0.0, 0.0]}
AT_THE_START = DRAG | {"step": 0}
DRAW = {"kind": "add", "places": [[0.0, 0.0]]}
NO_CENTERS = "The centers are locked by this link."
NO_START = "The start is locked by this link; a center can be dragged at any later half-step."
NO_POINTS = "The points are locked by this link."


@pytest.mark.parametrize(
    ("lock", "action", "sentence"),
    [
        ("centers", DRAG, NO_CENTERS),
        ("centers", AT_THE_START, NO_CENTERS),
        ("centers", DRAW, ""),
        ("init", DRAG, ""),
        ("init", AT_THE_START, NO_START),
        ("data", DRAG, ""),
        ("data", DRAW, NO_POINTS),
        ("data", {"kind": "erase", "indices": [0]}, NO_POINTS),
        ("data", {"kind": "shift", "index": 0, "place": [0.0, 0.0]}, NO_POINTS),
        ("everything", DRAG, NO_CENTERS),
        ("everything", AT_THE_START, NO_CENTERS),
        ("everything", DRAW, NO_POINTS),
        ("k,rule", DRAG, ""),
    ],
)
@pytest.mark.parametrize("way", ["lock", "without"])
def test_a_forged_message_changes_nothing_that_a_link_locks_or_hides(
    way: str, lock: str, action: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson, complaints = decode_lesson({way: lock})
    assert not complaints
    assert refused(monkeypatch, SMALL, action, lesson) == sentence


def test_a_drag_that_is_locked_is_neither_undone_nor_offered_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    session = undone(monkeypatch, MOVED, Change(ADDED, MOVED), locked="centers")
    assert session["settings"] == MOVED
    assert session["edit_error"] == NO_CENTERS
    assert player_edits.hands_of_session(MOVED)["undo"] is False


def test_what_the_player_is_told_has_the_same_names_where_nothing_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"settings": SMALL, "lesson": Lesson()})
    assert player_edits.hands_of_session(SMALL) == {**player_edits.IDLE, "room": MAX_BY_HAND, "continues": True}
    assert player_edits.session_aside([], still=True, view={}).keys() == {*player_edits.IDLE, "compact"}


def test_undo_passes_over_what_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    both = replace(ADDED, edits=(*ADDED.edits, Add((3.0, 3.0))))
    first, second = Change(SMALL, ADDED), Change(ADDED, both)
    assert undone(monkeypatch, ADDED, first, second)["settings"] == SMALL, "Back took the second away already"
    assert undone(monkeypatch, OTHER, first)["settings"] == OTHER
    by_link = replace(OTHER, edits=both.edits)
    assert undone(monkeypatch, by_link, first)["settings"] == replace(by_link, edits=ADDED.edits)


def test_undo_and_redo_bring_back_the_data_and_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    session = undone(monkeypatch, OTHER, Change(MOVED, OTHER, step=3))
    assert (session["settings"], session["go_to"]) == (MOVED, 3)
    assert player_edits.hands_of_session(MOVED)["redo"] is True
    session[player_edits.PLAYER] = {"edit": {"kind": "redo"}}
    player_edits.hear_player()
    assert (session["settings"], session["go_to"]) == (OTHER, 5)
    assert player_edits.hands_of_session(OTHER)["undo"] is True


def test_continue_is_one_step_of_the_history_and_respects_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off = replace(DEFAULT, max_iter=2)
    session = undone(monkeypatch, cut_off, kind="continue")
    assert session["settings"] == DEFAULT
    session[player_edits.PLAYER] = {"edit": {"kind": "undo"}}
    player_edits.hear_player()
    assert session["settings"] == cut_off
    assert undone(monkeypatch, cut_off, kind="continue", locked="max_iter")["settings"] == cut_off
    assert player_edits.hands_of_session(cut_off)["continues"] is False
    assert undone(monkeypatch, cut_off, kind="undo")["settings"] == cut_off
    assert player_edits.hands_of_session(cut_off)["continues"] is True


def test_drawing_in_mid_run_says_that_the_run_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    session = undone(monkeypatch, SMALL, kind="nothing")
    session[player_edits.PLAYER] = {"edit": {"kind": "add", "places": [[1.0, 2.0]]}}
    player_edits.hear_player()
    assert "computed again with your points" in str(player_edits.hands_of_session(ADDED)["note"])
    assert player_edits.hands_of_session(ADDED)["note"] == "", "once"


def test_the_choice_of_an_upload_and_the_upload_are_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", session)
    asked = SMALL.with_data("table")
    monkeypatch.setattr(st, "query_params", {})
    record(MOVED, asked)
    uploaded = replace(asked, k=3, table=TableUse(Choice(("a", "b")), "0" * 16))
    lead_on(asked, uploaded)
    assert session["undo"] == [Change(MOVED, uploaded)]
    assert revert(session["undo"][0], uploaded) == MOVED
    lead_on(asked, SMALL)
    assert session["undo"] == [Change(MOVED, uploaded)], "nothing led to what was asked for"
