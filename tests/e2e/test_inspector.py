"""A click asks why; the answer is the core's own numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from kmeans_core import Trace, run
from kmeans_core.arrays import Points
from tests.e2e.player_page import PlayerPage
from ui.settings.built_in_tables import built_in
from ui.settings.links import decode
from ui.settings.points import of_table
from ui.text import formula_examples
from ui.text.messages import message
from ui.text.numbers import whole


def answer(player: PlayerPage) -> str:
    return re.sub(r"\s+", " ", player.root.locator(".km-inspector-answer").inner_text())


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def click_point(player: PlayerPage, x: float, y: float) -> None:
    """Click a place of the data."""
    left, top = player.page.evaluate(
        """([x, y]) => {
          const plot = document.querySelector(".km-plot");
          const { xaxis, yaxis } = plot._fullLayout;
          const box = plot.getBoundingClientRect();
          return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)];
        }""",
        [x, y],
    )
    player.page.mouse.click(left, top)


def test_a_clicked_point_shows_its_distances_and_when_it_moved(
    player: PlayerPage, points: Points, trace: Trace
) -> None:
    # A point that stands alone, so that the click can mean no other.
    lonely = int(np.argmax(points.sum(axis=1)))
    player.open(step=3)
    click_point(player, *points[lonely])
    expect(player.page).to_have_url(re.compile(rf"look=p{lonely + 1}\b"))
    labels = trace[3].labels
    assert labels is not None
    told = answer(player)
    assert told.startswith(words(f"Why point {whole(lonely + 1)} is in cluster {labels[lonely] + 1}"))
    distances = np.sort(np.linalg.norm(trace[3].centers - points[lonely], axis=1))
    shown = player.root.locator(".km-inspector-answer tbody td:nth-child(3)").all_inner_texts()
    for text, distance in zip(shown, distances, strict=True):
        assert float(text) == pytest.approx(distance, rel=1e-3)
    # And the way back: a click on nothing.
    player.root.get_by_role("button", name="Close").click()
    assert message("inspector.hint", kind="point", touch=False) in answer(player)


def test_a_clicked_center_shows_its_pull(player: PlayerPage, points: Points, trace: Trace) -> None:
    player.open(step=3)
    player.root.locator('.km-center[data-cluster="3"]').click()
    expect(player.page).to_have_url(re.compile(r"look=c3\b"))
    labels, cost = trace[3].labels, trace[3].cost
    assert labels is not None
    assert cost is not None
    members = labels == 2
    own = float(np.square(points[members] - trace[3].centers[2]).sum())
    pull = float(np.linalg.norm(trace[4].centers[2] - trace[3].centers[2]))
    told = answer(player)
    size = {"count": int(members.sum()), "share": own / cost, "own": own, "all": cost}
    assert words(message("inspector.size_with_cost", **size)) in told
    x, y = trace[4].centers[2].tolist()
    assert words(message("inspector.moves_to", move=pull, x=x, y=y)) in told


def test_points_that_changed_can_be_listed_and_looked_at(player: PlayerPage, trace: Trace) -> None:
    player.open(step=3)
    player.root.get_by_role("button", name=re.compile("points switched cluster")).click()
    before, after = trace[1].labels, trace[3].labels
    assert before is not None
    assert after is not None
    first = int(np.flatnonzero(before != after)[0])
    button = player.root.locator(".km-list button").first
    assert words(button.inner_text()) == words(f"Point {whole(first + 1)}: {before[first] + 1} → {after[first] + 1}")
    button.click()
    expect(player.page).to_have_url(re.compile(rf"look=p{first + 1}\b"))


def test_a_point_can_be_looked_at_by_its_number(player: PlayerPage) -> None:
    player.open(step=3)
    player.root.get_by_label("Look at point").fill("17")
    player.page.keyboard.press("Enter")
    assert answer(player).startswith("Why point 17 is in cluster")
    player.open_again(3)
    assert answer(player).startswith("Why point 17 is in cluster")


def test_a_row_of_a_table_is_named_by_its_number_there(player: PlayerPage) -> None:
    # The fourth row has no measurements: from there on a point's place among the points is not its row.
    settings, _ = decode({"data": "penguins", "k": "3", "standardize": "no"})
    data = of_table(settings, built_in("penguins"))
    assert data.prepared is not None
    trace = run(data.points, settings.run_config(data.points))
    labels = trace[1].labels
    assert labels is not None
    player.open(step=1, data="penguins", k=3, standardize="no")
    assert "Row 1 is the first one below the names of the columns." in answer(player)
    field = player.root.get_by_role("spinbutton", name="Look at row")
    row = 200
    field.fill(str(row))
    field.press("Enter")
    point = data.prepared.rows.tolist().index(row - 1)
    assert point != row - 1
    expect(player.root.locator(".km-inspector-answer h2")).to_contain_text(
        f"Why row {row} is in cluster {labels[point] + 1}"
    )
    frame = built_in("penguins").frame
    place = frame[["bill length (mm)", "flipper length (mm)"]].iloc[row - 1].to_numpy(dtype=float)
    shown = player.root.locator(".km-inspector-answer tbody td:nth-child(3)").all_inner_texts()
    for text, distance in zip(shown, np.sort(np.linalg.norm(trace[1].centers - place, axis=1)), strict=True):
        assert float(text) == pytest.approx(distance, rel=1e-3)
    field.fill("4")
    field.press("Enter")
    assert answer(player) == "Row 4 is not in this run: it was left out or erased."
    assert field.get_attribute("max") == "344"


def test_the_list_and_the_maths_name_rows_too(player: PlayerPage) -> None:
    settings, _ = decode({"data": "penguins", "k": "3", "standardize": "no", "rule": "medoid"})
    data = of_table(settings, built_in("penguins"))
    assert data.prepared is not None
    trace = run(data.points, settings.run_config(data.points))
    labels, after = trace[1].labels, trace[3].labels
    assert labels is not None
    assert after is not None
    player.open(step=3, data="penguins", k=3, standardize="no", rule="medoid", tab="math")
    rows = [f"Row {data.prepared.rows[point] + 1}" for point in np.flatnonzero(labels != after)]
    player.root.locator(".km-reassigned").click()
    items = player.root.locator(".km-list button").all_inner_texts()
    assert [item.split(":")[0] for item in items] == rows[:100]
    example = formula_examples.example(data.points, trace, 3)
    assert example is not None
    maths = player.root.locator(".km-math")
    expect(maths).to_contain_text(f": row {data.prepared.rows[example['point']] + 1}, at")
