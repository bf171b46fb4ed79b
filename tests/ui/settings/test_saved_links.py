"""Links that people saved, one of each kind the app has ever written, still mean what they meant."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tools.paths import ROOT
from ui.settings import lesson_link
from ui.settings.definitions import CONTROLS, LEGACY_NAMES
from ui.settings.edit_links import encode_edits, encode_places
from ui.settings.links import SETTING_NAMES, decode, encode, with_current_names
from ui.settings.record import OPENING, Settings
from ui.shell.session import PAGE_SETTINGS

LINES = Path(__file__).with_name("saved_links.txt").read_text(encoding="utf-8").splitlines()
PLAIN = [line for line in LINES if line and not line.startswith("#")]
SAVED_LINKS: dict[str, dict[str, Any]] = {
    link: json.loads(meaning) for link, meaning in zip(PLAIN[::2], PLAIN[1::2], strict=True)
}
RENAMED_PAGES = {"knobs": "sweep", "teach": "tutorial"}

# What a link has always meant by leaving a setting out.
LINK_DEFAULTS = {
    **{"data": "post", "sizes": {"blobs": 6, "points_per_blob": 512, "spread": 1.0}, "data_seed": 0, "k": 6},
    **{"init": "random", "rule": "mean", "empty": "keep", "backend": "numpy", "seed": 0, "max_iter": 300},
    **{"centers": "", "edits": "", "file": "", "table": None},
}


# Controls that a link with "everything" means, too, and that did not exist then.
NEW_CONTROLS = frozenset(CONTROLS) - {"data", "k", "init", "rule", "backend", "seed", "max_iter", "empty", "centers"}


def query_of(link: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def plain(settings: Settings) -> dict[str, Any]:
    """The settings as JSON can say them."""
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    values |= {"centers": encode_places(settings.centers), "edits": encode_edits(settings.edits)}
    values["sizes"] = dict(settings.sizes)
    if use := settings.table:
        choice = {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(use.choice).items()
        }
        values["table"] = choice | {"digest": use.digest, "axes": list(use.axes), "numbers": list(use.numbers)}
    return values


@pytest.mark.parametrize("link", SAVED_LINKS)
def test_a_saved_link_means_the_settings_that_it_meant(link: str) -> None:
    settings, complaints = decode(query_of(link))
    meaning = {name: value for name, value in SAVED_LINKS[link].items() if name in LINK_DEFAULTS}
    values = {
        name: value for name, value in plain(settings).items() if name in LINK_DEFAULTS
    }  # later settings do not matter
    has_settings = SETTING_NAMES & with_current_names(query_of(link)).keys()
    assert (values, complaints) == ((LINK_DEFAULTS if has_settings else plain(OPENING)) | meaning, [])
    assert decode(encode(settings)) == (settings, []), "nor is anything lost when it is rewritten"


@pytest.mark.parametrize("link", [link for link in SAVED_LINKS if "lesson" in SAVED_LINKS[link]])
def test_a_saved_lesson_link_locks_and_hides_what_it_did(link: str) -> None:
    lesson, complaints = lesson_link.decode(query_of(link))
    controls = lesson.locked - (NEW_CONTROLS if "everything" in link else frozenset())
    values = asdict(lesson) | {"locked": sorted(controls), "hidden": sorted(lesson.hidden)}
    assert (values, complaints) == (SAVED_LINKS[link]["lesson"], [])


@pytest.mark.parametrize("link", [link for link in SAVED_LINKS if "page" in SAVED_LINKS[link]])
def test_a_saved_link_to_a_page_sets_what_it_set_and_is_not_rewritten(link: str) -> None:
    name, query = urlsplit(link).path.strip("/"), query_of(link)
    script = f"pages/{RENAMED_PAGES.get(name, name)}.py"
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(script)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    assert not app.warning, [warning.value for warning in app.warning]
    values = {name: app.session_state[name] for name in SAVED_LINKS[link]["page"]}
    assert values == SAVED_LINKS[link]["page"]
    # The way back to the page, from another one, has the current names.
    assert app.session_state[PAGE_SETTINGS.key][script] == {name: str(value) for name, value in values.items()}
    # A rewritten address would be one more step back, to the same page.
    assert {
        name: list(text)[-1] if isinstance(text, list) else text for name, text in app.query_params.items()
    } == query


def test_every_older_name_is_in_a_saved_link() -> None:
    assert {*LEGACY_NAMES, "title", "question", "lock", "without"} <= set().union(*map(query_of, SAVED_LINKS))
