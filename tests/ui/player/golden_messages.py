"""Small messages to the player, and what the browser must read in them: the files in ``tests/golden/protocol``.

``python -m tests.ui.player.golden_messages`` rewrites them after a change of the messages. A test compares them with
what the code writes now, and ``tests/web/protocol.test.js`` reads them. Texts are stand-ins, so that no file changes
with the wording.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import PropertyMock, patch

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Phase, RunConfig, Trace, branch, run
from kmeans_core.arrays import Points
from tools.paths import ROOT
from ui.player import protocol
from ui.player.schema import RuleFacts
from ui.player.session_facts import CompactLayout, HistoryAction, PlayerSession, RunChoiceFacts
from ui.player.tiles import make_groups, make_tiles
from ui.settings.projections import Projection
from ui.settings.rows import Rows
from ui.text.explanation import Explanation

FOLDER = ROOT / "tests/golden/protocol"
SESSION = PlayerSession(
    undo=HistoryAction(is_available=True, step=2),
    choices=RunChoiceFacts(k=3, low=1, high=12),
    locked=("data",),
    points_left=7,
    note="Ünïcode · note",
    compact=CompactLayout(parts=("table",), still=True, view={"step": "2"}),
)
TITLE = "Twelve points, “quoted”"


def golden_files() -> dict[Path, bytes]:
    """Return all files with their contents."""
    files = {}
    with ExitStack() as stack:
        for stand_in in _stand_ins():
            stack.enter_context(stand_in)
        for name, message, expected in _messages():
            files[FOLDER / f"{name}.bin"] = message
            files[FOLDER / f"{name}.json"] = (json.dumps(expected, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def _stand_ins() -> Iterator[Any]:
    """Yield patches that keep wording, code, and measured times out of the files."""
    texts = Explanation("What", "Numbers", "Cost", "Next")
    yield patch.object(protocol, "explain", lambda _trace, _index: texts)
    yield patch.object(protocol, "step_sentence", lambda _trace, index, _names: f"Sentence {index}")
    yield patch.object(protocol, "code_of", lambda _config: {})
    yield patch.object(protocol, "kind_of", lambda _trace, _index: "kind")
    yield patch.object(protocol, "other_costs", lambda _points, _trace: [])
    rule: RuleFacts = {"name": "mean", "center": "center", "cost": "cost", "metric": "euclidean"}
    yield patch.object(protocol, "_rule_facts", lambda _rule: rule)
    yield patch.object(Trace, "stop_sentence", new_callable=PropertyMock, return_value="The end.")


def _messages() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Yield each message with its name and what is expected of it."""
    flat = np.random.default_rng(0).normal(size=(12, 2)).round(3)
    trace = _edited_run(flat)
    packed = protocol.pack_run(flat, trace, equal_units=True, title=TITLE, axes=("x", "y"))
    yield "points", protocol.with_session(packed, SESSION), _expected_facts(flat, trace) | {"note": SESSION.note}
    yield "features", *_features()
    with patch.object(protocol, "ALL_DRAWN", 5), patch.object(protocol, "_TILES", 3):
        packed = protocol.pack_run(flat, trace, equal_units=False, title=TITLE)
    yield "tiles", protocol.with_session(packed, SESSION), _expected_tiles(flat, trace)
    median_trace = _with_times(run(flat, RunConfig(k=2, init="farthest", rule="median")))
    packed = protocol.pack_runs(flat, [trace, median_trace], [range(3), [2, 0]], equal_units=True, title=TITLE)
    runs = [_expected_facts(flat, trace), _expected_facts(flat, median_trace, names=[2, 0])]
    yield "comparison", protocol.with_session(packed, SESSION), {"runs": runs}


def _with_times(trace: Trace) -> Trace:
    """Return a trace whose steps took as long as each other."""
    return replace(trace, steps=tuple(replace(step, seconds=0.001) for step in trace.steps))


def _edited_run(points: Points) -> Trace:
    """Return a run that drops a cluster, which comes back when its center is moved."""
    start = ((0.0, 0.0), (1.0, 0.5), (90.0, 90.0))
    trace = run(points, RunConfig(k=3, init="given", given=start, empty="drop"))
    centers = trace[2].centers.copy()
    centers[2] = points[3]
    return _with_times(branch(points, trace, 2, centers))


def _features() -> tuple[bytes, dict[str, Any]]:
    """Return a message with points of three features, which are rows of a table, and what is expected of it."""
    points = np.random.default_rng(1).normal(size=(10, 3)).round(3)
    projection = Projection(np.zeros(3), np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), "A projection.")
    rows = Rows(11, np.array([1, 2, 3, 5, 6, 7, 8, 10, 11, 12]))
    trace = _with_times(run(points, RunConfig(k=2, init="random", seed=3)))
    packed = protocol.pack_run(points, trace, equal_units=True, title=TITLE, projection=projection, rows=rows)
    expected = _expected_facts(points, trace, projection=projection)
    expected |= {"rowNumbers": rows.numbers.tolist(), "coordinates": _numbers(points)}
    return protocol.with_session(packed, PlayerSession()), expected


def _numbers(array: NDArray[Any]) -> list[float]:
    """Return numbers as a browser reads them: in single precision, one after another."""
    values: list[float] = array.astype(np.float32).astype(np.float64).ravel().tolist()
    return values


def _expected_facts(
    points: Points, trace: Trace, *, names: list[int] | None = None, projection: Projection | None = None
) -> dict[str, Any]:
    """Return what the browser must know of a run, from the run itself."""
    places = projection.places(points) if projection else points
    steps = [_expected_step(trace, index, projection) for index in range(len(trace))]
    k = trace.config.k
    return {"title": TITLE, "n": len(points), "k": k, "names": names or [*range(k)], "points": _numbers(places)} | {
        "steps": steps
    }


def _expected_step(trace: Trace, index: int, projection: Projection | None) -> dict[str, Any]:
    """Return what the browser must know at a half-step."""
    step, before = trace[index], trace[index - 1].labels if index else None
    reassigned = None
    if step.phase is Phase.ASSIGN and before is not None and step.labels is not None:
        reassigned = np.flatnonzero(step.labels != before).tolist()
    return {
        "phase": step.phase.value,
        "iteration": step.iteration,
        "cost": step.cost,
        "reassigned": step.reassigned,
        "sentence": f"Sentence {index}",
        "active": trace.active(index).tolist(),
        "centers": _numbers(projection.places(step.centers) if projection else step.centers),
        "centerCoordinates": _numbers(step.centers) if projection else None,
        "labels": None if step.labels is None else step.labels.tolist(),
        "changed": reassigned,
        "sizes": None if step.labels is None else np.bincount(step.labels, minlength=trace.config.k).tolist(),
    }


def _expected_tiles(points: Points, trace: Trace) -> dict[str, Any]:
    """Return what the browser must know of a run on tiles: labels are those of a point of each group."""
    tiles = make_tiles(points, 3, equal_units=False)
    groups = make_groups(tiles, trace)
    expected = _expected_facts(points, trace)
    for step in expected["steps"]:
        if step["labels"] is not None:
            step["labels"] = [step["labels"][point] for point in groups.representatives]
    for before, now in pairwise(expected["steps"]):
        if now["changed"] is not None:
            now["changed"] = [
                i for i, pair in enumerate(zip(before["labels"], now["labels"], strict=True)) if len({*pair}) > 1
            ]
    middles = np.array(tiles.low) + (np.stack(np.divmod(tiles.numbers, 3)[::-1], axis=1) + 0.5) * tiles.size
    expected["points"] = _numbers(middles)
    of_tile = tiles.tile_of[groups.representatives].tolist()
    return expected | {
        "counts": groups.counts.tolist(),
        "tileOf": of_tile,
        "totals": np.bincount(tiles.tile_of).tolist(),
    }


if __name__ == "__main__":
    for path, content in golden_files().items():
        path.write_bytes(content)
