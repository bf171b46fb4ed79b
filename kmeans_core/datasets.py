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
from kmeans_core.validation import validate_choice

if TYPE_CHECKING:
    from numpy.random import Generator  # NumPy imports it when it is asked for, and not before

Truth = NDArray[np.int64]
"""``(n,) int64``: the blob, moon or ring that each point was drawn from."""


MAX_POINTS: Final = 1_000_000
"""The most points that a dataset may hold."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One size of a dataset that can be changed: its default, its bounds, and what it means.

    Attributes
    ----------
    name : str
        The keyword of ``make_dataset``.
    default, low, high : int or float
        ``low`` and ``high`` are themselves allowed.
    kind : "int" or "float"
    help : str
        One sentence: what it is, and in which unit.
    """

    name: str
    default: float
    low: float
    high: float
    kind: Literal["int", "float"]
    help: str

    def check(self, value: object) -> float:
        """Return ``value`` as an int or float, as the kind demands.

        Raises
        ------
        ValueError
            If ``value`` is of another kind, not finite or out of bounds; names the parameter, the value and
            what is allowed.
        """
        allowed = f"in {self.low:.16g}..{self.high:.16g}"
        number, noun = (Integral, "a whole number") if self.kind == "int" else (Real, "a number")
        if isinstance(value, bool) or not isinstance(value, number):
            raise ValueError(f"{self.name} must be {noun} {allowed}, got {value!r}")
        plain = int(value) if isinstance(value, Integral) else float(value)
        # A whole number may be too large to be asked whether it is finite.
        if (isinstance(plain, float) and not isfinite(plain)) or not self.low <= plain <= self.high:
            raise ValueError(f"{self.name} must be {allowed}, got {plain}")
        return plain if self.kind == "int" else float(plain)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A kind of data: what it is called, how it is drawn, and what can be changed about it.

    Attributes
    ----------
    name : str
        Its key in ``DATASETS``.
    title : str
        Its name for people.
    sentence : str
        What it looks like and what it is there to show.
    generate : callable
        Takes a generator and all parameters by keyword; returns the points ``(n, 2) float64`` and their true
        labels ``(n,) int64``, or None. It checks nothing: ``make_dataset`` has done so.
    parameters : tuple of Parameter
        In the order in which a person thinks of them.
    equal_units : bool
        Whether both features are in the same unit, so that the axes of a plot should have the same scale.
    """

    name: str
    title: str
    sentence: str
    generate: Callable[..., tuple[Points, Truth | None]]
    parameters: tuple[Parameter, ...]
    equal_units: bool = True

    def sizes(self, values: Mapping[str, object]) -> dict[str, float]:
        """Return a value for every parameter: the one in ``values``, checked, or else the default.

        Raises
        ------
        ValueError
            If a name is not one of the parameters, or a value is refused by its parameter.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in known:
                allowed = ", ".join(known)
                raise ValueError(f"{name} (got {value!r}) is not a parameter of {self.name}, which has {allowed}")
        return {name: known[name].check(values.get(name, known[name].default)) for name in known}


SEED: Final = Parameter(
    name="seed",
    default=0,
    low=0,
    high=2**53 - 1,  # the largest whole number that a browser holds exactly
    kind="int",
    help="The same seed draws the same points again.",
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
    checked = dataset.sizes(sizes)
    return dataset.generate(np.random.default_rng(int(SEED.check(seed))), **checked)


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
    return np.repeat(groups, at_least + np.diff(ends, prepend=0))


def _scattered(rng: Generator, middles: Points, spreads: NDArray[np.float64]) -> Points:
    """Return a normal point about each of the middles ``(n, 2)``, with the standard deviations ``(n,)``."""
    # rng.normal(middles, spreads) means the same, but is C, where a compiler may fuse multiply and add.
    scatter: Points = rng.standard_normal(middles.shape) * spreads[:, np.newaxis]
    return scatter + middles


def _noisy(rng: Generator, points: Points, noise: float) -> Points:
    """Return the points ``(n, 2)``, each moved by normal noise of that standard deviation."""
    return _scattered(rng, points, np.full(len(points), noise))


def _on_unit_circle(rng: Generator, count: int) -> Points:
    """Return ``(count, 2)`` random points of the unit circle: normals, normalized (Muller 1959)."""
    points = rng.standard_normal((count, 2))
    return points / np.sqrt(points[:, 0] ** 2 + points[:, 1] ** 2)[:, np.newaxis]


def _squared_distances(points: Points, point: Points) -> NDArray[np.float64]:
    """Return ``(n,)`` squared distances of the points ``(n, 2)`` to one point ``(2,)``."""
    squared: NDArray[np.float64] = (points[:, 0] - point[0]) ** 2 + (points[:, 1] - point[1]) ** 2
    return squared


def _middles(rng: Generator, count: int, separation: float) -> Points:
    """Place the middles ``(count, 2)`` of blobs at random, the nearest two of them ``separation`` apart.

    Each next middle is the candidate that is farthest from those before it (Mitchell 1991, "best candidate"),
    which looks random but leaves no crowds; then the whole is scaled about its mean.
    """
    candidates = 24
    middles = np.empty((count, 2))
    middles[0] = rng.random(2)
    nearest_pair = inf
    for placed in range(1, count):
        candidate_points = rng.random((candidates, 2))
        gaps = np.min([_squared_distances(candidate_points, middle) for middle in middles[:placed]], axis=0)
        middles[placed] = candidate_points[np.argmax(gaps)]
        nearest_pair = min(nearest_pair, float(np.max(gaps)))
    scaled: Points = (middles - middles.mean(axis=0)) * (separation / sqrt(nearest_pair))
    return scaled


def _in_a_row(count: int, distance: float) -> NDArray[np.float64]:
    """Return ``(count,)`` places on a line, ``distance`` apart and centered on 0."""
    return (np.arange(count, dtype=np.float64) - (count - 1) / 2) * distance


# The generators. Each takes all of its parameters and trusts them.


def _post(rng: Generator, *, blobs: int, points_per_blob: int, spread: float) -> tuple[Points, Truth]:
    """Draw blob i of 1..blobs about (i², i²) with standard deviation i/2 times ``spread``, as in the post."""
    truth = np.repeat(np.arange(blobs), points_per_blob)
    number = np.arange(1.0, blobs + 1)[truth]
    middles = np.column_stack([number**2, number**2])
    return _scattered(rng, middles, number / 2 * spread), truth


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
    return _scattered(rng, middles[truth], spread * _ramp(blobs, unequal_spreads)[truth]), truth


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


def _whole(name: str, default: int, bounds: tuple[int, int], description: str) -> Parameter:
    return Parameter(name, default, *bounds, "int", description)


def _real(name: str, default: float, bounds: tuple[float, float], description: str) -> Parameter:
    return Parameter(name, default, *bounds, "float", description)


def _points(default: int) -> Parameter:
    return _whole("points", default, (1, MAX_POINTS), "How many points there are in total.")


def _blob_count(default: int, high: int) -> Parameter:
    return _whole("blobs", default, (1, high), "How many blobs the points are drawn from.")


def _spread(description: str) -> Parameter:
    return _real("spread", 1.0, (0.0, 5.0), f"{description}; at 0 all points of a blob are equal.")


def _separation(default: float, description: str) -> Parameter:
    return _real("separation", default, (0.0, 50.0), f"Distance between the middles of {description}.")


def _inequality(name: str, equal: str, unequal: str) -> Parameter:
    return _real(name, 0.0, (0.0, 1.0), f"0: all blobs {equal}; 1: {unequal}.")


_SPREAD: Final = _spread("Standard deviation of a blob in each direction")
_NEAREST: Final = "the two blobs that are nearest to each other"
_NOISE: Final = _real("noise", 0.08, (0.0, 1.0), "Standard deviation of what moves each point off its curve.")

_ALL: Final = (
    Dataset(
        "post",
        "The post's blobs",
        "Blob i lies at (i², i²) with spread i/2: the first are tight and close together, the last wide.",
        _post,
        (
            _blob_count(6, 12),
            _whole("points_per_blob", 512, (1, MAX_POINTS // 12), "How many points are drawn from each blob."),
            _spread("Factor on the standard deviation i/2 of blob i"),
        ),
    ),
    Dataset(
        "blobs",
        "Round blobs",
        "Round blobs of normal points: what K-means is made for, until they overlap or become unequal.",
        _blobs,
        (
            _blob_count(5, 20),
            _points(1500),
            _SPREAD,
            _separation(6.0, _NEAREST),
            _inequality("unequal_spreads", "are equally wide", "the widest has 19 times the spread of the tightest"),
            _inequality("unequal_sizes", "have equally many points", "the largest has 19 times those of the smallest"),
        ),
    ),
    Dataset(
        "anisotropic",
        "Stretched blobs",
        "Long, slanted blobs side by side: K-means measures alike in all directions and cuts across them.",
        _anisotropic,
        (
            _blob_count(3, 12),
            _points(1500),
            _spread("Standard deviation across a blob"),
            _separation(6.0, "neighboring blobs"),
            _real(
                "stretch",
                8.0,
                (1.0, 20.0),
                "How many times as long as wide each blob is (1: it is round).",
            ),
        ),
    ),
    Dataset(
        "moons",
        "Two moons",
        "Two half circles that reach into each other: no straight line parts them, and K-means has no other.",
        _moons,
        (_points(1000), _NOISE),
    ),
    Dataset(
        "rings",
        "Rings",
        "Rings around a common middle: their means coincide, so no choice of centers can tell them apart.",
        _rings,
        (
            _whole("rings", 2, (1, 6), "How many rings there are; ring i has the radius i."),
            _points(1000),
            _NOISE,
        ),
    ),
    Dataset(
        "uniform",
        "No structure",
        "Points spread evenly over a box: there is nothing to find, and K-means still returns K clusters.",
        _uniform,
        (_points(1500), _real("width", 1.0, (1.0, 10.0), "Width of the box, whose height is 1.")),
    ),
    Dataset(
        "outlier",
        "Blobs and an outlier",
        "Round blobs and a point far away: it drags a mean after it, or takes a cluster for itself.",
        _outlier,
        (
            _blob_count(3, 12),
            _points(151),
            _SPREAD,
            _separation(6.0, _NEAREST),
            _whole("outliers", 1, (0, 20), "How many of the points lie far away; at least one stays in its blob."),
            _real("outlier_distance", 40.0, (0.0, 1000.0), "How far to the right of their blob they lie."),
        ),
    ),
    Dataset(
        "unscaled",
        "Different units",
        "Two features in very different units: K-means sees only the larger numbers until you standardize.",
        _unscaled,
        (
            _blob_count(2, 5),
            _points(1000),
            _spread("Standard deviation of a blob, in the second feature's unit"),
            _separation(8.0, "neighboring blobs, in the second feature's unit"),
            _real(
                "unit_factor",
                100.0,
                (1.0, 10_000.0),
                "How much larger the first feature's numbers are.",
            ),
        ),
        equal_units=False,
    ),
)

DATASETS: Final[Mapping[str, Dataset]] = MappingProxyType({dataset.name: dataset for dataset in _ALL})
"""The datasets by name; a new one is a generator and an entry above."""
