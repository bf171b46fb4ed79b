"""Notes on how cells were read as numbers, where that took a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from kmeans_tables.table import Column
from kmeans_tables.wording import counted, in_quotes, listed


def reading_notes(columns: Sequence[Column]) -> list[str]:
    """Return a sentence, without its full stop, for each guess that changed the numbers of these columns."""
    notes = [*_thousands(columns), *_doubts(columns), *_units(columns), *_negatives(columns), *_dates(columns)]
    return [*notes, *_booleans(columns), *_markers(columns), *_infinite(columns)]


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


_GROUPS: Final = (
    ("Commas", {"comma groups"}),
    ("Points", {"point groups"}),
    ("Spaces and apostrophes", {"space groups", "space groups, comma"}),
)


def _thousands(columns: Sequence[Column]) -> list[str]:
    """Return a sentence for each thousands separator that was removed."""
    return [
        f"{word} in {listed(names)} are taken to separate thousands"
        for word, forms in _GROUPS
        if (names := _names(column for column in columns if column.form in forms and not column.doubt))
    ]


_TAKEN: Final = {
    "comma groups": "Commas in {} are taken to separate thousands",
    "comma": "Commas in {} are taken as decimal commas",
    "point groups": "Points in {} are taken to separate thousands",
    "point": "Points in {} are taken as decimal points",
}


def _doubts(columns: Sequence[Column]) -> list[str]:
    """Return a sentence for each doubtful reading, with the reason."""
    by_reading: dict[tuple[str, str], list[str]] = {}
    for column in columns:
        if column.doubt:
            by_reading.setdefault((column.form, column.doubt), []).append(column.name)
    readings = sorted(by_reading, key=lambda reading: list(_TAKEN).index(reading[0]))
    return [f"{_TAKEN[form].format(listed(by_reading[form, doubt]))}, though {doubt}" for form, doubt in readings]


def _units(columns: Sequence[Column]) -> list[str]:
    notes = []
    for unit in dict.fromkeys(column.unit for column in columns if column.unit):
        names = _names(column for column in columns if column.unit == unit)
        have = "is read without its" if len(names) == 1 else "are read without their"
        what = "percent sign: 12% counts as 12" if unit == "%" else f"unit {in_quotes(unit)}"
        notes.append(f"{listed(names)} {have} {what}")
    return notes


def _negatives(columns: Sequence[Column]) -> list[str]:
    names = _names(column for column in columns if column.in_parentheses)
    return [f"Numbers in parentheses in {listed(names)} are taken as negative: (5) counts as -5"] if names else []


def _dates(columns: Sequence[Column]) -> list[str]:
    names = _names(column for column in columns if column.kind == "date" and not column.is_empty)
    hold = "holds dates, which count" if len(names) == 1 else "hold dates, which count"
    return [f"{listed(names)} {hold} as days since 1970-01-01"] if names else []


def _booleans(columns: Sequence[Column]) -> list[str]:
    by_words: dict[str, list[str]] = {}
    for column in columns:
        if column.kind == "boolean" and not column.is_empty:
            by_words.setdefault(column.words or "true is 1, false is 0", []).append(column.name)
    return [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} read as numbers: {w}" for w, names in by_words.items()
    ]


def _markers(columns: Sequence[Column]) -> list[str]:
    """Return a sentence on the texts that count as missing, with their number of cells and their columns."""
    counts: Counter[str] = Counter()
    for column in columns:
        counts.update(column.markers)
    if not counts:
        return []
    cells = _listed_counts(counts)
    names = listed(_names(column for column in columns if column.markers))
    return [f"{cells} {'counts' if counts.total() == 1 else 'count'} as missing in {names}"]


def _listed_counts(counts: Counter[str], most: int = 8) -> str:
    """Return texts with the number of their cells, for a sentence."""
    parts = [f"{in_quotes(text)} ({counted(count, 'cell')})" for text, count in counts.most_common(most)]
    if len(counts) > most:
        parts.append(f"{len(counts) - most} more")
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _infinite(columns: Sequence[Column]) -> list[str]:
    count = sum(column.infinite for column in columns)
    if not count:
        return []
    names = _names(column for column in columns if column.infinite)
    infinite = f"{counted(count, 'infinite value')} of {listed(names)}"
    return [f"{infinite} {'counts' if count == 1 else 'count'} as missing"]
