"""What a message to the browser says of one visitor: what may be edited, undone, and looked at.

The records are sent with their attributes in camel case: ``missing_edits`` is ``missingEdits`` in JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
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
class PlayerSession:
    """What the player must know of a visitor. The defaults are those of a page where nothing can be edited.

    Attributes
    ----------
    undo, redo : HistoryAction
    locked : tuple of str
        Which of "data", "init" and "centers" the link locks.
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
        What the last edit also did, as a sentence; "" for nothing.
    can_continue : bool
        Whether a run that reached its limit of iterations may go on.
    max_link_edits : int
        How many edits fit in a link.
    compact : CompactLayout or None
        None on the player's own page.
    offline : mapping of str to str, or None
        The view of a saved page; None in the app.
    """

    undo: HistoryAction = HistoryAction()
    redo: HistoryAction = HistoryAction()
    locked: tuple[str, ...] = ()
    refusals: int = 0
    points_left: int = 0
    stored_edits: StoredEdits | None = None
    missing_edits: str = ""
    go_to_step: int | None = None
    note: str = ""
    can_continue: bool = False
    max_link_edits: int = MAX_EDITS
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
    links : sequence of str
        The query of each run's own link.
    first_difference : int or None
        The first half-step at which the runs differ.
    same_scale : bool
        Whether the costs of all runs may be compared.
    go_to_step : int or None
        The half-step to go to, once.
    """

    variants: list[list[tuple[str, str | int, str]]]
    choices: list[VariantChoice]
    suggestions: list[Suggestion]
    max_runs: int
    links: list[str]
    first_difference: int | None
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


class MaxLengths(TypedDict):
    """The most characters of a lesson's texts."""

    title: int
    question: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What the dialog "Share" must know.

    Attributes
    ----------
    settings : mapping of str to str
        The settings as a link has them.
    view : tuple of str
        Names of the parameters that belong to the view, except the step.
    lesson : LessonFacts
        Of the page's link.
    controls : mapping of str to str
        Names and titles of the settings that a lesson can lock or hide.
    max_lengths : MaxLengths
    idle : PlayerSession
        The session of a saved page.
    code : LinkCode or None
        The code that was asked for last.
    """

    settings: Mapping[str, str]
    view: tuple[str, ...]
    lesson: LessonFacts
    controls: Mapping[str, str]
    max_lengths: MaxLengths
    idle: PlayerSession
    code: LinkCode | None


def as_facts(record: PlayerSession | ComparisonSession | LinkFacts) -> dict[str, object]:
    """Return a record as the facts of a message."""
    return {camel(field.name): _sent(getattr(record, field.name)) for field in fields(record)}


def _sent(value: object) -> object:
    """Return a value of a record as it is sent."""
    if is_dataclass(value):
        return {camel(field.name): _sent(getattr(value, field.name)) for field in fields(value)}
    return dict(value) if isinstance(value, Mapping) else value


def camel(name: str) -> str:
    """Return a name as JavaScript writes it."""
    first, *rest = name.split("_")
    return first + "".join(other.capitalize() for other in rest)
