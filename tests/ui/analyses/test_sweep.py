"""What a setting does: every value is allowed, the current one is among them, and what is said of the runs is true."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from streamlit.testing.v1 import AppTest

from kmeans_core import DATASETS, make_dataset
from kmeans_core.messages.numbers import amounts
from tools.paths import ROOT
from ui.analyses.endings import run_ending
from ui.analyses.sweep import sentences
from ui.analyses.sweep.cells import (
    CellResult,
    cells_of,
    cluster_names,
    computing_order,
    is_heavy,
    numbers,
    results_of,
)
from ui.analyses.sweep.curves import curves
from ui.analyses.sweep.pictures import grid
from ui.analyses.sweep.swept_settings import MAX_VALUES, NONE, SweptSetting, choose, swept_settings, thinned
from ui.charts.thumbnails import box_of, svg
from ui.settings.definitions import INITS
from ui.settings.edits import Add, Erase, Move
from ui.settings.links import decode, encode
from ui.settings.record import OPENING, POST, Settings
from ui.settings.run_input import run_input
from ui.text.messages import message

SMALL = replace(POST, sizes=(("blobs", 3), ("points_per_blob", 30), ("spread", 1.0)), k=3)
DATA_AND_SETTINGS = [(data, name) for data in DATASETS for name in swept_settings(POST.with_data(data))]


def sweep(settings: Settings, *names: str, only: int | None = None) -> tuple[list[CellResult], list[SweptSetting]]:
    """Sweep one or two knobs as the page does, or compute a few of the runs."""
    sweep_settings = choose(swept_settings(settings), names[0], names[1] if len(names) > 1 else NONE)
    cells = cells_of(settings, sweep_settings)
    ends = [run_ending(run_input(cells[place].settings)) for place in computing_order(cells, settings)[:only]]
    return results_of(cells, settings, ends), sweep_settings


@pytest.mark.parametrize(("data", "name"), DATA_AND_SETTINGS)
def test_every_value_is_one_that_a_link_may_say_and_the_current_one_is_among_them(data: str, name: str) -> None:
    settings = POST.with_data(data)
    setting = swept_settings(settings)[name]
    assert 2 <= len(setting.values) <= MAX_VALUES
    assert list(setting.values) == sorted(set(setting.values)) or not setting.is_ordered
    texts = [setting.format(value) for value in setting.values]
    assert len(set(texts)) == len(texts)
    variants = [setting.apply(settings, value) for value in setting.values]
    assert variants.count(settings) == 1, "one cell is current"
    for variant in variants:
        assert decode(encode(variant)) == (variant, [])
    assert settings in [setting.apply(settings, value) for value in thinned(setting, 4).values]
    assert len(thinned(setting, 4).values) <= 4


def test_numbers_of_many_values_have_eight_pictures_or_more() -> None:
    for data, name in DATA_AND_SETTINGS:
        setting = swept_settings(POST.with_data(data))[name]
        if setting.is_ordered and name not in {"rings", "blobs"}:
            assert len(setting.values) >= 8, (data, name, setting.values)


@pytest.mark.parametrize("value", [0.37, 4.99, 0.0, 5.0])
def test_an_odd_value_has_a_place_of_its_own(value: float) -> None:
    settings = replace(POST, sizes=(*POST.sizes[:2], ("spread", value)))
    values = swept_settings(settings)["spread"].values
    assert value in values
    assert list(values) == sorted(set(values))


@pytest.mark.parametrize("seed", [0, 11, 12, 40, 2**53 - 1])
def test_seeds_stay_in_their_places_when_one_of_them_is_chosen(seed: int) -> None:
    values = swept_settings(replace(POST, seed=seed))["seed"].values
    assert seed in values
    for other_seed in values:
        assert swept_settings(replace(POST, seed=other_seed))["seed"].values == values


def test_every_picture_is_the_end_of_the_run_in_the_player() -> None:
    results, _ = sweep(SMALL, "k", "seed")
    assert len(results) == 16
    for result in results[::5]:
        trace = run_input(result.cell.settings).trace()
        assert (result.end.cost, result.end.iterations) == (trace.cost, trace.iterations)
        np.testing.assert_array_equal(result.end.labels, trace.labels)
        assert result.end.agreement == pytest.approx(
            adjusted_rand_score(run_input(result.cell.settings).truth(), trace.labels)
        )


def test_points_drawn_and_erased_by_hand_keep_the_truth_of_the_others() -> None:
    settings = replace(SMALL, edits=(Add((0.0, 0.0)), Erase(2), Erase(90), Add((1.0, 1.0))))
    _, truth = make_dataset("post", seed=0, **dict(SMALL.sizes))
    assert truth is not None
    labels = run_input(settings).truth()
    assert labels is not None
    assert labels.tolist() == [*np.delete(truth, 2).tolist(), -1]
    assert len(labels) == len(run_input(settings).points)
    assert run_ending(run_input(settings)).agreement is not None
    assert run_ending(run_input(replace(SMALL.with_data("uniform"), k=2))).agreement is None


def test_clusters_keep_their_names_when_the_points_are_others() -> None:
    settings = replace(SMALL, init="k-means++", seed=1)
    reference = run_ending(run_input(settings))
    for variant in (
        replace(settings, seed=2),
        replace(settings, sizes=(("blobs", 3), ("points_per_blob", 45), ("spread", 1.0))),
    ):
        end = run_ending(run_input(variant))
        names = cluster_names(end, reference)
        assert sorted(names) == [0, 1, 2]
        for cluster, name in enumerate(names):
            assert np.linalg.norm(end.centers[cluster] - reference.centers[name]) < 2
    assert cluster_names(reference, reference) == (0, 1, 2)


def test_the_current_setting_is_computed_first_and_shown_in_its_place() -> None:
    settings = replace(SMALL, k=4)
    results, sweep_settings = sweep(settings, "k", only=1)
    assert [(cell.is_current, cell.cell.values) for cell in results] == [(True, (4,))]
    end = results[0].end
    finding = message("sweep.one_run", total=12, cost=end.cost, iterations=end.iterations)
    assert sentences.finding(results, sweep_settings, 12) == finding
    first_results, _ = sweep(settings, "k", only=4)
    assert [cell.cell.values[0] for cell in first_results] == [1, 2, 3, 4]
    assert message("sweep.one_setting", setting="K", done=False, count=4, total=12) in sentences.finding(
        first_results, sweep_settings, 12
    )


def test_the_sentence_tells_the_numbers() -> None:
    results, sweep_settings = sweep(SMALL, "seed")
    finding = sentences.finding(results, sweep_settings, len(results))
    costs = [result.end.cost for result in results]
    best_results = [result for result in results if result.end.cost == pytest.approx(min(costs), rel=1e-9)]
    assert len(best_results) > 1, "the best result is found by several"
    low, high = amounts([min(costs), max(costs)])
    counts = {"low_count": len(best_results), "high_count": 1, "total": 12}
    cells = {
        f"{name}_cell": sentences.cell_label(results[int(at)], sweep_settings)
        for name, at in (("low", np.argmin(costs)), ("high", np.argmax(costs)))
    }
    assert message("sweep.cost_range", per_point=False, low=low, high=high, **counts, **cells) in finding
    agreement = [result.end.agreement or 0 for result in results]
    assert f": {max(agreement):.2f}, where 1 is perfect" in finding


def test_costs_that_differ_read_differently_and_equal_ones_are_those_of_one_partition() -> None:
    # Of twelve random starts on the post's data some end within a millionth of each other, in other partitions.
    settings = replace(POST, rule="mean", max_iter=100)
    results, sweep_settings = sweep(settings, "seed")
    part = grid(results, sweep_settings, ["./"] * 12, equal=True, theme="light")
    texts = re.findall(rf"<span>{message('sweep.cell_cost', cost='([^<]+)')}</span>", part)
    for result, text in zip(results, texts, strict=True):
        for second, second_text in zip(results, texts, strict=True):
            is_same = adjusted_rand_score(result.end.labels, second.end.labels) == 1
            assert (text == second_text) == is_same == (result.end.partition == second.end.partition)
    close = [text for text, result in zip(texts, results, strict=True) if result.end.cost < 22843]
    assert len(set(close)) > 1


def test_runs_with_the_same_partition_found_the_same_result_and_cut_off_ones_are_counted() -> None:
    results, sweep_settings = sweep(replace(SMALL, k=1), "seed")
    sentence = message("sweep.equal_results", results=1, cost=results[0].end.cost)
    assert sentence in sentences.finding(results, sweep_settings, 12)
    results, sweep_settings = sweep(replace(POST, max_iter=2), "seed")
    stopped = sum(not result.end.converged for result in results)
    assert stopped
    assert message("sweep.stopped", stopped=stopped, total=12) in sentences.finding(results, sweep_settings, 12)
    part = grid(results, sweep_settings, ["./"] * 12, equal=True, theme="light")
    assert part.count(message("sweep.cell_iterations", iterations=2, converged=False)) == stopped


def test_a_match_that_is_nearly_perfect_does_not_read_as_perfect() -> None:
    results, sweep_settings = sweep(SMALL, "seed")
    nearly = [
        replace(result, end=replace(result.end, agreement=0.5 if at else 0.998)) for at, result in enumerate(results)
    ]
    finding = sentences.finding(nearly, sweep_settings, 12)
    best, worst = (sentences.cell_label(result, sweep_settings) for result in nearly[:2])
    texts = {"labeled": False, "column": "", "high": "0.998", "high_cell": best, "low_cell": worst}
    assert finding.endswith(message("sweep.match_range", high_count=1, low_count=11, total=12, **texts))


def test_a_better_match_with_a_wrong_k_is_put_right() -> None:
    """The opening's own run finds two of five groups, so that six clusters match better than five."""
    results, sweep_settings = sweep(OPENING, "k")
    matches = [result.end.agreement or 0.0 for result in results]
    assert int(np.argmax(matches)) + 1 != OPENING.k
    sentence = message("sweep.match_misleads", groups=OPENING.k)
    assert sentences.finding(results, sweep_settings, len(results)).endswith(sentence)
    good_start = replace(OPENING, init="farthest")
    results, sweep_settings = sweep(good_start, "k")
    assert sentence not in sentences.finding(results, sweep_settings, len(results))
    results, sweep_settings = sweep(OPENING, "init")
    assert sentence not in sentences.finding(results, sweep_settings, len(results)), "K is not what differs"


def test_more_clusters_that_cost_more_are_told() -> None:
    for seed in range(20):
        results, sweep_settings = sweep(replace(SMALL, seed=seed), "k")
        costs = [result.end.cost for result in results]
        finding = sentences.finding(results, sweep_settings, len(results))
        rises = [k for k in range(2, 13) if costs[k - 1] > costs[k - 2] * (1 + 1e-9)]
        if rises:
            k, converged = rises[0], results[rises[0] - 1].end.converged
            assert message("sweep.cost_rises", k=k, k_before=k - 1, converged=converged) in finding
            return
        assert message("sweep.cost_falls") in finding
    pytest.fail("no unlucky start among twenty")


def test_costs_that_count_different_things_are_not_compared() -> None:
    results, sweep_settings = sweep(SMALL, "rule")
    assert message("sweep.costs_not_comparable") in sentences.finding(results, sweep_settings, 3)
    assert message("sweep.cost_curve", per_point=False) not in [
        curve.title for curve in curves(results, sweep_settings)
    ]
    results, sweep_settings = sweep(SMALL, "points_per_blob", only=3)
    curve = curves(results, sweep_settings)[0]
    assert curve.title == message("sweep.cost_curve", per_point=True)
    assert curve.value_of(results[0]) == results[0].end.cost / results[0].end.n


def test_data_without_truth_have_no_curve_of_agreement() -> None:
    results, sweep_settings = sweep(
        replace(POST.with_data("uniform"), sizes=(("points", 50), ("width", 1.0)), k=2), "seed"
    )
    assert [curve.title for curve in curves(results, sweep_settings)] == [
        message("sweep.cost_curve", per_point=False),
        message("sweep.iterations_curve"),
    ]
    assert message("sweep.column_match", labeled=False, column="") not in sentences.finding(results, sweep_settings, 12)


def places(picture: str) -> Sequence[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)h0", picture)]


@pytest.mark.parametrize("equal", [True, False])
def test_a_picture_shows_every_point_inside_and_upright(equal: bool) -> None:
    end = run_ending(run_input(SMALL))
    spots = places(svg(end, range(3), box=box_of([end]), equal=equal, theme="light"))
    assert len(spots) == 90
    assert all(0 <= x <= 180 and 0 <= y <= 180 for x, y in spots)
    across, up = np.argsort(end.labels, kind="stable"), np.array(spots)
    # The same order from left to right, and the other way round from top to bottom, up to the picture's tenths.
    points = end.shown_points[across]
    assert np.corrcoef(points[:, 0], up[:, 0])[0, 1] == pytest.approx(1, abs=1e-3)
    assert np.corrcoef(points[:, 1], up[:, 1])[0, 1] == pytest.approx(-1, abs=1e-3)


def test_many_points_are_a_sample_and_it_is_said() -> None:
    results, _ = sweep(POST, "k", only=1)
    assert len(results[0].end.shown_points) == 600
    assert message("sweep.sample_note", count=600) in sentences.caption(results)
    small, _ = sweep(SMALL, "k", only=1)
    assert "600" not in sentences.caption(small)


def test_each_picture_is_a_link_with_words_and_the_current_one_is_marked() -> None:
    results, sweep_settings = sweep(SMALL, "k")
    part = grid(results, sweep_settings, [f"./?k={cell.end.k}" for cell in results], equal=True, theme="dark")
    assert part.count("<a ") == 12
    assert all(f' alt="{sentences.picture_alt(result, sweep_settings)}"' in part for result in results)
    assert part.count('class="cell current"') == 1
    table = numbers(results, sweep_settings)
    assert {len(column) for column in table.values()} == {12}
    assert table[message("sweep.column_current")] == [k == 3 for k in range(1, 13)]


def test_what_one_run_alone_has_is_left_out() -> None:
    settings = replace(SMALL, backend="tensorflow", edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert settings.canonical() == replace(SMALL, edits=(Add((1.0, 2.0)),))


def test_centers_placed_by_you_are_swept_where_there_are_some() -> None:
    assert "given" not in swept_settings(SMALL)["init"].values
    settings = replace(SMALL, init="given", centers=((0.0, 0.0), (4.0, 4.0), (9.0, 9.0)))
    results, _ = sweep(settings, "init")
    assert [result.is_current for result in results] == [False] * (len(INITS) - 1) + [True]


def test_what_takes_long_waits_to_be_asked_for() -> None:
    assert not is_heavy(replace(POST, rule="medoid"), 3072, 16)
    assert not is_heavy(POST, 100_000, 12)
    assert is_heavy(POST, 1_000_000, 12)
    assert is_heavy(replace(POST, rule="medoid"), 100_000, 12)


def test_a_setting_that_this_data_does_not_have_is_a_sentence() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/sweep.py")
    app.query_params.update(encode(SMALL) | {"setting": "rings", "second_setting": "nothing"})
    app.run()
    assert not app.exception
    rings, blobs = message("settings.size_rings"), DATASETS["post"].title
    assert message("sweep.not_available", setting=rings, is_table=False, data=blobs) in app.info[0].value
    assert app.warning[0].value.count("“nothing”") == 1
    assert message("sweep.second_setting") in app.warning[0].value
    assert [box.value for box in app.selectbox if box.key in ("setting", "second_setting")] == ["k", "none"]


@pytest.mark.parametrize(
    ("data", "labels"),
    [
        ("post", {"labeled": False, "column": ""}),
        ("iris", {"labeled": True, "column": "“species”"}),
    ],
)
def test_only_generated_data_is_said_to_have_true_groups(data: str, labels: dict[str, str | bool]) -> None:
    results, sweep_settings = sweep(SMALL if data == "post" else POST.with_data(data), "k", only=3)
    match = message("sweep.match_curve", **labels)
    assert match[1:] in sentences.finding(results, sweep_settings, 12)
    assert message("sweep.column_match", **labels) in numbers(results, sweep_settings)
    assert curves(results, sweep_settings)[1].title == match
    text = " ".join(
        [sentences.finding(results, sweep_settings, 12), sentences.caption(results), *numbers(results, sweep_settings)]
    )
    assert (message("sweep.column_match", labeled=False, column="") in text) == (data == "post")


def test_limits_of_iterations_are_those_at_which_runs_differ() -> None:
    # In equal steps up to the highest limit nearly all runs would have converged at the second one.
    assert swept_settings(POST)["max_iter"].values == (1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000)
