"""Very many points as tiles of the picture: the bins of a two-dimensional histogram, parted where their points part.

A screen has fewer places than there are points, and a browser should not be sent what it can't show. Points of one tile
that have the same label at every half-step always look alike, so they are one group: a run on groups with their counts
tells the same numbers of points, of each cluster and of those that changed it, as the run on all points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Phase, Trace
from kmeans_core.types import Labels, Points

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Points by their tiles.

    Attributes
    ----------
    low : (2,) of float
        The corner of the plane where the first tile begins.
    size : (2,) of float
        Width and height of a tile.
    columns : int
        How many tiles there are in a row, with those that are empty.
    numbers : (t,) uint32
        Each tile that holds points, in ascending order: number ``columns * row + column``.
    tile_of : (n,) int
        Each point's tile, as a place among those.
    """

    low: tuple[float, float]
    size: tuple[float, float]
    columns: int
    numbers: NDArray[np.uint32]
    tile_of: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The points of each tile that have the same label at every half-step of a run.

    Attributes
    ----------
    per_tile : (t,) unsigned
        How many groups each tile is parted into.
    counts : (m,) unsigned
        How many points each group has, tile by tile.
    one_of_each : (m,) int
        A point of each group: all others of it have the same labels.
    """

    per_tile: NDArray[np.unsignedinteger[Any]]
    counts: NDArray[np.unsignedinteger[Any]]
    one_of_each: Indices


def tiled(points: Points, longer: int, *, equal_units: bool) -> Tiles:
    """Return the tiles of a picture.

    Parameters
    ----------
    points : (n, d) float64
        The first two features are drawn.
    longer : int
        How many tiles the longer side of the picture is cut into.
    equal_units : bool
        Whether a tile is as wide as it is high in the data; otherwise both sides are cut into as many.
    """
    (columns, left, width), (rows, bottom, height) = _axes(points, longer, equal_units)
    tile_of, numbers = _renumbered(rows * longer + columns)
    return Tiles((left, bottom), (width, height), longer, numbers.astype(np.uint32), tile_of)


def grouped(tiles: Tiles, trace: Trace) -> Groups:
    """Return the groups of a run on the points of these tiles."""
    group_of, bound = tiles.tile_of.copy(), len(tiles.numbers)
    for index, step in enumerate(trace):
        if step.phase is Phase.ASSIGN and step.compact_labels is not None:
            bound = _part(group_of, bound, step.compact_labels, trace[index - 1].compact_labels, trace.config.k)
    counts = np.bincount(group_of, minlength=bound)
    some = np.empty(bound, dtype=np.intp)
    some[group_of] = np.arange(len(group_of))
    filled = np.flatnonzero(counts)
    filled = filled[np.argsort(tiles.tile_of[some[filled]], kind="stable")]
    return Groups(_small(np.bincount(tiles.tile_of[some[filled]])), _small(counts[filled]), some[filled])


def _axes(points: Points, longer: int, equal_units: bool) -> Iterator[tuple[Indices, float, float]]:
    """Yield, for each axis, the row or column of each point, ``(n,) int``, where the first begins, and its size."""
    sides = [points[:, axis] for axis in (0, 1)]
    lows = [float(side.min()) for side in sides]
    spans = [float(side.max()) - low for side, low in zip(sides, lows, strict=True)]
    for side, low, span in zip(sides, lows, [max(spans)] * 2 if equal_units else spans, strict=True):
        size = span / longer or 1.0
        # The outermost point lies on the far edge of the last one.
        yield np.minimum(((side - low) / size).astype(np.intp), longer - 1), low, size


def _part(group_of: Indices, bound: int, labels: Labels, before: Labels | None, k: int) -> int:
    """Part the groups, numbered below ``bound``, whose points do not go the same way; return the new bound.

    Who keeps a label stays in the group: who leaves one has a history of its own from there on.
    """
    changed = np.arange(len(labels)) if before is None else np.flatnonzero(labels != before)
    places, ways = _renumbered(group_of[changed] * k + labels[changed])
    group_of[changed] = bound + places
    return bound + len(ways)


def _renumbered(keys: Indices) -> tuple[Indices, Indices]:
    """Return each key's place among all that occur, ``(n,) int``, and those, in ascending order."""
    if not len(keys) or keys.max() > 4 * len(keys):
        known, places = np.unique(keys, return_inverse=True)
        return places, known
    # A table instead of sorting: fifty times as fast for a million keys that are small.
    occurs = np.bincount(keys) > 0
    return (np.cumsum(occurs) - 1)[keys], np.flatnonzero(occurs)


def _small(numbers: NDArray[np.intp]) -> NDArray[np.unsignedinteger[Any]]:
    """Return whole numbers in the smallest type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max())))
