"""The same result is the same partition of the points: keys against scikit-learn's contingency tables."""

from __future__ import annotations

import doctest
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

from kmeans_core import BACKENDS, RULES, RunConfig, make_dataset, partition_key, partitions, run, run_many
from kmeans_core.partitions import canonical_labels, same_partition
from tests.oracles import Ints


def are_the_same(first: Ints, second: Ints) -> bool:
    """Tell by scikit-learn's contingency table: each row and each column has one cell with points."""
    table = contingency_matrix(first, second) > 0
    return bool((table.sum(axis=0) == 1).all() and (table.sum(axis=1) == 1).all())


def test_the_examples_are_true() -> None:
    result = doctest.testmod(partitions)
    assert result.attempted > 0
    assert result.failed == 0


@given(st.data())
def test_keys_are_equal_exactly_when_the_partitions_are(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 7))
    names = st.integers(-3, 300)
    labels, second_labels = (np.array(data.draw(st.lists(names, min_size=n, max_size=n))) for _ in range(2))
    is_same = are_the_same(labels, second_labels)
    assert (partition_key(labels) == partition_key(second_labels)) == is_same
    assert same_partition(labels, second_labels) == is_same
    renamed = data.draw(st.permutations(sorted(set(labels.tolist()))))
    table = dict(zip(sorted(set(labels.tolist())), renamed, strict=True))
    assert partition_key([table[label] for label in labels.tolist()]) == partition_key(labels)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, ">i4", "<u2"])
def test_a_key_does_not_depend_on_the_type_of_the_labels(dtype: str) -> None:
    assert partition_key(np.array([3, 1, 3, 2], dtype=dtype)) == partition_key([0, 1, 0, 2])
    assert canonical_labels(np.array([3, 1, 3, 2], dtype=dtype)).dtype == np.uint8


def test_more_clusters_than_a_byte_names() -> None:
    labels = np.random.default_rng(0).permutation(1000)
    assert canonical_labels(labels).tolist() == list(range(1000))
    assert partition_key(labels) == partition_key(range(1000))


@pytest.mark.parametrize("labels", [[], [[0, 1]], [0.5, 1.0], ["a"], 3])
def test_what_is_no_row_of_whole_numbers_is_refused(labels: object) -> None:
    with pytest.raises(ValueError, match="labels must be one or more whole numbers in a row, got shape"):
        partition_key(labels)  # type: ignore[arg-type]


def test_labels_of_other_points_are_refused() -> None:
    with pytest.raises(ValueError, match="other_labels must be 2 labels, one for each point, got 3"):
        same_partition([0, 1], [0, 1, 1])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("rule", RULES)
def test_outcomes_of_a_rule_and_a_backend_carry_the_key_of_their_run(rule: str, backend: str) -> None:
    points, _ = make_dataset("blobs", seed=3, points=120)
    configs = [RunConfig(k=4, init="random", rule=rule, seed=seed, max_iter=40, backend=backend) for seed in range(4)]
    for outcome, config in zip(run_many(points, configs), configs, strict=True):
        assert outcome.partition == partition_key(run(points, config).labels)


def test_the_results_of_many_runs_are_told_apart_as_scikit_learn_does() -> None:
    # Four partitions of the post's data differ in a handful of points, and in cost by 4 in a million.
    points, _ = make_dataset("post", seed=0)
    configs = [RunConfig(k=6, init="random", seed=seed, max_iter=300) for seed in range(60)]
    outcomes = run_many(points, configs)
    labels = [run(points, config).labels for config in configs]
    for first, second in combinations(range(60), 2):
        is_same = outcomes[first].partition == outcomes[second].partition
        assert is_same == (adjusted_rand_score(labels[first], labels[second]) == 1), (first, second)
    best = min(outcome.cost for outcome in outcomes)
    assert len({outcome.partition for outcome in outcomes if outcome.cost < best * 1.00001}) > 1
