"""A link says what a person chose, and a mangled one says what is wrong with it."""

from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES
from kmeans_core.datasets import Parameter
from kmeans_tables import Choice, Table, read_table
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import BY_NAME, INITS, LEGACY_NAMES, MAX_ITER, SETTINGS, UPLOAD, K
from ui.settings.edits import MAX_COORDINATE, Add, Erase, Move
from ui.settings.link_defaults import SIZES, TABLES
from ui.settings.links import SETTING_NAMES, decode, encode
from ui.settings.record import DEFAULT, Settings, blog_example
from ui.settings.sizes import default_sizes
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


# --- What a link leaves out


def test_a_link_says_what_differs_from_what_all_links_mean() -> None:
    assert encode(DEFAULT) == {"data": "post"}
    assert encode(replace(DEFAULT, k=5, seed=3)) == {"data": "post", "k": "5", "seed": "3"}
    assert encode(blog_example()) == {"data": "post", "rule": "medoid", "max_iter": "15"}
    assert encode(DEFAULT.with_data("moons")) == {"data": "moons", "k": "2"}
    assert encode(decode({"data": "penguins"})[0]) == {"data": "penguins"}


def test_whatever_can_be_chosen_has_a_meaning_where_a_link_leaves_it_out() -> None:
    assert {*BY_NAME, "sizes", "centers", "edits", "file", "table"} == {one.name for one in fields(Settings)}
    assert all(setting.write(setting.default) == setting.link_default for setting in SETTINGS)
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
    assert decode({"data": "penguins"})[0].table == TableUse(Choice(columns, False, "drop", "species"))
    columns = ("eruption (min)", "waiting (min)")
    assert decode({"data": "faithful"})[0].table == TableUse(Choice(columns, True, "drop", ""))
    columns = ("petal length (cm)", "petal width (cm)")
    assert decode({"data": "iris"})[0].table == TableUse(Choice(columns, False, "drop", "species"))


def test_what_the_app_opens_on_may_change_and_no_link_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = replace(DEFAULT.with_data("blobs"), init="k-means++", max_iter=50, seed=7)
    monkeypatch.setattr("ui.settings.links.DEFAULT", opening)
    assert decode({}) == decode({"step": "3", "title": "Look"}) == (opening, [])
    assert decode(encode(opening)) == (opening, [])
    assert decode({"k": "6"}) == decode({"data": "post"}) == (DEFAULT, [])
    assert encode(DEFAULT) == {"data": "post"}


SAVED = {
    # As the app wrote them when it wrote every setting.
    "data=post&blobs=6&points_per_blob=512&spread=1&dataseed=0&k=6&start=random&rule=medoid&empty=keep&backend=numpy"
    "&seed=0&iterations=15": blog_example(),
    "data=moons&points=1000&noise=0.08&dataseed=3&k=2&start=k-means%2B%2B&rule=mean&empty=farthest&backend=tensorflow"
    "&seed=4&max_iter=100&edits=a1.5_2x17m9_1_4.5_3": replace(
        DEFAULT.with_data("moons"),
        data_seed=3,
        k=2,
        init="k-means++",
        empty="farthest",
        backend="tensorflow",
        seed=4,
        max_iter=100,
        edits=(Add((1.5, 2.0)), Erase(17), Move(9, 1, (4.5, 3.0))),
    ),
    "data=blobs&blobs=2&points=40&spread=1&separation=6&unequal_spreads=0&unequal_sizes=0&dataseed=0&k=3&start=given"
    "&rule=mean&empty=drop&backend=numpy&seed=0&max_iter=15&centers=c0_0c3_3c90_90": replace(
        DEFAULT.with_data("blobs"),
        sizes=(("blobs", 2), ("points", 40), *DEFAULT.with_data("blobs").sizes[2:]),
        k=3,
        init="given",
        empty="drop",
        max_iter=15,
        centers=((0.0, 0.0), (3.0, 3.0), (90.0, 90.0)),
    ),
    "data=post&blobs=6&points_per_blob=512&spread=1&dataseed=0&k=6&start=random&rule=mean&empty=keep&backend=numpy"
    "&seed=0&max_iter=15&edits=file-0123456789abcdef": replace(DEFAULT, max_iter=15, file="file-0123456789abcdef"),
    "data=penguins&columns=bill+length+%28mm%29%2Cflipper+length+%28mm%29&standardize=yes&missing=fill&label=none&k=3"
    "&start=random&rule=mean&empty=keep&backend=numpy&seed=0&max_iter=15": replace(
        DEFAULT.with_data("penguins"),
        max_iter=15,
        table=TableUse(Choice(("bill length (mm)", "flipper length (mm)"), True, "fill", "")),
    ),
    "data=table&table=0123456789abcdef&columns=a%252Cb%2C50+%2525&standardize=no&missing=drop&label=none&k=6"
    "&start=random&rule=mean&empty=keep&backend=numpy&seed=0&max_iter=15": replace(
        DEFAULT.with_data(UPLOAD), max_iter=15, table=TableUse(Choice(("a,b", "50 %")), "0123456789abcdef")
    ),
    "data=table&table=0123456789abcdef&columns=a%2Cb%2Cc&standardize=yes&missing=drop&label=50 %25&axes=c%2Ca&k=6"
    "&start=random&rule=mean&empty=keep&backend=numpy&seed=0&max_iter=15": replace(
        DEFAULT.with_data(UPLOAD),
        max_iter=15,
        table=TableUse(Choice(("a", "b", "c"), True, "drop", "50 %"), "0123456789abcdef", ("c", "a")),
    ),
    # As a person types them, and the README did.
    "data=post&k=6": DEFAULT,
    "data=iris&k=2": replace(decode({"data": "iris"})[0], k=2),
}


@pytest.mark.parametrize("link", SAVED)
def test_links_that_people_saved_mean_what_they_meant(link: str) -> None:
    settings, complaints = decode(dict(parse_qsl(link, keep_blank_values=True)))
    assert (settings, complaints) == (SAVED[link], [])
    assert decode(encode(settings)) == (settings, [])


def test_links_are_short_enough_for_a_code_that_a_back_row_can_scan() -> None:
    def modules(settings: Settings) -> int:
        link = f"https://kmeans.example.org/?{urlencode(encode(settings))}"
        return int(segno.make_qr(link, error="l").symbol_size(border=0)[0])

    # 49, 49 and 53 when every setting was said.
    assert modules(DEFAULT) <= 29
    assert modules(blog_example()) <= 33
    assert modules(decode({"data": "iris"})[0]) <= 29


# --- Columns in a link


def wide(names: list[str]) -> Table:
    """A table of that many columns of numbers."""
    rows = [",".join(f'"{name}"' for name in names)]
    rows += [",".join(str((i * j) % 7 + j / 8) for j in range(len(names))) for i in range(9)]
    return read_table("wide.csv", "\n".join(rows).encode())


@pytest.mark.parametrize("long", [False, True])
def test_a_link_holds_64_columns_whatever_they_are_called(long: bool) -> None:
    names = [f"band {i}, reflectance at {400 + 10 * i} nm, % of white" if long else f"b{i}" for i in range(70)]
    table = wide(names)
    choice = Choice((*names[2:40], *names[44:70]))
    assert len(choice.columns) == 64
    settings = replace(decode({"data": UPLOAD})[0], table=TableUse(choice, table.digest)).with_table(
        table, table.digest
    )[0]
    link = encode(settings)
    assert len(urlencode(link)) < 700
    if long:
        assert link["columns"] == "*3-40.45-70"
    again, complaints = decode(dict(parse_qsl(urlencode(link))))
    assert not complaints
    again, complaints = again.with_table(table, table.digest)
    assert (again, complaints) == (settings, [])
    assert again.table is not None
    assert again.table.choice.columns == choice.columns


def test_numbers_of_columns_that_are_not_there_are_said() -> None:
    table = wide(["a", "b", "c"])
    settings, complaints = decode({"data": UPLOAD, "columns": "*1-2.99999"})[0].with_table(table, table.digest)
    assert settings.table is not None
    assert settings.table.choice.columns == ("a", "b")
    assert complaints == ["This link means column 99999, and the table has 3. It is left out."]


def test_too_long_names_are_refused_and_not_cut() -> None:
    settings, complaints = decode({"data": "iris", "columns": "a," * 3_001})
    assert settings.table == decode({"data": "iris"})[0].table
    assert len(complaints) == 1
    assert complaints[0].startswith("The names of columns take 6,002 characters, and a link holds 6,000 of them.")


NAMES = st.sampled_from(["a", "none", "%6Eone", "%256Eone", "*1", "*1-3", ",", "%", "#", "%2C", "50 %25"]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1
)


@given(st.lists(NAMES, min_size=2, max_size=5, unique=True), NAMES | st.just(""), st.booleans())
def test_a_link_gives_back_columns_and_labels_of_any_name(columns: list[str], label: str, standardize: bool) -> None:
    choice = Choice(tuple(columns), standardize, "drop", label)
    settings = replace(DEFAULT.with_data(UPLOAD), table=TableUse(choice, "0" * 16, (columns[1], columns[0])))
    assert decode(dict(parse_qsl(urlencode(encode(settings))))) == (settings, [])


def test_a_link_names_the_file_and_nothing_of_its_path() -> None:
    for name, said in {
        "marks.csv": "marks.csv",
        "C:\\Users\\me\\marks.csv": "marks.csv",
        "../../etc/passwd": "passwd",
        "a\nb\x00c.csv": "a b c.csv",
        "x" * 100 + ".parquet": "x" * 31 + "….parquet",
        "y" * 100: "y" * 39 + "…",
    }.items():
        use = TableUse(Choice(("a", "b")), "0" * 16, file=name)
        link = encode(replace(DEFAULT.with_data(UPLOAD), table=use))
        assert link["file"] == said
        read, complaints = decode(link)
        assert not complaints
        assert read.table is not None
        assert read.table.file == said
    assert "file" not in encode(decode({"data": "iris", "file": "x.csv"})[0])


def test_an_empty_link_is_the_post() -> None:
    settings, complaints = decode({})
    assert (settings, complaints) == (DEFAULT, [])
    assert (settings.data, settings.k, dict(settings.sizes)["blobs"]) == ("post", 6, 6)


def test_as_in_the_post() -> None:
    post = blog_example()
    assert (post.data, post.k, post.rule, post.init, post.max_iter) == ("post", 6, "medoid", "random", 15)


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
    assert settings == replace(DEFAULT, max_iter=7)


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


def test_settings_with_the_same_answer_have_one_canonical_record() -> None:
    edits = (Add((1.0, 2.0)), Move(2, 0, (0.0, 0.0)))
    settings = replace(DEFAULT, backend="tensorflow", edits=edits, init="given", centers=((0.0, 0.0),), seed=3, k=4)
    assert settings.canonical() == replace(settings, backend="numpy", edits=edits[:1])
    assert settings.canonical(["init", "seed"]) == replace(DEFAULT, edits=edits[:1], k=4)
    assert settings.canonical(["k"]).k == 6


def test_a_run_never_asks_for_more_clusters_than_points() -> None:
    assert DEFAULT.run_config(np.zeros((3, 2))).k == 3
    assert DEFAULT.run_config(np.zeros((3072, 2))).k == 6
