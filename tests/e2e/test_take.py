"""Every file that is taken away opens in its own real program."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Browser, Page, expect

from kmeans_core import DATASETS, RunConfig, load_trace, run
from kmeans_core.types import Points
from tests.e2e.player_page import PlayerPage, box_of, open_taking
from tests.support import NewPage
from ui.built_in import built_in
from ui.data import of_table
from ui.palette import CLUSTER_COLORS
from ui.settings import decode
from ui.takeaway import file_stem

LINK = {"data": "penguins", "k": "3", "standardize": "yes"}


@pytest.fixture(scope="module")
def penguins() -> Points:
    return of_table(decode(LINK)[0], built_in("penguins")).points


def saved(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_table_run_notebook_sheet_and_movie(
    page: Page, server: str, penguins: Points, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PlayerPage(page, server).open(**LINK)
    open_taking(page)
    trace = run(penguins, RunConfig(k=3))

    table = pd.read_parquet(saved(page, "Table as Parquet", tmp_path))
    np.testing.assert_array_equal(table["cluster"].dropna(), trace.labels + 1)
    for kind in ("JSON", "NPZ"):
        again = load_trace(saved(page, f"Run as {kind}", tmp_path))
        assert len(again) == len(trace)
        np.testing.assert_array_equal(again.labels, trace.labels)
        np.testing.assert_array_equal(again.centers, trace.centers)

    path = saved(page, "Jupyter notebook", tmp_path)
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(book)  # Jupyter runs such a book in tests/ui/test_notebook.py
    assert "penguins" in "".join(cell.source for cell in book.cells)

    sheet = saved(page, "Lesson sheet to print", tmp_path).read_text(encoding="utf-8")
    assert "Palmer penguins" in sheet
    assert "data=penguins" in sheet

    page.get_by_role("button", name="Make an animated GIF").click()
    with Image.open(saved(page, "Download the GIF", tmp_path)) as movie:
        assert movie.format == "GIF"
        assert sum(1 for _ in ImageSequence.Iterator(movie)) > len(trace)
        assert movie.info["loop"] == 0


def test_the_picture_as_it_is_now(new_page: NewPage, server: str, tmp_path: Path) -> None:
    player = PlayerPage(new_page(), server).open(data="blobs", points=60, blobs=3, k=3, step=2)
    size = box_of(player.root.locator(".km-stage"))
    player.press("share")
    file = saved(player.page, "Picture as SVG", tmp_path)
    assert file.stem == file_stem(DATASETS["blobs"].title, 3)
    svg = ET.parse(file).getroot()
    assert float(svg.attrib["width"]) == pytest.approx(size["width"], abs=1)
    texts = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["1", "2", "3"], "the centers, with their numbers"
    with Image.open(saved(player.page, "Picture as PNG", tmp_path)) as png:
        assert png.width == pytest.approx(2 * size["width"], abs=2)
        colors = set(map(tuple, np.unique(np.asarray(png.convert("RGB")).reshape(-1, 3), axis=0).tolist()))
    for color in CLUSTER_COLORS["light"][:3]:
        assert tuple(int(color[i : i + 2], 16) for i in (1, 3, 5)) in colors


def test_the_player_plays_with_the_network_off(
    new_page: NewPage, server: str, browser: Browser, tmp_path: Path
) -> None:
    player = PlayerPage(new_page(color_scheme="dark"), server).open(data="blobs", points=80, k=4, step=3)
    steps, sentence = player.last, player.sentence
    player.press("share")
    file = saved(player.page, "Player that works offline", tmp_path)
    assert file.stat().st_size < 4_000_000

    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: errors.append(request.url) if re.match("https?:", request.url) else None)
    page.goto(file.as_uri())
    offline = PlayerPage(page, "")
    offline.ready(3)
    assert offline.sentence == sentence
    assert offline.has("theme") == "dark"
    assert offline.last == steps
    offline.press("next")
    offline.ready(4)
    page.keyboard.press("End")
    offline.ready(steps)
    offline.press("first")
    offline.ready(0)
    offline.root.get_by_label("Speed").select_option("4")
    offline.press("play")
    offline.ready(steps)
    expect(offline.root.locator(".km-hand")).to_be_hidden()
    expect(page.get_by_role("link", name="Open this run")).to_have_attribute("href", re.compile("data=blobs"))
    assert not errors
    context.close()


def test_a_movie_can_be_stopped(page: Page, server: str) -> None:
    PlayerPage(page, server).open(data="blobs", points=20000, blobs=12, separation=2, k=12, iterations=60)
    open_taking(page)
    page.get_by_role("button", name="Make an animated GIF").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_role("button", name="Make an animated GIF")).to_be_visible()


def test_a_run_that_a_hand_led_has_no_notebook(page: Page, server: str) -> None:
    player = PlayerPage(page, server).open(data="blobs", points=40, k=2, edits="m2_0_1_1")
    open_taking(page)
    expect(page.get_by_text("no notebook can follow them")).to_be_visible()
    expect(page.get_by_role("button", name="Jupyter notebook")).to_have_count(0)
    assert player.last > 2
