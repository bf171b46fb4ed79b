"""Pictures of a run for paper, as SVG: every half-step, and the curve of costs.

Each cluster has a shape and a number, so that the pictures can be read in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Phase, Step, Trace
from kmeans_core.arrays import Centers
from ui.charts.drawn_run import DrawnRun, switches_of
from ui.charts.figures import TEXT
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS, UNASSIGNED, text_color_on
from ui.charts.shapes import number_place, outline
from ui.charts.thumbnails import sample
from ui.charts.view import View, aspect_ratio, view_of
from ui.text.messages import message
from ui.text.step_sentences import step_name

_TEXT: Final = TEXT["light"]

_HALF: Final = 400.0
_WIDTHS: Final = {"halves": _HALF, "stacked": 2 * _HALF + 25}
"""The width of a picture in each layout, in units of which half a page has 400."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 36.0, 6.0, 6.0, 22.0
_CURVE_HEIGHT: Final = 200.0
_CENTER_RADIUS: Final = 10.0

Layout = Literal["halves", "stacked"]
"""Two pictures beside each other, or one below the other."""


@dataclass(frozen=True, slots=True, eq=False)
class RunPictures:
    """What all pictures of a run have in common.

    Attributes
    ----------
    trace : Trace
    centers : sequence of (k, 2) float64
        The centers at each half-step, where they are drawn.
    view : View
    indices : (m,) int
        Indices of the points that are drawn.
    at : (m, 2) float64
        Where those points are in a picture.
    layout : Layout
    """

    trace: Trace
    centers: Sequence[Centers]
    view: View
    indices: NDArray[np.intp]
    at: NDArray[np.float64]
    layout: Layout


def pictures_of(run: DrawnRun, *, is_key: bool = False) -> RunPictures:
    """Return what the pictures of a run have in common.

    Wide data is drawn as wide as the page, and high data as high as fits. An answer key has six pictures on its first
    page, two in a row, which they fill.
    """
    ratio = aspect_ratio(run.places, run.centers) if run.equal_units else 0.7
    layout: Layout = "halves"
    if is_key:
        low, high = 0.46, 0.54
    elif ratio < 0.4:
        layout, low, high = "stacked", 0.16, 0.26
    else:
        low, high = 0.55, 1.0
    width = _WIDTHS[layout] - _LEFT - _RIGHT
    area = (_LEFT, _TOP, width, width * float(np.clip(ratio, low, high)))
    view = view_of(run.places, run.centers, area=area, equal=run.equal_units)
    indices = sample(len(run.places))
    return RunPictures(run.trace, run.centers, view, indices, view.pixels(run.places[indices]), layout)


def step_picture(pictures: RunPictures, index: int) -> str:
    """Return the picture of a half-step."""
    centers, points = int(pictures.trace.active(index).sum()), len(pictures.indices)
    alt = message("worksheet.picture_alt", step=step_name(pictures.trace[index]), points=points, centers=centers)
    content = f"{_axes(pictures.view)}{_points(pictures, index)}{_centers(pictures, index)}"
    return _svg(content, _WIDTHS[pictures.layout], pictures.view.area[3], alt)


def cost_picture(steps: Sequence[Step], alt: str, *, is_empty: bool = False) -> str:
    """Return the curve of costs over half-steps, from zero: a dot for an assign, a diamond for a refine.

    An empty one has its axes alone, for a curve that is drawn by hand.
    """
    costs = [(float(index), step.cost) for index, step in enumerate(steps) if step.cost is not None]
    places = np.array(costs)
    left, foot = _LEFT + 38, 18
    area = (left, _TOP + 16, _HALF - left - _RIGHT, _CURVE_HEIGHT - foot - 16)
    top = float(places[:, 1].max()) * 1.06 or 1.0
    view = View((-0.3, 0.0), (len(steps) - 0.7, top), area)
    axes = _axes(view, of_costs=True) + _axis_titles(view)
    if is_empty:
        return _svg(axes, _HALF, _CURVE_HEIGHT, alt)
    at = view.pixels(places)
    is_refine = np.array([step.phase is Phase.REFINE for step in steps if step.cost is not None])
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in at.tolist())
    radius = 4.0 if len(at) <= 40 else 2.2
    curve = f'<path d="M{line}" fill="none" stroke="#5B616B" stroke-width="1.5"/>'
    dots = _marks(at[~is_refine], "circle", radius, f'fill="{_TEXT}"')
    diamonds = _marks(at[is_refine], "diamond", radius, f'fill="#FFFFFF" stroke="{_TEXT}" stroke-width="1.2"')
    return _svg(f"{axes}{curve}{dots}{diamonds}", _HALF, _CURVE_HEIGHT, alt)


def _axis_titles(view: View) -> str:
    left, top, width, height = view.area
    return (
        f'<g fill="{_TEXT}"><text x="4" y="{top - 8:.1f}">{message("worksheet.cost_axis")}</text>'
        f'<text x="{left + width / 2:.1f}" y="{top + height + 31:.1f}" text-anchor="middle">'
        f"{message('worksheet.step_axis')}</text></g>"
    )


def _svg(content: str, width: float, area_height: float, alt: str) -> str:
    """Return a picture whose area has this height."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {area_height + _TOP + _BOTTOM:.0f}" '
        f'role="img" aria-label="{alt}" font-family="sans-serif" font-size="12">{content}</svg>'
    )


def _axes(view: View, *, of_costs: bool = False) -> str:
    """Return the grid and the numbers of the axes; those of costs have whole steps across."""
    left, top, width, height = view.area
    right, bottom = left + width, top + height
    xs, ys = view.ticks(0, max(3, int(width / 45))), view.ticks(1, max(3, min(5, int(height / 30))))
    if of_costs:
        xs = [(x, text) for x, text in xs if text.isdigit()]
        ys = [(y, f"{int(text):,}" if text.isdigit() else text) for y, text in ys]
    grid = "".join(f"M{x:.1f} {top:.1f}V{bottom:.1f}" for x, _ in xs)
    grid += "".join(f"M{left:.1f} {y:.1f}H{right:.1f}" for y, _ in ys)
    numbers = "".join(
        f'<text x="{x:.1f}" y="{bottom + 15:.1f}" text-anchor="middle">{text}</text>' for x, text in xs
    ) + "".join(f'<text x="{left - 5:.1f}" y="{y + 4:.1f}" text-anchor="end">{text}</text>' for y, text in ys)
    return (
        f'<path d="{grid}" stroke="#D5D8DE" fill="none"/>'
        f'<path d="M{left:.1f} {top:.1f}V{bottom:.1f}H{right:.1f}" stroke="#8A8F98" fill="none"/>'
        f'<g fill="#5B616B">{numbers}</g>'
    )


def _points(pictures: RunPictures, index: int) -> str:
    """Return the points, each in the shape of its cluster; those that switched are larger, with a dark edge."""
    labels = pictures.trace[index].compact_labels
    radius = 3.2 if len(pictures.indices) <= 200 else 2.5
    if labels is None:
        return _marks(pictures.at, "circle", radius, f'fill="{UNASSIGNED["light"]}"')
    shown_labels = labels[pictures.indices]
    changes = switches_of(pictures.trace, index)
    is_switch = np.zeros(len(shown_labels), dtype=np.bool_) if changes is None else changes[pictures.indices]
    edge = f'stroke="{_TEXT}" stroke-width="0.9"'
    small, large = [], []
    for cluster, (symbol, color) in enumerate(zip(CLUSTER_SYMBOLS, CLUSTER_COLORS, strict=True)):
        members, fill = shown_labels == cluster, f'fill="{color}"'
        small.append(_marks(pictures.at[members & ~is_switch], symbol, radius, fill))
        large.append(_marks(pictures.at[members & is_switch], symbol, radius * 1.4, f"{fill} {edge}"))
    return "".join([*small, *large])


def _marks(at: NDArray[np.float64], symbol: str, radius: float, look: str) -> str:
    """Return marks of one shape as one path, with the attributes in ``look``."""
    if not len(at):
        return ""
    if symbol == "circle":
        r = f"{radius:.2f}"
        start, shape = -radius, f"a{r} {r} 0 1 0 {2 * radius:.2f} 0a{r} {r} 0 1 0 {-2 * radius:.2f} 0z"
        starts = at + np.array([start, 0.0])
    else:
        corners = outline(symbol, radius)
        shape = "l" + " ".join(f"{x:.1f} {y:.1f}" for x, y in np.diff(corners, axis=0).tolist()) + "z"
        starts = at + corners[0]
    path = "".join(f"M{x:.1f} {y:.1f}{shape}" for x, y in starts.tolist())
    return f'<path d="{path}" {look}/>'


def _centers(pictures: RunPictures, index: int) -> str:
    at = pictures.view.pixels(pictures.centers[index])
    marks = []
    # The lowest cluster comes last, on top: of centers on one spot it gets the points.
    for cluster in np.flatnonzero(pictures.trace.active(index))[::-1].tolist():
        symbol, color = CLUSTER_SYMBOLS[cluster], CLUSTER_COLORS[cluster]
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in outline(symbol, _CENTER_RADIUS).tolist())
        x, y = number_place(symbol, _CENTER_RADIUS)
        marks.append(
            f'<g transform="translate({at[cluster, 0]:.1f} {at[cluster, 1]:.1f})">'
            f'<polygon points="{corners}" fill="#FFFFFF" stroke="#FFFFFF" stroke-width="4.5"/>'
            f'<polygon points="{corners}" fill="{color}" stroke="{_TEXT}" stroke-width="1.4"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}" fill="{text_color_on(color)}">{cluster + 1}</text></g>'
        )
    return f'<g font-size="11.5" font-weight="700" text-anchor="middle">{"".join(marks)}</g>'
