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

from kmeans_core.choices import Choice
from kmeans_core.messages import message

RuleName = Literal["mean", "medoid", "median"]
"""The names of the rules: the keys of ``RULES``."""
Distance = Literal["sqeuclidean", "euclidean", "cityblock"]
CenterKind = Literal["mean", "medoid", "median"]


@dataclass(frozen=True, slots=True)
class Rule(Choice):
    """A distance, a center, and a cost that belong together.

    Attributes
    ----------
    distance : {"sqeuclidean", "euclidean", "cityblock"}
        What a point adds to the cost: its squared Euclidean, Euclidean, or Manhattan distance to its center.
    center : {"mean", "medoid", "median"}
        The center that minimizes a cluster's cost. A medoid is one of the cluster's points.
    center_key, cost_key : str
        The messages with what the literature calls the center and the cost.
    reference : str
        Where to read about it.
    """

    distance: Distance
    center: CenterKind
    center_key: str
    cost_key: str
    reference: str

    @property
    def center_word(self) -> str:
        """What the literature calls the center."""
        return message(self.center_key)

    @property
    def cost_words(self) -> str:
        """What the literature calls the cost."""
        return message(self.cost_key)


_RULES = (
    Rule(
        name="mean",
        title_key="rules.mean_title",
        summary_key="rules.mean_summary",
        distance="sqeuclidean",
        center="mean",
        center_key="rules.mean_center",
        cost_key="rules.mean_cost",
        reference="S. P. Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2), 1982.",
    ),
    Rule(
        name="medoid",
        title_key="rules.medoid_title",
        summary_key="rules.medoid_summary",
        distance="euclidean",
        center="medoid",
        center_key="rules.medoid_center",
        cost_key="rules.medoid_cost",
        reference="H.-S. Park and C.-H. Jun, A simple and fast algorithm for K-medoids clustering, "
        "Expert Syst. Appl. 36(2), 2009.",
    ),
    Rule(
        name="median",
        title_key="rules.median_title",
        summary_key="rules.median_summary",
        distance="cityblock",
        center="median",
        center_key="rules.median_center",
        cost_key="rules.median_cost",
        reference="P. S. Bradley, O. L. Mangasarian and W. N. Street, Clustering via concave minimization, "
        "Adv. Neural Inf. Process. Syst. 9, 1997.",
    ),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _RULES})
"""The rules by name; a new one is an entry above and, for a new kind of center, a refine in each engine."""
