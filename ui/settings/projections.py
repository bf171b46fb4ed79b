"""How points of more than two features are drawn: by two of their columns, or by principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Points
from ui.text.messages import message


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The projection of points to the plane of the picture, ``(points - origin) @ matrix``.

    Attributes
    ----------
    origin : (d,) float64
    matrix : (d, 2) float64
    words : str
        A sentence that says which two directions the picture shows.
    """

    origin: NDArray[np.float64]
    matrix: NDArray[np.float64]
    words: str

    def places(self, points: Points) -> Points:
        """Return where points or centers ``(m, d)`` are drawn, ``(m, 2)``."""
        places: Points = (points - self.origin) @ self.matrix
        return places


def column_projection(columns: tuple[str, ...], axes: tuple[str, ...]) -> Projection:
    """Return the projection to two of the columns."""
    matrix = np.zeros((len(columns), 2))
    for side, name in enumerate(axes):
        matrix[columns.index(name), side] = 1.0
    return Projection(np.zeros(len(columns)), matrix, message("settings.projection_columns", columns=len(columns)))


def component_projection(points: Points) -> tuple[Projection, tuple[str, str]]:
    """Return the projection to the first two principal components (Pearson 1901), and the titles of the axes.

    Each component is turned so that its largest weight is positive.
    """
    origin = points.mean(axis=0)
    scale = float(np.max(np.abs(points - origin))) or 1.0
    offsets = (points - origin) / scale
    variances, directions = np.linalg.eigh(offsets.T @ offsets)
    matrix = directions[:, [-1, -2]]
    matrix = matrix * np.sign(matrix[np.abs(matrix).argmax(axis=0), [0, 1]])
    total = float(variances.sum()) or 1.0
    shares = [100 * float(max(0.0, variance)) / total for variance in variances[[-1, -2]]]
    words = message("settings.projection_components", columns=points.shape[1], **_share_values(sum(shares), 1))
    first, second = (
        message("settings.component_axis", number=number, **_share_values(share, 0))
        for number, share in enumerate(shares, start=1)
    )
    return Projection(origin, matrix, words), (first, second)


def _share_values(share: float, decimals: int) -> dict[str, str | bool]:
    """Return a share in percent, as values of a message; one that is less than all is not rounded up to 100%."""
    text = f"{share:.{decimals}f}"
    almost = float(text) == 100 and share < 100 - 1e-9
    return {"almost": almost, "share": f"{100 - 10**-decimals if almost else float(text):g}%"}
