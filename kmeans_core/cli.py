"""The command line: cluster the rows of a table, print what came out, and write labels and half-steps to files.

Tables are read by ``kmeans_tables``, as in the app: same formats, same guesses, same notes.
"""

from __future__ import annotations

import argparse
import codecs
import csv
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import (
    BACKENDS,
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    BackendUnavailable,
    Phase,
    RunConfig,
    Step,
    Trace,
    __version__,
    adjusted_rand_index,
    iterate,
    save_trace,
)

if TYPE_CHECKING:
    from kmeans_tables import ColumnChoice, PreparedPoints, Table

PROGRAM: Final = "python -m kmeans_core"
STANDARD_STREAM: Final = "-"
"""Names standard input as the table, and standard output as the target of ``--labels``."""

LABEL_FORMATS: Final = (".csv", ".tsv", ".parquet")
TRACE_FORMATS: Final = (".json", ".npz")

MAX_BYTES: Final = 10**9
"""The largest file that is read: far more than the app accepts, as a person's own machine reads it."""

_INTERRUPTED: Final = 130
_CLOSED_PIPE: Final = 141
"""What shells report for a program that SIGINT or SIGPIPE ended: 128 and the signal's number."""


class UnusableRequest(Exception):  # noqa: N818 - it is about the person's input, and its message is all that is shown
    """The request can't be carried out; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table with the columns of it that are clustered, as points."""

    table: Table
    choice: ColumnChoice
    prepared: PreparedPoints


def main(arguments: Sequence[str] | None = None) -> int:
    """Cluster a table.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process if not given.

    Returns
    -------
    int
        The exit code: 0; 2 if something can't be used, with a sentence on standard error; 130 after Ctrl-C; 141 if
        whatever read standard output went away.
    """
    options = _parser().parse_args(arguments)
    try:
        _cluster(options)
        sys.stdout.flush()
    except (UnusableRequest, ValueError, BackendUnavailable) as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # Python flushes standard output once more at exit, and would print a traceback then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED_PIPE
    except OSError as error:
        return _refuse(f"{error.strerror}: {error.filename}" if error.filename and error.strerror else str(error))
    except KeyboardInterrupt:
        print("\nkmeans_core: interrupted", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _refuse(sentence: str) -> int:
    print(f"kmeans_core: {sentence}", file=sys.stderr)
    return 2


def _cluster(options: argparse.Namespace) -> None:
    """Read the table, run, report, and write the requested files."""
    _check_targets(options)
    source = _source(options)
    config = RunConfig(
        k=options.k,
        rule=options.rule,
        init=options.init,
        empty=options.empty,
        backend=options.backend,
        seed=options.seed,
        max_iter=options.max_iter,
    )
    if not options.quiet:
        for note in _notes(source):
            print(f"note: {note}", file=sys.stderr)
    trace = _run(source.prepared.points, config, quiet=options.quiet)
    if options.trace:
        _write_trace(options.trace, source, trace)
    if options.labels:
        _write_labels(options.labels, source, trace)
    if not options.quiet:
        # The report must not end up inside a table that is written to standard output.
        print(_report(source, trace), file=sys.stderr if options.labels == STANDARD_STREAM else sys.stdout)


def _parser() -> argparse.ArgumentParser:
    defaults = RunConfig(k=1)
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Cluster the rows of a table by K-means, K-medoids, or K-medians. "
        "Reads CSV and other separated text, Excel workbooks, and Parquet files.",
    )
    add = parser.add_argument
    add("table", help="the file to read; - is standard input")
    add("--k", type=int, required=True, help="number of clusters")
    add("--columns", metavar="A,B", help="columns to cluster; put a name that holds a comma in double quotes")
    add("--label", metavar="NAME", help="column to compare the clusters with")
    add("--sheet", metavar="NAME", default="", help="sheet of a workbook")
    add("--missing", choices=["drop", "fill"], default="drop", help="leave out rows with gaps, or fill in the median")
    add("--standardize", action="store_true", help="give every column mean 0 and standard deviation 1 first")
    add("--rule", choices=list(RULES), default=defaults.rule, help="kind of center (default: %(default)s)")
    known = [name for name in INITIALISERS if name != "given"]
    add("--init", choices=known, default=defaults.init, help="starting centers (default: %(default)s)")
    add("--empty", choices=list(EMPTY_POLICIES), default=defaults.empty, help="empty clusters (default: %(default)s)")
    add("--backend", choices=list(BACKENDS), default=defaults.backend, help="default: %(default)s")
    add("--seed", type=int, default=defaults.seed, help="random seed (default: %(default)s)")
    add("--max-iter", type=int, default=defaults.max_iter, help="maximum iterations (default: %(default)s)")
    add("--trace", type=Path, metavar="FILE", help="write every half-step to FILE.json or FILE.npz")
    add("--labels", metavar="FILE", help="write the table with its clusters to FILE.csv, .tsv, or .parquet; - prints")
    add("--quiet", action="store_true", help="print errors only")
    add("--version", action="version", version=f"kmeans_core {__version__}")
    return parser


def _check_targets(options: argparse.Namespace) -> None:
    """Refuse targets that could not be written, before the work is done."""
    labels = None if options.labels in (None, STANDARD_STREAM) else Path(options.labels)
    for name, target, formats in (("--trace", options.trace, TRACE_FORMATS), ("--labels", labels, LABEL_FORMATS)):
        if target is None:
            continue
        if target.suffix.lower() not in formats:
            raise UnusableRequest(f"{name} must end in {' or '.join(formats)}, got {target}")
        if not target.parent.is_dir():
            raise UnusableRequest(f"there is no folder {target.parent} to write {target.name} to")


def _source(options: argparse.Namespace) -> Source:
    """Read the table and choose its columns."""
    tables = _table_reader()
    if options.table == STANDARD_STREAM:
        name, content = "standard input", sys.stdin.buffer.read()
    else:
        path = Path(options.table)
        name, content = path.name, path.read_bytes()
    table = tables.read_table(name, content, sheet=options.sheet, max_bytes=MAX_BYTES)
    if options.sheet and not table.sheets:
        raise UnusableRequest(f"--sheet is for workbooks, and {name} is none: leave out --sheet {options.sheet}")
    label = tables.default_choice(table).label if options.label is None else options.label
    columns = _names(options.columns) if options.columns is not None else tables.measured_columns(table, label)
    choice = tables.ColumnChoice(columns, options.standardize, options.missing, label)
    ready = tables.prepare_points(table, choice, fewest=1, most=len(table.numeric))
    return Source(table, choice, ready)


def _table_reader() -> ModuleType:
    """Return the package that reads tables; it needs more than NumPy, and is loaded only here."""
    try:
        for name in ("pandas", "pyarrow"):
            import_module(name)
        return import_module("kmeans_tables")
    except ImportError as error:
        remedy = "pip install 'kmeans-step-by-step[tables]'"
        raise UnusableRequest(f"reading a table needs {error.name}, which is not installed: {remedy}") from error


def _names(text: str) -> tuple[str, ...]:
    """Return column names that are separated by commas; quotes hold together a name with a comma."""
    return tuple(next(csv.reader([text], skipinitialspace=True)))


def _notes(source: Source) -> Iterator[str]:
    """Yield what was guessed and done with the table, a sentence each: the notes that the app shows, and one more."""
    tables, choice = _table_reader(), source.choice
    yield from (f"{note}." for note in source.table.notes)
    seen = tables.find_label_leakage(source.table, choice, source.prepared)
    yield from tables.clustering_notes(source.table.name, choice, source.prepared, seen)
    unchosen = [name for name in source.table.numeric if name not in choice.columns]
    if unchosen:
        yield f"Not clustered: {tables.listed(unchosen)}. --columns chooses columns."


def _run(points: NDArray[np.float64], config: RunConfig, *, quiet: bool) -> Trace:
    """Run, and show the progress on a terminal."""
    shown = sys.stderr.isatty() and not quiet
    steps: list[Step] = []
    for step in iterate(points, config):
        steps.append(step)
        if shown and step.phase is Phase.ASSIGN:
            # How many iterations it takes is unknown, so the bar follows the points that keep their cluster.
            bar = "#" * round(30 * (1 - step.reassigned / len(points)))
            switched = f"{step.reassigned:,} points switched cluster"
            progress = f"\r[{bar:<30}] iteration {step.iteration} of at most {config.max_iter}, {switched}\x1b[K"
            print(progress, end="", file=sys.stderr, flush=True)
    if shown:
        print(file=sys.stderr)
    return Trace.from_steps(config, steps)


def _report(source: Source, trace: Trace) -> str:
    """Return the outcome in sentences, and the clusters as a table with centers in the units of the file."""
    rule, choice, ready = RULES[trace.config.rule], source.choice, source.prepared
    scaled = " of the standardized columns" if choice.standardize else ""
    lines = [trace.stop_sentence, f"{rule.cost_words.capitalize()}{scaled}: {trace.cost:.6g}"]
    if ready.truth is not None:
        known = ready.truth >= 0
        match = adjusted_rand_index(trace.labels[known], ready.truth[known])
        lines.append(f"Match with {choice.label} (adjusted Rand index): {match:.3f}")
    counts = np.bincount(trace.labels, minlength=trace.config.k)
    centers = trace.centers * ready.deviations + ready.means
    active = trace.active(-1)
    rows = [["cluster", "points", *choice.columns]]
    for cluster, (count, center) in enumerate(zip(counts, centers, strict=True), start=1):
        if active[cluster - 1]:
            places = zip(choice.columns, center.tolist(), strict=True)
            rows.append([str(cluster), str(count), *(_center_words(source.table, *place) for place in places)])
        else:
            # Its last center is not the center of any point.
            rows.append([str(cluster), "dropped", *("-" for _ in choice.columns)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, "", *table])


def _center_words(table: Table, name: str, value: float) -> str:
    """Write a coordinate of a center in the units of the file; dates count as days since 1970-01-01."""
    if table.column(name).kind != "date" or not abs(value) < _FAR_DAYS:
        return f"{value:.6g}"
    days = table.frame[name].dropna()
    if (days == days.round()).all():
        return str(np.datetime64("1970-01-01", "D") + np.timedelta64(round(value), "D"))
    return str(np.datetime64("1970-01-01", "m") + np.timedelta64(round(value * _MINUTES_PER_DAY), "m")).replace(
        "T", " "
    )


_FAR_DAYS: Final = 1_000_000
"""Days that are farther from 1970 are written as numbers: calendars end at about the year 4700."""

_MINUTES_PER_DAY: Final = 1_440


def _write_trace(target: Path, source: Source, trace: Trace) -> None:
    """Write every half-step, with the points and the scaling that it takes to draw them again."""
    ready = source.prepared
    save_trace(
        trace,
        target,
        {"data": source.table.name},
        points=ready.points,
        columns=source.choice.columns,
        scaling=(ready.means, ready.deviations) if source.choice.standardize else None,
    )


def _write_labels(target: str, source: Source, trace: Trace) -> None:
    """Write the table as it is in the file, with one column more: the cluster of each row, from 1 on."""
    labeled = _table_reader().labeled_table(source.table, source.prepared.rows, trace.labels)
    form = Path(target).suffix.lower()
    if form == ".parquet":
        content = labeled.parquet()
    else:
        # Spreadsheets want the mark of UTF-8; programs that read a pipe or a file of the command line do not.
        content = labeled.csv("\t" if form == ".tsv" else ",").removeprefix(codecs.BOM_UTF8)
    if target == STANDARD_STREAM:
        # Unbuffered (python -u, as in many containers), a write may take only what the pipe has room for.
        rest = memoryview(content)
        while rest:
            rest = rest[sys.stdout.buffer.write(rest) :]
    else:
        Path(target).write_bytes(content)
