"""The tutorial as a learner takes it: by keyboard, on a phone, and with a hand in the picture; it keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.e2e.test_accessibility import serious_on
from tests.support import NewPage, visit
from ui.analyses.tutorial.answers import letter
from ui.analyses.tutorial.screens import screens
from ui.settings.run_input import points_and_trace
from ui.text.messages import message

OWN = {"data": "moons", "points": "70", "k": "2"}
SCREENS = screens(points_and_trace)
RIGHT = "".join(str(screen.right + 1) for screen in SCREENS)


def opened(page: Page, server: str, **link: object) -> PlayerPage:
    return PlayerPage(page, server).open("/tutorial", **link)


def answer(page: Page, choice: int) -> None:
    page.get_by_role("button", name=f"{letter(choice)}: ").click()
    expect(page.locator(".tutorial-reply")).to_be_visible()


def has_link(player: PlayerPage, wanted: Mapping[str, str]) -> None:
    """Wait until the link says what is wanted."""
    player.page.wait_for_function(
        "(wanted) => Object.entries(wanted).every("
        "([name, value]) => new URLSearchParams(location.search).get(name) === value)",
        arg=dict(wanted),
    )


def test_by_keyboard_alone(page: Page, server: str) -> None:
    player = opened(page, server, screen=2)
    page.keyboard.press("ArrowRight")
    expect(player.button("next")).to_be_hidden()
    right = page.get_by_role("button", name=f"{letter(int(RIGHT[1]) - 1)}: ")
    right.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-right")).to_contain_text("Yes")
    expect(player.button("next")).to_be_visible()
    assert player.step == 0, "nothing moved before the answer"
    page.keyboard.press("ArrowRight")
    player.ready(1)
    assert player.link == {"screen": "2", "answers": "0" + RIGHT[1]}, "the step is no matter of this link"
    page.get_by_role("button", name="Next screen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Move two: refine")).to_be_visible()
    player.states(ready="true", step="1", phase="assign")
    page.go_back()
    expect(page.locator(".tutorial-right")).to_contain_text("Yes")


def test_the_whole_tutorial_on_a_phone(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(390, 844), touch=True)
    player = opened(page, server)
    for number, screen in enumerate(SCREENS, start=1):
        expect(page.get_by_role("heading", name=screen.title)).to_be_visible()
        # The last screen's player stays beside the new one until the server has said all it has to say.
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        player.ready()
        for where in (page.get_by_role("button", name=f"{letter(2)}: "), player.root.locator(".km-stage")):
            expect(where).to_be_visible()
            box = box_of(where)
            assert box["y"] + box["height"] <= 844, f"screen {number}: question and picture are on the screen"
        expect(player.root.locator(".km-inspector-note")).to_be_hidden()
        answer(page, screen.right)
        for where in (page.locator(".tutorial-action"), player.button("next")):
            box = box_of(where)
            assert 0 <= box["y"] <= 844 - box["height"], f"screen {number}: what to press is on the screen"
        page.get_by_role("button", name="Next screen").tap()
    expect(page.locator(".finding")).to_contain_text("9 right: all of them!")
    has_link(player, {"screen": "10", "answers": RIGHT})
    with page.expect_download() as download:
        page.get_by_role("button", name="Download it to print or keep").tap()
    text = download.value.path().read_text(encoding="utf-8")
    read = re.sub("<[^>]+>", "", text)
    assert all(screen.summary in read for screen in SCREENS)
    assert f"answers={RIGHT}" in text
    page.get_by_role("button", name=message("tutorial.start_over")).tap()
    expect(page.get_by_role("heading", name=SCREENS[0].title)).to_be_visible()
    page.go_back()  # over the answers and the screen at once
    expect(page.locator(".finding")).to_contain_text("9 right: all of them!")


def test_a_hand_frees_the_stuck_run_and_puts_it_back(page: Page, server: str) -> None:
    player = opened(page, server, screen=7, answers="0000001", **OWN)
    run, end = player.has("run"), player.last
    mark = box_of(player.root.locator('.km-center[data-cluster="1"]'))
    goal = box_of(player.root.locator('.km-center[data-cluster="2"]'))
    page.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    page.mouse.down()
    page.mouse.move(goal["x"] - 60, goal["y"] + 5, steps=4)
    page.mouse.up()
    player.after(run)
    assert player.last > end, "the run goes on from there"
    back = page.get_by_role("button", name="Put the centers back")
    back.click()
    player.states(ready="true", run=run)
    expect(back).to_be_hidden()
    assert {name: player.link[name] for name in OWN} == OWN
    assert "edits" not in player.link


def test_the_tutorial_keeps_to_itself(page: Page, server: str) -> None:
    player = opened(page, server, screen=3, answers="12", **OWN)
    page.get_by_role("link", name="Step through").click()
    expect(player.root.locator(".km-panel")).to_be_visible()
    player.ready()
    expect(page.get_by_test_id("stSidebar").get_by_text("Number of clusters K")).to_be_visible()
    assert {name: player.link[name] for name in OWN} == OWN
    player.press("next")
    player.ready(1)
    has_link(player, {"step": "1"})
    page.get_by_role("link", name="Tutorial").click()
    expect(page.get_by_role("heading", name="Move two: refine")).to_be_visible()
    has_link(player, {"screen": "3", "answers": "12", **OWN})
    answer(page, 0)
    page.get_by_role("link", name="Open in the full player").click()
    expect(player.root.locator(".km-panel")).to_be_visible()
    player.ready(1)
    assert (player.link["data"], player.link["k"]) == ("blobs", "3")


@pytest.mark.parametrize("number", [5, 10])
def test_nothing_serious_once_it_is_answered(new_page: NewPage, server: str, number: int) -> None:
    page = new_page(color_scheme="dark")
    visit(page, f"{server}/tutorial?screen={number}&answers=231132131")
    expect(page.locator(".finding")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert not serious_on(page)
