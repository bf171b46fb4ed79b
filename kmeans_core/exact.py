"""Sums that do not depend on the order of their terms.

Floating-point addition rounds, so that the same points added in another order may give another last bit, and then a
point that lies halfway between two centers may fall to either. Here every value is cut into a coarse and a fine piece,
whole multiples of two powers of 2 that are so large that sums of n pieces need no more digits than a float has. Such
sums are exact: points may come in any order, in blocks, on many threads, or be added and taken away as they change
cluster, and the sum is the same to the last bit.

The two pieces together hold at least the 2 (53 - log2(4 n)) highest binary digits of the largest value: all digits of
every value that is not some thousand times smaller than it (n = 1 000 000), or some hundred million times (n = 3 000).

References
----------
S. M. Rump, T. Ogita and S. Oishi, Accurate floating-point summation part I: faithful rounding, SIAM J. Sci. Comput.
31(1), 2008. J. Demmel and H. D. Nguyen, Fast reproducible floating-point summation, ARITH 2013.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_DIGITS = np.finfo(np.float64).nmant + 1


def grids_of(largest: ArrayLike, count: int) -> Floats:
    """Return what cuts values into pieces.

    Parameters
    ----------
    largest : (...) float64
        The largest absolute value of each feature.
    count : int
        How many values there are of each.

    Returns
    -------
    (2, ...) float64
        The two powers of 2 for ``in_pieces``.
    """
    _, exponent = np.frexp(largest)
    # All values may be there and as many be taken away, and a binary digit is lost where a value meets its grid.
    room = (4 * count).bit_length()
    coarse = exponent + room
    grids: Floats = np.ldexp(1.0, np.stack([coarse, coarse - _DIGITS + room]))
    return grids


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
