"""How many clusters: the criteria are those of the literature, their sentences true, and every K is a run to open."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from math import isnan
from urllib.parse import parse_qsl

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from streamlit.testing.v1 import AppTest

from kmeans_core import RULES, RunConfig
from tests.oracles import Floats
from tools.paths import ROOT
from ui.analyses.best_run import best_run
from ui.analyses.how_many import gap_criterion, sentences, silhouette_criterion
from ui.analyses.how_many import trials as how_many_trials
from ui.analyses.how_many.criteria import compute_criteria, numbers, picked_k, shown_k, shown_k_options
from ui.analyses.how_many.curves import Criterion, Curve
from ui.analyses.how_many.elbow_criterion import elbow_pick
from ui.analyses.how_many.figure import criterion_figure, silhouette_figure
from ui.analyses.how_many.silhouette_criterion import run_silhouettes
from ui.analyses.how_many.trials import (
    INIT,
    SAMPLE_POINTS,
    Pair,
    Trial,
    best_trial,
    is_heavy,
    k_batches,
    needs_sample,
    runs_per_k,
    sampled_trials,
    trial,
    trial_settings,
)
from ui.charts.thumbnails import sample
from ui.settings.edits import Add, Move
from ui.settings.links import decode
from ui.settings.record import POST, Settings
from ui.settings.run_input import run_input
from ui.settings.sizes import default_sizes
from ui.text.messages import message, message_html

BLOBS = trial_settings(replace(POST.with_data("blobs"), sizes=(("blobs", 4), ("points", 240))))


def all_trials(settings: Settings) -> list[Trial]:
    return [best_trial(run_input(settings), k) for ks in k_batches(len(run_input(settings).points)) for k in ks]


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return all_trials(BLOBS)


@pytest.fixture(scope="module")
def criteria(trials: list[Trial]) -> list[Criterion]:
    return compute_criteria(trials)


def test_every_k_is_the_best_of_its_runs_in_the_player(trials: list[Trial]) -> None:
    assert [best.k for best in trials] == list(range(1, 16))
    for best in trials[::5]:
        costs = [run_input(replace(BLOBS, k=best.k, seed=seed)).trace().cost for seed in range(runs_per_k(240, "mean"))]
        assert best.costs.points == min(costs) == costs[best.seed]


def test_costs_and_silhouettes_are_about_scikit_learns(trials: list[Trial]) -> None:
    points = run_input(BLOBS).points
    for best in trials[1:6]:
        sklearn_run = KMeans(best.k, n_init=50, random_state=0).fit(points)
        assert best.costs.points <= sklearn_run.inertia_ * 1.001
        labels = run_input(replace(BLOBS, k=best.k, seed=best.seed)).trace().labels
        assert best.silhouettes.points == pytest.approx(silhouette_score(points, labels))


def test_all_criteria_find_four_blobs_and_the_gap_alone_finds_nothing_in_nothing(criteria: list[Criterion]) -> None:
    assert [criterion.points.pick for criterion in criteria] == [4, 4, 4]
    elbow, silhouette, gap = (criterion.noise.pick for criterion in criteria)
    assert gap == 1
    assert None not in (elbow, silhouette)
    text = sentences.finding(criteria, sentences.known_groups(run_input(BLOBS)), "done")
    agree = message("how_many.agree", stage="done", points=1000, tried=15, k="4")
    assert text == f"{agree} {message('how_many.true_groups', count=4)}"
    lines = sentences.picks(criteria)
    for name in ("elbow", "silhouette", "gap"):
        assert f"<li>{message_html('how_many.pick', criterion=name, pick='4')}</li>" in lines
    noise = message(
        "how_many.noise",
        elbow=str(elbow),
        silhouette=str(silhouette),
        gap="1",
        always=criteria[2].shown_pick_count == 11,
        times=criteria[2].shown_pick_count,
        sets=11,
    )
    assert sentences.noise(criteria) == noise


# --- A criterion is not blamed for our search


def opening(key: str) -> str:
    """Return the beginning of a sentence, up to the K that it names."""
    return message(key, ks="|").partition("|")[0]


@pytest.fixture(scope="module")
def post_trials() -> list[Trial]:
    return all_trials(trial_settings(POST))


def squares_by_scikit_learn(points: Floats, k: int, n_init: int) -> float:
    return float(KMeans(k, n_init=n_init, tol=0, random_state=0).fit(points).inertia_)


@pytest.mark.parametrize("k", [5, 6, 7, 15])
def test_every_k_of_the_posts_data_is_searched_as_well_as_by_forty_runs_of_scikit_learn(
    post_trials: list[Trial], k: int
) -> None:
    sklearn_cost = squares_by_scikit_learn(run_input(POST).points, k, n_init=40)
    assert post_trials[k - 1].costs.points <= sklearn_cost * (1 + (1e-6 if k <= 6 else 0.005))


def test_more_clusters_never_cost_more_where_the_search_is_good(post_trials: list[Trial]) -> None:
    for index in (0, 1):
        costs = [best.costs[index] for best in post_trials]
        assert costs == sorted(costs, reverse=True)
    assert opening("how_many.search_failed") not in sentences.search(post_trials, 3072, "mean")


def test_the_gap_statistic_finds_the_six_blobs_of_the_post_with_all_points(post_trials: list[Trial]) -> None:
    _, _, gap = compute_criteria(post_trials)
    assert gap.points.pick == 6
    assert gap.noise.pick == 1
    assert len(gap.noise_picks) == gap_criterion.REFERENCE_SETS + 1
    # The same from scratch: other noise, another library, the formulas of the paper.
    points, rng = run_input(POST).points, np.random.default_rng(99)
    box = points.min(axis=0), points.max(axis=0)
    ks = range(1, 8)
    logs = np.log([squares_by_scikit_learn(points, k, n_init=40) for k in ks])
    noise_logs = [
        [np.log(squares_by_scikit_learn(rng.uniform(*box, points.shape), k, n_init=4)) for k in ks] for _ in range(6)
    ]
    gaps = np.mean(noise_logs, axis=0) - logs
    errors = np.std(noise_logs, axis=0) * np.sqrt(1 + 1 / len(noise_logs))
    np.testing.assert_allclose(gap.points.values[:7], gaps, atol=0.02)
    pick = next(k for k in range(1, 7) if gaps[k - 1] >= gaps[k] - errors[k])
    assert pick == 6


def test_the_picks_on_noise_are_those_of_each_set_against_the_others(post_trials: list[Trial]) -> None:
    _, _, gap = compute_criteria(post_trials)
    logs = np.log([[best.squares.noise, *best.reference] for best in post_trials])
    for at, pick in enumerate(gap.noise_picks):
        reference = np.delete(logs.T, at, axis=0)
        gaps = np.mean(reference, axis=0) - logs[:, at]
        errors = np.std(reference, axis=0) * np.sqrt(1 + 1 / len(reference))
        good = [k + 1 for k in range(len(gaps) - 1) if gaps[k] >= gaps[k + 1] - errors[k + 1]]
        assert pick == (good[0] if good else None)
    counts = {pick: gap.noise_picks.count(pick) for pick in gap.noise_picks}
    assert counts[gap.noise.pick] == gap.shown_pick_count == max(counts.values())
    text = sentences.finding(compute_criteria(post_trials), sentences.known_groups(run_input(POST)), "done")
    assert message("how_many.true_groups", count=6) in text
    noise_picks = {criterion.name: str(criterion.noise.pick or "none") for criterion in compute_criteria(post_trials)}
    values = {"always": gap.shown_pick_count == 11, "times": gap.shown_pick_count, "sets": 11}
    assert sentences.noise(compute_criteria(post_trials)) == message("how_many.noise", **noise_picks, **values)


def test_silhouettes_are_those_of_all_points(post_trials: list[Trial]) -> None:
    points = run_input(POST).points
    for k in (2, 6):
        best = post_trials[k - 1]
        labels = run_input(replace(trial_settings(POST), k=k, seed=best.seed)).trace().labels
        assert best.silhouettes.points == pytest.approx(silhouette_score(points, labels), rel=1e-9)


def test_a_search_that_failed_and_runs_that_were_cut_off_are_said_to_be(trials: list[Trial]) -> None:
    worse = [
        *trials[:4],
        replace(trials[4], costs=Pair(trials[3].costs.points * 1.01, 1.0)),
        replace(trials[5], converged=False),
    ]
    text = sentences.search(worse, 240, "mean")
    assert message("how_many.search_failed", ks="5") in text
    assert message("how_many.cut_off", ks="6") in text
    usual = sentences.search(trials, 240, "mean")
    keys = ("how_many.search_failed", "how_many.cut_off")
    assert not any(opening(key) in usual for key in keys)


@pytest.mark.parametrize(("n", "rule", "runs"), [(240, "mean", 32), (20_000, "mean", 16), (200_000, "mean", 8)])
def test_it_is_said_how_each_k_was_searched(trials: list[Trial], n: int, rule: str, runs: int) -> None:
    text = sentences.search(trials, n, rule)
    values = {"draws": gap_criterion.REFERENCE_SETS, "reference_runs": gap_criterion.RUNS_PER_REFERENCE_SET}
    assert text.startswith(message("how_many.search", runs=runs, init=INIT, **values))
    assert ("10,000" in text) == (n > 10_000)


@pytest.mark.parametrize(
    ("costs", "pick"),
    [
        ([100, 20, 15, 10, 5], 2),
        ([100, 80, 60, 10, 5, 1], 4),
        ([4, 3, 2, 1], None),  # a straight line has no bend
        ([3, 3, 3], None),
        ([9, 1], None),
    ],
)
def test_the_elbow_is_the_value_farthest_below_the_line(costs: list[float], pick: int | None) -> None:
    assert elbow_pick(costs) == pick


@pytest.mark.parametrize(
    ("gap", "error", "pick"),
    [([0.0, 0.5, 1.0, 0.98], [0.1] * 4, 3), ([0.0, 0.05, 1.0], [0.1] * 3, 1), ([0.0, 1.0, 2.0], [0.1] * 3, None)],
)
def test_the_gap_statistic_takes_the_authors_choice(gap: list[float], error: list[float], pick: int | None) -> None:
    assert gap_criterion.gap_pick(np.array(gap), np.array(error)) == pick


def test_uniform_noise_fills_the_box_of_the_data_and_are_the_same_again() -> None:
    points = run_input(POST).points
    noise = gap_criterion.uniform_noise(points, 5000, 3)
    assert (noise.min(axis=0) >= points.min(axis=0)).all()
    assert (noise.max(axis=0) <= points.max(axis=0)).all()
    counts, _, _ = np.histogram2d(noise[:, 0], noise[:, 1], bins=4)
    # Sixteen cells of 312 points each, give or take six standard deviations.
    assert np.abs(counts - 312.5).max() < 6 * 312.5**0.5
    np.testing.assert_array_equal(noise, gap_criterion.uniform_noise(points, 5000, 3))


def test_data_that_are_even_themselves_are_not_compared_with_themselves() -> None:
    points = run_input(replace(POST.with_data("uniform"), sizes=(("points", 50), ("width", 1.0)))).points
    for draw in range(gap_criterion.REFERENCE_SETS + 1):
        noise = gap_criterion.uniform_noise(points, 50, draw)
        assert np.linalg.norm(noise - points, axis=1).mean() > 0.2


@pytest.mark.parametrize("rule", RULES)
def test_the_gap_is_computed_with_sums_of_squares_whatever_the_rule(rule: str) -> None:
    points = run_input(BLOBS).points
    best = trial(points, best_run(points, RunConfig(k=3, rule=rule, init=INIT), range(32)))
    assert best.squares.points == pytest.approx(squares_by_scikit_learn(points, 3, n_init=10), rel=1e-6)
    gap = compute_criteria([best])[2]
    text, text_of_means = (sentences.explanation(gap, len(points), name) for name in (rule, "mean"))
    assert (text == text_of_means) == (rule == "mean"), "other rules have a remark"


def test_what_decides_one_run_alone_is_left_out() -> None:
    settings = replace(BLOBS, k=9, seed=7, init="farthest", edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert trial_settings(settings) == replace(BLOBS, edits=(Add((1.0, 2.0)),))


def test_the_silhouettes_of_many_points_are_those_of_some_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(trial_settings(POST), k=6, seed=99)
    with monkeypatch.context() as patch:
        patch.setattr(silhouette_criterion, "MAX_POINTS", 1000)
        values, labels = run_silhouettes(run_input(settings))
    assert len(values) == len(labels) == 1000
    sklearn_mean = silhouette_score(run_input(POST).points, run_input(settings).trace().labels)
    assert values.mean() == pytest.approx(sklearn_mean, abs=0.03)
    criterion = Criterion("silhouette", Curve(values, 2), Curve(values, 2))
    assert "4,000" in sentences.explanation(criterion, 4001, "mean")
    assert "4,000" not in sentences.explanation(criterion, 4000, "mean")


@pytest.mark.parametrize(
    ("sizes", "max_k"),
    [({"points": 1}, 1), ({"points": 2}, 2), ({"points": 9}, 9), ({"points": 16, "blobs": 1, "spread": 0.0}, 15)],
    ids=["one point", "two points", "nine points", "all equal"],
)
def test_few_or_equal_points_have_sentences_and_pictures(sizes: dict[str, float], max_k: int) -> None:
    settings = replace(BLOBS, sizes=tuple((dict(default_sizes("blobs")) | sizes).items()))
    trials = all_trials(settings)
    assert trials[-1].k == max_k
    criteria = compute_criteria(trials)
    text = sentences.finding(criteria, sentences.known_groups(run_input(settings)), "done")
    assert "nan" not in text.lower()
    assert all(criterion_figure(criterion, 1, max_k, "dark").data for criterion in criteria)
    table = numbers(trials, criteria)
    assert {len(column) for column in table.values()} == {max_k}
    assert not any(isinstance(value, float) and isnan(value) for column in table.values() for value in column)


def test_a_k_without_a_color_can_not_be_picked_or_looked_at(criteria: list[Criterion], trials: list[Trial]) -> None:
    chart = criterion_figure(criteria[0], 4, 15, "light")
    assert list(chart.data[1].customdata) == [*range(1, 13), None, None, None]
    assert shown_k_options(trials) == list(range(13))
    assert [shown_k(criteria, k) for k in (0, 1, 7, 12)] == [4, 1, 7, 12]
    assert shown_k(compute_criteria(trials[:5]), 12) == 5


def test_every_silhouette_is_drawn_once_in_its_clusters_place() -> None:
    values, labels = run_silhouettes(run_input(replace(BLOBS, k=4)))
    chart = silhouette_figure(values, labels, 4, "light")
    for cluster, area in enumerate(chart.data):
        lengths = np.asarray(area.x)[1:-1:2]
        np.testing.assert_array_equal(lengths, -np.sort(-values[labels == cluster]))
    first = values[labels == 0]
    count, below, mean = len(first), int(np.count_nonzero(first < 0)), float(first.mean())
    text = message("how_many.cluster", cluster=1, count=count, below=below, mean=mean)
    assert text in sentences.silhouettes_alt(values, labels, 4)


def test_the_groups_are_known_until_a_point_is_drawn() -> None:
    assert run_input(BLOBS).true_group_count() == 4
    assert run_input(replace(BLOBS, edits=(Add((0.0, 0.0)),))).true_group_count() is None
    assert run_input(POST.with_data("uniform")).true_group_count() is None


def test_generated_data_has_true_groups_and_a_column_of_labels_has_values() -> None:
    assert sentences.known_groups(run_input(BLOBS)) == message("how_many.true_groups", count=4)
    assert sentences.known_groups(run_input(POST.with_data("iris"))) == message(
        "how_many.label_values", column="“species”", count=3
    )
    assert sentences.known_groups(run_input(POST.with_data("faithful"))) == "", "no column of labels is chosen"
    assert sentences.known_groups(run_input(POST.with_data("uniform"))) == "", "drawn from no groups"
    assert sentences.known_groups(run_input(replace(BLOBS, edits=(Add((0.0, 0.0)),)))) == "", (
        "the group of a point that you draw is unknown"
    )


def test_what_takes_long_waits_to_be_asked_for() -> None:
    assert not is_heavy(replace(POST, rule="medoid"), 3072)
    assert is_heavy(POST, 100_000)


def open_page(**link: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/how_many.py")
    app.query_params.update({"data": "blobs"} | link)
    app.run()
    assert not app.exception
    return app


def test_a_sample_answers_for_all_k_before_all_points_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(how_many_trials, "SAMPLE_POINTS", 200)
    inputs = run_input(
        replace(BLOBS, sizes=tuple((dict(default_sizes("blobs")) | {"points": 50_000, "blobs": 4}).items()))
    )
    assert needs_sample(inputs.settings, 50_000)
    assert not needs_sample(BLOBS, 3072)
    trials = sampled_trials(inputs)
    assert [best.k for best in trials] == list(range(1, 16))
    points = inputs.points[sample(50_000, 200)]
    assert trials[3].costs.points == pytest.approx(squares_by_scikit_learn(points, 4, n_init=10), rel=1e-6)


def test_what_takes_long_says_how_far_it_came_and_answers_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(how_many_trials, "SAMPLE_POINTS", 50)
    app = open_page(points="100000")
    captions = [caption.value for caption in app.caption]
    assert sentences.sampled_answer(100_000, 2) in captions
    finding = next(part.proto.body for part in app.get("html") if 'class="finding' in part.proto.body)
    assert f"{SAMPLE_POINTS:,}" in finding, "the finding itself says that it is a sample's"
    assert message("shell.compute_rest") in [button.label for button in app.button]


def test_each_picked_k_opens_its_best_run_in_the_player(trials: list[Trial], criteria: list[Criterion]) -> None:
    assert picked_k(criteria) == [4]
    app = open_page(blobs="4", points="240")
    (links,) = (str(html.proto.body) for html in app.get("html") if 'class="criteria-links"' in str(html.proto.body))
    (address,) = re.findall(r'href="\./\?([^"]+)"', links)
    assert message_html("how_many.look", k=4) in links
    opened, problems = decode(dict(parse_qsl(unescape(address))))
    assert (problems, opened.k) == ([], 4)
    assert run_input(opened).trace().cost == pytest.approx(trials[3].costs.points, rel=1e-9)


def test_a_k_above_the_number_of_points_is_looked_at_as_far_as_there_are_any() -> None:
    app = open_page(points="5", clusters="9")
    assert message("how_many.shown_title", k=5) in [heading.value for heading in app.header]
    assert list(app.query_params["clusters"]) == ["5"]
