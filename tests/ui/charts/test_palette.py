"""Clusters can be told apart: against the page, and by people who see fewer colors."""

from __future__ import annotations

import json
import tomllib
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.paths import ROOT
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, CLUSTER_SYMBOLS, MAX_K, ThemeName, text_color_on

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
VISION = {
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
# Björn Ottosson 2020, "A perceptual color space for image processing".
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(color: str) -> NDArray[np.float64]:
    """``#RRGGBB`` as linear RGB."""
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of the Web Content Accessibility Guidelines."""
    dark, light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen(color: str, vision: str) -> NDArray[np.float64]:
    """The color in OKLab as somebody with that vision sees it."""
    cones: NDArray[np.float64] = TO_LMS @ np.clip(VISION[vision] @ linear(color), 0, None)
    return np.asarray(TO_LAB @ np.cbrt(cones))


@pytest.mark.parametrize("theme", CLUSTER_COLORS)
def test_every_cluster_stands_out_from_the_page(theme: ThemeName) -> None:
    # What the guidelines ask of graphical objects (1.4.11).
    assert min(contrast(color, BACKGROUND[theme]) for color in CLUSTER_COLORS[theme]) >= 3


@pytest.mark.parametrize("theme", CLUSTER_COLORS)
@pytest.mark.parametrize("vision", VISION)
def test_no_two_clusters_look_the_same(theme: ThemeName, vision: str) -> None:
    # 0.02 is about a just noticeable difference in OKLab.
    gaps = [
        float(np.linalg.norm(seen(one, vision) - seen(other, vision)))
        for one, other in combinations(CLUSTER_COLORS[theme], 2)
    ]
    assert min(gaps) > 0.06


def test_every_cluster_has_a_color_and_a_shape_of_its_own() -> None:
    assert len(set(CLUSTER_SYMBOLS)) == MAX_K
    assert all(len(set(colors)) == MAX_K for colors in CLUSTER_COLORS.values())


@pytest.mark.parametrize("vector", json.loads((ROOT / "tests/vectors/text_colors.json").read_text()))
def test_text_has_the_more_contrast_of_black_and_white(vector: dict[str, str]) -> None:
    named = {"black": "#000000", "white": "#FFFFFF"}
    assert text_color_on(vector["color"]) == named[vector["text"]]
    other = next(color for name, color in named.items() if name != vector["text"])
    assert contrast(vector["color"], named[vector["text"]]) >= contrast(vector["color"], other) - 0.02


def test_background_is_that_of_the_page() -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    assert {name: theme[name]["backgroundColor"].upper() for name in BACKGROUND} == BACKGROUND
