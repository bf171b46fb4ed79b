"""The gallery: each case's claim holds on its own seeds and usually on others, and what it recommends does work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN, KMeans, SpectralClustering
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from streamlit.testing.v1 import AppTest

from kmeans_core import adjusted_rand_index, make_dataset, silhouette
from kmeans_core.types import Points
from tests.ui.test_pages import checked, opened
from ui import failures
from ui.cache import failures_found, points_of, trace_of
from ui.failures import CASES, Case, Found
from ui.settings import decode, encode

BY_NAME = {case.name: case for case in CASES}
OTHER_SEEDS = [(data_seed, seed) for data_seed in range(4) for seed in range(6)]


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    return failures_found()


def elsewhere(name: str) -> list[Found]:
    """The case on other data and from other starts."""
    return [BY_NAME[name].found(data_seed, seed) for data_seed, seed in OTHER_SEEDS]


def agreements(name: str) -> NDArray[np.float64]:
    return np.array([one.agreement for one in elsewhere(name)], dtype=np.float64)


def data(name: str, data_seed: int = 0) -> tuple[Points, NDArray[np.int64]]:
    settings = BY_NAME[name].settings
    points, truth = make_dataset(settings.data, seed=data_seed, **dict(settings.sizes))
    assert truth is not None
    return points, truth


# The claims.


@pytest.mark.parametrize("name", ["rings", "stretched", "units"])
def test_on_three_cases_it_is_no_better_than_chance_whatever_the_seeds(name: str) -> None:
    assert np.abs(agreements(name)).max() < failures.CHANCE


def test_on_all_others_it_is_better_than_chance_as_the_finding_says(found: dict[str, Found]) -> None:
    others = [one.agreement for one in found.values() if one.agreement is not None]
    assert sum(abs(value) < failures.CHANCE for value in others) == 3
    assert failures.finding(found).startswith("In 3 of these 8 cases")
    assert "all 8 runs come to rest" in failures.finding(found)
    assert all(one.trace.stop_reason == "converged" for one in found.values())


def test_the_agreement_is_scikit_learns(found: dict[str, Found]) -> None:
    for case in CASES:
        agreement = found[case.name].agreement
        if agreement is not None:
            truth = data(case.name, case.settings.data_seed)[1]
            assert agreement == pytest.approx(adjusted_rand_score(truth, found[case.name].trace.labels))


def test_the_tips_of_the_moons_change_sides() -> None:
    assert 0.15 < agreements("moons").min() <= agreements("moons").max() < 0.5
    _, truth = data("moons")
    panel = BY_NAME["moons"].found().after[1]
    assert panel.groups is not None
    for moon in (0, 1):
        shares = np.bincount(panel.groups[truth == moon], minlength=2) / (truth == moon).sum()
        assert shares[moon] > 0.6, "each cluster has most of one moon"
        assert shares[1 - moon] > 0.1, "and the tip of the other"


def test_it_is_the_wide_blob_that_loses_points_and_the_truth_costs_more() -> None:
    for one in elsewhere("unequal"):
        truth, groups = one.before.groups, one.after[1].groups
        assert truth is not None
        assert groups is not None
        wrong = truth[truth != groups]
        assert len(wrong) > 50
        assert np.mean(wrong == 2) > 0.9
        assert one.numbers["dearer"] > 10


def test_one_point_costs_means_a_blob_and_medoids_and_medians_usually_nothing() -> None:
    rules = {
        rule: np.array([one.numbers[rule] for one in elsewhere("outlier")]) for rule in ("mean", "medoid", "median")
    }
    assert rules["mean"].max() < 0.9
    assert min(np.mean(rules["medoid"] > 0.9), np.mean(rules["median"] > 0.9)) > 0.5
    own = BY_NAME["outlier"].found()
    assert np.bincount(own.trace.labels).min() == 1, "the outlier has a cluster of its own"
    assert own.numbers["medoid"] == own.numbers["median"] == 1


def test_standardized_features_usually_give_the_groups() -> None:
    assert np.median([one.numbers["standardized"] for one in elsewhere("units")]) == 1


def test_the_raw_features_are_split_left_from_right() -> None:
    points, _ = data("units")
    labels = BY_NAME["units"].found().trace.labels
    sides = [points[labels == label, 0] for label in (0, 1)]
    assert max(sides[0].min(), sides[1].min()) > min(sides[0].max(), sides[1].max())


def test_without_groups_two_starts_usually_disagree() -> None:
    between = [one.numbers["between"] for one in elsewhere("nothing")]
    assert np.mean(np.array(between) < 0.8) > 0.7
    assert BY_NAME["nothing"].found().numbers["between"] < 0.8
    assert all(len(np.unique(one.trace.labels)) == 5 for one in elsewhere("nothing"))


def test_spare_centers_cut_the_blobs_up_at_a_lower_cost() -> None:
    for one in elsewhere("spare"):
        assert len(np.unique(one.trace.labels)) == 10, "no center is idle"
        assert one.numbers["cheaper"] > 30
        assert one.agreement is not None
        assert one.agreement < 0.75
        assert one.numbers["right"] > 0.9


# What to use instead.


@pytest.mark.parametrize("data_seed", range(3))
def test_what_is_recommended_does_better(data_seed: int) -> None:
    for name, width in (("rings", 0.35), ("moons", 0.2)):
        points, truth = data(name, data_seed)
        assert adjusted_rand_index(DBSCAN(eps=width).fit_predict(points) + 1, truth) > 0.95, name
    points, truth = data("rings", data_seed)
    spectral = SpectralClustering(2, gamma=30, random_state=0)
    assert adjusted_rand_index(spectral.fit_predict(points), truth) > 0.95
    points, truth = data("stretched", data_seed)
    mixture = GaussianMixture(3, n_init=20, init_params="random_from_data", random_state=0)
    assert adjusted_rand_index(mixture.fit_predict(points), truth) > 0.9
    points, truth = data("unequal", data_seed)
    mixture = GaussianMixture(3, n_init=10, random_state=0)
    means = KMeans(3, n_init=10, random_state=0)
    assert adjusted_rand_index(mixture.fit_predict(points), truth) > adjusted_rand_index(
        means.fit_predict(points), truth
    )
    points, _ = data("spare", data_seed)
    three, ten = (silhouette(points, KMeans(k, n_init=5, random_state=0).fit_predict(points)).mean() for k in (3, 10))
    assert three > ten + 0.1


# The page.


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_run_in_the_player_is_the_run_of_the_case(case: Case, found: dict[str, Found]) -> None:
    settings, complaints = decode(encode(case.settings))
    assert (settings, complaints) == (case.settings, [])
    trace = trace_of(settings, points_of(settings))
    np.testing.assert_array_equal(trace.labels, found[case.name].trace.labels)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_has_its_words_and_pictures(case: Case, found: dict[str, Found]) -> None:
    one = found[case.name]
    told = failures.told(case, one)
    assert not {"{", "}", "nan"} & {*told, *told.split()}
    assert len(case.answers) == len(failures.LETTERS)
    assert case.instead.count(".") == 1, "one sentence"
    for theme in ("light", "dark"):
        assert failures.figure(one.after, theme).layout.height == failures.figure([one.before], theme).layout.height
    assert told in failures.in_words(case, one, answered=True)
    assert told not in failures.in_words(case, one, answered=False)


def test_a_minus_is_no_news_where_there_is_nothing() -> None:
    case = BY_NAME["rings"]
    assert failures.told(case, replace(case.found(), agreement=-0.001)).endswith("Agreement with the truth: 0.00.")


def test_guesses_go_into_a_link_and_come_back() -> None:
    none = failures.read_guesses("")
    guesses = failures.with_guess(failures.with_guess(none, 0, "b"), 2, "a")
    assert failures.written_guesses(guesses) == "b-a"
    assert failures.read_guesses("b-a") == guesses
    assert failures.with_guess(guesses, 0, "c") == guesses, "the first guess counts"
    assert failures.written_guesses(none) == ""
    assert failures.with_all_shown(guesses) == "bxaxxxxx"


@pytest.mark.parametrize("text", ["d", "bbbbbbbbb", "B", "b b", "b\n"])
def test_other_guesses_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="must be up to 8 letters of a, b, c, x and -"):
        failures.read_guesses(text)


def test_the_score() -> None:
    assert failures.score("--------") == "8 questions, nothing to lose."
    assert failures.score("b-------") == "1 of 1 guess right, 7 to go."
    assert failures.score("ab-x----") == "1 of 2 guesses right, 5 to go."
    assert failures.score("xxxxxxxx") == "All answers are shown."
    assert failures.score("bbcbcbcb") == "8 of 8 guesses right."


def answers_on(app: AppTest) -> list[str]:
    return [str(html.proto.body) for html in app.get("html") if 'class="answer takes-focus"' in str(html.proto.body)]


def test_a_guess_is_answered_and_remembered_and_nothing_else_is_given_away() -> None:
    app = opened("pages/failures.py")
    assert answers_on(app) == []
    app.button(key="guess.rings.a").click()
    (answer,) = answers_on(checked(app.run()))
    assert "Not this time." in answer
    assert "Agreement with the truth: 0.00" in answer
    assert app.query_params["guesses"] in ("a", ["a"])
    assert app.button(key="guess.rings.b").disabled
    assert not app.button(key="guess.moons.b").disabled
    next(button for button in app.button if button.label == "Start over").click()
    assert answers_on(checked(app.run())) == []
    assert "guesses" not in app.query_params


def test_all_answers_can_be_seen_at_once_and_the_sidebar_is_empty() -> None:
    app = opened("pages/failures.py")
    next(button for button in app.button if button.label == "Show all answers").click()
    assert len(answers_on(checked(app.run()))) == len(CASES)
    assert not app.sidebar.children


def test_a_link_brings_the_guesses_and_a_bad_one_a_sentence() -> None:
    assert len(answers_on(opened("pages/failures.py", guesses="b-c"))) == 2
    app = opened("pages/failures.py", guesses="<b>")
    assert "letters of a, b, c, x and -, not “<b>”" in app.warning[0].value
    assert answers_on(app) == []
