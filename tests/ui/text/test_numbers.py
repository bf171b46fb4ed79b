"""Numbers on the screen: the vectors that the browser's tests read too, and what only Python writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kmeans_core.messages.lists import enumeration, joined, joined_clauses
from kmeans_core.messages.numbers import FORMATS, amounts, shares
from tools.paths import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests" / "vectors" / "numbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.get("format") or vector["list"])
def test_numbers_are_written_as_the_vectors_say(vector: dict[str, Any]) -> None:
    if vector.get("list") == "amounts":
        assert amounts(vector["numbers"]) == vector["expected"]
    else:
        assert [FORMATS[vector["format"]](number) for number in vector["numbers"]] == vector["expected"]


def test_every_format_has_vectors() -> None:
    assert {vector["format"] for vector in VECTORS if "format" in vector} == FORMATS.keys()


def test_numbers_are_joined() -> None:
    assert [enumeration(numbers) for numbers in ([3], [1, 2], [1, 2, 5])] == ["3", "1 and 2", "1, 2, and 5"]


def test_a_match_that_is_not_perfect_does_not_read_so() -> None:
    assert shares([0.998, 0.5]) == ["0.998", "0.500"]
    assert shares([1.0, -0.25]) == ["1.00", "\N{MINUS SIGN}0.25"]


@pytest.mark.parametrize("vector", json.loads((ROOT / "tests" / "vectors" / "lists.json").read_text(encoding="utf-8")))
def test_names_are_joined(vector: dict[str, Any]) -> None:
    assert joined(vector["items"]) == vector["expected"]


def test_clauses_are_joined() -> None:
    assert joined_clauses(["a and b", "c", "d"]) == "a and b; c; d"
