"""Rules: a distance, a center, and a cost that belong together.

What is summed decides which centers are best: the mean minimizes the sum of squared distances, the median the sum of
absolute differences, the medoid the sum of distances among the points themselves. With such a pair neither half-step
can raise the rule's cost, so a run converges. Assigning by one distance and refining by another minimizes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

RuleName = Literal["mean", "medoid", "median"]
Distance = Literal["sqeuclidean", "euclidean", "cityblock"]
CenterKind = Literal["mean", "medoid", "median"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A distance, a center, and a cost that belong together.

    Attributes
    ----------
    name, title : str
        Its key in ``RULES``, and its name for people.
    distance : {"sqeuclidean", "euclidean", "cityblock"}
        What a point adds to the cost: its squared Euclidean, Euclidean, or Manhattan distance to its center.
    center : {"mean", "medoid", "median"}
        The center that minimizes a cluster's cost. A medoid is one of the cluster's points.
    center_word, cost_words : str
        What the literature calls the center and the cost.
    summary, reference : str
        One sentence that says what the rule does, and where to read about it.
    """

    name: str
    title: str
    distance: Distance
    center: CenterKind
    center_word: str
    cost_words: str
    summary: str
    reference: str


_RULES = (
    Rule(
        name="mean",
        title="K-means",
        distance="sqeuclidean",
        center="mean",
        center_word="centroid",
        cost_words="sum of squared distances",
        summary="Each center is the mean of its points, which makes the sum of squared distances least.",
        reference="S. P. Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2), 1982.",
    ),
    Rule(
        name="medoid",
        title="K-medoids",
        distance="euclidean",
        center="medoid",
        center_word="medoid",
        cost_words="sum of distances",
        summary="Each center is the one of its points whose summed distance to the others is least.",
        reference="H.-S. Park and C.-H. Jun, A simple and fast algorithm for K-medoids clustering, "
        "Expert Syst. Appl. 36(2), 2009.",
    ),
    Rule(
        name="median",
        title="K-medians",
        distance="cityblock",
        center="median",
        center_word="median center",
        cost_words="sum of absolute differences",
        summary="Each center is the median of its points in every coordinate, least in absolute differences.",
        reference="P. S. Bradley, O. L. Mangasarian and W. N. Street, Clustering via concave minimization, "
        "Adv. Neural Inf. Process. Syst. 9, 1997.",
    ),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _RULES})
"""The rules by name; a new one is an entry above and, for a new kind of center, a refine in each engine."""
