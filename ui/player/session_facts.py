"""What a message to the browser says of one visitor: what may be edited, undone, and looked at.

The records are sent with their attributes in camel case: ``missing_edits`` is ``missingEdits`` in JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from string import capwords
from typing import TypedDict

from ui.settings.edits import MAX_EDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAction:
    """Undo, or redo.

    Attributes
    ----------
    is_available : bool
    refusal : str
        Why a link forbids it, as a sentence without a period; "" where it does not.
    step : int or None
        The half-step where the dragged center shows; None if the player stays where it is.
    """

    is_available: bool = False
    refusal: str = ""
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEdits:
    """Edits that are too many for a link, which names them, so that the browser stores them.

    Attributes
    ----------
    name : str
        As the link has it.
    text : str
        As ``ui.settings.edits`` writes them.
    count : int
    is_new : bool
        Whether the last edit was the one that no longer fit.
    """

    name: str
    text: str
    count: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactLayout:
    """How a page shows a player that is only a part of it.

    Attributes
    ----------
    parts : tuple of str
        What is there besides the picture of the points; ``ui/player/web/compact.css`` has their names.
    still : bool
        Whether the run may only be looked at, at the step where it is.
    view : mapping of str to str
        How to look at it: the parameters that a link of the player has.
    """

    parts: tuple[str, ...]
    still: bool
    view: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChoiceFacts:
    """What may be chosen right below the picture: the number of clusters, and its bounds on these points."""

    k: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationFacts:
    """What a link says to the presenter: the minutes of the timer, 0 if it counts up, and the notes."""

    minutes: int = 0
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFacts:
    """What the end of a run is worth.

    Attributes
    ----------
    sentence : str
        Which of the true groups it found; "" where nobody knows them.
    is_limit : bool
        Whether K-means found none of as many groups as it has centers: it may not suit such groups.
    """

    sentence: str = ""
    is_limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerSession:
    """What the player must know of a visitor. The defaults are those of a page where nothing can be edited.

    Attributes
    ----------
    undo, redo : HistoryAction
    choices : RunChoiceFacts or None
        None where the run cannot be changed.
    locked : tuple of str
        Which of "data", "k", "init", "seed" and "centers" the link locks.
    refusals : int
        How many edits were refused so far: with each, the picture takes back what it shows already.
    points_left : int
        How many points may still be drawn.
    stored_edits : StoredEdits or None
    missing_edits : str
        The name of edits that the link means and the server does not have; "" if there are none.
    go_to_step : int or None
        The half-step to go to, once.
    note : str
        What the last edit also did, or why it was refused, as a sentence; "" for nothing.
    presentation : PresentationFacts or None
        None where there is no presenter view.
    can_continue : bool
        Whether a run that reached its limit of iterations may go on.
    max_link_edits : int
        How many edits fit in a link.
    verdict : VerdictFacts
    compact : CompactLayout or None
        None on the player's own page.
    offline : mapping of str to str, or None
        The view of a saved page; None in the app.
    """

    undo: HistoryAction = HistoryAction()
    redo: HistoryAction = HistoryAction()
    choices: RunChoiceFacts | None = None
    locked: tuple[str, ...] = ()
    refusals: int = 0
    points_left: int = 0
    stored_edits: StoredEdits | None = None
    missing_edits: str = ""
    go_to_step: int | None = None
    note: str = ""
    presentation: PresentationFacts | None = None
    can_continue: bool = False
    max_link_edits: int = MAX_EDITS
    verdict: VerdictFacts = VerdictFacts()
    compact: CompactLayout | None = None
    offline: Mapping[str, str] | None = None


class VariantChoice(TypedDict):
    """A setting that may differ: name, title, values with their titles (none: any number), and a first value."""

    field: str
    title: str
    options: list[tuple[str | int, str]]
    first: str | int


class Suggestion(TypedDict):
    """A comparison worth a click: its title, and the text of its variants."""

    title: str
    variants: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSession:
    """What the comparison must know of a visitor.

    Attributes
    ----------
    variants : list
        For each further run, its differences from the first: setting, value, and both as text.
    choices : list of VariantChoice
    suggestions : list of Suggestion
    max_runs : int
    new_seeds : int
        New random seeds are below this.
    links : sequence of str
        The query of each run's own link.
    first_difference : int or None
        The first half-step at which the runs differ.
    ending : str
        How the runs end, in sentences; "" for identical runs.
    same_scale : bool
        Whether the costs of all runs may be compared.
    go_to_step : int or None
        The half-step to go to, once.
    """

    variants: list[list[tuple[str, str | int, str]]]
    choices: list[VariantChoice]
    suggestions: list[Suggestion]
    max_runs: int
    new_seeds: int
    links: list[str]
    first_difference: int | None
    ending: str
    same_scale: bool
    go_to_step: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFacts:
    """What a lesson link says to a class: its title, its question, and the settings that are locked or hidden."""

    title: str
    question: str
    locked: list[str]
    hidden: list[str]


class LinkCode(TypedDict):
    """The QR code of a link as SVG; "" if the link is too long for one."""

    link: str
    svg: str


class PaperFile(TypedDict):
    """A page to print: its kind, its file name, and its HTML."""

    kind: str
    name: str
    html: str


class MaxLengths(TypedDict):
    """The most characters of a link's texts, and the most minutes of its timer."""

    title: int
    question: int
    notes: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What the dialog "Share" must know.

    Attributes
    ----------
    settings : mapping of str to str
        The settings as a link has them.
    opening : mapping of str to str
        The same for the settings that an address without any setting opens.
    view : tuple of str
        Names of the parameters that belong to the view, except the step.
    all_controls : str
        What a link says instead of the names of all settings.
    lesson : LessonFacts
        Of the page's link.
    controls : mapping of str to str
        Names and titles of the settings that a lesson can lock or hide.
    max_lengths : MaxLengths
    idle : PlayerSession
        The session of a saved page.
    code : LinkCode or None
        The code that was asked for last.
    paper : PaperFile or None
        The page to print that was just asked for.
    """

    settings: Mapping[str, str]
    opening: Mapping[str, str]
    view: tuple[str, ...]
    all_controls: str
    lesson: LessonFacts
    controls: Mapping[str, str]
    max_lengths: MaxLengths
    idle: PlayerSession
    code: LinkCode | None
    paper: PaperFile | None


def as_facts(record: PlayerSession | ComparisonSession | LinkFacts) -> dict[str, object]:
    """Return a record as the facts of a message."""
    return {camel(field.name): _wire_value(getattr(record, field.name)) for field in fields(record)}


def _wire_value(value: object) -> object:
    """Return a value of a record as it is sent."""
    if is_dataclass(value):
        return {camel(field.name): _wire_value(getattr(value, field.name)) for field in fields(value)}
    return dict(value) if isinstance(value, Mapping) else value


def camel(name: str) -> str:
    """Return a name as JavaScript writes it."""
    return name[:1] + capwords(name, "_").replace("_", "")[1:]
