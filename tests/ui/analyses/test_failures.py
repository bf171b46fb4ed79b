"""The gallery: each case's claim holds on its own seeds and usually on others, and what it recommends does work."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN, KMeans, SpectralClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler
from streamlit.testing.v1 import AppTest

from kmeans_core import RunConfig, make_dataset, run
from kmeans_core.arrays import Points
from kmeans_core.messages.lists import joined
from tests.ui.shell.test_pages import check, open_page
from ui.analyses.failures import guesses, sentences
from ui.analyses.failures.cases import CASES, Case
from ui.analyses.failures.figure import figure
from ui.analyses.failures.results import CHANCE, CaseResult
from ui.settings.built_in_tables import built_in
from ui.settings.links import decode, encode
from ui.settings.run_input import run_input
from ui.text.markup import html_of
from ui.text.messages import CATALOG, message

BY_NAME = {case.name: case for case in CASES}
OTHER_SEEDS = [(data_seed, seed) for data_seed in range(4) for seed in range(6)]


@pytest.fixture(scope="module")
def results() -> dict[str, CaseResult]:
    return {case.name: case.run() for case in CASES}


def other_results(name: str) -> list[CaseResult]:
    """The case on other data and from other starts."""
    return [BY_NAME[name].run(data_seed, seed) for data_seed, seed in OTHER_SEEDS]


def agreements(name: str) -> NDArray[np.float64]:
    return np.array([result.agreement for result in other_results(name)], dtype=np.float64)


def data(name: str, data_seed: int = 0) -> tuple[Points, NDArray[np.int64]]:
    settings = BY_NAME[name].settings
    points, truth = make_dataset(settings.data, seed=data_seed, **dict(settings.sizes))
    assert truth is not None
    return points, truth


# The claims.


@pytest.mark.parametrize("name", ["rings", "stretched", "units"])
def test_on_three_cases_it_is_no_better_than_chance_whatever_the_seeds(name: str) -> None:
    assert np.abs(agreements(name)).max() < CHANCE


def test_on_all_others_it_is_better_than_chance_as_the_finding_says(results: dict[str, CaseResult]) -> None:
    matches = [result.agreement for result in results.values() if result.agreement is not None]
    assert sum(abs(match) < CHANCE for match in matches) == 3
    values = {"lost": 3, "cases": 8, "converged": 8, "all_converged": True}
    assert sentences.finding(results) == message("failures.finding", **values)
    assert all(result.trace.stop_reason == "converged" for result in results.values())


def test_the_agreement_is_scikit_learns(results: dict[str, CaseResult]) -> None:
    for case in CASES:
        agreement = results[case.name].agreement
        if agreement is not None:
            truth = data(case.name, case.settings.data_seed)[1]
            assert agreement == pytest.approx(adjusted_rand_score(truth, results[case.name].trace.labels))


def test_the_tips_of_the_moons_change_sides() -> None:
    assert 0.15 < agreements("moons").min() <= agreements("moons").max() < 0.5
    _, truth = data("moons")
    panel = BY_NAME["moons"].run().after[0]
    assert panel.groups is not None
    for moon in (0, 1):
        shares = np.bincount(panel.groups[truth == moon], minlength=2) / (truth == moon).sum()
        assert shares[moon] > 0.6, "each cluster has most of one moon"
        assert shares[1 - moon] > 0.1, "the other cluster has the tip of this moon"


def test_it_is_the_wide_blob_that_loses_points_and_the_truth_costs_more() -> None:
    for result in other_results("unequal"):
        truth, groups = result.before.groups, result.after[0].groups
        assert truth is not None
        assert groups is not None
        misplaced = truth[truth != groups]
        assert len(misplaced) > 50
        assert np.mean(misplaced == 2) > 0.9
        assert result.numbers["extra_percent"] > 10


def test_one_point_costs_means_a_blob_and_medoids_and_medians_usually_nothing() -> None:
    rules = {
        rule: np.array([result.numbers[rule] for result in other_results("outlier")])
        for rule in ("mean", "medoid", "median")
    }
    assert rules["mean"].max() < 0.9
    assert min(np.mean(rules["medoid"] > 0.9), np.mean(rules["median"] > 0.9)) > 0.5
    default = BY_NAME["outlier"].run()
    assert np.bincount(default.trace.labels).min() == 1, "the outlier has a cluster of its own"
    assert default.numbers["medoid"] == default.numbers["median"] == 1


def test_standardized_features_usually_give_the_groups() -> None:
    assert np.median([result.numbers["standardized"] for result in other_results("units")]) == 1


def test_the_raw_features_are_split_left_from_right() -> None:
    points, _ = data("units")
    labels = BY_NAME["units"].run().trace.labels
    sides = [points[labels == label, 0] for label in (0, 1)]
    assert max(sides[0].min(), sides[1].min()) > min(sides[0].max(), sides[1].max())


def test_without_groups_two_starts_usually_disagree() -> None:
    matches = np.array([result.numbers["run_match"] for result in other_results("nothing")])
    assert np.mean(matches < 0.8) > 0.7
    assert BY_NAME["nothing"].run().numbers["run_match"] < 0.8
    assert all(len(np.unique(end.trace.labels)) == 5 for end in other_results("nothing"))


def test_spare_centers_cut_the_blobs_up_at_a_lower_cost() -> None:
    for result in other_results("spare"):
        assert len(np.unique(result.trace.labels)) == 10, "no center is idle"
        assert result.numbers["saved_percent"] > 30
        assert result.agreement is not None
        assert result.agreement < 0.75
        assert result.numbers["right_k_match"] > 0.9


def text_of(name: str, results: dict[str, CaseResult]) -> str:
    return sentences.result_text(BY_NAME[name], results[name])


def labels_of(results: CaseResult) -> NDArray[np.int64]:
    return np.asarray(results.trace.labels, dtype=np.int64)


def sum_of_squares(points: Points, labels: NDArray[np.int64]) -> float:
    """The within-cluster sum of squares, by the formula."""
    return sum(
        float(((points[labels == label] - points[labels == label].mean(axis=0)) ** 2).sum()) for label in set(labels)
    )


def same_partition(first: NDArray[np.int64], second: NDArray[np.int64]) -> bool:
    return bool(adjusted_rand_score(first, second) == 1)


@pytest.mark.parametrize("name", ["rings", "stretched", "units"])
def test_no_better_than_chance_means_no_better_than_shuffled_labels(name: str, results: dict[str, CaseResult]) -> None:
    _, truth = data(name)
    labels, rng = labels_of(results[name]), np.random.default_rng(0)
    shuffled = [adjusted_rand_score(truth, rng.permutation(labels)) for _ in range(400)]
    agreement = results[name].agreement
    assert agreement is not None
    assert agreement <= np.quantile(shuffled, 0.975) < CHANCE


@pytest.mark.parametrize("name", ["moons", "stretched", "unequal"])
def test_the_sentences_have_the_true_counts_and_costs(name: str, results: dict[str, CaseResult]) -> None:
    points, truth = data(name)
    labels, text = labels_of(results[name]), text_of(name, results)
    table = np.histogram2d(truth, labels, bins=(truth.max() + 1, truth.max() + 1))[0]
    misplaced_count = len(points) - int(table[linear_sum_assignment(-table)].sum())
    values = {
        "wrong": misplaced_count,
        "extra_percent": 100 * (sum_of_squares(points, truth) / sum_of_squares(points, labels) - 1),
        "adjusted_rand_index": adjusted_rand_score(truth, labels),
    }
    key = BY_NAME[name].result
    assert text == message(key, **{value: values[value] for value in CATALOG.template(key).names})


def test_the_cheapest_triple_of_medoids_gives_the_outlier_a_cluster_of_its_own(
    results: dict[str, CaseResult],
) -> None:
    points, truth = data("outlier")
    distances = cdist(points, points)
    triples = list(combinations(range(len(points)), 3))
    costs = [distances[list(triple)].min(axis=0).sum() for triple in triples]
    best = distances[list(triples[int(np.argmin(costs))])].argmin(axis=0)
    assert np.count_nonzero(best == best[-1]) == 1, "the outlier is alone"
    medoids = results["outlier"].after[1]
    assert medoids.groups is not None
    assert medoids.centers is not None
    cost = float(np.linalg.norm(points[:, None] - medoids.centers, axis=2).min(axis=1).sum())
    assert min(costs) < cost
    matches = {rule: results["outlier"].numbers[rule] for rule in ("mean", "medoid", "median")}
    assert text_of("outlier", results) == message("failures.outlier_result", **matches)
    values = {"triples": 15180, "lowest_cost": min(costs), "cost": cost}
    detail = sentences.detail_text(BY_NAME["outlier"], results["outlier"])
    assert detail == message("failures.outlier_detail", **values)
    assert len(triples) == 15180
    assert adjusted_rand_score(truth, medoids.groups) == 1


def test_a_squared_outlier_outweighs_a_blob_and_hardly_moves_a_medoid_or_a_median(
    results: dict[str, CaseResult],
) -> None:
    points, truth = data("outlier")
    labels = labels_of(results["outlier"])
    assert sum_of_squares(points, labels) < sum_of_squares(points, truth) / 10
    blob, blob_without = points[truth == truth[-1]], points[:-1][truth[:-1] == truth[-1]]
    spread = blob_without.std(axis=0).max()
    medoids = [group[cdist(group, group).sum(axis=0).argmin()] for group in (blob, blob_without)]
    for center, center_without in (medoids, [np.median(group, axis=0) for group in (blob, blob_without)]):
        assert np.linalg.norm(center - center_without) < spread / 2
    assert np.linalg.norm(blob.mean(axis=0) - blob_without.mean(axis=0)) > 3 * spread


def test_every_start_splits_unlike_units_the_same_way(results: dict[str, CaseResult]) -> None:
    points, _ = data("units")
    labels = labels_of(results["units"])
    ends = [run(points, RunConfig(k=2, init="random", seed=seed, max_iter=300)) for seed in range(200)]
    assert all(same_partition(labels, np.asarray(end.labels)) for end in ends)
    variances = ((points - points.mean(axis=0)) ** 2).mean(axis=0)
    matches = {kind: results["units"].numbers[kind] for kind in ("raw", "standardized")}
    percent = float(100 * variances[0] / variances.sum())
    assert text_of("units", results) == message("failures.units_result", **matches)
    detail = sentences.detail_text(BY_NAME["units"], results["units"])
    assert detail == message("failures.units_detail", variance_percent=percent)


def test_without_groups_the_best_of_many_starts_match_all_the_same(results: dict[str, CaseResult]) -> None:
    points = points_without_groups()
    ends = [
        KMeans(5, n_init=1, init=points[np.random.default_rng(seed).choice(len(points), 5, replace=False)]).fit(points)
        for seed in range(100)
    ]
    best = [min(ends[first : first + 10], key=lambda end: end.inertia_).labels_ for first in range(0, 100, 10)]
    assert min(adjusted_rand_score(first, second) for first, second in combinations(best, 2)) > 0.9
    assert results["nothing"].numbers["best_match"] > 0.9
    assert results["nothing"].numbers["runs"] == 10


def test_the_spare_clusters_cost_less_than_the_three_blobs(results: dict[str, CaseResult]) -> None:
    points, truth = data("spare")
    three = KMeans(3, n_init=20, random_state=0).fit(points)
    cheaper = 100 * (1 - sum_of_squares(points, labels_of(results["spare"])) / three.inertia_)
    values = {
        "saved_percent": cheaper,
        "runs": 10,
        "right_k_match": adjusted_rand_score(truth, three.labels_),
        "adjusted_rand_index": adjusted_rand_score(truth, labels_of(results["spare"])),
    }
    assert text_of("spare", results) == message("failures.spare_result", **values)


def test_every_run_that_is_shown_has_converged(results: dict[str, CaseResult]) -> None:
    numbers = sentences.numbers(results, "xxxxxxxx")
    assert set(numbers[message("failures.column_stop_reason")]) == {"converged"}
    for case in CASES:
        points, _ = make_dataset(case.settings.data, seed=case.settings.data_seed, **dict(case.settings.sizes))
        centers = results[case.name].trace.centers
        labels = cdist(points, centers).argmin(axis=1)
        means = [points[labels == j].mean(axis=0) for j in range(len(centers))]
        np.testing.assert_allclose(means, centers, atol=1e-9)


# What to use instead: run on the very points that are shown.


def points_without_groups() -> Points:
    settings = BY_NAME["nothing"].settings
    points, truth = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
    assert truth is None
    return points


def match(name: str, labels: NDArray[np.int64]) -> float:
    return float(adjusted_rand_score(data(name)[1], labels))


def advice_numbers(name: str) -> list[str]:
    """Return the numbers in what a case says to use instead and in its details, in their order."""
    case = BY_NAME[name]
    details = "" if CATALOG.template(case.detail).names else message(case.detail)
    return re.findall(r"\d+(?:\.\d+)?(?:e-\d+)?", f"{case.instead} {details}")


def test_neighbors_find_rings_and_moons() -> None:
    points, _ = data("rings")
    assert advice_numbers("rings") == ["1.00", "0.35"]
    assert f"{match('rings', DBSCAN(eps=0.35).fit_predict(points)):.2f}" == "1.00"
    spectral = SpectralClustering(2, gamma=30, random_state=0).fit_predict(points)
    assert f"{match('rings', spectral):.2f}" == "1.00"
    points, _ = data("moons")
    assert advice_numbers("moons") == [f"{match('moons', DBSCAN(eps=0.2).fit_predict(points)):.2f}", "0.2"]


def test_a_gaussian_mixture_finds_long_blobs_from_many_random_starts() -> None:
    points, _ = data("stretched")
    mixture = GaussianMixture(3, n_init=20, init_params="random_from_data", random_state=0)
    assert advice_numbers("stretched") == [f"{match('stretched', mixture.fit_predict(points)):.2f}", "20"]


def test_a_gaussian_mixture_finds_unequal_blobs_once_it_has_converged() -> None:
    points, _ = data("unequal")
    for seed in range(3):
        mixture = GaussianMixture(3, tol=1e-6, max_iter=1000, random_state=seed).fit(points)
        assert mixture.converged_
        assert advice_numbers("unequal") == [f"{match('unequal', mixture.predict(points)):.2f}", "1e-6"]


def test_dbscan_leaves_out_the_outlier_alone_and_finds_the_blobs() -> None:
    points, truth = data("outlier")
    labels = DBSCAN(eps=2).fit_predict(points)
    assert re.findall(r"radius of (\d)", CATALOG.texts[BY_NAME["outlier"].detail]) == ["2"]
    assert np.flatnonzero(labels == -1).tolist() == [len(points) - 1]
    assert adjusted_rand_score(truth[:-1], labels[:-1]) == 1


def test_standardizing_finds_the_groups_of_unlike_units_and_loses_those_of_two_columns_in_centimeters() -> None:
    points, _ = data("units")
    scaled = StandardScaler().fit_transform(points)
    assert match("units", KMeans(2, n_init=10, random_state=0).fit_predict(scaled)) == 1
    columns = built_in("iris").frame[["sepal width (cm)", "petal length (cm)"]].to_numpy(dtype=np.float64)
    species = built_in("iris").frame["species"]
    matches = [
        adjusted_rand_score(species, KMeans(3, n_init=20, random_state=0).fit_predict(values))
        for values in (columns, StandardScaler().fit_transform(columns))
    ]
    assert advice_numbers("units") == [f"{value:.2f}" for value in matches]


def test_the_gap_statistic_takes_one_cluster_where_there_is_nothing() -> None:
    points = points_without_groups()
    low, high = points.min(axis=0), points.max(axis=0)
    draws = [np.random.default_rng(seed).uniform(low, high, points.shape) for seed in range(20)]

    def logs(sample: Points) -> NDArray[np.float64]:
        return np.log([KMeans(k, n_init=5, random_state=0).fit(sample).inertia_ for k in range(1, 7)])

    log_costs, reference = logs(points), np.array([logs(draw) for draw in draws])
    gap = reference.mean(axis=0) - log_costs
    error = reference.std(axis=0) * np.sqrt(1 + 1 / len(draws))
    first = next(k for k in range(1, 6) if gap[k - 1] >= gap[k] - error[k])
    assert advice_numbers("nothing") == [str(first)]


def test_of_all_k_the_right_one_has_the_largest_silhouette() -> None:
    points, _ = data("spare")
    means = [silhouette_score(points, KMeans(k, n_init=20, random_state=0).fit_predict(points)) for k in range(2, 13)]
    assert advice_numbers("spare") == ["2", "12", str(int(np.argmax(means)) + 2)]


# The page.


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_run_in_the_player_is_the_run_of_the_case(case: Case, results: dict[str, CaseResult]) -> None:
    settings, complaints = decode(encode(case.settings))
    assert (settings, complaints) == (case.settings, [])
    trace = run_input(settings).trace()
    np.testing.assert_array_equal(trace.labels, results[case.name].trace.labels)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_has_its_words_and_pictures(case: Case, results: dict[str, CaseResult]) -> None:
    result = results[case.name]
    text = sentences.result_text(case, result)
    assert not {"{", "}", "nan"} & {*text, *text.split()}
    assert len(case.answers) == len(guesses.LETTERS)
    assert case.instead.endswith(".")
    assert ". " not in case.instead, "one sentence"
    assert not re.search("DBSCAN|mixture|statistic|silhouette|standardize", case.instead), "names are in the details"
    assert sentences.detail_text(case, result).endswith(".")
    for theme in ("light", "dark"):
        heights = {figure(panel, theme).layout.height for panel in (result.before, *result.after)}
        assert len(heights) == 1
    assert case.story in sentences.alt(case, result)
    for panel in result.after:
        assert panel.title in sentences.panel_alt(panel)


def test_a_minus_is_no_news_where_there_is_nothing() -> None:
    case = BY_NAME["rings"]
    text = sentences.result_text(case, replace(case.run(), agreement=-0.001))
    assert text == message("failures.rings_result", adjusted_rand_index=0.0)


def test_guesses_go_into_a_link_and_come_back() -> None:
    no_guesses = guesses.decode_guesses("")
    two_guesses = guesses.with_guess(guesses.with_guess(no_guesses, 0, "b"), 2, "a")
    assert guesses.encode_guesses(two_guesses) == "b-a"
    assert guesses.decode_guesses("b-a") == two_guesses
    assert guesses.with_guess(two_guesses, 0, "c") == two_guesses, "the first guess counts"
    assert guesses.encode_guesses(no_guesses) == ""
    assert guesses.with_all_shown(two_guesses) == "bxaxxxxx"


@pytest.mark.parametrize("text", ["d", "bbbbbbbbb", "B", "b b", "b\n"])
def test_other_guesses_are_refused_with_a_sentence(text: str) -> None:
    problem = message("failures.bad_guesses", max=8, text=f"“{text}”")
    with pytest.raises(ValueError, match=re.escape(problem)):
        guesses.decode_guesses(text)


def test_the_score() -> None:
    assert guesses.score("--------") == message("failures.score", made=0, right=0, left=8)
    assert guesses.score("b-------") == message("failures.score", made=1, right=1, left=7)
    assert guesses.score("ab-x----") == message("failures.score", made=2, right=1, left=5)
    assert guesses.score("xxxxxxxx") == message("failures.score", made=0, right=0, left=0)
    assert guesses.score("bbcbcbcb") == message("failures.score", made=8, right=8, left=0)


def test_the_cases_that_the_finding_asks_for_are_named_once_they_are_answered(results: dict[str, CaseResult]) -> None:
    cases = sentences.lost_cases(results)
    assert {case.name for case in cases} == {"rings", "stretched", "units"}
    titles = joined([f"“{case.title}”" for case in cases])
    right = "".join(guesses.LETTERS[case.right] if case in cases else "-" for case in CASES)
    assert sentences.payoff(results, right) == message("failures.payoff", lost=3, titles=titles, right=3, guessed=3)
    once = "a" + "x" * (len(CASES) - 1)
    assert sentences.payoff(results, once) == message("failures.payoff", lost=3, titles=titles, right=0, guessed=1)
    assert sentences.payoff(results, "-" + right[1:]) == ""
    expected = message("failures.payoff", lost=3, titles=titles, right=0, guessed=0)
    assert sentences.payoff(results, "x" * len(CASES)) == expected
    rings = BY_NAME["rings"]
    picked = message("failures.picked", answer=rings.answers[0].text)
    assert sentences.button_label(rings, 0, "a") == picked
    assert sentences.button_label(rings, 0, "-") == rings.answers[0].text


def answers_on(app: AppTest) -> list[str]:
    return [str(html.proto.body) for html in app.get("html") if 'class="answer takes-focus"' in str(html.proto.body)]


def test_a_guess_is_answered_and_remembered_and_nothing_else_is_given_away() -> None:
    app = open_page("pages/failures.py")
    assert answers_on(app) == []
    app.button(key="guess.rings.a").click()
    (answer,) = answers_on(check(app.run()))
    case = BY_NAME["rings"]
    assert html_of(sentences.reply(case, "a")) in answer
    assert html_of(sentences.result_text(case, case.run())) in answer
    assert app.query_params["guesses"] in ("a", ["a"])
    assert app.button(key="guess.rings.b").disabled
    assert not app.button(key="guess.moons.b").disabled
    next(button for button in app.button if button.label == message("failures.start_over")).click()
    assert answers_on(check(app.run())) == []
    assert "guesses" not in app.query_params


def test_all_answers_can_be_seen_at_once_and_the_sidebar_is_empty() -> None:
    app = open_page("pages/failures.py")
    next(button for button in app.button if button.label == message("failures.show_all")).click()
    assert len(answers_on(check(app.run()))) == len(CASES)
    assert not app.sidebar.children


def test_a_link_brings_the_guesses_and_a_bad_one_a_sentence() -> None:
    assert len(answers_on(open_page("pages/failures.py", guesses="b-c"))) == 2
    app = open_page("pages/failures.py", guesses="<b>")
    assert "“\\<b\\>”" in app.warning[0].value
    assert answers_on(app) == []
