"""The row of datasets as pictures: one picture for each, what a lesson link does to it, and the pages that have it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from tests.support import choose_data
from tests.ui.shell.test_app import check, header, link_of, open_app
from tests.ui.shell.test_pages import has_dataset_strip
from ui.charts.thumbnails import MOST_DATA_POINTS, data_svg
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.definitions import DATA, UPLOAD
from ui.settings.record import POST
from ui.settings.run_input import run_input
from ui.shell.dataset_strip import dataset_name, dataset_pictures
from ui.text.messages import message


def pictures() -> list[str]:
    """Return the SVG image of each dataset, as in the style sheet."""
    return [unquote(content).replace("'", '"') for content in re.findall(r'svg\+xml,([^"]+)"', dataset_pictures())]


def test_every_dataset_has_a_picture_of_its_own_and_a_short_name_of_its_own() -> None:
    assert len(set(pictures())) == len(DATA)
    names = [dataset_name(data) for data in DATA]
    assert len(set(names)) == len(DATA)
    assert max(map(len, names)) <= 12, "a longer name is wider than its picture"


def test_the_pictures_cost_little() -> None:
    assert len(dataset_pictures()) <= 10_000
    assert "<" not in dataset_pictures().removeprefix("<style>").removesuffix("</style>"), "Streamlit drops such sheets"


def test_a_built_in_table_is_pictured_with_its_default_columns_and_labels() -> None:
    by_name = dict(zip(DATA, pictures(), strict=True))
    for name in BUILT_IN:
        data = run_input(POST.with_data(name)).data
        assert by_name[name] == data_svg(data.points, data.truth, equal=data.equal_units)


def test_a_picture_shows_the_true_groups_and_at_most_so_many_points() -> None:
    data = run_input(POST.with_data("moons")).data
    svg = data_svg(data.points, data.truth, equal=True)
    assert svg.count("<path") == 2
    assert 60 <= svg.count("z") <= MOST_DATA_POINTS
    one_place = data_svg(data.points[:1].repeat(9, axis=0), None, equal=True)
    assert (one_place.count("<path"), one_place.count("z")) == (1, 1)


def test_a_lesson_link_disables_the_row_or_leaves_it_out() -> None:
    assert not open_app(data="moons").radio(key="data").disabled
    assert open_app(data="moons", lock="data").radio(key="data").disabled
    app = open_app(data="moons", k="2", hide_settings="data")
    assert not has_dataset_strip(app)
    assert link_of(app)["data"] == "moons"
    assert header(app)["k"] == 2


def test_the_sidebar_names_the_chosen_dataset() -> None:
    for data in ("rings", "iris"):
        captions = [caption.value for caption in choose_data(open_app(), data).sidebar.caption]
        summary = message("settings.dataset_summary", title=DATA[data].title, summary=DATA[data].summary)
        assert summary in captions


def test_your_table_asks_for_it_where_the_visitor_is() -> None:
    app = check(choose_data(open_app(), UPLOAD))
    assert len(app.main.text_area) == len(app.main.get("file_uploader")) == 1
    assert not [*app.sidebar.text_area, *app.sidebar.get("file_uploader")]
    assert not app.get("bidi_component") or "kmeans_player" not in str(app.get("bidi_component"))
    assert header(check(choose_data(app, "moons")))["title"] == DATA["moons"].title
