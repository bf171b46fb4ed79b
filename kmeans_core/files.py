"""Traces as files: JSON to read and to hand on, NPZ where there are many points.

Both hold the same, under the same names (``SCHEMA`` says which), with all digits, so that ``load_trace`` gives back
what was saved, bit for bit. Labels that did not change between two half-steps are stored once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from kmeans_core.types import (
    EmptyCluster,
    Phase,
    RunConfig,
    Step,
    StopReason,
    Trace,
    checked_record,
    frozen,
    label_dtype,
)

SCHEMA: Final = "kmeans_core.trace/1"
"""Of what a file says it is. A later version gets another number, and this one can still be read."""

_PER_STEP: Final = ("phase", "iteration", "cost", "moved", "seconds", "relocated")


def save_trace(trace: Trace, path: str | PathLike[str], about: Mapping[str, Any] | None = None) -> None:
    """Write a trace to a file.

    Parameters
    ----------
    trace : Trace
    path : path-like
        Ends in ``.json`` or ``.npz``, which decides how it is written.
    about : mapping, optional
        What a reader of the file should know of the points: anything that JSON can hold.

    Raises
    ------
    ValueError
        If the path ends in something else.
    OSError
        If the file can't be written.

    Notes
    -----
    The fields, the same in both kinds of file; in JSON all are one object, in NPZ ``header`` is the JSON text of those
    that are no arrays:

    ``schema``
        ``"kmeans_core.trace/1"``.
    ``config``
        The fields of ``RunConfig``.
    ``stop_reason``
        ``"converged"`` or ``"max_iter"``.
    ``steps``
        For each half-step ``phase``, ``iteration``, ``cost`` (null before the first assign), ``moved``, ``seconds``,
        ``relocated`` (a list of ``cluster``, ``policy``, ``point``), and ``labels``: a row of the array ``labels``, or
        null before the first assign.
    ``centers``
        ``(steps, k, d) float64``: the centers after each half-step.
    ``labels``
        ``(rows, n)`` unsigned: each different assignment once.
    ``about``
        Where it was given; ``load_trace`` leaves it alone.
    """
    path = Path(path)
    if path.suffix not in {".json", ".npz"}:
        raise ValueError(f"path must end in .json or .npz, got {path.name!r}")
    path.write_bytes(dump_trace(trace, path.suffix[1:], about))


def dump_trace(trace: Trace, form: str, about: Mapping[str, Any] | None = None) -> bytes:
    """Return the bytes that ``save_trace`` writes; ``form`` is ``"json"`` or ``"npz"``.

    Raises
    ------
    ValueError
        If the form is another one.
    """
    header, arrays = _packed(checked_record("trace", trace, Trace))
    if about:
        header["about"] = dict(about)
    if form == "json":
        whole = header | {name: array.tolist() for name, array in arrays.items()}
        return json.dumps(whole, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    if form == "npz":
        content = BytesIO()
        np.savez_compressed(content, header=np.array(json.dumps(header)), **arrays)
        return content.getvalue()
    raise ValueError(f"form must be 'json' or 'npz', got {form!r}")


def load_trace(path: str | PathLike[str]) -> Trace:
    """Read a trace back from a file that ``save_trace`` wrote.

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
        If the file is not such a trace, or is damaged; the message says what is wrong with it.
    OSError
        If it can't be read.
    """
    path = Path(path)
    if path.suffix not in {".json", ".npz"}:
        raise ValueError(f"path must end in .json or .npz, got {path.name!r}")
    content = path.read_bytes()
    try:
        fields = json.loads(content) if path.suffix == ".json" else _from_npz(content)
        if fields["schema"] != SCHEMA:
            raise ValueError(f"its schema is {fields['schema']!r}, and this version reads {SCHEMA!r}")
        return _unpacked(fields)
    except KeyError as error:
        raise ValueError(f"{path.name} is no trace: it has no {error}") from error
    except Exception as error:  # a damaged archive fails in many ways
        raise ValueError(f"{path.name} is no trace: {str(error) or type(error).__name__}") from error


def _packed(trace: Trace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what goes into a file: plain values, and arrays."""
    kept = [step.compact_labels for step in trace if step.compact_labels is not None]
    rows = [0, *np.cumsum([not np.array_equal(a, b) for a, b in pairwise(kept)], dtype=int).tolist()]
    distinct = [labels for at, labels in enumerate(kept) if at == 0 or rows[at] != rows[at - 1]]
    places = iter(rows)
    steps = [
        {name: getattr(step, name) for name in _PER_STEP}
        | {
            "relocated": [asdict(cluster) for cluster in step.relocated],
            "labels": None if step.compact_labels is None else next(places),
        }
        for step in trace
    ]
    header = {
        "schema": SCHEMA,
        "config": asdict(trace.config),
        "stop_reason": trace.stop_reason,
        "steps": steps,
    }
    return header, {"centers": np.stack([step.centers for step in trace]), "labels": np.stack(distinct)}


def _from_npz(content: bytes) -> dict[str, Any]:
    # No pickles: they could run code.
    with np.load(BytesIO(content), allow_pickle=False) as archive:
        header: dict[str, Any] = json.loads(str(archive["header"]))
        return header | {name: archive[name] for name in ("centers", "labels")}


def _unpacked(fields: Mapping[str, Any]) -> Trace:
    """Return the trace that the fields of a file describe, or raise what is wrong with them."""
    config = RunConfig(**fields["config"])
    centers, labels = np.asarray(fields["centers"], dtype=np.float64), np.asarray(fields["labels"])
    if centers.ndim != 3 or centers.shape[:2] != (len(fields["steps"]), config.k) or not np.isfinite(centers).all():
        raise ValueError(f"its centers must be finite and of shape (steps, k, d), got {centers.shape}")
    if labels.ndim != 2 or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= config.k:
        raise ValueError(f"its labels must be whole numbers in 0..{config.k - 1} of shape (rows, n)")
    labels = frozen(labels.astype(label_dtype(config.k)))
    steps = tuple(
        Step(
            phase=Phase(step["phase"]),
            iteration=int(step["iteration"]),
            centers=frozen(places),
            compact_labels=None if step["labels"] is None else labels[step["labels"]],
            cost=None if step["cost"] is None else float(step["cost"]),
            moved=int(step["moved"]),
            relocated=tuple(EmptyCluster(**cluster) for cluster in step["relocated"]),
            seconds=float(step["seconds"]),
        )
        for step, places in zip(fields["steps"], centers, strict=True)
    )
    return Trace(config, steps, StopReason(fields["stop_reason"]))
