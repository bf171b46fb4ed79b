"""What the widgets for sizes of generated datasets offer."""

from __future__ import annotations

import pytest

from kmeans_core import DATASETS
from ui.settings.sizes import overlap_size, parameters_of


@pytest.mark.parametrize("data", DATASETS)
def test_a_size_becomes_a_widget(data: str) -> None:
    for size in parameters_of(data):
        assert size.title[0].isupper()
        assert size.step > 0
        assert type(size.step) is {"int": int, "float": float}[size.kind]
        assert (size.high - size.low) / size.step >= 4, "a slider has room to move"


def test_steps_are_round() -> None:
    assert {size.name: size.step for size in parameters_of("moons")} == {"points": 1, "noise": 0.01}
    assert {size.name: size.step for size in parameters_of("post")} == {"blobs": 1, "points_per_blob": 1, "spread": 0.1}


def test_the_size_that_makes_groups_overlap() -> None:
    sizes = {data: overlap_size(tuple((size.name, size.default) for size in parameters_of(data))) for data in DATASETS}
    assert sizes["post"] == "spread"
    assert sizes["moons"] == sizes["rings"] == "noise"
    assert not sizes["uniform"]
