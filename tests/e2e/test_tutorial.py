"""The tutorial in a browser: by keyboard, on a phone, and with dragged centers; its runs are its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.e2e.test_accessibility import findings_on
from tests.support import NewPage, follow_links, wait_until
from ui.analyses.tutorial.answers import letter
from ui.analyses.tutorial.screens import screens
from ui.settings.run_input import points_and_trace
from ui.shell.navigation import PLAYER, TUTORIAL
from ui.text.messages import message

MOONS = {"data": "moons", "points": "70", "k": "2"}
SCREENS = screens(points_and_trace)
RIGHT = "".join(str(screen.right + 1) for screen in SCREENS)


def open_tutorial(page: Page, server: str, **link: object) -> PlayerPage:
    return PlayerPage(page, server).open("/tutorial", **link)


def answer(page: Page, choice: int) -> None:
    page.get_by_role("button", name=f"{letter(choice)}: ").click()
    expect(page.locator(".tutorial-reply")).to_be_visible()


def expect_link(player: PlayerPage, parameters: Mapping[str, str]) -> None:
    """Wait until the link says what is wanted."""
    player.page.wait_for_function(
        "(wanted) => Object.entries(wanted).every("
        "([name, value]) => new URLSearchParams(location.search).get(name) === value)",
        arg=dict(parameters),
    )


def test_by_keyboard_alone(page: Page, server: str) -> None:
    player = open_tutorial(page, server, screen=2)
    page.keyboard.press("ArrowRight")
    expect(player.button("next")).to_be_hidden()
    right = page.get_by_role("button", name=f"{letter(int(RIGHT[1]) - 1)}: ")
    right.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-right")).to_contain_text(SCREENS[1].choices[SCREENS[1].right].reply)
    expect(player.button("next")).to_be_visible()
    assert player.step == 0, "nothing moved before the answer"
    page.keyboard.press("ArrowRight")
    player.ready(1)
    assert player.link == {"screen": "2", "answers": "0" + RIGHT[1]}, "the step is no matter of this link"
    page.get_by_role("button", name=message("tutorial.next"), exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=SCREENS[2].title)).to_be_visible()
    player.states(ready="true", step="1", phase="assign")
    page.go_back()
    expect(page.locator(".tutorial-right")).to_contain_text(SCREENS[1].choices[SCREENS[1].right].reply)


def test_the_whole_tutorial_on_a_phone(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(390, 844), touch=True)
    player = open_tutorial(page, server)
    for number, screen in enumerate(SCREENS, start=1):
        expect(page.get_by_role("heading", name=screen.title)).to_be_visible()
        # The last screen's player stays beside the new one until the server has said all it has to say.
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        player.ready()
        for element in (page.get_by_role("button", name=f"{letter(2)}: "), player.root.locator(".km-stage")):
            expect(element).to_be_visible()
            box = box_of(element)
            assert box["y"] + box["height"] <= 844, f"screen {number}: question and picture are on the screen"
        expect(player.root.locator(".km-inspector-note")).to_be_hidden()
        ring = player.root.locator(".km-ring:visible")
        rings = ring.count()
        player.root.locator(".km-plot .nsewdrag").tap(position={"x": 3, "y": 3})
        expect(ring).to_have_count(rings)
        answer(page, screen.right)
        for element in (page.locator(".tutorial-action"), player.button("next")):
            box = box_of(element)
            assert 0 <= box["y"] <= 844 - box["height"], f"screen {number}: what to press is on the screen"
        page.get_by_role("button", name=message("tutorial.next"), exact=True).tap()
    expect(page.locator(".finding")).to_contain_text(message("tutorial.all_right", questions=len(SCREENS)))
    expect_link(player, {"screen": "10", "answers": RIGHT})
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert not findings_on(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=message("tutorial.download")).tap()
    text = download.value.path().read_text(encoding="utf-8")
    plain_text = re.sub("<[^>]+>", "", text)
    assert all(screen.summary in plain_text for screen in SCREENS)
    assert f"answers={RIGHT}" in text
    page.get_by_role("button", name=message("tutorial.start_over")).tap()
    expect(page.get_by_role("heading", name=SCREENS[0].title)).to_be_visible()
    page.go_back()  # over the answers and the screen at once
    expect(page.locator(".finding")).to_contain_text(message("tutorial.all_right", questions=len(SCREENS)))


LEAST_HEIGHTS = {(1280, 720): 340, (390, 844): 240}
"""How high the picture is at least, by the size of the screen."""


def test_picture_question_and_answers_are_on_one_screen(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(1280, 720), color_scheme="dark")
    player = open_tutorial(page, server, screen=2)
    stage = player.root.locator(".km-stage")
    heights = {}
    for (width, height), least in LEAST_HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for element in (stage, page.locator(".tutorial-question"), page.locator(".st-key-tutorial_choices")):
            expect(element).to_be_in_viewport(ratio=1)
        heights[width] = box_of(stage)["height"]
        assert heights[width] >= least
    answer(page, 0)
    for width, height in reversed(LEAST_HEIGHTS):
        page.set_viewport_size({"width": width, "height": height})
        expect(player.button("next")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name=message("tutorial.next"), exact=True)).to_be_in_viewport(ratio=1)
        expect(stage).to_have_css("height", f"{heights[width]:g}px")
    assert not findings_on(page)
    # At a zoom of 200% picture and question stand side by side.
    page.set_viewport_size({"width": 640, "height": 360})
    expect(player.button("next")).to_be_in_viewport(ratio=1)
    box = box_of(stage)
    assert box["height"] >= 140
    assert box_of(page.locator(".finding"))["x"] > box["x"] + box["width"]


def test_a_newcomer_is_offered_the_tutorial_once(page: Page, server: str) -> None:
    player = PlayerPage(page, server).open("/")
    link = page.get_by_role("link", name=message("navigation.tutorial_link"))
    expect(link).to_be_visible()
    page.locator(".tutorial-offer").get_by_role("button").click()
    expect(link).to_be_hidden()
    player.open("/")
    expect(link).to_be_hidden()


def assert_covers_no_text(page: Page, offer: Locator, width: int) -> None:
    """Check that the offer is shown, and lies on free room."""
    expect(offer).to_be_visible()
    box = box_of(offer)
    covered = page.evaluate(
        """([left, top, right, bottom]) => {
          const covers = (box) => box.left < right && box.right > left && box.top < bottom && box.bottom > top;
          const range = document.createRange();
          const pictures = ".st-key-datasets [role=radiogroup]";
          const texts = document.querySelectorAll(`h1, .kmeans-about, .brand, .st-key-places a, ${pictures}`);
          const rects = [...texts].flatMap((element) => {
            range.selectNodeContents(element);
            return [...range.getClientRects()];
          });
          return rects.filter(covers).length;
        }""",
        [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]],
    )
    assert not covered, width
    assert box["x"] + box["width"] <= width


def test_the_offer_neither_covers_nor_moves_anything_on_a_phone_and_keeps_the_settings(
    new_page: NewPage, server: str
) -> None:
    page = new_page(viewport=(390, 844), touch=True, fresh=True)
    player = PlayerPage(page, server).open("/", **MOONS)
    offer = page.locator(".tutorial-offer")
    link = offer.get_by_role("link", name=message("navigation.tutorial_short"))
    stage = box_of(player.root.locator(".km-stage"))
    for width, height in ((360, 740), (640, 360), (641, 900), (760, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert_covers_no_text(page, offer, width)
    page.evaluate("document.querySelector('.stMain').scrollTo(0, 200)")
    expect(offer).not_to_be_in_viewport(ratio=0.9)
    page.evaluate("document.querySelector('.stMain').scrollTo(0, 0)")
    link.tap()
    expect(page.get_by_role("heading", name=SCREENS[0].title)).to_be_visible()
    page.get_by_role("link", name=message("navigation.play"), exact=True).tap()
    player.ready()
    assert MOONS.items() <= player.link.items()
    expect(offer).to_have_count(0)
    # The rows above the picture may be drawn again after it.
    wait_until(lambda: box_of(player.root.locator(".km-stage"))["y"] == stage["y"], 10)


def test_a_dragged_center_frees_the_stuck_run_and_can_be_put_back(page: Page, server: str) -> None:
    player = open_tutorial(page, server, screen=7, answers="0000001", **MOONS)
    run, end = player.has("run"), player.last
    mark = box_of(player.root.locator('.km-center[data-cluster="1"]'))
    goal = box_of(player.root.locator('.km-center[data-cluster="2"]'))
    page.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    page.mouse.down()
    page.mouse.move(goal["x"] - 60, goal["y"] + 5, steps=4)
    page.mouse.up()
    player.after(run)
    assert player.last > end, "the run goes on from there"
    button = page.get_by_role("button", name=message("tutorial.put_back"))
    button.click()
    player.states(ready="true", run=run)
    expect(button).to_be_hidden()
    assert {name: player.link[name] for name in MOONS} == MOONS
    assert "edits" not in player.link


def test_the_tutorial_keeps_to_itself(page: Page, server: str) -> None:
    player = open_tutorial(page, server, screen=3, answers="12", **MOONS)
    follow_links(page, PLAYER)
    expect(player.root.locator(".km-panel")).to_be_visible()
    player.ready()
    expect(page.get_by_test_id("stSidebar").get_by_text(message("settings.k_title"))).to_be_visible()
    assert {name: player.link[name] for name in MOONS} == MOONS
    player.press("next")
    player.ready(1)
    expect_link(player, {"step": "1"})
    follow_links(page, TUTORIAL)
    expect(page.get_by_role("heading", name=SCREENS[2].title)).to_be_visible()
    expect_link(player, {"screen": "3", "answers": "12", **MOONS})
    answer(page, 0)
    page.get_by_role("link", name=message("tutorial.open_run")).click()
    expect(player.root.locator(".km-panel")).to_be_visible()
    player.ready(1)
    assert (player.link["data"], player.link["k"]) == ("blobs", "3")
