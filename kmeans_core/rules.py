"""Rules: a distance, a center and a cost that belong together.

Which centers are best depends on what is summed. The mean makes the sum of squared distances least, the median the
sum of absolute differences, the medoid the sum of distances among the points themselves. With such a pair neither
half-step can raise the rule's own cost, and that is why a run comes to rest. Another rule's cost may well rise on the
way: assigning by one distance and refining by another is no descent of anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Distance = Literal["sqeuclidean", "euclidean", "cityblock"]
"""What a point adds to the cost: squared Euclidean, Euclidean, or Manhattan distance to its center."""

CenterKind = Literal["mean", "medoid", "median"]
"""What a center is to its points."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A distance, a center and a cost that belong together.

    Attributes
    ----------
    name : str
        Its key in ``RULES``.
    title : str
        Its name as a person reads it.
    distance : {"sqeuclidean", "euclidean", "cityblock"}
        What a point adds to the cost.
    center : {"mean", "medoid", "median"}
        The center that makes a cluster's cost least. A medoid is one of the cluster's points.
    center_word : str
        What the field calls such a center.
    cost_words : str
        What the field calls the cost.
    summary : str
        One sentence that says what the rule does.
    reference : str
        Where to read about it.
    """

    name: str
    title: str
    distance: Distance
    center: CenterKind
    center_word: str
    cost_words: str
    summary: str
    reference: str


_ALL = (
    Rule(
        name="mean",
        title="Means",
        distance="sqeuclidean",
        center="mean",
        center_word="centroid",
        cost_words="sum of squared distances",
        summary="Each center is the mean of its points, which makes the sum of squared distances least.",
        reference="S. P. Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2), 1982.",
    ),
    Rule(
        name="medoid",
        title="Medoids",
        distance="euclidean",
        center="medoid",
        center_word="medoid",
        cost_words="sum of distances",
        summary="Each center is the one of its points whose summed distance to the others is least.",
        reference=(
            "H.-S. Park and C.-H. Jun, A simple and fast algorithm for K-medoids clustering, "
            "Expert Syst. Appl. 36(2), 2009."
        ),
    ),
    Rule(
        name="median",
        title="Medians",
        distance="cityblock",
        center="median",
        center_word="median",
        cost_words="sum of absolute differences",
        summary="Each center is the median of its points in every coordinate, least in absolute differences.",
        reference=(
            "P. S. Bradley, O. L. Mangasarian and W. N. Street, Clustering via concave minimization, "
            "Adv. Neural Inf. Process. Syst. 9, 1997."
        ),
    ),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _ALL})
"""The known rules by name."""
