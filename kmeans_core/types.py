"""The records that every part of the library speaks: what to run, what happened, why it ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from numbers import Integral
from operator import index as as_index
from threading import Lock
from typing import Any, Final, Literal, TypeVar, cast, get_args, overload
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.validation import finite_rows

Points = NDArray[np.float64]
"""``(n, d) float64``: n points of d features."""

Centers = NDArray[np.float64]
"""``(k, d) float64``: one center a cluster, in cluster order."""

Labels = NDArray[np.integer]
"""``(n,) int``: the cluster of each point.

Engines return, and records keep, the smallest unsigned type that holds k (``label_dtype``). Arithmetic with it wraps
around silently, so that ``Step.labels`` and ``Trace.labels`` are ``intp``.
"""

Active = NDArray[np.bool_]
"""``(k,) bool``: which clusters take part."""

Weights = NDArray[np.float64]
"""``(n,) float64``, 0 or more: a point of weight w counts as w copies of it."""

RuleName = Literal["mean", "medoid", "median"]
"""The keys of ``RULES``."""

InitName = Literal["random", "k-means++", "greedy-k-means++", "farthest", "partition", "given"]
"""The keys of ``INITIALISERS``."""

EmptyPolicy = Literal["keep", "farthest", "drop"]
"""The keys of ``EMPTY_POLICIES``."""

BackendName = Literal["numpy", "tensorflow"]
"""The keys of ``BACKENDS``."""

DEFAULT_INIT: Final[InitName] = "greedy-k-means++"
DEFAULT_MAX_ITER: Final = 300
"""Where a run begins and when it is cut off if nobody says otherwise: in ``RunConfig``, ``KMeans``, and on the command
line, all the same.

They are scikit-learn's: greedy k-means++ is what it calls "k-means++", and 300 iterations let nearly all runs converge.
"""

EMPTY_POLICIES: Final[dict[str, str]] = {
    "keep": "An empty cluster's center stays where it is.",
    "farthest": "An empty cluster's center moves to the point that is farthest from its own center.",
    "drop": "An empty cluster is taken out of the run and never gets a point again.",
}
"""What to do with a cluster that has no points when its center is to be refined."""


class Phase(StrEnum):
    """The kind of a half-step; MOVE is one that a person makes, between those of the algorithm."""

    INIT = "init"
    ASSIGN = "assign"
    REFINE = "refine"
    MOVE = "move"


class StopReason(StrEnum):
    """Why a run ended; ``Trace.stop_sentence`` puts it into words."""

    CONVERGED = "converged"
    MAX_ITER = "max_iter"


def whole_number(name: str, value: object, low: int) -> int:
    """Return ``value`` as an int, or raise a ``ValueError`` that names it."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ValueError(f"{name} must be a whole number of at least {low}, got {value!r}")
    if value < low:
        raise ValueError(f"{name} must be at least {low}, got {value}")
    return int(value)


def is_one_of(value: object, known: range) -> bool:
    """Tell whether a value is one of these numbers, and a whole one: 1.0 is equal to 1, and counts nothing."""
    return isinstance(value, Integral) and value in known


Record = TypeVar("Record")
Scalar = TypeVar("Scalar", bound=np.generic)


def checked_record(name: str, value: object, kind: type[Record]) -> Record:
    """Return ``value`` if it is a record of that kind, or raise a ``TypeError`` that names it."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {value!r}")
    return value


def one_of(name: str, value: object, known: Collection[str]) -> str:
    """Return ``value`` if it is one of the known names, or raise a ``ValueError`` that lists them."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")
    return value


def _coordinates(given: object) -> tuple[tuple[float, ...], ...]:
    """Return hand-placed centers as a tuple of coordinate tuples, or raise a ``ValueError``."""
    if isinstance(given, Iterable) and not (hasattr(given, "shape") or hasattr(given, "__array__")):
        # ``numpy.asarray`` reads no iterators. What it does read may be a data frame, which iterates over its columns.
        given = [list(row) if isinstance(row, Iterator) else row for row in given]
    return tuple(map(tuple, finite_rows("given", cast("ArrayLike", given)).tolist()))


_NAMES: Final = {
    "rule": get_args(RuleName),
    "init": get_args(InitName),
    "empty": get_args(EmptyPolicy),
    "backend": get_args(BackendName),
}
"""What the fields of a ``RunConfig`` may be. The registries that say more about each import this module."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What to run. Frozen and hashable, so that it can key a cache or a link.

    Attributes
    ----------
    k : int
        Number of clusters, 1 .. n.
    rule : str
        A key of ``RULES``: the distance, the refine and the cost that belong together.
    init : str
        A key of ``INITIALISERS``: how the first centers are found. Greedy k-means++ if not said, as in ``KMeans`` and
        on the command line; the blog post starts at ``"random"`` points.
    given : tuple of tuple of float, or None
        The k first centers when ``init`` is ``"given"``; any nested sequence or ``(k, d)`` array is accepted.
    empty : str
        A key of ``EMPTY_POLICIES``.
    backend : str
        A key of ``BACKENDS``.
    seed : int
        Seed of the run's one random generator, 0 or more.
    max_iter : int
        The most iterations (refine and assign) that are run, 0 or more; 300 if not said.

    Raises
    ------
    ValueError
        With the name of the field and the value that was refused.
    """

    # Editors complete the literals; any string type-checks, and an unknown one is refused below.
    k: int
    rule: RuleName | str = "mean"
    init: InitName | str = DEFAULT_INIT
    given: tuple[tuple[float, ...], ...] | None = None
    empty: EmptyPolicy | str = "keep"
    backend: BackendName | str = "numpy"
    seed: int = 0
    max_iter: int = DEFAULT_MAX_ITER

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        set_field(self, "k", whole_number("k", self.k, 1))
        set_field(self, "seed", whole_number("seed", self.seed, 0))
        set_field(self, "max_iter", whole_number("max_iter", self.max_iter, 0))
        for name, known in _NAMES.items():
            one_of(name, getattr(self, name), known)
        if self.given is not None:
            set_field(self, "given", _coordinates(self.given))
        if (self.init == "given") != (self.given is not None):
            raise ValueError(
                'init="given" and given=... go together: '
                f"got init={self.init!r} with given={'None' if self.given is None else 'centers'}"
            )
        if self.given is not None and len(self.given) != self.k:
            raise ValueError(f"given must hold k = {self.k} centers, got {len(self.given)}")


@dataclass(frozen=True, slots=True)
class EmptyCluster:
    """What became of a cluster that had no points when its center was to be refined.

    Attributes
    ----------
    cluster : int
        Index of the cluster.
    policy : str
        The key of ``EMPTY_POLICIES`` that was applied.
    point : int or None
        Index of the point that the center moved to; only with the policy ``"farthest"``.
    """

    cluster: int
    policy: str
    point: int | None = None


def frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Make an array read-only."""
    array.setflags(write=False)
    return array


def keep_read_only(record: Any) -> None:
    """Replace each array of a frozen dataclass that can be written to by a read-only copy."""
    for name in type(record).__match_args__:  # the names of the fields, without the search that ``fields`` makes
        value = getattr(record, name)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            object.__setattr__(record, name, frozen(value.copy()))


def restore_read_only(record: Any, state: Sequence[object]) -> None:
    """Fill a frozen dataclass with slots from a pickle or a copy: NumPy makes the arrays of both writable."""
    for own, value in zip(fields(record), state, strict=True):
        object.__setattr__(record, own.name, frozen(value) if isinstance(value, np.ndarray) else value)


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Step:
    """One half-step. All arrays are read-only NumPy arrays, whatever the backend.

    Attributes
    ----------
    phase : Phase
        INIT places the centers, ASSIGN gives each point to its nearest center, REFINE moves the centers to their best
        places; in a run made by ``branch``, MOVE is where they were moved by hand.
    iteration : int
        0 for INIT and the first ASSIGN; each REFINE starts the next iteration.
    centers : (k, d) float64
        The centers after this half-step.
    compact_labels : (n,) unsigned, or None
        Cluster of each point after this half-step, of the smallest type that holds k; None before the first ASSIGN.
        Made for keeping many of them: arithmetic wraps around silently, so compute with ``labels``.
    cost : float or None
        The rule's own cost of ``labels`` and ``centers``, in the rule's units; None before the first ASSIGN. It never
        rises, except in a MOVE and where medoids replace hand-placed centers. One too small for a float is reported as
        the nearest float, which may be 0.
    moved : int
        Number of points whose label changed in this half-step: n at the first ASSIGN (every point gets its first
        label), 0 for INIT, REFINE and MOVE.
    relocated : tuple of EmptyCluster
        The clusters that were found empty in this REFINE, and what became of them. ``Trace.active`` says which
        clusters take part after it.
    seconds : float
        Wall-clock time that this half-step took.
    """

    phase: Phase
    iteration: int
    centers: Centers
    compact_labels: Labels | None
    cost: float | None
    moved: int = 0
    relocated: tuple[EmptyCluster, ...] = ()
    seconds: float = 0.0

    def __post_init__(self) -> None:
        keep_read_only(self)

    __setstate__ = restore_read_only

    @property
    def labels(self) -> NDArray[np.intp] | None:
        """``(n,) intp``, read-only: the cluster of each point after this half-step; None before the first ASSIGN."""
        return None if self.compact_labels is None else _as_intp(self, self.compact_labels)


_WIDE: Final[WeakKeyDictionary[Step, NDArray[np.intp]]] = WeakKeyDictionary()
_WIDE_STEPS: Final = 2
_WIDE_LOCK: Final = Lock()
"""The labels of the steps that were asked for last, so that a loop over points converts them once. They take eight
times the memory of compact ones, so that no more are kept than it takes to compare a step with the one before."""


def _as_intp(step: Step, labels: Labels) -> NDArray[np.intp]:
    """Return the labels of a step as ``(n,) intp``, read-only."""
    with _WIDE_LOCK:
        wide = _WIDE.get(step)
        if wide is None:
            wide = frozen(labels.astype(np.intp))
            while len(_WIDE) >= _WIDE_STEPS:
                del _WIDE[next(_WIDE.keys())]
            _WIDE[step] = wide
        return wide


@dataclass(frozen=True, eq=False)
class Trace(Sequence[Step]):
    """A whole run: its config, all of its half-steps, and why it ended.

    A ``Trace`` is itself a sequence of its steps: ``len(trace)``, ``trace[-1]``, ``for step in trace``.

    Attributes
    ----------
    config : RunConfig
    steps : tuple of Step
        INIT, ASSIGN, and then REFINE and ASSIGN of each iteration.
    stop_reason : StopReason
    """

    config: RunConfig
    steps: tuple[Step, ...] = field(repr=False)
    stop_reason: StopReason

    def __getstate__(self) -> dict[str, object]:
        """Return what a pickle or a copy holds: all but what is derived from it."""
        return {own.name: getattr(self, own.name) for own in fields(self)}

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
        """Return which clusters take part at a half-step.

        Only ``empty="drop"`` ever takes a cluster out. INIT and MOVE: every cluster takes part, so a move by hand
        brings back all that were dropped, not only those whose centers it changed. ASSIGN: the clusters that points
        could join; one that loses its last point here still takes part. REFINE: the clusters that go on; one that is
        found empty and dropped here no longer takes part, and keeps its last center.

        Parameters
        ----------
        index : int
            Of the half-step; negative ones count from the end, as in ``trace[index]``.

        Returns
        -------
        (k,) bool, read-only
            Every label is that of an active cluster; only in the REFINE that drops a cluster, points of weight 0 may
            still be in it.

        Raises
        ------
        IndexError
            If there is no such half-step.
        """
        try:
            return self._active[as_index(index)]
        except IndexError:
            raise IndexError(f"index must be a half-step of the trace, of {len(self)}, got {index}") from None

    @cached_property
    def _active(self) -> tuple[Active, ...]:
        """For each half-step, the clusters that take part. Half-steps that change nothing share an array."""
        every = all_active(self.config.k)
        return tuple(accumulate(self.steps, active_after, initial=every))[1:]

    @property
    def centers(self) -> Centers:
        """``(k, d) float64``: the centers at the end of the run."""
        return self.steps[-1].centers

    @property
    def labels(self) -> NDArray[np.intp]:
        """``(n,) intp``: the cluster of each point at the end of the run."""
        labels = self.steps[-1].labels
        assert labels is not None, "a run ends with an assign"
        return labels

    @property
    def compact_labels(self) -> Labels:
        """``(n,)`` unsigned: the same, of the smallest type that holds k, for those who keep many."""
        labels = self.steps[-1].compact_labels
        assert labels is not None, "a run ends with an assign"
        return labels

    @property
    def cost(self) -> float:
        """The rule's own cost at the end of the run."""
        cost = self.steps[-1].cost
        assert cost is not None, "a run ends with an assign"
        return cost

    @property
    def iterations(self) -> int:
        """Number of iterations (refine and assign) that were run."""
        return self.steps[-1].iteration

    @property
    def stop_sentence(self) -> str:
        """Why the run ended, as one sentence."""
        if self.iterations == 0:
            return "Stopped before the first iteration: the points were assigned once, and no center was refined."
        if self.stop_reason is StopReason.CONVERGED:
            count = f"{self.iterations} iteration{'' if self.iterations == 1 else 's'}"
            return f"Converged after {count}: no point changed its cluster."
        moved = self.steps[-1].moved
        points = "1 point" if moved == 1 else f"{moved:,} points".replace(",", "\u202f")
        limit = f"Reached the {self.iterations}-iteration limit before converging"
        return f"{limit}: {points} switched cluster in the last one."


def label_dtype(k: int) -> np.dtype[np.unsignedinteger]:
    """Return the smallest unsigned integer type that holds ``k``."""
    return np.min_scalar_type(k)


def all_active(k: int) -> Active:
    """Return that all clusters take part, ``(k,) bool``, read-only."""
    return frozen(np.ones(k, dtype=np.bool_))


def active_after(active: Active, step: Step) -> Active:
    """Return which clusters take part once a half-step is done, ``(k,) bool``, read-only; ``active`` are those before.

    ``Trace.active`` says what that means for each phase.
    """
    if step.phase in (Phase.INIT, Phase.MOVE):
        return active if active.all() else all_active(len(active))
    dropped = [empty.cluster for empty in step.relocated if empty.policy == "drop"]
    if not dropped:
        return active
    active = active.copy()
    active[dropped] = False
    return frozen(active)
