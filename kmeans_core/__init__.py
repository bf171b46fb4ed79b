"""K-means, one half-step at a time.

A run places k centers and then repeats two half-steps: ASSIGN gives each point to its nearest center, REFINE moves
each center to the middle of its points. Every half-step is a record of its own, so you can inspect, count, draw, and
compare all of them, not only the result.

>>> from kmeans_core import RunConfig, make_dataset, run
>>> points, truth = make_dataset("post", seed=0)
>>> trace = run(points, RunConfig(k=6, rule="medoid", init="random", seed=0))
>>> print(trace.stop_sentence)
Converged after 10 iterations: no point switched cluster.

A ``Trace`` is the sequence of its ``Step`` records; ``iterate`` yields the same steps as they are done.

>>> for step in trace[1:5]:
...     print(f"{step.phase} {step.iteration}: cost {step.cost:.0f}, {step.reassigned} points switched cluster")
assign 0: cost 14824, 3072 points switched cluster
refine 1: cost 11431, 0 points switched cluster
assign 1: cost 10640, 525 points switched cluster
refine 2: cost 10253, 0 points switched cluster

``branch`` moves the centers after any half-step and lets the run go on from there.

Choices have names: a ``rule`` in ``RULES`` (what is summed, and which center minimizes it), an ``init`` in
``INITIALISERS`` (where the starting centers come from), ``empty`` in ``EMPTY_POLICIES`` (what happens to a cluster
without points), a ``backend`` in ``BACKENDS`` (the library that computes), and data in ``DATASETS``.

>>> list(RULES), list(BACKENDS)
(['mean', 'medoid', 'median'], ['numpy', 'tensorflow'])

``run_many`` keeps only the starting centers and the outcomes of many runs, and is several times faster than one run
after another.

>>> outcomes = run_many(points, [RunConfig(k=6, init="random", seed=seed) for seed in range(200)])
>>> best = min(outcomes, key=lambda outcome: outcome.cost)
>>> close = sum(outcome.cost < 1.001 * best.cost for outcome in outcomes)
>>> f"{close} of 200 runs came within 0.1% of the lowest cost found"
'104 of 200 runs came within 0.1% of the lowest cost found'

Different clusterings may have costs that agree to three digits. "The same result" means the same partition of the
points, whatever its clusters are called: the ``partition`` of an outcome is its ``partition_key``.

>>> same = sum(outcome.partition == best.partition for outcome in outcomes)
>>> f"{same} of 200 runs found the best partition"
'4 of 200 runs found the best partition'

``cost_of`` is the cost of labels and centers by any rule: the run's own, or another one.

>>> [round(cost_of(points, step.labels, step.centers, rule="mean")) for step in trace[1:5]]
[132308, 67292, 58727, 61283]

Metrics judge a result: ``silhouette`` by the points alone, ``adjusted_rand_index`` against other labels,
``gap_statistic`` against data without clusters. ``match_clusters`` gives clusters of two runs the same names.

>>> round(float(silhouette(points, trace.labels).mean()), 3), round(adjusted_rand_index(trace.labels, truth), 3)
(0.649, 0.988)

``save_trace`` and ``load_trace`` write a trace to a JSON or NPZ file and read it back, bit for bit; ``load_run`` also
reads the points and everything else that was saved with them.

By default a run starts with greedy k-means++ and stops after at most 300 iterations, as do ``KMeans`` and the command
line. The examples above start at random points, as the post does.

``KMeans`` is an estimator for scikit-learn's pipelines with a ``trace_``; scikit-learn is imported on first use.

Guarantees: The same points and ``RunConfig`` give the same trace. A rule's cost never rises, in either half-step. Ties
go to the lowest index. Arrays in a record are read-only NumPy arrays: float64, and intp for labels, which a record
keeps as the smallest unsigned integer (``compact_labels``). The library imports NumPy alone; a backend's package is
imported when a run first needs it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kmeans_core.datasets import DATASETS, make_dataset
from kmeans_core.engines import BACKENDS, BackendName, BackendUnavailable, backend_available
from kmeans_core.files import SavedRun, load_run, load_trace, save_trace
from kmeans_core.gap import gap_statistic
from kmeans_core.initialisers import INITIALISERS, InitName
from kmeans_core.kmeans import branch, iterate, run
from kmeans_core.many import Outcome, run_many
from kmeans_core.medoids import medoid_indices
from kmeans_core.metrics import adjusted_rand_index, cost_of, match_clusters, silhouette
from kmeans_core.partitions import partition_key, same_partition
from kmeans_core.rules import RULES, RuleName
from kmeans_core.run_config import EMPTY_POLICIES, EmptyPolicy, RunConfig
from kmeans_core.scaling import standardized
from kmeans_core.types import EmptyCluster, Phase, Step, StopReason, Trace
from kmeans_core.version import __version__ as __version__

if TYPE_CHECKING:
    from kmeans_core.estimator import KMeans as KMeans

__all__ = [
    "BACKENDS",
    "DATASETS",
    "EMPTY_POLICIES",
    "INITIALISERS",
    "RULES",
    "BackendName",
    "BackendUnavailable",
    "EmptyCluster",
    "EmptyPolicy",
    "InitName",
    "Outcome",
    "Phase",
    "RuleName",
    "RunConfig",
    "SavedRun",
    "Step",
    "StopReason",
    "Trace",
    "adjusted_rand_index",
    "backend_available",
    "branch",
    "cost_of",
    "gap_statistic",
    "iterate",
    "load_run",
    "load_trace",
    "make_dataset",
    "match_clusters",
    "medoid_indices",
    "partition_key",
    "run",
    "run_many",
    "same_partition",
    "save_trace",
    "silhouette",
    "standardized",
]


if find_spec("sklearn") is not None:
    # Elsewhere ``from kmeans_core import *`` and ``help(kmeans_core)`` would fail: they look up all names.
    __all__ += ["KMeans"]


def __dir__() -> list[str]:
    """List the names of the package, including the one that is imported on first use."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Import what needs scikit-learn on first use."""
    if name != "KMeans":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from kmeans_core.estimator import KMeans  # noqa: PLC0415
    except ImportError as error:
        raise ImportError("kmeans_core.KMeans needs scikit-learn: pip install scikit-learn") from error
    return KMeans
