"""The TensorFlow backend: the same labels and centers as NumPy, from compiled graphs, in bounded memory."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kmeans_core import DATASETS, EMPTY_POLICIES, INITIALISERS, RULES, RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import label_dtype
from kmeans_core.engines import Engine, backend_available, get_backend
from tests.oracles import all_distances, medoid

Floats = NDArray[np.float64]

INSTALLED = backend_available("tensorflow")
REQUIRED = os.environ.get("REQUIRE_TENSORFLOW") == "1" or os.environ.get("CI") == "true"

# Without TensorFlow these tests are skipped at home, and fail where it must be there.
pytestmark = pytest.mark.skipif(
    not INSTALLED and not REQUIRED,
    reason="TENSORFLOW IS NOT INSTALLED, so its backend is not tested: pip install tensorflow",
)

EVERY_RULE = pytest.mark.parametrize("rule", RULES)


@pytest.fixture(scope="module")
def module() -> Any:
    """Return the backend's module, and import TensorFlow no sooner than a test wants it."""
    get_backend("tensorflow")
    return import_module("kmeans_core.engines.tensorflow.engine")


def tensorflow_engine(points: Floats, rule: str) -> Engine:
    return get_backend("tensorflow")(points, RULES[rule])


def assert_same(numpy: Trace, tensorflow: Trace) -> None:
    """Assert that two traces are the same, bit for bit but for the cost, whose terms may be added in any order."""
    for index, (numpy_step, tensorflow_step) in enumerate(itertools.zip_longest(numpy, tensorflow)):
        place = f"half-step {index} of {numpy.config}"
        assert numpy_step is not None, place
        assert tensorflow_step is not None, place
        assert (numpy_step.phase, numpy_step.iteration, numpy_step.reassigned) == (
            tensorflow_step.phase,
            tensorflow_step.iteration,
            tensorflow_step.reassigned,
        ), place
        assert numpy_step.relocated == tensorflow_step.relocated, place
        np.testing.assert_array_equal(numpy_step.centers, tensorflow_step.centers, err_msg=place)
        assert tensorflow_step.centers.dtype == np.float64
        if numpy_step.labels is None:
            assert tensorflow_step.labels is None
        else:
            assert tensorflow_step.labels is not None
            np.testing.assert_array_equal(numpy_step.labels, tensorflow_step.labels, err_msg=place)
            assert numpy_step.labels.dtype == tensorflow_step.labels.dtype
            assert tensorflow_step.cost == pytest.approx(numpy_step.cost, rel=1e-11), place
    assert numpy.stop_reason == tensorflow.stop_reason


def compare(points: Floats, **config: Any) -> Trace:
    """Run on both backends, assert that they agree, and return the trace."""
    numpy_trace, tensorflow_trace = (run(points, RunConfig(backend=name, **config)) for name in ("numpy", "tensorflow"))
    assert_same(numpy_trace, tensorflow_trace)
    return tensorflow_trace


def lattice(side: int, d: int) -> Floats:
    """Return ``(side^d, d)`` points of a square lattice, where nearly every distance is a tie."""
    return np.stack(np.meshgrid(*[np.arange(float(side))] * d), axis=-1).reshape(-1, d)


# The same as NumPy.


@pytest.mark.parametrize("init", INITIALISERS)
@EVERY_RULE
@pytest.mark.parametrize("name", DATASETS)
def test_same_trace_for_every_dataset_rule_initializer_and_policy(name: str, rule: str, init: str) -> None:
    points, _ = make_dataset(name, seed=2) if name != "post" else make_dataset(name, seed=2, points_per_blob=150)
    start = None
    if init == "given":
        # One center is out of reach, so that its cluster is empty and the policy has something to do.
        start = (*map(tuple, points[:4].tolist()), (1e4, 1e4))
    # Elsewhere hardly a cluster is empty.
    for empty in EMPTY_POLICIES if init == "given" else ("farthest",):
        trace = compare(points, k=5, rule=rule, init=init, given=start, empty=empty, seed=1)
        if init == "given":
            assert trace[2].relocated, "the policy was not put to the test"


@EVERY_RULE
def test_same_trace_for_the_post(rule: str) -> None:
    points, _ = make_dataset("post", seed=0)
    for seed in range(5):
        compare(points, k=6, rule=rule, seed=seed)


RNG = np.random.default_rng(12)
CASES: dict[str, tuple[Floats, int]] = {
    "one point": (np.array([[3.0, -1.0]]), 1),
    "k = n": (RNG.normal(size=(30, 2)), 30),
    "two points, two clusters": (np.array([[0.0], [1.0]]), 2),
    "lattice": (lattice(23, 2), 4),
    "lattice in 3-D": (lattice(7, 3), 5),
    "collinear": (np.repeat(np.arange(40.0)[:, np.newaxis], 2, axis=1), 7),
    "duplicates": (RNG.integers(0, 3, (600, 2)).astype(np.float64), 6),
    "all equal": (np.full((300, 2), 0.1), 3),
    "half of them equal": (np.concatenate([np.zeros((300, 2)), RNG.normal(size=(200, 2))]), 2),
    "1-D": (RNG.normal(size=(1000, 1)), 5),
    "5-D": (RNG.normal(size=(1000, 5)), 5),
    "16-D": (RNG.normal(size=(600, 16)), 3),
    "more clusters than a byte": (RNG.normal(size=(900, 2)), 300),
    "far from the origin": (RNG.normal(size=(800, 2)) + 1e8, 4),
    "heavy tails": (RNG.standard_cauchy(size=(1000, 2)), 5),
    "huge": (RNG.normal(size=(500, 2)) * 1e120, 4),
    "tiny": (RNG.normal(size=(500, 2)) * 1e-120, 4),
    "negative zeros": (np.array([[0.0], [-0.0], [-0.0], [0.0], [1.0]]), 2),
    "more than one block": (RNG.normal(size=(40_000, 2)), 3),
}


@pytest.mark.parametrize("case", CASES)
@EVERY_RULE
def test_same_trace_for_awkward_points(rule: str, case: str) -> None:
    points, k = CASES[case]
    for init in ("random", "partition"):
        compare(points, k=k, rule=rule, init=init, empty="farthest", max_iter=6)


@EVERY_RULE
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_same_trace_where_most_distances_are_ties(rule: str, data: st.DataObject) -> None:
    n, d = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 4))
    coordinate = st.integers(-2, 2).map(float)
    points = np.array(data.draw(st.lists(st.lists(coordinate, min_size=d, max_size=d), min_size=n, max_size=n)))
    compare(
        points,
        k=data.draw(st.integers(1, n)),
        rule=rule,
        init=data.draw(st.sampled_from([name for name in INITIALISERS if name != "given"])),
        empty=data.draw(st.sampled_from(list(EMPTY_POLICIES))),
        seed=data.draw(st.integers(0, 3)),
    )


# Right, whatever NumPy's backend says.


@EVERY_RULE
def test_assign_gives_ties_to_the_lowest_index(rule: str) -> None:
    points = lattice(9, 2)
    centers = np.array([[8.0, 8.0], [0.0, 8.0], [8.0, 0.0], [0.0, 0.0], [4.0, 4.0], [4.0, 4.0]])
    distances = all_distances(points, centers, RULES[rule].distance)
    labels, cost = tensorflow_engine(points, rule).assign(centers)
    np.testing.assert_array_equal(labels, distances.argmin(axis=1))
    assert cost == pytest.approx(distances.min(axis=1).sum(), rel=1e-12)


def test_euclidean_distances_are_compared_by_their_squares() -> None:
    origin, centers = np.zeros((1, 2)), np.array([[1.0, 2.0**-26], [1.0, 0.0]])
    squares = all_distances(origin, centers, "sqeuclidean")
    assert squares[0, 0] > squares[0, 1]
    assert np.sqrt(squares[0, 0]) == np.sqrt(squares[0, 1])
    labels, _ = tensorflow_engine(origin, "medoid").assign(centers)
    assert labels.tolist() == [1]


@EVERY_RULE
def test_distances_are_those_to_the_own_center(rule: str) -> None:
    points, centers = RNG.normal(size=(200, 3)), RNG.normal(size=(4, 3))
    labels = RNG.integers(4, size=200).astype(np.uint8)
    expected = all_distances(points, centers, RULES[rule].distance)[np.arange(200), labels]
    np.testing.assert_allclose(tensorflow_engine(points, rule).distances(labels, centers), expected, rtol=1e-14)


@EVERY_RULE
def test_refine_marks_empty_clusters_and_counts_the_others(rule: str) -> None:
    points = np.array([[0.0, 5.0], [2.0, 1.0], [1.0, 1.0], [7.0, 7.0]])
    centers, counts = tensorflow_engine(points, rule).refine(np.array([1, 1, 1, 4], np.uint8), 6)
    assert counts.tolist() == [0, 3, 0, 0, 1, 0]
    assert counts.dtype == np.int64
    assert np.isnan(centers[[0, 2, 3, 5]]).all()
    assert centers[4].tolist() == [7.0, 7.0]
    assert centers[1].tolist() == pytest.approx({"mean": [1, 7 / 3], "medoid": [1, 1], "median": [1, 1]}[rule])


def test_median_of_an_even_number_is_the_mean_of_the_two_middle_values() -> None:
    points = np.array([[9.0, 1.0], [1.0, 0.1], [4.0, 0.2], [2.0, 5.0]])
    centers, _ = tensorflow_engine(points, "median").refine(np.zeros(4, np.uint8), 1)
    assert centers.tolist() == [[3.0, (0.2 + 1.0) / 2]]


@pytest.mark.parametrize("d", [1, 2, 3, 8, 24])
@pytest.mark.parametrize("m", [1, 2, 99, 100, 101, 102, 900])
def test_medoid_is_the_member_with_the_least_sum(m: int, d: int) -> None:
    for points in (RNG.normal(size=(m, d)), RNG.integers(0, 4, size=(m, d)).astype(np.float64)):
        centers, _ = tensorflow_engine(points, "medoid").refine(np.zeros(m, np.uint8), 1)
        np.testing.assert_array_equal(centers[0], points[medoid(points)])


def test_labels_have_the_smallest_type_that_holds_k() -> None:
    points = RNG.normal(size=(400, 2))
    engine = tensorflow_engine(points, "mean")
    for k in (1, 255, 256, 400):
        labels, _ = engine.assign(points[:k])
        assert labels.dtype == label_dtype(k)


def test_refining_neither_keeps_nor_changes_what_it_was_given() -> None:
    points, labels = RNG.normal(size=(50, 2)), RNG.integers(3, size=50).astype(np.uint8)
    before = points.copy(), labels.copy()
    engine = tensorflow_engine(points, "mean")
    first, _ = engine.refine(labels, 3)
    points[:] = 0.0
    repeat, _ = engine.refine(labels, 3)
    np.testing.assert_array_equal(first, repeat)
    np.testing.assert_array_equal(labels, before[1])


# In float32.


@EVERY_RULE
def test_float32_finds_the_same_where_it_has_digits_enough_and_its_records_are_float64(rule: str) -> None:
    points, _ = make_dataset("blobs", seed=1, points=900)
    config = RunConfig(k=5, init="random", rule=rule, seed=2, backend="tensorflow")
    double, single = (run(points, config, precision=precision) for precision in ("float64", "float32"))
    assert (single.labels != double.labels).sum() <= 1
    np.testing.assert_allclose(single.centers, double.centers, rtol=1e-4, atol=1e-4)
    for step in single[1:]:
        assert step.centers.dtype == np.float64
        if step.phase == "refine":
            np.testing.assert_array_equal(
                step.centers, step.centers.astype(np.float32), err_msg="more digits than it has"
            )
    assert (double[2].centers != double[2].centers.astype(np.float32)).any()


@EVERY_RULE
def test_float32_rounds_what_lies_far_from_the_origin(rule: str) -> None:
    points, _ = make_dataset("blobs", seed=1, points=900)
    config = RunConfig(k=5, init="random", rule=rule, seed=2, backend="tensorflow")
    far = points + 1e7
    double, single = (run(far, config, precision=precision) for precision in ("float64", "float32"))
    assert (single.labels != double.labels).any()
    np.testing.assert_array_equal(double.labels, run(points, config).labels)


def test_means_in_float32_are_numpys(module: Any) -> None:
    points, labels = RNG.normal(size=(500, 2)) + 1000, RNG.integers(0, 3, 500).astype(np.uint8)
    centers, _ = module.engine(points, RULES["mean"], precision="float32").refine(labels, 3)
    sums = np.zeros((3, 2), np.float32)
    np.add.at(sums, labels, points.astype(np.float32))
    np.testing.assert_array_equal(centers, sums / np.bincount(labels).astype(np.float32)[:, None])


def test_a_precision_that_a_backend_does_not_have_or_that_overflows_is_refused() -> None:
    with pytest.raises(ValueError, match="precision must be one of float64, got 'float32'"):
        run(RNG.normal(size=(9, 2)), RunConfig(k=2, init="random"), precision="float32")
    with pytest.raises(ValueError, match="points must be small enough"):
        run(RNG.normal(size=(9, 2)) * 1e20, RunConfig(k=2, init="random", backend="tensorflow"), precision="float32")


def test_tracing_is_timed_on_graphs_of_its_own(module: Any) -> None:
    run(RNG.normal(size=(9, 2)), RunConfig(k=2, init="random", backend="tensorflow"))
    before = {name: function.experimental_get_tracing_count() for name, function in compiled_functions(module)}
    assert module.tracing_seconds(RULES["mean"]) > 0
    assert before == {name: function.experimental_get_tracing_count() for name, function in compiled_functions(module)}


# Really TensorFlow, compiled once.


def compiled_functions(module: Any) -> Iterator[tuple[str, Any]]:
    """Yield all compiled functions with a name."""
    for precision, graphs in module.graphs.GRAPHS.items():
        for table in ("assign", "own_distances", "refine"):
            for key, function in getattr(graphs, table).items():
                yield f"{table}[{key}] in {precision}", function


def operations(function: Any) -> set[str]:
    """Return the types of all operations in a graph and in the loops and branches that it calls."""
    graph = function.get_concrete_function().graph.as_graph_def()
    inner = [node for inner_function in graph.library.function for node in inner_function.node_def]
    return {node.op for node in [*graph.node, *inner]}


def test_graphs_hold_the_arithmetic_and_never_call_back_into_python(module: Any) -> None:
    arithmetic = {
        "assign": {"Sub", "Less", "SelectV2", "StatelessWhile"},
        "own_distances": {"Sub", "GatherV2", "StatelessWhile"},
        "refine[mean]": {"UnsortedSegmentSum", "DenseBincount"},
        "refine[medoid]": {"Sqrt", "TensorScatterUpdate", "MatMul", "StatelessIf", "StatelessWhile"},
        "refine[median]": {"TopKV2", "GatherV2"},
    }
    functions = dict(compiled_functions(module))
    for prefix in arithmetic:
        assert [name for name in functions if name.startswith(prefix)], prefix
    for name, function in functions.items():
        names = operations(function)
        needed = next(types for prefix, types in arithmetic.items() if name.startswith(prefix))
        assert needed <= names, (name, names)
        assert not [kind for kind in names if "PyFunc" in kind or "Random" in kind], name


@EVERY_RULE
def test_what_the_engine_returns_is_what_the_graph_computed(
    module: Any, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    tf, rule_record = module.graphs.tf, RULES[rule]
    points, labels = RNG.normal(size=(60, 2)), np.zeros(60, np.uint8)

    def shift(function: Any) -> Any:
        """Return a graph around the graph, that adds 1 to all it computes."""
        return tf.function(
            lambda *tensors: tf.nest.map_structure(lambda tensor: tensor + 1, function(*tensors)),
            input_signature=function.input_signature,
        )

    plain = tensorflow_engine(points, rule)
    graphs = module.graphs.GRAPHS["float64"]
    for table, key in (
        (graphs.assign, rule_record.distance),
        (graphs.own_distances, rule_record.distance),
        (graphs.refine, rule_record.center),
    ):
        monkeypatch.setitem(table, key, shift(table[key]))
    fresh_engine = tensorflow_engine(points, rule)

    def results(engine: Engine) -> list[Any]:
        return [*engine.assign(points[:3]), *engine.refine(labels, 1), engine.distances(labels, points[:1])]

    for value, shifted_value in zip(results(plain), results(fresh_engine), strict=True):
        if rule == "mean" and np.shape(value) == (1, 2):
            # The engine divides what the graph has added up: the coarse and the fine pieces, each 1 more.
            np.testing.assert_allclose((60 * value + 2) / 61, shifted_value, rtol=1e-14)
        else:
            np.testing.assert_array_equal(value + 1, shifted_value)


def test_no_size_is_traced_again(module: Any) -> None:
    for n, d, k in [(1, 1, 1), (50, 2, 3), (51, 2, 4), (200, 5, 9), (40_000, 2, 2)]:
        points = RNG.normal(size=(n, d))
        for rule, precision in itertools.product(RULES, module.graphs.GRAPHS):
            run(points, RunConfig(k=k, init="random", rule=rule, backend="tensorflow", max_iter=2), precision=precision)
    assert {name: f.experimental_get_tracing_count() for name, f in compiled_functions(module)} == {
        name: 1 for name, _ in compiled_functions(module)
    }


def test_many_threads_get_what_one_gets() -> None:
    points, _ = make_dataset("blobs", seed=3, points=800)
    configs = [
        RunConfig(k=k, init="random", rule=rule, backend="tensorflow", seed=k) for k in range(2, 8) for rule in RULES
    ]
    alone = [run(points, config) for config in configs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda config: run(points, config), configs * 3))
    for expected, actual in zip(alone * 3, together, strict=True):
        assert_same(expected, actual)
        assert [step.cost for step in expected] == [step.cost for step in actual]


# In a process of its own: what happens at the first use, and how much memory is taken.


@pytest.fixture(scope="module")
def first_use() -> tuple[str, list[float]]:
    """What a fresh interpreter printed: of its first use of TensorFlow, and megabytes that were taken."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    process = subprocess.run(
        [sys.executable, "-c", FIRST_USE + MEMORY],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=120,
    )
    first, *megabytes = process.stdout.splitlines()
    return first + process.stderr, [float(text) for text in megabytes]


FIRST_USE = """
import gc, sys
from concurrent.futures import ThreadPoolExecutor
import numpy as np
import kmeans_core as km

points, _ = km.make_dataset("post", points_per_blob=40)
configs = [km.RunConfig(k=6, init="random", rule=rule, backend="tensorflow") for rule in km.RULES] * 4
assert "tensorflow" not in sys.modules
with ThreadPoolExecutor(len(configs)) as threads:
    traces = list(threads.map(lambda config: km.run(points, config), configs))
for trace in traces:
    expected = km.run(points, km.RunConfig(k=6, init="random", rule=trace.config.rule))
    assert np.array_equal(trace.labels, expected.labels)
    assert np.array_equal(trace.centers, expected.centers)

backend = sys.modules["kmeans_core.engines.tensorflow.engine"]
for precision, times in (("float64", 1), ("float32", 0)):
    graphs = backend.graphs.GRAPHS[precision]
    tables = (graphs.assign, graphs.own_distances, graphs.refine)
    assert {f.experimental_get_tracing_count() for table in tables for f in table.values()} == {times}
assert gc.get_freeze_count() == 0, "a library leaves the garbage collector of its process alone"
print("done")
"""

MEMORY = """
if sys.platform == "win32":
    sys.exit()  # the peak of a process is told by the resource module
import resource
from kmeans_core.engines import get_backend
from kmeans_core.rules import RULES

def peak():
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 2**20 if sys.platform == "darwin" else size / 2**10

engine = get_backend("tensorflow")
rng = np.random.default_rng(0)

def grown(n, k, d, rule):
    points = rng.normal(size=(n, d))
    made = engine(points, RULES[rule])
    before = peak()
    labels, _ = made.assign(points[:k])
    made.distances(labels, points[:k])
    made.refine(labels, k)
    return peak() - before

for rule in RULES:
    grown(2000, 3, 2, rule)  # tracing takes memory, too
for n, k, d, rule in ((200_000, 200, 2, "mean"), (200_000, 200, 2, "median"), (40_000, 1, 2, "medoid"),
                      (5_000, 1, 48, "medoid")):
    print(grown(n, k, d, rule))
"""


def test_first_use_from_many_threads_at_once_is_quiet_and_traces_once(first_use: tuple[str, list[float]]) -> None:
    output, _ = first_use
    assert output == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of a process is told by the resource module")
def test_memory_holds_neither_n_times_k_nor_n_times_n(first_use: tuple[str, list[float]]) -> None:
    _, megabytes = first_use
    assert len(megabytes) == 4
    # All distances take 320 MB for the first two, and 12 800 and 200 MB for the medoids.
    assert max(megabytes) < 100, megabytes


def test_costs_of_medoids_never_rise_by_rounding_beside_an_empty_cluster() -> None:
    """A center that was placed by hand and never gets a point stays there, and is no point."""
    for seed in range(12):
        points = np.random.default_rng(seed).normal(size=(200, 2))
        far = (*map(tuple, points[:3].tolist()), (50.0, 50.0))
        trace = run(points, RunConfig(k=4, rule="medoid", init="given", given=far, backend="tensorflow"))
        costs = [step.cost for step in trace if step.cost is not None]
        assert costs[1:] == sorted(costs[1:], reverse=True)
