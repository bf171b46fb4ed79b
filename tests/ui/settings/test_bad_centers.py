"""Bad starting centers are bad, and as many as asked for."""

from __future__ import annotations

from typing import Any

import pytest

from kmeans_core import RULES, RunConfig, make_dataset, run
from kmeans_core.arrays import Points
from ui.settings.bad_centers import BAD_CENTERS, bad_centers
from ui.text.messages import message

CROWDED = message("settings.bad_init_crowded_blob")


@pytest.fixture(scope="module")
def post() -> Points:
    points, _ = make_dataset("post")
    return points


@pytest.mark.parametrize("name", BAD_CENTERS)
@pytest.mark.parametrize("k", [1, 2, 6, 12])
def test_bad_centers_place_k_centers_on_points(post: Points, name: str, k: int) -> None:
    places = bad_centers(name, post, k)
    assert len(places) == k


@pytest.mark.parametrize("per_blob", [512, 20_000])
def test_bad_centers_are_bad(per_blob: int) -> None:
    post, _ = make_dataset("post", points_per_blob=per_blob)
    good = min(run(post, RunConfig(k=6, init="k-means++", seed=seed)).cost for seed in range(5))
    for name in (message("settings.bad_init_one_blob"), CROWDED):
        centers = bad_centers(name, post, 6)
        first = run(post, RunConfig(k=6, init="given", given=centers))[1]
        assert first.cost is not None
        assert first.cost > 1.4 * good, name
    spot = run(post, RunConfig(k=6, init="given", given=bad_centers(message("settings.bad_init_one_spot"), post, 6)))
    assert spot[1].labels is not None
    assert not spot[1].labels.any(), "ties go to the first cluster, so it gets everything"


@pytest.mark.parametrize("rule", RULES)
def test_two_in_one_blob_ends_worse_under_every_rule(post: Points, rule: str) -> None:
    def end(**config: Any) -> float:
        return run(post, RunConfig(k=6, rule=rule, **config)).cost

    good = min(end(init="k-means++", seed=seed) for seed in range(8))
    assert end(init="given", given=bad_centers(CROWDED, post, 6, rule)) > 1.1 * good
