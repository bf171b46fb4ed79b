"""Drawings that people saved as files open as they were drawn; ``tests/web/edits.test.js`` reads the same files."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from ui.settings.edits import Add, Erase, Move
from ui.settings.links import decode
from ui.settings.player_actions import open_drawing
from ui.settings.run_input import run_input

SAVED = sorted(Path(__file__).with_name("saved").glob("drawing*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_drawing_opens_as_it_was_drawn(path: Path) -> None:
    file = json.loads(path.read_text(encoding="utf-8"))
    settings, complaints = decode(dict(parse_qsl(file["link"])))
    assert complaints == []
    settings = open_drawing(settings, file["edits"])
    places = [(round(-1 + i % 21 / 10, 2), round(2 + i // 21 / 10, 2)) for i in range(200)]
    assert settings.edits == (*map(Add, places), *map(Erase, range(5)), Move(4, 1, (0.5, 2.25)))
    assert (settings.data, settings.k, settings.seed, settings.init) == ("moons", 3, 4, "random")
    inputs = run_input(settings)
    assert len(inputs.points) == 1000 + 200 - 5
    assert inputs.points[-200:].tolist() == [list(place) for place in places]
    assert inputs.trace()[5].centers[1].tolist() == [0.5, 2.25]


def test_drawings_of_every_kind_are_saved_here() -> None:
    assert [path.stem for path in SAVED] == ["drawing-with-old-names", "drawing"]
