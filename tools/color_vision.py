"""Color arithmetic for the search of the palette and for its tests: contrast, color difference, and color vision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

VISIONS: Final[Mapping[str, Array]] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Matrices for linear RGB at severity 1.0.

G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A Physiologically-based Model for Simulation of Color Vision
Deficiency, IEEE Trans. Vis. Comput. Graph. 15(6), 2009.
"""

_TO_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE: Final = _TO_XYZ.sum(axis=1)
# Björn Ottosson 2020, "A perceptual color space for image processing".
_TO_LMS: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear_rgb(channels: NDArray[np.integer] | Array) -> Array:
    """Return sRGB channels ``(..., 3)``, 0 to 255, as linear RGB, 0 to 1 (IEC 61966-2-1)."""
    shares = np.asarray(channels) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def simulate(linear: Array, vision: str) -> Array:
    """Return linear RGB ``(..., 3)`` as somebody with that vision sees it."""
    return np.clip(linear @ VISIONS[vision].T, 0, 1)


def luminance(linear: Array) -> Array:
    """Return the relative luminance of linear RGB, 0 to 1 (Web Content Accessibility Guidelines 2.2)."""
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(first: Array, second: Array) -> Array:
    """Return the contrast ratio of two luminances, 1 to 21 (Web Content Accessibility Guidelines 2.2)."""
    return (np.maximum(first, second) + 0.05) / (np.minimum(first, second) + 0.05)


def lab(linear: Array) -> Array:
    """Return linear RGB ``(..., 3)`` as CIELAB under the light D65."""
    ratios = linear @ _TO_XYZ.T / _WHITE
    x, y, z = np.moveaxis(np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def oklch(linear: Array) -> tuple[Array, Array]:
    """Return chroma and hue, 0 to 360 degrees, of linear RGB ``(..., 3)`` in OKLab."""
    _, a, b = np.moveaxis(oklab(linear), -1, 0)
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def oklab(linear: Array) -> Array:
    """Return linear RGB ``(..., 3)`` as OKLab."""
    return np.asarray(np.cbrt(np.clip(linear, 0, 1) @ _TO_LMS.T) @ _TO_OKLAB.T)


def ciede2000(first: Array, second: Array) -> Array:
    """Return the color difference CIEDE2000 of two colors in CIELAB ``(..., 3)``; about 2 is just noticeable.

    G. Sharma, W. Wu, E. N. Dalal, The CIEDE2000 Color-Difference Formula: Implementation Notes, Supplementary Test
    Data, and Mathematical Observations, Color Res. Appl. 30(1), 2005.
    """
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0)
    stretch = 1.5 - 0.5 * _high_chroma((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = np.where(c1 * c2 == 0, 0, (h2 - h1 + 180) % 360 - 180)
    hue = np.where(c1 * c2 == 0, h1 + h2, _mean_hue(h1, h2))
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    by_lightness = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2))
    by_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    by_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * _hue_weight(hue))
    rotation = -2 * _high_chroma(chroma) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return np.asarray(np.sqrt(by_lightness**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue))


def _high_chroma(chroma: Array) -> Array:
    return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _mean_hue(first: Array, second: Array) -> Array:
    """Return the middle of the shorter arc between two hues, in degrees; half the sum where both arcs are equal."""
    total = first + second
    far = np.where(total < 360, total + 360, total - 360)
    return np.where(np.abs(first - second) <= 180, total, far) / 2


def _hue_weight(hue: Array) -> Array:
    angles = [(0.17, 1, 150), (0.24, 2, 0), (0.32, 3, 6), (0.20, 4, 117)]
    waves = [share * np.cos(np.radians(factor * hue + shift)) for share, factor, shift in angles]
    return np.asarray(1 + np.sum(waves, axis=0))
