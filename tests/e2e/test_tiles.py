"""More points than can be drawn one by one, in a real browser."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from kmeans_core import RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import whole
from tests.e2e.player_page import PlayerPage, box_of, words
from tests.e2e.test_player import listen, rgb
from tests.message_patterns import message_pattern
from tests.support import NewPage, visit
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS
from ui.text.messages import message
from ui.text.step_sentences import step_name, step_sentence

LINK: dict[str, Any] = {"data": "blobs", "blobs": 5, "points": 1_000_000, "k": 5, "max_iter": 3}
TILES = message_pattern("player.drawn_as_tiles")


@pytest.fixture(scope="module")
def million() -> Points:
    return make_dataset("blobs", blobs=5, points=1_000_000)[0]


@pytest.fixture(scope="module")
def run_on_a_million(million: Points) -> Trace:
    return run(million, RunConfig(k=5, init="random", max_iter=3))


def sizes_of(trace: Trace, step: int) -> list[str]:
    labels = trace[step].labels
    assert labels is not None
    return [whole(int(size)) for size in np.bincount(labels, minlength=trace.config.k)]


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers in a text, which may hold commas."""
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def share_like(picture: NDArray[np.int16], color: str, offset: int = 60) -> float:
    return float((np.abs(picture - rgb(color)).max(axis=2) <= offset).mean())


def test_a_million_points_are_played_and_counted_exactly(fresh_player: PlayerPage, run_on_a_million: Trace) -> None:
    trace, (_, received_sizes) = run_on_a_million, listen(fresh_player.page)
    player = fresh_player.open(**LINK)
    assert sum(received_sizes) < 3_000_000
    expect(player.root.locator(".km-drawing-note")).to_have_text(TILES)
    expect(player.root.locator(".km-stage")).to_have_attribute("aria-label", message_pattern("player.picture_of_tiles"))
    before = player.picture()
    player.press("next")
    player.ready(1)
    assert (player.sizes, words(player.sentence)) == (sizes_of(trace, 1), words(step_sentence(trace, 1)))
    picture = player.picture()
    assert (np.abs(picture - before).max(axis=2) > 50).mean() > 0.1
    assert min(share_like(picture, color) for color in CLUSTER_COLORS[:5]) > 0.005
    player.go(3)
    assert player.sizes == sizes_of(trace, 3)
    badge = player.root.locator(".km-reassigned")
    assert words(badge.inner_text()) == words(message("inspector.reassigned", count=trace[3].reassigned))
    count = len(received_sizes)
    player.set_speed("4")
    player.press("play")
    player.ready(player.last)
    assert player.sizes == sizes_of(trace, player.last)
    assert len(received_sizes) == count, "playing asks the server for nothing"


def test_a_tile_and_a_center_say_why(player: PlayerPage, million: Points, run_on_a_million: Trace) -> None:
    player.open(**LINK, step=3)
    answer = player.root.locator(".km-inspector-answer")
    player.root.locator(".km-reassigned").click()
    entry = answer.locator(".km-list button").first
    _, count, *_ = numbers_in(entry.inner_text())
    entry.click()
    heading = words(answer.locator("h2").inner_text())
    (size,) = numbers_in(heading)
    assert message("inspector.tile", count=size) in heading
    assert size >= count
    last = message("inspector.tile_last_switch", count=count, index=3, step=step_name(run_on_a_million[3]))
    assert words(last) in words(answer.inner_text())
    assert player.link["look"].startswith("t")
    expect(player.root.locator(".km-ring")).to_be_visible()
    player.open_again(3)
    assert words(answer.locator("h2").inner_text()) == heading
    player.root.locator('.km-center[data-cluster="2"]').click()
    expect(answer.locator("h2")).to_contain_text(message("inspector.center", center="centroid", cluster=2))
    trace = run_on_a_million[3]
    assert trace.labels is not None
    costs = np.square(million - trace.centers[trace.labels]).sum(axis=1)
    share = float(costs[trace.labels == 1].sum() / costs.sum())
    size = int((trace.labels == 1).sum())
    assert words(message("inspector.size_about", count=size, share=share)) in words(answer.inner_text())
    player.go(1)
    expect_only_centers_can_be_dragged(player)


def expect_only_centers_can_be_dragged(player: PlayerPage) -> None:
    expect(player.root.get_by_role("button", name=message("edits.tool", name="undo"))).to_be_visible()
    for pen in ("edit", "add", "erase", "shift"):
        expect(player.root.get_by_role("button", name=message("edits.tool", name=pen))).to_have_count(0)
    name = player.has("run")
    box = box_of(player.root.locator('.km-center[data-cluster="1"]'))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 60, y, steps=3)
    player.page.mouse.up()
    player.after(name)
    assert player.step == 2, "at the edit, not at the assign after it"
    assert "m1_0_" in player.link["edits"]


def test_tiles_grow_with_the_view(player: PlayerPage, run_on_a_million: Trace) -> None:
    player.open(**LINK, step=1)
    player.root.locator(".km-stage").hover()
    median_width = """() => {
      const canvas = document.querySelector(".km-point-canvas");
      const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      const runs = [];
      for (let row = 0; row < height; row += 7) {
        let length = 0;
        for (let at = row * width; at < (row + 1) * width; at++) {
          if (pixels[at] && pixels[at] === pixels[at - 1]) length++;
          else if (pixels[at - 1]) runs.push(length + 1), (length = 0);
        }
      }
      return runs.sort((a, b) => a - b)[Math.floor(runs.length / 2)];
    }"""
    before = player.page.evaluate(median_width)
    zoom = player.root.locator('.km-plot .modebar-btn[data-val="in"]')
    for _ in range(2):
        zoom.click()
    player.page.wait_for_function(f"before => ({median_width})() >= 3 * before", arg=before)
    # Where a blob is dense there is a tile under every click, be it far from the tile's middle.
    x, y = run_on_a_million.centers[1].tolist()
    player.page.evaluate(
        """([x, y]) => Plotly.relayout(document.querySelector(".km-plot"), {
          "xaxis.range": [x - 0.3, x + 0.3], "yaxis.range": [y - 0.3, y + 0.3],
        })""",
        [x, y],
    )
    box = box_of(player.root.locator(".km-stage"))
    answer = player.root.locator(".km-inspector-answer")
    for offset in (60, 83, 101, 124):
        player.page.mouse.click(box["x"] + box["width"] / 2 + offset, box["y"] + box["height"] / 2 + offset)
        expect(answer).to_contain_text(message_pattern("inspector.tile"))
        answer.get_by_role("button", name=message("inspector.close")).click()


def test_on_a_phone_the_picture_and_its_note_fit(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(390, 844), touch=True, color_scheme="dark")
    player = PlayerPage(page, server).open(**LINK, step=1)
    for part in (".km-stage", ".km-drawing-note", ".km-next"):
        expect(player.root.locator(part)).to_be_in_viewport(ratio=1)
    picture = player.picture()
    # The fullest tile has its cluster's own color; the emptiest can still be told from the background.
    assert max(share_like(picture, color, 4) for color in CLUSTER_COLORS[:5]) > 0
    assert share_like(picture, BACKGROUND["dark"], 4) < 0.9


def test_runs_side_by_side_are_drawn_as_tiles(new_page: NewPage, server: str, run_on_a_million: Trace) -> None:
    page = new_page()
    visit(page, f"{server}/compare?{urlencode(LINK | {'ways': 'seed:1|k:4|rule:median'})}")
    root = page.get_by_test_id("kmeans-compare")
    expect(root).to_have_attribute("data-ready", "true")
    expect(root.locator(".km-drawing-note")).to_have_text(TILES)
    root.locator('[data-action="next"]').click()
    expect(root).to_have_attribute("data-step", "1")
    sentence = words(root.locator(".kc-sentence").first.inner_text())
    assert sentence == words(step_sentence(run_on_a_million, 1))


def test_predicting_asks_about_exact_numbers(player: PlayerPage, run_on_a_million: Trace) -> None:
    player.open(**LINK, step=2, mode="predict", look="p17")
    expect(player.root.locator(".km-inspector-answer")).to_contain_text(
        message("inspector.hint", kind="tile", touch=False)
    )
    expect(player.root.locator(".km-ring")).to_be_hidden()  # a point of a link is no tile
    player.press("next")
    player.states(asking="reassigned")
    player.root.get_by_label(message("predict.points"), exact=True).fill("1000")
    player.root.get_by_role("button", name=message("predict.answer")).click()
    player.ready(3)
    result = message_pattern("predict.count_result", guess="1,000", truth=whole(run_on_a_million[3].reassigned))
    expect(player.root.locator(".km-result")).to_contain_text(result)


def test_k_and_the_number_of_points_can_change_back_and_forth(player: PlayerPage) -> None:
    player.open(**LINK | {"points": 100_001}, step=1)
    note = player.root.locator(".km-drawing-note")
    for key in ("ArrowLeft", "ArrowRight"):  # each run has other groups
        player.change_k(key)
        expect(note).to_have_text(TILES)
    for points, are_tiles in (("100000", False), ("100001", True), ("500", False)):
        name = player.has("run")
        field = player.page.get_by_role("spinbutton", name=message("settings.size_points"), exact=True)
        field.fill(points)
        field.press("Enter")
        player.after(name)
        expect(note).to_be_visible(visible=are_tiles)
        pen = player.root.get_by_role("button", name=message("edits.tool", name="edit"))
        expect(pen).to_have_count(0 if are_tiles else 1)
