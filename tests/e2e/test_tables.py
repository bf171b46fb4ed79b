"""A table is brought, clustered and taken away in a browser; nobody else sees anything of it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from kmeans_core import RunConfig, make_dataset, run
from tests.e2e.player_page import PlayerPage, open_downloads
from tests.support import NewPage, visit

POINTS, _ = make_dataset("blobs", blobs=3, points=90, seed=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table as a spreadsheet of the continent writes it, with a gap."""
    frame = pd.DataFrame({"who": [f"p{i}" for i in range(91)], "breit; weit": [*POINTS[:, 0], np.nan], "hoch": 1.5})
    frame.loc[:89, "hoch"] = POINTS[:, 1]
    frame["kind"] = ["one", "two", "three"] * 30 + ["one"]
    path = tmp_path_factory.mktemp("tables") / "Mein Maß.csv"
    frame.to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    return path


def upload_table(page: Page, server: str, file: Path, **link: object) -> PlayerPage:
    """Open the page for uploads and upload a file."""
    player = PlayerPage(page, server)
    link = {"data": "table", "k": 3} | link
    visit(page, f"{server}/?{'&'.join(f'{name}={value}' for name, value in link.items())}")
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files(file)
    player.ready()
    return player


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.path().read_bytes()


def test_it_is_brought_clustered_taken_and_brought_again(
    new_page: NewPage, server: str, file: Path, tmp_path: Path
) -> None:
    page = new_page()
    player = upload_table(page, server, file)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("Mein Maß.csv: 90 rows in 2 columns")
    expect(main).to_contain_text("1 of 91 rows has no number in a chosen column and is left out")
    assert (player.link["columns"], player.link["label"]) == ("breit; weit,hoch", "kind")
    wanted = run(POINTS, RunConfig(k=3, init="random"))
    last = player.last
    player.go(last)
    assert player.sizes == [str(size) for size in np.bincount(wanted.labels)]
    expect(main.get_by_text("Clusters beside “kind”")).to_be_visible()

    open_downloads(page)
    # Its cells are those of the file, with their decimal commas.
    taken = pd.read_csv(io.BytesIO(downloaded(page, "Table as CSV")), decimal=",")
    used = taken[taken["cluster"].notna()]
    np.testing.assert_array_equal(used["cluster"], wanted.labels + 1)
    np.testing.assert_array_equal(used[["breit; weit", "hoch"]], POINTS)
    assert len(taken) == len(used) + 1, "the row that was left out is there, too"

    # A reload is another session, to which the tab brings the table by itself.
    page.reload()
    player.ready(last)
    assert player.sizes == [str(size) for size in np.bincount(wanted.labels)]

    again = tmp_path / "again.csv"
    taken.to_csv(again, index=False)
    player = upload_table(page, server, again, columns="breit; weit,hoch")
    player.go(player.last)
    assert player.sizes == [str(size) for size in np.bincount(wanted.labels)]


def test_nobody_else_gets_to_see_it(new_page: NewPage, server: str, file: Path) -> None:
    owner = upload_table(new_page(), server, file)
    owner.go(owner.last)
    other = new_page()
    other.goto(owner.page.url.replace("/?", "/how_many?"))
    expect(other.get_by_text("This link needs a table")).to_be_visible()
    visit(other, owner.page.url)
    expect(other.get_by_text("This link needs a table")).to_be_visible()
    expect(other.locator("[data-testid=kmeans-player]")).to_have_count(0)
    # Who has the file brings it, and all is as it was.
    other.get_by_test_id("stMain").locator("input[type=file]").set_input_files(file)
    others = PlayerPage(other, server)
    others.ready(owner.last)
    assert others.sizes == owner.sizes
    # The owner's other pages show it, too.
    owner.page.get_by_role("link", name="How many clusters?").click()
    expect(owner.page.locator(".finding")).to_contain_text("K = ")


def test_what_can_not_be_read_is_a_sentence_and_nothing_is_lost(page: Page, server: str, file: Path) -> None:
    page.goto(f"{server}/?data=table&k=3")
    main = page.get_by_test_id("stMain")
    main.locator("input[type=file]").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}
    )
    expect(main.get_by_text("“scan.pdf” is a PDF")).to_be_visible()
    page.get_by_role("textbox", name="Pasted table").fill("a\tb\n1\tx\n2\ty\n")
    page.get_by_role("button", name="Use pasted table").click()
    expect(main).to_contain_text("numbers")
    page.get_by_role("textbox", name="Pasted table").fill("width\theight\n1,5\t2\n3\t4,25\n9\t8\n8\t8,5\n")
    page.get_by_role("button", name="Use pasted table").click()
    player = PlayerPage(page, server)
    player.ready()
    assert player.link["columns"] == "width,height"
    expect(main).to_contain_text("4 rows in 2 columns")


def test_more_than_two_columns_are_told_and_drawn_as_a_shadow(new_page: NewPage, server: str) -> None:
    iris = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"
    player = PlayerPage(new_page(), server).open(data="iris", columns=iris, k=3, step=2, look="p51")
    drawn = player.root.locator(".km-drawing-note")
    expect(drawn).to_contain_text("4 columns; the picture shows their first two principal components, 97.8%")
    expect(player.root.locator('[data-layer="cells"]')).to_be_hidden()
    expect(player.root.locator(".km-pens")).to_be_hidden()
    expect(player.root.get_by_role("button", name="Centroid 1 at")).to_have_accessible_name(
        re.compile("Centers cannot be moved where the picture is a projection")
    )
    expect(player.root.locator(".km-inspector-answer")).to_contain_text("Distance")
    sidebar = player.page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("button", name="Try bad starting centers")).to_have_count(0)
    # The distances are those in all four columns.
    table = pd.read_csv(Path(__file__).parents[2] / "ui" / "settings" / "tables" / "iris.csv")
    points = table[iris.split(",")].to_numpy()
    trace = run(points, RunConfig(k=3, init="random"))
    apart = sorted(np.linalg.norm(points[50] - trace[2].centers, axis=1))
    told = player.root.locator(".km-inspector-answer tbody tr td:nth-child(3)").all_inner_texts()
    assert [float(text.replace(",", "")) for text in told] == pytest.approx(apart, rel=1e-3)


def test_a_table_s_columns_are_chosen_in_the_sidebar_and_the_link_follows(page: Page, server: str) -> None:
    player = PlayerPage(page, server).open(data="penguins", k=3)
    run_before = player.has("run")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("Standardize", exact=True).click()
    player.after(run_before)
    page.wait_for_function("new URLSearchParams(location.search).get('standardize') === 'yes'")
    sidebar.get_by_role("button", name="Look at the table").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Palmer penguins")
    expect(dialog).to_contain_text("CC0")
