"""Types of the facts in a message from Python to the browser. ``declarations.py`` writes them as TypeScript, too.

Keys are written as JavaScript writes them. A key that may be absent is ``NotRequired``; a value that may be missing is
``None``.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NotRequired, TypedDict

VERSION: Final = 2
"""Of the messages; raise it with every change that scripts of the version before could not read."""


class ThemeColors(TypedDict):
    """A color of each cluster, on each theme."""

    light: list[str]
    dark: list[str]


ArrayType = Literal["f4", "u4", "u2", "u1"]
"""The types of arrays in a message, as NumPy calls them."""


class ArrayPlace(TypedDict):
    """Where an array is behind the facts: ``offset`` in bytes, ``length`` in items."""

    offset: int
    length: int
    type: ArrayType


class RuleFacts(TypedDict):
    """An algorithm: its name, what its centers and its cost are called, and how it measures distance."""

    name: str
    center: str
    cost: str
    metric: Literal["euclidean", "manhattan"]


class EmptyClusterFacts(TypedDict):
    """A cluster that lost all its points, and what was done about it."""

    cluster: int
    policy: str


class StepFacts(TypedDict):
    """One half-step. Arrays, and ``active``, are there only where they change.

    ``labels`` are those of all points (or groups), or, with ``index``, of the points at these indices. The last three
    are not part of a comparison.
    """

    phase: Literal["init", "assign", "refine", "move"]
    iteration: int
    cost: float | None
    reassigned: int
    seconds: float
    sentence: str
    empty: list[EmptyClusterFacts]
    active: NotRequired[list[bool]]
    centers: NotRequired[ArrayPlace]
    centerCoordinates: NotRequired[ArrayPlace]
    labels: NotRequired[ArrayPlace]
    index: NotRequired[ArrayPlace]
    explanation: NotRequired[list[int]]
    example: NotRequired[dict[str, Any] | None]
    code: NotRequired[str]


class GroupFacts(TypedDict):
    """The groups of a run, tile by tile: how many each tile has, and how many points each group has."""

    perTile: ArrayPlace
    counts: ArrayPlace


class EndingFacts(TypedDict):
    """Why a run ended, and the sentence that says so."""

    reason: Literal["converged", "max_iter"]
    sentence: str


class ExcerptFacts(TypedDict):
    """Lines of code: each line is text and its kind, alternately; ``marked`` are indices of lines."""

    file: str
    function: str
    marked: list[int]
    lines: list[list[str]]


class CodeFacts(TypedDict):
    """All excerpts, and which of them belong to each kind of half-step."""

    kinds: dict[str, list[int]]
    excerpts: list[ExcerptFacts]


class OtherCostFacts(TypedDict):
    """What another rule would pay at every half-step (None at the start), and where that rises."""

    rule: str
    name: str
    cost: list[float | None]
    rises: list[int]
    sentence: str


class TileFacts(TypedDict):
    """The tiles of a picture: its corner, the size of a tile, tiles in a row, and the numbers of those with points."""

    low: tuple[float, float]
    size: tuple[float, float]
    columns: int
    numbers: ArrayPlace


class RunFacts(TypedDict):
    """What is a run's own, apart from its points. The last three are not part of a comparison."""

    k: int
    rule: RuleFacts
    start: str
    backend: str
    names: list[int]
    colors: ThemeColors
    symbols: list[str]
    activeAfterMove: list[bool]
    fileStem: str
    ending: EndingFacts
    groups: NotRequired[GroupFacts]
    steps: list[StepFacts]
    texts: NotRequired[list[str]]
    code: NotRequired[CodeFacts]
    otherCosts: NotRequired[list[OtherCostFacts]]


class SceneFacts(TypedDict):
    """What runs on the same points share: either ``points`` or ``tiles``, and how they are drawn."""

    title: str
    n: int
    features: int
    equalUnits: bool
    axes: tuple[str, str] | None
    projection: str
    rows: int
    points: NotRequired[ArrayPlace]
    coordinates: NotRequired[ArrayPlace]
    rowNumbers: NotRequired[ArrayPlace]
    tiles: NotRequired[TileFacts]
