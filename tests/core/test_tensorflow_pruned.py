"""TensorFlow's fast way finds what the plain NumPy way finds: every label, every center to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from kmeans_core import RULES, RunConfig, Trace, backend_available, make_dataset, run
from kmeans_core.engines import get_backend
from kmeans_core.engines import numpy as numpy_engine
from kmeans_core.engines.pruned import PrunedEngine
from kmeans_core.validation import validate_points
from tests.core.test_pruned import KINDS, SCALES, assert_same_steps, awkward_points
from tests.oracles import Floats

if not backend_available("tensorflow"):
    pytest.skip("TensorFlow is not installed", allow_module_level=True)

SHAPES = ((48, 1, 1), (48, 2, 3), (48, 5, 7), (48, 2, 40))
"""Points, dimensions and clusters: few shapes, since each is compiled."""


def backend_module(name: str) -> Any:
    """Import a module of the backend; importing them above would load TensorFlow while tests are collected."""
    return import_module(f"kmeans_core.engines.tensorflow.{name}")


@pytest.fixture
def from_the_first_point_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let TensorFlow screen however few points there are, and NumPy none."""
    monkeypatch.setattr(backend_module("engine"), "FAST_FROM", 0)
    monkeypatch.setattr(numpy_engine, "FAST_FROM", np.inf)
    yield


def run_twice(points: Floats, **choice: Any) -> tuple[Trace, Trace]:
    fast, plain = (run(points, RunConfig(backend=name, **choice)) for name in ("tensorflow", "numpy"))
    return fast, plain


@pytest.mark.usefixtures("from_the_first_point_on")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_half_step_is_numpys(kind: str, shape: tuple[int, int, int]) -> None:
    n, d, k = shape
    for seed, scale in enumerate(SCALES):
        points = awkward_points(kind, n, d, seed) * scale
        for init in ("random", "partition"):
            assert_same_steps(*run_twice(points, k=k, init=init, seed=seed, max_iter=8))


@pytest.mark.usefixtures("from_the_first_point_on")
@pytest.mark.parametrize("empty", ["keep", "farthest", "drop"])
def test_empty_clusters_are_treated_as_numpy_treats_them(empty: str) -> None:
    points = awkward_points("lattice", 48, 2, 1)
    far = ((0.0, 0.0), (90.0, 90.0), (1.0, 1.0))
    fast, plain = run_twice(points, k=3, init="given", given=far, empty=empty)
    assert any(step.relocated for step in plain)
    assert_same_steps(fast, plain)


def test_many_points_give_numpys_run() -> None:
    points, _ = make_dataset("blobs", seed=2, points=60_000)
    assert isinstance(get_backend("tensorflow")(validate_points(points), RULES["mean"]), PrunedEngine)
    assert_same_steps(*run_twice(points.round(1), k=7, max_iter=6))


def test_the_loop_settles_nearly_all_labels_by_itself() -> None:
    """Else it would be NumPy that does the work."""
    points, _ = make_dataset("post", seed=0, points_per_blob=9_000)
    run_, settled = backend_module("pruned").TensorFlowRun(validate_points(points)), []
    run_._settle = lambda centers, labels, doubtful: settled.append(len(doubtful))
    run_.assign(points[None, ::9_000])
    assert settled[0] < len(points) / 1_000


def test_few_shapes_are_compiled() -> None:
    """Each stays in memory for good."""
    rounded_up = backend_module("pruned")._rounded_up
    rounded = {n: rounded_up(n) for n in range(2, 5_000)}
    assert all(n <= m < n * 3 / 2 for n, m in rounded.items())
    assert len({m for n, m in rounded.items() if n > 64}) <= 14


def test_without_xla_the_plain_graphs_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    errors, tensorflow_pruned = backend_module("library").tf.errors, backend_module("pruned")

    def broken(function: object) -> Any:
        def call(*tensors: object) -> None:
            raise errors.UnimplementedError(None, None, "XLA is not built for this processor")

        return call

    tensorflow_pruned.xla_works.cache_clear()
    monkeypatch.setattr(tensorflow_pruned, "compiled_by_xla", broken)
    points = validate_points(np.zeros((60_000, 2)))
    assert isinstance(get_backend("tensorflow")(points, RULES["mean"]), backend_module("engine").TensorFlowEngine)
    tensorflow_pruned.xla_works.cache_clear()
