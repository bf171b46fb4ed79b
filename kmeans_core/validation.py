"""All checks at the public boundary: arguments as plain values and NumPy arrays, or an error that names the value.

Every public function validates its arguments here, so that a bad value gets the same error message everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import sqrt
from numbers import Integral
from typing import Any, Final, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.arrays import Floats, Points, Weights

_NOT_NUMBERS: Final = (str, bytes, bytearray, np.generic, np.ma.MaskedArray)
_NUMBERS: Final = (np.bool_, np.integer, np.floating)
"""``float`` converts ``_NOT_NUMBERS`` but loses their meaning: text, dates, complex numbers. NumPy's real scalars,
``_NUMBERS``, are the exception."""

Record = TypeVar("Record")

SMALLEST_WEIGHT: Final = 1e-50
"""The smallest weight above 0; the largest is one divided by it. Products with squares of coordinates stay floats."""


# Plain values.


def validate_whole_number(name: str, value: object, low: int) -> int:
    """Return ``value`` as an int of at least ``low``, or raise a ``ValueError`` that names it."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ValueError(f"{name} must be a whole number of at least {low}, got {value!r}")
    if value < low:
        raise ValueError(f"{name} must be at least {low}, got {value}")
    return int(value)


def validate_choice(name: str, value: object, choices: Collection[str]) -> str:
    """Return ``value`` if it is one of the choices, or raise a ``ValueError`` that lists them."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
    return value


def validate_record(name: str, value: object, kind: type[Record]) -> Record:
    """Return ``value`` if it is a record of that kind, or raise a ``TypeError`` that names it."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {value!r}")
    return value


def is_whole_number_in(numbers: range, value: object) -> bool:
    """Tell whether a value is an integer in a range; the float 1.0 is not, although it equals 1."""
    return isinstance(value, Integral) and value in numbers


# Arrays of numbers.


def as_array(requirement: str, values: ArrayLike) -> NDArray[Any]:
    """Return an array-like as a NumPy array of its own type, without a copy where that is possible.

    Parameters
    ----------
    requirement : str
        The beginning of the error message, such as "points must be a 2-D array".
    values : array-like
        Anything that ``numpy.asarray`` reads: nested sequences, arrays, data frames, tensors.

    Returns
    -------
    NumPy array of any shape and type

    Raises
    ------
    ValueError
        If it is a sparse matrix, holds masked values, or can't be read.
    """
    if hasattr(values, "toarray") and hasattr(values, "nnz"):
        raise ValueError(f"{requirement}, got a sparse {type(values).__name__}: convert it with .toarray()")
    _refuse_masked(requirement, values)
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{requirement}, got rows of different lengths") from error
    except Exception as error:  # whatever the object's own conversion raises
        raise ValueError(f"{requirement}, got a {type(values).__name__} that can't be read: {error}") from error


def as_float64(requirement: str, raw: NDArray[Any]) -> NDArray[np.float64]:
    """Return an array of real numbers as C-contiguous float64, without a copy where that is possible.

    Raises
    ------
    ValueError
        If its values are something else, such as texts, dates, or complex numbers; NaN and infinity pass.
    """
    if raw.dtype.kind not in "biufO":
        raise ValueError(f"{requirement}, got values of type {raw.dtype}")
    _refuse_objects(requirement, raw)
    try:
        with np.errstate(over="ignore"):  # a long double may become infinite, which the caller reports
            # ``order="C"`` keeps 0-d arrays as they are; ``ascontiguousarray`` makes them 1-d.
            return np.asarray(raw, dtype=np.float64, order="C")
    except (OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{requirement}, got a value that is not a number: {error}") from error


def refuse_non_numbers(requirement: str, values: ArrayLike) -> None:
    """Refuse masked values, texts, and dates, which scikit-learn's own checks would take for numbers.

    Leave everything else to those checks.

    Raises
    ------
    ValueError
        If there are any; the message begins with ``requirement`` and says what there is instead.
    """
    _refuse_masked(requirement, values)
    try:
        raw = np.asarray(values)
    except Exception:  # whatever the object's own conversion raises
        return
    if raw.dtype.kind in "USMm":
        raise ValueError(f"{requirement}, got values of type {raw.dtype}")
    _refuse_objects(requirement, raw)


def validate_rows(name: str, values: ArrayLike) -> Floats:
    """Return an array-like of finite real numbers as ``(n, d) float64``, C-contiguous, without a copy if possible.

    Raises
    ------
    ValueError
        If it is something else; the message names it.
    """
    requirement = f"{name} must be a 2-D array ({'n' if name == 'points' else 'k'}, d) of finite numbers"
    raw = as_array(requirement, values)
    if raw.ndim != 2 or 0 in raw.shape:
        description = f"a {type(values).__name__}" if raw.ndim == 0 and raw.dtype.kind == "O" else f"shape {raw.shape}"
        raise ValueError(f"{requirement}, got {description}")
    array = as_float64(requirement, raw)
    if not np.isfinite(largest_magnitude(array)):
        row = int(np.argmin(np.isfinite(array).all(axis=1)))
        raise ValueError(f"{requirement}, got {array[row].tolist()} in row {row}")
    return array


def validate_weights(weights: ArrayLike | None, n: int, name: str = "weights") -> Weights | None:
    """Return the weights of n points as ``(n,) float64``, contiguous, or None if there are none.

    Raises
    ------
    ValueError
        If they are not n finite numbers of 0 or more, if all are 0, or if those above 0 are too small or too large to
        be multiplied by squared distances.
    """
    if weights is None:
        return None
    requirement = f"{name} must be {n} finite numbers of 0 or more, one for each point"
    raw = as_array(requirement, weights)
    if raw.shape != (n,):
        raise ValueError(f"{requirement}, got shape {raw.shape}")
    array = as_float64(requirement, raw)
    is_invalid = ~(np.isfinite(array) & (array >= 0))
    if is_invalid.any():
        index = int(is_invalid.argmax())
        raise ValueError(f"{requirement}, got {array[index]} for point {index}")
    positive = array[array > 0]
    if not len(positive):
        raise ValueError(f"{name} must not all be zero: at least one point has to count")
    low, high = float(positive.min()), float(positive.max())
    if low < SMALLEST_WEIGHT or high > 1 / SMALLEST_WEIGHT:
        raise ValueError(
            f"{name} must be 0 or in {SMALLEST_WEIGHT:g}..{1 / SMALLEST_WEIGHT:g}, got {low:.6g}..{high:.6g}: "
            "only their ratios matter for the centers, so multiply them by a constant"
        )
    return array


def largest_magnitude(values: Floats) -> float:
    """Return the largest absolute value; NaN if there is one."""
    return max(float(values.max()), -float(values.min()))


# Points, weights, and centers.


def validate_points(points: ArrayLike) -> Points:
    """Return points as ``validate_sample`` does."""
    return validate_sample(points)[0]


def validate_sample(
    points: ArrayLike, weights: ArrayLike | None = None, precision: str = "float64"
) -> tuple[Points, Weights | None]:
    """Return points as ``(n, d) float64``, C-contiguous, without a copy where that is possible, and their weights.

    Raises
    ------
    ValueError
        If they are not a 2-D array of finite real numbers with at least one row and one column, or are so large that
        their squared distances overflow in that precision; or if the weights do not fit them.
    """
    rows = validate_rows("points", points)
    row_weights = validate_weights(weights, len(rows))
    validate_magnitude("points", largest_magnitude(rows), rows.shape, row_weights, precision)
    return rows, row_weights


def validate_magnitude(
    name: str, largest: float, shape: tuple[int, ...], weights: Weights | None = None, precision: str = "float64"
) -> None:
    """Refuse a value so large that squared distances, or their weighted sum over n points, would overflow."""
    limit = largest_allowed(shape, weights, precision)
    if largest > limit:
        raise ValueError(
            f"{name} must be small enough for their squared distances to be added up, got a value of size "
            f"{largest:.6g}: rescale the data so that no value is larger than {limit:.1e}"
        )


def largest_allowed(shape: tuple[int, ...], weights: Weights | None, precision: str) -> float:
    """Return the largest magnitude of ``(n, d)`` values whose weighted sum of squared distances does not overflow.

    Two values of magnitude s differ by at most 2 s, so the sum is at most ``W d (2 s)^2``, with W the total weight or
    n if that is more.
    """
    n, d = shape
    total = n if weights is None else max(n, float(weights.sum()))
    return sqrt(float(np.finfo(precision).max) / d / total) / 2


def validate_coordinates(name: str, centers: object) -> tuple[tuple[float, ...], ...]:
    """Return centers as a hashable tuple of coordinate tuples, or raise a ``ValueError``."""
    if isinstance(centers, Iterable) and not (hasattr(centers, "shape") or hasattr(centers, "__array__")):
        # ``numpy.asarray`` reads no iterators. What it does read may be a data frame, which iterates over its columns.
        centers = [list(row) if isinstance(row, Iterator) else row for row in centers]
    return tuple(map(tuple, validate_rows(name, cast("ArrayLike", centers)).tolist()))


def _refuse_masked(requirement: str, values: object) -> None:
    if total := _masked_values(values):
        count = f"{total} masked value{'' if total == 1 else 's'}"
        raise ValueError(f"{requirement}, got {count}: fill them in with .filled(), or leave out their rows")


def _refuse_objects(requirement: str, raw: NDArray[Any]) -> None:
    """Refuse values of an array of objects that ``float`` accepts although they are not numbers."""
    if raw.dtype.kind == "O":
        for value in raw.flat:
            if isinstance(value, _NOT_NUMBERS) and not isinstance(value, _NUMBERS):
                raise ValueError(f"{requirement}, got a value that is not a number: {value!r}")


def _masked_values(values: object, depth: int = 3) -> int:
    """Count the masked values of a masked array, or of nested sequences that hold some."""
    if isinstance(values, np.ma.MaskedArray):
        return 0 if values.dtype.names else int(np.count_nonzero(np.ma.getmaskarray(values)))
    if isinstance(values, list | tuple) and depth:
        return sum(
            _masked_values(value, depth - 1) for value in values if isinstance(value, list | tuple | np.ma.MaskedArray)
        )
    return 0
