"""A run, or several on the same points, as one block of bytes that the browser plays without asking again.

Layout: a block of facts about the visitor, a block of facts about the run, and the arrays, each at the 4-byte aligned
offset that the run's facts give. A block is its length (``uint32``, little-endian) and that much JSON. Labels are sent
whole once and then as what changed, when that is shorter; centers, and which clusters are active, where they change.
Texts and code that many half-steps share are sent once, and a half-step says which are its own.

Of very many points, their tiles are sent (``ui.player.tiles``): the labels are then those of the groups.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import BACKENDS, RULES, Phase, RunConfig, Step, Trace
from kmeans_core.types import Centers, Points, all_active
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS
from ui.player.tiles import Groups, Indices, Tiles, grouped, tiled
from ui.settings.points import Projection, Rows
from ui.text.code_excerpts import Excerpt, code_of, kind_of
from ui.text.explanation import Explanation, explain
from ui.text.formula_examples import example
from ui.text.other_costs import other_costs
from ui.text.step_sentences import step_sentence

VERSION: Final = 1
_ALIGNMENT: Final = 4

ALL_DRAWN: Final = 100_000
"""The most points that are sent, and drawn, one by one."""

_MOST_BYTES: Final = 2_500_000
"""The most bytes of tiles and their labels, so that with all words a run stays below 3 MB."""

_TILES: Final = 256
"""How many tiles the picture's longer side has, if they fit those bytes."""

_EVERYTHING: Final = slice(None)

Some = Indices | slice
"""Which points' labels are sent."""

_MOST_FEATURES: Final = 300_000
"""The most numbers of points in more than two features that are sent, so that their distances can be told."""

Axes = tuple[str, str] | None


class _Arrays:
    """Arrays laid end to end, each remembered by its offset."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> dict[str, Any]:
        """Append an array and return where it is: ``offset`` in bytes, ``length`` in items and ``type``."""
        # Browsers read typed arrays in the machine's own order, which is little-endian wherever they run.
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        place = {"offset": self.size, "length": little.size, "type": f"{array.dtype.kind}{array.dtype.itemsize}"}
        content = little.tobytes()
        self.chunks.append(content + b"\0" * (-len(content) % _ALIGNMENT))
        self.size += len(self.chunks[-1])
        return place


class _Texts:
    """Texts, each sent once however often it is said."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Return the text's index among all of them."""
        return self.known.setdefault(text, len(self.known))


def _label_arrays(step: Step, before: Step, some: Some, arrays: _Arrays) -> dict[str, Any]:
    """Append the labels of an assign: those of all that is drawn, or those that changed and where."""
    assert step.compact_labels is not None
    labels = step.compact_labels[some].astype(np.uint8)
    if before.compact_labels is not None:
        changed = np.flatnonzero(labels != before.compact_labels[some])
        if len(changed) * 5 < len(labels):
            return {"index": arrays.add(changed.astype(np.uint32)), "labels": arrays.add(labels[changed])}
    return {"labels": arrays.add(labels)}


def _words(explanation: Explanation, texts: _Texts) -> list[int]:
    """Return where each text of an explanation is."""
    return [texts.place(getattr(explanation, field.name)) for field in fields(Explanation)]


def _code(code: Mapping[str, Sequence[Excerpt]]) -> dict[str, Any]:
    """Describe the excerpts, each once, and which of them belong to each kind of half-step."""
    excerpts = list(dict.fromkeys(excerpt for several in code.values() for excerpt in several))
    return {
        "kinds": {kind: [excerpts.index(excerpt) for excerpt in several] for kind, several in code.items()},
        "excerpts": [
            {
                "file": excerpt.file,
                "function": excerpt.function,
                "marked": excerpt.marked,
                # Text and look by turns.
                "lines": [[part for piece in line for part in piece] for line in excerpt.lines],
            }
            for excerpt in excerpts
        ],
    }


def _step_header(
    trace: Trace, index: int, *, names: Sequence[int], some: Some, arrays: _Arrays, projection: Projection | None
) -> dict[str, Any]:
    """Describe one half-step and append its arrays."""
    step = trace[index]
    header: dict[str, Any] = {
        "phase": step.phase.value,
        "iteration": step.iteration,
        "cost": step.cost,
        "reassigned": step.moved,
        "seconds": step.seconds,
        "sentence": step_sentence(trace, index, names),
        "empty": [{"cluster": empty.cluster, "policy": empty.policy} for empty in step.relocated],
    }
    if index == 0 or trace.active(index) is not trace.active(index - 1):
        header["active"] = trace.active(index).tolist()
    if step.phase is Phase.ASSIGN:
        header |= _label_arrays(step, trace[index - 1], some, arrays)
    else:
        header["centers"] = arrays.add(_places(step.centers, projection).astype(np.float32))
        if projection:
            header["centerCoordinates"] = arrays.add(step.centers.astype(np.float32))
    return header


def _places(points: Points | Centers, projection: Projection | None) -> Points:
    """Return where points or centers ``(m, d)`` are drawn, ``(m, 2)``."""
    return projection.places(points) if projection else points


def _run_header(
    trace: Trace, names: Sequence[int], some: Some, arrays: _Arrays, projection: Projection | None
) -> dict[str, Any]:
    """Describe a run, but for its points, and append its arrays; cluster j looks as cluster ``names[j]`` does."""
    rule = RULES[trace.config.rule]
    return {
        "k": trace.config.k,
        "rule": {
            "name": rule.name,
            "center": rule.center_word,
            "cost": rule.cost_words,
            "metric": "manhattan" if rule.distance == "cityblock" else "euclidean",
        },
        "start": trace.config.init,
        "backend": BACKENDS[trace.config.backend].title,
        "names": list(names),
        "colors": {theme: [colors[name] for name in names] for theme, colors in CLUSTER_COLORS.items()},
        "symbols": [CLUSTER_SYMBOLS[name] for name in names],
        "activeAfterMove": all_active(trace.config.k).tolist(),
        "ending": {"reason": trace.stop_reason.value, "sentence": trace.stop_sentence},
        "steps": [
            _step_header(trace, index, names=names, some=some, arrays=arrays, projection=projection)
            for index in range(len(trace))
        ],
    }


def _tiles_header(tiles: Tiles, arrays: _Arrays) -> dict[str, Any]:
    """Describe the tiles and append them."""
    return {
        "low": tiles.low,
        "size": tiles.size,
        "columns": tiles.columns,
        "numbers": arrays.add(tiles.numbers),
    }


def _groups_header(groups: Groups, arrays: _Arrays) -> dict[str, Any]:
    """Describe a run's groups and append them."""
    return {"perTile": arrays.add(groups.per_tile), "counts": arrays.add(groups.counts)}


def _drawn(
    points: Points,
    traces: Sequence[Trace],
    names: Sequence[Sequence[int]],
    *,
    equal_units: bool,
    title: str,
    axes: Axes,
    projection: Projection | None,
    rows: Rows | None,
) -> tuple[dict[str, Any], list[dict[str, Any]], _Arrays]:
    """Describe what is drawn and the runs on it, with their arrays."""
    shared = {"version": VERSION, "title": title, "n": len(points), "equalUnits": equal_units, "axes": axes}
    shared |= {"features": points.shape[1], "projection": projection.words if projection else ""}
    shared["rows"] = rows.count if rows else 0
    runs = list(zip(traces, names, strict=True))
    places = _places(points, projection)
    if len(points) <= ALL_DRAWN:
        arrays = _Arrays()
        shared["points"] = arrays.add(places.astype(np.float32))
        if projection and points.size <= _MOST_FEATURES:
            shared["coordinates"] = arrays.add(points.astype(np.float32))
        if rows and not rows.are_all:
            shared["rowNumbers"] = arrays.add(rows.numbers.astype(np.uint32))
        return shared, [_run_header(trace, own, _EVERYTHING, arrays, projection) for trace, own in runs], arrays
    longer = _TILES
    while True:
        arrays = _Arrays()
        tiles = tiled(places, longer, equal_units=equal_units)
        shared["tiles"] = _tiles_header(tiles, arrays)
        found = []
        for trace, own in runs:
            groups = grouped(tiles, trace)
            about = {"groups": _groups_header(groups, arrays)}
            found.append(about | _run_header(trace, own, groups.one_of_each, arrays, projection))
        if arrays.size <= _MOST_BYTES or longer == 1:
            return shared, found, arrays
        # The groups along a border are fewer in proportion, those within a cluster more than that.
        longer = max(1, int(0.9 * longer * _MOST_BYTES / arrays.size))


def _named_block(header: dict[str, Any], arrays: _Arrays, *configs: RunConfig) -> bytes:
    """Return all of it as bytes, with a name that changes when anything does."""
    body = b"".join(arrays.chunks)
    header["id"] = hashlib.sha256(repr(configs).encode() + body).hexdigest()[:16]
    return _block(header) + body


def pack_run(
    points: Points,
    trace: Trace,
    *,
    equal_units: bool,
    title: str,
    axes: Axes = None,
    projection: Projection | None = None,
    rows: Rows | None = None,
) -> bytes:
    """Pack a run for the player.

    Parameters
    ----------
    points : (n, d) float64
    trace : Trace
    equal_units : bool
        Whether both axes get the same scale.
    title : str
        What the points are, for a screen reader.
    axes : tuple of two str, optional
        What the axes are called.
    projection : Projection, optional
        How points of more than two features are drawn.
    rows : Rows, optional
        Which rows of a table the points are.

    Returns
    -------
    bytes
        About 8 bytes a point, 1 byte a point, and 5 bytes for every change of a label; of more than ``ALL_DRAWN``
        points less than 3 MB, whatever their number.
    """
    texts = _Texts()
    shared, (own,), arrays = _drawn(
        points,
        [trace],
        [range(trace.config.k)],
        equal_units=equal_units,
        title=title,
        axes=axes,
        projection=projection,
        rows=rows,
    )
    header = shared | own
    for index, step in enumerate(header["steps"]):
        step["explanation"] = _words(explain(trace, index), texts)
        step["example"] = example(points, trace, index)
        step["code"] = kind_of(trace, index)
    kinds = {step["code"] for step in header["steps"]}
    header |= {
        "texts": list(texts.known),
        "code": _code({kind: excerpts for kind, excerpts in code_of(trace.config).items() if kind in kinds}),
        "otherCosts": other_costs(points, trace),
    }
    return _named_block(header, arrays, trace.config)


def pack_runs(
    points: Points,
    traces: Sequence[Trace],
    names: Sequence[Sequence[int]],
    *,
    equal_units: bool,
    title: str,
    axes: Axes = None,
    projection: Projection | None = None,
    rows: Rows | None = None,
) -> bytes:
    """Pack several runs on the same points, to be seen side by side: pictures, sentences and costs alone.

    Parameters
    ----------
    points : (n, d) float64
    traces : sequence of Trace
    names : sequence of sequences of int
        For each run and each of its clusters, the cluster of the first run that it looks like.
    equal_units, title, axes, projection, rows
        As for ``pack_run``.

    Returns
    -------
    bytes
        The points once, and of each run what its half-steps are.
    """
    header, runs, arrays = _drawn(
        points, traces, names, equal_units=equal_units, title=title, axes=axes, projection=projection, rows=rows
    )
    return _named_block(header | {"runs": runs}, arrays, *(trace.config for trace in traces))


def with_session(packed: bytes, session: Mapping[str, object]) -> bytes:
    """Put what concerns one visitor alone in front of a packed run, which may be everybody's."""
    return _block(session) + packed


def as_message(facts: Mapping[str, object]) -> bytes:
    """Return facts as a message of its own, for a component that shows no run.

    Handed a dict, Streamlit would look for tables in it, and load pandas and Arrow to know one when it sees it: 60 MB
    that no page needs where nobody brings a table.
    """
    return _block(facts)


def _block(facts: Mapping[str, object]) -> bytes:
    """Return facts as JSON with their length before them, of a whole number of aligned words."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return struct.pack("<I", len(text)) + text
