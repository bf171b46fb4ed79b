"""Drawings that are too long for a link: they survive in the browser and in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage
from ui.settings.edit_links import encode_edits
from ui.settings.edits import MAX_EDITS, Add
from ui.text.messages import message

DRAWN = MAX_EDITS - 1
"""As many points as bring a drawing to the brim of a link: two more do not fit."""


def full_link(**link: str) -> dict[str, str]:
    """The link of a drawing that is nearly too long for one."""
    places = [(round(0.1 + 0.9 * (i % 15), 3), round(0.1 + 2.5 * (i // 15), 3)) for i in range(DRAWN)]
    return {"data": "uniform", "points": "60", "k": "4", "edits": encode_edits([Add(place) for place in places])} | link


def draw_two_more(player: PlayerPage) -> None:
    """Draw with the pen until the drawing is longer than a link."""
    before = player.has("run")
    player.root.locator('[data-tool="add"]').click()
    box = box_of(player.root.locator(".km-stage"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 60, y, steps=10)
    player.page.mouse.up()
    player.after(before)
    player.root.locator('[data-tool="add"]').click()


@pytest.fixture
def drawn(player: PlayerPage) -> PlayerPage:
    player.open("/", **full_link())
    draw_two_more(player)
    player.go(3)
    return player


def saved(player: PlayerPage, folder: Path) -> Path:
    with player.page.expect_download() as download:
        player.root.locator(".km-too-long").get_by_role("button", name="Save as a file").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def choose(page: Page, button: str, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(path)


def test_the_page_says_when_a_link_is_full_and_a_reload_and_back_find_everything(player: PlayerPage) -> None:
    player.open("/", **full_link())
    full = player.has("run")
    draw_two_more(player)
    note, stage = box_of(player.root.locator(".km-too-long")), box_of(player.root.locator(".km-stage"))
    assert stage["y"] + stage["height"] <= note["y"], "it hides no points"
    expect(player.root.locator(".km-scrub")).to_be_in_viewport(ratio=1)
    player.go(3)
    assert player.link["edits"].startswith("file-")
    drawn, sizes = player.has("run"), player.sizes
    player.page.reload()
    player.states(run=drawn, step="3", ready="true")
    assert player.sizes == sizes
    player.page.go_back()
    assert player.after(drawn) == full
    player.page.go_forward()
    assert player.after(full) == drawn, "and not the run without what the link only names"


def test_a_file_opens_on_a_fresh_server_in_a_fresh_browser(
    drawn: PlayerPage, elsewhere: PlayerPage, tmp_path: Path
) -> None:
    path = saved(drawn, tmp_path)
    drawn.press("share")
    dialog = drawn.page.get_by_role("dialog", name="Share")
    expect(dialog).to_contain_text("it only names them")
    link = dialog.get_by_label("The link of what is on the screen").input_value()

    other = elsewhere
    # The link alone says what it lacks, and the file brings it.
    other.page.goto(other.server + link.removeprefix(drawn.server))
    other.ready()
    without = other.has("run")
    expect(other.root.locator(".km-missing")).to_be_visible()
    other.press("share")
    expect(other.page.get_by_role("dialog").get_by_role("button", name="Save as a file")).to_be_disabled()
    other.page.keyboard.press("Escape")
    choose(other.page, "Open the file…", path)
    assert other.after(without) == drawn.has("run")
    assert (other.step, other.sizes) == (3, drawn.sizes)
    expect(other.root.locator(".km-missing")).to_be_hidden()


def test_the_file_alone_is_enough(drawn: PlayerPage, new_page: NewPage, tmp_path: Path) -> None:
    drawn.press("share")
    with drawn.page.expect_download() as download:
        drawn.page.get_by_role("dialog").get_by_role("button", name="Save as a file").click()
    download.value.save_as(path := tmp_path / "alone.json")
    other = PlayerPage(new_page(color_scheme="dark"), drawn.server).open(data="rings", title="Elsewhere")
    other.press("share")
    choose(other.page, "Open a file…", path)
    other.states(run=drawn.has("run"), step="3", ready="true")
    assert (other.link["data"], other.link.get("title")) == ("uniform", None)


def test_a_setting_changed_while_the_file_is_missing_does_not_lose_it(
    drawn: PlayerPage, new_page: NewPage, tmp_path: Path
) -> None:
    path, name = saved(drawn, tmp_path), drawn.link["edits"]
    other = PlayerPage(new_page(color_scheme="dark"), drawn.server).open("/", **full_link(edits=name))
    run = other.has("run")
    other.page.get_by_role("slider", name="Number of clusters K").focus()
    other.page.keyboard.press("ArrowRight")
    run = other.after(run)
    assert (other.link["k"], other.link["edits"]) == ("5", name)
    choose(other.page, "Open the file…", path)
    other.after(run)
    assert sum(int(size) for size in other.sizes if size.isdigit()) in (0, 60 + DRAWN + 7, 60 + DRAWN + 6)


def test_another_file_is_refused_in_a_sentence(player: PlayerPage, tmp_path: Path) -> None:
    # Every kind of file that is refused is tested in tests/web/edits.test.js.
    path = tmp_path / "other.json"
    player.open(k=5)
    player.press("share")
    status = player.page.get_by_role("dialog", name="Share").locator(".km-share-text").get_by_role("status")
    path.write_text("not json", encoding="utf-8")
    choose(player.page, "Open a file…", path)
    expect(status).to_have_text(message("stored_edits.foreign_file", file=path.name))
    player.page.keyboard.press("Escape")
    player.press("next")
    player.ready(1)


def test_a_file_that_was_tampered_with_is_refused_in_a_sentence(
    drawn: PlayerPage, new_page: NewPage, tmp_path: Path
) -> None:
    path, name = saved(drawn, tmp_path), drawn.link["edits"]
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(said | {"edits": said["edits"] + "a1_1"}), encoding="utf-8")
    other = PlayerPage(new_page(color_scheme="dark"), drawn.server).open("/", **full_link(edits=name))
    choose(other.page, "Open the file…", path)
    expect(other.page.get_by_text(message("player_edits.other_drawing"))).to_be_visible()
    assert other.link["edits"] == name
