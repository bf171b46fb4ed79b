"""A scikit-learn estimator around ``run``. This is the only module that imports scikit-learn."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from kmeans_core.backends import get_backend
from kmeans_core.distances import columns_of, distances_to
from kmeans_core.kmeans import run
from kmeans_core.many import run_many
from kmeans_core.rules import RULES
from kmeans_core.types import RunConfig


class KMeans(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """K-means as scikit-learn's pipelines take it, with the trace of its run.

    Parameters
    ----------
    n_clusters : int
        K, at most the number of samples.
    rule : str
        A key of ``RULES``.
    init : str or (n_clusters, n_features) array-like
        A key of ``INITIALISERS`` other than ``"given"``, or the first centers.
    empty : str
        A key of ``EMPTY_POLICIES``.
    n_init : int
        Number of starts, of which the one with the least cost is kept.
    max_iter : int
        The most iterations of a run.
    backend : str
        A key of ``BACKENDS``.
    random_state : int, RandomState instance or None
        Decides the seeds of the starts.

    Attributes
    ----------
    cluster_centers_ : (n_clusters, n_features) float64
    labels_ : (n_samples,) int32
        The cluster of each sample that was fitted.
    inertia_ : float
        The rule's own cost; with the rule ``"mean"``, the sum of squared distances to the nearest center.
    n_iter_ : int
        Number of iterations that were run.
    trace_ : Trace
        All half-steps of the run that was kept.
    n_features_in_ : int
    feature_names_in_ : (n_features_in_,) array
        Where the samples had names of type str for all features.

    Examples
    --------
    >>> from kmeans_core import KMeans
    >>> KMeans(n_clusters=2, random_state=0).fit([[0.0], [1.0], [9.0], [10.0]]).cluster_centers_.ravel().tolist()
    [9.5, 0.5]
    """

    def __init__(
        self,
        n_clusters: Any = 8,
        *,
        rule: str = "mean",
        init: Any = "random",
        empty: str = "keep",
        n_init: Any = 1,
        max_iter: int = 300,
        backend: str = "numpy",
        random_state: Any = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.rule = rule
        self.init = init
        self.empty = empty
        self.n_init = n_init
        self.max_iter = max_iter
        self.backend = backend
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Cluster the samples.

        Parameters
        ----------
        X : (n_samples, n_features) array-like
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the samples or a parameter can't be used.
        """
        points = validate_data(self, X, dtype=np.float64, order="C")
        if isinstance(self.n_clusters, int | np.integer) and len(points) < self.n_clusters:
            raise ValueError(f"n_samples={len(points)} should be >= n_clusters={self.n_clusters}.")
        configs = self._configs()
        best = min(run_many(points, configs), key=lambda outcome: outcome.cost).config if configs[1:] else configs[0]
        self.trace_ = run(points, best)
        self.cluster_centers_ = np.array(self.trace_.centers)
        self.labels_ = self.trace_.labels.astype(np.int32)
        self.inertia_ = self.trace_.cost
        self.n_iter_ = self.trace_.iterations
        return self

    def _configs(self) -> list[RunConfig]:
        """Return what to run: one config a start."""
        if not isinstance(self.n_init, int | np.integer) or self.n_init < 1:
            raise ValueError(f"n_init must be a whole number of at least 1, got {self.n_init!r}")
        named = isinstance(self.init, str)
        random = check_random_state(self.random_state)
        return [
            RunConfig(
                k=self.n_clusters,
                rule=self.rule,
                init=self.init if named else "given",
                given=None if named else self.init,
                empty=self.empty,
                backend=self.backend,
                seed=int(random.randint(2**31 - 1)),
                max_iter=self.max_iter,
            )
            for _ in range(self.n_init if named else 1)
        ]

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:  # noqa: N803
        """Return the cluster of the nearest center for each sample, ``(n_samples,) int32``; ties to the lowest."""
        points = self._checked(X)
        labels, _ = get_backend(self.backend)(points, RULES[self.rule]).assign(self.cluster_centers_)
        return labels.astype(np.int32)

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        """Return the distance of each sample to each center, ``(n_samples, n_clusters) float64``.

        Euclidean, or Manhattan with the rule ``"median"``.
        """
        points = self._checked(X)
        distance = RULES[self.rule].distance
        distances = distances_to(columns_of(points), self.cluster_centers_.T[:, :, None], distance).T
        return np.sqrt(distances) if distance == "sqeuclidean" else distances

    def score(self, X: ArrayLike, y: object = None) -> float:  # noqa: N803
        """Return the rule's cost of the samples, each at its nearest center, with a minus: the larger, the better."""
        points = self._checked(X)
        _, cost = get_backend(self.backend)(points, RULES[self.rule]).assign(self.cluster_centers_)
        return -cost

    def _checked(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        check_is_fitted(self)
        points: NDArray[np.float64] = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        return points

    @property
    def _n_features_out(self) -> int:
        """How many columns ``transform`` returns."""
        return len(self.cluster_centers_)
