"""Variants: what a further run changes of the sidebar's settings, and how a link carries it.

The first run changes nothing. ``rule:medoid;seed:3|k:5`` in a link stands for two further runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kmeans_core.messages.lists import joined_values
from ui.settings.definitions import BY_NAME, current_name
from ui.settings.parsers import quoted
from ui.settings.record import Settings
from ui.text.messages import message

Variant = tuple[tuple[str, str | int], ...]
"""Names of settings with their values, in the order of ``FIELDS``."""

FIELDS: Final = ("seed", "init", "rule", "k", "empty", "backend")
"""Names of the settings that a variant may change."""

MAX_RUNS: Final = 4
"""More pictures are too many to watch at once, and for a phone to draw."""

STUCK_SEED: Final = 16
"""A random seed with which the post's data is split wrongly: two blobs share a center, and two centers a blob."""

_NO_CHANGE: Final = "same"
"""How a link writes a variant that changes nothing."""


def encode_variants(variants: Sequence[Variant]) -> str:
    """Return the text of variants for a link."""
    return "|".join(";".join(f"{field}:{value}" for field, value in variant) or _NO_CHANGE for variant in variants)


def decode_variants(text: str) -> tuple[tuple[Variant, ...], list[str]]:
    """Read the text of variants, as ``encode_variants`` writes it, or as people do.

    Returns
    -------
    variants : tuple of Variant
        What of it can be used; nothing for an empty text.
    problems : list of str
        A sentence for each part that can't be used.
    """
    parts = text.split("|") if text.strip() else []
    problems: list[str] = []
    if len(parts) >= MAX_RUNS:
        problems.append(message("compare.too_many_runs", count=len(parts), max=MAX_RUNS - 1))
    return tuple(_decode_variant(part, problems) for part in parts[: MAX_RUNS - 1]), problems


def _decode_variant(text: str, problems: list[str]) -> Variant:
    """Read a variant without the parts that can't be used, and add a sentence for each of those to ``problems``."""
    values: dict[str, str | int] = {}
    for part in text.split(";"):
        name, colon, value = (piece.strip() for piece in part.partition(":"))
        field = current_name(name)
        if not part.strip() or (field == _NO_CHANGE and not colon):
            continue
        if field not in FIELDS:
            problems.append(message("compare.unknown_field", fields=joined_values(FIELDS), field=quoted(field)))
            continue
        try:
            values[field] = _read_value(field, value)
        except ValueError as error:
            problems.append(message("compare.bad_value", problem=str(error)))
    return tuple((field, values[field]) for field in FIELDS if field in values)


def _read_value(field: str, text: str) -> str | int:
    """Return a value of a variant, or raise a ``ValueError`` with the sentence to show."""
    if field == "init" and text == "given":
        raise ValueError(message("compare.placed_centers"))
    value = BY_NAME[field].read(text)
    return value if isinstance(value, str) else int(value)


def tidy_variants(text: str) -> tuple[str, list[str]]:
    """Return the text as ``encode_variants`` would write it, and a sentence for each part that can't be used."""
    variants, problems = decode_variants(text)
    return encode_variants(variants), problems


def default_variants(settings: Settings) -> tuple[Variant, ...]:
    """Return the variant that the page opens on: the same run from other starting centers."""
    if settings.init == "given":
        return ((("init", "k-means++"),),)
    return ((("seed", other_seed(settings)),),)


def other_seed(settings: Settings) -> int:
    """Return a random seed other than the first run's."""
    return 0 if settings.seed == STUCK_SEED else STUCK_SEED


def variant_settings(settings: Settings, variant: Variant) -> Settings:
    """Return the settings of a further run. Dragged centers belong to the first run alone."""
    changes: dict[str, Any] = dict(variant)
    return replace(settings.without_moves(), **changes)


def all_settings(settings: Settings, variants: Sequence[Variant]) -> tuple[Settings, ...]:
    """Return the settings of all runs, the sidebar's first."""
    return (settings, *(variant_settings(settings, variant) for variant in variants))


def changes_of(settings: Settings, variant: Variant) -> list[tuple[str, str | int]]:
    """Return the values of a variant that are not the first run's."""
    return [(field, value) for field, value in variant if value != getattr(settings, field)]


def value_title(field: str, value: str | int) -> str:
    """Return a value as the screen writes it."""
    options = BY_NAME[field].values
    return options[value].title if isinstance(value, str) and not hasattr(options, "low") else str(value)
