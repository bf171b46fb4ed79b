"""Every page but the home page, run by Streamlit without a browser; tests of one page's own content are beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import component_proto
from tools.paths import ROOT
from ui.settings.edit_links import drawing_name, encode_edits
from ui.settings.edits import Add
from ui.settings.record import OPENING
from ui.shell import progress
from ui.shell.navigation import PAGES, PLAYER, SWEEP, TUTORIAL
from ui.text.messages import message

SECONDS = 60
WITHOUT_SETTINGS = ["pages/tutorial.py", "pages/failures.py"]
SCRIPTS = [page.script for page in PAGES if page is not PLAYER]
# Old addresses of pages, each with the page that it redirects to.
MOVED = {"pages/knobs.py": SWEEP, "pages/teach.py": TUTORIAL}
# Little work, so that every page is done with it.
SMALL = {"data": "blobs", "blobs": "3", "points": "60", "k": "3"}

# More than a link holds.
DRAWN = tuple(Add((float(i % 17), float(i % 13))) for i in range(300))


def opened(script: str, **link: str) -> AppTest:
    """Open a page by a link, and expect no exception."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    app.switch_page(script)
    app.query_params.update(link)
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def test_every_script_is_a_page_with_a_name_of_its_own() -> None:
    assert sorted([*SCRIPTS, *MOVED]) == sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))
    for words in ([page.question for page in PAGES], [page.label for page in PAGES]):
        assert len(set(words)) == len(PAGES)


@pytest.mark.parametrize("script", MOVED)
def test_an_old_address_leads_on_to_the_page_with_the_same_query(script: str) -> None:
    app = opened(script, k="4", question="Why? & how")
    message = json.loads(component_proto(app, "kmeans_going").bytes[4:])
    name = Path(MOVED[script].script).stem
    assert (message["address"], message["replaces"]) == (f"./{name}?k=4&question=Why%3F+%26+how", True)
    assert [link.proto.label for link in app.get("page_link")] == [MOVED[script].question]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_shows_a_finding_before_any_click(script: str) -> None:
    app = opened(script)
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    assert 'class="finding"' in html
    assert any(char.isdigit() for char in html.split('class="finding"')[1].split("</p>")[0])
    assert not app.warning


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "link",
    [
        {"k": "banana", "spread": "nan", "rule": "mode", "lock": "x"},
        {"data": "blobs", "blobs": "1", "points": "1", "k": "6"},
        {"data": "blobs", "blobs": "1", "points": "40", "spread": "0", "k": "3"},
        {"data": "post", "points_per_blob": "20", "edits": "a1_2x3m3_0_1_1", "k": "2", "rule": "median"},
        {"edits": "file-0123456789abcdef", "data": "moons", "points": "100"},
        {"data": "penguins", "k": "3", "standardize": "yes", "missing": "fill"},
        {"data": "iris", "columns": "sepal length (cm),sepal width (cm),petal length (cm)", "k": "2", "rule": "medoid"},
        {"data": "table", "table": "0123456789abcdef", "columns": "a,b"},
    ],
    ids=["mangled", "one point", "all equal", "by hand", "a file's", "a table", "three columns", "no table"],
)
def test_a_malformed_link_opens_a_working_page(script: str, link: dict[str, str]) -> None:
    app = opened(script, **link)
    needs_file = "file-" in link.get("edits", "") and script not in WITHOUT_SETTINGS
    assert bool(app.warning) == ("banana" in link.values() or needs_file)


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_links_to_other_pages_carry_the_settings(script: str) -> None:
    app = opened(script, **SMALL, title="Mine")
    links = [link.proto.query_string for link in app.get("page_link")]
    assert len(links) >= len(PAGES)
    for query in links[: len(PAGES)]:
        assert {"data=blobs", "points=60", "k=3", "title=Mine"} <= set(query.split("&"))
    # Those below lead to other runs, and leave a class in its lesson.
    assert all("title=Mine" in query.split("&") for query in links)


@pytest.mark.parametrize("script", ["pages/starts.py", "pages/how_many.py"])
def test_work_of_minutes_waits_for_a_click(script: str) -> None:
    app = opened(script, data="blobs", points="1000000", rule="medoid")
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    assert "1,000,000 points" in html, "it says why the page waits"
    assert not app.get("plotly_chart")
    assert message("shell.compute") in [button.label for button in app.button]


@pytest.mark.parametrize("script", ["pages/starts.py", "pages/how_many.py"])
def test_long_work_starts_after_a_click(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_MAX_UNASKED_SECONDS", 0)
    app = opened(script, **SMALL)
    assert not app.get("plotly_chart")
    checked(next(button for button in app.button if button.label == message("shell.compute")).click().run())
    assert app.get("plotly_chart")
    assert message("shell.compute") not in [button.label for button in app.button]
    checked(next(slider for slider in app.slider if slider.label == "Spread").set_value(0.5).run())
    assert not app.get("plotly_chart"), "what is asked for now was not asked for before"


@pytest.mark.parametrize("script", WITHOUT_SETTINGS)
def test_a_page_without_settings_keeps_those_of_the_session(script: str) -> None:
    app = opened(script)
    app.switch_page("app.py").run()
    app.selectbox(key="data").select("moons").run()
    app.number_input(key="moons.points").set_value(150).run()
    app.slider(key="k").set_value(4).run()
    app.switch_page(script).run()
    for _ in range(3):
        checked(app.run())
    there = app.get("page_link")[0].proto.query_string
    assert {"data=moons", "points=150", "k=4"} <= set(there.split("&"))


def test_another_dataset_has_its_default_sizes_whatever_an_earlier_link_said() -> None:
    app = opened("pages/tutorial.py", data="moons", points="70", k="2")
    app.switch_page("app.py")
    app.query_params.update(data="rings")
    app.run()
    app.selectbox(key="data").select("moons").run()
    assert app.number_input(key="moons.points").value == dict(OPENING.with_data("moons").sizes)["points"]


def test_a_link_that_is_clicked_before_a_change_arrives_keeps_the_change() -> None:
    app = opened("pages/starts.py", **SMALL)
    links = parse_qs(app.get("page_link")[0].proto.query_string)
    app.slider(key="k").set_value(5).run()
    app.switch_page("app.py")
    app.query_params.update(links)
    checked(app.run())
    assert app.slider(key="k").value == 5
    assert app.query_params["k"] == "5"


def test_more_edits_than_fit_in_a_link_are_kept_on_other_pages() -> None:
    app = opened("pages/starts.py", **SMALL, edits=encode_edits(DRAWN[:100]))
    app.session_state["settings"] = replace(app.session_state["settings"], edits=DRAWN)
    app.run()
    (there,) = parse_qs(app.get("page_link")[0].proto.query_string)["edits"]
    assert there == drawing_name(encode_edits(DRAWN))
    app.switch_page("pages/compare.py")
    app.query_params.update(edits=there)
    checked(app.run())
    assert app.session_state["settings"].edits == DRAWN
    assert not app.warning


def test_missing_edits_are_a_warning() -> None:
    app = opened("pages/compare.py", **SMALL, edits=drawing_name(encode_edits(DRAWN)))
    assert app.warning[0].value == message("shell.edits_elsewhere")


def test_loading_the_blogs_example_removes_the_warning_about_a_link() -> None:
    app = opened("pages/starts.py", rule="mode")
    assert app.warning
    next(button for button in app.sidebar.button if button.label == message("settings.blog_example_button")).click()
    assert not checked(app.run()).warning
