"""Clusters can be told apart: against the page, and by people who see fewer colors."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tools import color_vision
from tools.color_vision import ciede2000, oklab
from tools.palette_search import FIRST, NAMES, smallest_difference
from tools.paths import ROOT
from ui.analyses.compare.variants import MAX_RUNS
from ui.charts.palette import (
    BACKGROUND,
    CLUSTER_COLOR_NAMES,
    CLUSTER_COLORS,
    CLUSTER_SYMBOLS,
    MAX_K,
    PALETTE_FILE,
    PHASE_COLORS,
    UNASSIGNED,
    ThemeName,
    rgb,
    text_color_on,
)
from ui.charts.thumbnails import clusters_in_words
from ui.text.messages import message

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


def contrast(first: str, second: str) -> float:
    """Contrast ratio of the Web Content Accessibility Guidelines."""
    dark, light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (first, second))
    return (light + 0.05) / (dark + 0.05)


def perceived(color: str, vision: str) -> NDArray[np.float64]:
    """The color in OKLab as somebody with that vision sees it."""
    cones: NDArray[np.float64] = TO_LMS @ np.clip(VISION[vision] @ linear(color), 0, 1)
    return np.asarray(TO_LAB @ np.cbrt(cones))


@pytest.mark.parametrize("theme", BACKGROUND)
def test_every_cluster_stands_out_from_the_page(theme: ThemeName) -> None:
    # What the guidelines ask of graphical objects (1.4.11).
    assert min(contrast(color, BACKGROUND[theme]) for color in CLUSTER_COLORS) >= 3


def mixed(color: str, share: float, ground: str) -> str:
    """``color`` laid over ``ground`` with this opacity, as ``#RRGGBB``; browsers mix it without linear light."""
    pairs = zip(rgb(color), rgb(ground), strict=True)
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02X}" for over, under in pairs)


def declared(style: str, selector: str, name: str) -> str:
    """The value of a property in the rule of a selector."""
    rule = style[style.index(f"\n{selector} {{") :].partition("}")[0]
    return next(line.partition(":")[2].strip(" ;") for line in rule.splitlines() if line.strip().startswith(f"{name}:"))


@pytest.mark.parametrize("theme", BACKGROUND)
def test_the_ring_of_a_focused_center_is_seen_on_every_color(theme: ThemeName) -> None:
    style = (ROOT / "ui/player/web/picture.css").read_text(encoding="utf-8")
    themes = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    tones = {"--st-text-color": themes[theme]["textColor"], "--st-background-color": BACKGROUND[theme]}
    outer, inner = (
        tones[re.sub(r".*var\((.+?)\).*", r"\1", declared(style, f".km-center:focus-visible{part}", name))]
        for part, name in (("", "outline"), (" path:first-child", "stroke"))
    )
    tint, cell = (
        re.search(r"(\d+)%", declared(style, ".km-stage", "background")),
        declared(style, ".km-cell", "opacity"),
    )
    assert tint
    canvas = mixed(tones["--st-text-color"], int(tint[1]) / 100, BACKGROUND[theme])
    assert contrast(outer, inner) >= 3
    for color in CLUSTER_COLORS:
        for ground in (canvas, mixed(color, float(cell), canvas)):
            assert contrast(inner, color) >= 3, "the tone beside the center differs from it"
            assert contrast(outer, ground) >= 3, "the tone beside the canvas differs from it, and from every cell"
        assert max(contrast(outer, color), contrast(inner, color)) >= 3, "and one of both from each point below"


def test_a_number_on_a_cluster_can_be_read() -> None:
    assert min(contrast(color, text_color_on(color)) for color in CLUSTER_COLORS) >= 4.5


# 0.02 is about a just noticeable difference in OKLab.
@pytest.mark.parametrize(
    ("vision", "least", "least_of_first"),
    [("normal", 0.08, 0.15), ("protanopia", 0.05, 0.1), ("deuteranopia", 0.05, 0.06), ("tritanopia", 0.06, 0.08)],
)
def test_no_two_clusters_look_the_same(vision: str, least: float, least_of_first: float) -> None:
    gaps = {
        (first, second): float(np.linalg.norm(perceived(first, vision) - perceived(second, vision)))
        for first, second in combinations(CLUSTER_COLORS, 2)
    }
    assert min(gaps.values()) > least
    assert min(gaps[pair] for pair in combinations(CLUSTER_COLORS[:FIRST], 2)) > least_of_first


# 2 is about a just noticeable difference in CIEDE2000.
@pytest.mark.parametrize(
    ("vision", "least", "least_of_first"),
    [("normal", 12.5, 22), ("protanopia", 8, 14), ("deuteranopia", 8, 17), ("tritanopia", 8, 14)],
)
def test_clusters_differ_as_much_as_was_found(vision: str, least: float, least_of_first: float) -> None:
    assert smallest_difference(CLUSTER_COLORS, vision) > least
    assert smallest_difference(CLUSTER_COLORS[:FIRST], vision) > least_of_first


@pytest.mark.parametrize("pair", json.loads((ROOT / "tests/vectors/ciede2000.json").read_text()))
def test_the_color_difference_is_the_published_one(pair: dict[str, Any]) -> None:
    # Table 1 of Sharma, Wu, Dalal 2005.
    first, second = np.array(pair["one"]), np.array(pair["other"])
    assert ciede2000(first, second) == pytest.approx(pair["difference"], abs=1e-4)
    assert ciede2000(second, first) == pytest.approx(pair["difference"], abs=1e-4)


@pytest.mark.parametrize("vision", VISION)
def test_the_simulations_agree(vision: str) -> None:
    colors = np.array([linear(color) for color in CLUSTER_COLORS])
    np.testing.assert_allclose(
        oklab(color_vision.simulate(colors, vision)), [perceived(c, vision) for c in CLUSTER_COLORS]
    )


@pytest.mark.parametrize("theme", BACKGROUND)
def test_an_accent_is_no_cluster(theme: ThemeName) -> None:
    accents = [colors[theme] for colors in PHASE_COLORS.values()]
    for accent in accents:
        assert contrast(accent, BACKGROUND[theme]) >= 4.5, "it is also the color of text"
        assert contrast(accent, text_color_on(accent)) >= 4.5
        for vision in VISION:
            rivals = [*CLUSTER_COLORS, UNASSIGNED[theme], *(other for other in accents if other != accent)]
            assert min(smallest_difference((accent, other), vision) for other in rivals) > 8


def test_every_cluster_has_a_color_and_a_shape_of_its_own() -> None:
    for looks in (CLUSTER_COLORS, CLUSTER_COLOR_NAMES, CLUSTER_SYMBOLS):
        assert len(set(looks)) == MAX_K == 12


def test_every_color_fits_its_name() -> None:
    assert tuple(NAMES) == CLUSTER_COLOR_NAMES
    chroma, hue = color_vision.oklch(np.array([linear(color) for color in CLUSTER_COLORS]))
    for name, its_chroma, its_hue in zip(NAMES.values(), chroma, hue, strict=True):
        assert name.chroma[0] <= its_chroma <= name.chroma[1]
        assert (its_hue - name.hue[0]) % 360 <= name.hue[1] - name.hue[0]


def test_the_messages_call_colors_by_their_names() -> None:
    shapes = set()
    for color, symbol in zip(CLUSTER_COLOR_NAMES, CLUSTER_SYMBOLS, strict=True):
        look = message("clusters.look", color=color, shape=symbol, count=2)
        assert look.startswith(f"{color} ")
        shapes.add(look.removeprefix(f"{color} "))
    assert len(shapes) == MAX_K
    assert "dots" not in shapes, "a symbol without a word"


def test_a_thumbnail_is_told_in_the_order_of_its_numbers() -> None:
    assert (
        clusters_in_words({2: 1, 0: 1200})
        == "1,200 points in cluster 1 (blue dots) and 1 point in cluster 3 (green dot)"
    )


@pytest.mark.parametrize("theme", BACKGROUND)
def test_lines_of_compared_runs_can_be_read_on_their_page(theme: ThemeName) -> None:
    colors = json.loads(PALETTE_FILE.read_text())["runs"]
    assert len(colors) == MAX_RUNS
    assert min(contrast(color[theme], BACKGROUND[theme]) for color in colors) >= 4.5, "their numbers have it, too"


@pytest.mark.parametrize("vector", json.loads((ROOT / "tests/vectors/text_colors.json").read_text()))
def test_text_has_the_more_contrast_of_black_and_white(vector: dict[str, str]) -> None:
    inks = {"black": "#000000", "white": "#FFFFFF"}
    assert text_color_on(vector["color"]) == inks[vector["text"]]
    other_ink = next(color for name, color in inks.items() if name != vector["text"])
    assert contrast(vector["color"], inks[vector["text"]]) >= contrast(vector["color"], other_ink) - 0.02


def test_background_is_that_of_the_page() -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    assert {name: theme[name]["backgroundColor"].upper() for name in BACKGROUND} == BACKGROUND
