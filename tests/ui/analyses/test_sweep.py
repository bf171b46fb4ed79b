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
from ui.settings.record import OPENING, Settings
from ui.settings.run_input import run_input
from ui.text.messages import message

SMALL = replace(OPENING, sizes=(("blobs", 3), ("points_per_blob", 30), ("spread", 1.0)), k=3)
EVERY = [(data, name) for data in DATASETS for name in swept_settings(OPENING.with_data(data))]


def swept(settings: Settings, *names: str, only: int | None = None) -> tuple[list[CellResult], list[SweptSetting]]:
    """Sweep one or two knobs as the page does, or compute a few of the runs."""
    chosen = choose(swept_settings(settings), names[0], names[1] if len(names) > 1 else NONE)
    cells = cells_of(settings, chosen)
    ends = [run_ending(run_input(cells[place].settings)) for place in computing_order(cells, settings)[:only]]
    return results_of(cells, settings, ends), chosen


@pytest.mark.parametrize(("data", "name"), EVERY)
def test_every_value_is_one_that_a_link_may_say_and_the_current_one_is_among_them(data: str, name: str) -> None:
    settings = OPENING.with_data(data)
    setting = swept_settings(settings)[name]
    assert 2 <= len(setting.values) <= MAX_VALUES
    assert list(setting.values) == sorted(set(setting.values)) or not setting.is_ordered
    written = [setting.format(value) for value in setting.values]
    assert len(set(written)) == len(written)
    applied = [setting.apply(settings, value) for value in setting.values]
    assert applied.count(settings) == 1, "the current setting is one of the cells"
    for changed in applied:
        assert decode(encode(changed)) == (changed, [])
    assert settings in [setting.apply(settings, value) for value in thinned(setting, 4).values]
    assert len(thinned(setting, 4).values) <= 4


def test_numbers_of_many_values_have_eight_pictures_or_more() -> None:
    for data, name in EVERY:
        setting = swept_settings(OPENING.with_data(data))[name]
        if setting.is_ordered and name not in {"rings", "blobs"}:
            assert len(setting.values) >= 8, (data, name, setting.values)


@pytest.mark.parametrize("value", [0.37, 4.99, 0.0, 5.0])
def test_an_odd_value_has_a_place_of_its_own(value: float) -> None:
    settings = replace(OPENING, sizes=(*OPENING.sizes[:2], ("spread", value)))
    values = swept_settings(settings)["spread"].values
    assert value in values
    assert list(values) == sorted(set(values))


@pytest.mark.parametrize("seed", [0, 11, 12, 40, 2**53 - 1])
def test_seeds_stay_in_their_places_when_one_of_them_is_chosen(seed: int) -> None:
    values = swept_settings(replace(OPENING, seed=seed))["seed"].values
    assert seed in values
    for other in values:
        assert swept_settings(replace(OPENING, seed=other))["seed"].values == values


def test_every_picture_is_the_end_of_the_run_in_the_player() -> None:
    results, _ = swept(SMALL, "k", "seed")
    assert len(results) == 16
    for one in results[::5]:
        trace = run_input(one.cell.settings).trace()
        assert (one.end.cost, one.end.iterations) == (trace.cost, trace.iterations)
        np.testing.assert_array_equal(one.end.labels, trace.labels)
        assert one.end.agreement == pytest.approx(
            adjusted_rand_score(run_input(one.cell.settings).truth(), trace.labels)
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
    for changed in (
        replace(settings, seed=2),
        replace(settings, sizes=(("blobs", 3), ("points_per_blob", 45), ("spread", 1.0))),
    ):
        end = run_ending(run_input(changed))
        names = cluster_names(end, reference)
        assert sorted(names) == [0, 1, 2]
        for cluster, name in enumerate(names):
            assert np.linalg.norm(end.centers[cluster] - reference.centers[name]) < 2
    assert cluster_names(reference, reference) == (0, 1, 2)


def test_the_current_setting_is_computed_first_and_shown_in_its_place() -> None:
    settings = replace(SMALL, k=4)
    one, chosen = swept(settings, "k", only=1)
    assert [(cell.is_current, cell.cell.values) for cell in one] == [(True, (4,))]
    assert sentences.finding(one, chosen, 12).startswith("One run so far, of 12")
    some, _ = swept(settings, "k", only=4)
    assert [cell.cell.values[0] for cell in some] == [1, 2, 3, 4]
    assert message("sweep.one_setting", setting="K", done=False, count=4, total=12) in sentences.finding(
        some, chosen, 12
    )


def test_the_sentence_tells_the_numbers() -> None:
    results, chosen = swept(SMALL, "seed")
    finding = sentences.finding(results, chosen, len(results))
    costs = [one.end.cost for one in results]
    least = [one for one in results if one.end.cost == pytest.approx(min(costs), rel=1e-9)]
    assert len(least) > 1, "the best result is found by several"
    assert f"({len(least)} of 12 runs)" in finding
    assert f"({sentences.cell_label(results[int(np.argmax(costs))], chosen)})" in finding
    agreement = [one.end.agreement or 0 for one in results]
    assert f"({max(agreement):.2f}" in finding
    assert f"({min(agreement):.2f}" in finding


def test_costs_that_differ_read_differently_and_equal_ones_are_those_of_one_partition() -> None:
    # Of twelve random starts on the post's data some end within a millionth of each other, in other partitions.
    settings = replace(OPENING, rule="mean", max_iter=100)
    results, chosen = swept(settings, "seed")
    part = grid(results, chosen, ["./"] * 12, equal=True, theme="light")
    shown = re.findall(r"<span>cost ([^<]+)</span>", part)
    for one, text in zip(results, shown, strict=True):
        for other, other_text in zip(results, shown, strict=True):
            same = adjusted_rand_score(one.end.labels, other.end.labels) == 1
            assert (text == other_text) == same == (one.end.partition == other.end.partition)
    close = [text for text, one in zip(shown, results, strict=True) if one.end.cost < 22843]
    assert len(set(close)) > 1


def test_runs_with_the_same_partition_found_the_same_result_and_cut_off_ones_are_counted() -> None:
    results, chosen = swept(replace(SMALL, k=1), "seed")
    same = message("sweep.equal_results", results=1, cost=results[0].end.cost)
    assert same in sentences.finding(results, chosen, 12)
    results, chosen = swept(replace(OPENING, max_iter=2), "seed")
    stopped = sum(not one.end.converged for one in results)
    assert stopped
    assert message("sweep.stopped", stopped=stopped, total=12) in sentences.finding(results, chosen, 12)
    assert "cut off" in grid(results, chosen, ["./"] * 12, equal=True, theme="light")


def test_a_match_that_is_nearly_perfect_does_not_read_as_perfect() -> None:
    results, chosen = swept(SMALL, "seed")
    nearly = [replace(one, end=replace(one.end, agreement=0.5 if at else 0.998)) for at, one in enumerate(results)]
    finding = sentences.finding(nearly, chosen, 12)
    assert "(1.00" not in finding
    assert "(0.998) and worst with 11 of 12 runs (0.500;" in finding


def test_more_clusters_that_cost_more_are_told() -> None:
    for seed in range(20):
        results, chosen = swept(replace(SMALL, seed=seed), "k")
        costs = [one.end.cost for one in results]
        finding = sentences.finding(results, chosen, len(results))
        rises = [k for k in range(2, 13) if costs[k - 1] > costs[k - 2] * (1 + 1e-9)]
        if rises:
            assert f"K = {rises[0]} costs more than K = {rises[0] - 1}" in finding
            return
        assert "The cost never rises with K" in finding
    pytest.fail("no unlucky start among twenty")


def test_costs_that_count_different_things_are_not_compared() -> None:
    results, chosen = swept(SMALL, "rule")
    assert message("sweep.costs_not_comparable") in sentences.finding(results, chosen, 3)
    assert message("sweep.cost_curve", per_point=False) not in [curve.title for curve in curves(results, chosen)]
    results, chosen = swept(SMALL, "points_per_blob", only=3)
    curve = curves(results, chosen)[0]
    assert curve.title == message("sweep.cost_curve", per_point=True)
    assert curve.value_of(results[0]) == results[0].end.cost / results[0].end.n


def test_data_without_truth_have_no_curve_of_agreement() -> None:
    results, chosen = swept(replace(OPENING.with_data("uniform"), sizes=(("points", 50), ("width", 1.0)), k=2), "seed")
    assert [curve.title for curve in curves(results, chosen)] == [
        message("sweep.cost_curve", per_point=False),
        message("sweep.iterations_curve"),
    ]
    assert "agree" not in sentences.finding(results, chosen, 12)


def places(picture: str) -> Sequence[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)h0", picture)]


@pytest.mark.parametrize("equal", [True, False])
def test_a_picture_shows_every_point_inside_and_upright(equal: bool) -> None:
    end = run_ending(run_input(SMALL))
    drawn = places(svg(end, range(3), box=box_of([end]), equal=equal, theme="light"))
    assert len(drawn) == 90
    assert all(0 <= x <= 180 and 0 <= y <= 180 for x, y in drawn)
    across, up = np.argsort(end.labels, kind="stable"), np.array(drawn)
    # The same order from left to right, and the other way round from top to bottom, up to the picture's tenths.
    points = end.shown_points[across]
    assert np.corrcoef(points[:, 0], up[:, 0])[0, 1] == pytest.approx(1, abs=1e-3)
    assert np.corrcoef(points[:, 1], up[:, 1])[0, 1] == pytest.approx(-1, abs=1e-3)


def test_many_points_are_a_sample_and_it_is_said() -> None:
    results, _ = swept(OPENING, "k", only=1)
    assert len(results[0].end.shown_points) == 600
    assert message("sweep.sample_note", count=600) in sentences.caption(results)
    small, _ = swept(SMALL, "k", only=1)
    assert "600" not in sentences.caption(small)


def test_each_picture_is_a_link_with_words_and_the_current_one_is_marked() -> None:
    results, chosen = swept(SMALL, "k")
    part = grid(results, chosen, [f"./?k={one.end.k}" for one in results], equal=True, theme="dark")
    assert part.count("<a ") == part.count(' alt="K = ') == 12
    assert part.count("This is the current setting.") == part.count('class="cell current"') == 1
    table = numbers(results, chosen)
    assert {len(column) for column in table.values()} == {12}
    assert table[message("sweep.column_current")] == [k == 3 for k in range(1, 13)]


def test_what_one_run_alone_has_is_left_out() -> None:
    settings = replace(SMALL, backend="tensorflow", edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert settings.canonical() == replace(SMALL, edits=(Add((1.0, 2.0)),))


def test_centers_placed_by_you_are_swept_where_there_are_some() -> None:
    assert "given" not in swept_settings(SMALL)["init"].values
    by_hand = replace(SMALL, init="given", centers=((0.0, 0.0), (4.0, 4.0), (9.0, 9.0)))
    results, _ = swept(by_hand, "init")
    assert [one.is_current for one in results] == [False] * (len(INITS) - 1) + [True]


def test_what_takes_long_waits_to_be_asked_for() -> None:
    assert not is_heavy(3072, 16, "medoid")
    assert not is_heavy(100_000, 12, "mean")
    assert is_heavy(1_000_000, 12, "mean")
    assert is_heavy(100_000, 12, "medoid")


def test_a_setting_that_this_data_does_not_have_is_a_sentence() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/sweep.py")
    app.query_params.update(encode(SMALL) | {"setting": "rings", "second_setting": "nothing"})
    app.run()
    assert not app.exception
    assert message("sweep.not_available", setting="Rings", is_table=False, data="the post's blobs") in app.info[0].value
    assert f"{message('sweep.second_setting')} must be one of none, k" in app.warning[0].value
    assert [box.value for box in app.selectbox if box.key in ("setting", "second_setting")] == ["k", "none"]


@pytest.mark.parametrize(("data", "match"), [("post", "match with the true groups"), ("iris", "match with “species”")])
def test_only_generated_data_is_said_to_have_true_groups(data: str, match: str) -> None:
    results, chosen = swept(SMALL if data == "post" else OPENING.with_data(data), "k", only=3)
    assert f"The {match} is " in sentences.finding(results, chosen, 12)
    assert f"The {match} is the adjusted Rand index" in sentences.caption(results)
    assert match in numbers(results, chosen)
    assert match[1:] in curves(results, chosen)[1].title
    text = " ".join([sentences.finding(results, chosen, 12), sentences.caption(results), *numbers(results, chosen)])
    assert ("true" in text) == (data == "post")


def test_limits_of_iterations_are_those_at_which_runs_differ() -> None:
    # In equal steps up to the highest limit nearly all runs would have converged at the second one.
    assert swept_settings(OPENING)["max_iter"].values == (1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1000)
