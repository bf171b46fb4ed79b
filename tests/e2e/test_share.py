"""Links, QR codes, lesson links, frames, and the help dialog in a browser."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
import segno
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.player_page import POST, SELECTOR, PlayerPage, box_of
from tests.support import NewPage
from ui.settings.links import encode
from ui.settings.record import OPENING
from ui.shell.navigation import TUTORIAL
from ui.text.messages import message


class Share:
    """The dialog behind "Share"."""

    def __init__(self, player: PlayerPage) -> None:
        self.player = player
        player.press("share")
        self.dialog = player.page.get_by_role("dialog", name=message("share.title"))
        self.copy = self.dialog.get_by_role("button", name=message("share.copy"))
        self.code = self.dialog.get_by_role("img", name=message("share.code", state="ready"))
        self.status = self.dialog.locator(".km-share-text").get_by_role("status")

    @property
    def link(self) -> str:
        return self.dialog.get_by_label(message("share.link")).input_value()

    @property
    def facts(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.link).query).items()}

    def scan(self) -> bool:
        """Wait for a code and tell whether it is, square by square, that of the link."""
        expect(self.code).to_have_attribute("aria-busy", "false")
        return same_code(self.code, self.link)

    def field(self, name: str) -> Locator:
        """Return the field ``lesson_title``, ``question``, ``everything``, or ``predict`` of the form for teachers."""
        fields = self.dialog.get_by_label(message(f"share.{name}"))
        # The form for pictures has a box to tick of that name.
        return fields.and_(self.dialog.get_by_role("textbox")) if name == "lesson_title" else fields

    @property
    def k_state(self) -> Locator:
        return self.dialog.get_by_label(message("settings.k_title"))

    def teach(self) -> None:
        self.dialog.get_by_text(message("share.for_teachers")).click()
        self.dialog.get_by_text(message("share.settings")).click()


def same_code(code: Locator, link: str) -> bool:
    """Compare the middles of a code's squares, as they are on the screen, with the link's own code."""
    code.evaluate("(code) => code.scrollIntoView({ block: 'center' })")  # from under the dialog's head
    pixels = np.asarray(Image.open(BytesIO(code.screenshot())).convert("L")) < 128
    matrix = np.array(list(segno.make_qr(link, error="l").matrix_iter(border=4)), dtype=bool)
    side = min(pixels.shape)
    tops, lefts = ((length - side) // 2 for length in pixels.shape)
    middles = ((np.arange(len(matrix)) + 0.5) * side / len(matrix)).astype(int)
    return bool((pixels[np.ix_(middles + tops, middles + lefts)] == matrix).all())


def test_the_link_carries_all_while_the_address_is_still_bare(player: PlayerPage) -> None:
    player.load(player.server)
    player.ready()
    player.go(9)
    player.layer("cells").uncheck()
    assert player.link == {"step": "9", "hide": "cells"}
    share = Share(player)
    assert share.facts == encode(OPENING) | {"step": "9", "hide": "cells"}
    before = (player.has("run"), player.sizes)
    player.open(**share.facts)
    player.ready(9)
    assert (player.has("run"), player.sizes) == before
    expect(player.layer("cells")).not_to_be_checked()


def test_link_and_code_are_those_of_the_step_and_the_settings_while_the_run_stays_as_it_is(player: PlayerPage) -> None:
    player.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    player.open()
    player.press("play")
    player.states(step="1")
    share = Share(player)
    player.states(playing="false")
    player.ready()
    share.copy.click()
    expect(share.status).to_have_text(message("share.copied"))
    assert player.page.evaluate("navigator.clipboard.readText()") == share.link
    player.page.keyboard.press("Escape")
    expect(share.dialog).to_be_hidden()
    player.go(3)
    player.root.evaluate("(root) => { root.mark = 'the same player'; }")
    share = Share(player)
    assert share.facts["step"] == "3"
    assert share.scan()
    assert (player.step, player.root.evaluate("(root) => root.mark")) == (3, "the same player")
    assert player.link == POST | {"step": "3"}
    # Another setting is another code.
    player.page.keyboard.press("Escape")
    player.change_k("ArrowRight")
    share = Share(player)
    assert share.facts["k"] == "7"
    assert share.scan()


def test_where_the_clipboard_is_closed_the_link_is_selected(fresh_player: PlayerPage) -> None:
    fresh_player.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    player = fresh_player.open()
    share = Share(player)
    share.copy.click()
    expect(share.status).to_have_text(message("share.selected", is_touch=False))
    selection = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert share.dialog.locator(".km-link").evaluate(selection) == share.link


def test_the_dialog_by_keyboard(player: PlayerPage) -> None:
    player.open()
    player.go(2)
    player.button("share").focus()
    player.page.keyboard.press("Enter")
    dialog = player.page.get_by_role("dialog", name=message("share.title"))
    expect(dialog.get_by_role("button", name=message("share.copy"))).to_be_focused()
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
    assert share.scan()
    share.dialog.get_by_role("button", name=message("share.enlarge")).click()
    full_screen_code = player.root.locator(".km-full-screen .km-qr")
    box = box_of(full_screen_code)
    assert min(box["width"], box["height"]) > 650, "of 900, above the warning that this address has"
    poster = player.root.locator(".km-poster")
    expect(poster).to_contain_text(message("share.scan"))
    expect(poster.locator("h2")).not_to_be_empty()
    assert same_code(full_screen_code, share.link)
    host = urlsplit(share.link).hostname
    expect(poster).to_contain_text(message("share.reach", reach="computer", hostname=host))
    poster.get_by_role("button", name=message("dialog.close")).click()
    expect(full_screen_code).to_be_hidden()
    expect(share.dialog).to_be_visible()


# --- lessons


def test_a_teacher_makes_a_lesson_and_a_class_opens_it(player: PlayerPage, new_page: NewPage) -> None:
    player.open()
    share = Share(player)
    share.teach()
    share.field("lesson_title").fill("Bad starts")
    share.field("question").fill("Why is <b>one</b> blob cut in two?")
    share.field("everything").select_option("locked")
    share.k_state.select_option("free")
    share.dialog.get_by_label(message("settings.data_lock")).select_option("hidden")
    share.field("predict").check()
    facts = share.facts
    assert (facts["title"], facts["hide_settings"], facts["mode"]) == ("Bad starts", "data", "predict")
    assert facts["lock"] == "init,rule,backend,seed,max_iter,empty,centers"
    assert share.scan()
    with player.page.expect_download() as download:
        share.dialog.get_by_role("button", name=message("downloads.paper", kind="worksheet")).click()
    sheet = unescape(download.value.path().read_text(encoding="utf-8"))
    assert "Why is <b>one</b> blob cut in two?" in sheet, "the lesson as the form has it, before anybody opened it"
    assert f"lock={quote(facts['lock'], safe='')}" in sheet
    assert "mode=predict" in sheet

    pupil = PlayerPage(new_page(), player.server)
    pupil.page.goto(share.link)
    pupil.ready()
    assert_lesson(pupil)
    # It is there after a changed setting and the way back.
    run = pupil.has("run")
    new_run = pupil.change_k("ArrowRight")
    assert_lesson(pupil)
    assert (pupil.link["k"], pupil.link["lock"]) == ("7", facts["lock"])
    pupil.page.go_back()
    assert pupil.after(new_run) == run
    assert_lesson(pupil)


def assert_lesson(pupil: PlayerPage) -> None:
    page = pupil.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Bad starts")
    expect(page.get_by_text("Why is <b>one</b> blob cut in two?")).to_be_visible()
    expect(page.get_by_role("combobox", name=message("settings.rule_title"))).to_be_disabled()
    expect(pupil.k_slider).to_be_enabled()
    expect(page.get_by_role("heading", name=message("settings.heading_data"))).to_be_visible()  # its seed is locked
    expect(page.get_by_role("radiogroup", name=message("settings.data_title"))).to_have_count(0)


def test_unlock_is_one_click_and_back_locks_again(player: PlayerPage) -> None:
    player.open(lock="k", k=4)
    slider = player.k_slider
    expect(slider).to_be_disabled()
    player.page.get_by_role("button", name=message("settings.lesson_unlock")).click()
    expect(slider).to_be_enabled()
    expect(player.page).not_to_have_url(re.compile(r"[?&]lock="))
    player.page.go_back()
    expect(slider).to_be_disabled()


def test_a_lesson_that_is_open_can_be_changed_and_cleared(player: PlayerPage) -> None:
    player.open(title="Mine", lock="k")
    share = Share(player)
    expect(share.field("lesson_title")).to_have_value("Mine")
    expect(share.k_state).to_have_value("locked")
    share.field("everything").select_option("hidden")
    assert (share.facts["hide_settings"], share.facts.get("lock")) == ("everything", None)
    clear = share.dialog.get_by_role("button", name=message("share.clear"))
    clear.click()
    expect(clear).to_be_focused()
    assert not {"title", "question", "lock", "hide_settings"} & share.facts.keys()
    assert share.scan()


def test_the_form_takes_no_more_than_a_link_does(player: PlayerPage) -> None:
    player.open()
    share = Share(player)
    share.teach()
    share.field("lesson_title").press_sequentially("t" * 85)
    assert len(share.facts["title"]) == 80
    share.field("question").press_sequentially("Why? ")
    expect(player.page.get_by_role("dialog")).to_have_count(1)  # the key of Help is a question mark here
    assert share.facts["question"] == "Why?"


# Follows a link and asks for a code at the same moment; `linkRequests` counts how often the server hears of that.
_LEAVE_AND_SHARE = """(address) => {
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


def test_sharing_while_another_page_opens_does_not_stop_that(fresh_player: PlayerPage) -> None:
    player = fresh_player
    player.open(question="Why?")
    player.page.evaluate(_LEAVE_AND_SHARE, f"{player.server}/tutorial?screen=10")
    expect(player.page.get_by_role("heading", level=1)).to_have_text(TUTORIAL.title)
    expect(player.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(player.page.get_by_role("heading", level=1)).to_have_text(TUTORIAL.title)
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
    dialog = player.page.get_by_role("dialog", name=message("help.title"))
    expect(dialog).to_contain_text(re.sub("<[^>]+>", "", message("help.what_it_does")))
    keys = dialog.locator("kbd").all_inner_texts()
    assert keys == ["→", "Page Down", "←", "Page Up", "Space", "Home", "End", "?", "Esc", "B", ".", "N", "T", "Esc"]
    player.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    for key, step in (("End", player.last), ("←", player.last - 1), ("Home", 0), ("→", 1)):
        assert key in keys
        player.page.keyboard.press({"→": "ArrowRight", "←": "ArrowLeft"}.get(key, key))
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
        dialog.get_by_role("button", name=message("dialog.close")).tap()
        expect(dialog).to_have_count(0)


def test_help_lists_gestures_on_a_touch_screen_alone(new_page: NewPage, server: str) -> None:
    for touch in (True, False):
        player = PlayerPage(new_page(viewport=(390, 844), touch=touch), server).open()
        player.button("help").click()
        gestures = player.root.get_by_role("dialog").locator(".km-gestures li")
        names = ["point", "center", "drag", "slider"] if touch else []
        expect(gestures).to_have_text([re.sub("<[^>]+>", "", message("help.gesture", gesture=name)) for name in names])
