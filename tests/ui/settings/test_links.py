"""A link says what a visitor chose, and a mangled one says what is wrong with it."""

from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES, StopReason, make_dataset, run
from kmeans_core.datasets import Parameter
from kmeans_tables import ColumnChoice
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import BY_NAME, INITS, LEGACY_NAMES, MAX_ITER, SETTINGS, K
from ui.settings.edits import MAX_COORDINATE, Add, Erase, Move
from ui.settings.links import SETTING_NAMES, decode, encode
from ui.settings.parsers import not_an_option, quoted
from ui.settings.record import OPENING, POST, Settings, blog_example
from ui.settings.sizes import parameters_of
from ui.settings.table_use import TableUse
from ui.text.messages import message


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
    assert encode(POST) == {"data": "post"}
    assert encode(replace(POST, k=5, seed=3)) == {"data": "post", "k": "5", "seed": "3"}
    assert encode(blog_example()) == {"data": "post", "rule": "medoid", "max_iter": "15"}
    assert encode(POST.with_data("moons")) == {"data": "moons", "k": "2"}
    assert encode(decode({"data": "penguins"})[0]) == {"data": "penguins"}


def test_whatever_can_be_chosen_has_a_meaning_where_a_link_leaves_it_out() -> None:
    assert {*BY_NAME, "sizes", "centers", "edits", "file", "table"} == {field.name for field in fields(Settings)}
    assert all(setting.read(setting.write(setting.default)) == setting.default for setting in SETTINGS)


SIZES_LEFT_OUT = {
    "post": {"blobs": 6, "points_per_blob": 512, "spread": 1.0},
    "blobs": {
        **{"blobs": 5, "points": 1500, "spread": 1.0},
        **{"separation": 6.0, "unequal_spreads": 0.0, "unequal_sizes": 0.0},
    },
    "anisotropic": {"blobs": 3, "points": 1500, "spread": 1.0, "separation": 6.0, "stretch": 8.0},
    "moons": {"points": 1000, "noise": 0.08},
    "rings": {"rings": 2, "points": 1000, "noise": 0.08},
    "uniform": {"points": 1500, "width": 1.0},
    "outlier": {
        **{"blobs": 3, "points": 151, "spread": 1.0},
        **{"separation": 6.0, "outliers": 1, "outlier_distance": 40.0},
    },
    "unscaled": {"blobs": 2, "points": 1000, "spread": 1.0, "separation": 8.0, "unit_factor": 100.0},
}
"""What a link means by leaving out the sizes of a dataset. A new dataset adds its own; none ever changes."""


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
    assert {data: dict(decode({"data": data})[0].sizes) for data in DATASETS} == SIZES_LEFT_OUT
    assert decode({"data": "moons"})[0].k == 6, "a link without K has always meant 6"
    columns = ("bill length (mm)", "flipper length (mm)")
    assert decode({"data": "penguins"})[0].table == TableUse(ColumnChoice(columns, False, "drop", "species"))
    columns = ("eruption (min)", "waiting (min)")
    assert decode({"data": "faithful"})[0].table == TableUse(ColumnChoice(columns, True, "drop", ""))
    columns = ("petal length (cm)", "petal width (cm)")
    assert decode({"data": "iris"})[0].table == TableUse(ColumnChoice(columns, False, "drop", "species"))


def test_what_the_app_opens_on_may_change_and_no_link_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = replace(POST.with_data("blobs"), init="k-means++", max_iter=50, seed=7)
    monkeypatch.setattr("ui.settings.links.OPENING", opening)
    assert decode({}) == decode({"step": "3", "title": "Look"}) == (opening, [])
    assert decode(encode(opening)) == (opening, [])
    assert decode({"k": "6"}) == decode({"data": "post"}) == (POST, [])
    assert encode(POST) == {"data": "post"}


def test_links_are_short_enough_for_a_code_that_a_back_row_can_scan() -> None:
    def modules(settings: Settings) -> int:
        link = f"https://kmeans.example.org/?{urlencode(encode(settings))}"
        return int(segno.make_qr(link, error="l").symbol_size(border=0)[0])

    # 49, 49 and 53 when every setting was said.
    assert modules(POST) <= 29
    assert modules(blog_example()) <= 33
    assert modules(decode({"data": "iris"})[0]) <= 29


def test_an_empty_link_opens_the_example_of_the_app() -> None:
    assert decode({}) == (OPENING, [])
    assert decode(encode(OPENING)) == (OPENING, [])
    assert encode(OPENING) == {"data": "blobs", "points": "300", "data_seed": "5", "k": "5", "seed": "5"}


def test_the_app_opens_on_a_run_that_struggles() -> None:
    points, truth = make_dataset("blobs", seed=5, blobs=5, points=300)
    traces = [run(points, replace(OPENING, seed=seed).run_config(points)) for seed in range(100)]
    scores = [adjusted_rand_score(truth, trace[-1].labels) for trace in traces]
    assert (traces[5].stop_reason, traces[5][-1].iteration) == (StopReason.CONVERGED, 9)
    assert 0.7 < scores[5] < 0.72, "two groups have one center"
    assert sum(score > 0.97 for score in scores) == 55, "the others are stuck as well"


def not_a_number(title: str, low: str, high: str, text: str, *, is_integer: bool = True) -> str:
    """Return the sentence on a text that is not a number within these bounds."""
    key = "settings.link_not_an_integer" if is_integer else "settings.link_not_a_number"
    return message(key, title=title, low=low, high=high, text=quoted(text))


SPREAD_TITLE = next(size.title for size in parameters_of("post") if size.name == "spread")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        *(("k", text, not_a_number(K.title, "1", "12", text)) for text in ("banana", "13", "0", "", "6.5", "1_0", "٣")),
        *(
            ("spread", text, not_a_number(SPREAD_TITLE, "0", "5", text, is_integer=False))
            for text in ("nan", "inf", "1e999")
        ),
        ("seed", "-1", not_a_number(BY_NAME["seed"].title, "0", "9007199254740991", "-1")),
        ("rule", "mode", not_an_option(BY_NAME["rule"].title, [*RULES], "mode")),
        ("backend", "torch", not_an_option(BY_NAME["backend"].title, [*BACKENDS], "torch")),
        ("start", "Random", not_an_option(BY_NAME["init"].title, [*INITIALISERS], "Random")),
        ("centers", "c1_2d", message("settings.link_centers_malformed", text="“d”")),
        ("centers", "c1e9_2", message("settings.link_centers_malformed", text="“c1e9_2”")),
        ("centers", "c9999999999_2", message("settings.link_place_too_far", most=1e9, x="1e+10", y="2")),
        ("edits", "a1", message("settings.link_edits_malformed", text="“a1”")),
        ("edits", "x1" * 201, message("settings.link_edits_too_many", place="link", most=200)),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_remedy(name: str, text: str, problem: str) -> None:
    settings, complaints = decode({name: text, "iterations": "7"})
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{problem}. ")
    # The valid values of the link hold.
    assert settings == replace(POST, max_iter=7)


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
    problem = not_a_number(message("settings.size_points"), "1", "1000000", "1000001")
    assert complaints == [message("settings.link_value_instead", problem=problem, value="1000")]
