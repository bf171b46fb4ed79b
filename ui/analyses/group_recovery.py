"""Group recovery: which of the true groups a run found, and what it did to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Labels
from ui.text.messages import message

_MOST: Final = 0.9
"""The share that counts as most of a group, or of a cluster."""


@dataclass(frozen=True, slots=True)
class GroupRecovery:
    """What became of the true groups.

    Attributes
    ----------
    group_count : int
    found_count : int
        Groups with a cluster of their own: it has most of the group, and most of it is the group's.
    split_count : int
        Groups that several clusters share: each of these is mostly the group's, and together they have most of it.
    merged_count : int
        Clusters that have most of several groups each.
    """

    group_count: int
    found_count: int
    split_count: int
    merged_count: int


def group_recovery(truth: NDArray[np.int64], labels: Labels) -> GroupRecovery:
    """Compare the clusters with the true groups.

    Parameters
    ----------
    truth : (n,) int64
        The true group of each point; -1 for points that belong to none, which are left out.
    labels : (n,) int
        The cluster of each point.
    """
    is_known = truth >= 0
    _, group_of = np.unique(truth[is_known], return_inverse=True)
    clusters, cluster_of = np.unique(labels[is_known], return_inverse=True)
    groups = int(group_of.max()) + 1
    counts = np.zeros((groups, len(clusters)), dtype=np.int64)
    np.add.at(counts, (group_of, cluster_of), 1)
    has_most = counts >= _MOST * counts.sum(axis=1, keepdims=True)
    is_mostly = counts >= _MOST * counts.sum(axis=0)
    is_found = (has_most & is_mostly).any(axis=1)
    parts = np.where(is_mostly, counts, 0)
    is_split = ~is_found & ((parts > 0).sum(axis=1) > 1) & (parts.sum(axis=1) >= _MOST * counts.sum(axis=1))
    is_merged = has_most.sum(axis=0) > 1
    return GroupRecovery(groups, int(is_found.sum()), int(is_split.sum()), int(is_merged.sum()))


def sentence(recovery: GroupRecovery) -> str:
    """Say which of the true groups a run found; "" where there is only one."""
    if recovery.group_count < 2:
        return ""
    is_split, is_merged = recovery.split_count > 0, recovery.merged_count > 0
    return message(
        "finish.groups",
        kind="all" if recovery.found_count == recovery.group_count else "some" if recovery.found_count else "none",
        found=recovery.found_count,
        groups=recovery.group_count,
        shape="both" if is_split and is_merged else "split" if is_split else "merged" if is_merged else "none",
    )
