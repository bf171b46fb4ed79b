"""Cluster a table from the command line: ``python -m kmeans_core points.csv --k 3``."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

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
    iterate,
    save_trace,
    standardized,
)
from kmeans_core.kmeans import trace_of
from kmeans_core.scaling import center_and_deviation

Table = tuple[list[str], list[list[str]]]
"""The names of the columns, and the rows."""


class Unusable(Exception):  # noqa: N818 - it is about the person's input, and its message is all that is shown
    """Something that was asked for can't be done; the message says what and why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, run, tell, and write what is asked for; return 0, or 2 if something can't be used."""
    asked = _parser().parse_args(arguments)
    try:
        _check_targets(asked)
        names, rows = read_table(asked.table)
        columns = asked.columns.split(",") if asked.columns else numeric_columns(names, rows)
        points, scaling = points_of(names, rows, columns), None
        if asked.standardize:
            points, scaling = standardized(points), center_and_deviation(points)
        config = RunConfig(
            k=asked.k,
            rule=asked.rule,
            init=asked.init,
            empty=asked.empty,
            backend=asked.backend,
            seed=asked.seed,
            max_iter=asked.max_iter,
        )
        trace = _run(points, config, quiet=asked.quiet)
        if asked.trace:
            save_trace(trace, asked.trace, points=points, columns=columns, scaling=scaling)
        if asked.labels:
            _write_labels(asked.labels, names, rows, trace)
    except (Unusable, ValueError, BackendUnavailable, OSError) as error:
        print(f"kmeans_core: {error}", file=sys.stderr)
        return 2
    if not asked.quiet:
        print(_told(trace, columns))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kmeans_core",
        description="Cluster the rows of a table of numbers by k-means, and keep every half-step if you like.",
    )
    parser.add_argument("table", type=Path, help="a text file: a row a point, columns set apart by , ; | or tabs")
    parser.add_argument("--k", type=int, required=True, help="number of clusters")
    parser.add_argument("--columns", metavar="A,B", help="which columns to use; all that hold numbers if not said")
    parser.add_argument("--standardize", action="store_true", help="give every column mean 0 and deviation 1 first")
    parser.add_argument("--rule", choices=list(RULES), default="mean", help="what a center is to its points (mean)")
    parser.add_argument(
        "--init", choices=[name for name in INITIALISERS if name != "given"], default="k-means++", help="(k-means++)"
    )
    parser.add_argument("--empty", choices=list(EMPTY_POLICIES), default="keep", help="for empty clusters (keep)")
    parser.add_argument("--backend", choices=list(BACKENDS), default="numpy", help="what computes (numpy)")
    parser.add_argument("--seed", type=int, default=0, help="decides all that is random (0)")
    parser.add_argument("--max-iter", type=int, default=300, help="the most iterations (300)")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="write all half-steps to FILE.json or FILE.npz")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="write the table with a column cluster to FILE.csv")
    parser.add_argument("--quiet", action="store_true", help="say nothing but what goes wrong")
    return parser


def _check_targets(asked: argparse.Namespace) -> None:
    """Refuse what could not be written before the work is done."""
    if asked.trace and asked.trace.suffix not in {".json", ".npz"}:
        raise Unusable(f"--trace must end in .json or .npz, got {asked.trace}")
    for target in (asked.trace, asked.labels):
        if target and not target.parent.is_dir():
            raise Unusable(f"there is no folder {target.parent} to write {target.name} to")


def read_table(path: Path) -> Table:
    """Read a text file as a table; columns without names are called 1, 2 and so on.

    Raises
    ------
    Unusable
        If it is no table of text; the message says in which line.
    OSError
        If it can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not text in UTF-8, from byte {error.start} on: save it as UTF-8") from error
    first = text.split("\n", 1)[0]
    # A comma may be a decimal comma where there is another separator.
    separator = next((one for one in "\t;|" if one in first), ",")
    lines = csv.reader(text.splitlines(), delimiter=separator)
    try:
        rows = [[cell.strip() for cell in row] for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unusable(f"{path}, line {lines.line_num}: {error}") from error
    if not rows:
        raise Unusable(f"{path} holds no rows")
    named = not any(map(is_number, rows[0]))
    names = rows.pop(0) if named else [str(number) for number in range(1, len(rows[0]) + 1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise Unusable(f"{path}: row {number} has {len(row)} cells, and there are {len(names)} columns")
    if not rows:
        raise Unusable(f"{path} holds names, but no rows")
    return names, rows


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a finite number, with a decimal point or a decimal comma."""
    try:
        return bool(np.isfinite(float(cell.replace(",", "."))))
    except ValueError:
        return False


def numeric_columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of the columns whose cells are all numbers.

    Raises
    ------
    Unusable
        If there is none; the message says which cell kept a column out.
    """
    numeric = [name for at, name in enumerate(names) if all(is_number(row[at]) for row in rows)]
    if not numeric:
        at = max(range(len(names)), key=lambda column: sum(is_number(row[column]) for row in rows))
        row = next(number for number, row in enumerate(rows, start=1) if not is_number(row[at]))
        raise Unusable(f"no column holds numbers only; {names[at]!r} has {rows[row - 1][at]!r} in row {row}")
    return numeric


def points_of(names: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[str]) -> NDArray[np.float64]:
    """Return these columns as points, ``(n, d) float64``.

    Raises
    ------
    Unusable
        If there is no such column, or a cell of it is no number; the message says which.
    """
    for column in columns:
        if column not in names:
            raise Unusable(f"there is no column {column!r}; there is {', '.join(names)}")
    places = [names.index(column) for column in columns]
    for number, row in enumerate(rows, start=1):
        for at in places:
            if not is_number(row[at]):
                raise Unusable(f"column {names[at]!r} has {row[at]!r} in row {number}, which is no finite number")
    return np.array([[float(row[at].replace(",", ".")) for at in places] for row in rows])


def _run(points: NDArray[np.float64], config: RunConfig, *, quiet: bool) -> Trace:
    """Run, and show on a terminal how far it is."""
    shown = sys.stderr.isatty() and not quiet
    steps: list[Step] = []
    for step in iterate(points, config):
        steps.append(step)
        if shown and step.phase is Phase.ASSIGN:
            # The most iterations are known, the needed ones are not: what still moves is the better measure.
            bar = "#" * round(30 * (1 - step.moved / len(points)))
            progress = f"iteration {step.iteration} of at most {config.max_iter}, {step.moved} points moved"
            print(f"\r[{bar:<30}] {progress}\x1b[K", end="", file=sys.stderr, flush=True)
    if shown:
        print(file=sys.stderr)
    return trace_of(config, tuple(steps))


def _told(trace: Trace, columns: Sequence[str]) -> str:
    """Return what came out, in words and as a table of the clusters."""
    rule = RULES[trace.config.rule]
    counts = np.bincount(trace.labels, minlength=trace.config.k)
    table = [["cluster", "points", *columns]]
    for cluster, (count, center) in enumerate(zip(counts, trace.centers, strict=True), start=1):
        table.append([str(cluster), str(count), *(f"{value:.6g}" for value in center)])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return "\n".join([trace.stop_sentence, f"{rule.cost_words.capitalize()}: {trace.cost:.6g}", "", *lines])


def _write_labels(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]], trace: Trace) -> None:
    """Write the table with one column more: the cluster of each row, from 1 on."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "cluster"])
        writer.writerows([*row, int(label) + 1] for row, label in zip(rows, trace.labels, strict=True))


if __name__ == "__main__":
    sys.exit(main())
