"""Engines: the half-steps, each written in the idiom of the library that computes it, and the registry of backends.

A backend turns points into an ``Engine`` once per run; the engine then assigns and refines. NumPy is always there.
TensorFlow is imported when its engine is first needed, never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final, Literal, Protocol, cast

from kmeans_core.arrays import Centers, Counts, Floats, Labels, Points, Weights
from kmeans_core.messages import message
from kmeans_core.rules import Rule
from kmeans_core.validation import validate_choice

BackendName = Literal["numpy", "tensorflow"]
"""The names of the backends: the keys of ``BACKENDS``."""


class Engine(Protocol):
    """Points, with their weights if they have any, made ready for one rule on one library."""

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index.

        Parameters
        ----------
        centers : (k, d) float64

        Returns
        -------
        labels : (n,) unsigned
            Of the type that ``label_dtype(k)`` names.
        cost : float
            The rule's cost of these labels and centers.
        """
        ...

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster.

        Parameters
        ----------
        labels : (n,) unsigned
        k : int

        Returns
        -------
        centers : (k, d) float64
            The row of a cluster whose count is 0 is NaN.
        counts : (k,) int64
            Number of points in each cluster; those of weight 0 do not count.
        """
        ...

    def distances(self, labels: Labels, centers: Centers) -> Floats:
        """Return the distance of each point to its own center, ``(n,) float64``, whatever its weight."""
        ...

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        ...


class EngineFactory(Protocol):
    """The type of the function ``engine`` of each backend's module."""

    def __call__(self, points: Points, rule: Rule, weights: Weights | None = None) -> Engine:
        """Make points ready for a rule."""
        ...


class BackendUnavailable(ImportError):  # noqa: N818 - it is a state of affairs, not a mistake
    """The package of a backend is not installed; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A library that computes half-steps.

    Attributes
    ----------
    title : str
        Its name for people.
    module : str
        The module with its ``engine`` function.
    package : str
        The package that must be installed for it.
    precisions : tuple of str
        The types in which it can compute, float64 first.
    prunes_from : int
        From this many points on, the pruned engine serves runs by the mean rule, with the same labels and centers. Ten
        iterations with K = 6 took 1.2 ms pruned and 1.0 ms plain for 1,000 points in 2-D, 0.8 and 1.05 ms in 8-D, and
        1.8 and 2.2 ms for 3,000 points in 2-D. On TensorFlow, XLA's compiling must pay, too.
    """

    title: str
    module: str
    package: str
    precisions: tuple[str, ...] = ("float64",)
    prunes_from: int = 1_000


BACKENDS: Final[Mapping[str, Backend]] = MappingProxyType(
    {
        "numpy": Backend("NumPy", "kmeans_core.engines.numpy", "numpy"),
        "tensorflow": Backend(
            "TensorFlow", "kmeans_core.engines.tensorflow.engine", "tensorflow", ("float64", "float32"), 50_000
        ),
    }
)
"""The backends by name, installed or not; a new one is a module with an ``engine`` function and an entry here."""


def backend_available(name: str) -> bool:
    """Tell whether the package that backend ``name`` needs is installed, without importing it.

    Raises
    ------
    ValueError
        If no backend has that name.
    """
    return find_spec(BACKENDS[validate_choice("backend", name, BACKENDS)].package) is not None


def get_backend(name: str, precision: str = "float64") -> EngineFactory:
    """Return the function that makes engines of backend ``name``, importing its library if need be.

    Parameters
    ----------
    name : str
        A key of ``BACKENDS``.
    precision : str
        One of the backend's ``precisions``.

    Returns
    -------
    callable
        ``engine(points, rule, weights=None) -> Engine``.

    Raises
    ------
    ValueError
        If no backend has that name, or this one can't compute in that precision.
    BackendUnavailable
        If its package is not installed, or is installed but cannot be imported.
    """
    available, backend = backend_available(name), BACKENDS[name]
    validate_choice("precision", precision, backend.precisions)
    if not available:
        raise BackendUnavailable(message("runs.backend_missing", backend=backend.title, package=backend.package))
    try:
        module = import_module(backend.module)
    except ImportError as error:
        values = {"backend": backend.title, "package": backend.package, "error": str(error)}
        raise BackendUnavailable(message("runs.backend_broken", **values)) from error
    return cast(
        "EngineFactory", partial(module.engine, precision=precision) if backend.precisions[1:] else module.engine
    )
