"""Array types of the library, and arrays that cannot be written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from threading import Lock
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""float64 of any shape."""

Points = NDArray[np.float64]
"""``(n, d) float64``: n points of d features."""

Centers = NDArray[np.float64]
"""``(k, d) float64``: one center per cluster, in cluster order."""

Labels = NDArray[np.integer]
"""``(n,) int``: the cluster of each point.

Engines return, and records keep, the smallest unsigned type that holds k (``label_dtype``). Arithmetic with it wraps
around silently, so ``Step.labels`` and ``Trace.labels`` are ``intp``.
"""

Active = NDArray[np.bool_]
"""``(k,) bool``: which clusters take part."""

Weights = NDArray[np.float64]
"""``(n,) float64``, 0 or more: a point of weight w counts as w copies of it."""

Indices = NDArray[np.intp]
"""``(m,) intp``: which points, or which clusters."""

Counts = NDArray[np.int64]
"""``(k,) int64``: points per cluster."""

Scalar = TypeVar("Scalar", bound=np.generic)


def label_dtype(k: int) -> np.dtype[np.unsignedinteger]:
    """Return the smallest unsigned integer type that holds ``k``."""
    return np.min_scalar_type(k)


def freeze(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Make an array read-only and return it."""
    array.setflags(write=False)
    return array


def all_active(k: int) -> Active:
    """Return that all k clusters take part, read-only."""
    return freeze(np.ones(k, dtype=np.bool_))


def freeze_fields(record: Any) -> None:
    """Replace each writable array of a frozen dataclass by a read-only copy."""
    for name in type(record).__match_args__:  # the names of the fields, without the search that ``fields`` makes
        value = getattr(record, name)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            object.__setattr__(record, name, freeze(value.copy()))


def restore_fields(record: Any, state: Sequence[object]) -> None:
    """Fill a frozen dataclass with slots from a pickle or a copy, where NumPy makes arrays writable again."""
    for field, value in zip(fields(record), state, strict=True):
        object.__setattr__(record, field.name, freeze(value) if isinstance(value, np.ndarray) else value)


_RECENT: Final[WeakKeyDictionary[Any, Indices]] = WeakKeyDictionary()
_RECENT_SIZE: Final = 2
_RECENT_LOCK: Final = Lock()
"""Labels of the owners that needed intp last, so that a loop over points converts them once. They take eight times
the memory of compact labels, so only as many are kept as it takes to compare a step with the one before."""


def as_intp(owner: object, labels: Labels) -> Indices:
    """Return the compact labels of an owner as ``(n,) intp``, read-only; converts once for repeated calls."""
    with _RECENT_LOCK:
        wide = _RECENT.get(owner)
        if wide is None:
            wide = freeze(labels.astype(np.intp))
            while len(_RECENT) >= _RECENT_SIZE:
                del _RECENT[next(_RECENT.keys())]
            _RECENT[owner] = wide
        return wide
