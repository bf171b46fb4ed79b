"""The panel with the explanation, the math, and the code, and the chart of costs, in a browser."""

from __future__ import annotations

import re
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from kmeans_core import Phase, RunConfig, Trace, run
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import amount, whole
from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
from tests.support import NewPage
from ui.text.code_excerpts import code_of, kind_of
from ui.text.explanation import explain
from ui.text.formula_examples import example
from ui.text.messages import message
from ui.text.other_costs import other_costs


def panel(player: PlayerPage) -> Locator:
    """Return what the chosen tab shows."""
    return player.root.get_by_role("tabpanel")


def fold(player: PlayerPage) -> Locator:
    """Return the button that folds the panel."""
    return player.root.get_by_role("button", name=message("panel.title"))


# --- The three tabs


def test_the_explanation_is_that_of_the_half_step(player: PlayerPage, trace: Trace) -> None:
    player.open()
    for index in (0, 1, 2, 3, len(trace) - 1):
        player.go(index)
        assert panel(player).locator("p").all_inner_texts() == [*astuple(explain(trace, index))]


def test_the_maths_has_an_assign_s_distances_and_the_center_that_moved_farthest_in_a_refine(
    player: PlayerPage, points: Points
) -> None:
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    player.open(rule="medoid", tab="math", step=3)
    assign = example(points, trace, 3)
    assert assign is not None
    assert "other" in assign
    assert assign["other"] is not None
    assert trace[3].labels is not None
    items = panel(player).locator("li")
    for item, distance in zip(items.all(), assign["distances"], strict=False):
        expect(item.locator("math").first).to_contain_text(amount(distance))
    point, label = assign["point"], int(trace[3].labels[assign["point"]])
    before = message("math.label_before", kind="changed", cluster=assign["other"] + 1)
    expect(items.last).to_have_text(re.compile(rf"label{whole(point + 1)}={label + 1}\s+{before}"))
    expect(items.nth(2)).to_contain_text(message_pattern("math.other_distances"))
    old, cost = trace[2].cost or 0, trace[3].cost or 0
    expect(panel(player)).to_contain_text(amount(cost))
    change = round(cost) - round(old)  # as the costs are rounded on the screen
    expect(panel(player)).to_contain_text(message("math.cost_before", kind="changed", before=old, change=change))
    player.go(4)
    refine = example(points, trace, 4)
    assert refine is not None
    assert "part" in refine
    x, y = trace[4].centers[refine["cluster"]]
    expect(panel(player).locator("li").first).to_contain_text(f"({amount(x)},{amount(y)})")
    part, smaller = refine["part"]
    expect(panel(player)).to_contain_text(message("math.part_of_cost", kind="fell", before=part, after=smaller))
    expect(panel(player).locator("li").first).to_contain_text(f"x{whole(refine['point'] + 1)}")


def test_every_formula_can_be_heard_and_every_sign_is_explained(player: PlayerPage) -> None:
    player.open(init="greedy-k-means++", tab="math", k=7)
    for step in (0, 1, 2):
        player.go(step)
        for formula in panel(player).locator("math").all():
            speech = formula.get_attribute("alttext") or ""
            assert speech == formula.get_attribute("aria-label")
            assert re.fullmatch(r"[\w .,:()+|]+", speech), speech
        assert panel(player).locator("dt").count() >= 3
        assert all(panel(player).locator("dd").all_inner_texts())
        assert "undefined" not in panel(player).inner_text()
        assert "NaN" not in panel(player).inner_text()


def test_the_code_is_the_core_s_and_the_lines_that_ran_are_marked_on_a_page_that_does_not_shrink(
    player: PlayerPage, trace: Trace
) -> None:
    player.open(tab="code")
    heights = []
    for index in range(len(trace)):
        player.go(index)
        heights.append(box_of(player.root.locator("#km-panel-body"))["height"])
        if index not in (0, 1, 2, 3, len(trace) - 1):
            continue
        excerpts = code_of(trace.config)[kind_of(trace, index)]
        figures = panel(player).locator("figure").all()
        for figure, excerpt in zip(figures, excerpts, strict=True):
            lines = ["".join(text for text, _ in line) for line in excerpt.lines]
            assert (figure.locator("figcaption").text_content() or "").split() == [excerpt.function, excerpt.file]
            assert [line.rstrip() for line in figure.locator(".km-line").all_text_contents()] == lines
            assert figure.locator("mark").all_text_contents() == [lines[index] for index in excerpt.marked]
    assert heights == sorted(heights)
    assert heights[0] > 0


def test_tabs_are_walked_by_arrow_keys_and_the_player_stands_still(player: PlayerPage) -> None:
    player.open(step=2)
    player.ready(2)
    expect(panel(player)).to_have_attribute("aria-labelledby", "km-tab-explanation")
    player.tab("explanation").focus()
    keyboard = player.page.keyboard
    for key, name in [
        ("ArrowRight", "math"),
        ("End", "code"),
        ("ArrowRight", "explanation"),
        ("ArrowLeft", "code"),
        ("Home", "explanation"),
    ]:
        keyboard.press(key)
        expect(player.tab(name)).to_be_focused()
        expect(player.tab(name)).to_have_attribute("aria-selected", "true")
        expect(player.root.get_by_role("tab", selected=True)).to_have_count(1)
        expect(panel(player)).to_have_count(1)
        assert player.tab(name).get_attribute("aria-controls") == panel(player).get_attribute("id")
    assert player.step == 2
    # One stop for the Tab key, and the next is what the tab shows.
    keyboard.press("Tab")
    expect(panel(player)).to_be_focused()
    keyboard.press("ArrowRight")
    player.ready(3)


def test_tab_and_fold_are_in_the_link_and_outlive_a_setting(player: PlayerPage) -> None:
    player.open()
    assert not player.link.keys() & {"tab", "panel"}
    player.tab("code").click()
    player.change_k("ArrowRight")
    expect(panel(player)).to_contain_text("kmeans_core/kmeans.py")
    fold(player).click()
    expect(fold(player)).to_have_attribute("aria-expanded", "false")
    expect(panel(player)).to_have_count(0)
    assert (player.link["tab"], player.link["panel"], player.link["k"]) == ("code", "closed", "7")
    player.open_again()
    expect(panel(player)).to_have_count(0)
    fold(player).press("Enter")
    expect(panel(player)).to_contain_text("kmeans_core/kmeans.py")
    player.tab("explanation").click()
    assert not player.link.keys() & {"tab", "panel"}


def test_space_folds_and_does_not_play(player: PlayerPage) -> None:
    player.open()
    fold(player).press("Space")
    expect(panel(player)).to_have_count(0)
    assert player.has("playing") == "false"


def test_on_a_phone_the_panel_is_folded_and_fits_the_screen(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(step=3)
    expect(panel(player)).to_have_count(0)
    fold(player).tap()
    for name in ("explanation", "math", "code"):
        player.tab(name).tap()
        expect(panel(player)).to_be_visible()
        assert player.page.evaluate("document.documentElement.scrollWidth") == 390
        controls = player.tab(name), player.root.locator(".km-panel-toggle")
        assert all(box_of(button)["height"] >= 44 for button in controls)
    # Code is wider than a phone, and is scrolled within its frame by the keys too.
    panel(player).get_by_text(message("panel.production")).tap()
    blocks = panel(player).locator("pre")
    wide = blocks.evaluate_all("(blocks) => blocks.findIndex((block) => block.scrollWidth > block.clientWidth)")
    block = blocks.nth(wide)
    block.focus()
    player.page.keyboard.press("ArrowRight")
    player.page.wait_for_function("(pre) => pre.scrollLeft > 0", arg=block.element_handle())
    assert player.step == 3


# --- The costs


def lines(player: PlayerPage) -> list[dict[str, Any]]:
    """What the cost chart draws."""
    chart_traces: list[dict[str, Any]] = player.page.evaluate(
        """() => document.querySelector(".km-cost")._fullData.map(({ x, y, mode, line, marker, yaxis }) =>
             ({ x: [...x], y: [...y], mode, dash: line?.dash, symbol: marker?.symbol, yaxis }))"""
    )
    return chart_traces


def test_assigns_and_refines_have_lines_of_their_own_kind(player: PlayerPage, trace: Trace) -> None:
    player.open(step=len(trace) - 1)
    costs = [step.cost for step in trace]
    assign, refine, *_ = lines(player)
    assert assign["dash"] != refine["dash"]
    for line, phase in ((assign, Phase.ASSIGN), (refine, Phase.REFINE)):
        ends = [index for index in range(2, len(trace)) if trace[index].phase is phase]
        assert line["x"][1::3] == ends
        assert line["x"][0::3] == [end - 1 for end in ends]
        assert line["y"][1::3] == [costs[end] for end in ends]
        assert line["y"][0::3] == [costs[end - 1] for end in ends]
        fall = sum((costs[end - 1] or 0) - (costs[end] or 0) for end in ends)
        expect(player.root.locator(".km-cost-key")).to_contain_text(message(f"cost.saved_by_{phase.value}", saved=fall))


def test_another_algorithms_cost_is_shown_on_demand_and_marks_where_it_rose(player: PlayerPage, points: Points) -> None:
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    player.open(rule="medoid", step=len(trace) - 1)
    note = player.root.locator(".km-second-cost-note")
    expect(note).to_be_hidden()
    count = len(lines(player))
    choice = player.root.get_by_role("combobox", name=message("cost.second"))
    squares, differences = other_costs(points, trace)
    names = [message("cost.no_other"), squares["name"], differences["name"]]
    assert choice.locator("option").all_inner_texts() == names
    choice.select_option(squares["name"])
    assert squares["rises"], "there is something to see"
    expect(note).to_contain_text(squares["sentence"])
    *before, second_cost, rises = lines(player)
    assert len(before) == count
    assert (second_cost["y"], rises["x"], rises["yaxis"]) == (squares["cost"][1:], squares["rises"], "y2")
    expect(player.root.locator(".km-cost")).to_have_attribute("aria-label", re.compile(re.escape(squares["sentence"])))
    # The first assign is as high on both scales, and equal heights are equal shares.
    left, right = player.page.evaluate(
        """() => { const { yaxis, yaxis2 } = document.querySelector(".km-cost")._fullLayout;
                   return [yaxis.range, yaxis2.range]; }"""
    )
    assert np.divide(left, trace[1].cost or 0) == pytest.approx(np.divide(right, squares["cost"][1]))
    assert player.link["also"] == "mean"
    player.open_again()
    expect(choice).to_have_value("mean")
    choice.select_option(names[0])
    expect(note).to_be_hidden()
    assert "also" not in player.link
