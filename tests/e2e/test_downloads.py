"""Every download opens in the program that it is for."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kmeans_core import DATASETS, RunConfig, load_trace, run
from kmeans_core.arrays import Points
from tests.e2e.player_page import PlayerPage, box_of, open_downloads
from tests.message_patterns import message_pattern
from tests.support import NewPage
from ui.charts.palette import CLUSTER_COLORS
from ui.settings.built_in_tables import built_in
from ui.settings.links import decode
from ui.settings.points import of_table
from ui.text.file_names import file_stem
from ui.text.messages import message

LINK = {"data": "penguins", "k": "3", "standardize": "yes"}


@pytest.fixture(scope="module")
def penguins() -> Points:
    return of_table(decode(LINK)[0], built_in("penguins")).points


def download_file(page: Page, name: str | re.Pattern[str], folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_table_run_notebook_worksheet_and_gif(
    page: Page, server: str, penguins: Points, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PlayerPage(page, server).open(**LINK)
    open_downloads(page)
    trace = run(penguins, RunConfig(k=3, init="random"))

    table = pd.read_parquet(download_file(page, message("downloads.parquet"), tmp_path))
    np.testing.assert_array_equal(table["cluster"].dropna(), trace.labels + 1)
    for kind in ("json", "npz"):
        copy = load_trace(download_file(page, message("downloads.run", form=kind), tmp_path))
        assert len(copy) == len(trace)
        np.testing.assert_array_equal(copy.labels, trace.labels)
        np.testing.assert_array_equal(copy.centers, trace.centers)

    path = download_file(page, message("downloads.notebook"), tmp_path)
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(book)  # Jupyter runs such a book in tests/ui/export/test_notebook.py
    assert "penguins" in "".join(cell.source for cell in book.cells)

    sheet = download_file(page, message("downloads.paper", kind="worksheet"), tmp_path).read_text(encoding="utf-8")
    assert message("tables.penguins_title") in sheet
    assert "data=penguins" in sheet

    page.get_by_role("button", name=message("downloads.make_gif")).click()
    with Image.open(download_file(page, message_pattern("downloads.gif"), tmp_path)) as movie:
        assert movie.format == "GIF"
        assert sum(1 for _ in ImageSequence.Iterator(movie)) > len(trace)
        assert movie.info["loop"] == 0


SVG = "{http://www.w3.org/2000/svg}"
# All that this app needs of SVG 1.1; more, or else, and some program draws the file without it.
PLAIN_SVG = {
    "svg": {"version", "width", "height", "viewBox"},
    "title": set(),
    "g": {"opacity", "fill", "fill-opacity", "stroke", "stroke-width", "clip-path", "transform"},
    "clipPath": {"id"},
    "image": {"width", "height", "{http://www.w3.org/1999/xlink}href"},
}
STYLES = {"opacity", "fill", "fill-opacity", "transform"}
STYLES |= {f"stroke{suffix}" for suffix in ("", "-opacity", "-width", "-dasharray", "-linecap", "-linejoin")}
PLAIN_SVG |= {
    "rect": STYLES | {"x", "y", "width", "height"},
    "path": STYLES | {"d"},
    "line": STYLES | {"x1", "y1", "x2", "y2"},
    "circle": STYLES | {"cx", "cy", "r"},
    "text": STYLES | {"x", "y", "font-family", "font-size", "font-weight", "text-anchor"},
}
COLOR = re.compile(r"#[0-9a-fA-F]{6}|none")


def assert_plain_svg(svg: ET.Element, *, images: int = 0) -> None:
    """Hold a drawing to SVG 1.1 without style sheets, ems, newer colors and drawings within it."""
    for shape in svg.iter():
        name = shape.tag.removeprefix(SVG)
        assert shape.attrib.keys() <= PLAIN_SVG[name], shape.attrib
        assert all(COLOR.fullmatch(shape.attrib.get(paint, "none")) for paint in ("fill", "stroke")), shape.attrib
    assert len([*svg.iter(f"{SVG}image")]) == images
    ids = [shape.attrib["id"] for shape in svg.iter() if "id" in shape.attrib]
    assert len(ids) == len(set(ids))
    clip_paths = {shape.attrib["clip-path"] for shape in svg.iter() if "clip-path" in shape.attrib}
    assert clip_paths <= {f"url(#{name})" for name in ids}


def shapes_by_color(svg: ET.Element) -> dict[str, int]:
    """Count the points of each color; each is a path of its own that is put in its place."""
    (points,) = [layer for layer in svg if layer.find(f"{SVG}clipPath[@id='km-points']") is not None]
    groups = [group for group in points.iter(f"{SVG}g") if "fill" in group.attrib]
    assert all(shape.attrib.keys() == {"transform", "d"} for group in groups for shape in group)
    return {group.attrib["fill"]: len(group) for group in groups}


def assert_looks_like(browser: Browser, file: Path, screenshot: NDArray[np.int16]) -> None:
    """Open a drawing as a picture of a page without scripts: it shows what the screen showed."""
    (page_file := file.with_suffix(".html")).write_text(f'<body style="margin:0"><img src="{file.name}">')
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    shot = page.locator("img").screenshot()
    context.close()
    rendering = np.asarray(Image.open(BytesIO(shot)).convert("RGB"), dtype=np.int16)
    assert abs(rendering.shape[0] - screenshot.shape[0]) <= 1 and abs(rendering.shape[1] - screenshot.shape[1]) <= 1
    height, width = np.minimum(rendering.shape, screenshot.shape)[:2]
    rendering, screenshot = rendering[:height, :width], screenshot[:height, :width]
    for color in CLUSTER_COLORS[:3]:
        matches = [
            (abs(pixels - [int(color[i : i + 2], 16) for i in (1, 3, 5)]).max(axis=2) < 80)
            for pixels in (rendering, screenshot)
        ]
        assert matches[0].sum() > 250
        assert matches[0].sum() == pytest.approx(matches[1].sum(), rel=0.2)
    assert (
        abs(rendering - screenshot).max(axis=2) > 90
    ).mean() < 0.015  # of letters, whose font a picture may not load


def test_the_picture_is_downloaded_as_it_is_shown(
    new_page: NewPage, server: str, browser: Browser, tmp_path: Path
) -> None:
    player = PlayerPage(new_page(), server).open(data="blobs", points=60, blobs=3, k=3, step=2)
    size, sizes, screenshot = box_of(player.root.locator(".km-stage")), player.sizes, player.picture()
    player.press("share")
    file = download_file(player.page, message("share.file", kind="svg"), tmp_path)
    assert file.stem == file_stem(DATASETS["blobs"].title, 3)
    svg = ET.parse(file).getroot()
    assert float(svg.attrib["width"]) == pytest.approx(size["width"], abs=1)
    assert_plain_svg(svg)
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert texts[-3:] == ["1", "2", "3"], "the centers, with their numbers, after those of the axes"
    assert len(texts) > 8
    assert shapes_by_color(svg) == dict(zip(CLUSTER_COLORS, map(int, sizes), strict=False))
    assert_looks_like(browser, file, screenshot)
    with Image.open(download_file(player.page, message("share.file", kind="png"), tmp_path)) as png:
        assert png.width == pytest.approx(2 * size["width"], abs=2)
        colors = set(map(tuple, np.unique(np.asarray(png.convert("RGB")).reshape(-1, 3), axis=0).tolist()))
    for color in CLUSTER_COLORS[:3]:
        assert tuple(int(color[i : i + 2], 16) for i in (1, 3, 5)) in colors


def test_the_player_plays_with_the_network_off(
    new_page: NewPage, server: str, browser: Browser, tmp_path: Path
) -> None:
    link = {"data": "blobs", "points": "80", "k": "4", "title": "<b>Four</b>", "question": "Where & why?"}
    player = PlayerPage(new_page(color_scheme="dark"), server).open(**link, step=3)
    steps, sentence = player.last, player.sentence
    player.press("share")
    file = download_file(player.page, message("share.file", kind="page"), tmp_path)
    assert file.stat().st_size < 4_000_000

    context = browser.new_context(offline=True, reduced_motion="reduce")
    offline, errors = open_offline(context, file)
    page = offline.page
    offline.ready(3)
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>Four</b>")
    expect(page.get_by_text("Where & why?")).to_be_visible()
    assert offline.sentence == sentence
    assert offline.has("theme") == "dark"
    assert offline.last == steps
    offline.press("next")
    offline.ready(4)
    page.keyboard.press("End")
    offline.ready(steps)
    offline.press("first")
    offline.ready(0)
    offline.set_speed("4")
    offline.press("play")
    offline.ready(steps)
    expect(offline.root.locator(".km-edit-tools")).to_be_hidden()
    expect(page.get_by_role("link", name=message("standalone.open"))).to_have_attribute(
        "href", re.compile("data=blobs")
    )
    offline.press_every_key()
    assert not errors
    context.close()


def open_offline(context: BrowserContext, file: Path) -> tuple[PlayerPage, list[str]]:
    """Open a saved page; the list fills with its errors, and with what it asks of any server."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: errors.append(request.url) if re.match("https?:", request.url) else None)
    page.goto(file.as_uri())
    return PlayerPage(page, ""), errors


def test_an_offline_page_has_no_dead_control_and_asks_for_predictions_if_a_teacher_chose_that(
    new_page: NewPage, server: str, browser: Browser, tmp_path: Path
) -> None:
    columns = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"
    player = PlayerPage(new_page(), server).open(data="iris", columns=columns, k=3)
    player.press("share")
    player.page.get_by_text(message("share.for_teachers")).click()
    player.page.get_by_label(message("share.predict")).check()
    file = download_file(player.page, message("share.file", kind="page"), tmp_path)
    context = browser.new_context(offline=True, reduced_motion="reduce")
    offline, errors = open_offline(context, file)
    offline.states(ready="true", predict="true")
    for selector in ('[data-layer="cells"]', '[data-action="share"]', ".km-edit-tools button", ".km-notes button"):
        expect(offline.root.locator(f"{selector} >> visible=true")).to_have_count(0)
    # Each of those that are there does what it says.
    trail, tab = offline.root.locator(".km-trail line"), offline.tab("code")
    expect(offline.root.get_by_label(message("cost.second"))).to_be_disabled()
    offline.press("next")
    expect(offline.root).to_have_attribute("data-asking", re.compile("."))
    offline.page.keyboard.press("Escape")
    offline.ready(1)
    offline.root.get_by_role("button", name=message("predict.predict"), exact=True).click()
    offline.root.get_by_label(message("cost.second")).select_option(index=1)
    expect(offline.root.locator(".km-second-cost-note")).to_be_visible()
    offline.press("next")
    offline.ready(2)
    expect(trail).not_to_have_count(0)
    offline.layer("trails").uncheck()
    expect(trail).to_have_count(0)
    tab.click()
    expect(offline.root.get_by_role("tabpanel", name=message("panel.code"))).to_contain_text("def ")
    offline.root.locator(".km-point-search input").fill("7")
    offline.root.get_by_role("button", name=message("inspector.look"), exact=True).click()
    expect(offline.root.locator(".km-inspector-answer h2")).to_contain_text(" 7 ")
    assert not errors
    context.close()


def test_a_gif_can_be_stopped(page: Page, server: str) -> None:
    PlayerPage(page, server).open(data="blobs", points=20000, blobs=12, separation=2, k=12, max_iter=60)
    open_downloads(page)
    page.get_by_role("button", name=message("downloads.make_gif")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name=message("downloads.stop")).click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_role("button", name=message("downloads.make_gif"))).to_be_visible()


def test_a_run_with_dragged_centers_has_no_notebook(page: Page, server: str) -> None:
    player = PlayerPage(page, server).open(data="blobs", points=40, k=2, edits="m2_0_1_1")
    open_downloads(page)
    expect(page.get_by_text(message("downloads.no_notebook"))).to_be_visible()
    expect(page.get_by_role("button", name=message("downloads.notebook"))).to_have_count(0)
    assert player.last > 2
