"""Summaries of the runs side by side: their costs, the first difference from the first run, and how they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Step, StopReason, Trace, adjusted_rand_index, match_clusters
from ui.analyses.starts.outcomes import count_differences
from ui.settings.record import Settings
from ui.text.messages import message

_ROUNDING: Final = 1e-9
"""Centers that differ by less, as a share of the data's extent, differ by rounding alone."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What the page says about one run.

    Attributes
    ----------
    names : (k,) tuple of int
        The first run's name for each cluster.
    costs : tuple of float or None
        The cost after each half-step.
    phases : tuple of str
        The kind of each half-step.
    reassigned : tuple of int
        How many points switched cluster in each half-step.
    converged : bool
    first_difference : int or None
        The first half-step after which the run differs from the first run; None if there is none.
    points_apart : int
        How many points end in another cluster than in the first run: 0 exactly if the results are the same.
    agreement : float
        Adjusted Rand index with the first run's result.
    """

    names: tuple[int, ...]
    costs: tuple[float | None, ...]
    phases: tuple[str, ...]
    reassigned: tuple[int, ...]
    converged: bool
    first_difference: int | None
    points_apart: int
    agreement: float

    @property
    def last(self) -> int:
        """Index of the last half-step."""
        return len(self.costs) - 1

    @property
    def cost(self) -> float:
        """The final cost."""
        return self.costs[-1] or 0.0

    def cost_share(self, index: int) -> float | None:
        """Return a cost as a share of the run's first cost; None where there is none."""
        first, cost = self.costs[1], self.costs[index]
        return cost / first if first and cost is not None else None


def summaries(traces: Sequence[Trace]) -> list[RunSummary]:
    """Return the summary of each run; all are compared with the first one."""
    return [_summary(traces[0], trace) for trace in traces]


def _summary(first: Trace, trace: Trace) -> RunSummary:
    names = cluster_names(first, trace)
    return RunSummary(
        names=tuple(names.tolist()),
        costs=tuple(step.cost for step in trace),
        phases=tuple(step.phase.value for step in trace),
        reassigned=tuple(step.reassigned for step in trace),
        converged=trace.stop_reason is StopReason.CONVERGED,
        first_difference=first_difference(first, trace, names),
        points_apart=count_differences(trace.labels, first.labels, max(trace.config.k, first.config.k)),
        agreement=adjusted_rand_index(trace.labels, first.labels),
    )


def cluster_names(first: Trace, trace: Trace) -> NDArray[np.intp]:
    """Return the first run's name for each cluster of another run, ``(k,) int``.

    Clusters that began at the same centers are the same clusters. Otherwise they are matched so that most points end
    under the same name; a cluster without a counterpart gets a name that is left.
    """
    k = trace.config.k
    if np.array_equal(first[0].centers, trace[0].centers):
        return np.arange(k)
    return match_clusters(trace.labels, first.labels, k=max(k, first.config.k))[:k]


def first_difference(first: Trace, trace: Trace, names: NDArray[np.intp]) -> int | None:
    """Return the first half-step after which two runs are in different states; None if there is none.

    A run that has ended stays as it is.
    """
    for index in range(max(len(first), len(trace))):
        if not _same_state(first[min(index, len(first) - 1)], trace[min(index, len(trace) - 1)], names):
            return index
    return None


def _same_state(first: Step, other: Step, names: NDArray[np.intp]) -> bool:
    """Tell whether two half-steps left the same labels and, up to rounding, the same centers."""
    if len(first.centers) != len(other.centers) or (first.labels is None) != (other.labels is None):
        return False
    extent = float(np.abs(first.centers).max()) or 1.0
    if np.abs(first.centers[names] - other.centers).max() > _ROUNDING * extent:
        return False
    return first.labels is None or other.labels is None or bool((names[other.labels] == first.labels).all())


def earliest_difference(runs: Sequence[RunSummary]) -> int | None:
    """Return the first half-step at which any run differs from the first one; None if all are identical."""
    return min((run.first_difference for run in runs if run.first_difference is not None), default=None)


def costs_are_comparable(settings: Sequence[Settings]) -> bool:
    """Tell whether all runs have the same rule: each has a cost of its own."""
    return len({run.rule for run in settings}) == 1


def requested_run(settings: Sequence[Settings], runs: Sequence[RunSummary], request: object) -> tuple[Settings, int]:
    """Return the settings of the run, and the half-step, that an untrusted browser's ``request`` names."""
    values = request if isinstance(request, Mapping) else {}
    run, step = (value if isinstance(value := values.get(name), int) else 0 for name in ("run", "step"))
    index = min(max(0, run), len(runs) - 1)
    return settings[index], min(max(0, step), runs[index].last)


def step_numbers(runs: Sequence[RunSummary]) -> dict[str, list[object]]:
    """Return every half-step of every run as the columns of a table."""
    every = [(number, run, index) for number, run in enumerate(runs, start=1) for index in range(len(run.costs))]
    return {
        message("compare.column_run"): [number for number, _, _ in every],
        message("compare.column_step"): [index for _, _, index in every],
        message("compare.column_phase"): [run.phases[index] for _, run, index in every],
        message("compare.column_cost"): [run.costs[index] for _, run, index in every],
        message("compare.column_cost_share"): [run.cost_share(index) for _, run, index in every],
        message("compare.column_switched"): [run.reassigned[index] for _, run, index in every],
    }
