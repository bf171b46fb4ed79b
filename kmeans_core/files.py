"""Runs as files: JSON to read and to pass on, NPZ where there are many points.

Both hold the same fields with all digits, so what was saved is loaded bit for bit: the trace and, if they are passed
in, its points and what is known of them. What is not a trace is refused. In JSON all fields are one object; in NPZ
``header`` is the JSON text of those that are not arrays.

``schema``
    ``"kmeans_core.trace/2"``.
``program``
    The program that wrote the file, and its version.
``config``
    The fields of ``RunConfig``.
``stop_reason``
    ``"converged"`` or ``"max_iter"``.
``steps``
    For each half-step ``phase``, ``iteration``, ``cost`` (null before the first assign), ``moved`` (which is
    ``Step.reassigned``), ``seconds``, ``relocated`` (a list of ``cluster``, ``policy``, ``point``), and ``labels``: a
    row of the array ``labels``, or null before the first assign.
``centers``
    ``(steps, k, d) float64``: the centers after each half-step.
``labels``
    ``(rows, n)`` unsigned: each different assignment once.
``points``, ``weights``, ``columns``, ``scaling``, ``about``
    Optional; ``scaling`` has ``means`` and ``deviations``.
``digest``
    SHA-256 of all of it, which reveals damage; a file without it is read unchecked.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.arrays import Points, freeze, freeze_fields, label_dtype, restore_fields
from kmeans_core.file_fields import (
    Fields,
    as_numbers,
    as_step,
    check_fields,
    config_of,
    field_of,
    names_of,
    strict_json,
)
from kmeans_core.trace_checks import check_trace, refuse
from kmeans_core.types import StopReason, Trace
from kmeans_core.validation import validate_choice, validate_record, validate_rows, validate_weights
from kmeans_core.version import __version__

SCHEMA: Final = "kmeans_core.trace/2"
"""What a file says that it is. Version 1 had no points, scaling, columns, weights, program, and digest."""

_NAME, _NEWEST = "kmeans_core.trace/", 2

_PER_STEP: Final = ("phase", "iteration", "cost", "moved", "seconds", "relocated")
_OWN_FIELDS: Final = ("schema", "program", "config", "stop_reason", "steps", "columns", "scaling", "about", "digest")
_ARRAYS: Final = {"centers": "<f8", "labels": "", "points": "<f8", "weights": "<f8"}
"""The arrays of a file and their types in its digest; labels have the smallest type that holds k."""

_MOST_UNPACKED: Final = 2**28
_MOST_TIMES: Final = 200
"""An NPZ file may unpack to this many bytes, or to this many times its size, whichever is more."""


@dataclass(frozen=True, slots=True, eq=False)
class SavedRun:
    """What a file of a run holds. Arrays are read-only.

    Attributes
    ----------
    trace : Trace
    points : (n, d) float64, or None
        As they were clustered.
    weights : (n,) float64, or None
        Those of the points, if the run had any.
    columns : tuple of str, or None
        What the d features are called.
    means, deviations : (d,) float64, or None
        How the columns were scaled: ``original_points`` undoes it.
    about : dict
        What else was said of the points.
    """

    trace: Trace
    points: Points | None = None
    weights: NDArray[np.float64] | None = None
    columns: tuple[str, ...] | None = None
    means: NDArray[np.float64] | None = None
    deviations: NDArray[np.float64] | None = None
    about: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        freeze_fields(self)

    __setstate__ = restore_fields

    @property
    def original_points(self) -> Points | None:
        """``(n, d) float64``: the points before their columns were scaled, to the rounding of that."""
        if self.points is None or self.means is None or self.deviations is None:
            return self.points
        return self.points * self.deviations + self.means


def save_trace(
    trace: Trace,
    path: str | PathLike[str],
    about: Mapping[str, Any] | None = None,
    *,
    points: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    columns: Sequence[str] | None = None,
    scaling: tuple[ArrayLike, ArrayLike] | None = None,
) -> None:
    """Write a trace to a file, and with it what it takes to draw it again.

    Parameters
    ----------
    trace : Trace
    path : path-like
        Ends in ``.json`` or ``.npz``, which decides how it is written.
    about : mapping, optional
        What a reader of the file should know of the points: anything that JSON can hold.
    points : (n, d) array-like of finite real numbers, optional
        The points of the run.
    weights : (n,) array-like of finite real numbers, 0 or more, optional
        Their weights; needed if the run had any, as they decide costs and which clusters are empty.
    columns : sequence of str, optional
        The names of the d features.
    scaling : pair of (d,) array-like, optional
        Means and deviations of the columns, if they were scaled: ``points * deviations + means`` are the originals.

    Raises
    ------
    ValueError
        If the path ends in something else, if the trace is not one that a run leaves behind, or if what is given with
        it does not belong to it.
    OSError
        If the file can't be written.
    """
    path = _validate_path(path)
    form = path.suffix[1:]
    path.write_bytes(dump_trace(trace, form, about, points=points, weights=weights, columns=columns, scaling=scaling))


def dump_trace(
    trace: Trace,
    form: str,
    about: Mapping[str, Any] | None = None,
    *,
    points: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    columns: Sequence[str] | None = None,
    scaling: tuple[ArrayLike, ArrayLike] | None = None,
) -> bytes:
    """Return the bytes that ``save_trace`` writes; ``form`` is ``"json"`` or ``"npz"``.

    Raises
    ------
    ValueError
        If the form is another one, or as ``save_trace`` does.
    """
    validate_choice("form", form, ("json", "npz"))
    validate_record("trace", trace, Trace)
    array = None if points is None else validate_rows("points", points)
    labels = trace[-1].compact_labels if len(trace) else None
    own_weights = validate_weights(weights, 0 if labels is None else len(labels))
    check_trace(trace, array, own_weights)
    header, arrays = _pack(trace)
    arrays |= {name: content for name, content in (("points", array), ("weights", own_weights)) if content is not None}
    header |= _describe(trace, columns, scaling, about)
    header["digest"] = _digest(header, arrays)
    if form == "json":
        whole = header | {name: values.tolist() for name, values in arrays.items()}
        return _as_json(whole).encode() + b"\n"
    return _as_npz(header, arrays)


def load_trace(path: str | PathLike[str]) -> Trace:
    """Read a trace back from a file that ``save_trace`` wrote, in this version of the program or an earlier one.

    Parameters
    ----------
    path : path-like
        Ends in ``.json`` or ``.npz``.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        If the file is not such a trace, or is damaged; the message names the field and its value.
    OSError
        If it can't be read.
    """
    return load_run(path).trace


def load_run(path: str | PathLike[str]) -> SavedRun:
    """Read a trace, and all that was saved with it, from a file that ``save_trace`` wrote.

    Parameters, Raises
        As for ``load_trace``.

    Returns
    -------
    SavedRun
    """
    path = _validate_path(path)
    content = path.read_bytes()
    try:
        return _unpack(strict_json(content) if path.suffix == ".json" else _from_npz(content))
    except Exception as error:  # a damaged archive fails in many ways
        raise ValueError(f"{path.name} is not a trace, or is damaged: {str(error) or type(error).__name__}") from error


def _validate_path(path: str | PathLike[str]) -> Path:
    path = Path(path)
    if path.suffix not in {".json", ".npz"}:
        raise ValueError(f"path must end in .json or .npz, got {path.name!r}")
    return path


# --- Writing


def _pack(trace: Trace) -> tuple[Fields, dict[str, NDArray[Any]]]:
    """Return what of a trace goes into a file: plain values, and arrays."""
    label_arrays = [step.compact_labels for step in trace if step.compact_labels is not None]
    rows = [0, *np.cumsum([not np.array_equal(a, b) for a, b in pairwise(label_arrays)], dtype=int).tolist()]
    distinct = [labels for at, labels in enumerate(label_arrays) if at == 0 or rows[at] != rows[at - 1]]
    places = iter(rows)
    steps = [
        {
            "phase": step.phase.value,
            "iteration": int(step.iteration),
            "cost": None if step.cost is None else float(step.cost),
            "moved": int(step.reassigned),
            "seconds": float(step.seconds),
            "relocated": [asdict(cluster) for cluster in step.relocated],
            "labels": None if step.compact_labels is None else next(places),
        }
        for step in trace
    ]
    header = {
        "schema": SCHEMA,
        "program": program(),
        "config": asdict(trace.config),
        "stop_reason": trace.stop_reason.value,
        "steps": steps,
    }
    labels = np.stack(distinct).astype(label_dtype(trace.config.k), copy=False)
    return header, {"centers": np.stack([step.centers for step in trace]), "labels": labels}


def program() -> str:
    """Return the name and version of this program, as files tell it."""
    return f"kmeans_core {__version__}"


def _describe(
    trace: Trace,
    columns: Sequence[str] | None,
    scaling: tuple[ArrayLike, ArrayLike] | None,
    about: Mapping[str, Any] | None,
) -> Fields:
    """Return what is said of the points, or raise a ``ValueError`` if it can't be theirs."""
    d = trace.centers.shape[1]
    description: Fields = {}
    if columns is not None:
        description["columns"] = list(names_of(list(columns), d))
    if scaling is not None:
        means, deviations = scaling
        description["scaling"] = {
            name: validate_rows(name, np.reshape(np.asarray(values), (1, -1)))[0].tolist()
            for name, values in (("means", means), ("deviations", deviations))
        }
        _scaling_of(description, d)
    if about:
        try:
            # It must read back as it was given: no value that JSON lacks, and no key twice.
            description["about"] = strict_json(_as_json(dict(about)).encode())
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"about must be what JSON can hold, got {about!r}: {error}") from error
    return description


def _as_json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"), allow_nan=False)


def _as_npz(header: Fields, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an archive that is compressed, unless it gets so small by it that it is taken for an attack."""
    content = BytesIO()
    members: dict[str, Any] = {"header": np.array(_as_json(header)), **arrays}
    np.savez_compressed(content, **members)
    if sum(array.nbytes for array in members.values()) + 2**16 > _most_unpacked(content.tell()):
        content = BytesIO()
        np.savez(content, **members)
    return content.getvalue()


def _most_unpacked(size: int) -> int:
    return max(_MOST_UNPACKED, _MOST_TIMES * size)


def _digest(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    """Return the SHA-256 of a file's fields, whichever kind of file they are in."""
    fields = {name: value for name, value in header.items() if name in _OWN_FIELDS and name != "digest"}
    digest = sha256(json.dumps(fields, sort_keys=True, separators=(",", ":"), allow_nan=False).encode())
    for name, kind in _ARRAYS.items():
        if name in arrays:
            array = arrays[name]
            little = np.ascontiguousarray(array, dtype=kind or array.dtype.newbyteorder("<"))
            digest.update(f"{name} {little.dtype.str} {little.shape}".encode())
            digest.update(little.data)
    return digest.hexdigest()


# --- Reading


def _from_npz(content: bytes) -> Fields:
    """Return the fields of an archive. No pickles: they could run code. Nothing is unpacked that is too large."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
        if len(members) != len(archive.infolist()) or not members.keys() <= {"header", *_ARRAYS}:
            refuse("its members", f"each once, of header, {', '.join(_ARRAYS)}", archive.namelist())
        size, most = sum(member.file_size for member in members.values()), _most_unpacked(len(content))
        if size > most:
            refuse("what it unpacks to", f"at most {most:,} bytes, as of any file that was saved", size)
        arrays = {name: _member(archive, member) for name, member in members.items()}
    header = arrays.pop("header", None)
    if header is None or header.dtype.kind != "U" or header.ndim:
        refuse("header", "a text", header)
    fields: Fields = strict_json(str(header).encode())
    if twice := sorted(fields.keys() & arrays.keys()):
        refuse("header", "without the arrays", twice)
    return fields | arrays


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    """Return an array of an archive; its own header must agree with the bytes that are there."""
    content = archive.read(member)
    stream = BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        refuse(member.filename, "an array of format 1.0", content[:8])
    shape, by_column, dtype = np.lib.format.read_array_header_1_0(stream)
    if (
        dtype.hasobject
        or by_column
        or int(np.prod(shape, dtype=object)) * dtype.itemsize != len(content) - stream.tell()
    ):
        refuse(member.filename, f"an array of {len(content) - stream.tell()} bytes by rows", (shape, dtype.str))
    return np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape)


def _unpack(fields: Fields) -> SavedRun:
    """Return the run that the fields of a file describe, or raise what is wrong with them."""
    newest = _schema_of(fields) == _NEWEST
    if newest:
        check_fields("the file", fields, (*_OWN_FIELDS, *_ARRAYS))
    config = config_of(field_of(fields, "config", dict))
    steps = field_of(fields, "steps", list)
    centers = as_numbers("centers", field_of(fields, "centers"), np.dtype(np.float64), ndim=3)
    if centers.shape[:2] != (len(steps), config.k):
        refuse("centers", f"of shape (steps={len(steps)}, k={config.k}, d)", centers.shape)
    labels = as_numbers("labels", field_of(fields, "labels"), label_dtype(config.k), ndim=2, most=config.k - 1)
    records = [as_step(step, index, centers[index], labels, exact=newest) for index, step in enumerate(steps)]
    stop_reason = validate_choice("stop_reason", field_of(fields, "stop_reason"), list(StopReason))
    trace = Trace(config, tuple(records), StopReason(stop_reason))
    arrays = {"centers": centers, "labels": labels} | (_points_and_weights(fields, labels.shape[1]) if newest else {})
    check_trace(trace, arrays.get("points"), arrays.get("weights"))
    if not newest:
        return SavedRun(trace, about=field_of(fields, "about", dict, optional=True) or {})
    d = centers.shape[2]
    columns = field_of(fields, "columns", list, optional=True)
    names = None if columns is None else names_of(columns, d)
    means, deviations = _scaling_of(fields, d)
    about = field_of(fields, "about", dict, optional=True) or {}
    digest = field_of(fields, "digest", str, optional=True)
    if digest is not None and digest != (real := _digest(fields, arrays)):
        refuse("digest", f"{real!r}, that of the rest (leave it out if you changed the file on purpose)", digest)
    return SavedRun(
        trace,
        arrays.get("points"),
        arrays.get("weights"),
        names,
        means,
        deviations,
        about,
    )


def _schema_of(fields: object) -> int:
    """Return the version of a file's schema."""
    if not isinstance(fields, dict):
        refuse("the file", "one JSON object", fields)
    schema = field_of(fields, "schema")
    number = schema.removeprefix(_NAME) if isinstance(schema, str) and schema.startswith(_NAME) else ""
    if not (number.isascii() and number.isdigit() and 1 <= len(number) <= 4 and int(number) > 0):
        refuse("schema", f"{_NAME}1 or {SCHEMA}", schema)
    if int(number) > _NEWEST:
        wrote = fields.get("program")
        by = wrote if isinstance(wrote, str) else "a later version of kmeans_core"
        raise ValueError(
            f"its schema is {schema!r}, and {program()} reads up to {SCHEMA!r}: it was written by {by}, so use that "
            "version or a later one"
        )
    return int(number)


def _points_and_weights(fields: Fields, n: int) -> dict[str, NDArray[Any]]:
    """Return points and weights, as far as they are in a file."""
    arrays: dict[str, NDArray[Any]] = {}
    if "points" in fields:
        arrays["points"] = as_numbers("points", fields["points"], np.dtype(np.float64), ndim=2)
    if "weights" in fields:
        weights = validate_weights(as_numbers("weights", fields["weights"], np.dtype(np.float64), ndim=1), n)
        assert weights is not None
        arrays["weights"] = freeze(weights)
    return arrays


def _scaling_of(fields: Fields, d: int) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Return means and deviations of a file, ``(d,) float64``, or None for both."""
    scaling = field_of(fields, "scaling", dict, optional=True)
    if scaling is None:
        return None, None
    check_fields("scaling", scaling, ("means", "deviations"))
    means, deviations = (
        as_numbers(f"scaling.{name}", field_of(scaling, name, where="scaling."), np.dtype(np.float64), ndim=1)
        for name in ("means", "deviations")
    )
    if means.shape != (d,) or deviations.shape != (d,):
        refuse("scaling", f"{d} means and {d} deviations", (len(means), len(deviations)))
    if not (deviations > 0).all():
        refuse("scaling.deviations", "above 0", deviations.tolist())
    return means, deviations
