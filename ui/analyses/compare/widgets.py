"""What the browser's widgets offer on the page: values of a variant, and comparisons worth a click."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ui.analyses.compare.sentences import field_title, value_label
from ui.analyses.compare.variants import (
    FIELDS,
    MAX_RUNS,
    Variant,
    encode_variants,
    other_seed,
    value_title,
)
from ui.charts.palette import MAX_K
from ui.settings.definitions import BY_NAME, NEW_SEEDS
from ui.settings.record import Settings
from ui.text.messages import message


def choices(settings: Settings, allowed: Collection[str]) -> list[dict[str, Any]]:
    """Return what a further run may change, and to what.

    Parameters
    ----------
    settings : Settings
        The first run's.
    allowed : collection of str
        The settings that this visitor may change.

    Returns
    -------
    list of dict
        For each setting its ``field``, ``title``, ``first`` (a value other than the first run's) and ``options``, each
        a value and its title; none for a seed, which may be any whole number.
    """
    return [
        {
            "field": field,
            "title": field_title(field),
            "options": [[value, value_title(field, value)] for value in _values(field)],
            "first": _other_value(settings, field),
        }
        for field in FIELDS
        if field in allowed
    ]


def _values(field: str) -> list[Any]:
    """Return the values of a setting to choose from; none for a seed."""
    if field == "seed":
        return []
    if field == "k":
        return list(range(1, MAX_K + 1))
    values = BY_NAME[field].values
    assert not hasattr(values, "low"), f"{field} is a number"
    return [value for value in values if value != "given"]


def _other_value(settings: Settings, field: str) -> Any:
    """Return a value near the first run's that is not the same."""
    if field == "seed":
        return other_seed(settings)
    if field == "k":
        return settings.k + (1 if settings.k < MAX_K else -1)
    return next(value for value in _values(field) if value != getattr(settings, field))


def suggestions(settings: Settings, allowed: Collection[str]) -> list[dict[str, str]]:
    """Return comparisons worth a click: the ``title`` of each and the text of its ``variants``."""
    neighbors = [k for k in (settings.k - 1, settings.k + 1) if 1 <= k <= MAX_K]
    values = {
        "seed": [other_seed(settings)],
        "rule": _values("rule"),
        "init": _values("init"),
        "k": neighbors,
        "backend": _values("backend"),
    }
    suggestion_list = []
    for field, options in values.items():
        alternatives = [value for value in options if value != getattr(settings, field)]
        variants: list[Variant] = [((field, value),) for value in alternatives[: MAX_RUNS - 1]]
        if field in allowed and variants:
            suggestion_list.append(
                {"title": message("compare.suggestion", field=field), "variants": encode_variants(variants)}
            )
    return suggestion_list


def widgets(settings: Settings, variants: Sequence[Variant], allowed: Collection[str]) -> dict[str, Any]:
    """Return the variants with their labels, and what can be changed about them, for the browser."""
    return {
        "variants": [[[field, value, value_label(field, value)] for field, value in variant] for variant in variants],
        "choices": choices(settings, allowed),
        "suggestions": suggestions(settings, allowed),
        "max_runs": MAX_RUNS,
        "new_seeds": NEW_SEEDS,
    }
