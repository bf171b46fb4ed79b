"""Find twelve cluster colors that are the same on both themes, and can be told apart and named.

``python -m tools.palette_search`` prints the colors and their smallest differences beside those of ``palette.json``; it
takes some minutes and has the same result every time.

A color must reach a contrast of 3 to 1 with both pages, so its luminance lies in a narrow band, and it must fit the
window of hue and chroma of a plain name. From random palettes, the search replaces one color at a time by the best of
all candidates until none is better, redraws a few colors, starts over from there, and keeps the palette whose worst
pair differs most. Pairs are compared under normal vision and under three simulated deficiencies; normal vision and the
first six clusters, which most pictures have, must differ more.

The accents of the phases are darker than all clusters on the light theme and lighter on the dark one, and differ as
much as possible from the clusters, from the text, and from each other.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools import color_vision
from tools.color_vision import VISIONS, Array, ciede2000, lab, linear_rgb
from ui.charts.figures import TEXT
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, UNASSIGNED, rgb

FIRST: Final = 6
_MIN_CONTRAST: Final = 3.01
_MIN_TO_UNASSIGNED: Final = 10
# How many times as much as under a deficiency pairs must differ: chosen so that neither is the only limit.
_NORMAL_FACTOR: Final = 1.5
_FIRST_FACTOR: Final = 1.75
# CIEDE2000 and OKLab disagree on some pairs, so each pair has to differ in both. OKLab counts this many times as much,
# about the ratio at which neither is the only limit.
_OKLAB_FACTOR: Final = 130
_GRID_STEP: Final = 10
_REDRAWN: Final = 3
_MIN_ACCENT_CONTRAST: Final = 4.5  # an accent is also the color of text
_MIN_CONTRAST_TO_TEXT: Final = 1.5  # or it would look like black or white


@dataclass(frozen=True, slots=True)
class Name:
    """What may be called by a name: hue in degrees and chroma in OKLab, and luminance as a share of the band."""

    hue: tuple[float, float]
    chroma: tuple[float, float]
    luminance: tuple[float, float] = (0, 1)


NAMES: Final = {
    "blue": Name((250, 266), (0.13, 0.4)),
    "orange": Name((46, 66), (0.13, 0.4), (0.4, 1)),
    "green": Name((138, 156), (0.12, 0.4)),
    "purple": Name((290, 312), (0.15, 0.4)),
    "pink": Name((345, 365), (0.16, 0.4)),
    "teal": Name((178, 205), (0.07, 0.4)),
    "red": Name((20, 31), (0.17, 0.4)),
    "brown": Name((45, 72), (0.05, 0.10), (0, 0.5)),
    "olive": Name((100, 118), (0.09, 0.4), (0, 0.8)),
    "sky blue": Name((222, 243), (0.09, 0.4), (0.6, 1)),
    "magenta": Name((322, 336), (0.2, 0.4)),
    "tan": Name((62, 90), (0.04, 0.08), (0.7, 1)),
}
"""The names in cluster order: the first six are of different hues."""


ACCENTS: Final = {"assign": (0.1, 277, 295), "refine": (0.09, 35, 85)}
"""The least chroma and the hues of each phase's accent: indigo, as the app's own accent, and the color across."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Colors to choose from."""

    channels: NDArray[np.int64]
    """``(m, 3)``: sRGB, 0 to 255."""
    fits: NDArray[np.bool_]
    """``(12, m)``: which colors may have each name."""
    far: Array
    """``(m, m)``: how much pairs differ, weighted so that the smallest counts."""
    far_first: Array
    """``(m, m)``: the same among the first six."""


def candidates() -> Candidates:
    """Return all colors on a grid in sRGB that fit a name."""
    values = [*range(0, 256, _GRID_STEP), 255]
    channels = np.array(list(product(values, repeat=3)))
    linear = linear_rgb(channels)
    low, high = _band()
    share = (color_vision.luminance(linear) - low) / (high - low)
    chroma, hue = color_vision.oklch(linear)
    grays = lab(linear_rgb(np.array([rgb(color) for color in UNASSIGNED.values()])))
    is_gray = ciede2000(lab(linear)[:, None], grays).min(axis=1) < _MIN_TO_UNASSIGNED
    fits = np.array(
        [
            ((hue - name.hue[0]) % 360 <= name.hue[1] - name.hue[0])
            & (name.chroma[0] <= chroma)
            & (chroma <= name.chroma[1])
            & (name.luminance[0] <= share)
            & (share <= name.luminance[1])
            & ~is_gray
            for name in NAMES.values()
        ]
    )
    useful = fits.any(axis=0)
    normal, impaired, in_oklab = _differences(linear[useful])
    weighted = np.minimum(normal / _NORMAL_FACTOR, impaired)
    far, far_first = (np.minimum(weighted / factor, in_oklab) for factor in (1, _FIRST_FACTOR))
    return Candidates(channels[useful], fits[:, useful], far, far_first)


def _band() -> tuple[float, float]:
    """Return the luminances between which a color has enough contrast with both pages."""
    light, dark = (
        float(color_vision.luminance(linear_rgb(np.array(rgb(BACKGROUND[theme]))))) for theme in ("light", "dark")
    )
    return (dark + 0.05) * _MIN_CONTRAST - 0.05, (light + 0.05) / _MIN_CONTRAST - 0.05


def _differences(linear: Array) -> tuple[Array, Array, Array]:
    """Return how much each pair differs: under normal vision, under the worst deficiency, and at least in OKLab."""
    differences = [_gaps_between(linear, linear, vision) for vision in VISIONS]
    in_oklab = [color_vision.oklab(color_vision.simulate(linear, vision)) for vision in VISIONS]
    gaps = [_OKLAB_FACTOR * np.linalg.norm(colors[:, None] - colors, axis=2) for colors in in_oklab]
    return differences[0], np.minimum.reduce(differences[1:]), np.minimum.reduce(gaps)


def search(starts: int, changes: int) -> list[str]:
    """Return the best palette found from ``starts`` random ones, each changed at random ``changes`` times."""
    choice = candidates()
    results = [_best_of_start(choice, changes, np.random.default_rng(seed)) for seed in range(starts)]
    best = max(results, key=lambda picked: float(_gaps(choice, picked).min()))
    return [_hex(choice.channels[color]) for color in best]


def _best_of_start(choice: Candidates, changes: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the best palette of an iterated local search."""
    redraw = [np.flatnonzero(fits) for fits in choice.fits]
    best = _improved(choice, np.array([rng.choice(options) for options in redraw]))
    for _ in range(changes):
        trial = best.copy()
        for slot in rng.choice(len(trial), _REDRAWN, replace=False):
            trial[slot] = rng.choice(redraw[slot])
        trial = _improved(choice, trial)
        if _gaps(choice, trial).min() >= _gaps(choice, best).min():
            best = trial
    return best


def _improved(choice: Candidates, picked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Replace colors of a palette until no single replacement makes its own smallest difference larger."""
    while True:
        smallest = _gaps(choice, picked).min(axis=1)
        for slot in np.argsort(smallest):
            gaps = np.where(choice.fits[slot], _gaps_to_others(choice, picked, int(slot)), -1)
            if gaps.max() > smallest[slot] + 1e-9:
                picked[slot] = gaps.argmax()
                break
        else:
            return picked


def _gaps_to_others(choice: Candidates, picked: NDArray[np.int64], slot: int) -> Array:
    """Return how much each candidate differs at least from the other colors of a palette, if it were at ``slot``."""
    slots = [other for other in range(len(picked)) if other != slot]
    gaps = [(choice.far_first if max(other, slot) < FIRST else choice.far)[picked[other]] for other in slots]
    return np.asarray(np.minimum.reduce(gaps))


def _gaps(choice: Candidates, picked: NDArray[np.int64]) -> Array:
    """Return ``(12, 12)``: the weighted differences of a palette; infinite on the diagonal."""
    gaps = choice.far[np.ix_(picked, picked)].copy()
    gaps[:FIRST, :FIRST] = choice.far_first[np.ix_(picked[:FIRST], picked[:FIRST])]
    np.fill_diagonal(gaps, np.inf)
    return gaps


def accents(clusters: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the accent of each phase on each theme."""
    values = np.array(list(product([*range(0, 256, _GRID_STEP), 255], repeat=3)))
    linear = linear_rgb(values)
    chroma, hue = color_vision.oklch(linear)
    fits = [(chroma >= low) & (first <= hue) & (hue <= last) for low, first, last in ACCENTS.values()]
    accent_colors: dict[str, dict[str, str]] = {phase: {} for phase in ACCENTS}
    for theme in ("light", "dark"):
        page, text = (color_vision.luminance(linear_rgb(np.array(rgb(c[theme])))) for c in (BACKGROUND, TEXT))
        light = color_vision.luminance(linear)
        readable = color_vision.contrast(light, page) >= _MIN_ACCENT_CONTRAST
        readable &= color_vision.contrast(light, text) >= _MIN_CONTRAST_TO_TEXT
        fixed_colors = linear_rgb(np.array([rgb(color) for color in (*clusters, UNASSIGNED[theme], TEXT[theme])]))
        far = np.min([_gaps_between(linear, fixed_colors, vision).min(axis=1) for vision in VISIONS], axis=0)
        first, second = (np.flatnonzero(fit & readable) for fit in fits)
        between = np.min([_gaps_between(linear[first], linear[second], vision) for vision in VISIONS], axis=0)
        worst = np.minimum(np.minimum(far[first][:, None], far[second]), between)
        i, j = np.unravel_index(worst.argmax(), worst.shape)
        for phase, index in zip(ACCENTS, (first[i], second[j]), strict=True):
            accent_colors[phase][theme] = _hex(values[index])
    return accent_colors


def _gaps_between(colors_a: Array, colors_b: Array, vision: str) -> Array:
    """Return ``(m, n)``: the differences of linear colors ``(m, 3)`` and ``(n, 3)``."""
    lab_a, lab_b = (lab(color_vision.simulate(colors, vision)) for colors in (colors_a, colors_b))
    return ciede2000(lab_a[:, None], lab_b)


def _hex(channels: NDArray[np.int64]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*channels)


def smallest_difference(colors: Sequence[str], vision: str) -> float:
    """Return the CIEDE2000 difference of the two colors that look most alike."""
    simulations = lab(color_vision.simulate(linear_rgb(np.array([rgb(color) for color in colors])), vision))
    return min(float(ciede2000(first, second)) for first, second in combinations(simulations, 2))


def table(palettes: dict[str, Sequence[str]]) -> str:
    """Return the smallest differences of palettes, as lines of text: of all colors, and of the first six."""
    head = f"{'CIEDE2000':24}" + "".join(f"{vision:>16}" for vision in VISIONS)
    rows = []
    for title, colors in palettes.items():
        pairs = [(smallest_difference(colors, v), smallest_difference(colors[:FIRST], v)) for v in VISIONS]
        rows.append(f"{title:24}" + "".join(f"{f'{every:.1f} / {first:.1f}':>16}" for every, first in pairs))
    return "\n".join([head, *rows, "(all colors / the first six)"])


BEFORE: Final = {
    "before, light": (
        *("#0072B2", "#D55E00", "#009E73", "#AA3377", "#A578FF", "#692D00"),
        *("#0000D2", "#7896C3", "#5A1E87", "#961EFF", "#874B2D", "#871E5A"),
    ),
    "before, dark": (
        *("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E10F", "#9678FF"),
        *("#96F0C3", "#8700FF", "#963C96", "#5A6900", "#96C396", "#878700"),
    ),
}
"""The palettes that this one replaced: another for each theme."""


def main() -> None:
    """Search, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=8, help="random palettes to start from")
    parser.add_argument("--changes", type=int, default=800, help="random changes of each")
    options = parser.parse_args()
    palette = search(options.starts, options.changes)
    for name, color in zip(NAMES, palette, strict=True):
        print(f"{name:10} {color}")
    for phase, colors in accents(palette).items():
        print(f"{phase:10} {colors}")
    print(table({**BEFORE, "palette.json": CLUSTER_COLORS, "found": palette}))


if __name__ == "__main__":
    main()
