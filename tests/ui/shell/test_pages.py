"""Every page but the home page, run by Streamlit without a browser; tests of one page's own content are beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.message_patterns import message_pattern
from tests.support import choose_data, component_proto
from tools.paths import ROOT
from ui.analyses.how_many import trials
from ui.settings.edit_links import drawing_name, encode_edits
from ui.settings.edits import Add
from ui.settings.record import POST
from ui.shell import address, progress
from ui.shell.navigation import PAGES, PLACES, PLAYER, SWEEP, TUTORIAL
from ui.text.messages import message

SECONDS = 60
WITHOUT_SETTINGS = ["pages/tutorial.py", "pages/failures.py"]
SCRIPTS = [page.script for page in PAGES if page is not PLAYER]
# Old addresses of pages, each with the page that it redirects to.
REDIRECTS = {"pages/knobs.py": SWEEP, "pages/teach.py": TUTORIAL}
# Little work, so that every page is done with it.
SMALL = {"data": "blobs", "blobs": "3", "points": "15", "k": "3"}

# More than a link holds.
MANY_POINTS = tuple(Add((float(i % 17), float(i % 13))) for i in range(300))


def open_page(script: str, **link: str) -> AppTest:
    """Open a page by a link, and expect no exception."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    app.switch_page(script)
    app.query_params.update(link)
    return check(app.run())


def has_dataset_strip(app: AppTest) -> bool:
    return "data" in [radio.key for radio in app.main.radio]


def check(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def test_every_script_is_a_page_with_a_name_of_its_own() -> None:
    assert sorted([*SCRIPTS, *REDIRECTS]) == sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))
    for names in ([page.title for page in PAGES], [place.label for place in PLACES]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("script", REDIRECTS)
def test_an_old_address_leads_on_to_the_page_with_the_same_query(script: str) -> None:
    app = open_page(script, k="4", question="Why? & how")
    facts = json.loads(component_proto(app, "kmeans_going").bytes[4:])
    name = Path(REDIRECTS[script].script).stem
    assert (facts["address"], facts["replaces"]) == (f"./{name}?k=4&question=Why%3F+%26+how", True)
    assert [link.proto.label for link in app.get("page_link")] == [REDIRECTS[script].title]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_shows_a_finding_its_data_and_links_with_its_settings_before_any_click(script: str) -> None:
    app = open_page(script, **SMALL, title="Mine")
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    assert 'class="finding"' in html
    assert any(char.isdigit() for char in html.split('class="finding"')[1].split("</p>")[0])
    assert not app.warning

    assert has_dataset_strip(app) == (script not in WITHOUT_SETTINGS)
    assert "data" not in [widget.key for widget in [*app.sidebar.radio, *app.sidebar.selectbox]]

    links = [link.proto.query_string for link in app.get("page_link")]
    assert len(links) >= len(PLACES)
    for query in links[: len(PLACES)]:
        assert {"data=blobs", "points=15", "k=3", "title=Mine"} <= set(query.split("&"))
    # Those below lead to other runs, and leave a class in its lesson.
    assert all("title=Mine" in query.split("&") for query in links)


MALFORMED_LINKS = {
    "mangled": {"data": "blobs", "points": "15", "k": "banana", "spread": "nan", "rule": "mode", "lock": "x"},
    "one point": {"data": "blobs", "blobs": "1", "points": "1", "k": "6"},
    "all equal": {"data": "blobs", "blobs": "1", "points": "15", "spread": "0", "k": "3"},
    "by hand": {"data": "post", "points_per_blob": "3", "edits": "a1_2x3m3_0_1_1", "k": "2", "rule": "median"},
    "a file's": {"edits": "file-0123456789abcdef", "data": "moons", "points": "15", "rule": "medoid"},
    "a table": {"data": "penguins", "k": "3", "standardize": "yes", "missing": "fill"},
    "three columns": {"data": "iris", "columns": "sepal length (cm),sepal width (cm),petal length (cm)", "k": "2"},
    "no table": {"data": "table", "table": "0123456789abcdef", "columns": "a,b"},
}
# Pages without settings read no more of them than what is mangled, and to try every K takes seconds on any data.
FEW = {script: ["mangled"] for script in WITHOUT_SETTINGS} | {"pages/how_many.py": ["mangled", "one point", "no table"]}
MALFORMED = [(script, name) for script in SCRIPTS for name in FEW.get(script, MALFORMED_LINKS)]


@pytest.mark.parametrize(("script", "name"), MALFORMED)
def test_a_malformed_link_opens_a_working_page(script: str, name: str) -> None:
    link = MALFORMED_LINKS[name]
    app = open_page(script, **link)
    needs_file = "file-" in link.get("edits", "")
    assert bool(app.warning) == ("banana" in link.values() or needs_file)


@pytest.mark.parametrize("script", ["pages/starts.py", "pages/how_many.py"])
def test_work_of_minutes_waits_for_a_click(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "SAMPLE_POINTS", 50)
    app = open_page(script, data="blobs", points="1000000", rule="medoid")
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    assert "1,000,000 points" in html, "it says why the page waits"
    is_sampled = script == "pages/how_many.py"  # a sample answers until the visitor decides
    assert bool(app.get("plotly_chart")) == is_sampled
    assert message("shell.compute") in [button.label for button in app.button]


@pytest.mark.parametrize("script", ["pages/starts.py", "pages/how_many.py"])
def test_long_work_starts_after_a_click(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "UNASKED_SECONDS", 0)
    app = open_page(script, **SMALL)
    assert not app.get("plotly_chart")
    check(next(button for button in app.button if button.label == message("shell.compute")).click().run())
    assert app.get("plotly_chart")
    assert message("shell.compute") not in [button.label for button in app.button]
    check(next(slider for slider in app.slider if slider.label == message("settings.size_spread")).set_value(0.5).run())
    assert not app.get("plotly_chart"), "what is asked for now was not asked for before"


@pytest.mark.parametrize("script", WITHOUT_SETTINGS)
def test_a_page_without_settings_keeps_those_of_the_session(script: str) -> None:
    app = open_page(script)
    app.switch_page("app.py").run()
    choose_data(app, "moons")
    app.number_input(key="moons.points").set_value(150).run()
    app.slider(key="k").set_value(4).run()
    app.switch_page(script).run()
    for _ in range(3):
        check(app.run())
    query = app.get("page_link")[0].proto.query_string
    assert {"data=moons", "points=150", "k=4"} <= set(query.split("&"))


def test_another_dataset_has_its_default_sizes_whatever_an_earlier_link_said() -> None:
    app = open_page("pages/tutorial.py", data="moons", points="70", k="2")
    app.switch_page("app.py")
    app.query_params.update(data="rings")
    app.run()
    choose_data(app, "moons")
    assert app.number_input(key="moons.points").value == dict(POST.with_data("moons").sizes)["points"]


def test_a_link_that_is_clicked_before_a_change_arrives_keeps_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_STALE_SECONDS", SECONDS)  # however slow the machine
    app = open_page("pages/starts.py", **SMALL)
    links = parse_qs(app.get("page_link")[0].proto.query_string)
    app.slider(key="k").set_value(5).run()
    app.switch_page("app.py")
    app.query_params.update(links)
    check(app.run())
    assert app.slider(key="k").value == 5
    assert app.query_params["k"] == "5"


def test_more_edits_than_fit_in_a_link_are_kept_on_other_pages() -> None:
    app = open_page("pages/starts.py", **SMALL, edits=encode_edits(MANY_POINTS[:100]))
    app.session_state["settings"] = replace(app.session_state["settings"], edits=MANY_POINTS)
    app.run()
    (file,) = parse_qs(app.get("page_link")[0].proto.query_string)["edits"]
    assert file == drawing_name(encode_edits(MANY_POINTS))
    app.switch_page("pages/compare.py")
    app.query_params.update(edits=file)
    check(app.run())
    assert app.session_state["settings"].edits == MANY_POINTS
    assert not app.warning


def test_missing_edits_are_a_warning() -> None:
    app = open_page("pages/compare.py", **SMALL, edits=drawing_name(encode_edits(MANY_POINTS)))
    assert app.warning[0].value == message("shell.edits_elsewhere")


def test_loading_the_blogs_example_removes_the_warning_about_a_link() -> None:
    app = open_page("pages/starts.py", rule="mode")
    assert app.warning
    next(button for button in app.sidebar.button if button.label == message("settings.blog_example_button")).click()
    assert not check(app.run()).warning


def test_an_unknown_number_of_runs_in_a_link_is_a_warning_on_a_working_page() -> None:
    app = open_page("pages/starts.py", **SMALL, n_init="7")
    title = message("starts.run_count")
    assert message_pattern("settings.link_not_an_option", title=title, text="“7”").search(app.warning[0].value)
    assert app.get("plotly_chart")
