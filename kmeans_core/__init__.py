"""K-means, one half-step at a time.

A run places k centers and then repeats two half-steps: ASSIGN gives each point to its nearest center, REFINE moves
each center to the middle of its points. Here every half-step is a record of its own, so that it can be looked at,
counted, drawn and compared, and not only the end.

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

``branch`` moves centers by hand at any half-step, and lets the run go on from there.

What can be chosen is listed by name: a ``rule`` in ``RULES`` (what is summed, and which center makes it least), an
``init`` in ``INITIALISERS`` (where the first centers come from), ``empty`` in ``EMPTY_POLICIES`` (what becomes of a
cluster without points), a ``backend`` in ``BACKENDS`` (the library that computes), and data in ``DATASETS``.

>>> list(RULES), list(BACKENDS)
(['mean', 'medoid', 'median'], ['numpy', 'tensorflow'])

``run_many`` keeps only the start and the end of many runs, and is several times faster than one after another.

>>> ends = run_many(points, [RunConfig(k=6, init="random", seed=seed) for seed in range(200)])
>>> best = min(ends, key=lambda end: end.cost)
>>> f"{sum(end.cost < 1.001 * best.cost for end in ends)} of 200 runs came within 0.1% of the lowest cost found"
'104 of 200 runs came within 0.1% of the lowest cost found'

Costs that agree to three digits may be those of different clusterings. "The same result" means the same partition of
the points, whatever its clusters are called: an outcome's ``partition`` is its ``partition_key``.

>>> f"{sum(end.partition == best.partition for end in ends)} of 200 runs found the best partition"
'4 of 200 runs found the best partition'

``cost_of`` says what any rule would pay for labels and centers: the run's own cost, or the one that nobody watched.

>>> [round(cost_of(points, step.labels, step.centers, rule="mean")) for step in trace[1:5]]
[132308, 67292, 58727, 61283]

What is found can be judged: ``silhouette`` by the points alone, ``adjusted_rand_index`` against other labels,
``gap_statistic`` against data without clusters; ``match_clusters`` gives clusters of two runs the same names.

>>> round(float(silhouette(points, trace.labels).mean()), 3), round(adjusted_rand_index(trace.labels, truth), 3)
(0.649, 0.988)

``save_trace`` and ``load_trace`` write a trace to a JSON or NPZ file and read it back, bit for bit; ``load_run`` reads
the points, and what else was saved with them, too.

A run starts with greedy k-means++ and stops after 300 iterations at most, unless its ``RunConfig`` says otherwise; so
do ``KMeans`` and the command line. The examples above start at random points, as the post does.

``KMeans`` is an estimator for scikit-learn's pipelines with a ``trace_``; scikit-learn is imported when it is first
asked for.

Some things always hold. The same points and ``RunConfig`` give the same trace. A rule's cost never rises, in either
half-step. Ties go to the lowest index. Arrays in a record are read-only NumPy arrays: float64, and intp for labels,
which a record keeps as the smallest unsigned integer (``compact_labels``). The library imports NumPy alone; a backend's
package is imported when a run first asks for it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kmeans_core.config import EMPTY_POLICIES, EmptyPolicy, RunConfig
from kmeans_core.datasets import DATASETS, make_dataset
from kmeans_core.engines import BACKENDS, BackendName, BackendUnavailable, backend_available
from kmeans_core.files import SavedRun, load_run, load_trace, save_trace
from kmeans_core.initialisers import INITIALISERS, InitName
from kmeans_core.kmeans import branch, iterate, run
from kmeans_core.many import Outcome, run_many
from kmeans_core.medoids import medoid_indices
from kmeans_core.metrics import adjusted_rand_index, cost_of, gap_statistic, match_clusters, silhouette
from kmeans_core.partitions import partition_key, same_partition
from kmeans_core.rules import RULES, RuleName
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
    # Elsewhere ``from kmeans_core import *`` and ``help(kmeans_core)`` would fail: they ask for all names.
    __all__ += ["KMeans"]


def __dir__() -> list[str]:
    """List the names of the package, also the one that is imported when it is asked for."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Import what needs scikit-learn when it is asked for."""
    if name != "KMeans":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from kmeans_core.estimator import KMeans  # noqa: PLC0415
    except ImportError as error:
        raise ImportError("kmeans_core.KMeans needs scikit-learn: pip install scikit-learn") from error
    return KMeans
