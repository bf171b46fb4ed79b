"""A run as an animated GIF for slides: each half-step, and before it how its centers moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kmeans_core.arrays import Centers
from ui.charts.drawn_run import DrawnRun
from ui.charts.figures import Theme
from ui.export import gif_format
from ui.export.frame_painter import DEFAULT_WIDTH, FramePainter, shown_steps

MAX_MILLISECONDS: Final = 12_000
"""How long an animation lasts at most: on a slide, an audience waits no longer for its end."""

STEP_MILLISECONDS: Final = 1200
MOVE_MILLISECONDS: Final = 420
END_MILLISECONDS: Final = 3000
"""How long a half-step, the move of its centers, and the last half-step are shown in a run of few half-steps."""

MOVE_FRAMES: Final = 7
"""The most frames of moving centers before a half-step that moved them."""

_MIN_FRAME_MILLISECONDS: Final = 40
"""How long each frame of a move is shown at least. Browsers slow a GIF down whose frames last less than 20 ms."""


class Frame(NamedTuple):
    """One frame in RGB, and for how many milliseconds it is shown."""

    image: Image.Image
    milliseconds: int


class Timing(NamedTuple):
    """How long the parts of an animation are shown.

    Attributes
    ----------
    step : int
        Milliseconds of a half-step before the last.
    move_frames : int
        Frames of each move.
    move_frame : int
        Milliseconds of each of them.
    """

    step: int
    move_frames: int
    move_frame: int


def timing(steps: int, moves: int) -> Timing:
    """Return durations with which an animation of so many half-steps and moves lasts ``MAX_MILLISECONDS`` at most.

    All are multiples of 10 ms, the unit of a GIF.
    """
    full_length = (steps - 1) * STEP_MILLISECONDS + moves * MOVE_MILLISECONDS
    share = min(1.0, (MAX_MILLISECONDS - END_MILLISECONDS) / full_length) if full_length else 1.0
    move = MOVE_MILLISECONDS * share
    frames = max(1, min(MOVE_FRAMES, int(move / _MIN_FRAME_MILLISECONDS)))
    return Timing(int(STEP_MILLISECONDS * share) // 10 * 10, frames, int(move / frames) // 10 * 10)


def gif(run: DrawnRun, *, title: str, theme: Theme = "light", width: int = DEFAULT_WIDTH) -> Iterator[float | bytes]:
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
    for progress, (image, milliseconds) in _frames(painter):
        palette_image = image.quantize(palette=palette, dither=Image.Dither.NONE)
        parts += gif_format.frame(before, palette_image, milliseconds)
        before = palette_image
        yield progress
    yield b"".join([*parts, b";"])


def _frames(painter: FramePainter) -> Iterator[tuple[float, Frame]]:
    """Yield every frame with the share of the half-steps that is done."""
    indices = shown_steps(len(painter.trace))
    starts = _moves(painter, indices)
    times = timing(len(indices), len(starts))
    for place, index in enumerate(indices):
        background, goal = painter.without_centers(index), painter.centers[index]
        if index in starts:
            start = starts[index]
            for share in ease_in_out(np.arange(1, times.move_frames + 1) / (times.move_frames + 1)):
                image = painter.with_centers(background, index, start + share * (goal - start))
                yield place / len(indices), Frame(image, times.move_frame)
        image = painter.with_centers(background, index, goal)
        milliseconds = END_MILLISECONDS if index == indices[-1] else times.step
        yield place / len(indices), Frame(image, milliseconds)


def _moves(painter: FramePainter, indices: Sequence[int]) -> dict[int, Centers]:
    """Return where the centers come from at each half-step that moves them, and whose predecessor is shown."""
    centers = painter.centers
    return {
        index: centers[before]
        for before, index in pairwise(indices)
        if before == index - 1 and not np.array_equal(centers[before], centers[index])
    }


def ease_in_out(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a move is after a share of its time: slow at both ends, as ``easeInOut`` in the player."""
    return np.where(share < 0.5, 2 * share**2, 1 - (2 - 2 * share) ** 2 / 2)
