"""The curve of costs below an animation's picture: it grows with the half-steps, above an axis that begins at zero."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import ImageDraw

from kmeans_core import Trace
from kmeans_core.messages.numbers import amount
from ui.charts.figures import ACCENT, TEXT, Theme
from ui.charts.palette import BACKGROUND
from ui.charts.view import Pixels, View
from ui.export.gif_format import GRAY_SHARES, mix_color
from ui.export.pixel_text import drawable, font_of
from ui.text.messages import message

HEIGHT: Final = 176
"""Height of the curve with its title and axes, at the default width of a frame."""

_TITLE, _FOOT, _LEFT = 30, 44, 70
"""Room above the curve, below it, and to its left, in the same lengths."""


class CostCurve:
    """Draws the costs up to a half-step.

    Attributes
    ----------
    trace : Trace
    theme : {"light", "dark"}
    unit : float
        Pixels of the drawing for one length.
    view : View
        From step and cost to pixels of the drawing.
    """

    def __init__(self, trace: Trace, theme: Theme, *, place: tuple[float, float], width: float, unit: float) -> None:
        self.trace, self.theme, self.unit = trace, theme, unit
        left, top = place
        size = (width - _LEFT, HEIGHT - _TITLE - _FOOT)
        area = (left + _LEFT, top + _TITLE, *size)
        self._costs = np.array([np.nan if step.cost is None else step.cost for step in trace])
        highest = float(np.nanmax(self._costs, initial=0.0))
        low, high = (0.0, 0.0), (float(len(trace) - 1) or 1.0, highest * 1.05 if highest > 0 else 1.0)
        # Even, so that a line of two pixels of the drawing is one of the frame, in its own color.
        left, top, wide, tall = (int(length * unit) // 2 * 2 for length in area)
        self.view = View(low, high, (left, top, wide, tall))
        self._highest = highest

    def points(self, index: int) -> Pixels:
        """Return where the costs up to a half-step are in the drawing, ``(m, 2)``."""
        steps = np.arange(index + 1, dtype=np.float64)
        places = np.stack([steps, self._costs[: index + 1]], axis=1)
        return self.view.pixels(places[~np.isnan(places[:, 1])])

    def draw_axes(self, draw: ImageDraw.ImageDraw) -> None:
        """Draw what is the same in every frame: both axes with their titles, zero, and the highest cost."""
        unit, (left, top, width, height) = self.unit, self.view.area
        grid, axis, gray = (mix_color(self.theme, share) for share in GRAY_SHARES)
        font, small = font_of(16 * unit), font_of(13 * unit)
        bottom, line = top + height, 2
        draw.text((left, top - 12 * unit), message("export.cost_axis"), fill=gray, font=font, anchor="ls")
        marks = {0.0: "0"} | ({self._highest: drawable(amount(self._highest))} if self._highest else {})
        for cost, text in marks.items():
            y = float(self.view.pixels(np.array([[0.0, cost]]))[0, 1])
            draw.text((left - 9 * unit, y), text, fill=gray, font=small, anchor="rm")
            draw.line((left, y, left + width, y), fill=grid, width=line)
        draw.rectangle((left, top, left + 1, bottom + 1), fill=axis)
        draw.rectangle((left, bottom, left + width, bottom + 1), fill=axis)
        last = len(self.trace) - 1
        for step, anchor in {0: "mt", last: "mt"}.items():
            x = float(self.view.pixels(np.array([[float(step), 0.0]]))[0, 0])
            draw.text((x, bottom + 8 * unit), str(step), fill=gray, font=small, anchor=anchor)
        middle = left + width / 2
        draw.text((middle, bottom + 8 * unit), message("export.step_axis"), fill=gray, font=font, anchor="mt")

    def draw(self, draw: ImageDraw.ImageDraw, index: int) -> None:
        """Draw the costs up to a half-step, the last of them as a large dot."""
        at = self.points(index)
        if not len(at):
            return
        flat = [(x, y) for x, y in at.tolist()]
        if len(flat) > 1:
            draw.line(flat, fill=TEXT[self.theme], width=round(2.4 * self.unit), joint="curve")
        (x, y), unit = flat[-1], self.unit
        for radius, color in ((8.0, BACKGROUND[self.theme]), (6.0, ACCENT[self.theme])):
            draw.ellipse((x - radius * unit, y - radius * unit, x + radius * unit, y + radius * unit), fill=color)
