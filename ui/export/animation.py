"""A run as an animated GIF for slides: each half-step, and before it how its centers moved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ui.charts.drawn_run import DrawnRun
from ui.charts.figures import Theme
from ui.export import gif_format
from ui.export.frame_painter import WIDTH, FramePainter, shown_steps

STEP_MILLISECONDS: Final = 1200
MOVE_MILLISECONDS: Final = 60
END_MILLISECONDS: Final = 3000
"""How long a half-step, a frame of moving centers, and the last half-step are shown."""

MOVE_FRAMES: Final = 7
"""Frames of moving centers before a half-step that moved them."""


class Frame(NamedTuple):
    """One frame in RGB, and for how many milliseconds it is shown."""

    image: Image.Image
    milliseconds: int


def gif(run: DrawnRun, *, title: str, theme: Theme = "light", width: int = WIDTH) -> Iterator[float | bytes]:
    """Make a GIF of a run that repeats forever.

    Parameters
    ----------
    run : DrawnRun
    title : str
        The line above the pictures; may be empty.
    theme : {"light", "dark"}
    width : int
        Of the pictures, in pixels.

    Yields
    ------
    float or bytes
        After every frame the share that is done, below 1, so that a page can show progress and stop; at last the GIF.

    Raises
    ------
    ValueError
        At the first frame: if the width is too small.
    """
    painter = FramePainter(run, title=title, theme=theme, width=width)
    table = gif_format.color_table(theme, painter.colors)
    palette = gif_format.palette_image(table)
    parts = [gif_format.header(*painter.size, table)]
    before: Image.Image | None = None
    for done, (image, milliseconds) in _frames(painter):
        quantized = image.quantize(palette=palette, dither=Image.Dither.NONE)
        parts += gif_format.frame(before, quantized, milliseconds)
        before = quantized
        yield done
    yield b"".join([*parts, b";"])


def _frames(painter: FramePainter) -> Iterator[tuple[float, Frame]]:
    """Yield every frame with the share of the half-steps that is done."""
    indices = shown_steps(len(painter.trace))
    for done, (before, index) in enumerate(pairwise([-1, *indices])):
        background = painter.without_centers(index)
        goal = painter.centers[index]
        start = painter.centers[before] if before == index - 1 and index else goal
        if not np.array_equal(start, goal):
            for share in ease_in_out(np.arange(1, MOVE_FRAMES + 1) / (MOVE_FRAMES + 1)):
                centers = start + share * (goal - start)
                yield done / len(indices), Frame(painter.with_centers(background, index, centers), MOVE_MILLISECONDS)
        image = painter.with_centers(background, index, goal)
        milliseconds = END_MILLISECONDS if index == indices[-1] else STEP_MILLISECONDS
        yield done / len(indices), Frame(image, milliseconds)


def ease_in_out(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a move is after a share of its time: slow at both ends, as ``easeInOut`` in the player."""
    return np.where(share < 0.5, 2 * share**2, 1 - (2 - 2 * share) ** 2 / 2)
