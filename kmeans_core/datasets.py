"""Seeded two-dimensional data to run K-means on, each with its true labels where it has any.

``make_dataset("post", seed=0)`` draws the post's blobs; ``DATASETS`` lists all datasets, with their parameters and the
bounds of these.

The same name, seed, and parameters give the same arrays on every platform. Generators therefore draw only standard
normals and uniforms, and use only plain arithmetic and square roots, which IEEE 754 rounds the same everywhere: no
sines (their last bit depends on the machine), no matrix products (some machines fuse their multiply and add).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from numbers import Integral, Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Points
from kmeans_core.choices import Choice
from kmeans_core.messages import message
from kmeans_core.validation import validate_choice

if TYPE_CHECKING:
    from numpy.random import Generator  # NumPy imports it when it is asked for, and not before

Truth = NDArray[np.int64]
"""``(n,) int64``: the blob, moon or ring that each point was drawn from."""


MAX_POINTS: Final = 1_000_000
"""The most points that a dataset may hold."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that can be changed: its default and its bounds.

    Attributes
    ----------
    name : str
        The keyword of ``make_dataset``.
    default, low, high : int or float
        ``low`` and ``high`` are themselves allowed.
    kind : "int" or "float"
    """

    name: str
    default: float
    low: float
    high: float
    kind: Literal["int", "float"]

    def check(self, value: object) -> float:
        """Return ``value`` as an int or float, as the kind demands.

        Raises
        ------
        ValueError
            If ``value`` is of another kind, not finite or out of bounds; names the parameter, the value and
            what is allowed.
        """
        bounds = f"in {self.low:.16g}..{self.high:.16g}"
        number, noun = (Integral, "a whole number") if self.kind == "int" else (Real, "a number")
        if isinstance(value, bool) or not isinstance(value, number):
            raise ValueError(f"{self.name} must be {noun} {bounds}, got {value!r}")
        plain = int(value) if isinstance(value, Integral) else float(value)
        # A whole number may be too large to be asked whether it is finite.
        if (isinstance(plain, float) and not isfinite(plain)) or not self.low <= plain <= self.high:
            raise ValueError(f"{self.name} must be {bounds}, got {plain}")
        return plain if self.kind == "int" else float(plain)


@dataclass(frozen=True, slots=True)
class Size(Parameter):
    """One size of a dataset; ``help_key`` is the message on what it is, and in which unit."""

    help_key: str

    @property
    def help(self) -> str:
        """One sentence: what it is, and in which unit."""
        return message(self.help_key)


@dataclass(frozen=True, slots=True)
class Dataset(Choice):
    """A kind of data: how it is drawn, and what can be changed about it.

    Attributes
    ----------
    generate : callable
        Takes a generator and all parameters by keyword; returns the points ``(n, 2) float64`` and their true
        labels ``(n,) int64``, or None. It checks nothing: ``make_dataset`` has done so.
    parameters : tuple of Size
        In the order in which a person thinks of them.
    equal_units : bool
        Whether both features are in the same unit, so that the axes of a plot should have the same scale.
    """

    generate: Callable[..., tuple[Points, Truth | None]]
    parameters: tuple[Size, ...]
    equal_units: bool = True

    def sizes(self, values: Mapping[str, object]) -> dict[str, float]:
        """Return a value for every parameter: the one in ``values``, checked, or else the default.

        Raises
        ------
        ValueError
            If a name is not one of the parameters, or a value is refused by its parameter.
        """
        parameters = {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in parameters:
                allowed = ", ".join(parameters)
                raise ValueError(f"{name} (got {value!r}) is not a parameter of {self.name}, which has {allowed}")
        return {name: parameters[name].check(values.get(name, parameters[name].default)) for name in parameters}


SEED: Final = Parameter(
    name="seed",
    default=0,
    low=0,
    high=2**53 - 1,  # the largest whole number that a browser holds exactly
    kind="int",
)
"""The seed of ``make_dataset``, which every dataset has besides its own parameters."""


def make_dataset(name: str, *, seed: int = 0, **sizes: float) -> tuple[Points, Truth | None]:
    """Draw a dataset.

    Parameters
    ----------
    name : str
        A key of ``DATASETS``.
    seed : int
        0 or more. The same seed gives the same arrays, on every platform.
    **sizes : int or float
        Any of the dataset's parameters; the others take their defaults.

    Returns
    -------
    points : (n, 2) float64
        In the order of their true labels, as far as there are any.
    truth : (n,) int64, or None
        The blob, moon or ring that each point was drawn from; None for data without structure.

    Raises
    ------
    ValueError
        If the name or a parameter is unknown, or a value is out of bounds; names the parameter, the value and
        what is allowed.

    Examples
    --------
    >>> points, truth = make_dataset("post", seed=0)
    >>> points.shape, truth.shape
    ((3072, 2), (3072,))
    """
    dataset = DATASETS[validate_choice("dataset", name, DATASETS)]
    values = dataset.sizes(sizes)
    return dataset.generate(np.random.default_rng(int(SEED.check(seed))), **values)


# Parts that the generators share.


def _ramp(count: int, inequality: float) -> NDArray[np.float64]:
    """Return ``count`` factors with mean 1: all 1 at inequality 0, evenly from 0.1 to 1.9 at inequality 1."""
    return 1.0 + 0.9 * inequality * np.linspace(-1.0, 1.0, count) if count > 1 else np.ones(1)


def _shares(points: int, weights: NDArray[np.float64]) -> Truth:
    """Return the sorted labels ``(points,)`` of groups whose sizes are as the weights ``(groups,)``.

    No group is empty unless there are fewer points than groups.
    """
    groups = np.arange(len(weights))
    at_least = (groups < points).astype(np.int64)
    share = np.cumsum(weights)
    # Rounding the running total, and not each share, makes the counts add up.
    ends = np.floor(share / share[-1] * (points - at_least.sum()) + 0.5).astype(np.int64)
    return np.repeat(groups, (at_least + np.diff(ends, prepend=0)).astype(np.intp))


def _scatter(rng: Generator, middles: Points, spreads: NDArray[np.float64]) -> Points:
    """Return a normal point about each of the middles ``(n, 2)``, with the standard deviations ``(n,)``."""
    # rng.normal(middles, spreads) means the same, but is C, where a compiler may fuse multiply and add.
    scatter: Points = rng.standard_normal(middles.shape) * spreads[:, np.newaxis]
    return scatter + middles


def _noisy(rng: Generator, points: Points, noise: float) -> Points:
    """Return the points ``(n, 2)``, each moved by normal noise of that standard deviation."""
    return _scatter(rng, points, np.full(len(points), noise))


def _on_unit_circle(rng: Generator, count: int) -> Points:
    """Return ``(count, 2)`` random points of the unit circle: normals, normalized (Muller 1959)."""
    points = rng.standard_normal((count, 2))
    return points / np.sqrt(points[:, 0] ** 2 + points[:, 1] ** 2)[:, np.newaxis]


def _squared_distances(points: Points, point: Points) -> NDArray[np.float64]:
    """Return ``(n,)`` squared distances of the points ``(n, 2)`` to one point ``(2,)``."""
    distances: NDArray[np.float64] = (points[:, 0] - point[0]) ** 2 + (points[:, 1] - point[1]) ** 2
    return distances


def _middles(rng: Generator, count: int, separation: float) -> Points:
    """Place the middles ``(count, 2)`` of blobs at random, the nearest two of them ``separation`` apart.

    Each next middle is the candidate that is farthest from those before it (Mitchell 1991, "best candidate"),
    which looks random but leaves no crowds; then the whole is scaled about its mean.
    """
    candidates = 24
    middles = np.empty((count, 2))
    middles[0] = rng.random(2)
    nearest_pair = inf
    for index in range(1, count):
        candidate_points = rng.random((candidates, 2))
        gaps = np.min([_squared_distances(candidate_points, middle) for middle in middles[:index]], axis=0)
        middles[index] = candidate_points[np.argmax(gaps)]
        nearest_pair = min(nearest_pair, float(np.max(gaps)))
    places: Points = (middles - middles.mean(axis=0)) * (separation / sqrt(nearest_pair))
    return places


def _in_a_row(count: int, distance: float) -> NDArray[np.float64]:
    """Return ``(count,)`` places on a line, ``distance`` apart and centered on 0."""
    return (np.arange(count, dtype=np.float64) - (count - 1) / 2) * distance


# The generators. Each takes all of its parameters and trusts them.


def _post(rng: Generator, *, blobs: int, points_per_blob: int, spread: float) -> tuple[Points, Truth]:
    """Draw blob i of 1..blobs about (i², i²) with standard deviation i/2 times ``spread``, as in the post."""
    truth = np.repeat(np.arange(blobs), points_per_blob)
    number = np.arange(1.0, blobs + 1)[truth]
    middles = np.column_stack([number**2, number**2])
    return _scatter(rng, middles, number / 2 * spread), truth


def _blobs(
    rng: Generator,
    *,
    blobs: int,
    points: int,
    spread: float,
    separation: float,
    unequal_spreads: float,
    unequal_sizes: float,
) -> tuple[Points, Truth]:
    """Draw round blobs; blob 0 is the tightest and smallest if they are unequal.

    The middles depend on nothing but seed, count and separation, and the scatter on nothing but the seed, the
    count and the points, so that another spread or separation moves the same points.
    """
    middles = _middles(rng, blobs, separation)
    truth = _shares(points, _ramp(blobs, unequal_sizes))
    return _scatter(rng, middles[truth], spread * _ramp(blobs, unequal_spreads)[truth]), truth


def _anisotropic(
    rng: Generator, *, blobs: int, points: int, spread: float, separation: float, stretch: float
) -> tuple[Points, Truth]:
    """Draw parallel blobs, side by side, each ``stretch`` times as long as it is wide, and turn them all."""
    truth = _shares(points, np.ones(blobs))
    along, across = (rng.standard_normal((points, 2)) * spread).T
    along = along * stretch
    across = across + _in_a_row(blobs, separation)[truth]
    # The angle of the 3-4-5 triangle, 36.87 degrees: its sine and cosine need no sines.
    return np.column_stack([0.8 * along - 0.6 * across, 0.6 * along + 0.8 * across]), truth


def _moons(rng: Generator, *, points: int, noise: float) -> tuple[Points, Truth]:
    """Draw two interleaved half circles of radius 1, placed as scikit-learn's ``make_moons`` places them."""
    truth = _shares(points, np.ones(2))
    x, y = _on_unit_circle(rng, points).T
    upper = np.column_stack([x, np.abs(y)])
    lower = np.column_stack([1.0 - x, 0.5 - np.abs(y)])
    return _noisy(rng, np.where(truth[:, np.newaxis] == 0, upper, lower), noise), truth


def _rings(rng: Generator, *, rings: int, points: int, noise: float) -> tuple[Points, Truth]:
    """Draw rings about the origin with radii 1, 2, ...; the points are as dense on each."""
    radii = np.arange(1.0, rings + 1)
    truth = _shares(points, radii)
    return _noisy(rng, _on_unit_circle(rng, points) * radii[truth][:, np.newaxis], noise), truth


def _uniform(rng: Generator, *, points: int, width: float) -> tuple[Points, None]:
    """Draw points evenly from a box of height 1."""
    return rng.random((points, 2)) * np.array([width, 1.0]), None


def _outlier(
    rng: Generator,
    *,
    blobs: int,
    points: int,
    spread: float,
    separation: float,
    outliers: int,
    outlier_distance: float,
) -> tuple[Points, Truth]:
    """Draw blobs, and members of the rightmost blob that were moved to the right; they come last.

    The true label of an outlier is the blob that it strayed from, which is also the nearest: a clustering
    that leaves it there is right, and one that spends a cluster on it is not.
    """
    outlier_count = min(outliers, points - 1)
    middles = _middles(rng, blobs, separation)
    rightmost = int(np.argmax(middles[:, 0]))
    truth = np.append(_shares(points - outlier_count, np.ones(blobs)), np.full(outlier_count, rightmost))
    rows = _noisy(rng, middles[truth], spread)
    rows[points - outlier_count :, 0] += outlier_distance
    return rows, truth


def _unscaled(
    rng: Generator, *, blobs: int, points: int, spread: float, separation: float, unit_factor: float
) -> tuple[Points, Truth]:
    """Draw round blobs one above the other, the first feature in a much finer unit."""
    truth = _shares(points, np.ones(blobs))
    middles = np.column_stack([np.zeros(blobs), _in_a_row(blobs, separation)])
    return _noisy(rng, middles[truth], spread) * np.array([unit_factor, 1.0]), truth


# The parameters, and short ways to write them down.


def _whole(name: str, default: int, bounds: tuple[int, int], help_key: str) -> Size:
    return Size(name, default, *bounds, "int", help_key)


def _real(name: str, default: float, bounds: tuple[float, float], help_key: str) -> Size:
    return Size(name, default, *bounds, "float", help_key)


def _points(default: int) -> Size:
    return _whole("points", default, (1, MAX_POINTS), "datasets.points_help")


def _blob_count(default: int, high: int) -> Size:
    return _whole("blobs", default, (1, high), "datasets.blobs_help")


def _spread(help_key: str) -> Size:
    return _real("spread", 1.0, (0.0, 5.0), help_key)


def _separation(default: float, help_key: str) -> Size:
    return _real("separation", default, (0.0, 50.0), help_key)


def _inequality(name: str, help_key: str) -> Size:
    return _real(name, 0.0, (0.0, 1.0), help_key)


_SPREAD: Final = _spread("datasets.spread_help")
_SEPARATION: Final = _separation(6.0, "datasets.separation_help")
_NOISE: Final = _real("noise", 0.08, (0.0, 1.0), "datasets.noise_help")

_DATASETS: Final = (
    Dataset(
        "post",
        "datasets.post_title",
        "datasets.post_summary",
        _post,
        (
            _blob_count(6, 12),
            _whole("points_per_blob", 512, (1, MAX_POINTS // 12), "datasets.points_per_blob_help"),
            _spread("datasets.post_spread_help"),
        ),
    ),
    Dataset(
        "blobs",
        "datasets.blobs_title",
        "datasets.blobs_summary",
        _blobs,
        (
            _blob_count(5, 20),
            _points(1500),
            _SPREAD,
            _SEPARATION,
            _inequality("unequal_spreads", "datasets.unequal_spreads_help"),
            _inequality("unequal_sizes", "datasets.unequal_sizes_help"),
        ),
    ),
    Dataset(
        "anisotropic",
        "datasets.anisotropic_title",
        "datasets.anisotropic_summary",
        _anisotropic,
        (
            _blob_count(3, 12),
            _points(1500),
            _spread("datasets.anisotropic_spread_help"),
            _separation(6.0, "datasets.anisotropic_separation_help"),
            _real(
                "stretch",
                8.0,
                (1.0, 20.0),
                "datasets.stretch_help",
            ),
        ),
    ),
    Dataset(
        "moons",
        "datasets.moons_title",
        "datasets.moons_summary",
        _moons,
        (_points(1000), _NOISE),
    ),
    Dataset(
        "rings",
        "datasets.rings_title",
        "datasets.rings_summary",
        _rings,
        (
            _whole("rings", 2, (1, 6), "datasets.rings_help"),
            _points(1000),
            _NOISE,
        ),
    ),
    Dataset(
        "uniform",
        "datasets.uniform_title",
        "datasets.uniform_summary",
        _uniform,
        (_points(1500), _real("width", 1.0, (1.0, 10.0), "datasets.width_help")),
    ),
    Dataset(
        "outlier",
        "datasets.outlier_title",
        "datasets.outlier_summary",
        _outlier,
        (
            _blob_count(3, 12),
            _points(151),
            _SPREAD,
            _SEPARATION,
            _whole("outliers", 1, (0, 20), "datasets.outliers_help"),
            _real("outlier_distance", 40.0, (0.0, 1000.0), "datasets.outlier_distance_help"),
        ),
    ),
    Dataset(
        "unscaled",
        "datasets.unscaled_title",
        "datasets.unscaled_summary",
        _unscaled,
        (
            _blob_count(2, 5),
            _points(1000),
            _spread("datasets.unscaled_spread_help"),
            _separation(8.0, "datasets.unscaled_separation_help"),
            _real(
                "unit_factor",
                100.0,
                (1.0, 10_000.0),
                "datasets.unit_factor_help",
            ),
        ),
        equal_units=False,
    ),
)

DATASETS: Final[Mapping[str, Dataset]] = MappingProxyType({dataset.name: dataset for dataset in _DATASETS})
"""The datasets by name; a new one is a generator and an entry above."""
