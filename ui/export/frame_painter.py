"""Frames of an animation: a half-step with its points, its centers, and its sentence.

Frames are drawn at twice their size and then reduced, which makes edges smooth.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kmeans_core import RULES
from kmeans_core.arrays import Centers
from kmeans_core.lazy import lazy
from kmeans_core.messages.numbers import amount
from ui.charts.drawn_run import DrawnRun, switches_of
from ui.charts.figures import ACCENT, TEXT, Theme
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, CLUSTER_SYMBOLS, UNASSIGNED, marker_size, rgb, text_color_on
from ui.charts.shapes import number_place, outline
from ui.charts.thumbnails import sample
from ui.charts.view import View, view_of
from ui.export import cost_curve
from ui.export.cost_curve import CostCurve
from ui.export.gif_format import GRAY_SHARES, mix_color
from ui.export.pixel_text import drawable, font_of, truncate, wrap
from ui.text.messages import message
from ui.text.step_sentences import step_name, step_sentence

WIDTH, HEIGHT = 960, 540
"""The shape of a slide, in the lengths of this module; notes on the axes or on what is left out come below it."""

DEFAULT_WIDTH: Final = 1280
"""Width of a frame in pixels by default."""

MIN_WIDTH: Final = 320
"""In narrower frames the text could not be read."""

MAX_POINTS: Final = 20_000
"""The most points that are drawn: of more, a sample that is always the same."""

MAX_STEPS: Final = 40
"""The most half-steps that are shown: of a longer run, half of them from its start and half from its end.

In the time of an animation, more would flash by.
"""

_SCALE: Final = 2
"""How many times as large as the frame the drawing is."""

_MARGIN: Final = 32
_AXIS_LEFT: Final = 76
_LINE_HEIGHT, _NOTE_HEIGHT = 29, 24
_COLUMN_WIDTH, _COLUMN_GAP = 324, 32
"""Width of the column beside the picture, which has the sentence, the ending, and the curve, and the gap between."""

_COLUMN_LEFT: Final = WIDTH - _MARGIN - _COLUMN_WIDTH
_AXIS_HEIGHT, _FOOT = 40, 16
"""Room below the picture for the numbers of its axis, and below everything."""

_BAR_HEIGHT: Final = 6

Stamp = NDArray[np.intp]
"""``(m, 2)``: rows and columns of a shape's pixels about its middle."""

Canvas = NDArray[np.uint8]
"""``(height, width, 3)``: the pixels of a drawing."""


def shown_steps(count: int) -> list[int]:
    """Return which of ``count`` half-steps an animation shows."""
    if count <= MAX_STEPS:
        return list(range(count))
    half = MAX_STEPS // 2
    return [*range(half), *range(count - half, count)]


class FramePainter:
    """Paints the frames of one run.

    Attributes
    ----------
    trace : Trace
    centers : list of (k, 2) float64
        The centers at each half-step, in the units of the points.
    colors : sequence of str
        The color of each cluster.
    view : View
        From the points to pixels of the drawing.
    at : (m, 2) float64
        The drawn points in those pixels.
    curve : CostCurve
    """

    def __init__(self, run: DrawnRun, *, title: str, theme: Theme, width: int) -> None:
        if width < MIN_WIDTH:
            raise ValueError(f"width must be at least {MIN_WIDTH}, got {width}")
        self.trace, self.title, self.theme = run.trace, title, theme
        self._axis_names = run.axes
        self._unit = width / WIDTH * _SCALE
        self.colors = CLUSTER_COLORS[: run.trace.config.k]
        self._symbols = CLUSTER_SYMBOLS[: run.trace.config.k]
        self.centers = [np.asarray(centers, dtype=np.float64) for centers in run.centers]
        self._sentences = self._wrapped_sentences()
        self._top = 104 if title else 74
        self._notes_top = HEIGHT - _FOOT
        notes_height = len(self.notes) * _NOTE_HEIGHT + 8 if self.notes else 0
        self._width = width * _SCALE
        self._height = int((HEIGHT + notes_height) * self._unit) // _SCALE * _SCALE
        self.view = self._view(run)
        self._sample = sample(len(run.places), MAX_POINTS)
        self.at = self.view.pixels(run.places[self._sample])
        place = (_COLUMN_LEFT, HEIGHT - _FOOT - cost_curve.HEIGHT)
        self.curve = CostCurve(run.trace, theme, place=place, width=_COLUMN_WIDTH, unit=self._unit)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame in pixels."""
        return self._width // _SCALE, self._height // _SCALE

    def _view(self, run: DrawnRun) -> View:
        height = HEIGHT - self._top - _AXIS_HEIGHT - _FOOT
        lengths = (_AXIS_LEFT, self._top, _COLUMN_LEFT - _COLUMN_GAP - _AXIS_LEFT, height)
        left, top, width, high = (length * self._unit for length in lengths)
        return view_of(run.places, run.centers, area=(left, top, width, high), equal=run.equal_units)

    # Text --------------------------------------------------------------------------------------------------

    def _wrapped_sentences(self) -> dict[int, list[str]]:
        """Return the lines of each half-step's sentence."""
        font, width = font_of(20 * self._unit), _COLUMN_WIDTH * self._unit
        indices = shown_steps(len(self.trace))
        return {index: wrap(step_sentence(self.trace, index), font, width, max_lines=6) for index in indices}

    @lazy
    def notes(self) -> list[str]:
        """What the frames show of the axes, the points, and the half-steps; nothing where it is all of them."""
        n, count = len(self.trace.labels), len(self.trace)
        notes = []
        if self._axis_names:
            horizontal, vertical = self._axis_names
            notes.append(message("export.axes_note", horizontal=horizontal, vertical=vertical))
        if n > MAX_POINTS:
            notes.append(message("export.sample_note", drawn=MAX_POINTS, points=n))
        if count > MAX_STEPS:
            notes.append(message("export.steps_note", half=MAX_STEPS // 2, steps=count))
        return notes

    def _draw_notes(self, draw: ImageDraw.ImageDraw, color: tuple[int, int, int]) -> None:
        font, width = font_of(15 * self._unit), self._width - 2 * _MARGIN * self._unit
        for number, note in enumerate(self.notes):
            place = (_MARGIN * self._unit, (self._notes_top + 8 + number * _NOTE_HEIGHT) * self._unit)
            draw.text(place, truncate(drawable(note), font, width), fill=color, font=font, anchor="lt")

    def _draw_heading(self, draw: ImageDraw.ImageDraw, index: int) -> None:
        """Draw the name and number of a half-step, and its cost."""
        unit, text, gray = self._unit, TEXT[self.theme], mix_color(self.theme, GRAY_SHARES[2])
        step, last = self.trace[index], len(self.trace) - 1
        large, small = font_of(32 * unit), font_of(19 * unit)
        baseline, right = (self._top - 20) * unit, self._width - _MARGIN * unit
        name, number = step_name(step), message("export.step_place", index=index, last=last)
        draw.text((_MARGIN * unit, baseline), name, fill=text, font=large, anchor="ls", stroke_width=0.4 * unit)
        after_name = _MARGIN * unit + large.getlength(name) + 16 * unit
        draw.text((after_name, baseline), number, fill=gray, font=small, anchor="ls")
        if step.cost is None:
            return
        cost = drawable(amount(step.cost))
        draw.text((right, baseline), cost, fill=text, font=large, anchor="rs", stroke_width=0.4 * unit)
        label = message("export.cost_named", cost_name=RULES[self.trace.config.rule].cost_words)
        end = right - large.getlength(cost) - 16 * unit
        if end - small.getlength(label) < after_name + small.getlength(number) + 24 * unit:
            label = message("export.cost")
        draw.text((end, baseline), label, fill=gray, font=small, anchor="rs")

    def _draw_sentence(self, draw: ImageDraw.ImageDraw, index: int) -> None:
        font = font_of(20 * self._unit)
        for number, line in enumerate(self._sentences[index]):
            place = (_COLUMN_LEFT * self._unit, (self._top + 10 + number * _LINE_HEIGHT) * self._unit)
            draw.text(place, line, fill=TEXT[self.theme], font=font, anchor="lt")
        if index == len(self.trace) - 1:
            self._draw_ending(draw, self._top + 18 + len(self._sentences[index]) * _LINE_HEIGHT)

    def _draw_ending(self, draw: ImageDraw.ImageDraw, top: float) -> None:
        """Say below the last sentence how the run ended."""
        unit, font = self._unit, font_of(22 * self._unit)
        ending = message("export.ending", reason=self.trace.stop_reason.value, iterations=self.trace.iterations)
        for number, line in enumerate(wrap(ending, font, _COLUMN_WIDTH * unit, max_lines=2)):
            place = (_COLUMN_LEFT * unit, (top + number * _LINE_HEIGHT) * unit)
            draw.text(place, line, fill=ACCENT[self.theme], font=font, anchor="lt", stroke_width=0.4 * unit)

    def _draw_progress(self, draw: ImageDraw.ImageDraw, index: int) -> None:
        """Draw the bar below everything: how much of the run is over."""
        top, fraction = self._height - _BAR_HEIGHT * self._unit, index / (len(self.trace) - 1)
        draw.rectangle((0, top, self._width, self._height), fill=mix_color(self.theme, GRAY_SHARES[0]))
        draw.rectangle((0, top, self._width * fraction, self._height), fill=ACCENT[self.theme])

    # Layers ------------------------------------------------------------------------------------------------

    @lazy
    def _background(self) -> Image.Image:
        """The part that is the same in every frame: title, grid, the numbers of the axes, and notes."""
        image = Image.new("RGB", (self._width, self._height), BACKGROUND[self.theme])
        draw = ImageDraw.Draw(image)
        left, top, width, height = self.view.area
        grid, axis, gray = (mix_color(self.theme, share) for share in GRAY_SHARES)
        font, gap = font_of(14 * self._unit), 9 * self._unit
        for x, text in self.view.ticks(0, 6):
            _draw_line(draw, (x, top, x, top + height), grid)
            draw.text((x, top + height + gap), drawable(text), fill=gray, font=font, anchor="mt")
        for y, text in self.view.ticks(1):
            _draw_line(draw, (left, y, left + width, y), grid)
            number = truncate(drawable(text), font, left - 1.5 * gap)
            draw.text((left - gap, y), number, fill=gray, font=font, anchor="rm")
        _draw_line(draw, (left, top, left, top + height), axis)
        _draw_line(draw, (left, top + height, left + width, top + height), axis)
        title_font = font_of(17 * self._unit)
        title = truncate(drawable(self.title), title_font, self._width - 2 * _MARGIN * self._unit)
        draw.text((_MARGIN * self._unit, 22 * self._unit), title, fill=gray, font=title_font, anchor="lt")
        self.curve.draw_axes(draw)
        self._draw_notes(draw, gray)
        return image

    @lazy
    def _stamps(self) -> list[tuple[Stamp, Stamp, Stamp]]:
        """For every cluster, then for points without one: a point, a larger point, and that with its outline."""
        n = len(self.trace.labels)
        radius = marker_size(n) / 2 * self._unit
        line = max(1.0, 0.8 * self._unit)
        return [
            (_stamp(symbol, radius), _stamp(symbol, radius * 1.35), _stamp(symbol, radius * 1.35 + line))
            for symbol in [*self._symbols, "circle"]
        ]

    def without_centers(self, index: int) -> Image.Image:
        """Return a half-step's drawing without its centers, at twice the size of a frame."""
        image = self._background.copy()
        draw = ImageDraw.Draw(image)
        self._draw_heading(draw, index)
        self._draw_sentence(draw, index)
        self.curve.draw(draw, index)
        self._draw_progress(draw, index)
        canvas: Canvas = np.array(image)
        self._stamp_points(canvas, index)
        return Image.fromarray(canvas)

    def _stamp_points(self, canvas: Canvas, index: int) -> None:
        """Put the points on the canvas; those that switched cluster are larger, on top, with an outline."""
        labels, switches = self.trace[index].compact_labels, switches_of(self.trace, index)
        count = len(self._sample)
        clusters = np.full(count, len(self.colors)) if labels is None else labels[self._sample].astype(np.intp)
        switched = np.zeros(count, dtype=np.bool_) if switches is None else switches[self._sample]
        colors = np.array([rgb(color) for color in [*self.colors, UNASSIGNED[self.theme]]], dtype=np.uint8)
        outline_color = np.array(rgb(TEXT[self.theme]), dtype=np.uint8)
        for cluster, (small, _, _) in enumerate(self._stamps):
            _paste(canvas, self.at[(clusters == cluster) & ~switched], small, colors[cluster])
        for cluster in np.unique(clusters[switched]).tolist():
            _, large, outline_stamp = self._stamps[cluster]
            for at in self.at[(clusters == cluster) & switched]:
                _paste(canvas, at[None], outline_stamp, outline_color)
                _paste(canvas, at[None], large, colors[cluster])

    def with_centers(self, layer: Image.Image, index: int, centers: Centers) -> Image.Image:
        """Return the frame of a half-step with the centers ``(k, 2)`` at these places of the data."""
        image = layer.copy()
        draw = ImageDraw.Draw(image)
        unit, font = self._unit, font_of(15 * self._unit)
        radius = 12 * unit
        # The lowest cluster comes last, on top: of centers on one spot it gets the points.
        for cluster in np.flatnonzero(self.trace.active(index))[::-1].tolist():
            at, symbol, fill = self.view.pixels(centers[cluster]), self._symbols[cluster], self.colors[cluster]
            for margin, color in ((3.4, BACKGROUND[self.theme]), (1.6, TEXT[self.theme]), (0, fill)):
                corners = outline(symbol, radius + margin * unit) + at
                draw.polygon([(x, y) for x, y in corners.tolist()], fill=color)
            x, y = at + number_place(symbol, radius)
            ink, number = text_color_on(fill), str(cluster + 1)
            draw.text((x, y), number, fill=ink, font=font, anchor="mm", stroke_width=0.25 * unit)
        return image.reduce(_SCALE)


def _draw_line(draw: ImageDraw.ImageDraw, ends: tuple[float, float, float, float], color: tuple[int, int, int]) -> None:
    """Draw an upright or level line that is exactly one pixel of the frame wide."""
    left, top, right, bottom = (int(end) // _SCALE * _SCALE for end in ends)
    draw.rectangle((left, top, right + _SCALE - 1, bottom + _SCALE - 1), fill=color)


def _stamp(symbol: str, radius: float) -> Stamp:
    """Return the pixels of a shape about its middle."""
    size = 2 * int(np.ceil(radius * 1.5)) + 1
    fine = 4
    image = Image.new("L", (size * fine, size * fine))
    corners = outline(symbol, radius * fine) + (size * fine / 2 - 0.5)
    ImageDraw.Draw(image).polygon([(x, y) for x, y in corners.tolist()], fill=255)
    return np.argwhere(np.asarray(image.reduce(fine)) > 127) - size // 2


def _paste(canvas: Canvas, at: NDArray[np.float64], stamp: Stamp, color: Canvas) -> None:
    """Put a shape on the canvas at every place of ``(m, 2)``."""
    places = np.floor(at).astype(np.intp)
    rows = (places[:, 1:] + stamp[:, 0]).ravel()
    columns = (places[:, :1] + stamp[:, 1]).ravel()
    canvas[rows, columns] = color
