"""Runs side by side: their link, the names of their clusters, where they part, and that the sentence is true."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from kmeans_core import RULES, Phase, RunConfig, Trace, run
from kmeans_core.metrics import match_clusters
from kmeans_core.types import Points
from tests.support import said_to
from tests.ui.shell.test_pages import checked, opened
from ui.analyses import compare
from ui.analyses.compare import Way
from ui.player.protocol import pack_run, pack_runs
from ui.settings.edits import Move, as_places
from ui.settings.links import decode, encode
from ui.settings.record import DEFAULT, Settings
from ui.settings.runs import run_input
from ui.text.numbers import amount, whole
from ui.text.step_sentences import step_sentence

SEED: Way = (("seed", 16),)


def traces_of(*ways: Way, settings: Settings = DEFAULT) -> list[Trace]:
    return [run_input(one).trace() for one in compare.all_settings(settings, ways)]


def runs_of(*ways: Way, settings: Settings = DEFAULT) -> list[compare.Ran]:
    return compare.ran(traces_of(*ways, settings=settings))


def told(*ways: Way, settings: Settings = DEFAULT) -> str:
    return compare.finding(settings, ways, runs_of(*ways, settings=settings), len(run_input(settings).points))


# --- the link


@pytest.mark.parametrize(
    "ways",
    [
        (SEED,),
        ((),),
        ((("init", "farthest"), ("rule", "medoid")), (("k", 5),), (("empty", "drop"), ("backend", "tensorflow"))),
    ],
)
def test_a_link_carries_the_ways(ways: tuple[Way, ...]) -> None:
    assert compare.decode_ways(compare.encode_ways(ways)) == (ways, [])


def test_a_link_may_say_it_in_any_order_and_with_spaces() -> None:
    ways, complaints = compare.decode_ways(" rule : medoid ; seed:3;|start:farthest")
    assert ways == ((("seed", 3), ("rule", "medoid")), (("init", "farthest"),))
    assert not complaints


@pytest.mark.parametrize(
    ("text", "kept", "said"),
    [
        ("rule:mode", "same", "Rule must be one of mean, medoid, median, not “mode”"),
        ("k:13;seed:2", "seed:2", "from 1 to 12, not “13”"),
        ("seed:x|k:5", "same|k:5", "not “x”"),
        ("colour:red", "same", "not “colour”"),
        ("data_seed:3", "same", "not “data_seed”"),
        ("start:given", "same", "can’t start by hand"),
        ("k:2|k:3|k:4|k:5", "k:2|k:3|k:4", "holds 4 runs"),
        ("🙂", "same", "not “🙂”"),
    ],
)
def test_what_a_link_says_wrongly_is_a_sentence_and_the_rest_is_kept(text: str, kept: str, said: str) -> None:
    tidy, complaints = compare.tidy_ways(text)
    assert tidy == kept
    assert len(complaints) == 1
    assert said in complaints[0]


def test_a_way_changes_what_it_says_and_leaves_the_moved_centers_to_the_first_run() -> None:
    settings = replace(DEFAULT, edits=(Move(3, 1, (0.0, 0.0)),))
    first, other = compare.all_settings(settings, [(("k", 4), ("rule", "median"))])
    assert first == settings
    assert other == replace(DEFAULT, k=4, rule="median")


# --- what can be chosen


def test_what_is_offered_is_another_value_and_every_idea_can_be_read() -> None:
    for rule in RULES:
        settings = replace(DEFAULT, rule=rule, k=12, seed=16)
        for choice in compare.choices(settings, compare.FIELDS):
            assert choice["first"] != getattr(settings, choice["field"])
            _, complaints = compare.decode_ways(f"{choice['field']}:{choice['first']}")
            assert not complaints
        for idea in compare.ideas(settings, compare.FIELDS):
            assert compare.tidy_ways(idea["ways"]) == (idea["ways"], [])
            ways, _ = compare.decode_ways(idea["ways"])
            assert all(compare.in_this_way(settings, way) != settings for way in ways)


def test_what_is_locked_is_told_but_not_offered() -> None:
    widgets = compare.as_widgets(DEFAULT, [(("k", 5), ("rule", "medoid"))], {"k"})
    assert [choice["field"] for choice in widgets["choices"]] == ["k"]
    assert [idea["title"] for idea in widgets["ideas"]] == ["One K less, one more"]
    assert widgets["ways"] == [[["k", 5, "K 5"], ["rule", "medoid", "rule Medoids"]]]


# --- names and partings


def test_clusters_are_matched_as_well_as_any_names_can() -> None:
    first, other = traces_of(SEED)
    names = compare.cluster_names(first, other)
    table = np.zeros((6, 6), dtype=int)
    np.add.at(table, (other.labels, first.labels), 1)
    every = [table[np.arange(6), list(order)].sum() for order in permutations(range(6))]
    assert table[np.arange(6), names].sum() == max(every)


@pytest.mark.parametrize("k", [4, 9])
def test_another_k_has_names_of_its_own_for_what_has_no_counterpart(k: int) -> None:
    first, other = traces_of((("k", k),))
    names = compare.cluster_names(first, other)
    assert len(set(names.tolist())) == k
    assert names.max() < max(k, 6)


def test_the_same_start_keeps_the_names_whatever_comes_of_it() -> None:
    # From this start the rules end so differently that a match of the ends alone would rename clusters on the way.
    settings = replace(DEFAULT, seed=3)
    first, other = traces_of((("rule", "medoid"),), settings=settings)
    assert match_clusters(other.labels, first.labels, k=6).tolist() != list(range(6))
    assert compare.cluster_names(first, other).tolist() == list(range(6))


def test_runs_that_begin_alike_part_where_the_first_center_goes_elsewhere() -> None:
    first, other = traces_of((("rule", "medoid"),))
    assert compare.ran([first, other])[1].parts == 2
    np.testing.assert_array_equal(first[1].labels, other[1].labels)
    assert not np.array_equal(first[2].centers, other[2].centers)


def test_the_same_run_under_other_names_parts_nowhere() -> None:
    points = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0], [20, 5], [21, 5]])
    starts = points[[0, 2, 4]]
    first = run(points, RunConfig(k=3, init="given", given=as_places(starts)))
    for order in permutations(range(3)):
        other = run(points, RunConfig(k=3, init="given", given=as_places(starts[list(order)])))
        assert compare.ran([first, other])[1].parts is None
        assert compare.ran([first, other])[1].elsewhere == 0


def test_a_run_that_has_ended_stays_where_it_is() -> None:
    first = traces_of()[0]
    short = replace(first, steps=first.steps[:4])
    names = np.arange(6)
    assert compare.parting(first, short, names) == 4
    assert compare.parting(short, first, names) == 4
    assert compare.parting(first, first, names) is None


# --- the sentence


def test_the_page_opens_on_a_run_that_is_stuck_and_says_so() -> None:
    ways = compare.default_ways(DEFAULT)
    first, other = runs_of(*ways)
    assert other.cost > 1.1 * first.cost
    assert first.converged
    assert other.converged
    sentence_ = told(*ways)
    for number in (whole(other.elsewhere), amount(first.cost), amount(other.cost), "3\u202f072"):
        assert number in sentence_
    assert sentence_.startswith("Only the seed of the start (0 against 16) differs: the two runs part at the start")
    assert "15 % more than run 1’s" in sentence_


def test_costs_of_different_rules_are_not_compared() -> None:
    sentence_ = told((("rule", "medoid"),))
    assert "part at half-step 2, a refine" in sentence_
    assert "compare the labels, not the costs" in sentence_
    assert "more than" not in sentence_


def test_the_same_run_twice_and_several_runs_have_their_sentences() -> None:
    assert told(()).startswith("Both runs go the same way: at each of 13 half-steps")
    assert "Run 3 goes the same way as run 1." in told((("rule", "medoid"),), (), (("rule", "median"),))
    assert told(SEED, (("k", 5),)).startswith("Three runs on the same points, and all part from run 1 at the start")


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_points_that_leave_nothing_to_pay_have_a_sentence_too(spread: float) -> None:
    link = {"data": "blobs", "blobs": "2", "points": "30", "spread": str(spread), "k": "3"}
    settings, _ = decode(link)
    for way in ((("k", 1),), (("rule", "median"),), (("init", "farthest"),)):
        assert "nan" not in told(way, settings=settings)


def test_the_numbers_are_those_of_the_runs() -> None:
    ways = (SEED, (("rule", "medoid"),))
    traces = traces_of(*ways)
    runs = compare.ran(traces)
    numbers = compare.numbers(DEFAULT, ways, runs)
    assert numbers["final cost"] == [trace.cost for trace in traces]
    assert numbers["what differs"] == ["the sidebar’s run", "seed of the start 16", "rule Medoids"]
    everything = compare.all_numbers(runs)
    assert {len(column) for column in everything.values()} == {sum(map(len, traces))}
    shares = [share for share in everything["share of its first cost"] if share is not None]
    assert shares[0] == 1


def test_what_a_browser_asks_for_is_some_run_and_some_half_step_of_it() -> None:
    settings = compare.all_settings(DEFAULT, [SEED])
    runs = runs_of(SEED)
    assert compare.wanted_run(settings, runs, {"run": 1, "step": 4}) == (settings[1], 4)
    assert compare.wanted_run(settings, runs, {"run": 9, "step": 99}) == (settings[1], runs[1].last)
    junk: tuple[object, ...] = ("x", {"run": "1", "step": None}, {"run": -3}, [])
    for asked in junk:
        assert compare.wanted_run(settings, runs, asked) == (settings[0], 0)


@pytest.mark.parametrize("seed", [0, 1, 4, 16])
def test_runs_end_with_the_same_result_exactly_when_scikit_learn_says_so(seed: int) -> None:
    settings = replace(DEFAULT, rule="mean", max_iter=100)
    for other in range(5, 12):
        way: Way = (("seed", other),)
        first, second = traces_of((("seed", other),), settings=replace(settings, seed=seed))
        runs = compare.ran([first, second])
        same = adjusted_rand_score(first.labels, second.labels) == 1
        sentence_ = compare.finding(replace(settings, seed=seed), [way], runs, 3072)
        assert (runs[1].elsewhere == 0) == same
        if runs[1].parts is not None:
            assert ("they end with the same result" in sentence_) == same
            assert ("at the same cost" in sentence_) == (first.cost == pytest.approx(second.cost, rel=1e-9))


def test_costs_that_differ_by_a_millionth_are_not_called_the_same() -> None:
    # Two ends of the post's data that differ in one point.
    first, second = traces_of(SEED)
    runs = compare.ran([first, second])
    close = [
        replace(runs[0], costs=(None, 3.0, 22842.3935)),
        replace(runs[1], costs=(None, 3.0, 22842.4002), elsewhere=1),
    ]
    sentence_ = compare.finding(DEFAULT, [SEED], close, 3072)
    assert "1 of 3\u202f072 points" not in sentence_ or "same cost" not in sentence_
    assert "22\u202f842.40, less than 0.01 % more than run 1’s 22\u202f842.39" in sentence_


def test_a_result_that_only_changes_names_on_the_way_is_the_same_result() -> None:
    # From one start two clusters may swap places on the way; the names on the screen stay, the result is the same.
    points = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0]])
    first = run(points, RunConfig(k=2, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    other = run(points, RunConfig(k=2, init="given", given=((10.0, 0.0), (0.0, 0.0))))
    swapped = replace(other, steps=(first.steps[0], *other.steps[1:]))
    assert compare.ran([first, swapped])[1].elsewhere == 0


def test_runs_that_were_cut_off_are_said_to_be() -> None:
    assert "Run 1 reached the iteration limit before converging, so its result could still change." in told(
        (("k", 1),), settings=replace(DEFAULT, max_iter=2)
    )
    assert "Runs 1 and 2 reached the iteration limit" in told((), settings=replace(DEFAULT, max_iter=2))
    assert "iteration limit" not in told(SEED, settings=replace(DEFAULT, max_iter=100))


# --- what travels


def unpacked(packed: bytes) -> tuple[dict[str, Any], int]:
    (length,) = struct.unpack_from("<I", packed)
    return json.loads(packed[4 : 4 + length]), 4 + length


def array(packed: bytes, start: int, place: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.frombuffer(packed, f"<{place['type']}", place["length"], start + place["offset"])


def packed_with(points: Points, traces: list[Trace]) -> bytes:
    names = [one.names for one in compare.ran(traces)]
    return pack_runs(points, traces, names, equal_units=True, title="Blobs")


def test_four_runs_of_the_post_carry_their_points_once_in_at_most_120_kb() -> None:
    points = run_input(DEFAULT).points
    traces = traces_of((("rule", "medoid"),), (("init", "k-means++"),), (("k", 8), ("seed", 3)))
    packed = packed_with(points, traces)
    assert len(packed) < 120_000
    assert len(packed) < sum(len(pack_run(points, one, equal_units=True, title="Blobs")) for one in traces) / 2
    header, start = unpacked(packed)
    np.testing.assert_array_equal(array(packed, start, header["points"]).reshape(-1, 2), points.astype(np.float32))
    for sent, trace in zip(header["runs"], traces, strict=True):
        assert [step["cost"] for step in sent["steps"]] == [step.cost for step in trace]
        assert [step["phase"] for step in sent["steps"]] == [step.phase.value for step in trace]


def test_matched_clusters_wear_the_same_colour_and_shape() -> None:
    traces = traces_of(SEED)
    header, _ = unpacked(packed_with(run_input(DEFAULT).points, traces))
    one, other = header["runs"]
    names = compare.cluster_names(*traces)
    for j, name in enumerate(names):
        assert other["symbols"][j] == one["symbols"][name]
        assert other["colors"]["dark"][j] == one["colors"]["dark"][name]


def test_an_empty_cluster_is_told_by_the_name_that_it_has_on_the_screen() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    trace = run(points, RunConfig(k=2, init="given", given=((1.0, 0.0), (99.0, 0.0))))
    at = next(index for index, step in enumerate(trace) if step.phase is Phase.REFINE)
    assert "Cluster 2 had no points" in step_sentence(trace, at)
    assert "Cluster 5 had no points" in step_sentence(trace, at, [0, 4])


# --- the page, without a browser


def test_the_page_keeps_the_ways_of_its_link_and_complains_of_junk() -> None:
    app = opened("pages/compare.py", variants="rule:medoid|seed:x")
    assert app.query_params["variants"] == "rule:medoid|same"
    assert "“x”" in app.warning[0].value


def test_the_page_hears_the_browser_no_better_than_a_link() -> None:
    app = opened("pages/compare.py")
    assert "variants" not in app.query_params
    app.session_state["variants"] = "k:4"
    assert checked(app.run()).query_params["variants"] == "k:4"


def test_a_locked_lesson_offers_nothing_to_change() -> None:
    app = opened("pages/compare.py", lock="everything", variants="k:4")
    data = said_to(app, "kmeans_compare").bytes
    session, _ = unpacked(data)
    assert session["choices"] == session["ideas"] == []
    assert session["ways"] == [[["k", 4, "K 4"]]]
    assert set(encode(DEFAULT)) <= set(session["links"][1].replace("&", "=").split("="))
