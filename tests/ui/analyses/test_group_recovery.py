"""Which true groups a run found: by hand-made cases, and by scikit-learn's contingency matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.cluster import contingency_matrix

from ui.analyses.group_recovery import GroupRecovery, group_recovery, sentence
from ui.text.messages import message

CASES = {
    "all found, whatever they are called": ("aaaabbbbcccc", "222200001111", GroupRecovery(3, 3, 0, 0)),
    "one group split, two merged": ("aaaabbbbcccc", "001122222222", GroupRecovery(3, 0, 1, 1)),
    "one found, one split, two merged": ("aaaabbbbccccdddd", "0000112233333333", GroupRecovery(4, 1, 1, 1)),
    "halves of two rings": ("aaaabbbb", "00110011", GroupRecovery(2, 0, 0, 0)),
    "a point of no group": ("aaaa-bbbb", "000011111", GroupRecovery(2, 2, 0, 0)),
    "a tenth may be elsewhere": ("a" * 20 + "b" * 20, "0" * 18 + "1" * 22, GroupRecovery(2, 2, 0, 0)),
    "three of twenty may not": ("a" * 20 + "b" * 20, "0" * 17 + "1" * 23, GroupRecovery(2, 0, 0, 0)),
}


@pytest.mark.parametrize("case", CASES)
def test_groups_are_found_split_or_merged(case: str) -> None:
    truth, labels, expected = CASES[case]
    numbers = np.array([-1 if letter == "-" else ord(letter) for letter in truth], dtype=np.int64)
    assert group_recovery(numbers, np.array([int(label) for label in labels])) == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=60))
def test_counts_are_those_of_the_contingency_matrix(pairs: list[tuple[int, int]]) -> None:
    truth, labels = (np.array(values, dtype=np.int64) for values in zip(*pairs, strict=True))
    matrix = contingency_matrix(truth, labels)
    recovery = group_recovery(truth, labels)
    mostly = [[10 * cell >= 9 * sum(column) for cell, column in zip(row, matrix.T, strict=True)] for row in matrix]
    most = [[10 * cell >= 9 * sum(row) for cell in row] for row in matrix]
    is_found = [any(map(all, zip(*rows, strict=True))) for rows in zip(most, mostly, strict=True)]
    assert (recovery.group_count, recovery.found_count) == (len(matrix), sum(is_found))
    assert recovery.merged_count == sum(sum(column) > 1 for column in zip(*most, strict=True))
    parts = [[cell * part for cell, part in zip(*rows, strict=True)] for rows in zip(matrix, mostly, strict=True)]
    is_split = [
        sum(part > 0 for part in row) > 1 and 10 * sum(row) >= 9 * sum(cells) and not has_own
        for row, cells, has_own in zip(parts, matrix, is_found, strict=True)
    ]
    assert recovery.split_count == sum(is_split)


def test_the_sentence_says_what_was_found() -> None:
    numbers = {"groups": 5, "found": 2}
    shapes = {(1, 1): "both", (2, 0): "split", (0, 1): "merged", (0, 0): "none"}
    for (split, merged), shape in shapes.items():
        expected = message("finish.groups", kind="some", shape=shape, **numbers)
        assert sentence(GroupRecovery(5, 2, split, merged)) == expected
    assert sentence(GroupRecovery(5, 5, 0, 0)) == message("finish.groups", kind="all", shape="none", groups=5, found=5)
    assert sentence(GroupRecovery(1, 1, 0, 0)) == ""
