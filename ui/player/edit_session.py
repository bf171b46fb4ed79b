"""One visitor's edits: applied to the settings, undone, redone, and refused, and what the player must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kmeans_core.messages.lists import joined
from kmeans_tables import Table
from ui.player.session_facts import HistoryAction, PlayerSession, PresentationFacts, RunChoiceFacts, StoredEdits
from ui.settings.definitions import K
from ui.settings.edit_links import drawing_name, encode_edits, fit_in_link
from ui.settings.edits import MAX_DRAWING_EDITS, Move
from ui.settings.lesson_link import Lesson
from ui.settings.player_actions import apply_action, extended_max_iter, lock_message, most_clusters, open_drawing
from ui.settings.presentation import Presentation
from ui.settings.record import Settings
from ui.settings.undo import Change, revert
from ui.text.messages import message

_MAX_CHANGES: Final = 50
"""How many changes can be undone."""


@dataclass
class EditSession:
    """The history of a visitor's edits, and what the last one leaves to say.

    Attributes
    ----------
    undo, redo : list of Change
        The changes that can be undone, and made again, the latest last. In ``redo``, each is the change that undoing
        it was.
    go_to : int or None
        The step that the player jumps to, once.
    note : str
        A sentence above the picture, once: side effects of the last change.
    error : str
        Why the last edit was rejected, once.
    error_count : int
        How many edits were rejected.
    outgrew_link : bool
        Whether the last edit made the list of edits too long for a link, once.
    """

    undo: list[Change] = field(default_factory=list)
    redo: list[Change] = field(default_factory=list)
    go_to: int | None = None
    note: str = ""
    error: str = ""
    error_count: int = 0
    outgrew_link: bool = False

    # Changes ----------------------------------------------------------------------------------------------

    def record(self, before: Settings, after: Settings, step: int) -> None:
        """Remember a change as one step of the history, and that nothing can be redone after it."""
        self.undo.append(Change(before, after, step))
        self.redo.clear()
        del self.undo[:-_MAX_CHANGES]

    def lead_on(self, now: Settings, after: Settings) -> None:
        """Let the latest change lead on to other settings, if it led to those of now: both are one step back."""
        if self.undo and self.undo[-1].after.has_points_of(now):
            self.undo[-1] = replace(self.undo[-1], after=after)

    def note_change(self, before: Settings, after: Settings, step: int) -> None:
        """Make a change undoable if it brings other points or drops edits. Other points start at their first step."""
        same_points = after.has_points_of(before)
        kinds = _edit_kinds(after)
        lost_kinds = [kind for kind in _edit_kinds(before) if kind not in kinds]
        if same_points and not lost_kinds:
            return
        self.record(before, after, step)
        if not same_points:
            self.go_to = 0
        if lost_kinds:
            self.note = message("settings.edits_lost", edits=joined(lost_kinds), what="run" if same_points else "data")

    def apply(
        self, action: Mapping[str, Any], before: Settings, lesson: Lesson, table: Table | None, step: int
    ) -> Settings:
        """Return the settings after what a visitor did in the player; those before it where it is refused.

        Parameters
        ----------
        action : mapping
            What the player sent.
        before : Settings
        lesson : Lesson
            What the link locks.
        table : Table or None
            The visitor's own table, if the settings mean it.
        step : int
            The step that is on the screen.
        """
        self.error = ""
        try:
            if action.get("kind") == "open":
                return open_drawing(before, action.get("text"))
            reversal, after = self._result(action, before, table)
            if error := lock_message(lesson, before, after):
                raise ValueError(error)
        except ValueError as error:
            self.reject(error)
            return before
        self._record_kind(action.get("kind"), before, after, step)
        if reversal and not reversal.before.has_points_of(reversal.after):
            self.go_to = reversal.step
        return after

    def reject(self, error: ValueError) -> None:
        """Keep the sentence to show, and make the picture take back what it shows already."""
        self.error = message("shell.problem", problem=str(error))
        self.error_count += 1

    def pop_error(self) -> str:
        """Return why the last edit was rejected, once."""
        error, self.error = self.error, ""
        return error

    def pop_note(self) -> str:
        """Return the sentence on side effects of the last change, once."""
        note, self.note = self.note, ""
        return note

    def pop_go_to(self) -> int | None:
        """Return the step to jump to, once."""
        step, self.go_to = self.go_to, None
        return step

    def _result(
        self, action: Mapping[str, Any], before: Settings, table: Table | None
    ) -> tuple[Change | None, Settings]:
        """Return the change that an action reverts, if any, and the settings after the action."""
        if action.get("kind") == "undo":
            # A link contains edits but no history, so Undo reverts the last edit.
            return _latest(self.undo, before) or (None, replace(before, edits=before.edits[:-1]))
        if action.get("kind") == "redo":
            return _latest(self.redo, before) or (None, before)
        return None, apply_action(before, action, table)

    def _record_kind(self, kind: object, before: Settings, after: Settings, step: int) -> None:
        """Record a change in the history, and what else the player should say about it."""
        if kind in ("undo", "redo"):
            (self.redo if kind == "undo" else self.undo).append(Change(before, after, step))
            return
        self.record(before, after, step)
        if fit_in_link(before.edits) and not fit_in_link(after.edits):
            self.outgrew_link = True
        if after.without_moves().edits != before.without_moves().edits and step:
            self.note = message("player_edits.recomputed")

    # What the player must know ----------------------------------------------------------------------------

    def player_session(
        self, settings: Settings, lesson: Lesson, presentation: Presentation, table: Table | None
    ) -> PlayerSession:
        """Return what the player must know to offer undo, redo, pens, and files; what just happened is said once."""
        locked = lesson.locked | lesson.hidden
        outgrew_link, self.outgrew_link = self.outgrew_link, False
        return PlayerSession(
            undo=self._undo_action(settings, lesson),
            redo=self._redo_action(settings, lesson),
            choices=RunChoiceFacts(k=settings.k, low=int(K.low), high=most_clusters(settings, table)),
            locked=tuple(sorted(locked & {"data", "k", "init", "seed", "centers"})),
            refusals=self.error_count,
            points_left=MAX_DRAWING_EDITS - len(settings.edits),
            stored_edits=_stored_edits(settings, is_new=outgrew_link),
            missing_edits=settings.file,
            go_to_step=self.pop_go_to(),
            note=self.pop_error() or self.pop_note(),
            presentation=PresentationFacts(minutes=presentation.minutes, notes=presentation.notes),
            can_continue="max_iter" not in locked and extended_max_iter(settings, table) > 0,
        )

    def _undo_action(self, settings: Settings, lesson: Lesson) -> HistoryAction:
        """Return whether the last edit can be undone, and at which step that shows."""
        undone, after = _latest([*self.undo], settings) or (None, replace(settings, edits=settings.edits[:-1]))
        error = lock_message(lesson, settings, after)
        step = _drag_step(undone.before if undone else None, settings)
        return HistoryAction(is_available=after != settings and not error, refusal=error, step=step)

    def _redo_action(self, settings: Settings, lesson: Lesson) -> HistoryAction:
        """Return whether an undone edit can be made again, and at which step that shows."""
        redone, after = _latest([*self.redo], settings) or (None, settings)
        error = lock_message(lesson, settings, after)
        drag = _drag_step(settings, redone.before) if redone else None
        step = None if drag is None else drag + 1
        return HistoryAction(is_available=after != settings and not error, refusal=error, step=step)


def _latest(changes: list[Change], now: Settings) -> tuple[Change, Settings] | None:
    """Take out the latest of these changes that leads anywhere from here; return it, and where it leads."""
    while changes:
        change = changes.pop()
        after = revert(change, now)
        if after is not None:
            return change, after
    return None


def _edit_kinds(settings: Settings) -> list[str]:
    """Return the kinds of edits that there are, as the screen calls them."""
    points = settings.without_moves().edits
    kinds = {
        message("settings.edits_lost_points"): bool(points or settings.file),
        message("settings.edits_lost_centers"): bool(settings.centers),
        message("settings.edits_lost_moves"): settings.edits != points,
    }
    return [kind for kind, is_there in kinds.items() if is_there]


def _stored_edits(settings: Settings, *, is_new: bool) -> StoredEdits | None:
    """Return the edits that the browser stores; None if they fit in a link."""
    if fit_in_link(settings.edits):
        return None
    text = encode_edits(settings.edits)
    return StoredEdits(name=drawing_name(text), text=text, count=len(settings.edits), is_new=is_new)


def _drag_step(before: Settings | None, after: Settings) -> int | None:
    """Return the step of the drag that leads from one settings to the others; None if no single drag does."""
    last = after.edits[-1] if after.edits else None
    is_last = before is None or before.edits == after.edits[:-1]
    return last.step if isinstance(last, Move) and is_last else None
