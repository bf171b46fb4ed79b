"""The presenter view in a browser: what the class sees, a remote's keys, and what a person with a link shares."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.e2e.test_accessibility import findings_in_both_themes
from tests.e2e.test_share import Share
from tests.support import NewPage
from ui.text.messages import message

NOTES = ("Ask first.", "Then vote.")

LAST_ROW_SHARE = 1 / 30
"""Of the height of the screen, what letters need at least to be read from the last row of a room."""


def test_a_remote_presents_and_the_class_sees_no_notes(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(1280, 720))
    player = PlayerPage(page, server).open(present=1, minutes=10, notes=NOTES[0], title="Six", question="Why six?")
    notes = player.root.get_by_role("region", name=message("presenter.notes_title"))
    expect(notes).to_have_count(0)
    expect(page.get_by_role("timer")).to_contain_text(":")
    for element in (".stSidebar", ".st-key-places", ".st-key-downloads", ".km-tools", ".km-panel"):
        assert not page.locator(element).first.is_visible(), element
    for selector in (".lesson h1", ".lesson p", ".km-sentence", ".km-next"):
        size = page.locator(selector).evaluate("(element) => parseFloat(getComputedStyle(element).fontSize)")
        assert size >= 0.9 * 720 * LAST_ROW_SHARE, f"{selector} has letters of {size} pixels"
    assert page.evaluate("document.querySelector('.stMain').scrollHeight <= innerHeight"), "all is seen at once"
    page.keyboard.press("PageDown")
    player.ready(1)
    page.keyboard.press("n")
    expect(notes).to_contain_text(NOTES[0])
    assert not findings_in_both_themes(page)
    page.keyboard.press(".")
    black = page.get_by_role("dialog", name=message("presenter.blank_label"))
    expect(black).to_have_css("background-color", "rgb(0, 0, 0)")
    page.keyboard.press("PageDown")
    expect(black).to_be_hidden()
    player.ready(1)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-places")).to_be_visible()
    expect(player.root.locator(".km-scrub")).to_be_in_viewport(ratio=1)  # also below the title and question
    expect(notes).to_have_count(0)
    assert "present=" not in page.url
    page.keyboard.press("n")
    expect(notes).to_have_count(0)


def test_the_dialog_opens_the_view_with_what_its_form_says(player: PlayerPage) -> None:
    player.open(step=2)
    share = Share(player)
    share.dialog.get_by_role("button", name=message("presenter.view")).first.click()
    expect(player.page.get_by_role("timer")).to_be_visible()
    player.ready(2)
    player.page.get_by_role("button", name=message("presenter.leave")).click()
    expect(player.page.get_by_role("timer")).to_have_count(0)
    share = Share(player)
    share.teach()
    before = share.link
    share.field("notes").fill("\n".join(NOTES))
    share.field("minutes").fill("200")
    expect(share.dialog.get_by_text(message("share.minutes_range", max=180))).to_be_visible()
    share.field("minutes").fill("5")
    expect(share.dialog.get_by_text(message("share.minutes_range", max=180))).to_have_count(0)
    assert share.link == before, "the class must not get the notes"
    share.dialog.get_by_role("button", name=message("presenter.view")).last.click()
    expect(player.page.get_by_role("timer")).to_contain_text("0")
    player.ready(2)
    player.page.keyboard.press("n")
    expect(player.root.locator(".km-speaker-notes div")).to_have_text("\n".join(NOTES))


def test_a_remote_gets_past_a_question_beside_the_picture(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(1280, 720))
    player = PlayerPage(page, server).open(present=1, mode="predict")
    panel = player.root.locator(".km-predict")
    for _ in range(2):
        page.keyboard.press("PageDown")
        expect(player.root).to_have_attribute("data-asking", "joining")
    expect(panel.locator(".km-hint")).to_have_text(message("predict.answer_first", input="number"))
    box, picture = box_of(panel), box_of(player.root.locator(".km-stage"))
    assert box["x"] >= picture["x"] + picture["width"], "the question stands beside the picture"
    assert picture["width"] > 1280 / 2
    assert box["y"] + box["height"] <= 720
    assert page.evaluate("document.querySelector('.stMain').scrollTop") == 0
    page.keyboard.press("PageDown")
    player.ready(1)
    expect(panel.locator(".km-result")).to_have_text(message("predict.skipped"))
