"""How many clusters: the criteria are those of the literature, their sentences true, and every K is a run to open."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

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
from ui.analyses.how_many.criteria import compute_criteria, numbers, shown_k, shown_k_options
from ui.analyses.how_many.curves import Criterion, Curve
from ui.analyses.how_many.elbow_criterion import elbow_pick
from ui.analyses.how_many.figure import criterion_figure, silhouette_figure
from ui.analyses.how_many.silhouette_criterion import run_silhouettes
from ui.analyses.how_many.trials import (
    INIT,
    Pair,
    Trial,
    best_trial,
    is_heavy,
    k_batches,
    runs_per_k,
    trial,
    trial_settings,
)
from ui.settings.edits import Add, Move
from ui.settings.record import OPENING, Settings
from ui.settings.run_input import run_input
from ui.settings.sizes import default_sizes
from ui.text.messages import message

BLOBS = trial_settings(replace(OPENING.with_data("blobs"), sizes=(("blobs", 4), ("points", 240))))


def all_trials(settings: Settings) -> list[Trial]:
    return [best_trial(run_input(settings), k) for ks in k_batches(len(run_input(settings).points)) for k in ks]


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return all_trials(BLOBS)


@pytest.fixture(scope="module")
def criteria(trials: list[Trial]) -> list[Criterion]:
    return compute_criteria(trials)


def test_every_k_is_the_best_of_its_runs_in_the_player(trials: list[Trial]) -> None:
    assert [one.k for one in trials] == list(range(1, 16))
    for one in trials[::5]:
        costs = [run_input(replace(BLOBS, k=one.k, seed=seed)).trace().cost for seed in range(runs_per_k(240, "mean"))]
        assert one.costs.points == min(costs) == costs[one.seed]


def test_costs_and_silhouettes_are_about_scikit_learns(trials: list[Trial]) -> None:
    points = run_input(BLOBS).points
    for one in trials[1:6]:
        theirs = KMeans(one.k, n_init=50, random_state=0).fit(points)
        assert one.costs.points <= theirs.inertia_ * 1.001
        ours = run_input(replace(BLOBS, k=one.k, seed=one.seed)).trace().labels
        assert one.silhouettes.points == pytest.approx(silhouette_score(points, ours))


def test_all_criteria_find_four_blobs_and_the_gap_alone_finds_nothing_in_nothing(criteria: list[Criterion]) -> None:
    assert [criterion.points.pick for criterion in criteria] == [4, 4, 4]
    elbow, silhouette, gap = (criterion.noise.pick for criterion in criteria)
    assert gap == 1
    assert None not in (elbow, silhouette)
    text = sentences.finding(criteria, sentences.known_groups(run_input(BLOBS)), done=True)
    agree = message("how_many.agree", done=True, tried=15, k="4")
    assert text.startswith(f"{agree} {message('how_many.true_groups', count=4)} ")
    noise = message(
        "how_many.noise",
        elbow=str(elbow),
        silhouette=str(silhouette),
        gap="1",
        tried=15,
        always=criteria[2].shown_pick_count == 11,
        times=criteria[2].shown_pick_count,
        sets=11,
    )
    assert text.endswith(noise)


# --- A criterion is not blamed for our search


@pytest.fixture(scope="module")
def post_trials() -> list[Trial]:
    return all_trials(trial_settings(OPENING))


def squares_by_scikit_learn(points: Floats, k: int, n_init: int) -> float:
    return float(KMeans(k, n_init=n_init, tol=0, random_state=0).fit(points).inertia_)


@pytest.mark.parametrize("k", [5, 6, 7, 15])
def test_every_k_post_trialss_data_is_searched_as_well_as_by_forty_runs_of_scikit_learn(
    post_trials: list[Trial], k: int
) -> None:
    theirs = squares_by_scikit_learn(run_input(OPENING).points, k, n_init=40)
    assert post_trials[k - 1].costs.points <= theirs * (1 + (1e-6 if k <= 6 else 0.005))


def test_more_clusters_never_cost_more_where_the_search_is_good(post_trials: list[Trial]) -> None:
    for which in (0, 1):
        costs = [one.costs[which] for one in post_trials]
        assert costs == sorted(costs, reverse=True)
    assert "The search failed" not in sentences.search(post_trials, 3072, "mean")


def test_the_gap_statistic_finds_the_six_blobs_post_trials_with_all_points(post_trials: list[Trial]) -> None:
    _, _, gap = compute_criteria(post_trials)
    assert gap.points.pick == 6
    assert gap.noise.pick == 1
    assert len(gap.noise_picks) == gap_criterion.REFERENCE_SETS + 1
    # The same from scratch: other noise, another library, the formulas of the paper.
    points, rng = run_input(OPENING).points, np.random.default_rng(99)
    box = points.min(axis=0), points.max(axis=0)
    ks = range(1, 8)
    logs = np.log([squares_by_scikit_learn(points, k, n_init=40) for k in ks])
    others = [
        [np.log(squares_by_scikit_learn(rng.uniform(*box, points.shape), k, n_init=4)) for k in ks] for _ in range(6)
    ]
    gaps = np.mean(others, axis=0) - logs
    errors = np.std(others, axis=0) * np.sqrt(1 + 1 / len(others))
    np.testing.assert_allclose(gap.points.values[:7], gaps, atol=0.02)
    picked = next(k for k in range(1, 7) if gaps[k - 1] >= gaps[k] - errors[k])
    assert picked == 6


def test_the_picks_on_noise_are_those_of_each_set_against_the_others(post_trials: list[Trial]) -> None:
    _, _, gap = compute_criteria(post_trials)
    logs = np.log([[one.squares.noise, *one.reference] for one in post_trials])
    for at, pick in enumerate(gap.noise_picks):
        others = [row for other, row in enumerate(logs.T) if other != at]
        gaps = np.mean(others, axis=0) - logs[:, at]
        errors = np.std(others, axis=0) * np.sqrt(1 + 1 / len(others))
        good = [k + 1 for k in range(len(gaps) - 1) if gaps[k] >= gaps[k + 1] - errors[k + 1]]
        assert pick == (good[0] if good else None)
    counts = {pick: gap.noise_picks.count(pick) for pick in gap.noise_picks}
    assert counts[gap.noise.pick] == gap.shown_pick_count == max(counts.values())
    text = sentences.finding(compute_criteria(post_trials), sentences.known_groups(run_input(OPENING)), done=True)
    assert f"K = 6. {message('how_many.true_groups', count=6)}" in text
    assert f"K = 1 ({gap.shown_pick_count} of 11 times)." in text


def test_silhouettes_are_those_of_all_points(post_trials: list[Trial]) -> None:
    points = run_input(OPENING).points
    for k in (2, 6):
        one = post_trials[k - 1]
        labels = run_input(replace(trial_settings(OPENING), k=k, seed=one.seed)).trace().labels
        assert one.silhouettes.points == pytest.approx(silhouette_score(points, labels), rel=1e-9)


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
    assert "failed" not in usual
    assert "iteration limit" not in usual


@pytest.mark.parametrize(("n", "rule", "runs"), [(240, "mean", 32), (20_000, "mean", 16), (200_000, "mean", 8)])
def test_it_is_said_how_each_k_was_searched(trials: list[Trial], n: int, rule: str, runs: int) -> None:
    text = sentences.search(trials, n, rule)
    assert f"the best of {runs} runs from greedy k-means++ counts" in text
    assert ("10,000 points" in text) == (n > 10_000)


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
    points = run_input(OPENING).points
    noise = gap_criterion.uniform_noise(points, 5000, 3)
    assert (noise.min(axis=0) >= points.min(axis=0)).all()
    assert (noise.max(axis=0) <= points.max(axis=0)).all()
    counts, _, _ = np.histogram2d(noise[:, 0], noise[:, 1], bins=4)
    # Sixteen cells of 312 points each, give or take six standard deviations.
    assert np.abs(counts - 312.5).max() < 6 * 312.5**0.5
    np.testing.assert_array_equal(noise, gap_criterion.uniform_noise(points, 5000, 3))


def test_data_that_are_even_themselves_are_not_compared_with_themselves() -> None:
    points = run_input(replace(OPENING.with_data("uniform"), sizes=(("points", 50), ("width", 1.0)))).points
    for draw in range(gap_criterion.REFERENCE_SETS + 1):
        noise = gap_criterion.uniform_noise(points, 50, draw)
        assert np.linalg.norm(noise - points, axis=1).mean() > 0.2


@pytest.mark.parametrize("rule", RULES)
def test_the_gap_is_computed_with_sums_of_squares_whatever_the_rule(rule: str) -> None:
    points = run_input(BLOBS).points
    measured = trial(points, best_run(points, RunConfig(k=3, rule=rule, init=INIT), range(32)))
    assert measured.squares.points == pytest.approx(squares_by_scikit_learn(points, 3, n_init=10), rel=1e-6)
    gap = compute_criteria([measured])[2]
    assert ("whatever algorithm" in sentences.explanation(gap, len(points), rule)) == (rule != "mean")


def test_what_decides_one_run_alone_is_left_out() -> None:
    settings = replace(BLOBS, k=9, seed=7, init="farthest", edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert trial_settings(settings) == replace(BLOBS, edits=(Add((1.0, 2.0)),))


def test_the_silhouettes_of_many_points_are_those_of_some_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(trial_settings(OPENING), k=6, seed=99)
    with monkeypatch.context() as patch:
        patch.setattr(silhouette_criterion, "MAX_POINTS", 1000)
        values, labels = run_silhouettes(run_input(settings))
    assert len(values) == len(labels) == 1000
    theirs = silhouette_score(run_input(OPENING).points, run_input(settings).trace().labels)
    assert values.mean() == pytest.approx(theirs, abs=0.03)
    criterion = Criterion("silhouette", Curve(values, 2), Curve(values, 2))
    assert "4,000 points" in sentences.explanation(criterion, 4001, "mean")
    assert "4,000" not in sentences.explanation(criterion, 4000, "mean")


@pytest.mark.parametrize(
    ("sizes", "most"),
    [({"points": 1}, 1), ({"points": 2}, 2), ({"points": 9}, 9), ({"points": 40, "blobs": 1, "spread": 0.0}, 15)],
    ids=["one point", "two points", "nine points", "all equal"],
)
def test_few_or_equal_points_have_sentences_and_pictures(sizes: dict[str, float], most: int) -> None:
    settings = replace(BLOBS, sizes=tuple((dict(default_sizes("blobs")) | sizes).items()))
    trials = all_trials(settings)
    assert trials[-1].k == most
    criteria = compute_criteria(trials)
    text = sentences.finding(criteria, sentences.known_groups(run_input(settings)), done=True)
    assert "nan" not in text.lower()
    assert all(criterion_figure(criterion, 1, most, "dark").data for criterion in criteria)
    table = numbers(trials, criteria)
    assert {len(column) for column in table.values()} == {most}
    assert not any(isinstance(value, float) and isnan(value) for column in table.values() for value in column)


def test_a_k_without_a_color_can_not_be_picked_or_looked_at(criteria: list[Criterion], trials: list[Trial]) -> None:
    drawn = criterion_figure(criteria[0], 4, 15, "light")
    assert list(drawn.data[1].customdata) == [*range(1, 13), None, None, None]
    assert shown_k_options(trials) == list(range(13))
    assert [shown_k(criteria, wanted) for wanted in (0, 1, 7, 12)] == [4, 1, 7, 12]
    assert shown_k(compute_criteria(trials[:5]), 12) == 5


def test_every_silhouette_is_drawn_once_in_its_clusters_place() -> None:
    values, labels = run_silhouettes(run_input(replace(BLOBS, k=4)))
    drawn = silhouette_figure(values, labels, 4, "light")
    for cluster, area in enumerate(drawn.data):
        own = np.asarray(area.x)[1:-1:2]
        np.testing.assert_array_equal(own, -np.sort(-values[labels == cluster]))
    assert "Cluster 1: " in sentences.silhouettes_alt(values, labels, 4)


def test_the_groups_are_known_until_a_point_is_drawn() -> None:
    assert run_input(BLOBS).true_group_count() == 4
    assert run_input(replace(BLOBS, edits=(Add((0.0, 0.0)),))).true_group_count() is None
    assert run_input(OPENING.with_data("uniform")).true_group_count() is None


def test_generated_data_has_true_groups_and_a_column_of_labels_has_values() -> None:
    assert sentences.known_groups(run_input(BLOBS)) == message("how_many.true_groups", count=4)
    assert sentences.known_groups(run_input(OPENING.with_data("iris"))) == message(
        "how_many.label_values", column="“species”", count=3
    )
    assert sentences.known_groups(run_input(OPENING.with_data("faithful"))) == "", "no column of labels is chosen"
    assert sentences.known_groups(run_input(OPENING.with_data("uniform"))) == "", "drawn from no groups"
    assert sentences.known_groups(run_input(replace(BLOBS, edits=(Add((0.0, 0.0)),)))) == "", (
        "nobody knows where a drawn point belongs"
    )


def test_what_takes_long_waits_to_be_asked_for() -> None:
    assert not is_heavy(3072, "medoid")
    assert is_heavy(100_000, "mean")


def opened(**link: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/how_many.py")
    app.query_params.update({"data": "blobs"} | link)
    app.run()
    assert not app.exception
    return app


def test_what_takes_long_says_how_far_it_came() -> None:
    app = opened(points="7000", rule="medoid")
    assert message("shell.compute_rest") in [button.label for button in app.button]
    page_text = " ".join(str(element.proto.body) for element in app.get("html"))
    assert message("how_many.few_k", done=False, tried=2, percent=0.0).partition(",")[0] in page_text


def test_a_k_above_the_number_of_points_is_looked_at_as_far_as_there_are_any() -> None:
    app = opened(points="5", clusters="9")
    assert message("how_many.shown_title", k=5) in [heading.value for heading in app.header]
    assert list(app.query_params["clusters"]) == ["5"]
