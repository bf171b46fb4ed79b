"""Coverage: how often starting centers leave a cluster of the best result without a center.

It is the reason why one kind of starting centers does better than another, where the runs bear it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Trace
from kmeans_core.arrays import Centers
from kmeans_core.engines.distances import distances_to
from ui.analyses.starts.outcomes import Kind


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the starting centers of two kinds leave a cluster of the best result without a center.

    Attributes
    ----------
    winner, loser : (r,) bool
        For the runs of seeds 0 .. r - 1 of each kind: whether some cluster of the best result has none of their
        starting centers, each of which belongs to the nearest center of that result.
    """

    winner: NDArray[np.bool_]
    loser: NDArray[np.bool_]


class Contest(NamedTuple):
    """The kind of starting centers that does best, and the one that does worst."""

    winner: Kind
    loser: Kind


def contest(kinds: Sequence[Kind]) -> Contest:
    """Return the kinds that most often and least often come close to the best result.

    A random partition starts with all centers near the middle of the points, so that clusters without a center do not
    tell its runs apart: it never loses. Where it wins, ``coverage_reason`` finds no reason.
    """
    contestants = [kind for kind in kinds if kind.name != "partition"]
    return Contest(
        max(kinds, key=lambda kind: kind.close_count / kind.run_count),
        min(contestants, key=lambda kind: kind.close_count / kind.run_count),
    )


def missed_clusters(best: Trace, starts: Sequence[Centers]) -> NDArray[np.bool_]:
    """Tell for each run's starting centers, ``(k, d)``, whether they leave out a cluster of the best run."""
    distance, centers = RULES[best.config.rule].distance, best.centers.T
    nearest = (distances_to(start.T[:, :, None], centers[:, None, :], distance).argmin(axis=1) for start in starts)
    return np.array([len(np.unique(clusters)) < centers.shape[1] for clusters in nearest], dtype=np.bool_)
