"""The explanation, the math, the code, and the costs, as a person reads them in a browser."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from kmeans_core import Phase, RunConfig, Trace, run
from kmeans_core.arrays import Points
from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage
from ui.text.code_excerpts import code_of, kind_of
from ui.text.explanation import explain
from ui.text.formula_examples import example
from ui.text.messages import message
from ui.text.numbers import MINUS, amount, whole
from ui.text.other_costs import other_costs


def tab(player: PlayerPage, name: str) -> Locator:
    return player.root.get_by_role("tab", name=name)


def shown(player: PlayerPage) -> Locator:
    """What the chosen tab shows."""
    return player.root.get_by_role("tabpanel")


# --- The three tabs


def test_the_words_are_those_of_the_half_step(player: PlayerPage, trace: Trace) -> None:
    player.open()
    for index in (0, 1, 2, 3, len(trace) - 1):
        player.go(index)
        told = explain(trace, index)
        assert shown(player).locator("p").all_inner_texts() == [told.action, told.changes, told.cost, told.next_step]


def test_the_panel_keeps_in_step_while_it_plays(player: PlayerPage, trace: Trace) -> None:
    player.open(max_iter=2)
    player.root.get_by_label("Speed").select_option("4")
    player.press("play")
    player.ready(player.last)
    expect(shown(player)).to_contain_text("reached its limit of iterations before converging")


def test_the_maths_has_an_assign_s_distances_and_the_center_that_moved_farthest_in_a_refine(
    player: PlayerPage, points: Points
) -> None:
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    player.open(rule="medoid", tab="math", step=3)
    told = example(points, trace, 3)
    assert told is not None
    assert trace[3].labels is not None
    items = shown(player).locator("li")
    for item, distance in zip(items.all(), told["distances"], strict=False):
        expect(item.locator("math").first).to_contain_text(amount(distance))
    own = int(trace[3].labels[told["point"]]) + 1
    expect(items.last).to_have_text(re.compile(rf"label{whole(told['point'] + 1)}={own}\s+it was {told['other'] + 1}"))
    expect(items.nth(2)).to_contain_text("to the others: ")
    expect(shown(player)).to_contain_text(amount(trace[3].cost or 0))
    expect(shown(player)).to_contain_text(f"It was {amount(trace[2].cost or 0)}: {MINUS}")
    player.go(4)
    told = example(points, trace, 4)
    assert told is not None
    x, y = trace[4].centers[told["cluster"]]
    expect(shown(player).locator("li").first).to_contain_text(f"({amount(x)},{amount(y)})")
    before, after = (amount(part) for part in told["part"])
    expect(shown(player)).to_contain_text(f"fell from {before} to {after}")
    expect(shown(player).locator("li").first).to_contain_text(f"x{whole(told['point'] + 1)}")


def test_every_formula_can_be_heard_and_every_sign_is_explained(player: PlayerPage) -> None:
    player.open(init="greedy-k-means++", tab="math", k=7)
    for step in (0, 1, 2):
        player.go(step)
        for formula in shown(player).locator("math").all():
            words = formula.get_attribute("alttext") or ""
            assert words == formula.get_attribute("aria-label")
            assert re.fullmatch(r"[\w .,:()+|]+", words), words
        assert shown(player).locator("dt").count() >= 3
        assert all(shown(player).locator("dd").all_inner_texts())
        assert "undefined" not in shown(player).inner_text()
        assert "NaN" not in shown(player).inner_text()


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
        figures = shown(player).locator("figure").all()
        for figure, excerpt in zip(figures, excerpts, strict=True):
            lines = ["".join(text for text, _ in line) for line in excerpt.lines]
            assert figure.locator("figcaption").inner_text().split() == [excerpt.function, excerpt.file]
            assert [line.rstrip() for line in figure.locator(".km-line").all_text_contents()] == lines
            assert figure.locator("mark").all_text_contents() == [lines[at] for at in excerpt.marked]
    assert heights == sorted(heights)
    assert heights[0] > 0


def test_tabs_are_walked_by_arrow_keys_and_the_player_stands_still(player: PlayerPage) -> None:
    player.open(step=2)
    player.ready(2)
    expect(shown(player)).to_have_attribute("aria-labelledby", "km-tab-explanation")
    tab(player, "Explanation").focus()
    keyboard = player.page.keyboard
    for key, name in [
        ("ArrowRight", "Math"),
        ("End", "Code"),
        ("ArrowRight", "Explanation"),
        ("ArrowLeft", "Code"),
        ("Home", "Explanation"),
    ]:
        keyboard.press(key)
        expect(tab(player, name)).to_be_focused()
        expect(tab(player, name)).to_have_attribute("aria-selected", "true")
        expect(player.root.get_by_role("tab", selected=True)).to_have_count(1)
        expect(shown(player)).to_have_count(1)
        assert tab(player, name).get_attribute("aria-controls") == shown(player).get_attribute("id")
    assert player.step == 2
    # One stop for the Tab key, and the next is what the tab shows.
    keyboard.press("Tab")
    expect(shown(player)).to_be_focused()
    keyboard.press("ArrowRight")
    player.ready(3)


def test_tab_and_fold_are_in_the_link_and_outlive_a_setting(player: PlayerPage) -> None:
    player.open()
    assert not player.link.keys() & {"tab", "panel"}
    tab(player, "Code").click()
    fold = player.root.get_by_role("button", name="Explanation · Math · Code")
    run_before = player.has("run")
    player.page.get_by_role("slider", name="Number of clusters K").focus()
    player.page.keyboard.press("ArrowRight")
    player.after(run_before)
    expect(shown(player)).to_contain_text("kmeans_core/kmeans.py")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(shown(player)).to_have_count(0)
    assert (player.link["tab"], player.link["panel"], player.link["k"]) == ("code", "closed", "7")
    player.open_again()
    expect(shown(player)).to_have_count(0)
    fold.press("Enter")
    expect(shown(player)).to_contain_text("kmeans_core/kmeans.py")
    tab(player, "Explanation").click()
    assert not player.link.keys() & {"tab", "panel"}


def test_space_folds_and_does_not_play(player: PlayerPage) -> None:
    player.open()
    player.root.get_by_role("button", name="Explanation · Math · Code").press("Space")
    expect(shown(player)).to_have_count(0)
    assert player.has("playing") == "false"


def test_on_a_phone_it_waits_to_be_asked_and_nothing_sticks_out(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(step=3)
    expect(shown(player)).to_have_count(0)
    player.root.get_by_role("button", name="Explanation · Math · Code").tap()
    for name in ("Explanation", "Math", "Code"):
        tab(player, name).tap()
        expect(shown(player)).to_be_visible()
        assert player.page.evaluate("document.documentElement.scrollWidth") == 390
        pressed = tab(player, name), player.root.locator(".km-panel-toggle")
        assert all(box_of(button)["height"] >= 44 for button in pressed)
    # Code is wider than a phone, and is scrolled within its frame by the keys too.
    block = shown(player).locator("pre").last
    block.focus()
    player.page.keyboard.press("ArrowRight")
    player.page.wait_for_function("(pre) => pre.scrollLeft > 0", arg=block.element_handle())
    assert player.step == 3


# --- The costs


def lines(player: PlayerPage) -> list[dict[str, Any]]:
    """What the cost chart draws."""
    drawn: list[dict[str, Any]] = player.page.evaluate(
        """() => document.querySelector(".km-cost")._fullData.map(({ x, y, mode, line, marker, yaxis }) =>
             ({ x: [...x], y: [...y], mode, dash: line?.dash, symbol: marker?.symbol, yaxis }))"""
    )
    return drawn


def test_assigns_and_refines_are_told_apart(player: PlayerPage, trace: Trace) -> None:
    player.open()
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


def test_another_rule_s_cost_is_shown_on_demand_and_says_when_it_rose(player: PlayerPage, points: Points) -> None:
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    player.open(rule="medoid")
    note = player.root.locator(".km-second-cost-note")
    expect(note).to_be_hidden()
    own = len(lines(player))
    choice = player.root.get_by_role("combobox", name="Compare with")
    assert choice.locator("option").all_inner_texts() == [
        "none",
        "sum of squared distances",
        "sum of absolute differences",
    ]
    choice.select_option("sum of squared distances")
    squares = other_costs(points, trace)[0]
    assert squares["rises"], "there is something to see"
    expect(note).to_contain_text(squares["sentence"])
    *before, other, rises = lines(player)
    assert len(before) == own
    assert (other["y"], rises["x"], rises["yaxis"]) == (squares["cost"][1:], squares["rises"], "y2")
    expect(player.root.locator(".km-cost")).to_have_attribute("aria-label", re.compile("It rose in 1 of 20 half-steps"))
    # The first assign is as high on both scales, and equal heights are equal shares.
    left, right = player.page.evaluate(
        """() => { const { yaxis, yaxis2 } = document.querySelector(".km-cost")._fullLayout;
                   return [yaxis.range, yaxis2.range]; }"""
    )
    assert np.divide(left, trace[1].cost or 0) == pytest.approx(np.divide(right, squares["cost"][1]))
    assert player.link["also"] == "mean"
    player.open_again()
    expect(choice).to_have_value("mean")
    choice.select_option("none")
    expect(note).to_be_hidden()
    assert "also" not in player.link
