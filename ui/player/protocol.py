"""The message from Python to the player: one run, or several on the same points, as bytes.

A message is a block of what concerns one visitor (``ui.player.session_facts``), a block of what is the same for
everybody (``ui.player.schema``), and the arrays that the second block refers to (``ui.player.blocks``). The browser
plays all of it without asking again.

Labels are sent whole once, and then as changes where that is shorter; centers, and which clusters take part, where they
change. Texts and code that several half-steps share are sent once. Points that are too many to draw are sent as tiles
(``ui.player.tiles``), and labels are then those of the groups of points in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, NotRequired, TypedDict, Unpack, cast

import numpy as np
from numpy.typing import NDArray

from kmeans_core import BACKENDS, RULES, Phase, Step, Trace
from kmeans_core.arrays import Centers, Points, all_active
from kmeans_core.checkpoints import checkpoint
from kmeans_core.rules import Rule
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS
from ui.player.blocks import ArrayBuffer, block
from ui.player.schema import CodeFacts, GroupFacts, RuleFacts, RunFacts, SceneFacts, StepFacts, TileFacts
from ui.player.session_facts import ComparisonSession, PlayerSession, as_facts
from ui.player.tiles import Groups, Indices, Tiles, make_groups, make_tiles
from ui.settings.projections import Projection
from ui.settings.rows import Rows
from ui.text.code_excerpts import Excerpt, code_of, kind_of
from ui.text.explanation import SHOWN_COORDINATES, explain
from ui.text.file_names import file_stem
from ui.text.formula_examples import example
from ui.text.other_costs import other_costs
from ui.text.step_sentences import step_sentence

ALL_DRAWN: Final = 100_000
"""The most points that are sent, and drawn, one by one."""

_MAX_TILE_BYTES: Final = 2_500_000
"""Limit for the arrays of a run on tiles, so that it stays below 3 MB with all texts."""

_TILES: Final = 256
"""Tiles along the longer side of the picture, if they fit those bytes."""

_MAX_COORDINATES: Final = 300_000
"""The most coordinates of points in more than two features that are sent, so that the browser knows their distances."""

_EVERY_POINT: Final = slice(None)

Selection = Indices | slice
"""The points whose labels are sent."""


class Look(TypedDict):
    """How points are shown.

    ``equal_units``: whether both axes have the same scale; ``title``: what the points are; ``axes``: names of the axes;
    ``projection``: how points of more than two features are drawn; ``rows``: the rows of a table that the points are.
    """

    equal_units: bool
    title: str
    axes: NotRequired[tuple[str, str] | None]
    projection: NotRequired[Projection | None]
    rows: NotRequired[Rows | None]


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """Points ``(n, d) float64`` and how they are shown."""

    points: Points
    look: Look

    @property
    def projection(self) -> Projection | None:
        return self.look.get("projection")

    @property
    def rows(self) -> Rows | None:
        return self.look.get("rows")

    def places(self, points: Points | Centers) -> Points:
        """Return where points or centers ``(m, d)`` are drawn, ``(m, 2)``."""
        return self.projection.places(points) if self.projection else points

    def facts(self) -> SceneFacts:
        """Return what all runs share, without arrays."""
        return {
            "title": self.look["title"],
            "n": len(self.points),
            "features": self.points.shape[1],
            "equalUnits": self.look["equal_units"],
            "axes": self.look.get("axes"),
            "projection": self.projection.words if self.projection else "",
            "rows": self.rows.count if self.rows else 0,
            "shownCoordinates": SHOWN_COORDINATES,
        }


def pack_run(points: Points, trace: Trace, **look: Unpack[Look]) -> bytes:
    """Return a run as bytes, with its explanations, code, and costs by other rules.

    Parameters
    ----------
    points : (n, d) float64
    trace : Trace
    look : Look

    Returns
    -------
    bytes
        About 9 bytes a point and 5 bytes for every change of a label; less than 3 MB for more than ``ALL_DRAWN``
        points.
    """
    scene, (facts,), arrays = _pictures(_Scene(points, look), [trace], [range(trace.config.k)])
    texts: dict[str, int] = {}
    for index, step in enumerate(facts["steps"]):
        checkpoint()
        explanation = explain(trace, index)
        sentences = [getattr(explanation, field.name) for field in fields(explanation)]
        step["explanation"] = [texts.setdefault(text, len(texts)) for text in sentences]
        step["example"] = example(points, trace, index)
        step["code"] = kind_of(trace, index)
    kinds = {step["code"] for step in facts["steps"]}
    facts["texts"] = list(texts)
    facts["code"] = _code_facts({kind: excerpt for kind, excerpt in code_of(trace.config).items() if kind in kinds})
    facts["otherCosts"] = cast("Any", other_costs(points, trace))
    return _with_identity({**scene, **facts}, arrays, [trace])


def pack_runs(points: Points, traces: Sequence[Trace], names: Sequence[Sequence[int]], **look: Unpack[Look]) -> bytes:
    """Return several runs on the same points as bytes, to be seen side by side: pictures, sentences, and costs alone.

    Parameters
    ----------
    points : (n, d) float64
    traces : sequence of Trace
    names : sequence of sequences of int
        For each run and each of its clusters, the cluster of the first run whose color, shape, and number it has.
    look : Look
    """
    scene, runs, arrays = _pictures(_Scene(points, look), traces, names)
    return _with_identity({**scene, "runs": runs}, arrays, traces)


def with_session(packed: bytes, session: PlayerSession | ComparisonSession) -> bytes:
    """Return a whole message: what concerns one visitor, and a packed run, which may be everybody's."""
    return block(as_facts(session)) + packed


def as_message(facts: Mapping[str, object]) -> bytes:
    """Return facts as a message, for a component that shows no run.

    Streamlit looks for tables in a dict, and imports pandas and PyArrow for that: 60 MB that a page without an upload
    does not need.
    """
    return block(facts)


def _with_identity(facts: dict[str, Any], arrays: ArrayBuffer, traces: Sequence[Trace]) -> bytes:
    """Return facts and arrays as bytes, with an id that differs between runs that differ in anything."""
    body = bytes(arrays)
    configs = tuple(trace.config for trace in traces)
    facts["id"] = hashlib.sha256(repr(configs).encode() + body).hexdigest()[:16]
    return block(facts) + body


# --- Pictures: what one run and several have in common


def _pictures(
    scene: _Scene, traces: Sequence[Trace], names: Sequence[Sequence[int]]
) -> tuple[SceneFacts, list[RunFacts], ArrayBuffer]:
    """Return the facts of the points and of the runs on them, and their arrays."""
    if len(scene.points) <= ALL_DRAWN:
        return _pictures_of_points(scene, traces, names)
    along = _TILES
    while True:
        facts, runs, arrays = _pictures_of_tiles(scene, traces, names, along)
        if arrays.size <= _MAX_TILE_BYTES or along == 1:
            return facts, runs, arrays
        # Larger tiles hold fewer groups along borders in proportion, but more within a cluster.
        along = max(1, int(0.9 * along * _MAX_TILE_BYTES / arrays.size))


def _pictures_of_points(
    scene: _Scene, traces: Sequence[Trace], names: Sequence[Sequence[int]]
) -> tuple[SceneFacts, list[RunFacts], ArrayBuffer]:
    """Return what is drawn point by point."""
    facts, arrays = scene.facts(), ArrayBuffer()
    facts["points"] = arrays.add(scene.places(scene.points).astype(np.float32))
    if scene.projection and scene.points.size <= _MAX_COORDINATES:
        facts["coordinates"] = arrays.add(scene.points.astype(np.float32))
    if scene.rows and not scene.rows.are_all:
        facts["rowNumbers"] = arrays.add(scene.rows.numbers.astype(np.uint32))
    runs = zip(traces, names, strict=True)
    return (
        facts,
        [_run_facts(scene, trace, cluster_names, _EVERY_POINT, arrays) for trace, cluster_names in runs],
        arrays,
    )


def _pictures_of_tiles(
    scene: _Scene, traces: Sequence[Trace], names: Sequence[Sequence[int]], along: int
) -> tuple[SceneFacts, list[RunFacts], ArrayBuffer]:
    """Return what is drawn with so many tiles along the longer side."""
    facts, arrays = scene.facts(), ArrayBuffer()
    tiles = make_tiles(scene.places(scene.points), along, equal_units=scene.look["equal_units"])
    facts["tiles"] = _tile_facts(tiles, arrays)
    runs = []
    for trace, cluster_names in zip(traces, names, strict=True):
        groups = make_groups(tiles, trace)
        group_facts = _group_facts(groups, arrays)
        run = _run_facts(scene, trace, cluster_names, groups.representatives, arrays)
        run["groups"] = group_facts
        runs.append(run)
    return facts, runs, arrays


def _tile_facts(tiles: Tiles, arrays: ArrayBuffer) -> TileFacts:
    """Return the facts of tiles."""
    numbers = arrays.add(tiles.numbers)
    return {"low": tiles.low, "size": tiles.size, "columns": tiles.columns, "numbers": numbers}


def _group_facts(groups: Groups, arrays: ArrayBuffer) -> GroupFacts:
    """Return the facts of a run's groups."""
    return {"perTile": arrays.add(groups.per_tile), "counts": arrays.add(groups.counts)}


def _run_facts(
    scene: _Scene, trace: Trace, names: Sequence[int], selection: Selection, arrays: ArrayBuffer
) -> RunFacts:
    """Return the facts of a run whose cluster j has the color, shape, and number of cluster ``names[j]``."""
    k = trace.config.k
    return {
        "k": k,
        "rule": _rule_facts(RULES[trace.config.rule]),
        "init": trace.config.init,
        "backend": BACKENDS[trace.config.backend].title,
        "names": list(names),
        "colors": [CLUSTER_COLORS[name] for name in names],
        "symbols": [CLUSTER_SYMBOLS[name] for name in names],
        "activeAfterMove": all_active(k).tolist(),
        "fileStem": file_stem(scene.look["title"], k),
        "ending": {"reason": trace.stop_reason.value, "sentence": trace.stop_sentence},
        "steps": [
            _step_facts(scene, trace, index, names=names, selection=selection, arrays=arrays)
            for index in range(len(trace))
        ],
    }


def _rule_facts(rule: Rule) -> RuleFacts:
    """Return the facts of an algorithm."""
    metric: Literal["euclidean", "manhattan"] = "manhattan" if rule.distance == "cityblock" else "euclidean"
    return {"name": rule.name, "center": rule.center_word, "cost": rule.cost_words, "metric": metric}


def _step_facts(
    scene: _Scene, trace: Trace, index: int, *, names: Sequence[int], selection: Selection, arrays: ArrayBuffer
) -> StepFacts:
    """Return the facts of a half-step."""
    checkpoint()
    step = trace[index]
    facts: StepFacts = {
        "phase": step.phase.value,
        "iteration": step.iteration,
        "cost": step.cost,
        "reassigned": step.reassigned,
        "seconds": step.seconds,
        "sentence": step_sentence(trace, index, names),
        "empty": [{"cluster": empty.cluster, "policy": empty.policy} for empty in step.relocated],
    }
    if index == 0 or trace.active(index) is not trace.active(index - 1):
        facts["active"] = trace.active(index).tolist()
    if step.phase is Phase.ASSIGN:
        _add_labels(facts, step, trace[index - 1], selection, arrays)
    else:
        facts["centers"] = arrays.add(scene.places(step.centers).astype(np.float32))
        if scene.projection:
            facts["centerCoordinates"] = arrays.add(step.centers.astype(np.float32))
    return facts


def _add_labels(facts: StepFacts, step: Step, before: Step, selection: Selection, arrays: ArrayBuffer) -> None:
    """Add the labels of an assign: all of them, or those that changed and where."""
    assert step.compact_labels is not None
    labels: NDArray[np.uint8] = step.compact_labels[selection].astype(np.uint8)
    if before.compact_labels is not None:
        switches = np.flatnonzero(labels != before.compact_labels[selection])
        if len(switches) * 5 < len(labels):
            facts["index"] = arrays.add(switches.astype(np.uint32))
            labels = labels[switches]
    facts["labels"] = arrays.add(labels)


def _code_facts(code: Mapping[str, Sequence[Excerpt]]) -> CodeFacts:
    """Return the excerpts, each once, and which of them belong to each kind of half-step."""
    excerpts = list(dict.fromkeys(excerpt for several in code.values() for excerpt in several))
    return {
        "kinds": {kind: [excerpts.index(excerpt) for excerpt in several] for kind, several in code.items()},
        "excerpts": [
            {
                "file": excerpt.file,
                "function": excerpt.function,
                "marked": list(excerpt.marked),
                "lines": [[part for piece in line for part in piece] for line in excerpt.lines],
            }
            for excerpt in excerpts
        ],
    }
