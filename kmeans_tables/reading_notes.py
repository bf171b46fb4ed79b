"""Notes on how cells were read as numbers, where that took a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from kmeans_core.messages.lists import joined
from kmeans_tables.cells import exceeds_float64
from kmeans_tables.messages import message
from kmeans_tables.table import Column
from kmeans_tables.wording import in_quotes, listed


def reading_notes(columns: Sequence[Column]) -> list[str]:
    """Return a sentence, without its full stop, for each guess that changed the numbers of these columns."""
    notes = [*_thousands(columns), *_doubts(columns), *_units(columns), *_negatives(columns), *_dates(columns)]
    return [*notes, *_booleans(columns), *_markers(columns), *_infinite(columns), *_large_integers(columns)]


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


_GROUPS: Final = (
    ("comma", {"comma groups"}),
    ("point", {"point groups"}),
    ("space", {"space groups", "space groups, comma"}),
)


def _thousands(columns: Sequence[Column]) -> list[str]:
    """Return a sentence for each thousands separator that was removed."""
    return [
        message("reading.thousands", sign=sign, columns=listed(names))
        for sign, forms in _GROUPS
        if (names := _names(column for column in columns if column.form in forms and not column.doubt))
    ]


_DOUBTFUL_FORMS: Final = ("comma groups", "comma", "point groups", "point")


def _doubts(columns: Sequence[Column]) -> list[str]:
    """Return a sentence for each doubtful reading, with the reason."""
    by_reading: dict[tuple[str, str], list[str]] = {}
    for column in columns:
        if column.doubt:
            by_reading.setdefault((column.form, column.doubt), []).append(column.name)
    readings = sorted(by_reading, key=lambda reading: _DOUBTFUL_FORMS.index(reading[0]))
    return [
        message("reading.doubtful", form=form, columns=listed(by_reading[form, doubt]), doubt=doubt)
        for form, doubt in readings
    ]


def _units(columns: Sequence[Column]) -> list[str]:
    notes = []
    for unit in dict.fromkeys(column.unit for column in columns if column.unit):
        names = _names(column for column in columns if column.unit == unit)
        if unit == "%":
            notes.append(message("reading.percent_signs", columns=listed(names), count=len(names)))
        else:
            notes.append(message("reading.units", columns=listed(names), count=len(names), unit=in_quotes(unit)))
    return notes


def _negatives(columns: Sequence[Column]) -> list[str]:
    names = _names(column for column in columns if column.in_parentheses)
    return [message("reading.parentheses", columns=listed(names))] if names else []


def _dates(columns: Sequence[Column]) -> list[str]:
    names = _names(column for column in columns if column.kind == "date" and not column.is_empty)
    return [message("reading.dates", columns=listed(names), count=len(names))] if names else []


def _booleans(columns: Sequence[Column]) -> list[str]:
    by_words: dict[str, list[str]] = {}
    for column in columns:
        if column.kind == "boolean" and not column.is_empty:
            by_words.setdefault(column.words or "true", []).append(column.name)
    return [
        message("reading.booleans", columns=listed(names), count=len(names), words=words)
        for words, names in by_words.items()
    ]


def _markers(columns: Sequence[Column]) -> list[str]:
    """Return a sentence on the texts that count as missing, with their number of cells and their columns."""
    counts: Counter[str] = Counter()
    for column in columns:
        counts.update(column.markers)
    if not counts:
        return []
    names = _names(column for column in columns if column.markers)
    markers = _listed_counts(counts)
    return [message("reading.markers", markers=markers, count=counts.total(), columns=listed(names))]


def _listed_counts(counts: Counter[str], most: int = 8) -> str:
    """Return texts with the number of their cells, for a sentence."""
    parts = [message("reading.marker", text=in_quotes(text), count=count) for text, count in counts.most_common(most)]
    if len(counts) > most:
        parts.append(message("columns.more", count=len(counts) - most))
    return joined(parts)


def _infinite(columns: Sequence[Column]) -> list[str]:
    count = sum(column.infinite for column in columns)
    names = _names(column for column in columns if column.infinite)
    return [message("reading.infinite", count=count, columns=listed(names))] if count else []


def _large_integers(columns: Sequence[Column]) -> list[str]:
    names = _names(column for column in columns if column.kind == "number" and exceeds_float64(column.cells))
    return [message("reading.rounded", columns=listed(names), count=len(names))] if names else []
