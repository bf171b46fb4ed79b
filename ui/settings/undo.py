"""One undoable change of the settings, and the settings without it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from ui.settings.record import Settings


@dataclass(frozen=True, slots=True)
class Change:
    """The settings before and after a change, and the step that was on the screen before it."""

    before: Settings
    after: Settings
    step: int = 0


def revert(change: Change, now: Settings) -> Settings | None:
    """Return the current settings without a change; None where they do not contain it, or nothing would differ.

    Settings that changed since, other than by this change, stay as they are.
    """
    before, after = change.before, change.after
    if now == after:
        return None if before == now else before
    if not now.has_points_of(after):
        return None
    if before.edits != after.edits and now.edits not in (after.edits, after.without_moves().edits):
        return None  # Back or a link led away from this change
    names = [field.name for field in fields(Settings) if getattr(before, field.name) != getattr(after, field.name)]
    settings = replace(now, **{name: getattr(before, name) for name in names})
    if not settings.has_run_of(before):
        settings = settings.without_moves()
    return None if settings == now else settings
