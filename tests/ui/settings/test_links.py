"""A link says what a visitor chose, and a mangled one says what is wrong with it."""

from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES
from kmeans_core.datasets import Parameter
from kmeans_tables import ColumnChoice
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import BY_NAME, INITS, LEGACY_NAMES, MAX_ITER, SETTINGS, UPLOAD, K
from ui.settings.edits import MAX_COORDINATE, Add, Erase, Move
from ui.settings.link_defaults import SIZES, TABLES
from ui.settings.links import SETTING_NAMES, decode, encode
from ui.settings.record import OPENING, Settings, blog_example
from ui.settings.table_use import TableUse


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


COORDINATES = st.floats(-MAX_COORDINATE, MAX_COORDINATE).filter(lambda value: value == 0 or abs(value) > 1e-15)

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
        init=draw(st.sampled_from(list(INITS))),
        rule=draw(st.sampled_from(list(RULES))),
        empty=draw(st.sampled_from(list(EMPTY_POLICIES))),
        backend=draw(st.sampled_from(list(BACKENDS))),
        seed=draw(st.integers(0, 2**53 - 1)),
        max_iter=draw(st.integers(int(MAX_ITER.low), int(MAX_ITER.high))),
        centers=tuple(draw(st.lists(PLACES, max_size=12))),
        edits=tuple(draw(st.lists(EDITS, max_size=20))),
    )


@given(any_settings())
def test_a_link_gives_back_the_settings_to_the_last_bit(settings: Settings) -> None:
    link = dict(parse_qsl(urlencode(encode(settings))))
    assert decode(link) == (settings, [])


@pytest.mark.parametrize("data", DATASETS)
def test_no_size_has_the_name_of_another_setting(data: str) -> None:
    sizes = {size.name for size in DATASETS[data].parameters}
    assert not sizes & {*BY_NAME, *LEGACY_NAMES, "step"}


def test_a_link_says_what_differs_from_what_all_links_mean() -> None:
    assert encode(OPENING) == {"data": "post"}
    assert encode(replace(OPENING, k=5, seed=3)) == {"data": "post", "k": "5", "seed": "3"}
    assert encode(blog_example()) == {"data": "post", "rule": "medoid", "max_iter": "15"}
    assert encode(OPENING.with_data("moons")) == {"data": "moons", "k": "2"}
    assert encode(decode({"data": "penguins"})[0]) == {"data": "penguins"}


def test_whatever_can_be_chosen_has_a_meaning_where_a_link_leaves_it_out() -> None:
    assert {*BY_NAME, "sizes", "centers", "edits", "file", "table"} == {one.name for one in fields(Settings)}
    assert all(setting.write(setting.link_value) == setting.link_default for setting in SETTINGS)
    assert {data: [*sizes] for data, sizes in SIZES.items()} == {
        name: [size.name for size in dataset.parameters] for name, dataset in DATASETS.items()
    }
    assert set(TABLES) == {UPLOAD, *BUILT_IN}


def test_what_is_left_out_means_the_same_for_ever() -> None:
    # If this fails, links that people saved show another run. Mend the code, not the test.
    assert decode({"k": "3"})[0] == Settings(
        data="post",
        sizes=(("blobs", 6), ("points_per_blob", 512), ("spread", 1.0)),
        data_seed=0,
        k=3,
        init="random",
        rule="mean",
        empty="keep",
        backend="numpy",
        seed=0,
        max_iter=300,
    )
    sizes = {data: dict(decode({"data": data})[0].sizes) for data in DATASETS}
    blobs = {"blobs": 5, "points": 1500, "spread": 1, "separation": 6, "unequal_spreads": 0, "unequal_sizes": 0}
    assert sizes["blobs"] == blobs
    assert sizes["moons"] == {"points": 1000, "noise": 0.08}
    assert decode({"data": "moons"})[0].k == 6, "a link without K has always meant 6"
    columns = ("bill length (mm)", "flipper length (mm)")
    assert decode({"data": "penguins"})[0].table == TableUse(ColumnChoice(columns, False, "drop", "species"))
    columns = ("eruption (min)", "waiting (min)")
    assert decode({"data": "faithful"})[0].table == TableUse(ColumnChoice(columns, True, "drop", ""))
    columns = ("petal length (cm)", "petal width (cm)")
    assert decode({"data": "iris"})[0].table == TableUse(ColumnChoice(columns, False, "drop", "species"))


def test_what_the_app_opens_on_may_change_and_no_link_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = replace(OPENING.with_data("blobs"), init="k-means++", max_iter=50, seed=7)
    monkeypatch.setattr("ui.settings.links.OPENING", opening)
    assert decode({}) == decode({"step": "3", "title": "Look"}) == (opening, [])
    assert decode(encode(opening)) == (opening, [])
    assert decode({"k": "6"}) == decode({"data": "post"}) == (OPENING, [])
    assert encode(OPENING) == {"data": "post"}


def test_links_are_short_enough_for_a_code_that_a_back_row_can_scan() -> None:
    def modules(settings: Settings) -> int:
        link = f"https://kmeans.example.org/?{urlencode(encode(settings))}"
        return int(segno.make_qr(link, error="l").symbol_size(border=0)[0])

    # 49, 49 and 53 when every setting was said.
    assert modules(OPENING) <= 29
    assert modules(blog_example()) <= 33
    assert modules(decode({"data": "iris"})[0]) <= 29


def test_an_empty_link_is_the_post() -> None:
    settings, complaints = decode({})
    assert (settings, complaints) == (OPENING, [])
    assert (settings.data, settings.k, dict(settings.sizes)["blobs"]) == ("post", 6, 6)


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
        ("seed", "-1", "Random seed must be a whole number from 0 to 9007199254740991, not “-1”. "),
        ("rule", "mode", "Algorithm must be one of mean, medoid, median, not “mode”. "),
        ("backend", "torch", "Backend must be one of numpy, tensorflow, not “torch”. "),
        ("start", "Random", f"Starting centers must be one of {', '.join(INITIALISERS)}, not “Random”. "),
        ("centers", "c1_2d", "The centers must be written like c1.5_2c3_4, not “d”. "),
        ("centers", "c1e9_2", "The centers must be written like c1.5_2c3_4, not “c1e9_2”. "),
        ("centers", "c9999999999_2", "A place must have two coordinates of at most 1e+09, not (1e+10, 2). "),
        ("edits", "a1", "Edits must be written like a1.5_2x17m9_2_4.5_3, not “a1”. "),
        ("edits", "x1" * 201, "A link holds at most 200 edits. "),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_remedy(name: str, text: str, sentence: str) -> None:
    settings, complaints = decode({name: text, "iterations": "7"})
    assert [complaint for complaint in complaints if not complaint.startswith(sentence)] == []
    assert len(complaints) == 1
    # What was said well is kept.
    assert settings == replace(OPENING, max_iter=7)


def test_a_complaint_is_short_whatever_the_link_says() -> None:
    _, complaints = decode({"k": "9" * 100_000})
    assert len(complaints) == 1
    assert len(complaints[0]) < 200


@given(
    st.dictionaries(
        st.sampled_from([*sorted(SETTING_NAMES), "step", "junk"]),
        st.text(),
        max_size=6,
    )
)
def test_no_link_breaks_the_app(link: dict[str, str]) -> None:
    settings, complaints = decode(link)
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
