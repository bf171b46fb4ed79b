"""Many starts: each outcome is that of the very run that the player shows, and the sentence's numbers are true."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

from kmeans_core import RULES, RunConfig, StopReason, iterate
from kmeans_core.arrays import Labels
from tests.oracles import Floats, all_distances
from ui.analyses.starts import runs, sentences
from ui.analyses.starts.coverage import contest
from ui.analyses.starts.crowding import examined_runs, spread_is_worse
from ui.analyses.starts.histogram import figure, histogram
from ui.analyses.starts.outcomes import (
    CLOSE,
    KINDS,
    UNUSED,
    Kind,
    StartOutcome,
    clicked_run,
    close_runs,
    extremes,
    group_by_kind,
    is_heavy,
    kind_numbers,
    results_by_cost,
    run_numbers,
    seed_batches,
)
from ui.settings.edits import Add, Move
from ui.settings.record import OPENING, POST, Settings
from ui.settings.run_input import run_input
from ui.text.messages import message


@pytest.fixture(scope="module")
def kinds() -> list[Kind]:
    settings = POST.canonical(UNUSED)
    return group_by_kind([runs.outcomes(run_input(settings), 0, 60), runs.outcomes(run_input(settings), 60, 40)])


def outcomes(name: str, *costs: float) -> dict[str, list[StartOutcome]]:
    """Return runs of which those with the same cost found the same partition."""
    return {name: [StartOutcome(seed, cost, 5, repr(cost).encode(), True) for seed, cost in enumerate(costs)]}


def every_kind(*costs: float) -> dict[str, list[StartOutcome]]:
    return {name: outcomes(name, *costs)[name] for name in KINDS}


def labels_of(name: str, seed: int, settings: Settings = POST) -> Labels:
    settings = replace(settings.canonical(UNUSED), init=name, seed=seed)
    return run_input(settings).trace().labels


def test_a_bar_that_was_clicked_is_one_that_was_drawn() -> None:
    assert clicked_run(["random", 3]) == ("random", 3)
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
        assert clicked_run(junk) is None


def test_every_outcome_is_that_of_the_run_in_the_player(kinds: list[Kind]) -> None:
    for kind in kinds:
        assert [outcome.seed for outcome in kind.outcomes] == list(range(100))
        for outcome in kind.outcomes[::33]:
            trace = run_input(replace(POST.canonical(UNUSED), init=kind.name, seed=outcome.seed)).trace()
            assert trace.stop_reason is StopReason.CONVERGED
            assert (trace.cost, trace.iterations) == (outcome.cost, outcome.iterations)


def test_runs_found_the_best_result_if_scikit_learn_calls_their_clusterings_the_same(kinds: list[Kind]) -> None:
    # Four partitions of these points cost the same to five digits, and differ in a few points.
    name, seed = close_runs(kinds)[0]
    best = labels_of(name, seed)
    lowest = min(outcome.cost for kind in kinds for outcome in kind.outcomes)
    for kind in kinds:
        # Equal clusterings cost the same, so the others need not be compared.
        seeds = [outcome.seed for outcome in kind.outcomes if outcome.cost <= lowest * (1 + 1e-6)]
        assert kind.best_count == sum(adjusted_rand_score(best, labels_of(kind.name, seed)) == 1 for seed in seeds)
        assert kind.best_count <= kind.close_count
    random = kinds[0]
    assert 0 < random.best_count < random.close_count, "a cost within 0.1% is not the same result"


def test_the_results_of_each_kind_are_as_many_as_scikit_learn_tells_apart(kinds: list[Kind]) -> None:
    random = kinds[0]
    partitions: list[Labels] = []
    for outcome in random.outcomes:
        labels = labels_of("random", outcome.seed)
        if all(adjusted_rand_score(labels, partition) < 1 for partition in partitions):
            partitions.append(labels)
    assert random.result_count == len(partitions)
    numbers = run_numbers(kinds)
    results, names = (numbers[message(key)] for key in ("starts.column_result", "starts.column_init"))
    assert len({result for result, name in zip(results, names, strict=True) if name == "random"}) == len(partitions)


def test_results_near_the_best_one_differ_in_as_many_points_as_the_best_matching_leaves(kinds: list[Kind]) -> None:
    close = close_runs(kinds)
    first, *further = (labels_of(*seeded_run) for seeded_run in close)
    assert further
    mismatches = []
    for labels in further:
        table = contingency_matrix(first, labels)
        mismatches.append(len(first) - max(table[range(6), list(order)].sum() for order in permutations(range(6))))
    difference = runs.difference(run_input(POST.canonical(UNUSED)), tuple(close))
    assert (difference.points, difference.n) == (max(mismatches), 3072)
    finding = sentences.finding(kinds, 100, difference)
    near_count = kinds[0].close_count - kinds[0].best_count
    values = {"count": near_count, "tolerance": CLOSE, "points": max(mismatches), "n": 3072}
    assert message("starts.close_difference", **values) in finding


def test_the_share_of_random_starts_that_find_the_six_blobs_is_scikit_learns(kinds: list[Kind]) -> None:
    points = run_input(POST).points
    sklearn_costs = [
        KMeans(6, init="random", n_init=1, max_iter=300, tol=0, random_state=seed).fit(points).inertia_
        for seed in range(100)
    ]
    share = sum(cost <= kinds[0].best_cost * (1 + CLOSE) for cost in sklearn_costs) / 100
    # Two shares of 100 draws each: four standard errors apart at most, at the widest.
    assert abs(share - kinds[0].close_count / 100) < 4 * (0.25 / 100 + 0.25 / 100) ** 0.5


def test_what_decides_one_run_alone_is_left_out_and_what_was_drawn_stays() -> None:
    settings = replace(POST, init="farthest", seed=9, edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert settings.canonical(UNUSED) == replace(POST, edits=(Add((1.0, 2.0)),))


def test_the_best_is_the_best_of_all_kinds() -> None:
    part = every_kind(5) | outcomes("random", 10, 5, 20) | outcomes("k-means++", 4, 4.003, 4, 9)
    by_name = {kind.name: kind for kind in group_by_kind([part])}
    assert {
        name: (kind.best_count, kind.close_count)
        for name, kind in by_name.items()
        if kind.best_count or kind.close_count
    } == {"k-means++": (2, 3)}
    assert (by_name["random"].cheapest.seed, by_name["random"].costliest.seed) == (1, 2)


def test_partitions_of_equal_cost_are_all_the_best_and_it_is_said() -> None:
    # The four corners of a square, K = 2: left and right, or top and bottom.
    runs = [
        StartOutcome(0, 1.0, 3, b"left", True),
        StartOutcome(1, 1.0 + 1e-15, 3, b"top", True),
        StartOutcome(2, 1.5, 3, b"x", True),
    ]
    kinds = group_by_kind([dict.fromkeys(KINDS, runs)])
    assert kinds[0].best_count == 2
    best = message("starts.best", done=True, found=2, count=3, results=2)
    assert sentences.finding(kinds, 3).startswith(f"{best} ")


def test_costs_of_different_results_read_differently(kinds: list[Kind]) -> None:
    results = results_by_cost(kinds)
    partitions_of: dict[str, set[bytes]] = {}
    for best, worst, best_cost, worst_cost in extremes(kinds):
        partitions_of.setdefault(best_cost, set()).add(best.partition)
        partitions_of.setdefault(worst_cost, set()).add(worst.partition)
    assert all(len(partitions) == 1 for partitions in partitions_of.values())
    assert [number for number, _ in results.values()] == list(range(1, len(results) + 1))


def test_runs_that_were_cut_off_are_said_to_be() -> None:
    runs = [
        StartOutcome(0, 1.0, 15, b"a", False),
        StartOutcome(1, 1.0, 9, b"a", True),
        StartOutcome(2, 2.0, 15, b"b", False),
    ]
    kinds = group_by_kind([dict.fromkeys(KINDS, runs)])
    finding = sentences.finding(kinds, 3)
    assert message("starts.stopped", stopped=2 * len(KINDS), total=3 * len(KINDS)) in finding
    assert kind_numbers(kinds)[message("starts.column_stopped")] == [2] * len(KINDS)
    finding = sentences.finding(group_by_kind([every_kind(1, 2)]), 2)
    assert not any(message("starts.stopped", stopped=count, total=2 * len(KINDS)) in finding for count in range(1, 9))


def test_every_start_is_in_one_bar_and_the_best_have_one_of_their_own(kinds: list[Kind]) -> None:
    for kind in kinds:
        bars = histogram(kinds)[kind.name]
        assert sorted(outcome.seed for bar in bars for outcome in bar.outcomes) == list(range(100))
        if kind.close_count:
            assert len(bars[0].outcomes) == kind.close_count
        assert all(bar.outcomes for bar in bars)


@pytest.mark.parametrize("costs", [(0.0, 0.0), (7.0, 7.0), (0.0, 3.0)])
def test_starts_that_all_end_alike_or_at_nothing_have_a_sentence_and_a_picture(costs: tuple[float, float]) -> None:
    groups = group_by_kind([every_kind(*costs)])
    assert "nan" not in sentences.finding(groups, 2)
    assert figure(groups, "cost", "dark").data
    if costs[0] == costs[1]:
        sentence = message("starts.same", done=True, total=2 * len(KINDS))
        assert sentence in sentences.finding(groups, 2)


def test_the_sentence_tells_the_numbers(kinds: list[Kind]) -> None:
    finding = sentences.finding(kinds, 100)
    random = kinds[0]
    best = {"found": random.best_count, "count": 100, "results": 1}
    assert finding.startswith(f"{message('starts.best', done=True, **best)} ")
    assert message("starts.close", count=random.close_count - random.best_count, tolerance=CLOSE) in finding
    assert all(kind.close_count <= random.close_count for kind in kinds)
    values = {"kind": "random", "close": True, "found": random.close_count, "count": 100}
    assert message("starts.winner", **values) in finding
    equal = sentences.finding(group_by_kind([every_kind(1.0, 2.0)]), 2)
    assert message("starts.winner", **values | {"kind": "all", "close": False, "found": 1, "count": 2}) in equal
    assert sentences.finding(kinds, 200).startswith(message("starts.best", done=False, **best))
    numbers = kind_numbers(kinds)
    assert numbers[message("starts.column_best")] == [kind.best_count for kind in kinds]
    columns = run_numbers(kinds)
    assert {len(column) for column in columns.values()} == {100 * len(KINDS)}


def a_single_point_helps(points: Floats, labels: Labels, k: int) -> bool:
    """Tell whether moving some point to another cluster lowers the sum of squares, with both means moved along."""

    def cost_of_cluster(members: Floats) -> float:
        return float(np.square(members - members.mean(axis=0)).sum()) if len(members) else 0.0

    costs = [cost_of_cluster(points[labels == j]) for j in range(k)]
    middles = np.array([points[labels == j].mean(axis=0) for j in range(k)])
    # The points nearest to another center gain most; the closed formula is left to others, the costs are summed up.
    distances = all_distances(points, middles, "sqeuclidean")
    apart = np.sort(distances, axis=1)
    for point in np.argsort(apart[:, 1] - apart[:, 0])[:60]:
        source, target = int(labels[point]), int(np.argsort(distances[point])[1])
        new_labels = labels.copy()
        new_labels[point] = target
        cost_after = sum(cost_of_cluster(points[new_labels == j]) for j in (source, target))
        if cost_after < (costs[source] + costs[target]) * (1 - 1e-12):
            return True
    return False


def test_moving_single_points_improves_most_ends_on_the_posts_data() -> None:
    # What the page says of Hartigan and Wong: converged runs are fixed points of the two moves, and no more.
    points = run_input(POST).points
    improvements = [a_single_point_helps(points, labels_of("random", seed), 6) for seed in range(20)]
    assert sum(improvements) >= 10


# --- Why k-means++ may do worse


def test_on_the_posts_data_k_means_plus_plus_crowds_into_the_widest_blob(kinds: list[Kind]) -> None:
    assert spread_is_worse(kinds)
    best = close_runs(kinds)[0]
    crowding = runs.crowding(run_input(POST.canonical(UNUSED)), best, 100)
    points, labels = run_input(POST).points, labels_of(*best)
    squares = [float(np.square(points[labels == j] - points[labels == j].mean(axis=0)).sum()) for j in range(6)]
    widest = int(np.argmax(squares))
    assert crowding.cost_share == pytest.approx(squares[widest] / sum(squares))
    middles = np.array([points[labels == j].mean(axis=0) for j in range(6)])
    for name, crowded in (("random", crowding.random), ("k-means++", crowding.spread)):
        for seed in range(0, 100, 9):
            start = next(iterate(points, RunConfig(k=6, init=name, seed=seed))).centers
            nearest = all_distances(start, middles, "sqeuclidean").argmin(axis=1)
            assert crowded[seed] == (np.count_nonzero(nearest == widest) > 1)
    finding = sentences.crowding_reason(kinds, crowding)
    spread = next(kind for kind in kinds if kind.name == "k-means++")
    close = np.array([outcome.cost <= kinds[0].best_cost * (1 + CLOSE) for outcome in spread.outcomes])
    crowded = crowding.spread
    assert finding == message(
        "starts.crowding",
        crowded=crowded.mean(),
        random=crowding.random.mean(),
        crowded_close=close[crowded].mean(),
        tolerance=CLOSE,
    )


def test_a_reason_is_given_only_where_the_numbers_bear_it_out(kinds: list[Kind]) -> None:
    crowding = runs.crowding(run_input(POST.canonical(UNUSED)), close_runs(kinds)[0], 100)
    # As many random starts crowding there, or those that crowding do no worse.
    assert sentences.crowding_reason(kinds, replace(crowding, random=crowding.spread)) == ""
    assert sentences.crowding_reason(kinds, replace(crowding, spread=~crowding.spread)) == ""
    equal_kinds = group_by_kind([every_kind(*[1.0, 2.0] * 50)])
    assert not spread_is_worse(equal_kinds)
    assert examined_runs(group_by_kind([every_kind(*[1.0] * 25)]), 3072) == 0
    assert examined_runs(kinds, 3072) == 100
    assert examined_runs(kinds, 1_000_000) == 0


# --- Why the winner wins


def test_on_the_five_groups_greedy_starts_win_because_they_cover_the_groups() -> None:
    settings = OPENING.canonical(UNUSED)
    inputs = run_input(settings)
    kinds = group_by_kind([runs.outcomes(inputs, 0, 100)])
    ends, best = contest(kinds), close_runs(kinds)[0]
    assert (ends.winner.name, ends.loser.name) == ("greedy-k-means++", "random")
    coverage = runs.coverage(inputs, best, ends.winner.name, ends.loser.name, 100)
    groups = inputs.with_settings(replace(settings, init=best[0], seed=best[1])).trace().centers
    for kind, missed in zip(ends, (coverage.winner, coverage.loser), strict=True):
        for seed in range(0, 100, 9):
            start = next(iterate(inputs.points, RunConfig(k=5, init=kind.name, seed=seed))).centers
            nearest = all_distances(start, groups, "sqeuclidean").argmin(axis=1)
            assert missed[seed] == (len(set(nearest.tolist())) < 5)
    missed = np.concatenate([coverage.winner, coverage.loser])
    is_best = np.array([outcome.partition in kind.best_partitions for kind in ends for outcome in kind.outcomes])
    assert sentences.coverage_reason(ends, coverage) == message(
        "starts.coverage",
        winner=ends.winner.name,
        loser=ends.loser.name,
        none=False,
        winner_missed=coverage.winner.mean(),
        loser_missed=coverage.loser.mean(),
        missed_close=is_best[missed].mean(),
        close=False,
        tolerance=CLOSE,
    )
    # Groups that the winner leaves out as often, or a cover that does not help, are no reason.
    assert sentences.coverage_reason(ends, replace(coverage, winner=coverage.loser)) == ""
    assert sentences.coverage_reason(ends, replace(coverage, winner=~coverage.winner)) == ""


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("n", "count"), [(1, 200), (3072, 25), (3072, 2000), (100_000, 50)])
def test_the_parts_of_the_work_are_all_of_it(n: int, count: int, rule: str) -> None:
    parts = seed_batches(replace(POST, rule=rule), n, count)
    assert [seed for first, size in parts for seed in range(first, first + size)] == list(range(count))


def test_what_takes_long_waits_to_be_asked_for() -> None:
    assert not is_heavy(replace(POST, rule="medoid"), 3072, 50)
    assert is_heavy(replace(POST, rule="medoid"), 3072, 200)
    assert not is_heavy(POST, 3072, 1000)
    assert is_heavy(POST, 3072, 2000)
    assert is_heavy(replace(POST, rule="medoid"), 3072, 500)
    assert is_heavy(POST, 100_000, 200)
