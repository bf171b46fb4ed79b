"""The settings record: other data, the blog's example, and one record for settings with the same answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ui.settings.edits import Add, Move
from ui.settings.record import POST, blog_example
from ui.settings.sizes import default_sizes


def test_as_in_the_post() -> None:
    post = blog_example()
    assert (post.data, post.k, post.rule, post.init, post.max_iter) == ("post", 6, "medoid", "random", 15)


def test_other_data_come_with_their_own_sizes() -> None:
    settings = replace(POST, seed=4).with_data("moons")
    assert settings.sizes == default_sizes("moons")
    assert (settings.k, settings.seed) == (2, 4)
    assert settings.with_data("uniform").k == 2, "without groups K stays as it is"


def test_settings_with_the_same_answer_have_one_canonical_record() -> None:
    edits = (Add((1.0, 2.0)), Move(2, 0, (0.0, 0.0)))
    settings = replace(POST, backend="tensorflow", edits=edits, init="given", centers=((0.0, 0.0),), seed=3, k=4)
    assert settings.canonical() == replace(settings, backend="numpy", edits=edits[:1])
    assert settings.canonical(["init", "seed"]) == replace(POST, edits=edits[:1], k=4)
    assert settings.canonical(["k"]).k == 6


def test_a_run_never_asks_for_more_clusters_than_points() -> None:
    assert POST.run_config(np.zeros((3, 2))).k == 3
    assert POST.run_config(np.zeros((3072, 2))).k == 6
