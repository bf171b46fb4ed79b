"""A scikit-learn estimator around ``run``; the only module that imports scikit-learn."""

from __future__ import annotations

import warnings
from dataclasses import replace
from numbers import Real
from typing import Any, Final, Literal, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from kmeans_core.arrays import Active, Centers, Points, Weights
from kmeans_core.engines import BackendName, get_backend
from kmeans_core.engines.distances import distances_to
from kmeans_core.engines.rescaled import engine_in
from kmeans_core.engines.units import unit_for
from kmeans_core.initialisers import INITIALISERS
from kmeans_core.kmeans import iterate, run
from kmeans_core.many import run_many
from kmeans_core.medoids import medoid_indices
from kmeans_core.rules import RULES, RuleName
from kmeans_core.run_config import DEFAULT_INIT, DEFAULT_MAX_ITER, EmptyPolicy, RunConfig
from kmeans_core.types import Phase, Step, Trace
from kmeans_core.validation import (
    largest_magnitude,
    refuse_non_numbers,
    validate_choice,
    validate_magnitude,
    validate_rows,
    validate_weights,
    validate_whole_number,
)

Floats = NDArray[np.floating[Any]]
"""float64 or float32."""

_MANY_STARTS: Final = 10
"""Runs of ``n_init="auto"`` where each starting center ignores the others, as in scikit-learn."""


class KMeans(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """K-means as scikit-learn's pipelines take it, with the trace of its run.

    Parameters
    ----------
    n_clusters : int
        K, at most the number of samples whose weight is not 0.
    rule : {"mean", "medoid", "median"}
        A key of ``RULES``. Each has a cost of its own, in its own units: ``inertia_`` and ``score`` of different rules
        can't be compared, so a search over ``rule`` (``GridSearchCV``) needs a ``scoring`` of its own.
    init : str, (n_clusters, n_features) array-like, or callable
        A key of ``INITIALISERS`` other than ``"given"``; the starting centers, also as a data frame; or a function
        ``init(X, n_clusters, random_state)`` that returns them. scikit-learn's ``"k-means++"`` is called
        ``"greedy-k-means++"`` here, and is the default; ``"k-means++"`` is the plain method.
    empty : {"keep", "farthest", "drop"}
        A key of ``EMPTY_POLICIES``. With ``"drop"``, a cluster that lost its last sample takes no part in ``predict``,
        ``transform`` and ``score`` either. It keeps its row in ``cluster_centers_``.
    n_init : int or "auto"
        Number of runs, of which the one with the lowest cost is kept. ``"auto"`` means 10 if ``init`` is ``"random"``,
        ``"partition"`` or a callable, and 1 otherwise. From given centers there is one run.
    max_iter : int
        Maximum number of iterations of a run.
    tol : float
        A run ends early when the squared distances that the centers move in an iteration add up to no more than
        ``tol`` times the mean variance of the features. 0, the default, goes on until no sample switches cluster, so
        results are exact; scikit-learn's default is 1e-4.
    verbose : bool or int
        Whether to print the cost of each start, and of each iteration of the one that is kept.
    copy_x : bool
        Has no effect and exists for scikit-learn's sake: samples are never changed.
    backend : {"numpy", "tensorflow"}
        A key of ``BACKENDS``.
    random_state : int, RandomState instance or None
        Decides the seeds of the starts.

    Attributes
    ----------
    cluster_centers_ : (n_clusters, n_features) float64, or float32 where the samples are
        Everything is computed in float64.
    labels_ : (n_samples,) int32
        The cluster of each sample that was fitted.
    inertia_ : float
        The rule's own cost; with the rule ``"mean"``, the (weighted) sum of squared distances to the nearest center.
    medoid_indices_ : (n_clusters,) int
        With the rule ``"medoid"`` only: the sample that each center is, the lowest index of equal ones; -1 for a center
        that is not a sample, such as a given one that lost all samples.
    n_iter_ : int
        Number of iterations, each a refine and the assign after it. scikit-learn counts from the first assign, so that
        its number is one larger for the same run.
    trace_ : Trace
        All half-steps of the run that was kept: ``run(X, trace_.config, sample_weight)`` gives the same. Where ``tol``
        ended it, its config's ``max_iter`` is the number of iterations that were run.
    n_features_in_ : int
    feature_names_in_ : (n_features,) array
        Where the samples had names of type str for all features.

    Examples
    --------
    >>> from kmeans_core import KMeans
    >>> KMeans(n_clusters=2, random_state=0).fit([[0.0], [1.0], [9.0], [10.0]]).cluster_centers_.ravel().tolist()
    [0.5, 9.5]
    """

    def __init__(
        self,
        n_clusters: Any = 8,
        *,
        rule: RuleName | str = "mean",
        init: Any = DEFAULT_INIT,
        empty: EmptyPolicy | str = "keep",
        n_init: int | Literal["auto"] = "auto",
        max_iter: int = DEFAULT_MAX_ITER,
        tol: float = 0.0,
        verbose: bool | int = False,
        copy_x: bool = True,
        backend: BackendName | str = "numpy",
        random_state: Any = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.rule = rule
        self.init = init
        self.empty = empty
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.copy_x = copy_x
        self.backend = backend
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:  # noqa: N803
        """Cluster the samples.

        Parameters
        ----------
        X : (n_samples, n_features) array-like
        y : ignored
        sample_weight : (n_samples,) array-like of finite numbers, 0 or more, optional
            A sample of weight w counts as w copies.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the samples, their weights or a parameter can't be used.

        Warns
        -----
        ConvergenceWarning
            If there are fewer distinct samples than clusters.
        """
        samples, weights = self._validate(X, sample_weight, reset=True)
        points = np.ascontiguousarray(samples, dtype=np.float64)
        configs = self._configs(points, weights)
        self.trace_ = self._best_run(points, weights, configs)
        self.cluster_centers_ = np.array(self.trace_.centers, dtype=samples.dtype)
        self.labels_ = self.trace_.labels.astype(np.int32)
        self.inertia_ = self.trace_.cost
        self.n_iter_ = self.trace_.iterations
        if self.rule == "medoid":
            self.medoid_indices_ = medoid_indices(points, self.trace_)
        elif hasattr(self, "medoid_indices_"):
            del self.medoid_indices_
        self._warn_of_duplicates(points, weights)
        return self

    def fit_predict(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> NDArray[np.int32]:  # noqa: N803
        """Cluster the samples and return the cluster of each, ``(n_samples,) int32``."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def predict(self, X: ArrayLike, sample_weight: ArrayLike | None = None) -> NDArray[np.int32]:  # noqa: N803
        """Return the cluster of the nearest center for each sample, ``(n_samples,) int32``; ties to the lowest.

        ``sample_weight`` is checked and has no effect: a sample's nearest center depends on no weight.
        """
        return self._nearest(X, sample_weight)[0]

    def transform(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the distance of each sample to each center, ``(n_samples, n_clusters)`` float64, or float32 as X is.

        Euclidean, or Manhattan with the rule ``"median"``. Infinite to a cluster that was dropped, which no sample can
        join: the nearest center by this table is that of ``predict``.
        """
        samples, _ = self._validate(X, None)
        points = np.ascontiguousarray(samples, dtype=np.float64)
        centers, active = self._fitted_centers()
        distance = "euclidean" if RULES[self.rule].distance == "sqeuclidean" else RULES[self.rule].distance
        exponent = unit_for(points, centers[active]).exponent
        columns, places = (np.ldexp(values.T, exponent) for values in (points, centers[active]))
        distances = np.full((len(points), len(centers)), np.inf)
        distances[:, active] = np.ldexp(distances_to(columns, places[:, :, None], distance), -exponent).T
        return cast("Floats", distances.astype(samples.dtype, copy=False))

    def score(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> float:  # noqa: N803
        """Return the rule's cost of the samples, each at its nearest center, with a minus: the larger, the better.

        Scores of different rules can't be compared.
        """
        return -self._nearest(X, sample_weight)[1]

    def __sklearn_tags__(self) -> Any:
        """Say that float32 stays float32."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _validate(
        self,
        X: ArrayLike,  # noqa: N803
        sample_weight: ArrayLike | None,
        *,
        reset: bool = False,
    ) -> tuple[Floats, Weights | None]:
        """Return samples as float64 or float32, and their weights as float64, or raise what is wrong with them."""
        if not reset:
            check_is_fitted(self)
        requirement = "X must be a 2-D array (n_samples, n_features) of finite numbers"
        refuse_non_numbers(requirement, X)
        try:
            samples = validate_data(self, X, dtype=[np.float64, np.float32], order="C", reset=reset)
        except OverflowError as error:
            raise ValueError(f"{requirement}, got a value that is not a number: {error}") from error
        weights = None
        if sample_weight is not None:
            point_weights = np.full(len(samples), sample_weight) if isinstance(sample_weight, Real) else sample_weight
            weights = validate_weights(point_weights, len(samples), "sample_weight")
        validate_magnitude("X", largest_magnitude(samples), samples.shape, weights)
        return samples, weights

    def _configs(self, points: Points, weights: Weights | None) -> list[RunConfig]:
        """Return what to run, one config a start, or raise what is wrong with the parameters."""
        k = validate_whole_number("n_clusters", self.n_clusters, 1)
        count, note = (len(points), "") if weights is None else (np.count_nonzero(weights), " of a weight above 0")
        if count < k:
            raise ValueError(f"n_samples={count}{note} should be >= n_clusters={k}.")
        _validate_tolerance(self.tol)
        random = check_random_state(self.random_state)
        starts = self._n_starts()
        configs = []
        for _ in range(starts):
            seed = int(random.randint(2**31 - 1))
            start = self._starting_centers(points, k, random)
            configs.append(
                RunConfig(
                    k=k,
                    rule=self.rule,
                    init="given" if start is not None else self.init,
                    given=start,
                    empty=self.empty,
                    backend=self.backend,
                    seed=seed,
                    max_iter=self.max_iter,
                )
            )
        return configs

    def _n_starts(self) -> int:
        """Return the number of runs."""
        names = [name for name in INITIALISERS if name != "given"]
        if isinstance(self.init, str):
            validate_choice("init", self.init, names)
        if isinstance(self.n_init, str):
            if self.n_init != "auto":
                raise ValueError(f"n_init must be 'auto' or a whole number of at least 1, got {self.n_init!r}")
            independent = callable(self.init) or (isinstance(self.init, str) and self.init in ("random", "partition"))
            return _MANY_STARTS if independent else 1
        count = validate_whole_number("n_init", self.n_init, 1)
        return count if isinstance(self.init, str) or callable(self.init) else 1

    def _starting_centers(self, points: Points, k: int, random: np.random.RandomState) -> Any:
        """Return the centers that ``init`` holds or makes, ``(k, d) float64``; None where it is a name."""
        if isinstance(self.init, str):
            return None
        init: Any = self.init
        name = "init"
        if callable(init):
            init, name = init(points, k, random_state=random), "what init returns"
        centers = validate_rows(name, init)
        if centers.shape != (k, points.shape[1]):
            raise ValueError(
                f"{name} must have the shape (n_clusters, n_features) = {(k, points.shape[1])}, got {centers.shape}"
            )
        validate_magnitude(name, largest_magnitude(centers), points.shape)
        return centers

    def _best_run(self, points: Points, weights: Weights | None, configs: list[RunConfig]) -> Trace:
        """Return the run with the least cost, the first one of several."""
        if self.tol:
            traces = [_run_to_tolerance(points, weights, config, float(self.tol)) for config in configs]
            costs = [trace.cost for trace in traces]
        elif configs[1:]:
            costs = [outcome.cost for outcome in run_many(points, configs, weights)]
        else:
            costs = [0.0]
        best = int(np.argmin(costs))
        trace = traces[best] if self.tol else run(points, configs[best], weights)
        if self.verbose:
            _print_progress(costs if configs[1:] else [trace.cost], trace, best)
        return trace

    def _warn_of_duplicates(self, points: Points, weights: Weights | None) -> None:
        """Warn where an empty cluster has no other reason than that samples are equal."""
        k = len(self.cluster_centers_)
        members = points if weights is None else points[weights > 0]
        if len(np.unique(self.labels_)) < k and (distinct := len(np.unique(members, axis=0))) < k:
            warnings.warn(
                f"Number of distinct samples ({distinct}) is smaller than n_clusters ({k}), so that clusters are "
                f"empty: choose n_clusters <= {distinct}.",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _fitted_centers(self) -> tuple[Centers, Active]:
        """Return the centers, ``(k, d) float64``, and which clusters take part, ``(k,) bool``.

        Those of the run, before they were rounded to float32; or ``cluster_centers_`` where somebody has changed them.
        """
        centers, trace = np.asarray(self.cluster_centers_), self.trace_
        if np.array_equal(centers, trace.centers.astype(centers.dtype)):
            return trace.centers, trace.active(-1)
        return centers.astype(np.float64), np.ones(len(centers), dtype=np.bool_)

    def _nearest(self, X: ArrayLike, sample_weight: ArrayLike | None) -> tuple[NDArray[np.int32], float]:  # noqa: N803
        """Return the cluster of each sample, ``(n_samples,) int32``, and their cost."""
        samples, weights = self._validate(X, sample_weight)
        centers, active = self._fitted_centers()
        points, taking_part = np.ascontiguousarray(samples, dtype=np.float64), centers[active]
        unit = unit_for(points, taking_part, weights)
        engine = engine_in(unit, get_backend(self.backend), points, RULES[self.rule], weights)
        labels, cost = engine.assign(taking_part)
        return np.flatnonzero(active).astype(np.int32)[labels], cost

    @property
    def _n_features_out(self) -> int:
        """How many columns ``transform`` returns."""
        return len(self.cluster_centers_)


def _validate_tolerance(tol: object) -> None:
    if isinstance(tol, bool) or not isinstance(tol, Real) or not 0 <= float(tol) < np.inf:
        raise ValueError(f"tol must be a finite number of at least 0, got {tol!r}")


def _run_to_tolerance(points: Points, weights: Weights | None, config: RunConfig, tol: float) -> Trace:
    """Run until the centers hardly move; the trace's config says after how many iterations that was."""
    away = points - np.average(points, 0, weights)
    # Squares of tiny numbers would vanish, so both sides are measured in the largest deviation.
    unit = float(np.abs(away).max()) or 1.0
    variance = float(np.mean(np.average((away / unit) ** 2, 0, weights)))
    steps: list[Step] = []
    shift = np.inf
    for step in iterate(points, config, weights):
        if step.phase is Phase.REFINE:
            shift = float(np.square((step.centers - steps[-1].centers) / unit).sum())
        steps.append(step)
        if step.phase is Phase.ASSIGN and shift <= tol * variance:
            break
    if steps[-1].reassigned:
        config = replace(config, max_iter=steps[-1].iteration)
    return Trace.from_steps(config, steps)


def _print_progress(costs: list[float], trace: Trace, best: int) -> None:
    """Print what each start came to, and the iterations of the one that is kept."""
    for number, cost in enumerate(costs, start=1):
        print(f"Start {number}/{len(costs)}: cost {cost:.6g}")
    for step in trace:
        if step.phase is Phase.ASSIGN:
            print(f"Iteration {step.iteration}: cost {step.cost:.6g}, {step.reassigned} samples switched cluster")
    print(f"Kept start {best + 1}. {trace.stop_sentence}")
