"""The registry of backends, and what each engine promises."""

from __future__ import annotations

from importlib.util import find_spec
from types import ModuleType

import numpy as np
import pytest

from kmeans_core import BACKENDS, RULES, BackendUnavailable, RunConfig, backend_available, iterate
from kmeans_core import engines as registry
from kmeans_core.arrays import label_dtype
from kmeans_core.engines import get_backend
from kmeans_core.engines.distances import BLOCK
from tests import oracles


@pytest.fixture(params=RULES)
def rule(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def some_points(n: int, d: int = 2, seed: int = 0) -> oracles.Floats:
    return np.random.default_rng(seed).normal(size=(n, d))


def test_numpy_is_always_available() -> None:
    assert backend_available("numpy")


@pytest.mark.parametrize("ask", [backend_available, get_backend])
def test_an_unknown_backend_is_refused_with_the_known_ones(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match=r"^backend must be one of numpy, tensorflow, got 'torch'$"):
        ask("torch")


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda name: None)
    assert not backend_available("tensorflow")
    with pytest.raises(BackendUnavailable, match=r"not installed: pip install tensorflow$"):
        iterate([[0.0]], RunConfig(k=1, init="random", backend="tensorflow"))


def test_a_broken_package_is_told_from_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> ModuleType:
        raise ImportError("libcuda.so: cannot open shared object file")

    monkeypatch.setattr(registry, "find_spec", lambda name: object())
    monkeypatch.setattr(registry, "import_module", broken)
    with pytest.raises(BackendUnavailable, match=r"cannot be loaded.*libcuda\.so.*--force-reinstall tensorflow$"):
        get_backend("tensorflow")


def test_every_backend_says_where_it_is() -> None:
    for name, record in BACKENDS.items():
        assert record.title.lower() == name
        assert find_spec(record.module) is not None


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
@pytest.mark.parametrize("d", [1, 2, 7])
def test_assign_gives_each_point_to_its_nearest_center(backend: str, rule: str, n: int, d: int) -> None:
    points, centers = some_points(n, d), some_points(5, d, seed=1)
    labels, cost = get_backend(backend)(points, RULES[rule]).assign(centers)
    expected = oracles.all_distances(points, centers, RULES[rule].distance).argmin(axis=1)
    np.testing.assert_array_equal(labels, expected)
    assert labels.dtype == label_dtype(5)
    assert isinstance(cost, float)
    assert cost == pytest.approx(oracles.total_cost(points, expected, centers, RULES[rule].distance), rel=1e-12)


def test_assign_goes_on_where_a_block_ends(backend: str) -> None:
    k = 3
    points, centers = some_points(BLOCK // k + 5), some_points(k, seed=1)
    labels, _ = get_backend(backend)(points, RULES["mean"]).assign(centers)
    np.testing.assert_array_equal(labels, oracles.all_distances(points, centers, "sqeuclidean").argmin(axis=1))


@pytest.mark.parametrize("k", [1, 255, 256, 300])
def test_labels_are_of_the_smallest_type_that_holds_k(backend: str, k: int) -> None:
    points = some_points(400)
    labels, _ = get_backend(backend)(points, RULES["mean"]).assign(points[:k])
    assert labels.dtype == (np.uint8 if k < 256 else np.uint16)
    assert labels.max() == k - 1


def test_a_tie_goes_to_the_lowest_index(backend: str, rule: str) -> None:
    points = np.array([[0.0, 0.0], [0.0, 5.0], [0.0, -5.0]])
    centers = np.array([[3.0, 0.0], [-3.0, 0.0], [3.0, 0.0], [0.0, 3.0]])
    labels, _ = get_backend(backend)(points, RULES[rule]).assign(centers)
    assert labels.tolist() == [0, 3, 0]


def test_refine_leaves_the_rows_of_empty_clusters_nan(backend: str, rule: str) -> None:
    points = some_points(6)
    labels = np.array([1, 1, 3, 3, 3, 1], dtype=np.uint8)
    centers, counts = get_backend(backend)(points, RULES[rule]).refine(labels, 5)
    assert counts.tolist() == [0, 3, 0, 3, 0]
    assert counts.dtype == np.int64
    assert centers.dtype == np.float64
    np.testing.assert_array_equal(np.isnan(centers).all(axis=1), counts == 0)
    np.testing.assert_array_equal(np.isnan(centers).any(axis=1), counts == 0)


def test_refine_finds_the_center_that_numpy_finds(backend: str) -> None:
    points = some_points(300, 3)
    labels = np.random.default_rng(2).integers(4, size=300).astype(np.uint8)
    clusters = [points[labels == cluster] for cluster in range(4)]
    expected = {
        "mean": [members.mean(axis=0) for members in clusters],
        "median": [np.median(members, axis=0) for members in clusters],
        "medoid": [members[oracles.medoid(members)] for members in clusters],
    }
    for name, rule in RULES.items():
        centers, _ = get_backend(backend)(points, rule).refine(labels, 4)
        np.testing.assert_allclose(centers, expected[name], rtol=1e-12, atol=1e-14)


def test_distances_are_what_each_point_adds_to_the_cost(backend: str, rule: str) -> None:
    points, centers = some_points(50, 3), some_points(4, 3, seed=1)
    engine = get_backend(backend)(points, RULES[rule])
    labels, cost = engine.assign(centers)
    distances = engine.distances(labels, centers)
    expected = oracles.all_distances(points, centers, RULES[rule].distance).min(axis=1)
    np.testing.assert_allclose(distances, expected, rtol=1e-14)
    assert distances.sum() == pytest.approx(cost, rel=1e-14)
