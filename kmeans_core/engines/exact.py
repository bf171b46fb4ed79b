"""Exact sums of clusters, and correctly rounded means.

Floating-point addition rounds: the same points added in another order may give another last bit, and then a point
halfway between two centers may fall to either. Next to a huge value, addition loses all digits of the others. Here
every value is cut into pieces, each a whole multiple of a power of 2 so large that sums of n pieces need no more digits
than a float has. Sums of pieces are exact: points may come in any order, in blocks, on many threads, or be added and
taken away as they switch cluster.

The first two pieces of all values hold at least the 2 (53 - log2(4 n)) highest binary digits of the column's largest
value: all digits of every value that is not some thousand times smaller than it (n = 1,000,000), or some hundred
million times (n = 3,000). The few values with digits below those have further pieces, as many as they need.

A mean is the quotient of two such exact sums, rounded once: it is the float nearest to the true mean.

References
----------
S. M. Rump, T. Ogita and S. Oishi, Accurate floating-point summation part I: faithful rounding, SIAM J. Sci. Comput.
31(1), 2008 (cutting values). J. Demmel and H. D. Nguyen, Fast reproducible floating-point summation, ARITH 2013
(grids). T. J. Dekker, A floating-point technique for extending the available precision, Numer. Math. 18, 1971
(``_two_product``). J.-M. Muller et al., Handbook of Floating-Point Arithmetic, 2nd ed., 2018, sections 4.3 and 4.4
(error-free sums and products).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.arrays import Floats, Points

Indices = NDArray[np.intp]

_DIGITS: Final = np.finfo(np.float64).nmant + 1

_SPLITTER: Final = 2.0**27 + 1
"""Splits 53 digits into two halves (Dekker)."""

AT_ONCE: Final = 2**15
"""Values that are cut at once: their pieces, half a megabyte, stay in the cache and reuse memory that is at hand. Ten
iterations on 100,000 points in 2-D took 13 to 15 ms with up to 2^16, and 22 ms with 2^18."""

_FEW: Final = 48
"""Up to this many quotients, Python's integers are faster than NumPy's 30 calls: 8 against 27 us for 12."""

_SMALLEST: Final = 2.0**-900
"""The smallest grid whose inverse, and whose pieces' quotients, are normal numbers."""


def grids_of(largest: ArrayLike, count: int) -> Floats:
    """Return the grids that cut values into their first two pieces.

    Parameters
    ----------
    largest : (...) float64
        The largest absolute value of each column.
    count : int
        How many values each column has.

    Returns
    -------
    (2, ...) float64
        The two powers of 2 for ``in_pieces``.
    """
    _, exponent = np.frexp(largest)
    room = _room(count)
    coarse = exponent + room
    grids: Floats = np.ldexp(1.0, np.stack([coarse, coarse - _DIGITS + room]))
    return grids


def _room(count: int) -> int:
    """Return how many binary digits of a float to leave free, so that sums of ``count`` pieces are exact."""
    # All values may be there and as many be taken away, and a binary digit is lost where a value meets its grid.
    return (4 * count).bit_length()


def in_pieces(values: Floats, grids: Floats) -> Floats:
    """Cut values into a coarse and a fine piece, of which sums are exact.

    Parameters
    ----------
    values : (...) float64
    grids : (2, ...) float64
        Of ``grids_of``; each of the two must go together with ``values``.

    Returns
    -------
    (2, ...) float64
    """
    pieces = np.empty((2, *values.shape))
    coarse, fine = pieces
    np.add(values, grids[0], out=coarse)
    coarse -= grids[0]
    np.subtract(values, coarse, out=fine)
    fine += grids[1]
    fine -= grids[1]
    return pieces


@dataclass(frozen=True, slots=True)
class _Level:
    """Pieces on one grid, of the few values that reach below the grids above it: three arrays ``(e,)``."""

    rows: Indices
    columns: Indices
    pieces: Floats


def _further_levels(values: Floats, grids: Floats, rows: Indices, count: int) -> list[_Level]:
    """Return the pieces of some values below the first two, on as many further grids as they need.

    Parameters
    ----------
    values : (e, m) float64
    grids : (2, m) float64
    rows : (e,) int
        What to call the rows of the values.
    count : int
        How many values each column has in all.
    """
    rest = values.copy()
    for piece in in_pieces(values, grids):
        rest -= piece
    pairs, columns = np.nonzero(rest)
    rows, rest = rows[pairs], rest[pairs, columns]
    # The grids go on as ``grids_of`` makes the second from the first. Below the smallest float a grid is 0: all is cut.
    _, exponents = np.frexp(grids[1])
    room, levels = _room(count), []
    while len(rest):
        exponents = exponents - _DIGITS + room
        grid = np.ldexp(1.0, exponents[columns] - 1)
        pieces = (rest + grid) - grid
        rest = rest - pieces
        if (cut := pieces != 0).any():
            levels.append(_Level(rows[cut], columns[cut], pieces[cut]))
        left = rest != 0
        rows, columns, rest = rows[left], columns[left], rest[left]
    return levels


class Summands:
    """What is added up for the means of clusters: the points, or with weights their exact products.

    Parameters
    ----------
    points : (n, d) float64
    weights : (n,) float64, or None
        0 or more. A point of weight w counts as w copies.
    largest : (d,) float64, or None
        The largest absolute value of each feature, if it is known.

    Attributes
    ----------
    values : (n, m) float64
        The points (m = d). With weights w: w x rounded, what that rounding left, and w (m = 2 d + 1).
    grids : (2, m) float64
        What cuts the values into their first two pieces.
    """

    def __init__(self, points: Points, weights: Floats | None = None, largest: Floats | None = None) -> None:
        self._d = points.shape[1]
        self.values = points
        if weights is not None:
            products = _two_product(points, weights[:, None])
            self.values = np.concatenate([*products, weights[:, None]], axis=1)
        if weights is not None or largest is None:
            largest = np.maximum(self.values.max(axis=0), -self.values.min(axis=0))
        self.grids = grids_of(largest, len(points))
        self._unit = self.grids[1] * 2.0**-_DIGITS
        self._has_unit = bool(self.grids[1].min() > _SMALLEST)
        self._levels: list[_Level] | None = None
        self._counted = None if weights is None or weights.all() else weights > 0

    def counts(self, labels: NDArray[np.integer], k: int, rows: Indices | slice = slice(None)) -> NDArray[np.int64]:
        """Return the number of points of each cluster whose weight is not 0, ``(k,)``; ``rows`` are those labeled."""
        return np.bincount(labels if self._counted is None else labels[self._counted[rows]], minlength=k)

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Yield the first two pieces of all values, ``(2, b, m)``, and whose rows they are, and look below them."""
        n, m = self.values.shape
        size = min(max(1, AT_ONCE // m), n)
        # A grid for each row: NumPy is slow where it has to repeat a short one.
        grids = np.repeat(self.grids[:, None], size, axis=1)
        deep_rows = []
        for start in range(0, n, size):
            block = slice(start, min(start + size, n))
            values = self.values[block]
            pieces = in_pieces(values, grids[:, : len(values)])
            # This sum is exact where a value has further pieces: it is less than the grid then.
            if self._levels is None and len(deep := np.flatnonzero(pieces[0] + pieces[1] != values)):
                deep_rows.append(start + deep // m)
            yield block, pieces
        if self._levels is None:
            self.look_below(np.unique(np.concatenate(deep_rows)) if deep_rows else np.empty(0, dtype=np.intp))

    def look_below(self, rows: Indices) -> None:
        """Cut further pieces; no others than these rows may have any."""
        self._levels = _further_levels(self.values[rows], self.grids, rows, len(self.values)) if len(rows) else []

    def pieces(self) -> Floats:
        """Return the first two pieces of all values, ``(2, n, m)``."""
        return np.concatenate([pieces for _, pieces in self.blocks()], axis=1)

    def complete(self, sums: Floats, labels: NDArray[np.integer]) -> Floats:
        """Return sums of first pieces with those of the further pieces below them.

        Parameters
        ----------
        sums : (2, ..., k, m) float64
        labels : (..., n) int

        Returns
        -------
        (p, ..., k, m) float64
            Each number is exact; together they are the sums of the values.
        """
        assert self._levels is not None, "pieces are cut before they are added up"
        if not self._levels:
            return sums
        k, m = sums.shape[-2:]
        further = np.zeros((len(self._levels), *sums.shape[1:]))
        for level, level_sums in zip(self._levels, further, strict=True):
            rows = labels.reshape(-1, labels.shape[-1])
            for run_sums, run_labels in zip(level_sums.reshape(-1, k * m), rows, strict=True):
                places = run_labels[level.rows].astype(np.intp) * m + level.columns
                run_sums[:] = np.bincount(places, weights=level.pieces, minlength=k * m)
        return np.concatenate([sums, further])

    def means(self, sums: Floats, counts: NDArray[np.int64]) -> Floats:
        """Return correctly rounded means.

        Parameters
        ----------
        sums : (p, ..., k, m) float64
            Of all pieces, as ``sums`` and ``complete`` return them.
        counts : (..., k) int64
            Number of points of each cluster whose weight is not 0.

        Returns
        -------
        (..., k, d) float64
            NaN where the count is 0.
        """
        d = self._d
        if self.values.shape[1] == d:
            if len(sums) == 2 and counts.size * d <= _FEW and self._has_unit:
                return self._few_means(sums, counts)
            return quotients(sums, counts[None, ..., None].astype(np.float64))
        products = np.concatenate([sums[..., :d], sums[..., d : 2 * d]])
        return quotients(products, sums[..., 2 * d :])

    def _few_means(self, sums: Floats, counts: NDArray[np.int64]) -> Floats:
        """Return ``means`` of plain points without further pieces, by way of integers."""
        coarse, fine = (sums / self._unit).reshape(2, -1).tolist()
        divisors = np.repeat(counts, self._d).tolist()
        # Whole numbers of units, whose quotient Python rounds correctly; the unit is a power of 2.
        means = [
            (int(high) + int(low)) / count if count else nan
            for high, low, count in zip(coarse, fine, divisors, strict=True)
        ]
        result: Floats = np.array(means).reshape(sums.shape[1:]) * self._unit
        return result

    def totals(self, sums: Floats) -> tuple[Floats, Floats | None]:
        """Return rounded sums of points ``(..., k, d)`` and of weights ``(..., k)``, given those of first pieces."""
        d, rounded = self._d, sums[0] + sums[1]
        if self.values.shape[1] == d:
            return rounded, None
        return rounded[..., :d] + rounded[..., d : 2 * d], rounded[..., 2 * d]


def _two_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the rounded sum and its rounding error; the two are exactly the sum (Knuth)."""
    total = a + b
    b_rounded = total - a
    return total, (a - (total - b_rounded)) + (b - b_rounded)


def _two_product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the rounded product and its rounding error; the two are exactly the product (Dekker)."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _halves(values: Floats) -> tuple[Floats, Floats]:
    wide = values * _SPLITTER
    high = wide - (wide - values)
    return high, values - high


def quotients(numerators: Floats, denominators: Floats) -> Floats:
    """Return correctly rounded quotients of exact sums.

    Parameters
    ----------
    numerators : (p, ...) float64
        Numbers whose exact sum over the first axis is divided.
    denominators : (q, ...) float64
        Numbers whose exact sum over the first axis, 0 or more, is divided by; they are broadcast.

    Returns
    -------
    (...) float64
        NaN where a denominator is 0.

    Notes
    -----
    A quotient is computed in about twice the precision. Where that leaves doubt about the last digit (mostly exact
    ties, as of two points), Python's integers decide.
    """
    shape = numerators.shape[1:]
    if numerators[0].size <= _FEW:
        uncertain: NDArray[np.bool_] = np.ones(shape, dtype=np.bool_)
        result = np.empty(shape)
    else:
        result, uncertain = _nearest_quotients(numerators, denominators)
    if uncertain.any():
        denominators = np.broadcast_to(denominators, (len(denominators), *shape))
        overs, unders = numerators[:, uncertain].T.tolist(), denominators[:, uncertain].T.tolist()
        result[uncertain] = [_quotient(over, under) for over, under in zip(overs, unders, strict=True)]
    return result


def _nearest_quotients(numerators: Floats, denominators: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return quotients, and which of them may not be the nearest floats."""
    with np.errstate(divide="ignore", invalid="ignore"):
        high, low = _two_sum(numerators[0], numerators[1])
        divisor, size, errors = denominators[0], np.abs(low), []
        for piece in denominators[1:]:
            divisor, error = _two_sum(divisor, piece)
            errors.append(error)
        for piece in numerators[2:]:
            low += piece
            size += np.abs(piece)
        quotient = high / divisor
        product, error = _two_product(quotient, divisor)
        rest = (high - product) - error + low
        size += np.abs(error)
        for piece in errors:
            part = quotient * piece
            rest -= part
            size += np.abs(part)
        correction = rest / divisor
        nearest = quotient + correction
        off = correction - (nearest - quotient)
        half_gap = np.abs(nearest - np.nextafter(nearest, 0)) / 2
        # ``rest`` is a sum of at most some 70 numbers, each off by a few 2^-53 of it; 2^-45 is more than all of that.
        # Where errors of products may be too small for a float, half_gap is less than 2^-1000.
        doubt = (np.abs(correction) + size / divisor) * 2.0**-45 + 2.0**-1000
        return nearest, ~(np.abs(off) + doubt < half_gap)


def _quotient(numerator: Iterable[float], denominator: Iterable[float]) -> float:
    """Return one correctly rounded quotient of two exact sums; NaN if the divisor is 0."""
    (over, over_unit), (under, under_unit) = _exact_sum(numerator), _exact_sum(denominator)
    # Python rounds the quotient of two integers correctly, whatever their size.
    return (over * under_unit) / (under * over_unit) if under else nan


def _exact_sum(values: Iterable[float]) -> tuple[int, int]:
    """Return a sum as a fraction of integers, whose denominator is a power of 2."""
    total, unit = 0, 1
    for value in values:
        if value:
            over, under = value.as_integer_ratio()
            if under > unit:
                total, unit = total * (under // unit), under
            total += over * (unit // under)
    return total, unit
