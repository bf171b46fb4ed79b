"""The datasets: what they promise about shapes, labels, seeds and moments, and what they refuse."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kmeans_core.datasets import DATASETS, MAX_POINTS, SEED, Dataset, Parameter, Size, make_dataset

EVERY_DATASET = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
EVERY_PARAMETER = pytest.mark.parametrize(
    ("dataset", "parameter"),
    [pytest.param(d, p, id=f"{d.name}-{p.name}") for d in DATASETS.values() for p in d.parameters],
)
WITH_SPREAD = [name for name, d in DATASETS.items() if any(p.name == "spread" for p in d.parameters)]


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def draw(name: str, **sizes: Any) -> tuple[Floats, Ints]:
    """Return the points and labels of a dataset that has labels."""
    points, truth = make_dataset(name, **sizes)
    assert truth is not None
    return points, truth


def group(name: str, index: int, **sizes: Any) -> Floats:
    """Return the points of one true group."""
    points, truth = draw(name, **sizes)
    members: Floats = points[truth == index]
    return members


def middles(name: str, **sizes: Any) -> Floats:
    """Return the middles of all blobs, exactly: without spread every point lies on its blob's middle."""
    points, truth = draw(name, spread=0.0, **sizes)
    return points[np.unique(truth, return_index=True)[1]]


def refusal(name: str, **sizes: Any) -> str:
    """Return the message with which ``make_dataset`` refuses."""
    with pytest.raises(ValueError) as refused:
        make_dataset(name, **sizes)
    return str(refused.value)


def assert_sound(points: Floats, truth: Ints | None, total: float | None = None) -> None:
    """Assert what holds for each dataset, whatever its sizes."""
    assert points.ndim == 2
    assert points.shape[1] == 2
    assert points.dtype == np.float64
    assert points.flags.c_contiguous
    assert np.isfinite(points).all()
    assert 1 <= len(points) <= MAX_POINTS
    assert total is None or len(points) == total
    if truth is not None:
        assert truth.shape == (len(points),)
        assert truth.dtype == np.int64
        assert truth.min() >= 0


# What holds for all of them.


@EVERY_DATASET
def test_defaults_are_sound_and_writable(dataset: Dataset) -> None:
    points, truth = make_dataset(dataset.name)
    assert_sound(points, truth, dataset.sizes({}).get("points"))
    points[0] = 0.0


@EVERY_DATASET
def test_every_group_up_to_the_highest_label_has_points(dataset: Dataset) -> None:
    _, truth = make_dataset(dataset.name, seed=4)
    if truth is not None:
        assert (np.bincount(truth) > 0).all()


def test_only_uniform_noise_of_these_has_no_truth() -> None:
    assert [name for name in FIRST_AND_LAST if make_dataset(name)[1] is None] == ["uniform"]


@EVERY_DATASET
def test_same_seed_same_arrays_other_seed_other_arrays(dataset: Dataset) -> None:
    first, first_truth = make_dataset(dataset.name, seed=7)
    repeat, repeat_truth = make_dataset(dataset.name, seed=7)
    second, _ = make_dataset(dataset.name, seed=8)
    np.testing.assert_array_equal(first, repeat)
    assert (first_truth is None) == (repeat_truth is None)
    if first_truth is not None and repeat_truth is not None:
        np.testing.assert_array_equal(first_truth, repeat_truth)
    assert not np.array_equal(first, second)


FIRST_AND_LAST: dict[str, tuple[list[float], list[float]]] = {
    "post": ([1.017096383626592, 1.6798737701549808], [43.23735052357062, 39.613600410599965]),
    "blobs": ([-5.905672557211552, -1.3115470738905806], [-2.901877333035661, 5.435055569302292]),
    "anisotropic": ([3.0029851862344015, -3.548076684936747], [2.4851217190587733, 8.0417888118516]),
    "moons": ([-0.0009038428415384069, 1.0784903881604402], [-0.033365399738014626, 0.0014621004224425749]),
    "rings": ([-0.0009038428415384069, 1.0784903881604402], [1.70599769599936, 0.7245278507859081]),
    "uniform": ([0.12857020276919962, 0.49927786244011496], [0.12981832066986154, 0.8085211386702532]),
    "outlier": ([-3.7151633672333073, -0.3724513247268126], [44.37010520802544, -2.359442028826088]),
    "unscaled": ([3.419276725318417, -2.6402524596900383], [157.93047490576845, 4.705125052960122]),
}


@pytest.mark.parametrize("name", FIRST_AND_LAST)
def test_a_link_to_a_seed_shows_the_same_points_tomorrow(name: str) -> None:
    points, _ = make_dataset(name, seed=11)
    assert (points[0].tolist(), points[-1].tolist()) == FIRST_AND_LAST[name]


@EVERY_DATASET
def test_global_random_state_is_neither_read_nor_moved(dataset: Dataset) -> None:
    np.random.seed(1)
    expected = np.random.random()
    np.random.seed(1)
    first, _ = make_dataset(dataset.name)
    assert np.random.random() == expected
    np.testing.assert_array_equal(first, make_dataset(dataset.name)[0])


@EVERY_DATASET
def test_registry_entry_speaks_for_itself(dataset: Dataset) -> None:
    assert DATASETS[dataset.name] is dataset
    assert dataset.summary.endswith(".")
    assert dataset.title[0].isupper()
    names = [parameter.name for parameter in dataset.parameters]
    assert len(set(names)) == len(names)
    assert "seed" not in names
    assert "name" not in names
    assert dataset.equal_units == (dataset.name != "unscaled")


@EVERY_PARAMETER
def test_parameter_has_a_default_within_bounds_of_its_kind(dataset: Dataset, parameter: Size) -> None:
    assert parameter.help.endswith(".")
    assert parameter.low <= parameter.default <= parameter.high
    kind = {"int": int, "float": float}[parameter.kind]
    bounds = (parameter.default, parameter.low, parameter.high)
    assert [type(value) for value in bounds] == [kind] * 3


@EVERY_PARAMETER
def test_both_ends_of_each_parameter_work(dataset: Dataset, parameter: Parameter) -> None:
    for value in (parameter.low, parameter.high):
        values: dict[str, Any] = {parameter.name: value}
        points, truth = make_dataset(dataset.name, seed=1, **values)
        total = value if parameter.name == "points" else dataset.sizes({}).get("points")
        assert_sound(points, truth, total)


@EVERY_DATASET
def test_all_low_ends_and_all_high_ends_work_together(dataset: Dataset) -> None:
    for end in ("low", "high"):
        sizes: dict[str, Any] = {parameter.name: getattr(parameter, end) for parameter in dataset.parameters}
        assert_sound(*make_dataset(dataset.name, **sizes))


@EVERY_DATASET
def test_one_point_is_possible(dataset: Dataset) -> None:
    values: dict[str, Any] = {"points": 1} if dataset.name != "post" else {"blobs": 1, "points_per_blob": 1}
    points, truth = make_dataset(dataset.name, **values)
    assert_sound(points, truth, 1)
    assert truth is None or truth.tolist() == [0]


@EVERY_DATASET
@pytest.mark.parametrize("points", [2, 3, 5, 8])
def test_few_points_are_possible(dataset: Dataset, points: int) -> None:
    name = "points" if dataset.name != "post" else "points_per_blob"
    total = points if dataset.name != "post" else 6 * points
    values: dict[str, Any] = {name: points}
    assert_sound(*make_dataset(dataset.name, **values), total)


@pytest.mark.parametrize("name", WITH_SPREAD)
def test_zero_spread_makes_the_points_of_a_blob_equal(name: str) -> None:
    sizes = {"outliers": 0} if name == "outlier" else {}
    points, truth = draw(name, spread=0.0, **sizes)
    blobs = [np.unique(points[truth == label], axis=0) for label in np.unique(truth)]
    assert all(len(blob) == 1 for blob in blobs)
    assert len(np.unique(np.concatenate(blobs), axis=0)) == len(blobs)


@pytest.mark.parametrize("name", ["blobs", "outlier", "anisotropic", "unscaled", "post"])
def test_spread_only_scales_the_scatter(name: str) -> None:
    at_0, at_1, at_2 = (make_dataset(name, seed=3, spread=float(spread))[0] for spread in range(3))
    np.testing.assert_allclose(at_2 - at_0, 2 * (at_1 - at_0), atol=1e-12, rtol=1e-12)


# One by one.


def test_post_is_the_posts_formula() -> None:
    points, truth = make_dataset("post", seed=5)
    rng = np.random.default_rng(5)
    expected = np.concatenate([rng.normal(i**2, i / 2, (512, 2)) for i in range(1, 7)])
    np.testing.assert_allclose(points, expected, rtol=0, atol=1e-13)
    assert truth is not None
    assert truth.tolist() == [blob for blob in range(6) for _ in range(512)]


@pytest.mark.parametrize("blob", range(12))
def test_post_moments(blob: int) -> None:
    count, number = 40_000, blob + 1
    points = group("post", blob, blobs=12, points_per_blob=count, seed=2)
    spread = number / 2
    assert points.mean(axis=0) == pytest.approx([number**2] * 2, abs=5 * spread / math.sqrt(count))
    assert points.std(axis=0) == pytest.approx([spread] * 2, rel=5 / math.sqrt(2 * count))
    assert np.corrcoef(*points.T).item(1) == pytest.approx(0, abs=5 / math.sqrt(count))


def test_post_can_never_hold_too_many_points() -> None:
    maxima = {parameter.name: parameter.high for parameter in DATASETS["post"].parameters}
    assert maxima["blobs"] * maxima["points_per_blob"] <= MAX_POINTS


@pytest.mark.parametrize("name", ["blobs", "outlier"])
@pytest.mark.parametrize("blobs", [2, 3, 7, 12])
def test_separation_is_the_distance_of_the_nearest_two_middles(name: str, blobs: int) -> None:
    sizes = {"outliers": 0} if name == "outlier" else {}
    centers = middles(name, blobs=blobs, separation=3.5, seed=blobs, **sizes)
    distances = [math.dist(a, b) for a, b in itertools.combinations(centers, 2)]
    assert min(distances) == pytest.approx(3.5, rel=1e-12)
    assert max(distances) < 3.5 * 3 * math.sqrt(blobs), "the middles should fill a region, not fly apart"


@pytest.mark.parametrize("name", ["anisotropic", "unscaled"])
def test_separation_is_the_distance_of_neighbors_in_a_row(name: str) -> None:
    centers = middles(name, blobs=4, separation=2.5)
    steps = [math.dist(a, b) for a, b in itertools.pairwise(centers)]
    assert steps == pytest.approx([2.5] * 3, rel=1e-12)
    assert math.dist(centers[0], centers[-1]) == pytest.approx(7.5, rel=1e-12)
    assert centers.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)


def test_blobs_are_round_and_equal_by_default() -> None:
    points, truth = draw("blobs", points=100_000, blobs=4, spread=2.0)
    assert np.bincount(truth).tolist() == [25_000] * 4
    for label in range(4):
        assert points[truth == label].std(axis=0) == pytest.approx([2.0, 2.0], rel=0.03)


def test_unequal_sizes_run_evenly_from_smallest_to_largest() -> None:
    _, truth = draw("blobs", points=100_000, blobs=3, unequal_sizes=1.0)
    np.testing.assert_allclose(np.bincount(truth) / 100_000, np.array([0.1, 1.0, 1.9]) / 3, atol=1e-4)


def test_unequal_spreads_run_evenly_from_tightest_to_widest() -> None:
    sizes = {"points": 150_000, "blobs": 3, "spread": 2.0, "unequal_spreads": 1.0}
    spreads = [group("blobs", label, **sizes)[:, 0].std() for label in range(3)]
    assert spreads == pytest.approx([0.2, 2.0, 3.8], rel=0.02)


def test_counts_add_up_and_differ_by_one_at_most_between_equal_blobs() -> None:
    for points in range(1, 60):
        _, truth = make_dataset("blobs", points=points, blobs=7)
        assert truth is not None
        counts = np.bincount(truth, minlength=7)
        assert counts.sum() == points
        assert counts.max() - counts.min() <= 1


def test_anisotropic_is_stretched_along_one_slanted_direction() -> None:
    blob = group("anisotropic", 1, points=90_000, stretch=5.0, spread=0.5)
    lengths, directions = np.linalg.eigh(np.cov(blob.T))
    assert np.sqrt(lengths) == pytest.approx([0.5, 2.5], rel=0.02)
    long_direction = directions[:, 1] * np.sign(directions[0, 1])
    assert long_direction == pytest.approx([0.8, 0.6], abs=0.01)


def test_moons_without_noise_are_two_half_circles() -> None:
    upper, lower = (group("moons", moon, noise=0.0) for moon in range(2))
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0, rtol=1e-12)
    np.testing.assert_allclose(np.hypot(*(lower - [1.0, 0.5]).T), 1.0, rtol=1e-12)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_rings_without_noise_have_radii_1_2_3_and_equal_density() -> None:
    points, truth = draw("rings", rings=3, points=6000, noise=0.0)
    np.testing.assert_allclose(np.hypot(*points.T), truth + 1.0, rtol=1e-12)
    assert np.bincount(truth).tolist() == pytest.approx([1000, 2000, 3000], abs=2)


def test_points_are_even_around_a_ring() -> None:
    points, _ = make_dataset("rings", rings=1, points=80_000, noise=0.0)
    angles = np.arctan2(points[:, 1], points[:, 0])
    share, _ = np.histogram(angles, bins=8, range=(-math.pi, math.pi))
    np.testing.assert_allclose(share, 10_000, atol=500)


@pytest.mark.parametrize("name", ["moons", "rings"])
def test_noise_is_the_standard_deviation_off_the_curve(name: str) -> None:
    still, noisy = (make_dataset(name, points=50_000, noise=noise)[0] for noise in (0.0, 0.3))
    assert (noisy - still).std(axis=0) == pytest.approx([0.3, 0.3], rel=0.02)


def test_uniform_fills_its_box() -> None:
    points, _ = make_dataset("uniform", points=50_000, width=4.0)
    assert points.min() >= 0.0
    assert (points.max(axis=0) < [4.0, 1.0]).all()
    assert points.mean(axis=0) == pytest.approx([2.0, 0.5], rel=0.02)
    assert points.std(axis=0) == pytest.approx(np.array([4.0, 1.0]) / math.sqrt(12), rel=0.02)


def test_outliers_come_last_far_right_of_the_nearest_blob_whose_label_they_carry() -> None:
    points, truth = draw("outlier", points=103, outliers=3, blobs=4, seed=1, outlier_distance=80.0)
    centers = middles("outlier", points=103, outliers=0, blobs=4, seed=1)
    for outlier, label in zip(points[-3:], truth[-3:], strict=True):
        gaps = np.hypot(*(centers - outlier).T)
        assert gaps.argmin() == label
        assert gaps[label] == pytest.approx(80.0, abs=5.0)
    assert points[:-3, 0].max() < 30


def test_outliers_leave_at_least_one_point_in_its_blob() -> None:
    points, _ = make_dataset("outlier", points=5, outliers=20, outlier_distance=1000.0)
    assert len(points) == 5
    assert (points[:, 0] < 500).sum() == 1


def test_unscaled_is_the_same_data_with_the_first_feature_in_a_finer_unit() -> None:
    unit, _ = make_dataset("unscaled", unit_factor=1.0)
    finer, _ = make_dataset("unscaled", unit_factor=250.0)
    np.testing.assert_allclose(finer, unit * [250.0, 1.0], rtol=1e-15)
    assert finer[:, 0].std() > 50 * finer[:, 1].std()


# What is refused.


def test_unknown_dataset() -> None:
    message = refusal("spirals")
    assert message.startswith("dataset must be one of post, blobs, ")
    assert message.endswith(", got 'spirals'")


@EVERY_DATASET
def test_unknown_parameter(dataset: Dataset) -> None:
    has = ", ".join(parameter.name for parameter in dataset.parameters)
    expected = f"colour (got 3) is not a parameter of {dataset.name}, which has {has}"
    assert refusal(dataset.name, colour=3) == expected


@EVERY_PARAMETER
def test_out_of_bounds(dataset: Dataset, parameter: Parameter) -> None:
    low, high = (int(bound) if bound == int(bound) else bound for bound in (parameter.low, parameter.high))
    for value in (parameter.low - 1, parameter.high + 1):
        expected = f"{parameter.name} must be in {low}..{high}, got {value}"
        assert refusal(dataset.name, **{parameter.name: value}) == expected


@EVERY_PARAMETER
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_not_finite(dataset: Dataset, parameter: Parameter, value: float) -> None:
    message = refusal(dataset.name, **{parameter.name: value})
    assert message.startswith(f"{parameter.name} must be ")
    assert message.endswith(f", got {value}")


@EVERY_PARAMETER
@pytest.mark.parametrize("value", ["3", None, True, [1]])
def test_not_a_number(dataset: Dataset, parameter: Parameter, value: object) -> None:
    kind_words = "a whole number" if parameter.kind == "int" else "a number"
    message = refusal(dataset.name, **{parameter.name: value})
    assert message.startswith(f"{parameter.name} must be {kind_words} in ")
    assert message.endswith(f", got {value!r}")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("points", 0, "points must be in 1..1000000, got 0"),
        ("points", 1_000_001, "points must be in 1..1000000, got 1000001"),
        ("points", 2.0, "points must be a whole number in 1..1000000, got 2.0"),
        ("blobs", np.int64(99), "blobs must be in 1..20, got 99"),
        ("spread", -0.5, "spread must be in 0..5, got -0.5"),
        ("spread", math.nan, "spread must be in 0..5, got nan"),
        ("unequal_sizes", 1.5, "unequal_sizes must be in 0..1, got 1.5"),
    ],
)
def test_messages_as_they_are_read(name: str, value: float, message: str) -> None:
    assert refusal("blobs", **{name: value}) == message


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True, 2**53])
def test_refused_seeds(seed: object) -> None:
    message = refusal("post", seed=seed)
    assert message.startswith("seed must be ")
    assert message.endswith(f"in 0..9007199254740991, got {seed!r}")


def test_largest_seed_and_numpy_numbers_are_taken() -> None:
    values: dict[str, Any] = {"points": np.int32(7), "spread": np.float32(0.5)}
    points, _ = make_dataset("blobs", seed=int(SEED.high), **values)
    assert points.shape == (7, 2)
    np.testing.assert_array_equal(points, make_dataset("blobs", seed=2**53 - 1, points=7, spread=0.5)[0])


def test_whole_numbers_become_floats_where_a_fraction_is_allowed() -> None:
    spread = DATASETS["blobs"].sizes({"spread": 2})["spread"]
    assert (spread, type(spread)) == (2.0, float)


def test_sizes_keep_the_order_of_the_parameters() -> None:
    dataset = DATASETS["blobs"]
    assert list(dataset.sizes({"spread": 2.0, "blobs": 3})) == [p.name for p in dataset.parameters]
