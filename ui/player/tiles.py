"""Tiles: many points as the bins of a two-dimensional histogram, split into groups with the same labels.

A screen has fewer places than there are points, and the browser gets only what it can show. Points of a tile with the
same label at every half-step always look alike and form one group. The groups with their counts give the same numbers
of points, per cluster and of those that switched, as the points themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Phase, Trace
from kmeans_core.arrays import Labels, Points
from kmeans_core.checkpoints import checkpoint

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Points by tile.

    Attributes
    ----------
    low : (2,) of float
        The corner of the plane where the first tile begins.
    size : (2,) of float
        Width and height of a tile.
    columns : int
        Tiles in a row, with the empty ones.
    numbers : (t,) uint32
        The tiles that hold points, ascending: ``columns * row + column``.
    tile_of : (n,) int
        The tile of each point, as an index into ``numbers``.
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
        Groups of each tile.
    counts : (m,) unsigned
        Points of each group, tile by tile.
    representatives : (m,) int
        The index of one point of each group; the others have the same labels.
    """

    per_tile: NDArray[np.unsignedinteger[Any]]
    counts: NDArray[np.unsignedinteger[Any]]
    representatives: Indices


def make_tiles(points: Points, longer: int, *, equal_units: bool) -> Tiles:
    """Return the tiles of a picture.

    Parameters
    ----------
    points : (n, d) float64
        The first two features are drawn.
    longer : int
        Tiles along the longer side of the picture.
    equal_units : bool
        Whether a tile is as wide as it is high in the data; otherwise both sides have the same number of tiles.
    """
    (columns, left, width), (rows, bottom, height) = _axes(points, longer, equal_units)
    tile_of, numbers = _renumber(rows * longer + columns)
    return Tiles((left, bottom), (width, height), longer, numbers.astype(np.uint32), tile_of)


def make_groups(tiles: Tiles, trace: Trace) -> Groups:
    """Return the groups of a run on the points of these tiles."""
    group_of, bound = tiles.tile_of.copy(), len(tiles.numbers)
    for index, step in enumerate(trace):
        checkpoint()
        if step.phase is Phase.ASSIGN and step.compact_labels is not None:
            bound = _split(group_of, bound, step.compact_labels, trace[index - 1].compact_labels, trace.config.k)
    counts = np.bincount(group_of, minlength=bound)
    representative = np.empty(bound, dtype=np.intp)
    representative[group_of] = np.arange(len(group_of))
    groups = np.flatnonzero(counts)
    groups = groups[np.argsort(tiles.tile_of[representative[groups]], kind="stable")]
    return Groups(
        _small(np.bincount(tiles.tile_of[representative[groups]])), _small(counts[groups]), representative[groups]
    )


def _axes(points: Points, longer: int, equal_units: bool) -> Iterator[tuple[Indices, float, float]]:
    """Yield, for each axis, the row or column of each point, ``(n,) int``, where the first begins, and its size."""
    sides = [points[:, axis] for axis in (0, 1)]
    lows = [float(side.min()) for side in sides]
    spans = [float(side.max()) - low for side, low in zip(sides, lows, strict=True)]
    for side, low, span in zip(sides, lows, [max(spans)] * 2 if equal_units else spans, strict=True):
        size = span / longer or 1.0
        # The outermost point lies on the far edge of the last one.
        yield np.minimum(((side - low) / size).astype(np.intp), longer - 1), low, size


def _split(group_of: Indices, bound: int, labels: Labels, before: Labels | None, k: int) -> int:
    """Split the groups, numbered below ``bound``, whose points do not all switch alike; return the new bound.

    Points that keep their label stay in the group; points that switch form new groups.
    """
    switches = np.arange(len(labels)) if before is None else np.flatnonzero(labels != before)
    places, distinct = _renumber(group_of[switches] * k + labels[switches])
    group_of[switches] = bound + places
    return bound + len(distinct)


def _renumber(keys: Indices) -> tuple[Indices, Indices]:
    """Return the index of each key among the distinct ones, ``(n,) int``, and the distinct ones, ascending."""
    if not len(keys) or keys.max() > 4 * len(keys):
        distinct, places = np.unique(keys, return_inverse=True)
        return places, distinct
    # A table of small keys instead of sorting: fifty times as fast for a million keys.
    occurs = np.bincount(keys) > 0
    return (np.cumsum(occurs) - 1)[keys], np.flatnonzero(occurs)


def _small(numbers: NDArray[np.intp]) -> NDArray[np.unsignedinteger[Any]]:
    """Return integers in the smallest unsigned type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max())))
