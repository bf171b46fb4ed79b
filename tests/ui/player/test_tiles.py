"""Very many points become tiles, and no number of the run changes by it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from kmeans_core import DATASETS, EMPTY_POLICIES, RULES, Phase, RunConfig, Trace, branch, make_dataset, run
from kmeans_core.arrays import Points
from tests.messages import Facts, as_sent, read_packed, with_labels
from tests.ui.player.test_protocol import unpack
from ui.player.protocol import ALL_DRAWN, pack_run, pack_runs
from ui.player.tiles import make_groups, make_tiles
from ui.text.formula_examples import example
from ui.text.other_costs import other_costs

MOST_BYTES = 3_000_000
COUNT = ALL_DRAWN + 1


def dataset(name: str, n: int) -> Points:
    sizes = {"points": n} if name != "post" else {"blobs": 12, "points_per_blob": n // 12}
    return make_dataset(name, **sizes)[0]


def count_points(header: Facts, step: Facts) -> NDArray[np.int64]:
    """The points of each cluster, as the browser adds them up."""
    counts = header["groups"]["counts"]
    return np.bincount(step["labels"], counts, minlength=header["k"]).astype(np.int64)


def assert_counts_are_exact(header: Facts, steps: list[Facts], trace: Trace) -> None:
    for (before, now), step in zip(pairwise(steps), trace[1:], strict=True):
        assert step.labels is not None
        np.testing.assert_array_equal(count_points(header, now), np.bincount(step.labels, minlength=trace.config.k))
        if step.phase is Phase.ASSIGN and before["labels"] is not None:
            reassigned = now["labels"] != before["labels"]
            assert header["groups"]["counts"][reassigned].sum() == now["reassigned"] == step.reassigned


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_every_count_of_a_run_on_tiles_is_that_of_the_run_on_points(rule: str, empty: str) -> None:
    points = dataset("blobs", COUNT)
    trace = run(points, RunConfig(k=9, rule=rule, empty=empty, init="farthest", max_iter=6))
    packed = pack_run(points, trace, equal_units=True, title="a test")
    header, steps = unpack(packed)
    assert "points" not in header
    assert header["n"] == header["groups"]["counts"].sum() == COUNT
    assert_counts_are_exact(header, steps, trace)
    for index, (facts, step) in enumerate(zip(steps, trace, strict=True)):
        assert (facts["cost"], facts["example"]) == (step.cost, as_sent(example(points, trace, index)))
    assert header["otherCosts"] == other_costs(points, trace)


def test_the_counts_are_exact_after_a_center_was_moved_by_hand() -> None:
    points = dataset("uniform", COUNT)
    trace = run(points, RunConfig(k=4, init="random", max_iter=4))
    centers = trace[3].centers.copy()
    centers[0] += 0.3
    branch_trace = branch(points, trace, 3, centers)
    assert_counts_are_exact(*unpack(pack_run(points, branch_trace, equal_units=True, title="Box")), branch_trace)


def test_exactly_so_many_points_are_drawn_one_by_one() -> None:
    points = dataset("moons", ALL_DRAWN)
    header, _ = unpack(pack_run(points, run(points, RunConfig(k=2, init="random")), equal_units=True, title="Moons"))
    assert "tiles" not in header
    assert len(header["points"]) == ALL_DRAWN


@pytest.mark.parametrize("equal_units", [True, False])
def test_every_point_is_counted_in_the_tile_where_it_lies(equal_units: bool) -> None:
    points = dataset("unscaled", 20_000)
    tiles = make_tiles(points, 40, equal_units=equal_units)
    middles = np.array(tiles.low) + (np.stack(np.divmod(tiles.numbers, 40)[::-1], axis=1) + 0.5) * tiles.size
    far = np.abs(points - middles[tiles.tile_of]) / tiles.size
    assert far.max() <= 0.5 + 1e-9
    assert (tiles.size[0] == tiles.size[1]) == equal_units
    assert len(np.unique(tiles.tile_of)) == len(tiles.numbers), "there is no tile without points"


def test_a_tile_is_parted_only_where_its_points_go_different_ways() -> None:
    points = dataset("uniform", 20_000)
    trace = run(points, RunConfig(k=3, init="random"))
    tiles = make_tiles(points, 30, equal_units=True)
    groups = make_groups(tiles, trace)
    assigns = [step.labels for step in trace if step.phase is Phase.ASSIGN and step.labels is not None]
    histories = np.stack(assigns, axis=1)
    ways = np.unique(np.column_stack([tiles.tile_of, histories]), axis=0)
    assert len(groups.counts) == len(ways)
    np.testing.assert_array_equal(groups.per_tile, np.bincount(ways[:, 0]))
    assert groups.counts.sum() == len(points)
    tile_of_group = np.repeat(np.arange(len(tiles.numbers)), groups.per_tile)
    np.testing.assert_array_equal(tiles.tile_of[groups.representatives], tile_of_group)


@pytest.mark.parametrize("place", [(3.0, 4.0), (-1e12, 1e-12)])
def test_points_on_one_spot_are_one_tile(place: tuple[float, float]) -> None:
    points = np.full((COUNT, 2), place)
    header, steps = unpack(
        pack_run(points, run(points, RunConfig(k=2, init="random")), equal_units=False, title="A spot")
    )
    assert header["tiles"]["numbers"].tolist() == [0]
    assert count_points(header, steps[-1]).sum() == COUNT


@pytest.mark.parametrize("name", ["uniform", "post", "rings", "unscaled"])
def test_very_many_points_take_less_than_3_mb(name: str) -> None:
    # A million are opened in a browser, in tests/e2e/test_tiles.py.
    points = dataset(name, 500_000 if name == "uniform" else 200_000)  # most for the one that takes most
    trace = run(points, RunConfig(k=12, init="random", max_iter=40, seed=1))
    packed = pack_run(points, trace, equal_units=DATASETS[name].equal_units, title=name)
    assert len(packed) < MOST_BYTES
    header, steps = unpack(packed)
    np.testing.assert_array_equal(count_points(header, steps[-1]), np.bincount(trace.labels, minlength=12))


def test_four_long_runs_side_by_side_take_less_than_3_mb() -> None:
    """Here borders move back and forth, so that fewer tiles must do."""
    points = dataset("unscaled", 300_000)
    traces = [run(points, RunConfig(k=12, init="random", max_iter=40, seed=seed)) for seed in range(4)]
    packed = pack_runs(points, traces, [range(12)] * 4, equal_units=False, title="a test")
    assert len(packed) < MOST_BYTES
    together = read_packed(packed)["runs"]
    assert len(together) == 4
    for header, trace in zip(together, traces, strict=True):
        assert_counts_are_exact(header, with_labels(header["steps"]), trace)
