"""Links, QR codes, lessons, frames and help in a real browser, used as a person uses them."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import segno
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.player_page import SELECTOR, PlayerPage, box_of
from tests.support import NewPage
from ui.shell.navigation import TUTORIAL
from ui.text.messages import message


class Share:
    """The dialog behind "Share"."""

    def __init__(self, player: PlayerPage) -> None:
        self.player = player
        player.press("share")
        self.dialog = player.page.get_by_role("dialog", name="Share")
        self.copy = self.dialog.get_by_role("button", name="Copy link")
        self.code = self.dialog.get_by_role("img", name="QR code of the link")
        self.status = self.dialog.locator(".km-share-text").get_by_role("status")

    @property
    def link(self) -> str:
        return self.dialog.get_by_label("The link of what is on the screen").input_value()

    @property
    def facts(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.link).query).items()}

    def scanned(self) -> bool:
        """Wait for a code and tell whether it is, square by square, that of the link."""
        expect(self.code).to_have_attribute("aria-busy", "false")
        return same_code(self.code, self.link)

    def teach(self) -> None:
        self.dialog.get_by_text("For teachers").click()


def same_code(code: Locator, link: str) -> bool:
    """Compare the middles of a code's squares, as they are on the screen, with the link's own code."""
    code.evaluate("(code) => code.scrollIntoView({ block: 'center' })")  # from under the dialog's head
    pixels = np.asarray(Image.open(BytesIO(code.screenshot())).convert("L")) < 128
    matrix = np.array(list(segno.make_qr(link, error="l").matrix_iter(border=4)), dtype=bool)
    side = min(pixels.shape)
    tops, lefts = ((length - side) // 2 for length in pixels.shape)
    at = ((np.arange(len(matrix)) + 0.5) * side / len(matrix)).astype(int)
    return bool((pixels[np.ix_(at + tops, at + lefts)] == matrix).all())


def test_the_link_carries_all_while_the_address_is_still_bare(player: PlayerPage, elsewhere: PlayerPage) -> None:
    player.open()
    player.go(9)
    player.root.get_by_role("checkbox", name="cells").uncheck()
    assert player.link == {"step": "9", "hide": "cells"}
    share = Share(player)
    assert share.facts == {"data": "post", "step": "9", "hide": "cells"}
    elsewhere.open(**share.facts)
    elsewhere.ready(9)
    assert (elsewhere.has("run"), elsewhere.sizes) == (player.has("run"), player.sizes)
    expect(elsewhere.root.get_by_role("checkbox", name="cells")).not_to_be_checked()


def test_the_code_is_that_of_the_link_and_follows_it_while_the_run_stays_as_it_is(player: PlayerPage) -> None:
    player.open()
    player.go(3)
    player.root.evaluate("(root) => { root.mark = 'the same player'; }")
    share = Share(player)
    assert share.scanned()
    assert (player.step, player.root.evaluate("(root) => root.mark")) == (3, "the same player")
    assert player.link == {"step": "3"}
    # Another setting is another code.
    player.page.keyboard.press("Escape")
    run = player.has("run")
    player.page.get_by_role("slider", name="Number of clusters K").focus()
    player.page.keyboard.press("ArrowRight")
    player.after(run)
    share = Share(player)
    assert share.facts["k"] == "7"
    assert share.scanned()


def test_sharing_pauses_and_another_step_is_another_code(player: PlayerPage) -> None:
    player.open()
    player.press("play")
    player.states(step="1")
    share = Share(player)
    player.states(playing="false")
    player.ready()
    player.page.keyboard.press("Escape")
    expect(share.dialog).to_be_hidden()
    player.go(7)
    share = Share(player)
    assert share.facts["step"] == "7"
    assert share.scanned()


def test_copy_puts_the_link_into_the_clipboard(player: PlayerPage) -> None:
    player.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    player.open()
    share = Share(player)
    share.copy.click()
    expect(share.status).to_have_text("Copied.")
    assert player.page.evaluate("navigator.clipboard.readText()") == share.link


def test_where_the_clipboard_is_closed_the_link_is_selected(new: PlayerPage) -> None:
    new.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    player = new.open()
    share = Share(player)
    share.copy.click()
    expect(share.status).to_contain_text("copy it with Ctrl+C")
    selected = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert share.dialog.locator(".km-link").evaluate(selected) == share.link


def test_the_dialog_by_keyboard(player: PlayerPage) -> None:
    player.open()
    player.go(2)
    player.button("share").focus()
    player.page.keyboard.press("Enter")
    dialog = player.page.get_by_role("dialog", name="Share")
    expect(dialog.get_by_role("button", name="Copy link")).to_be_focused()
    for key in ("ArrowRight", "End", "?"):
        player.page.keyboard.press(key)
    expect(player.page.get_by_role("dialog")).to_have_count(1)
    player.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(player.button("share")).to_be_focused()
    player.ready(2)


def test_the_projector_gets_the_code_alone_and_large(player: PlayerPage) -> None:
    player.open()
    share = Share(player)
    assert share.scanned()
    share.dialog.get_by_role("button", name="Large, for the projector").click()
    large = player.root.locator(".km-full-screen .km-qr")
    box = box_of(large)
    assert min(box["width"], box["height"]) > 800
    assert same_code(large, share.link)
    large.click()
    expect(large).to_be_hidden()
    expect(share.dialog).to_be_visible()


# --- lessons


def test_a_teacher_makes_a_lesson_and_a_class_opens_it(player: PlayerPage, new_page: NewPage) -> None:
    player.open()
    share = Share(player)
    share.teach()
    share.dialog.get_by_label("Title").fill("Bad starts")
    share.dialog.get_by_label("Question to the class").fill("Why is <b>one</b> blob cut in two?")
    share.dialog.get_by_label("Everything").select_option("locked")
    share.dialog.get_by_label("Number of clusters K").select_option("free")
    share.dialog.get_by_label("Data").select_option("hidden")
    share.dialog.get_by_label("Ask to predict").check()
    facts = share.facts
    assert (facts["title"], facts["hide_settings"], facts["mode"]) == ("Bad starts", "data", "predict")
    assert facts["lock"] == "init,rule,backend,seed,max_iter,empty,centers"
    assert share.scanned()

    pupil = PlayerPage(new_page(), player.server)
    pupil.page.goto(share.link)
    pupil.ready()
    assert_lesson(pupil.page)
    # It is there after a changed setting and the way back.
    run = pupil.has("run")
    pupil.page.get_by_role("slider", name="Number of clusters K").focus()
    pupil.page.keyboard.press("ArrowRight")
    changed = pupil.after(run)
    assert_lesson(pupil.page)
    assert (pupil.link["k"], pupil.link["lock"]) == ("7", facts["lock"])
    pupil.page.go_back()
    assert pupil.after(changed) == run
    assert_lesson(pupil.page)


def assert_lesson(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Bad starts")
    expect(page.get_by_text("Why is <b>one</b> blob cut in two?")).to_be_visible()
    expect(page.get_by_role("combobox", name=message("settings.rule_title"))).to_be_disabled()
    expect(page.get_by_role("slider", name="Number of clusters K")).to_be_enabled()
    expect(page.get_by_role("heading", name="Data")).to_be_visible()  # its seed is locked, not hidden
    expect(page.get_by_role("combobox", name="Points")).to_have_count(0)


def test_unlock_is_one_click_and_back_locks_again(player: PlayerPage) -> None:
    player.open(lock="k", k=4)
    slider = player.page.get_by_role("slider", name="Number of clusters K")
    expect(slider).to_be_disabled()
    player.page.get_by_role("button", name="Unlock").click()
    expect(slider).to_be_enabled()
    expect(player.page).not_to_have_url(re.compile(r"[?&]lock="))
    player.page.go_back()
    expect(slider).to_be_disabled()


def test_a_lesson_that_is_open_can_be_changed_and_cleared(player: PlayerPage) -> None:
    player.open(title="Mine", lock="k")
    share = Share(player)
    expect(share.dialog.get_by_label("Title")).to_have_value("Mine")
    expect(share.dialog.get_by_label("Number of clusters K")).to_have_value("locked")
    share.dialog.get_by_label("Everything").select_option("hidden")
    assert (share.facts["hide_settings"], share.facts.get("lock")) == ("everything", None)
    clear = share.dialog.get_by_role("button", name="Clear all of this")
    clear.click()
    expect(clear).to_be_focused()
    assert not {"title", "question", "lock", "hide_settings"} & share.facts.keys()
    assert share.scanned()


def test_the_form_takes_no_more_than_a_link_does(player: PlayerPage) -> None:
    player.open()
    share = Share(player)
    share.teach()
    share.dialog.get_by_label("Title").press_sequentially("t" * 85)
    assert len(share.facts["title"]) == 80


# Follows a link and asks for a code at the same moment; `linkRequests` counts how often the server hears of that.
_LEAVE_ASKING = """(address) => {
  const { send } = WebSocket.prototype;
  window.linkRequests = 0;
  WebSocket.prototype.send = function (data) {
    window.linkRequests += new TextDecoder().decode(data).includes('"event":"link"');
    return send.call(this, data);
  };
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
  document.querySelector('[data-action="share"]').click();
}"""


def test_a_code_that_is_asked_for_in_the_moment_of_leaving_is_not_a_wish_to_stay(new: PlayerPage) -> None:
    player = new
    player.open(question="Why?")
    player.page.evaluate(_LEAVE_ASKING, f"{player.server}/tutorial?screen=10")
    expect(player.page.get_by_role("heading", level=1)).to_have_text(TUTORIAL.question)
    expect(player.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(player.page.get_by_role("heading", level=1)).to_have_text(TUTORIAL.question)
    assert player.page.evaluate("linkRequests") == 0


# --- frames


@pytest.mark.parametrize("size", [(800, 600), (390, 700)], ids=["wide", "narrow"])
def test_a_frame_of_a_course_page_holds_the_player_whole(new_page: NewPage, server: str, size: tuple[int, int]) -> None:
    width, height = size
    page = new_page(viewport=(width + 100, height + 100))
    page.set_content(f'<iframe src="{server}/?embed=true&step=2" width="{width}" height="{height}"></iframe>')
    frame = page.frame_locator("iframe")
    expect(frame.locator(SELECTOR)).to_have_attribute("data-ready", "true")
    outer = box_of(page.locator("iframe"))
    for part in (".km-sentence", ".km-stage", ".km-buttons", ".km-scrub"):
        expect(frame.locator(part)).to_be_in_viewport(ratio=1)
    assert top(frame, ".km-sentence") - outer["y"] < 30
    expect(frame.get_by_role("heading", level=1)).to_have_count(0)
    expect(frame.get_by_role("button", name=message("settings.blog_example_button"))).not_to_be_in_viewport()
    frame.locator('[data-action="next"]').click()
    expect(frame.locator(SELECTOR)).to_have_attribute("data-step", "3")
    frame.get_by_test_id("stExpandSidebarButton").click()
    expect(frame.get_by_role("button", name=message("settings.blog_example_button"))).to_be_in_viewport()


def top(frame: FrameLocator, selector: str) -> float:
    return box_of(frame.locator(selector))["y"]


def test_a_link_shared_from_a_frame_opens_the_whole_page(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(), server).open(embed="true", title="Mine")
    expect(player.page.get_by_role("heading", level=1)).to_have_text("Mine")
    facts = Share(player).facts
    assert ("embed" in facts, facts["title"]) == (False, "Mine")


# --- help


def test_help_lists_the_keys_that_the_player_hears(player: PlayerPage) -> None:
    player.open()
    player.page.keyboard.press("?")
    dialog = player.page.get_by_role("dialog", name="What K-means does")
    expect(dialog).to_contain_text("every point joins the cluster of its nearest center")
    listed = dialog.locator("kbd").all_inner_texts()
    assert listed == ["→", "Page Down", "←", "Page Up", "Space", "Home", "End", "?", "Esc"]
    player.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    for shown, step in (("End", player.last), ("←", player.last - 1), ("Home", 0), ("→", 1)):
        assert shown in listed
        player.page.keyboard.press({"→": "ArrowRight", "←": "ArrowLeft"}.get(shown, shown))
        player.ready(step)


def test_help_opens_by_its_button_and_on_a_phone_fits_the_screen(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open()
    for action in ("help", "share"):
        player.button(action).tap()
        dialog = player.root.locator("dialog[open]")
        box = box_of(dialog)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert dialog.evaluate("(dialog) => dialog.scrollWidth <= dialog.clientWidth")
        dialog.get_by_role("button", name="Close").tap()
        expect(dialog).to_have_count(0)


def test_a_question_mark_in_a_text_is_a_question_mark(player: PlayerPage) -> None:
    player.open()
    share = Share(player)
    share.teach()
    share.dialog.get_by_label("Question to the class").press_sequentially("Why? ")
    expect(player.page.get_by_role("dialog")).to_have_count(1)
    assert share.facts["question"] == "Why?"
