"""What a teacher's link makes of the page, run by Streamlit without a browser; and the QR code of a link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.messages import read_session
from tests.support import component_proto
from tests.ui.shell.test_app import check, header, link_of, open_app, open_bare_address
from ui.export.qr_codes import qr_code
from ui.settings.definitions import CONTROLS
from ui.settings.links import encode
from ui.settings.presentation import PRESENTATION_NAMES
from ui.settings.record import OPENING
from ui.shell.share_dialog import requested_paper
from ui.text.messages import message


def widgets(app: AppTest) -> dict[str, Any]:
    """The sidebar's widgets and the row of datasets by key; the ways out of a lesson have none and are left out."""
    kinds = ("selectbox", "slider", "number_input", "button")
    row = [widget for widget in app.radio if widget.key == "data"]
    return {widget.key: widget for kind in kinds for widget in [*row, *app.sidebar.get(kind)] if widget.key}


def share_facts(app: AppTest) -> dict[str, Any]:
    """Return the facts that the browser gets about links."""
    return read_session(component_proto(app, "kmeans_share").bytes)


def texts(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def test_the_share_dialog_knows_the_settings_while_the_address_is_bare() -> None:
    app = open_bare_address()
    assert link_of(app) == {}
    assert share_facts(app)["settings"] == encode(OPENING), (
        "what is shared stays as it is, whatever the app opens on later"
    )
    assert share_facts(app)["lesson"] == {"title": "", "question": "", "locked": [], "hidden": []}


def test_only_a_page_that_the_dialog_offers_is_made() -> None:
    junk: tuple[object, ...] = (
        None,
        "worksheet",
        {},
        {"kind": "worksheet"},
        {"kind": "run", "link": "/"},
        {"kind": ["worksheet"], "link": "/"},
        {"kind": "answers", "link": 7},
    )
    for request in junk:
        assert requested_paper(OPENING, request) is None
    paper = requested_paper(OPENING, {"kind": "answers", "link": "https://elsewhere.example/?title=Bad+starts&k=9"})
    assert paper is not None
    assert paper["name"].endswith("-answers.html")
    assert "Bad starts" in paper["html"]
    assert "elsewhere" not in paper["html"], "a page of ours leads to ours"
    assert f"k={OPENING.k}" in paper["html"]


def test_a_title_and_a_question_are_shown_as_plain_text() -> None:
    app = open_app(title="<b>Two</b> *blobs*", question="Why is $k$ < 3?")
    assert '<h1 dir="auto">&lt;b&gt;Two&lt;/b&gt; *blobs*</h1>' in texts(app)
    assert '<p dir="auto">Why is $k$ &lt; 3?</p>' in texts(app)
    app.switch_page("pages/tutorial.py")
    question = message("shell.lesson_question", question="Why is $k$ &lt; 3?")
    assert f'<p dir="auto">{question}</p>' in texts(check(app.run())), "the tutorial has questions of its own"
    app_title = f'<h1 class="takes-focus app-title">{message("navigation.app_title")}</h1>'
    assert app_title not in texts(app), "the lesson's title replaces the page's own"
    assert app_title in texts(open_app())


def test_only_locked_settings_are_disabled() -> None:
    app = open_app(lock="k,seed", k="4")
    off = {key for key, widget in widgets(app).items() if widget.disabled}
    assert off == {"k", "seed", "data_seed", "seed_dice", "data_seed_dice"}
    assert [caption.value for caption in app.sidebar.caption].count(message("settings.lesson_locks")) == 1
    assert app.slider(key="k").value == 4


def test_everything_can_be_locked() -> None:
    app = open_app(lock="everything")
    assert all(widget.disabled for widget in widgets(app).values())
    assert app.get("button_group")[0].proto.disabled
    assert message("settings.blog_example_button") not in [button.label for button in app.button], (
        "it would change what is locked"
    )


def test_a_hidden_setting_keeps_its_value() -> None:
    app = open_app(hide_settings="data,k", data="moons", k="3", seed="4")
    keys = widgets(app).keys()
    assert not [key for key in keys if key in ("data", "k") or "." in key]
    assert {"init", "rule", "seed", "data_seed"} <= keys
    app.number_input(key="seed").set_value(5)
    link = link_of(check(app.run()))
    assert (link["data"], link["k"], link["seed"], link["hide_settings"]) == ("moons", "3", "5", "data,k")
    assert header(app)["k"] == 3


def test_with_all_settings_hidden_only_the_button_that_shows_them_is_left() -> None:
    app = open_app(hide_settings="everything", data="rings")
    assert not widgets(app)
    assert not app.sidebar.header
    assert [button.label for button in app.sidebar.button] == [message("settings.lesson_show")]
    app.sidebar.button[0].click()
    assert "k" in widgets(check(app.run()))
    assert "hide_settings" not in link_of(app)
    assert link_of(app)["data"] == "rings"


@pytest.mark.parametrize("control", [name for name in CONTROLS if name != "centers"])  # those are in the picture
def test_every_control_can_be_locked_and_hidden(control: str) -> None:
    def drawn_and_free(app: AppTest) -> set[str]:
        groups = {"backend"} if any(not group.proto.disabled for group in app.get("button_group")) else set()
        return groups | {key for key, widget in widgets(app).items() if not widget.disabled}

    free = drawn_and_free(open_app())
    locked, hidden = open_app(data="post", lock=control), open_app(data="post", hide_settings=control)
    if control != "backend":  # greyed anyway where there is only one
        assert drawn_and_free(locked) < free
        assert drawn_and_free(hidden) == drawn_and_free(locked)
        assert len(widgets(hidden)) < len(widgets(locked))
    assert len(hidden.get("button_group")) == (0 if control == "backend" else 1)


def test_unlock_removes_only_the_lock() -> None:
    app = open_app(lock="k", title="Mine", k="4", hide="cells")
    app.sidebar.button[0].click()
    link = link_of(check(app.run()))
    assert (link.get("lock"), link["title"], link["k"], link["hide"]) == (None, "Mine", "4", "cells")
    assert not app.slider(key="k").disabled


def test_a_changed_setting_keeps_the_lesson_parameters_of_the_link() -> None:
    app = open_app(lock="rule", title="Mine", question="Why?")
    app.slider(key="k").set_value(4)
    assert {"lock": "rule", "title": "Mine", "question": "Why?", "k": "4"}.items() <= link_of(check(app.run())).items()


def test_invalid_lesson_parameters_are_a_warning() -> None:
    app = open_app(lock="colour", title="t" * 99)
    assert len(app.warning) == 1
    assert "“colour”" in app.warning[0].value
    assert message("settings.text_cut", part="title", count=99, most=80) in app.warning[0].value
    assert (link_of(app)["title"], link_of(app).get("lock")) == ("t" * 80, None)


def test_the_notes_reach_the_presenter_and_no_link_to_a_class() -> None:
    app = open_app(title="Mine", present="1", minutes="10", notes="Ask first.\nThen vote.")
    player = read_session(component_proto(app, "kmeans_player").bytes)
    assert player["presentation"] == {"minutes": 10, "notes": "Ask first.\nThen vote."}
    facts = share_facts(app)
    assert not set(PRESENTATION_NAMES) & {*facts["settings"], *facts["lesson"], *facts["view"]}
    links = [link.proto.query_string for link in app.get("page_link")]
    assert links
    assert not [link for link in links if "notes=" in link]


def test_a_changed_setting_keeps_the_presenter_view() -> None:
    app = open_app(present="1", minutes="10", notes="Ask first.")
    app.slider(key="k").set_value(4)
    link = link_of(check(app.run()))
    assert {"present": "1", "minutes": "10", "notes": "Ask first.", "k": "4"}.items() <= link.items()


def test_too_long_notes_are_a_warning() -> None:
    app = open_app(notes="n" * 1001)
    assert [warning.value for warning in app.warning] == [
        message("settings.text_cut", part="notes", count=1001, most=1000)
    ]


def test_a_qr_code_is_black_on_white_with_a_quiet_zone() -> None:
    svg = qr_code("http://localhost:8501/?data=post&k=6")
    size = re.match(r'<svg viewBox="0 0 (\d+) \1"', svg)
    assert size
    assert f'fill="#fff" d="M0 0h{size[1]}v{size[1]}h-{size[1]}z"' in svg
    assert 'stroke="#000" d="M4 4.5h7' in svg, "the first finder begins after four white modules"


def test_a_link_that_is_too_long_has_no_qr_code() -> None:
    assert qr_code("http://localhost/?" + "x" * 2900)
    assert qr_code("http://localhost/?" + "x" * 3000) == ""
