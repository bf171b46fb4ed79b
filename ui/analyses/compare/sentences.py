"""Sentences of the page: what differs, where the first difference is, and how the runs end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kmeans_core.messages.lists import enumeration, joined
from kmeans_core.messages.numbers import amounts, nearly_equal
from ui.analyses.compare.runs import RunSummary, costs_are_comparable, earliest_difference
from ui.analyses.compare.variants import Variant, all_settings, changes_of, value_title
from ui.settings.record import Settings
from ui.text.messages import message


def field_title(field: str) -> str:
    """Return the short title of a setting that a variant may change."""
    return message("compare.field", field=field)


def value_label(field: str, value: str | int) -> str:
    """Return a value with the name of its setting: ``random seed 16``."""
    return message("compare.value", field=field, value=value_title(field, value))


def finding(settings: Settings, variants: Sequence[Variant], runs: Sequence[RunSummary], n: int) -> tuple[str, str]:
    """Say how runs on ``n`` points differ, and how they end.

    Returns
    -------
    difference : str
        What differs, where the first difference is, and a question to those who have not seen the end.
    ending : str
        How far apart the results are, and which runs were cut off; "" for identical runs, where nothing is to be seen.
    """
    if all(run.first_difference is None for run in runs):
        first = runs[0]
        parts = [message("compare.identical", runs=len(runs), steps=first.last, cost=first.cost), *_stopped(runs)]
        return " ".join(parts), ""
    differences = _two_runs(settings, variants[0], runs) if len(runs) == 2 else _several_runs(runs)
    costs = _costs(runs, costs_are_comparable(all_settings(settings, variants)))
    return " ".join([*differences, message("compare.prompt")]), " ".join(
        [_points_apart(runs, n), costs, *_stopped(runs)]
    )


def _stopped(runs: Sequence[RunSummary]) -> Iterator[str]:
    """Say which runs reached the iteration limit, if any did."""
    if stopped := [number for number, run in enumerate(runs, start=1) if not run.converged]:
        yield message("compare.stopped", count=len(stopped), runs=enumeration(stopped))


def _two_runs(settings: Settings, variant: Variant, runs: Sequence[RunSummary]) -> Iterator[str]:
    """Say what differs between two runs, and where their first difference is."""
    changes = [
        message(
            "compare.change",
            field=field,
            first=value_title(field, getattr(settings, field)),
            second=value_title(field, value),
        )
        for field, value in changes_of(settings, variant)
    ]
    yield message("compare.differ", changes=joined(changes)) if changes else message("compare.dragged")
    yield message("compare.first_difference", **_step(runs, 1))


def _step(runs: Sequence[RunSummary], other: int) -> dict[str, int | str]:
    """Return the half-step at which a run first differs from the first one, as values of a message."""
    index = runs[other].first_difference
    assert index is not None
    longer = max((runs[0], runs[other]), key=lambda run: run.last)
    return {"index": index, "phase": longer.phases[index]}


def _several_runs(runs: Sequence[RunSummary]) -> Iterator[str]:
    """Say which of the runs are the first to differ from run 1, and which are identical to it."""
    earliest = earliest_difference(runs)
    first = [number for number, run in enumerate(runs, start=1) if run.first_difference == earliest]
    step = _step(runs, first[0] - 1)
    if len(first) == len(runs) - 1:
        yield message("compare.all_differ", runs=len(runs), **step)
        return
    yield message("compare.some_differ", count=len(first), differing=enumeration(first), **step)
    identical = [number for number, run in enumerate(runs[1:], start=2) if run.first_difference is None]
    if identical:
        yield message("compare.others_identical", count=len(identical), identical=enumeration(identical))


def _points_apart(runs: Sequence[RunSummary], n: int) -> str:
    """Say how many points end in another cluster than in the first run."""
    counts = [run.points_apart for run in runs[1:]]
    if not any(counts):
        return message("compare.same_result")
    converged = all(run.converged for run in runs)
    if len(counts) == 1:
        return message("compare.points_apart", points=counts[0], n=n, converged=converged)
    return message("compare.points_apart_each", points=max(counts), n=n, converged=converged)


def _costs(runs: Sequence[RunSummary], comparable: bool) -> str:
    """Say how much more the most expensive run costs than the cheapest one."""
    if not comparable:
        return message("compare.costs_not_comparable")
    low, high = (pick(range(len(runs)), key=lambda index: runs[index].cost) for pick in (min, max))
    lowest, highest = runs[low].cost, runs[high].cost
    if nearly_equal(lowest, highest):
        return message("compare.equal_costs", apart=any(run.points_apart for run in runs), cost=highest)
    numbers = {"high_run": high + 1, "low_run": low + 1}
    if not lowest:
        return message("compare.cost_above_zero", high=amounts([highest])[0], **numbers)
    ratio = highest / lowest
    if ratio >= 2:
        return message("compare.cost_times", times=ratio, **numbers)
    percent = 100 * (ratio - 1)
    return message("compare.cost_percent", small=percent < 0.01, percent=percent, **numbers)


def difference(settings: Settings, variant: Variant) -> str:
    """Say what a further run changes: ``algorithm K-medoids and K = 5``."""
    labels = [value_label(field, value) for field, value in changes_of(settings, variant)]
    return joined(labels) or message("compare.no_change")


def run_numbers(settings: Settings, variants: Sequence[Variant], runs: Sequence[RunSummary]) -> dict[str, list[object]]:
    """Return the runs as the columns of a table."""
    return {
        message("compare.column_run"): list(range(1, len(runs) + 1)),
        message("compare.column_difference"): [
            message("compare.sidebar_run"),
            *(difference(settings, variant) for variant in variants),
        ],
        message("compare.column_steps"): [run.last for run in runs],
        message("compare.column_converged"): [run.converged for run in runs],
        message("compare.column_final_cost"): [run.cost for run in runs],
        message("compare.column_cost_share"): [run.cost_share(run.last) for run in runs],
        message("compare.column_first_difference"): [run.first_difference for run in runs],
        message("compare.column_points_apart"): [run.points_apart for run in runs],
        message("compare.column_match"): [round(run.agreement, 4) for run in runs],
    }
