"""Reads the messages that Python sends to the browser, as far as tests in Python need them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

Facts = dict[str, Any]


def read_block(message: bytes, start: int = 0) -> tuple[Facts, int]:
    """Return the facts of the block that begins at ``start``, and where it ends."""
    end = start + 4 + int.from_bytes(message[start : start + 4], "little")
    facts: Facts = json.loads(message[start + 4 : end])
    return facts, end


def read_session(message: bytes) -> Facts:
    """Return what a message says of its visitor, or, of a component without a run, all that it says."""
    return read_block(message)[0]


def read_run(message: bytes) -> Facts:
    """Return the facts of the run in a message to the player; arrays stay where they are."""
    return read_block(message, read_block(message)[1])[0]


def read_packed(packed: bytes) -> Facts:
    """Return the facts of one or more packed runs, with every array in place of its description."""
    facts, end = read_block(packed)
    filled: Facts = _with_arrays(facts, packed, end)
    return filled


def _with_arrays(value: Any, packed: bytes, start: int) -> Any:
    """Return a value of the facts with its arrays."""
    if isinstance(value, list):
        return [_with_arrays(entry, packed, start) for entry in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"offset", "length", "type"}:
        return _array(value, packed, start)
    return {key: _with_arrays(entry, packed, start) for key, entry in value.items()}


def _array(place: Facts, packed: bytes, start: int) -> NDArray[Any]:
    """Return one array."""
    at = start + place["offset"]
    assert at % 4 == 0, "typed arrays must be aligned"
    return np.frombuffer(packed, f"<{place['type']}", place["length"], at)


def as_sent(value: Any) -> Any:
    """Return a value as the browser gets it: tuples as lists."""
    return json.loads(json.dumps(value))


def with_labels(steps: list[Facts]) -> list[Facts]:
    """Give every step the labels that hold in it."""
    labels = None
    for step in steps:
        if "index" in step:
            assert labels is not None
            labels = labels.copy()
            labels[step["index"]] = step["labels"]
        elif "labels" in step:
            labels = step["labels"]
        step["labels"] = labels
    return steps
