"""Types of the facts in a message from Python to the browser. ``declarations.py`` writes them as TypeScript, too.

Keys are written as JavaScript writes them. A key that may be absent is ``NotRequired``; a value that may be missing is
``None``.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, NotRequired, TypedDict

from ui.text.formula_examples import AssignExample, RefineExample

VERSION: Final = 4
"""Of the messages; raise it with every change that scripts of the version before could not read."""


ArrayType = Literal["f4", "u4", "u2", "u1"]
"""The types of arrays in a message, as NumPy calls them."""


class ArrayPlace(TypedDict):
    """Where an array is behind the facts: ``offset`` in bytes, ``length`` in items."""

    offset: int
    length: int
    type: ArrayType


Floats = Annotated[ArrayPlace, "f4"]
Labels = Annotated[ArrayPlace, "u1"]
Indices = Annotated[ArrayPlace, "u4"]
Counts = Annotated[ArrayPlace, "u4", "u2", "u1"]
"""Places of arrays, with the types that those arrays may have."""


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

    ``cost`` is None before the first assign. ``reassigned`` is how many points switched cluster. ``active`` says which
    clusters take part, ``(k,)``. ``centers`` are where they are drawn, ``(2k,)``; ``centerCoordinates`` have all
    features, ``(d * k,)``, where points have more than two. ``labels`` are those of all points (or groups), or, with
    ``index``, of the points at these indices. ``explanation`` has four indices into the texts of the run: what is
    done, this time, the cost, what comes next; ``code`` is a key of its kinds of code. The last three are not part of a
    comparison.
    """

    phase: Literal["init", "assign", "refine", "move"]
    iteration: int
    cost: float | None
    reassigned: int
    seconds: float
    sentence: str
    empty: list[EmptyClusterFacts]
    active: NotRequired[list[bool]]
    centers: NotRequired[Floats]
    centerCoordinates: NotRequired[Floats]
    labels: NotRequired[Labels]
    index: NotRequired[Indices]
    explanation: NotRequired[list[int]]
    example: NotRequired[AssignExample | RefineExample | None]
    code: NotRequired[str]


class GroupFacts(TypedDict):
    """The groups of a run, tile by tile: how many each tile has, and how many points each group has."""

    perTile: Counts
    counts: Counts


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
    numbers: Indices


class RunFacts(TypedDict):
    """What is a run's own, apart from its points. The last three are not part of a comparison.

    ``names`` say which color, shape, and number each cluster has; ``symbols`` are Plotly's names of the shapes.
    ``activeAfterMove`` says which clusters take part after a center was dragged. ``fileStem`` is the name of downloaded
    files, without an extension. ``texts`` are those of the explanations.
    """

    k: int
    rule: RuleFacts
    init: str
    backend: str
    names: list[int]
    colors: list[str]
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
    """What runs on the same points share: either ``points`` or ``tiles``, and how they are drawn.

    ``title`` is what the points are; ``axes`` are names of the axes, which have the same scale if ``equalUnits``.
    ``projection`` says how points of more than two features are drawn, "" for two. ``rows`` is how many rows the table
    has that the points come from, 0 for generated points; ``rowNumbers`` has the row of each point, from 1, unless all
    rows are in order. ``points`` are where they are drawn, ``(2n,)``; ``coordinates`` have all features, ``(d * n,)``,
    unless they are too many to send. ``shownCoordinates`` is how many coordinates of a place a sentence holds.
    """

    title: str
    n: int
    features: int
    equalUnits: bool
    axes: tuple[str, str] | None
    projection: str
    rows: int
    shownCoordinates: int
    points: NotRequired[Floats]
    coordinates: NotRequired[Floats]
    rowNumbers: NotRequired[Indices]
    tiles: NotRequired[TileFacts]


class StoredTable(TypedDict):
    """A table that the tab keeps: what identifies it, the name of its file, and its bytes as base64."""

    digest: str
    name: str
    content: str


class TableStorageFacts(TypedDict):
    """A table for the tab to keep, or the digest of one to send back."""

    table: NotRequired[StoredTable]
    digest: NotRequired[str]


class PageLinkFacts(TypedDict):
    """An address to go to, relative to the page, and whether it replaces the page in the history."""

    address: str
    replaces: bool


class RunIdentity(TypedDict):
    """What differs between runs, or comparisons, that differ in anything."""

    id: str


class ComparisonFacts(TypedDict):
    """Several runs on the same points."""

    runs: list[RunFacts]
