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
from kmeans_core.messages import message
from kmeans_core.messages.lists import joined

if TYPE_CHECKING:
    from kmeans_tables import ColumnChoice, PreparedPoints, Table

PROGRAM: Final = "kmeans"
MODULE: Final = "python -m kmeans_core"
"""What the help calls the command line where it is started as an installed program, and otherwise."""

STANDARD_STREAM: Final = "-"
"""Names standard input as the table, and standard output as the target of ``--labels``."""

LABEL_FORMATS: Final = (".csv", ".tsv", ".parquet")
TRACE_FORMATS: Final = (".json", ".npz")

MAX_BYTES: Final = 10**9
"""The largest file that is read: far more than the app accepts, as a person's own machine reads it."""

_SIGINT_CODE: Final = 130
_SIGPIPE_CODE: Final = 141
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
        return _SIGPIPE_CODE
    except OSError as error:
        if error.filename and error.strerror:
            return _refuse(message("cli.file_problem", problem=error.strerror, file=str(error.filename)))
        return _refuse(str(error))
    except KeyboardInterrupt:
        print("\n" + message("cli.interrupted"), file=sys.stderr)
        return _SIGINT_CODE
    return 0


def _refuse(problem: str) -> int:
    print(message("cli.error", problem=problem), file=sys.stderr)
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
            print(message("cli.note", note=note), file=sys.stderr)
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
    program = PROGRAM if Path(sys.argv[0]).stem == PROGRAM else MODULE
    parser = argparse.ArgumentParser(prog=program, description=message("cli.about"))
    add = parser.add_argument
    add("table", help=message("cli.help_table"))
    add("--k", type=int, required=True, help=message("cli.help_k"))
    add("--columns", metavar="A,B", help=message("cli.help_columns"))
    add("--label", metavar="NAME", help=message("cli.help_label"))
    add("--sheet", metavar="NAME", default="", help=message("cli.help_sheet"))
    add("--missing", choices=["drop", "fill"], default="drop", help=message("cli.help_missing"))
    add("--standardize", action="store_true", help=message("cli.help_standardize"))
    add("--rule", choices=list(RULES), default=defaults.rule, help=message("cli.help_rule"))
    init_names = [name for name in INITIALISERS if name != "given"]
    add("--init", choices=init_names, default=defaults.init, help=message("cli.help_init"))
    add("--empty", choices=list(EMPTY_POLICIES), default=defaults.empty, help=message("cli.help_empty"))
    add("--backend", choices=list(BACKENDS), default=defaults.backend, help=message("cli.help_backend"))
    add("--seed", type=int, default=defaults.seed, help=message("cli.help_seed"))
    add("--max-iter", type=int, default=defaults.max_iter, help=message("cli.help_max_iter"))
    add("--trace", type=Path, metavar="FILE", help=message("cli.help_trace"))
    add("--labels", metavar="FILE", help=message("cli.help_labels"))
    add("--quiet", action="store_true", help=message("cli.help_quiet"))
    add("--version", action="version", version=f"kmeans_core {__version__}")
    return parser


def _check_targets(options: argparse.Namespace) -> None:
    """Refuse targets that could not be written, before the work is done."""
    labels = None if options.labels in (None, STANDARD_STREAM) else Path(options.labels)
    for name, target, formats in (("--trace", options.trace, TRACE_FORMATS), ("--labels", labels, LABEL_FORMATS)):
        if target is None:
            continue
        if target.suffix.lower() not in formats:
            endings = joined(formats, "or")
            raise UnusableRequest(message("cli.wrong_ending", option=name, endings=endings, file=str(target)))
        if not target.parent.is_dir():
            raise UnusableRequest(message("cli.no_folder", folder=str(target.parent), file=target.name))


def _source(options: argparse.Namespace) -> Source:
    """Read the table and choose its columns."""
    tables = _table_reader()
    if options.table == STANDARD_STREAM:
        name, content = message("cli.standard_input"), sys.stdin.buffer.read()
    else:
        path = Path(options.table)
        name, content = path.name, path.read_bytes()
    table = tables.read_table(name, content, sheet=options.sheet, max_bytes=MAX_BYTES)
    if options.sheet and not table.sheets:
        raise UnusableRequest(message("cli.no_workbook", file=name, sheet=options.sheet))
    label = tables.default_choice(table).label if options.label is None else options.label
    columns = _names(options.columns) if options.columns is not None else tables.measured_columns(table, label)
    choice = tables.ColumnChoice(columns, options.standardize, options.missing, label)
    points = tables.prepare_points(table, choice, fewest=1, most=len(table.numeric))
    return Source(table, choice, points)


def _table_reader() -> ModuleType:
    """Return the package that reads tables; it needs more than NumPy, and is loaded only here."""
    try:
        for name in ("pandas", "pyarrow"):
            import_module(name)
        return import_module("kmeans_tables")
    except ImportError as error:
        raise UnusableRequest(message("cli.missing_package", package=error.name or "")) from error


def _names(text: str) -> tuple[str, ...]:
    """Return column names that are separated by commas; quotes hold together a name with a comma."""
    return tuple(next(csv.reader([text], skipinitialspace=True)))


def _notes(source: Source) -> Iterator[str]:
    """Yield what was guessed and done with the table, a sentence each: the notes that the app shows, and one more."""
    tables, choice = _table_reader(), source.choice
    yield from map(tables.as_sentence, source.table.notes)
    leakage = tables.find_label_leakage(source.table, choice, source.prepared)
    yield from tables.clustering_notes(source.table.name, choice, source.prepared, leakage)
    unchosen = [name for name in source.table.numeric if name not in choice.columns]
    if unchosen:
        yield message("cli.not_clustered", columns=tables.listed(unchosen))


def _run(points: NDArray[np.float64], config: RunConfig, *, quiet: bool) -> Trace:
    """Run, and show the progress on a terminal."""
    has_progress = sys.stderr.isatty() and not quiet
    steps: list[Step] = []
    for step in iterate(points, config):
        steps.append(step)
        if has_progress and step.phase is Phase.ASSIGN:
            # How many iterations it takes is unknown, so the bar follows the points that keep their cluster.
            bar = "#" * round(30 * (1 - step.reassigned / len(points)))
            values = {"iteration": step.iteration, "max_iter": config.max_iter, "switched": step.reassigned}
            progress = message("cli.progress", **values)
            print(f"\r[{bar:<30}] {progress}\x1b[K", end="", file=sys.stderr, flush=True)
    if has_progress:
        print(file=sys.stderr)
    return Trace.from_steps(config, steps)


def _report(source: Source, trace: Trace) -> str:
    """Return the outcome in sentences, and the clusters as a table with centers in the units of the file."""
    rule, choice, prepared = RULES[trace.config.rule], source.choice, source.prepared
    cost_name, cost = rule.cost_words.capitalize(), f"{trace.cost:.6g}"
    cost_line = message("cli.cost", cost_name=cost_name, is_standardized=choice.standardize, cost=cost)
    lines = [trace.stop_sentence, cost_line]
    if prepared.truth is not None:
        has_label = prepared.truth >= 0
        match = adjusted_rand_index(trace.labels[has_label], prepared.truth[has_label])
        lines.append(message("cli.match", label=choice.label, match=f"{match:.3f}"))
    counts = np.bincount(trace.labels, minlength=trace.config.k)
    centers = trace.centers * prepared.deviations + prepared.means
    active = trace.active(-1)
    rows = [[message("cli.column_cluster"), message("cli.column_points"), *choice.columns]]
    for cluster, (count, center) in enumerate(zip(counts, centers, strict=True), start=1):
        if active[cluster - 1]:
            places = zip(choice.columns, center.tolist(), strict=True)
            rows.append([str(cluster), str(count), *(_center_words(source.table, *place) for place in places)])
        else:
            # Its last center is not the center of any point.
            rows.append([str(cluster), message("cli.dropped"), *("-" for _ in choice.columns)])
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
    prepared = source.prepared
    save_trace(
        trace,
        target,
        {"data": source.table.name},
        points=prepared.points,
        columns=source.choice.columns,
        scaling=(prepared.means, prepared.deviations) if source.choice.standardize else None,
    )


def _write_labels(target: str, source: Source, trace: Trace) -> None:
    """Write the table as it is in the file, with one column more: the cluster of each row, from 1 on."""
    table = _table_reader().labeled_table(source.table, source.prepared.rows, trace.labels)
    form = Path(target).suffix.lower()
    if form == ".parquet":
        content = table.parquet()
    else:
        # Spreadsheets want the mark of UTF-8; programs that read a pipe or a file of the command line do not.
        content = table.csv("\t" if form == ".tsv" else ",").removeprefix(codecs.BOM_UTF8)
    if target == STANDARD_STREAM:
        # Unbuffered (python -u, as in many containers), a write may take only what the pipe has room for.
        rest = memoryview(content)
        while rest:
            rest = rest[sys.stdout.buffer.write(rest) :]
    else:
        Path(target).write_bytes(content)
