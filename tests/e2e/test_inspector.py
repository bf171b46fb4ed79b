"""The inspector in a browser: its answers are the core's numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from kmeans_core import Trace, run
from kmeans_core.arrays import Points
from tests.e2e.player_page import PlayerPage, words
from tests.message_patterns import message_pattern
from ui.settings.built_in_tables import built_in
from ui.settings.links import decode
from ui.settings.points import of_table
from ui.text import formula_examples
from ui.text.messages import message


def answer(player: PlayerPage) -> str:
    return words(player.root.locator(".km-inspector-answer").inner_text())


def question(kind: str, number: int, label: int) -> str:
    """Return the heading of the answer on a point or a row with a label."""
    name = message("player.point_name", kind=kind, number=number)
    return words(message("inspector.point", kind="assigned", point=name, cluster=int(label) + 1))


def item(kind: str, number: int, before: int, after: int) -> str:
    """Return the entry of the list of points that switched cluster."""
    clusters = {"from": int(before) + 1, "to": int(after) + 1}
    return words(message("inspector.point_item", kind=kind, number=number, **clusters))


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


def test_a_clicked_point_shows_its_distances(player: PlayerPage, points: Points, trace: Trace) -> None:
    # A point that stands alone, so that the click can mean no other.
    outlier = int(np.argmax(points.sum(axis=1)))
    player.open(step=3)
    click_point(player, *points[outlier])
    expect(player.page).to_have_url(re.compile(rf"look=p{outlier + 1}\b"))
    labels = trace[3].labels
    assert labels is not None
    assert answer(player).startswith(question("point", outlier + 1, labels[outlier]))
    distances = np.sort(np.linalg.norm(trace[3].centers - points[outlier], axis=1))
    cells = player.root.locator(".km-inspector-answer tbody td:nth-child(3)").all_inner_texts()
    for text, distance in zip(cells, distances, strict=True):
        assert float(text) == pytest.approx(distance, rel=1e-3)
    # And the way back: a click on nothing.
    player.root.get_by_role("button", name=message("inspector.close")).click()
    assert message("inspector.hint", kind="point", touch=False) in answer(player)


def test_a_clicked_center_shows_its_pull(player: PlayerPage, points: Points, trace: Trace) -> None:
    player.open(step=3)
    player.root.locator('.km-center[data-cluster="3"]').click()
    expect(player.page).to_have_url(re.compile(r"look=c3\b"))
    labels, cost = trace[3].labels, trace[3].cost
    assert labels is not None
    assert cost is not None
    members = labels == 2
    part = float(np.square(points[members] - trace[3].centers[2]).sum())
    pull = float(np.linalg.norm(trace[4].centers[2] - trace[3].centers[2]))
    reasons = answer(player)
    size = {"count": int(members.sum()), "share": part / cost, "part": part, "all": cost}
    assert words(message("inspector.size_with_cost", **size)) in reasons
    x, y = trace[4].centers[2].tolist()
    assert words(message("inspector.moves_to", move=pull, x=x, y=y)) in reasons


def test_points_that_switched_cluster_can_be_listed_and_inspected(player: PlayerPage, trace: Trace) -> None:
    player.open(step=3)
    label = message("inspector.reassigned", count=trace[3].reassigned)
    player.root.get_by_role("button", name=label).click()
    before, after = trace[1].labels, trace[3].labels
    assert before is not None
    assert after is not None
    first = int(np.flatnonzero(before != after)[0])
    button = player.root.locator(".km-list button").first
    assert words(button.inner_text()) == item("point", first + 1, before[first], after[first])
    button.click()
    expect(player.page).to_have_url(re.compile(rf"look=p{first + 1}\b"))


def test_a_point_can_be_inspected_by_its_number(player: PlayerPage, trace: Trace) -> None:
    player.open(step=3)
    player.root.get_by_label(message("inspector.look_at", kind="point")).fill("17")
    player.page.keyboard.press("Enter")
    labels = trace[3].labels
    assert labels is not None
    assert answer(player).startswith(question("point", 17, labels[16]))
    player.open_again(3)
    assert answer(player).startswith(question("point", 17, labels[16]))


def test_a_row_of_a_table_is_named_by_its_number_there(player: PlayerPage) -> None:
    # The fourth row has no measurements: from there on a point's place among the points is not its row.
    settings, _ = decode({"data": "penguins", "k": "3", "standardize": "no"})
    data = of_table(settings, built_in("penguins"))
    assert data.prepared is not None
    trace = run(data.points, settings.run_config(data.points))
    labels = trace[1].labels
    assert labels is not None
    player.open(step=1, data="penguins", k=3, standardize="no")
    assert message("inspector.rows") in answer(player)
    field = player.root.get_by_role("spinbutton", name=message("inspector.look_at", kind="row"))
    row = 200
    field.fill(str(row))
    field.press("Enter")
    point = data.prepared.rows.tolist().index(row - 1)
    assert point != row - 1
    expect(player.root.locator(".km-inspector-answer h2")).to_contain_text(question("row", row, labels[point]))
    frame = built_in("penguins").frame
    place = frame[["bill length (mm)", "flipper length (mm)"]].iloc[row - 1].to_numpy(dtype=float)
    cells = player.root.locator(".km-inspector-answer tbody td:nth-child(3)").all_inner_texts()
    for text, distance in zip(cells, np.sort(np.linalg.norm(trace[1].centers - place, axis=1)), strict=True):
        assert float(text) == pytest.approx(distance, rel=1e-3)
    field.fill("4")
    field.press("Enter")
    assert answer(player) == words(message("inspector.no_row", row=4))
    assert field.get_attribute("max") == "344"


def test_the_list_and_the_math_name_rows_too(player: PlayerPage) -> None:
    settings, _ = decode({"data": "penguins", "k": "3", "standardize": "no", "rule": "medoid"})
    data = of_table(settings, built_in("penguins"))
    assert data.prepared is not None
    trace = run(data.points, settings.run_config(data.points))
    labels, after = trace[1].labels, trace[3].labels
    assert labels is not None
    assert after is not None
    player.open(step=3, data="penguins", k=3, standardize="no", rule="medoid", tab="math")
    numbers = data.prepared.rows + 1
    items = [item("row", int(numbers[i]), labels[i], after[i]) for i in np.flatnonzero(labels != after)]
    player.root.locator(".km-reassigned").click()
    texts = player.root.locator(".km-list button").all_inner_texts()
    assert [words(text) for text in texts] == items[:100]
    example = formula_examples.example(data.points, trace, 3)
    assert example is not None
    math = player.root.locator(".km-math")
    row = message("player.point_name", kind="row", number=int(numbers[example["point"]]))
    expect(math).to_contain_text(message_pattern("math.assign_intro", point=row))
