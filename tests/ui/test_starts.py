"""Many starts: each outcome is that of the very run that the player shows, and the sentence's numbers are true."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sklearn.cluster import KMeans

from kmeans_core import RULES, StopReason
from ui import starts
from ui.cache import outcomes_of, points_of, trace_of
from ui.edits import Add, Move
from ui.settings import DEFAULT
from ui.starts import KINDS, Kind, Outcome


@pytest.fixture(scope="module")
def kinds() -> list[Kind]:
    asked = starts.undecided(DEFAULT)
    return starts.by_kind([outcomes_of(asked, 0, 60), outcomes_of(asked, 60, 40)])


def kind(name: str, *costs: float) -> dict[str, list[Outcome]]:
    return {name: [Outcome(seed, cost, 5) for seed, cost in enumerate(costs)]}


def test_a_bar_that_was_clicked_is_one_that_was_drawn() -> None:
    assert starts.picked(["random", 3]) == ("random", 3)
    junks: list[object] = [
        None,
        3,
        [],
        ["random"],
        ["nope", 3],
        ["random", -1],
        ["random", 10**400],
        ["random", 3.0],
        {"a": []},
    ]
    for junk in junks:
        assert starts.picked(junk) is None


def test_every_outcome_is_that_of_the_run_in_the_player(kinds: list[Kind]) -> None:
    points = points_of(DEFAULT)
    for one in kinds:
        assert [outcome.seed for outcome in one.outcomes] == list(range(100))
        for outcome in one.outcomes[::33]:
            trace = trace_of(replace(starts.undecided(DEFAULT), start=one.name, seed=outcome.seed), points)
            assert trace.stop_reason is StopReason.CONVERGED
            assert (trace.cost, trace.iterations) == (outcome.cost, outcome.iterations)


def test_the_share_of_random_starts_that_find_the_six_blobs_is_scikit_learns(kinds: list[Kind]) -> None:
    points = points_of(DEFAULT)
    best = min(one.costs.min() for one in kinds)
    theirs = [
        KMeans(6, init="random", n_init=1, max_iter=300, tol=0, random_state=seed).fit(points).inertia_
        for seed in range(100)
    ]
    share = sum(starts.is_best(cost, best) for cost in theirs) / 100
    # Two shares of 100 draws each: four standard errors apart at most, at the widest.
    assert abs(share - kinds[0].share) < 4 * (0.25 / 100 + 0.25 / 100) ** 0.5


def test_what_decides_one_run_alone_is_left_out_and_what_was_drawn_stays() -> None:
    settings = replace(DEFAULT, start="farthest", seed=9, edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert starts.undecided(settings) == replace(DEFAULT, edits=(Add((1.0, 2.0)),), iterations=100)


def test_the_best_is_the_best_of_all_kinds() -> None:
    part = kind("random", 10, 5, 20) | kind("k-means++", 4, 4.003, 9) | kind("farthest", 5) | kind("partition", 5)
    by_name = {one.name: one for one in starts.by_kind([part])}
    assert {name: one.reached for name, one in by_name.items()} == {
        "random": 0,
        "k-means++": 2,
        "farthest": 0,
        "partition": 0,
    }
    assert (by_name["random"].extreme().seed, by_name["random"].extreme(worst=True).seed) == (1, 2)


def test_every_start_is_in_one_bar_and_the_best_have_one_of_their_own(kinds: list[Kind]) -> None:
    for one in kinds:
        bars = starts.histogram(kinds)[one.name]
        assert sorted(outcome.seed for bar in bars for outcome in bar.outcomes) == list(range(100))
        if one.reached:
            assert len(bars[0].outcomes) == one.reached
        assert all(bar.outcomes for bar in bars)


@pytest.mark.parametrize("costs", [(0.0, 0.0), (7.0, 7.0), (0.0, 3.0)])
def test_starts_that_all_end_alike_or_at_nothing_have_a_sentence_and_a_picture(costs: tuple[float, float]) -> None:
    part = {name: kind(name, *costs)[name] for name in KINDS}
    found = starts.by_kind([part])
    assert "nan" not in starts.finding(found, 2)
    assert starts.figure(found, "cost", "dark").data
    if costs[0] == costs[1]:
        assert "the start does not matter" in starts.finding(found, 2)


def test_the_sentence_tells_the_numbers(kinds: list[Kind]) -> None:
    told = starts.finding(kinds, 100)
    assert told.startswith(f"Of 100 random starts, {kinds[0].reached} reached the best end")
    assert f"reached it less often: {kinds[1].reached} of 100." in told
    assert starts.finding(kinds, 200).startswith(f"So far, of 100 random starts, {kinds[0].reached} reached")
    numbers = starts.numbers(kinds)
    assert numbers["reached the best end"] == [one.reached for one in kinds]
    everything = starts.all_numbers(kinds)
    assert {len(column) for column in everything.values()} == {400}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("n", "count"), [(1, 200), (3072, 25), (3072, 2000), (100_000, 50)])
def test_the_parts_of_the_work_are_all_of_it(n: int, count: int, rule: str) -> None:
    parts = starts.chunks(n, count, rule)
    assert [seed for first, size in parts for seed in range(first, first + size)] == list(range(count))


def test_what_takes_long_waits_to_be_asked_for() -> None:
    assert not starts.is_heavy(3072, 50, "medoid")
    assert starts.is_heavy(3072, 200, "medoid")
    assert not starts.is_heavy(3072, 1000, "mean")
    assert starts.is_heavy(3072, 2000, "mean")
    assert starts.is_heavy(3072, 500, "medoid")
    assert starts.is_heavy(100_000, 200, "mean")
