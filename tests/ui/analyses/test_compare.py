"""Runs side by side: their link, the names of their clusters, the first difference, and that the sentence is true."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from kmeans_core import RULES, Phase, RunConfig, Trace, run
from kmeans_core.arrays import Points
from kmeans_core.metrics import match_clusters
from tests.messages import read_packed, read_session
from tests.support import component_proto
from tests.ui.shell.test_pages import check, open_page
from tools.paths import ROOT
from ui.analyses.compare import sentences
from ui.analyses.compare.runs import (
    RunSummary,
    cluster_names,
    first_difference,
    requested_run,
    step_numbers,
    summaries,
)
from ui.analyses.compare.variants import (
    FIELDS,
    Variant,
    all_settings,
    decode_variants,
    default_variants,
    encode_variants,
    tidy_variants,
    variant_settings,
)
from ui.analyses.compare.widgets import choices, suggestions, widgets
from ui.player.protocol import pack_run, pack_runs
from ui.settings.definitions import BY_NAME
from ui.settings.edits import Move, round_places
from ui.settings.links import decode, encode
from ui.settings.parsers import not_an_option
from ui.settings.record import POST, Settings
from ui.settings.run_input import run_input
from ui.text.messages import message
from ui.text.step_sentences import step_sentence

SEED: Variant = (("seed", 16),)


def traces_of(*variants: Variant, settings: Settings = POST) -> list[Trace]:
    return [run_input(run_settings).trace() for run_settings in all_settings(settings, variants)]


def runs_of(*variants: Variant, settings: Settings = POST) -> list[RunSummary]:
    return summaries(traces_of(*variants, settings=settings))


def finding_of(*variants: Variant, settings: Settings = POST) -> str:
    n = len(run_input(settings).points)
    return " ".join(sentences.finding(settings, variants, runs_of(*variants, settings=settings), n))


def value(field: str, text: str) -> str:
    """Return what the page says of a run that differs in this field."""
    return message("compare.value", field=field, value=text)


# --- the link


@pytest.mark.parametrize(
    "variants",
    [
        (SEED,),
        ((),),
        ((("init", "farthest"), ("rule", "medoid")), (("k", 5),), (("empty", "drop"), ("backend", "tensorflow"))),
    ],
)
def test_a_link_carries_the_variants(variants: tuple[Variant, ...]) -> None:
    assert decode_variants(encode_variants(variants)) == (variants, [])


def test_a_link_may_say_it_in_any_order_and_with_spaces() -> None:
    variants, problems = decode_variants(" rule : medoid ; seed:3;|start:farthest")
    assert variants == ((("seed", 3), ("rule", "medoid")), (("init", "farthest"),))
    assert not problems


@pytest.mark.parametrize(
    ("text", "usable", "problem"),
    [
        ("rule:mode", "same", not_an_option(BY_NAME["rule"].title, ["mean", "medoid", "median"], "mode")),
        ("k:13;seed:2", "seed:2", "“13”"),
        ("seed:x|k:5", "same|k:5", "“x”"),
        ("colour:red", "same", "“colour”"),
        ("data_seed:3", "same", "“data_seed”"),
        ("start:given", "same", message("compare.placed_centers")),
        ("k:2|k:3|k:4|k:5", "k:2|k:3|k:4", message("compare.too_many_runs", count=4, max=3)),
        ("🙂", "same", "“🙂”"),
    ],
)
def test_what_a_link_says_wrongly_is_a_sentence_and_the_rest_is_kept(text: str, usable: str, problem: str) -> None:
    tidy, problems = tidy_variants(text)
    assert tidy == usable
    assert len(problems) == 1
    assert problem in problems[0]


def test_a_variant_changes_its_settings_and_leaves_the_moved_centers_to_the_first_run() -> None:
    settings = replace(POST, edits=(Move(3, 1, (0.0, 0.0)),))
    first, second = all_settings(settings, [(("k", 4), ("rule", "median"))])
    assert first == settings
    assert second == replace(POST, k=4, rule="median")


# --- what can be chosen


def test_what_is_offered_is_another_value_and_every_idea_can_be_read() -> None:
    for rule in RULES:
        settings = replace(POST, rule=rule, k=12, seed=16)
        for choice in choices(settings, FIELDS):
            assert choice["first"] != getattr(settings, choice["field"])
            _, problems = decode_variants(f"{choice['field']}:{choice['first']}")
            assert not problems
        for idea in suggestions(settings, FIELDS):
            assert tidy_variants(idea["variants"]) == (idea["variants"], [])
            variants, _ = decode_variants(idea["variants"])
            assert all(variant_settings(settings, variant) != settings for variant in variants)


def test_what_is_locked_is_told_but_not_offered() -> None:
    facts = widgets(POST, [(("k", 5), ("rule", "medoid"))], {"k"})
    assert [choice["field"] for choice in facts["choices"]] == ["k"]
    assert [idea["title"] for idea in facts["suggestions"]] == [message("compare.suggestion", field="k")]
    assert facts["variants"] == [[["k", 5, value("k", "5")], ["rule", "medoid", value("rule", RULES["medoid"].title)]]]


# --- names and first differences


def test_clusters_are_matched_as_well_as_any_names_can() -> None:
    first, second = traces_of(SEED)
    names = cluster_names(first, second)
    table = np.zeros((6, 6), dtype=int)
    np.add.at(table, (second.labels, first.labels), 1)
    matches = [table[np.arange(6), list(order)].sum() for order in permutations(range(6))]
    assert table[np.arange(6), names].sum() == max(matches)


@pytest.mark.parametrize("k", [4, 9])
def test_another_k_has_names_of_its_own_for_what_has_no_counterpart(k: int) -> None:
    first, second = traces_of((("k", k),))
    names = cluster_names(first, second)
    assert len(set(names.tolist())) == k
    assert names.max() < max(k, 6)


def test_the_same_start_keeps_the_names_whatever_comes_of_it() -> None:
    # From this start the rules end so differently that a match of the ends alone would rename clusters on the way.
    settings = replace(POST, seed=3)
    first, second = traces_of((("rule", "medoid"),), settings=settings)
    assert match_clusters(second.labels, first.labels, k=6).tolist() != list(range(6))
    assert cluster_names(first, second).tolist() == list(range(6))


def test_runs_that_begin_alike_differ_where_the_first_center_goes_elsewhere() -> None:
    first, second = traces_of((("rule", "medoid"),))
    assert summaries([first, second])[1].first_difference == 2
    np.testing.assert_array_equal(first[1].labels, second[1].labels)
    assert not np.array_equal(first[2].centers, second[2].centers)


def test_the_same_run_under_other_names_is_identical() -> None:
    points = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0], [20, 5], [21, 5]])
    starts = points[[0, 2, 4]]
    first = run(points, RunConfig(k=3, init="given", given=round_places(starts)))
    for order in permutations(range(3)):
        second = run(points, RunConfig(k=3, init="given", given=round_places(starts[list(order)])))
        assert summaries([first, second])[1].first_difference is None
        assert summaries([first, second])[1].points_apart == 0


def test_a_run_that_has_ended_stays_where_it_is() -> None:
    first = traces_of()[0]
    short = replace(first, steps=first.steps[:4])
    names = np.arange(6)
    assert first_difference(first, short, names) == 4
    assert first_difference(short, first, names) == 4
    assert first_difference(first, first, names) is None


# --- the sentence


def test_the_page_opens_on_a_run_that_is_stuck_and_says_so() -> None:
    variants = default_variants(POST)
    first, second = runs_of(*variants)
    assert second.cost > 1.1 * first.cost
    assert first.converged
    assert second.converged
    finding = finding_of(*variants)
    assert message("compare.points_apart", points=second.points_apart, n=3072, converged=True) in finding
    assert finding.startswith(
        f"{message('compare.differ', changes=message('compare.change', field='seed', first='0', second='16'))} "
        f"{message('compare.first_difference', index=0, phase='init')} "
    )
    values = {"high_run": 2, "low_run": 1}
    assert finding.endswith(
        message("compare.cost_percent", small=False, percent=100 * (second.cost / first.cost - 1), **values)
    )


def test_costs_of_different_rules_are_not_compared() -> None:
    finding = finding_of((("rule", "medoid"),))
    assert message("compare.first_difference", index=2, phase="refine") in finding
    assert finding.endswith(message("compare.costs_not_comparable"))


def test_the_same_run_twice_and_several_runs_have_their_sentences() -> None:
    (only,) = traces_of()
    identical = message("compare.identical", runs=2, steps=len(only) - 1, cost=only.cost)
    assert finding_of(()).startswith(identical)
    assert message("compare.others_identical", count=1, identical="3") in finding_of(
        (("rule", "medoid"),), (), (("rule", "median"),)
    )
    assert finding_of(SEED, (("k", 5),)).startswith(message("compare.all_differ", runs=3, index=0, phase="init"))


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_points_that_leave_nothing_to_pay_have_a_sentence_too(spread: float) -> None:
    link = {"data": "blobs", "blobs": "2", "points": "30", "spread": str(spread), "k": "3"}
    settings, _ = decode(link)
    for variant in ((("k", 1),), (("rule", "median"),), (("init", "farthest"),)):
        assert "nan" not in finding_of(variant, settings=settings)


def test_the_numbers_are_those_of_the_runs() -> None:
    variants = (SEED, (("rule", "medoid"),))
    traces = traces_of(*variants)
    runs = summaries(traces)
    numbers = sentences.run_numbers(POST, variants, runs)
    assert numbers[message("compare.column_final_cost")] == [trace.cost for trace in traces]
    assert numbers[message("compare.column_difference")] == [
        message("compare.sidebar_run"),
        value("seed", "16"),
        value("rule", RULES["medoid"].title),
    ]
    columns = step_numbers(runs)
    assert {len(column) for column in columns.values()} == {sum(map(len, traces))}
    shares = [share for share in columns[message("compare.column_cost_share")] if share is not None]
    assert shares[0] == 1


def test_what_a_browser_asks_for_is_some_run_and_some_half_step_of_it() -> None:
    settings = all_settings(POST, [SEED])
    runs = runs_of(SEED)
    assert requested_run(settings, runs, {"run": 1, "step": 4}) == (settings[1], 4)
    assert requested_run(settings, runs, {"run": 9, "step": 99}) == (settings[1], runs[1].last)
    junk: tuple[object, ...] = ("x", {"run": "1", "step": None}, {"run": -3}, [])
    for request in junk:
        assert requested_run(settings, runs, request) == (settings[0], 0)


@pytest.mark.parametrize("seed", [0, 1, 4, 16])
def test_runs_end_with_the_same_result_exactly_when_scikit_learn_says_so(seed: int) -> None:
    settings = replace(POST, rule="mean", max_iter=100)
    for second_seed in range(5, 12):
        variant: Variant = (("seed", second_seed),)
        first, second = traces_of((("seed", second_seed),), settings=replace(settings, seed=seed))
        runs = summaries([first, second])
        is_same = adjusted_rand_score(first.labels, second.labels) == 1
        difference, ending = sentences.finding(replace(settings, seed=seed), [variant], runs, 3072)
        assert (runs[1].points_apart == 0) == is_same
        if runs[1].first_difference is not None:
            assert difference.endswith(message("compare.prompt"))
            assert (message("compare.same_result") in ending) == is_same
            equal = message("compare.equal_costs", apart=not is_same, cost=max(first.cost, second.cost))
            assert (equal in ending) == (first.cost == pytest.approx(second.cost, rel=1e-9))


def test_costs_that_differ_by_a_millionth_are_not_called_the_same() -> None:
    # Two results of the post's data that differ in one point.
    first, second = traces_of(SEED)
    runs = summaries([first, second])
    close = [
        replace(runs[0], costs=(None, 3.0, 22842.3935)),
        replace(runs[1], costs=(None, 3.0, 22842.4002), points_apart=1),
    ]
    _, ending = sentences.finding(POST, [SEED], close, 3072)
    values = {"high_run": 2, "low_run": 1}
    assert ending.endswith(
        message("compare.cost_percent", small=True, percent=100 * (22842.4002 / 22842.3935 - 1), **values)
    )


def test_a_result_that_only_changes_names_on_the_way_is_the_same_result() -> None:
    # From one start two clusters may swap places on the way; the names on the screen stay, the result is the same.
    points = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0]])
    first = run(points, RunConfig(k=2, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    second = run(points, RunConfig(k=2, init="given", given=((10.0, 0.0), (0.0, 0.0))))
    second_swapped = replace(second, steps=(first.steps[0], *second.steps[1:]))
    assert summaries([first, second_swapped])[1].points_apart == 0


def test_runs_that_were_cut_off_are_said_to_be() -> None:
    short = replace(POST, max_iter=2)
    assert message("compare.stopped", count=1, runs="1") in finding_of((("k", 1),), settings=short)
    assert message("compare.stopped", count=2, runs="1 and 2") in finding_of((), settings=short)
    finding = finding_of(SEED, settings=replace(POST, max_iter=100))
    assert not any(message("compare.stopped", count=1, runs=run) in finding for run in ("1", "2"))
    assert message("compare.stopped", count=2, runs="1 and 2") not in finding


# --- what travels


def pack(points: Points, traces: list[Trace]) -> bytes:
    names = [summary.names for summary in summaries(traces)]
    return pack_runs(points, traces, names, equal_units=True, title="a test")


def test_four_runs_of_the_post_carry_their_points_once_in_at_most_120_kb() -> None:
    points = run_input(POST).points
    traces = traces_of((("rule", "medoid"),), (("init", "k-means++"),), (("k", 8), ("seed", 3)))
    packed = pack(points, traces)
    assert len(packed) < 120_000
    sizes = [len(pack_run(points, trace, equal_units=True, title="a test")) for trace in traces]
    assert len(packed) < sum(sizes) / 2
    header = read_packed(packed)
    np.testing.assert_array_equal(header["points"].reshape(-1, 2), points.astype(np.float32))
    for facts, trace in zip(header["runs"], traces, strict=True):
        assert [step["cost"] for step in facts["steps"]] == [step.cost for step in trace]
        assert [step["phase"] for step in facts["steps"]] == [step.phase.value for step in trace]


def test_matched_clusters_wear_the_same_color_and_shape() -> None:
    traces = traces_of(SEED)
    header = read_packed(pack(run_input(POST).points, traces))
    first, second = header["runs"]
    names = cluster_names(*traces)
    for j, name in enumerate(names):
        assert second["symbols"][j] == first["symbols"][name]
        assert second["colors"][j] == first["colors"][name]


def test_an_empty_cluster_is_told_by_the_name_that_it_has_on_the_screen() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    trace = run(points, RunConfig(k=2, init="given", given=((1.0, 0.0), (99.0, 0.0))))
    at = next(index for index, step in enumerate(trace) if step.phase is Phase.REFINE)
    values = {"count": 1, "policy": "keep"}
    assert message("steps.empty_clusters", clusters="2", **values) in step_sentence(trace, at)
    assert message("steps.empty_clusters", clusters="5", **values) in step_sentence(trace, at, [0, 4])


# --- the page, without a browser


def test_the_page_keeps_the_variants_of_its_link_and_complains_of_junk() -> None:
    app = open_page("pages/compare.py", variants="rule:medoid|seed:x")
    assert app.query_params["variants"] == "rule:medoid|same"
    assert "“x”" in app.warning[0].value


def test_the_page_hears_the_browser_no_better_than_a_link() -> None:
    app = open_page("pages/compare.py")
    assert "variants" not in app.query_params
    app.session_state["variants"] = "k:4"
    assert check(app.run()).query_params["variants"] == "k:4"


def test_a_locked_lesson_offers_nothing_to_change() -> None:
    app = open_page("pages/compare.py", lock="everything", variants="k:4")
    session = read_session(component_proto(app, "kmeans_compare").bytes)
    assert session["choices"] == session["suggestions"] == []
    assert session["variants"] == [[["k", 4, value("k", "4")]]]
    assert set(encode(POST)) <= set(session["links"][1].replace("&", "=").split("="))


@pytest.mark.parametrize("vector", json.loads((ROOT / "tests/vectors/variants.json").read_text(encoding="utf-8")))
def test_variants_have_the_text_that_the_browser_writes(vector: dict[str, Any]) -> None:
    variants = [tuple((field, value) for field, value in variant) for variant in vector["variants"]]
    assert encode_variants(variants) == vector["text"]
    if variants:
        assert decode_variants(vector["text"]) == (tuple(variants), [])
