"""A link says what a person chose, and a mangled one says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, RULES
from kmeans_core.datasets import Parameter
from ui.built_in import BUILT_IN, built_in
from ui.edits import LARGEST, Add, Erase, Move
from ui.settings import (
    DEFAULT,
    ITERATIONS,
    STARTS,
    K,
    Settings,
    as_in_the_post,
    decode,
    default_sizes,
    encode,
)


@pytest.fixture(scope="module", autouse=True)
def built_in_tables() -> None:
    """Read the built-in tables, and pandas with them, before any example is timed."""
    for name in BUILT_IN:
        built_in(name)


def numbers_of(parameter: Parameter) -> st.SearchStrategy[float]:
    """All values that the parameter allows."""
    if parameter.kind == "int":
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high)


COORDINATES = st.floats(-LARGEST, LARGEST).filter(lambda value: value == 0 or abs(value) > 1e-15)
PLACES = st.tuples(COORDINATES, COORDINATES)
EDITS = st.one_of(
    st.builds(Add, PLACES),
    st.builds(Erase, st.integers(0, 10**6)),
    st.builds(Move, st.integers(0, 500), st.integers(0, 11), PLACES),
)


@st.composite
def any_settings(draw: st.DrawFn) -> Settings:
    """Any settings that the sidebar can make."""
    data = draw(st.sampled_from(list(DATASETS)))
    return Settings(
        data=data,
        sizes=tuple((size.name, draw(numbers_of(size))) for size in DATASETS[data].parameters),
        data_seed=draw(st.integers(0, 2**53 - 1)),
        k=draw(st.integers(1, int(K.high))),
        start=draw(st.sampled_from(STARTS)),
        rule=draw(st.sampled_from(list(RULES))),
        empty=draw(st.sampled_from(list(EMPTY_POLICIES))),
        backend=draw(st.sampled_from(list(BACKENDS))),
        seed=draw(st.integers(0, 2**53 - 1)),
        iterations=draw(st.integers(int(ITERATIONS.low), int(ITERATIONS.high))),
        centers=tuple(draw(st.lists(PLACES, max_size=12))),
        edits=tuple(draw(st.lists(EDITS, max_size=20))),
    )


@given(any_settings())
def test_a_link_gives_back_the_settings_to_the_last_bit(settings: Settings) -> None:
    link = dict(parse_qsl(urlencode(encode(settings))))
    assert decode(link) == (settings, [])


def test_a_link_names_every_setting() -> None:
    # All of them, so that a later default can't change what an old link shows.
    names = set(encode(DEFAULT))
    assert names == {
        *("data", "blobs", "points_per_blob", "spread", "dataseed"),
        *("k", "start", "rule", "empty", "backend", "seed", "iterations"),
    }


@pytest.mark.parametrize("data", DATASETS)
def test_no_size_has_the_name_of_another_setting(data: str) -> None:
    sizes = {size.name for size in DATASETS[data].parameters}
    assert not sizes & {"data", "dataseed", "k", "start", "rule", "empty", "backend", "seed", "iterations", "step"}


def test_an_empty_link_is_the_post() -> None:
    settings, complaints = decode({})
    assert (settings, complaints) == (DEFAULT, [])
    assert (settings.data, settings.k, dict(settings.sizes)["blobs"]) == ("post", 6, 6)


def test_as_in_the_post() -> None:
    post = as_in_the_post()
    assert (post.data, post.k, post.rule, post.start, post.iterations) == ("post", 6, "medoid", "random", 15)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("k", "banana", "Number of clusters K must be a whole number from 1 to 12, not “banana”. "),
        ("k", "13", "Number of clusters K must be a whole number from 1 to 12, not “13”. "),
        ("k", "0", "Number of clusters K must be a whole number from 1 to 12, not “0”. "),
        ("k", "", "Number of clusters K must be a whole number from 1 to 12, not “”. "),
        ("k", "6.5", "Number of clusters K must be a whole number from 1 to 12, not “6.5”. "),
        ("k", "1_0", "Number of clusters K must be a whole number from 1 to 12, not “1_0”. "),
        ("k", "٣", "Number of clusters K must be a whole number from 1 to 12, not “٣”. "),
        ("spread", "nan", "Spread must be a number from 0 to 5, not “nan”. "),
        ("spread", "inf", "Spread must be a number from 0 to 5, not “inf”. "),
        ("spread", "1e999", "Spread must be a number from 0 to 5, not “1e999”. "),
        ("seed", "-1", "Seed of the start must be a whole number from 0 to 9007199254740991, not “-1”. "),
        ("rule", "mode", "Rule must be one of mean, medoid, median, not “mode”. "),
        ("backend", "torch", "Backend must be one of numpy, tensorflow, not “torch”. "),
        ("start", "Random", "Start must be one of random, k-means++, farthest, partition, given, not “Random”. "),
        ("centers", "c1_2d", "The centers must be written like c1.5_2c3_4, not “d”. "),
        ("centers", "c1e9_2", "The centers must be written like c1.5_2c3_4, not “c1e9_2”. "),
        ("centers", "c9999999999_2", "A place must have two coordinates of at most 1e+09, not (1e+10, 2). "),
        ("edits", "a1", "Changes by hand must be written like a1.5_2x17m9_2_4.5_3, not “a1”. "),
        ("edits", "x1" * 201, "A link holds at most 200 changes by hand. "),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_remedy(name: str, text: str, sentence: str) -> None:
    settings, complaints = decode({name: text, "iterations": "7"})
    assert [complaint for complaint in complaints if not complaint.startswith(sentence)] == []
    assert len(complaints) == 1
    # What was said well is kept.
    assert settings == replace(DEFAULT, iterations=7)


def test_a_complaint_is_short_whatever_the_link_says() -> None:
    _, complaints = decode({"k": "9" * 100_000})
    assert len(complaints) == 1
    assert len(complaints[0]) < 200


@given(
    st.dictionaries(
        st.sampled_from([*encode(DEFAULT), "centers", "edits", "points", "noise", "step", "junk"]),
        st.text(),
        max_size=6,
    )
)
def test_no_link_breaks_the_app(link: dict[str, str]) -> None:
    settings, complaints = decode(link)
    assert decode(encode(settings)) == (settings, [])
    assert all(complaint.endswith(".") for complaint in complaints)


COLUMNS = st.lists(
    st.sampled_from(["sepal length", "petal width", "species", "nope", "%", ","]) | st.text(), max_size=4
)


@given(
    st.sampled_from(["table", "iris", "penguins"]),
    st.dictionaries(st.sampled_from(["table", "standardize", "missing", "label"]), st.text() | st.just("species")),
    st.dictionaries(st.sampled_from(["columns", "axes"]), COLUMNS.map(",".join)),
    st.dictionaries(st.sampled_from(["start", "centers", "k"]), st.sampled_from(["given", "c1_2c3_4", "4", ""])),
)
def test_no_link_to_a_table_breaks_the_app(
    data: str, use: dict[str, str], columns: dict[str, str], run: dict[str, str]
) -> None:
    settings, complaints = decode({"data": data} | use | columns | run)
    assert decode(encode(settings)) == (settings, [])
    assert all(complaint.endswith(".") for complaint in complaints)


def test_a_link_may_ask_for_a_million_points_and_no_more() -> None:
    settings, complaints = decode({"data": "moons", "points": "1000000"})
    assert (dict(settings.sizes)["points"], complaints) == (1_000_000, [])
    settings, complaints = decode({"data": "moons", "points": "1000001"})
    assert dict(settings.sizes)["points"] == 1000
    assert complaints == [
        "Points must be a whole number from 1 to 1000000, not “1000001”. It is 1000 instead.",
    ]


def test_other_data_come_with_their_own_sizes() -> None:
    settings = replace(DEFAULT, seed=4).with_data("moons")
    assert settings.sizes == default_sizes("moons")
    assert (settings.k, settings.seed) == (2, 4)
    assert settings.with_data("uniform").k == 2, "without groups K stays as it is"


def test_a_run_never_asks_for_more_clusters_than_points() -> None:
    assert DEFAULT.run_config(np.zeros((3, 2))).k == 3
    assert DEFAULT.run_config(np.zeros((3072, 2))).k == 6
