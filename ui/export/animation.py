"""A run as an animated GIF for slides. Knows nothing of Streamlit."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import combinations, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont
from PIL.GifImagePlugin import getdata

from kmeans_core import RULES
from kmeans_core.types import Centers
from ui.charts.drawn_run import DrawnRun, changed
from ui.charts.figures import ACCENT, TEXT, Theme
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, CLUSTER_SYMBOLS, UNASSIGNED, rgb, text_color_on
from ui.charts.shapes import number_place, outline
from ui.charts.view import aspect_ratio, view_of
from ui.text.messages import message
from ui.text.numbers import amount
from ui.text.step_sentences import step_name, step_sentence

WIDTH: Final = 960
"""Of the picture in pixels; its height follows the points."""

LEAST_WIDTH: Final = 320
"""Below it nothing could be read."""

MOST_POINTS: Final = 20_000
"""The most points that are drawn: of more, a sample that is always the same."""

MOST_STEPS: Final = 60
"""The most half-steps that are shown: of a longer run, half of them from its start and half from its end."""

STILL: Final = 1200
GLIDE: Final = 60
END: Final = 3000
"""Milliseconds that a half-step is seen, a picture of moving centers, and the last half-step."""

GLIDES: Final = 7
"""Pictures of moving centers before a half-step that moved them."""

_SCALE: Final = 2
"""What is drawn is so many times as large as the picture, and reduced, which makes edges smooth."""

_SPARE: Final = 255
"""The color of a GIF that means: as it was."""

Canvas = NDArray[np.uint8]
"""``(height, width, 3) uint8``: a picture that is drawn in."""


class Frame(NamedTuple):
    """One picture of the movie, in RGB, and for how many milliseconds it is seen."""

    image: Image.Image
    milliseconds: int


def shown_steps(count: int) -> list[int]:
    """Return which of so many half-steps a movie shows."""
    if count <= MOST_STEPS:
        return list(range(count))
    half = MOST_STEPS // 2
    return [*range(half), *range(count - half, count)]


def gif(run: DrawnRun, *, title: str, theme: Theme = "light", width: int = WIDTH) -> Iterator[float | bytes]:
    """Make a GIF of a run, which goes round forever: each half-step, and before it how its centers moved.

    Parameters
    ----------
    run : DrawnRun
    title : str
        What stands above it; may be empty.
    theme : {"light", "dark"}
    width : int
        Of the pictures, in pixels.

    Yields
    ------
    float or bytes
        After every picture the share that is done, below 1, so that it can be shown, and stopped; at last the GIF.

    Raises
    ------
    ValueError
        At the first picture: if the width is too small.
    """
    painter = _Painter(run, title=title, theme=theme, width=width)
    parts = [painter.gif_header]
    before: Image.Image | None = None
    for done, (image, milliseconds) in _numbered(painter):
        now = image.quantize(palette=painter.palette, dither=Image.Dither.NONE)
        parts += _gif_frame(before, now, milliseconds)
        before = now
        yield done
    yield b"".join([*parts, b";"])


def _numbered(painter: _Painter) -> Iterator[tuple[float, Frame]]:
    """Yield every picture with the share of the half-steps that is done."""
    indices = shown_steps(len(painter.trace))
    for done, (before, index) in enumerate(pairwise([-1, *indices])):
        ground = painter.without_centers(index)
        goal = painter.centers[index]
        start = painter.centers[before] if before == index - 1 and index else goal
        if not np.array_equal(start, goal):
            for share in _ease(np.arange(1, GLIDES + 1) / (GLIDES + 1)):
                between = start + share * (goal - start)
                yield done / len(indices), Frame(painter.with_centers(ground, index, between), GLIDE)
        image = painter.with_centers(ground, index, goal)
        yield done / len(indices), Frame(image, END if index == indices[-1] else STILL)


def _ease(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a glide is after a share of its time: slow at both ends, as in the player."""
    return np.where(share < 0.5, 2 * share**2, 1 - (2 - 2 * share) ** 2 / 2)


# --- One picture


class _Painter:
    """All that the pictures of a movie have in common. Lengths are those at ``WIDTH``; ``unit`` scales them."""

    def __init__(self, run: DrawnRun, *, title: str, theme: Theme, width: int) -> None:
        if width < LEAST_WIDTH:
            raise ValueError(f"width must be at least {LEAST_WIDTH}, got {width}")
        self.trace, self.title, self.theme = run.trace, title, theme
        self._axes = run.axes
        self.unit = width / WIDTH * _SCALE
        self.width = width * _SCALE
        self.colors = CLUSTER_COLORS[theme][: run.trace.config.k]
        self.symbols = CLUSTER_SYMBOLS[: run.trace.config.k]
        self.shown = _sample(len(run.places))
        shape = float(np.clip(aspect_ratio(run.places, run.centers), 0.46, 0.6)) if run.equal_units else 0.54
        tall = WIDTH * shape
        self._top = top = 104 if title else 74
        self._words = self._wrapped_sentences()
        self._below = top + tall + 48
        notes = len(self._notes) * 24 + 8 if self._notes else 0
        height = self._below + self._most_lines * 29 + notes + 22
        self.height = int(height * self.unit) // _SCALE * _SCALE
        area = (76 * self.unit, top * self.unit, (WIDTH - 76 - 32) * self.unit, tall * self.unit)
        self.view = view_of(run.places, run.centers, area=area, equal=run.equal_units)
        self.at = self.view.pixels(run.places[self.shown])
        self.centers = [np.asarray(some, dtype=np.float64) for some in run.centers]

    # What stands in it

    def _wrapped_sentences(self) -> dict[int, list[str]]:
        font, room = _font(20 * self.unit), (WIDTH - 64) * self.unit
        indices = shown_steps(len(self.trace))
        words = {index: _wrapped(step_sentence(self.trace, index), font, room, most=4) for index in indices}
        # So that nothing moves from one to the next.
        self._most_lines = max(len(lines) for lines in words.values())
        return words

    @property
    def _notes(self) -> list[str]:
        n, count = len(self.trace.labels), len(self.trace)
        notes = [message("export.axes_note", horizontal=self._axes[0], vertical=self._axes[1])] if self._axes else []
        if n > MOST_POINTS:
            notes.append(message("export.sample_note", drawn=MOST_POINTS, points=n))
        if count > MOST_STEPS:
            notes.append(message("export.steps_note", half=MOST_STEPS // 2, steps=count))
        return notes

    @cached_property
    def _stamps(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]]:
        """For every cluster, then for points without one: the pixels of a point, a larger one, and that with a line."""
        n = len(self.trace.labels)
        radius = (4.5 if n <= 400 else 3.6 if n <= 1500 else 2.8 if n <= 6000 else 2.2) * self.unit
        line = max(1.0, 0.8 * self.unit)
        return [
            (_stamp(symbol, radius), _stamp(symbol, radius * 1.35), _stamp(symbol, radius * 1.35 + line))
            for symbol in [*self.symbols, "circle"]
        ]

    @cached_property
    def _ground(self) -> Image.Image:
        """The part that is the same in every picture: title, grid, the axes' numbers and notes."""
        image = Image.new("RGB", (self.width, self.height), BACKGROUND[self.theme])
        draw = ImageDraw.Draw(image)
        left, top, width, height = self.view.area
        grid, muted = _mixed(self.theme, 0.1), _mixed(self.theme, 0.65)
        font, gap = _font(14 * self.unit), 9 * self.unit
        for x, text in self.view.ticks(0, 8):
            _rule(image, (x, top, x, top + height), grid)
            draw.text((x, top + height + gap), _plain(text), fill=muted, font=font, anchor="mt")
        for y, text in self.view.ticks(1):
            _rule(image, (left, y, left + width, y), grid)
            draw.text(
                (left - gap, y), _fitted(_plain(text), font, left - 1.5 * gap), fill=muted, font=font, anchor="rm"
            )
        axis = _mixed(self.theme, 0.35)
        _rule(image, (left, top, left, top + height), axis)
        _rule(image, (left, top + height, left + width, top + height), axis)
        title = _fitted(_plain(self.title), _font(17 * self.unit), self.width - 64 * self.unit)
        draw.text((32 * self.unit, 22 * self.unit), title, fill=muted, font=_font(17 * self.unit), anchor="lt")
        y = (self._below + self._most_lines * 29 + 8) * self.unit
        for number, note in enumerate(self._notes):
            place = (32 * self.unit, y + number * 24 * self.unit)
            font = _font(15 * self.unit)
            room = self.width - 64 * self.unit
            draw.text(place, _fitted(_plain(note), font, room), fill=muted, font=font, anchor="lt")
        return image

    def _write(self, image: Image.Image, index: int) -> None:
        """Write what a half-step is called, what it cost, and what happened in it."""
        draw, unit, text = ImageDraw.Draw(image), self.unit, TEXT[self.theme]
        step, last = self.trace[index], len(self.trace) - 1
        big, small = _font(32 * unit), _font(19 * unit)
        name = step_name(step)
        line = (self._top - 20) * unit
        draw.text((32 * unit, line), name, fill=text, font=big, anchor="ls", stroke_width=0.4 * unit)
        after = 32 * unit + big.getlength(name) + 16 * unit
        muted = _mixed(self.theme, 0.65)
        where = message("export.step_place", index=index, last=last)
        draw.text((after, line), where, fill=muted, font=small, anchor="ls")
        right = self.width - 32 * unit
        if step.cost is not None:
            cost = _plain(amount(step.cost))
            draw.text((right, line), cost, fill=text, font=big, anchor="rs", stroke_width=0.4 * unit)
            words = message("export.cost_named", cost_name=RULES[self.trace.config.rule].cost_words)
            end = right - big.getlength(cost) - 16 * unit
            if end - small.getlength(words) < after + small.getlength(where) + 24 * unit:
                words = message("export.cost")
            draw.text((end, line), words, fill=muted, font=small, anchor="rs")
        for number, row in enumerate(self._words[index]):
            place = (32 * unit, (self._below + number * 29) * unit)
            draw.text(place, row, fill=text, font=_font(20 * unit), anchor="lt")
        done = index / last
        draw.rectangle((0, self.height - 6 * unit, self.width, self.height), fill=_mixed(self.theme, 0.1))
        draw.rectangle((0, self.height - 6 * unit, self.width * done, self.height), fill=ACCENT[self.theme])

    def without_centers(self, index: int) -> Image.Image:
        """Return all of a half-step's picture but its centers, at twice its size."""
        ground = self._ground.copy()
        self._write(ground, index)
        canvas: Canvas = np.array(ground)
        labels = self.trace[index].compact_labels
        own = np.full(len(self.shown), len(self.colors)) if labels is None else labels[self.shown].astype(np.intp)
        news = changed(self.trace, index)
        new = np.zeros(len(own), dtype=np.bool_) if news is None else news[self.shown]
        colors = np.array([rgb(color) for color in [*self.colors, UNASSIGNED[self.theme]]], dtype=np.uint8)
        line = np.array(rgb(TEXT[self.theme]), dtype=np.uint8)
        for cluster, (small, _, _) in enumerate(self._stamps):
            _put(canvas, self.at[(own == cluster) & ~new], small, colors[cluster])
        for cluster in np.unique(own[new]).tolist():
            _, large, larger = self._stamps[cluster]
            for at in self.at[(own == cluster) & new]:
                _put(canvas, at[None], larger, line)
                _put(canvas, at[None], large, colors[cluster])
        return Image.fromarray(canvas)

    def with_centers(self, ground: Image.Image, index: int, centers: Centers) -> Image.Image:
        """Return the picture of a half-step with the centers ``(k, 2)`` at these places of the data."""
        image = ground.copy()
        draw = ImageDraw.Draw(image)
        unit, font = self.unit, _font(15 * self.unit)
        radius = 12 * unit
        # The first ones last: of centers on one spot the lowest gets the points.
        for cluster in np.flatnonzero(self.trace.active(index))[::-1].tolist():
            at, symbol = self.view.pixels(centers[cluster]), self.symbols[cluster]
            for more, color in ((3.4, BACKGROUND[self.theme]), (1.6, TEXT[self.theme]), (0, self.colors[cluster])):
                corners = outline(symbol, radius + more * unit) + at
                draw.polygon([(x, y) for x, y in corners.tolist()], fill=color)
            x, y = at + number_place(symbol, radius)
            number = str(cluster + 1)
            ink = text_color_on(self.colors[cluster])
            draw.text((x, y), number, fill=ink, font=font, anchor="mm", stroke_width=0.25 * unit)
        return image.reduce(_SCALE)

    # As a GIF

    @cached_property
    def palette(self) -> Image.Image:
        """An image with the colors that all pictures of the movie are written with."""
        image = Image.new("P", (1, 1))
        image.putpalette(self._table)
        return image

    @cached_property
    def _table(self) -> list[int]:
        """The colors of the GIF, as 3 x 256 numbers: those of the theme exactly, then what lies between at edges."""
        ground, text = rgb(BACKGROUND[self.theme]), rgb(TEXT[self.theme])
        clusters = [rgb(color) for color in dict.fromkeys([UNASSIGNED[self.theme], *self.colors])]
        exact = [ground, text, rgb(ACCENT[self.theme]), *clusters]
        exact += [_mixed(self.theme, share) for share in (0.1, 0.35, 0.65)] + [(0, 0, 0), (255, 255, 255)]
        pairs = [(ground, text, 8), *((ground, color, 4) for color in clusters)]
        pairs += [(text, color, 4) for color in clusters] + [(color, ink, 3) for color, ink in self._inks]
        pairs += [(one, other, 2) for one, other in combinations(clusters, 2)]
        between = [
            tuple(round(a + (b - a) * part / parts) for a, b in zip(one, other, strict=True))
            for one, other, parts in pairs
            for part in range(1, parts)
        ]
        kept = _apart(exact, between, _SPARE)
        return [value for color in [*kept, *[(0, 0, 0)] * (256 - len(kept))] for value in color]

    @property
    def _inks(self) -> list[tuple[tuple[int, int, int], tuple[int, int, int]]]:
        return [(rgb(color), rgb(text_color_on(color))) for color in dict.fromkeys(self.colors)]

    @property
    def gif_header(self) -> bytes:
        """What a GIF begins with: its size, its colors, and that it goes round forever."""
        size = struct.pack("<HH", self.width // _SCALE, self.height // _SCALE)
        return b"GIF89a" + size + b"\xf7\x00\x00" + bytes(self._table) + b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def _sample(n: int) -> NDArray[np.intp]:
    """Return the numbers of the points that are drawn, in order: always the same ones."""
    if n <= MOST_POINTS:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, MOST_POINTS, replace=False))


def _mixed(theme: Theme, share: float) -> tuple[int, int, int]:
    """Return the color of the text, that much of it, on the background."""
    ground, text = rgb(BACKGROUND[theme]), rgb(TEXT[theme])
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(ground, text, strict=True))
    return red, green, blue


def _rule(image: Image.Image, ends: tuple[float, float, float, float], color: tuple[int, int, int]) -> None:
    """Draw an upright or level line that is one pixel of the picture wide, and nothing besides."""
    left, top, right, bottom = (int(end) // _SCALE * _SCALE for end in ends)
    ImageDraw.Draw(image).rectangle((left, top, right + _SCALE - 1, bottom + _SCALE - 1), fill=color)


# --- Points


def _stamp(symbol: str, radius: float) -> NDArray[np.intp]:
    """Return the pixels of a shape about its middle, ``(m, 2)``: rows and columns."""
    size = 2 * int(np.ceil(radius * 1.5)) + 1
    fine = 4
    image = Image.new("L", (size * fine, size * fine))
    corners = outline(symbol, radius * fine) + (size * fine / 2 - 0.5)
    ImageDraw.Draw(image).polygon([(x, y) for x, y in corners.tolist()], fill=255)
    return np.argwhere(np.asarray(image.reduce(fine)) > 127) - size // 2


def _put(canvas: Canvas, at: NDArray[np.float64], stamp: NDArray[np.intp], color: Canvas) -> None:
    """Put a shape on the canvas at every place of ``(m, 2)``."""
    whole_places = np.floor(at).astype(np.intp)
    rows = (whole_places[:, 1:] + stamp[:, 0]).ravel()
    columns = (whole_places[:, :1] + stamp[:, 1]).ravel()
    canvas[rows, columns] = color


# --- The bytes of a GIF


def _apart(exact: Sequence[tuple[int, ...]], between: Sequence[tuple[int, ...]], most: int) -> list[tuple[int, ...]]:
    """Return the exact colors, and of the others those that can't be taken for one before them."""
    kept = list(dict.fromkeys(exact))
    for color in between:
        if len(kept) < most and min(max(abs(a - b) for a, b in zip(color, one, strict=True)) for one in kept) >= 8:
            kept.append(color)
    return kept


def _gif_frame(before: Image.Image | None, now: Image.Image, milliseconds: int) -> list[bytes]:
    """Return a picture as a part of a GIF: only the rectangle that changed, and there only what is new."""
    if before is None:
        return _encoded(now, (0, 0), duration=milliseconds)
    box = ImageChops.difference(_indices(before), _indices(now)).getbbox() or (0, 0, 1, 1)
    old, new = np.asarray(before.crop(box)), np.asarray(now.crop(box))
    part = Image.fromarray(np.where(old == new, np.uint8(_SPARE), new))
    return _encoded(part, box[:2], duration=milliseconds, transparency=_SPARE)


def _indices(image: Image.Image) -> Image.Image:
    return Image.frombytes("L", image.size, image.tobytes())


def _encoded(image: Image.Image, offset: tuple[int, int], **told: int) -> list[bytes]:
    return list(getdata(image, offset, disposal=1, interlace=False, **told))


# --- Words


@lru_cache(maxsize=32)
def _font(size: float) -> ImageFont.FreeTypeFont:
    """Return Pillow's own font, which is there on every machine."""
    font = ImageFont.load_default(size=round(size))
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow comes with FreeType"
    return font


@lru_cache(maxsize=4096)
def _has(char: str) -> bool:
    """Tell whether the font can draw a character: what it lacks all looks the same, a box."""
    font = _font(40)
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010ffff")) or char == " "


_INSTEAD: Final = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "×": "x", "²": "^2", "³": "^3", "≤": "<=", "≥": ">=",
    "→": "->", "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
}  # fmt: skip


def _plain(text: str) -> str:
    """Return a text in characters that the font has."""
    seen = "".join(" " if char.isspace() else char for char in text)
    seen = "".join(char for char in seen if unicodedata.category(char)[0] != "C")
    drawn = "".join(char if _has(char) else _instead_of(char) for char in seen)
    # Of a text in other letters nothing can be read.
    return drawn if any(char.isalnum() for char in drawn) or not any(char.isalnum() for char in seen) else ""


def _instead_of(char: str) -> str:
    if char in _INSTEAD:
        return _INSTEAD[char]
    simple = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    if not simple:
        return ""
    return "".join(simple) if all(_has(part) for part in simple) else "?"


def _fitted(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """Return a text that is cut where it is wider than its room."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float, *, most: int) -> list[str]:
    """Return a text in lines no wider than their room, about as long as each other. Numbers stay whole."""
    words = [_plain(word) for word in text.split(" ")]
    lines = _filled(words, font, room)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
        return [_fitted(line, font, room) for line in lines]
    for share in (0.9, 0.8, 0.7, 0.6):
        narrower = _filled(words, font, room * share)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return [_fitted(line, font, room) for line in lines]


def _filled(words: Sequence[str], font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """Return lines with as many of the words as there is room for."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else ""
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
