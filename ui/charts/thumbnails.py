"""Thumbnails: the result of a run as a small SVG image, of which a page can show many."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import StopReason, Trace, adjusted_rand_index, partition_key
from kmeans_core.arrays import Active, Centers, Labels, Points
from kmeans_core.datasets import Truth
from kmeans_core.messages.lists import joined
from ui.charts.figures import Theme
from ui.charts.palette import BACKGROUND, CLUSTER_COLOR_NAMES, CLUSTER_COLORS, UNASSIGNED, text_color_on
from ui.text.messages import message

WIDTH: Final = 180
"""Of the image, in its own units; the height depends on the points."""

MOST_POINTS: Final = 600
"""The most points of a thumbnail: more would only cover each other."""

Box = tuple[float, float, float, float]
"""The extent of points: smallest and largest x, then smallest and largest y."""


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """The result of a run, as far as a thumbnail and the text below it show it.

    ``shown_points`` are the points of the thumbnail, ``(m, 2)``; ``indices`` are their indices among all n points.
    ``labels`` ``(n,)`` are the clusters of all points; ``centers`` is ``(k, 2)``; ``active`` ``(k,)`` says which
    clusters are in the run at its end. ``agreement`` is the adjusted Rand index with the true labels, or None without
    such labels. ``converged`` is False for a run that stopped at its limit of iterations.
    """

    shown_points: Points
    indices: NDArray[np.intp]
    labels: Labels
    centers: Centers
    active: Active
    cost: float
    iterations: int
    converged: bool
    agreement: float | None

    @property
    def n(self) -> int:
        """The number of points."""
        return len(self.labels)

    @property
    def partition(self) -> bytes:
        """A key that is equal for equal clusterings of the same points."""
        return partition_key(self.labels)

    @property
    def k(self) -> int:
        """The number of clusters, with the empty ones."""
        return len(self.centers)


def ending(places: Points, truth: Truth | None, trace: Trace, centers: Centers) -> Ending:
    """Return the result of a run whose points are drawn at ``places`` ``(n, 2)`` and its last centers at ``(k, 2)``.

    ``truth`` are the true labels ``(n,)``, if there are any; a negative label means no group.
    """
    indices = sample(len(places))
    has_label = truth >= 0 if truth is not None else np.zeros(0, dtype=np.bool_)
    agreement = None
    if truth is not None and has_label.any():
        agreement = adjusted_rand_index(trace.labels[has_label], truth[has_label])
    converged = trace.stop_reason is StopReason.CONVERGED
    active, labels = trace.active(-1), trace.compact_labels
    return Ending(places[indices], indices, labels, centers, active, trace.cost, trace.iterations, converged, agreement)


_MARGIN: Final = 9
_DOT: Final = 2.8


def sample(n: int, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Return the numbers of at most so many of n points, in order: always the same ones."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, most, replace=False))


def box_of(ends: Sequence[Ending]) -> Box:
    """Return the box around all points that are shown of these ends."""
    lows = np.min([end.shown_points.min(axis=0) for end in ends], axis=0)
    highs = np.max([end.shown_points.max(axis=0) for end in ends], axis=0)
    return float(lows[0]), float(highs[0]), float(lows[1]), float(highs[1])


def svg(end: Ending, names: Sequence[int], *, box: Box, equal: bool, theme: Theme) -> str:
    """Return a thumbnail of a result as SVG.

    Parameters
    ----------
    end : Ending
    names : (k,) int
        Which color and number each cluster has.
    box : Box
        What the picture shows; pictures with the same box have the same axes.
    equal : bool
        Whether the two features share a unit, and a length.
    theme : {"light", "dark"}
    """
    labels = end.labels[end.indices]
    (x, y), height = _places(end.shown_points, box, equal)
    (at_x, at_y), _ = _places(end.centers, box, equal)
    background = BACKGROUND[theme]
    colors = [CLUSTER_COLORS[name] for name in names]
    dots = "".join(_dots(x[labels == cluster], y[labels == cluster], colors[cluster]) for cluster in range(len(names)))
    marks = "".join(
        f'<g transform="translate({at_x[cluster]:.1f} {at_y[cluster]:.1f})">'
        f'<circle r="5.8" fill="{colors[cluster]}" stroke="{background}" stroke-width="1.2"/>'
        f'<text y="2.8" fill="{text_color_on(colors[cluster])}">{name + 1}</text></g>'
        for cluster, name in enumerate(names)
        if end.active[cluster]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH * 2}" '
        f'height="{height * 2:.0f}" font-family="sans-serif" font-size="8" font-weight="700" text-anchor="middle">'
        f"{dots}{marks}</svg>"
    )


def clusters_in_words(sizes: Mapping[int, int]) -> str:
    """List the clusters of a thumbnail for readers who can't see it, from ``{name: number of points}``."""
    looks = {
        name: message("clusters.look", color=CLUSTER_COLOR_NAMES[name], shape="dot", count=size)
        for name, size in sorted(sizes.items())
    }
    return joined(
        [message("clusters.in_picture", number=name + 1, look=look, size=sizes[name]) for name, look in looks.items()]
    )


def image(markup: str, alt: str) -> str:
    """Return an SVG image as an element of a page, with its text alternative."""
    data = base64.b64encode(markup.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'


def _places(points: Points, box: Box, equal: bool) -> tuple[NDArray[np.float64], float]:
    """Return where points ``(m, 2)`` are in the thumbnail, ``(2, m)``, and its height."""
    left, right, low, high = box
    spans = np.array([right - left, high - low])
    spans[spans == 0] = spans.max() or 1.0
    inside = WIDTH - 2 * _MARGIN
    # Not a strip and not a tower, so that rows of pictures stay in line.
    tall = inside * float(np.clip(spans[1] / spans[0], 0.6, 1.0)) if equal else inside * 0.8
    scales = np.array([inside, tall]) / spans
    if equal:
        scales[:] = scales.min()
    middle = np.array([left + right, low + high]) / 2
    moved = (np.asarray(points, dtype=np.float64) - middle) * scales * (1, -1)
    return moved.T + np.array([[WIDTH / 2], [_MARGIN + tall / 2]]), tall + 2 * _MARGIN


def _dots(x: NDArray[np.float64], y: NDArray[np.float64], color: str) -> str:
    """Return the points of a cluster as one path of dots, which takes a fraction of the bytes of circles."""
    path = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    return (
        f'<path d="{path}" stroke="{color}" stroke-width="{_DOT}" stroke-linecap="round" stroke-opacity="0.75"/>'
        if path
        else ""
    )


# Thumbnails of data ---------------------------------------------------------------------------------------

_DATA_WIDTH: Final = 66
_DATA_HEIGHT: Final = 44
_DATA_MARGIN: Final = 4
_DATA_DOT: Final = 2.4
MOST_DATA_POINTS: Final = 120
"""The most points of a thumbnail of data, which is the size of a button: more would blur the groups."""


def data_svg(points: Points, truth: Truth | None, *, equal: bool) -> str:
    """Return a thumbnail of data without any run as SVG, its true groups in the colors of clusters.

    Parameters
    ----------
    points : (n, 2) float64
    truth : (n,) int64, optional
        The true groups; a negative number means none.
    equal : bool
        Whether the two features share a unit, and a length.
    """
    indices = sample(len(points), MOST_DATA_POINTS)
    sampled = np.asarray(points[indices], dtype=np.float64)
    groups = np.full(len(sampled), -1) if truth is None else truth[indices]
    low, spans = sampled.min(axis=0), np.ptp(sampled, axis=0)
    spans[spans == 0] = spans.max() or 1.0
    room = np.array([_DATA_WIDTH, _DATA_HEIGHT]) - 2 * _DATA_MARGIN
    scales = room / spans
    if equal:
        scales[:] = scales.min()
    middle = low + np.ptp(sampled, axis=0) / 2
    places = np.rint((sampled - middle) * scales * (1, -1) + np.array([_DATA_WIDTH, _DATA_HEIGHT]) / 2).astype(int)
    paths = "".join(_dot_path(places[groups == group], int(group)) for group in np.unique(groups))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_DATA_WIDTH} {_DATA_HEIGHT}" fill="none" '
        f'stroke-width="{_DATA_DOT}" stroke-linecap="round">{paths}</svg>'
    )


def _dot_path(places: NDArray[np.int64], group: int) -> str:
    """Return the dots of a group as a path of relative moves, in whole units, which takes the fewest bytes."""
    unique = np.unique(places, axis=0)
    moves = np.diff(unique, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    path = "".join(f"m{across}{down:+d}z" for across, down in moves.tolist())
    # An image does not know the theme of its page: this gray is visible on both.
    color = CLUSTER_COLORS[group % len(CLUSTER_COLORS)] if group >= 0 else UNASSIGNED["light"]
    return f'<path d="{path}" stroke="{color}"/>'
