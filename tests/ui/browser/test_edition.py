"""The state of a page of the browser edition: links, edits, and values of the panel."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from kmeans_core import DATASETS
from tests.messages import read_packed
from ui.browser.edition import Answer, Edition
from ui.settings.definitions import BY_NAME, NEW_SEEDS
from ui.settings.links import decode, encode
from ui.settings.record import OPENING, blog_example
from ui.text.messages import message


def page_of(answer: Answer) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(answer.page)
    return facts


def field_of(answer: Answer, name: str) -> dict[str, Any]:
    return next(entry for entry in page_of(answer)["fields"] if entry["name"] == name)


def session_of(answer: Answer) -> dict[str, Any]:
    length = int.from_bytes(answer.content[:4], "little")
    facts: dict[str, Any] = json.loads(answer.content[4 : 4 + length])
    return facts


def sentences_of(answer: Answer) -> list[str]:
    """Return what the run says at each half-step."""
    length = int.from_bytes(answer.content[:4], "little")
    return [step["sentence"] for step in read_packed(answer.content[4 + length :])["steps"]]


@pytest.fixture
def edition() -> Edition:
    return Edition()


def test_without_settings_it_opens_on_the_app_s_own_example(edition: Edition) -> None:
    assert page_of(edition.open(""))["query"] == encode(OPENING)
    assert page_of(edition.open("step=3&hide=cells"))["query"] == encode(OPENING), "a view is no setting"


@pytest.mark.parametrize("query", ["data=rings&k=3&rule=median", "data=moons&init=given&centers=c0_0c1_1&edits=a1_2"])
def test_a_link_of_the_app_gives_the_same_settings_and_run(query: str, edition: Edition) -> None:
    answer = edition.open(query)
    settings, problems = decode(dict(part.split("=") for part in query.split("&")))
    assert not problems
    assert page_of(answer)["query"] == encode(settings)
    assert page_of(answer)["notices"] == []


def test_what_a_link_says_wrong_is_said(edition: Edition) -> None:
    notices = page_of(edition.open("data=moons&k=99"))["notices"]
    assert len(notices) == 1
    assert "“99”" in notices[0]
    assert page_of(edition.open("data=iris"))["notices"] == [message("browser.no_tables")]


def test_every_setting_but_the_backend_has_a_field_with_its_value(edition: Edition) -> None:
    answer = edition.open("data=post&points_per_blob=20&k=4")
    names = [entry["name"] for entry in page_of(answer)["fields"]]
    assert set(BY_NAME) - {"backend"} <= set(names)
    assert names[1:4] == ["blobs", "points_per_blob", "spread"], "sizes come after their dataset"
    assert [value for value, _, _ in field_of(answer, "data")["options"]] == list(DATASETS)
    assert (field_of(answer, "k")["value"], field_of(answer, "k")["high"]) == ("4", 12)
    assert field_of(answer, "seed")["isSeed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("k", "3"), ("points", "40"), ("rule", "medoid"), ("seed", str(NEW_SEEDS - 1)), ("init", "given")],
)
def test_a_chosen_value_is_in_the_link_and_opens_again(name: str, value: str, edition: Edition) -> None:
    edition.open("data=moons&points=30")
    answer = edition.choose(name, value, 0)
    assert field_of(answer, name)["value"] == value
    again = Edition().open(urlencode(page_of(answer)["query"]))
    assert page_of(again)["query"] == page_of(answer)["query"]
    assert sentences_of(again) == sentences_of(answer)


def test_another_dataset_has_its_own_sizes_and_groups(edition: Edition) -> None:
    edition.open("data=moons&points=30&edits=a1_2")
    answer = edition.choose("data", "rings", 2)
    assert page_of(answer)["query"] == encode(decode({"data": "moons"})[0].with_data("rings"))
    session = session_of(answer)
    assert (session["goToStep"], session["undo"]["isAvailable"]) == (0, True)
    assert page_of(edition.act('{"kind": "undo"}', 0))["query"]["edits"] == "a1_2"


@pytest.mark.parametrize(("name", "value"), [("k", "0"), ("points", "many"), ("rule", "mode"), ("seed", "-1")])
def test_a_value_that_cannot_be_used_is_said_and_changes_nothing(name: str, value: str, edition: Edition) -> None:
    before = page_of(edition.open("data=moons&points=30"))
    after = page_of(edition.choose(name, value, 0))
    assert after["query"] == before["query"]
    assert f"“{value}”" in after["notices"][0]
    assert page_of(edition.choose("k", "2", 0))["notices"] == [], "until something else is chosen"


def test_edits_are_applied_undone_and_refused(edition: Edition) -> None:
    edition.open("data=moons&points=30&lock=k")
    assert page_of(edition.act('{"kind": "add", "places": [[1, 2]]}', 0))["query"]["edits"] == "a1_2"
    assert "edits" not in page_of(edition.act('{"kind": "undo"}', 0))["query"]
    answer = edition.act('{"kind": "k", "k": 4}', 0)
    assert "k" not in page_of(answer)["query"]
    assert session_of(answer)["note"] == f"{message('player_edits.locked', part='k')}."
    assert field_of(answer, "k")["isLocked"]
    assert page_of(answer)["query"]["lock"] == "k", "the lock stays in the link"
    assert session_of(edition.act('"nonsense"', 0))["refusals"] == 2


def test_a_hidden_setting_has_no_field(edition: Edition) -> None:
    names = [entry["name"] for entry in page_of(edition.open("hide_settings=rule&title=Lesson 1"))["fields"]]
    assert "rule" not in names
    assert "k" in names


def test_the_examples_are_a_click_away(edition: Edition) -> None:
    edition.open("data=moons&points=30")
    assert page_of(edition.example("blog", 0))["query"] == encode(blog_example())
    assert page_of(edition.example("opening", 0))["query"] == encode(OPENING)
