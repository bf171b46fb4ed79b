"""A table is uploaded, clustered, and downloaded in a browser; other visitors cannot see it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from kmeans_core import RunConfig, make_dataset, run
from kmeans_tables.messages import message as tables_message
from tests.e2e.player_page import PlayerPage, open_downloads
from tests.message_patterns import message_pattern
from tests.support import NewPage, follow_links, visit
from ui.shell.navigation import COMPARE
from ui.text.messages import message

POINTS, _ = make_dataset("blobs", blobs=3, points=90, seed=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with semicolons, decimal commas, and a missing value."""
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


def download_bytes(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.path().read_bytes()


def test_a_table_is_uploaded_clustered_downloaded_and_uploaded_again(
    new_page: NewPage, server: str, file: Path, tmp_path: Path
) -> None:
    page = new_page()
    player = upload_table(page, server, file)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("Mein Maß.csv: 90 rows in 2 columns")
    expect(main).to_contain_text(tables_message("choice.rows_dropped", count=1, rows=91))
    assert (player.link["columns"], player.link["label"]) == ("breit; weit,hoch", "kind")
    trace = run(POINTS, RunConfig(k=3, init="random"))
    last = player.last
    player.go(last)
    assert player.sizes == [str(size) for size in np.bincount(trace.labels)]
    expect(main.get_by_text(message_pattern("downloads.labels_title", label="“kind”"))).to_be_visible()

    open_downloads(page)
    # Its cells are those of the file, with their decimal commas.
    table = pd.read_csv(io.BytesIO(download_bytes(page, message("downloads.csv"))), decimal=",")
    cluster_rows = table[table["cluster"].notna()]
    np.testing.assert_array_equal(cluster_rows["cluster"], trace.labels + 1)
    np.testing.assert_array_equal(cluster_rows[["breit; weit", "hoch"]], POINTS)
    assert len(table) == len(cluster_rows) + 1, "the row that was left out is there, too"

    # A reload is another session, to which the tab brings the table by itself.
    page.reload()
    player.ready(last)
    assert player.sizes == [str(size) for size in np.bincount(trace.labels)]

    copy = tmp_path / "again.csv"
    table.to_csv(copy, index=False)
    player = upload_table(page, server, copy, columns="breit; weit,hoch")
    player.go(player.last)
    assert player.sizes == [str(size) for size in np.bincount(trace.labels)]


def test_other_visitors_cannot_see_a_table(new_page: NewPage, server: str, file: Path) -> None:
    owner = upload_table(new_page(), server, file)
    owner.go(owner.last)
    visitor = new_page()
    visitor.goto(owner.page.url.replace("/?", "/how_many?"))
    expect(visitor.get_by_text(message_pattern("uploads.missing"))).to_be_visible()
    visit(visitor, owner.page.url)
    expect(visitor.get_by_text(message_pattern("uploads.missing"))).to_be_visible()
    expect(visitor.locator("[data-testid=kmeans-player]")).to_have_count(0)
    # A visitor who has the file uploads it and sees the same.
    visitor.get_by_test_id("stMain").locator("input[type=file]").set_input_files(file)
    visitor_player = PlayerPage(visitor, server)
    visitor_player.ready(owner.last)
    assert visitor_player.sizes == owner.sizes
    # The owner's other pages show it, too.
    follow_links(owner.page, COMPARE)
    expect(owner.page.locator(".finding")).to_be_visible()


def test_an_unreadable_file_is_an_error_and_changes_nothing(page: Page, server: str, file: Path) -> None:
    page.goto(f"{server}/?data=table&k=3")
    main = page.get_by_test_id("stMain")
    main.locator("input[type=file]").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}
    )
    expect(main.get_by_text("“scan.pdf” is a PDF")).to_be_visible()
    field = page.get_by_role("textbox", name=message("uploads.pasted_table"))
    field.fill("a\tb\n1\tx\n2\ty\n")
    page.get_by_role("button", name=message("uploads.use_pasted")).click()
    expect(main).to_contain_text("numbers")
    field.fill("width\theight\n1,5\t2\n3\t4,25\n9\t8\n8\t8,5\n")
    page.get_by_role("button", name=message("uploads.use_pasted")).click()
    player = PlayerPage(page, server)
    player.ready()
    assert player.link["columns"] == "width,height"
    expect(main).to_contain_text("4 rows in 2 columns")


def test_four_columns_are_drawn_as_a_projection(new_page: NewPage, server: str) -> None:
    iris = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"
    player = PlayerPage(new_page(), server).open(data="iris", columns=iris, k=3, step=2, look="p51")
    note = player.root.locator(".km-drawing-note")
    expect(note).to_contain_text(message("settings.projection_components", columns=4, share="97.8%", almost=False))
    expect(player.root.locator('[data-layer="cells"]')).to_be_hidden()
    expect(player.root.locator(".km-pens")).to_be_hidden()
    refusal = message("edits.fixed_centers", reason="projection")
    center = message_pattern("edits.center", number="1", refusal=refusal)
    expect(player.root.get_by_role("button", name=center)).to_be_visible()
    expect(player.root.locator(".km-inspector-answer")).to_contain_text(message("inspector.distance_column"))
    sidebar = player.page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("button", name=message("settings.bad_init_button"))).to_have_count(0)
    # The distances are those in all four columns.
    table = pd.read_csv(Path(__file__).parents[2] / "ui" / "settings" / "tables" / "iris.csv")
    points = table[iris.split(",")].to_numpy()
    trace = run(points, RunConfig(k=3, init="random"))
    distances = sorted(np.linalg.norm(points[50] - trace[2].centers, axis=1))
    cells = player.root.locator(".km-inspector-answer tbody tr td:nth-child(3)").all_inner_texts()
    assert [float(text.replace(",", "")) for text in cells] == pytest.approx(distances, rel=1e-3)


def test_a_table_s_columns_are_chosen_in_the_sidebar_and_the_link_follows(page: Page, server: str) -> None:
    player = PlayerPage(page, server).open(data="penguins", k=3)
    run_before = player.has("run")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text(message("settings.standardize_title"), exact=True).click()
    player.after(run_before)
    page.wait_for_function("new URLSearchParams(location.search).get('standardize') === 'yes'")
    sidebar.get_by_role("button", name=message("uploads.show")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(message("tables.penguins_title"))
    expect(dialog).to_contain_text("CC0")
