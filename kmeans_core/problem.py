"""The validated input of one run: points, weights, and config, with the engine that computes its half-steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from kmeans_core.arrays import Centers, Points, Weights, freeze
from kmeans_core.engines import BACKENDS, Engine, EngineFactory, get_backend
from kmeans_core.engines.rescaled import engine_in
from kmeans_core.engines.units import PLAIN, Unit, unit_for
from kmeans_core.lazy import lazy
from kmeans_core.messages import message
from kmeans_core.rules import RULES
from kmeans_core.run_config import RunConfig
from kmeans_core.seeding import Seeding
from kmeans_core.types import Trace
from kmeans_core.validation import (
    is_whole_number_in,
    largest_magnitude,
    validate_choice,
    validate_magnitude,
    validate_record,
    validate_rows,
    validate_sample,
)


@dataclass(frozen=True)
class Problem:
    """The validated input of one run.

    Attributes
    ----------
    points : (n, d) float64
    weights : (n,) float64, or None
    config : RunConfig
    make_engine : callable
        Prepares the points for the run's rule and backend.
    unit : Unit
        The unit in which distances are computed.
    shows_rounding : bool
        Whether the engine computes in less than float64, to show what rounding does.
    """

    points: Points
    weights: Weights | None
    config: RunConfig
    make_engine: EngineFactory
    unit: Unit = PLAIN
    shows_rounding: bool = False

    @lazy
    def engine(self) -> Engine:
        """The points, prepared for the run's rule and backend on first use."""
        return self.make_engine(self.points, RULES[self.config.rule], self.weights)

    @property
    def seeding(self) -> Seeding:
        """The input of an initializer, with a new generator from the run's seed."""
        config, rng = self.config, np.random.default_rng(self.config.seed)
        rule = RULES[config.rule]
        return Seeding(self.points, config.k, rng, rule, self.engine, config.given, self.weights, self.unit.exponent)


def make_problem(
    points: ArrayLike, config: RunConfig, weights: ArrayLike | None = None, precision: str = "float64"
) -> Problem:
    """Validate the input of a run, and return it with its engine, or raise as ``iterate`` does."""
    validate_choice("precision", precision, BACKENDS[validate_record("config", config, RunConfig).backend].precisions)
    rows, row_weights = validate_sample(points, weights, precision)
    validate_fit(rows, config, row_weights, precision)
    unit = unit_for(rows, coordinates_of(config), row_weights, precision)
    make_engine = partial(engine_in, unit, get_backend(config.backend, precision))
    return Problem(rows, row_weights, config, make_engine, unit, shows_rounding=precision != "float64")


def make_branch_problem(
    points: ArrayLike, trace: Trace, index: int, centers: ArrayLike, weights: ArrayLike | None = None
) -> tuple[Problem, Centers]:
    """Validate the input of ``branch``; return its problem and the centers after the move, or raise as it does."""
    config = validate_record("trace", trace, Trace).config
    (rows, row_weights), places = validate_sample(points, weights), validate_rows("centers", centers)
    if not is_whole_number_in(range(len(trace)), index):
        raise ValueError(f"index must be a half-step of the trace, in 0..{len(trace) - 1}, got {index!r}")
    if places.shape != trace.centers.shape:
        raise ValueError(f"centers must have the shape {trace.centers.shape}, got {places.shape}")
    shape = (len(trace.labels), places.shape[1])
    if rows.shape != shape:
        raise ValueError(f"points must be those of the trace, of shape {shape}, got {rows.shape}")
    validate_magnitude("centers", largest_magnitude(places), rows.shape, row_weights)
    unit = unit_for(rows, places, row_weights)
    problem = Problem(rows, row_weights, config, partial(engine_in, unit, get_backend(config.backend)), unit)
    return problem, freeze(places.copy())


def validate_fit(points: Points, config: RunConfig, weights: Weights | None = None, precision: str = "float64") -> None:
    """Raise a ``ValueError`` if a config does not fit the points and their weights."""
    d = points.shape[1]
    n = len(points) if weights is None else int(np.count_nonzero(weights))
    if config.k > n:
        raise ValueError(message("runs.k_too_large", n=n, is_weighted=n < len(points), k=str(config.k)))
    centers = coordinates_of(config)
    if centers is None:
        return
    if centers.shape[1] != d:
        raise ValueError(f"given centers must have as many coordinates as the points ({d}), got {centers.shape[1]}")
    validate_magnitude("given", largest_magnitude(centers), points.shape, weights, precision)


def coordinates_of(config: RunConfig) -> Centers | None:
    """Return the centers that a config gives, ``(k, d) float64``, or None."""
    return None if config.given is None else np.array(config.given)
