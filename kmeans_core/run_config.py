"""What to run: the RunConfig record, the policies for empty clusters, and the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from kmeans_core.choices import Choice
from kmeans_core.engines import BACKENDS, BackendName
from kmeans_core.initialisers import INITIALISERS, InitName
from kmeans_core.rules import RULES, RuleName
from kmeans_core.validation import validate_choice, validate_coordinates, validate_whole_number

EmptyPolicy = Literal["keep", "farthest", "drop"]
"""The names of the policies for empty clusters: the keys of ``EMPTY_POLICIES``."""


_POLICIES = (
    Choice("keep", "policies.keep_title", "policies.keep_summary"),
    Choice("farthest", "policies.farthest_title", "policies.farthest_summary"),
    Choice("drop", "policies.drop_title", "policies.drop_summary"),
)

EMPTY_POLICIES: Final[Mapping[str, Choice]] = MappingProxyType({policy.name: policy for policy in _POLICIES})
"""What happens to a cluster that has no points when its center is to be refined."""

DEFAULT_INIT: Final[InitName] = "greedy-k-means++"
DEFAULT_MAX_ITER: Final = 300
"""Defaults of ``RunConfig``, ``KMeans``, and the command line. They are scikit-learn's: greedy k-means++ is what it
calls "k-means++", and 300 iterations let nearly all runs converge."""

_CHOICES: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    {"rule": RULES, "init": INITIALISERS, "empty": EMPTY_POLICIES, "backend": BACKENDS}
)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What to run. Frozen and hashable, so that it can key a cache or a link.

    Attributes
    ----------
    k : int
        Number of clusters, 1 .. n.
    rule : str
        A key of ``RULES``: the distance, the center, and the cost that belong together.
    init : str
        A key of ``INITIALISERS``: how the starting centers are chosen; ``"random"`` points in the blog post.
    given : tuple of tuple of float, or None
        The k starting centers when ``init`` is ``"given"``; any nested sequence or ``(k, d)`` array is accepted.
    empty : str
        A key of ``EMPTY_POLICIES``.
    backend : str
        A key of ``BACKENDS``.
    seed : int
        Seed of the run's one random generator, 0 or more.
    max_iter : int
        Maximum number of iterations (refine and assign), 0 or more.

    Raises
    ------
    ValueError
        With the name of the field and the refused value.
    """

    # Editors complete the literals. Any string type-checks, as names come from links, files, and the registries, whose
    # keys are strings; an unknown one is refused below.
    k: int
    rule: RuleName | str = "mean"
    init: InitName | str = DEFAULT_INIT
    given: tuple[tuple[float, ...], ...] | None = None  # saved links and traces use this name
    empty: EmptyPolicy | str = "keep"
    backend: BackendName | str = "numpy"
    seed: int = 0
    max_iter: int = DEFAULT_MAX_ITER

    def __post_init__(self) -> None:
        for name, low in (("k", 1), ("seed", 0), ("max_iter", 0)):
            object.__setattr__(self, name, validate_whole_number(name, getattr(self, name), low))
        for name, choices in _CHOICES.items():
            validate_choice(name, getattr(self, name), choices)
        if self.given is not None:
            object.__setattr__(self, "given", validate_coordinates("given", self.given))
        if (self.init == "given") != (self.given is not None):
            raise ValueError(
                'init="given" and given=... go together: '
                f"got init={self.init!r} with given={'None' if self.given is None else 'centers'}"
            )
        if self.given is not None and len(self.given) != self.k:
            raise ValueError(f"given must hold k = {self.k} centers, got {len(self.given)}")
