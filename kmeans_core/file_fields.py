"""The fields of a run's file, read strictly: an error names a field that is missing, unknown, or of another type."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from math import isfinite
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Labels, freeze
from kmeans_core.run_config import RunConfig
from kmeans_core.trace_checks import refuse
from kmeans_core.types import EmptyCluster, Phase, Step
from kmeans_core.validation import validate_choice

Fields = dict[str, Any]

_FIRST_CONFIG: Final = ("k", "rule", "init", "given", "empty", "backend", "seed", "max_iter")
"""The fields of a config that every file has; those that ``RunConfig`` gets later have a default."""

_STEP: Final = ("phase", "iteration", "cost", "moved", "seconds", "relocated", "labels")
_EMPTY: Final = ("cluster", "policy", "point")


def strict_json(content: bytes) -> Any:
    """Read JSON, and refuse what its standard does: NaN, infinities, and in one object the same key twice."""

    def once(pairs: list[tuple[str, Any]]) -> Fields:
        record = dict(pairs)
        if len(record) != len(pairs):
            names = [name for name, _ in pairs]
            refuse("each field", "there once", next(name for name in names if names.count(name) > 1))
        return record

    def number(text: str) -> NoReturn:
        refuse("every number", "finite", text)

    try:
        return json.loads(content, object_pairs_hook=once, parse_constant=number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def field_of(record: Fields, name: str, kind: type | None = None, *, where: str = "", optional: bool = False) -> Any:
    """Return a field of a record, of that type if one is named; None where an optional one is missing."""
    if name not in record:
        if optional:
            return None
        raise ValueError(f"{where}{name} is missing")
    value = record[name]
    if kind is not None and not isinstance(value, kind):
        words = {"dict": "an object", "list": "a list", "str": "a text"}
        refuse(f"{where}{name}", words[kind.__name__], value)
    return value


def check_fields(where: str, record: Fields, names: Collection[str]) -> None:
    """Refuse a record with other fields than these."""
    if unknown := sorted(record.keys() - set(names)):
        raise ValueError(f"{where} has an unknown field {unknown[0]!r}; known are {', '.join(names)}")


def config_of(record: Fields) -> RunConfig:
    """Return the config that a file holds."""
    for name in _FIRST_CONFIG:
        field_of(record, name, where="config.")
    check_fields("config", record, [field.name for field in fields(RunConfig)])
    try:
        return RunConfig(**record)
    except (TypeError, ValueError) as error:
        raise ValueError(f"config: {error}") from error


def as_numbers(where: str, values: object, dtype: np.dtype[Any], *, ndim: int, most: int | None = None) -> NDArray[Any]:
    """Return an array of a file, read-only: finite numbers, or whole ones in 0..``most``.

    Parameters
    ----------
    where : str
        The field.
    values : NumPy array, or nested lists from JSON
    dtype : dtype
        Of what is returned.
    ndim : int
        How many dimensions it must have; none of them may be empty.
    most : int, optional
    """
    whole = most is not None
    requirement = f"{'whole' if whole else 'finite'} numbers in {ndim} dimension{'s' if ndim > 1 else ''}"
    if not isinstance(values, np.ndarray):
        if not isinstance(values, list) or any(isinstance(value, bool) for value in _leaves(values)):
            refuse(where, requirement, values)
        try:
            values = np.asarray(values)
        except ValueError:
            refuse(where, f"{requirement}, all rows of one length", values)
        if not whole and values.dtype.kind in "iu":
            values = values.astype(np.float64)
    if values.ndim != ndim or 0 in values.shape:
        refuse(where, requirement, f"an array of shape {values.shape}")
    if values.dtype.kind not in ("iu" if whole else "f") or (not whole and values.dtype.itemsize != 8):
        refuse(where, requirement, f"an array of {values.dtype}")
    if most is None:
        if not np.isfinite(values).all():
            refuse(where, "finite", values[~np.isfinite(values)][0])
    elif values.min() < 0 or values.max() > most:
        refuse(where, f"in 0..{most}", values.min() if values.min() < 0 else values.max())
    return freeze(values.astype(dtype))


def _leaves(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _leaves(value)
        else:
            yield value


def as_step(record: object, index: int, centers: Centers, labels: Labels, *, exact: bool) -> Step:
    """Return a half-step of a file; ``labels`` are its rows, ``exact`` tells whether it may have no other fields."""
    where = f"steps[{index}]."
    if not isinstance(record, dict):
        refuse(f"steps[{index}]", "an object", record)
    if exact:
        check_fields(f"steps[{index}]", record, _STEP)
    phase, iteration, cost, reassigned, seconds, relocated, row = (
        field_of(record, name, where=where) for name in _STEP
    )
    if row is not None and not (type(row) is int and 0 <= row < len(labels)):
        refuse(f"{where}labels", f"null or a row of labels, in 0..{len(labels) - 1}", row)
    if not isinstance(relocated, list):
        refuse(f"{where}relocated", "a list", relocated)
    return Step(
        phase=Phase(validate_choice(f"{where}phase", phase, list(Phase))),
        iteration=iteration,
        centers=centers,
        compact_labels=None if row is None else labels[row],
        cost=float(cost) if type(cost) is int and isfinite(cost) else cost,
        reassigned=reassigned,
        relocated=tuple(_as_empty(empty, f"{where}relocated.") for empty in relocated),
        seconds=float(seconds) if type(seconds) is int else seconds,
    )


def _as_empty(record: object, where: str) -> EmptyCluster:
    """Return what a file says of an empty cluster."""
    if not isinstance(record, dict):
        refuse(where.rstrip("."), "a list of objects", record)
    check_fields(where.rstrip("."), record, _EMPTY)
    cluster, policy, point = (field_of(record, name, where=where) for name in _EMPTY)
    return EmptyCluster(cluster, policy, point)


def names_of(columns: Sequence[object], d: int) -> tuple[str, ...]:
    """Return the names of d columns."""
    names = tuple(name for name in columns if isinstance(name, str))
    if len(names) != d or len(columns) != d:
        refuse("columns", f"{d} texts, one for each feature", columns)
    return names
