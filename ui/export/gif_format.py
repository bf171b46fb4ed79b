"""The bytes of an animated GIF: its colors, its header, and frames that hold only what changed."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
from PIL import Image, ImageChops
from PIL.GifImagePlugin import getdata

from ui.charts.figures import ACCENT, TEXT, Theme
from ui.charts.palette import BACKGROUND, UNASSIGNED, rgb, text_color_on

Color = tuple[int, ...]
"""Red, green, and blue, 0 .. 255."""

UNCHANGED: Final = 255
"""The color number that leaves a pixel as it was in the frame before."""

_MIN_DIFFERENCE: Final = 8
"""Colors between others are left out if they differ by less than this in every channel."""

GRAY_SHARES: Final = (0.1, 0.35, 0.65)
"""The shares of text on background of the grid, the axes, and muted text."""


def mix_color(theme: Theme, share: float) -> tuple[int, int, int]:
    """Return the color of the text, with this share, on the background."""
    background, text = rgb(BACKGROUND[theme]), rgb(TEXT[theme])
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(background, text, strict=True))
    return red, green, blue


def color_table(theme: Theme, cluster_colors: Sequence[str]) -> list[int]:
    """Return the colors of a GIF as 3 x 256 numbers: those of the theme exactly, then those between two of them.

    Smooth edges need the colors between.
    """
    background, text = rgb(BACKGROUND[theme]), rgb(TEXT[theme])
    clusters = [rgb(color) for color in dict.fromkeys([UNASSIGNED[theme], *cluster_colors])]
    exact = [background, text, rgb(ACCENT[theme]), *clusters]
    exact += [mix_color(theme, share) for share in GRAY_SHARES] + [(0, 0, 0), (255, 255, 255)]
    numbers = [(rgb(color), rgb(text_color_on(color))) for color in dict.fromkeys(cluster_colors)]
    pairs = [(background, text, 8), *((background, color, 4) for color in clusters)]
    pairs += [(text, color, 4) for color in clusters] + [(color, number, 3) for color, number in numbers]
    pairs += [(color, second_color, 2) for color, second_color in combinations(clusters, 2)]
    between = [
        tuple(round(a + (b - a) * part / parts) for a, b in zip(color, second_color, strict=True))
        for color, second_color, parts in pairs
        for part in range(1, parts)
    ]
    colors = _distinct(exact, between)
    return [channel for color in [*colors, *[(0, 0, 0)] * (256 - len(colors))] for channel in color]


def _distinct(exact: Sequence[Color], between: Sequence[Color]) -> list[Color]:
    """Return the exact colors, and those of the others that can be told from all before them."""
    colors = list(dict.fromkeys(exact))
    for color in between:
        difference = min(max(abs(a - b) for a, b in zip(color, second_color, strict=True)) for second_color in colors)
        if len(colors) < UNCHANGED and difference >= _MIN_DIFFERENCE:
            colors.append(color)
    return colors


def palette_image(table: Sequence[int]) -> Image.Image:
    """Return an image with this color table, as ``Image.quantize`` takes it."""
    image = Image.new("P", (1, 1))
    image.putpalette(table)
    return image


def header(width: int, height: int, table: Sequence[int]) -> bytes:
    """Return the first bytes of a GIF that repeats forever: its size and its colors."""
    size = struct.pack("<HH", width, height)
    return b"GIF89a" + size + b"\xf7\x00\x00" + bytes(table) + b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def frame(before: Image.Image | None, image: Image.Image, milliseconds: int) -> list[bytes]:
    """Return a frame's bytes: only the rectangle that changed since ``before``, and only its changed pixels."""
    if before is None:
        return _encode(image, (0, 0), duration=milliseconds)
    box = ImageChops.difference(_color_numbers(before), _color_numbers(image)).getbbox() or (0, 0, 1, 1)
    old, new = np.asarray(before.crop(box)), np.asarray(image.crop(box))
    part = Image.fromarray(np.where(old == new, np.uint8(UNCHANGED), new))
    return _encode(part, box[:2], duration=milliseconds, transparency=UNCHANGED)


def _color_numbers(image: Image.Image) -> Image.Image:
    return Image.frombytes("L", image.size, image.tobytes())


def _encode(image: Image.Image, offset: tuple[int, int], **options: Any) -> list[bytes]:
    return list(getdata(image, offset, disposal=1, interlace=False, **options))
