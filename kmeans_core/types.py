"""The records of a run: what each half-step did (Step), and the run as a whole (Trace)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import accumulate
from operator import index as as_index
from typing import overload

from kmeans_core.arrays import Active, Centers, Indices, Labels, all_active, as_intp, freeze_fields, restore_fields
from kmeans_core.lazy import lazy
from kmeans_core.messages import message
from kmeans_core.run_config import RunConfig


class Phase(StrEnum):
    """The kind of a half-step; a person makes a MOVE, between those of the algorithm."""

    INIT = "init"
    ASSIGN = "assign"
    REFINE = "refine"
    MOVE = "move"


class StopReason(StrEnum):
    """Why a run ended; ``Trace.stop_sentence`` puts it into words."""

    CONVERGED = "converged"
    MAX_ITER = "max_iter"


@dataclass(frozen=True, slots=True)
class EmptyCluster:
    """What happened to a cluster that had no points when its center was to be refined.

    Attributes
    ----------
    cluster, policy : int and str
        Index of the cluster, and the key of ``EMPTY_POLICIES`` that was applied.
    point : int or None
        Index of the point that the center moved to; only with the policy ``"farthest"``.
    """

    cluster: int
    policy: str
    point: int | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Step:
    """One half-step. All arrays are read-only NumPy arrays, whatever the backend.

    Attributes
    ----------
    phase : Phase
        INIT places the centers, ASSIGN gives each point to its nearest center, REFINE moves each center to the best
        place for its points. In a run made by ``branch``, MOVE puts the centers where the caller asked.
    iteration : int
        0 for INIT and the first ASSIGN; each REFINE starts the next iteration.
    centers : (k, d) float64
        The centers after this half-step.
    compact_labels : (n,) unsigned, or None
        Cluster of each point after this half-step, of the smallest type that holds k; None before the first ASSIGN.
    cost : float or None
        The rule's cost of ``labels`` and ``centers``; None before the first ASSIGN. It never rises, except in a MOVE
        and where medoids replace centers that are not points. A cost too small for a float is the nearest float.
    reassigned : int
        Number of points that switched cluster in this half-step: n in the first ASSIGN, 0 in all but ASSIGN.
    relocated : tuple of EmptyCluster
        The clusters without points in this REFINE. ``Trace.active`` says which clusters take part after it.
    seconds : float
        Wall-clock time of this half-step.
    """

    phase: Phase
    iteration: int
    centers: Centers
    compact_labels: Labels | None
    cost: float | None
    reassigned: int = 0
    relocated: tuple[EmptyCluster, ...] = ()
    seconds: float = 0.0

    def __post_init__(self) -> None:
        freeze_fields(self)

    __setstate__ = restore_fields

    @property
    def labels(self) -> Indices | None:
        """``(n,) intp``, read-only: the cluster of each point after this half-step; None before the first ASSIGN."""
        return None if self.compact_labels is None else as_intp(self, self.compact_labels)

    @property
    def moved(self) -> int:
        """Deprecated name of ``reassigned``; trace files still use it."""
        text = "Step.moved is deprecated since 0.3.0 and goes in 1.0.0: use Step.reassigned"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        return self.reassigned


def active_after(active: Active, step: Step) -> Active:
    """Return which clusters take part after a half-step, read-only, given those before; see ``Trace.active``."""
    if step.phase in (Phase.INIT, Phase.MOVE):
        return active if active.all() else all_active(len(active))
    drops = [empty.cluster for empty in step.relocated if empty.policy == "drop"]
    if not drops:
        return active
    active = active.copy()
    active[drops] = False  # excerpt: empty.drop
    active.setflags(write=False)
    return active


@dataclass(frozen=True, eq=False)
class Trace(Sequence[Step]):
    """A run: its config, all of its half-steps, and why it ended. Also the sequence of its steps.

    Attributes
    ----------
    config, stop_reason : RunConfig and StopReason
    steps : tuple of Step
        INIT, ASSIGN, and then REFINE and ASSIGN of each iteration.
    """

    config: RunConfig
    steps: tuple[Step, ...] = field(repr=False)
    stop_reason: StopReason

    @classmethod
    def from_steps(cls, config: RunConfig, steps: Sequence[Step]) -> Trace:
        """Return the trace of these steps: the run converged if its last refine made no point switch cluster."""
        converged = steps[-2].phase is Phase.REFINE and not steps[-1].reassigned
        return cls(config, tuple(steps), StopReason.CONVERGED if converged else StopReason.MAX_ITER)

    def __getstate__(self) -> dict[str, object]:
        """Return what a pickle or a copy holds: all but what is derived from it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return self.steps[index]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def active(self, index: int) -> Active:
        """Return which clusters take part at half-step ``index``, ``(k,) bool``, read-only.

        INIT and MOVE: all, even those dropped before. ASSIGN: the clusters that points could join. REFINE: the
        clusters that go on; ``empty="drop"`` takes out those without points, and their centers stay where they were.
        Every label is that of an active cluster, except that points of weight 0 may be left in a cluster until the
        assign after it is dropped.

        Raises
        ------
        IndexError
            If there is no such half-step; negative ones count from the end.
        """
        try:
            return self._active[as_index(index)]
        except IndexError:
            raise IndexError(f"index must be a half-step of the trace, of {len(self)}, got {index}") from None

    @lazy
    def _active(self) -> tuple[Active, ...]:
        """Active clusters of each half-step. Half-steps that change nothing share an array."""
        return tuple(accumulate(self.steps, active_after, initial=all_active(self.config.k)))[1:]

    @property
    def centers(self) -> Centers:
        """``(k, d) float64``: the centers at the end of the run."""
        return self.steps[-1].centers

    @property
    def labels(self) -> Indices:
        """``(n,) intp``: the cluster of each point at the end of the run."""
        return as_intp(self.steps[-1], self.compact_labels)

    @property
    def compact_labels(self) -> Labels:
        """``(n,)`` unsigned: the same, of the smallest type that holds k."""
        labels = self.steps[-1].compact_labels
        assert labels is not None, "a run ends with an assign"
        return labels

    @property
    def cost(self) -> float:
        """The rule's cost at the end of the run."""
        cost = self.steps[-1].cost
        assert cost is not None, "a run ends with an assign"
        return cost

    @property
    def iterations(self) -> int:
        """Number of iterations (refine and assign) in the run."""
        return self.steps[-1].iteration

    @property
    def stop_sentence(self) -> str:
        """Why the run ended, in one sentence."""
        if self.iterations == 0:
            return message("runs.stopped_at_start")
        if self.stop_reason is StopReason.CONVERGED:
            return message("runs.converged", iterations=self.iterations)
        return message("runs.limit_reached", iterations=self.iterations, switched=self.steps[-1].reassigned)
