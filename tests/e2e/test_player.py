"""The player in a browser: steps, keys, motion, and the picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple, replace
from typing import Literal

import numpy as np
from playwright.sync_api import Page, Route, WebSocket, expect

from kmeans_core import Phase, RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import whole
from tests.e2e.player_page import POST, PlayerPage, box_of, words
from tests.e2e.test_accessibility import findings_on
from tests.support import NewPage, pick_data
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, PHASE_COLORS
from ui.text.explanation import explain
from ui.text.messages import message
from ui.text.step_sentences import step_name, step_sentence


def listen(page: Page) -> tuple[list[int], list[int]]:
    """Lists that fill with the sizes of what the socket sends and receives."""
    sent_sizes: list[int] = []
    received_sizes: list[int] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent_sizes.append(len(frame)))
        socket.on("framereceived", lambda frame: received_sizes.append(len(frame)))

    page.on("websocket", watch)
    return sent_sizes, received_sizes


# --- the main job


def test_next_steps_the_post_to_convergence(player: PlayerPage, trace: Trace) -> None:
    player.open()
    expect_all_on_the_first_screen(player)
    assert player.last == len(trace) - 1
    for index in range(len(trace)):
        player.ready(index)
        expect_step(player, trace, index)
        if index in (1, 2):
            expect_accents(player, trace, index)
        if index < player.last:
            player.press("next")
    expect(player.button("next")).to_have_text(message("controls.next_button", kind="restart", phase=""))
    expect(player.button("play")).to_have_text(message("controls.play_button", kind="again"))
    expect_colors_of_each_theme(player)


def expect_all_on_the_first_screen(player: PlayerPage) -> None:
    for part in (".km-sentence", ".km-stage", ".km-next", ".km-scrub", ".km-cost"):
        expect(player.root.locator(part)).to_be_in_viewport(ratio=1)
    # The slider's own input is a clipped pixel; its box is what is seen.
    expect(player.page.locator(".st-key-k")).to_be_in_viewport(ratio=1)


def expect_step(player: PlayerPage, trace: Trace, index: int) -> None:
    """Check that phase, sentence, sizes, and badge are those of a step."""
    step, badge = trace[index], player.root.locator(".km-reassigned")
    assert player.has("phase") == step.phase.value
    assert words(player.sentence) == words(step_sentence(trace, index))
    if step.labels is not None:
        assert player.sizes == [whole(int(size)) for size in np.bincount(step.labels, minlength=6)]
    if step.phase is Phase.ASSIGN and step.iteration > 0 and step.reassigned:
        assert words(badge.inner_text()) == message("inspector.reassigned", count=step.reassigned)
    else:
        expect(badge).to_be_hidden()


def expect_accents(player: PlayerPage, trace: Trace, index: int) -> None:
    """Check that the chip has the color of its phase, and the button Next that of the next one."""
    for part, step in ((player.root.locator(".km-step-chip"), index), (player.button("next"), index + 1)):
        color = tuple(rgb(PHASE_COLORS[trace[step].phase.value]["light"]).tolist())
        expect(part).to_have_css("background-color", f"rgb{color}")
    expect(player.root.locator(".km-ticks path")).to_have_count(2)


def expect_colors_of_each_theme(player: PlayerPage) -> None:
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        player.page.emulate_media(color_scheme=scheme)
        player.states(ready="true", theme=scheme, step=str(player.last))
        pixels = player.picture().reshape(-1, 3)
        for color in (BACKGROUND[scheme], *CLUSTER_COLORS[:6]):
            assert (np.abs(pixels - rgb(color)).max(axis=1) <= 2).any(), f"{color} is nowhere"


def rgb(color: str) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.int16)


def test_slider_cost_chart_tab_and_layers(player: PlayerPage, points: Points, trace: Trace) -> None:
    player.open()
    for step in (player.last, 3, 8, 0):
        player.go(step)
        name = step_name(trace[step])
        place = message("controls.spoken_place", is_whole=True, index=step, last=player.last, name=name)
        assert player.scrubber.get_attribute("aria-valuetext") == place
    go_by_a_click_on_the_cost(player)
    expect_every_control_in_the_order_of_tab(player)
    player.go(1)
    places = watch_center(player, 2)
    player.press("next")
    player.ready(2)
    assert places() == 1, "without motion the center is there at once"
    player.go(5)  # an assign: labels and centers belong together
    expect_points_in_their_cells(player, points, trace, 5)
    hide_cells_and_trails(player)
    show_squares(player)
    expect_the_same_view_after_any_resize(player)


def go_by_a_click_on_the_cost(player: PlayerPage) -> None:
    player.go(9)
    marks = player.root.locator(".km-cost .points path")
    expect(marks).to_have_count(10)  # half-steps 1 to 9, and the cursor
    box = box_of(marks.nth(3))
    player.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    player.ready(7)  # the fourth assign


def expect_every_control_in_the_order_of_tab(player: PlayerPage) -> None:
    player.button("play").focus()
    stops = []
    for _ in range(4):
        player.page.keyboard.press("Tab")
        stops.append(player.page.evaluate("document.activeElement.dataset.action ?? document.activeElement.ariaLabel"))
    assert stops == ["next", "last", message("controls.step"), message("controls.speed")]
    player.button("next").focus()
    player.page.keyboard.press("Enter")
    player.ready(8)


def expect_points_in_their_cells(player: PlayerPage, points: Points, trace: Trace, step: int) -> None:
    """Check that the cells are drawn around the points of their clusters."""
    cells_of_points = player.page.evaluate(
        """(points) => {
          const root = document.querySelector("[data-testid=kmeans-player]");
          const { xaxis, yaxis } = root.querySelector(".km-plot")._fullLayout;
          const cells = [...root.querySelectorAll(".km-cell")];
          return points.map(([x, y]) => {
            const at = new DOMPoint(xaxis._offset + xaxis.l2p(x), yaxis._offset + yaxis.l2p(y));
            return cells.flatMap((cell, j) => (cell.isPointInFill(at) ? [j] : []));
          });
        }""",
        points.tolist(),
    )
    labels = trace[step].labels
    assert labels is not None
    right = [cells == [int(label)] for cells, label in zip(cells_of_points, labels, strict=True)]
    # Corners are rounded to a tenth of a pixel, and a point may lie nearer to a border than that.
    assert sum(right) >= 0.99 * len(right)


def hide_cells_and_trails(player: PlayerPage) -> None:
    cell, trail = player.root.locator(".km-cell").first, player.root.locator(".km-trail line")
    assert (cell.get_attribute("d") or "").startswith("M")
    assert trail.count() > 0
    for layer in ("cells", "trails"):
        player.layer(layer).uncheck()
    expect(cell).to_have_attribute("d", "")
    expect(trail).to_have_count(0)


def show_squares(player: PlayerPage) -> None:
    """Show the squares, which are in the link, and follow the step."""
    squares, step = player.root.locator(".km-square").first, player.step
    expect(player.layer("squares")).not_to_be_checked()
    expect(squares).to_have_attribute("d", "")
    player.layer("squares").check()
    path = squares.get_attribute("d") or ""
    assert path.startswith("M")
    assert player.link["show"] == "squares"
    expect(player.root.locator(".km-drawing-note")).to_contain_text("65 of 300")
    player.press("next")
    player.ready(step + 1)
    assert squares.get_attribute("d") != path


def expect_the_same_view_after_any_resize(player: PlayerPage) -> None:
    view = "document.querySelector('.km-plot')._fullLayout.xaxis.range.map((value) => Math.round(value * 100))"
    before = player.page.evaluate(view)
    for width in (390, 1000, 1440):
        player.page.set_viewport_size({"width": width, "height": 900})
        player.page.wait_for_function(f"innerWidth === {width}")
    player.page.wait_for_function(f"before => JSON.stringify({view}) === JSON.stringify(before)", arg=before)


def test_a_run_at_its_limit_stands_still_continues_and_makes_room_for_the_blog_s_example(
    player: PlayerPage, points: Points
) -> None:
    config = RunConfig(k=6, init="random", rule="medoid")
    player.open(rule="medoid", max_iter=2, step=5)
    assert player.sentence.endswith(run(points, replace(config, max_iter=2)).stop_sentence)
    limited_run = player.has("run")
    expect(player.button("next")).to_have_text(message("controls.next_button", kind="continue", phase=""))
    player.press("next")
    whole_run = player.after(limited_run)
    assert player.step == 5, "the run goes on from where it stopped"
    assert player.last > 5
    assert player.link == POST | {"rule": "medoid", "step": "5"}
    expect(player.button("next")).to_have_text(message("controls.next_button", kind="step", phase="refine"))
    player.press("last")
    player.ready(player.last)
    trace = run(points, config)
    assert words(player.sentence) == words(step_sentence(trace, len(trace) - 1))
    expect(player.button("next")).to_have_text(message("controls.next_button", kind="restart", phase=""))
    player.root.get_by_role("button", name=message("edits.tool", name="undo")).click()
    assert player.after(whole_run) == limited_run
    assert player.link["max_iter"] == "2"
    expect_nothing_to_move(player)
    player.page.set_viewport_size({"width": 1440, "height": 900})
    player.page.get_by_role("button", name=message("settings.blog_example_button")).click()
    player.after(limited_run)
    player.press("last")
    player.ready(player.last)
    labels = run(make_dataset("post")[0], config).labels
    assert player.sizes == [whole(int(size)) for size in np.bincount(labels)]
    assert (player.link["rule"], player.link.get("max_iter")) == ("medoid", "15")


def expect_nothing_to_move(player: PlayerPage) -> None:
    """Check that the button Next stays where it is at every step, on a wide and a narrow screen."""
    for width, height in ((1440, 900), (390, 844)):
        player.page.set_viewport_size({"width": width, "height": height})
        player.page.wait_for_function(f"innerWidth === {width}")
        places = set()
        for step in range(player.last + 1):
            player.go(step)
            box = box_of(player.button("next"))
            places.add((box["x"], box["y"], box["width"]))
        assert len(places) == 1


def test_other_data_start_at_step_0_and_undo_leads_back_to_the_step(player: PlayerPage) -> None:
    player.open(data="moons", k=2, points=300, step=4, edits="a0_3")
    edited_run, page = player.has("run"), player.page
    pick_data(page, "rings")
    rings_run = player.after(edited_run)
    player.ready(0)
    assert "edits" not in player.link
    note = message("settings.edits_lost", edits=message("settings.edits_lost_points"), what="data")
    expect(player.root.locator(".km-notes")).to_contain_text(note)
    stage, toast = box_of(player.root.locator(".km-stage")), box_of(player.root.locator(".km-toast"))
    assert toast["y"] >= stage["y"] + stage["height"], "it hides no point"
    player.root.get_by_role("button", name=message("edits.tool", name="undo")).click()
    assert player.after(rings_run) == edited_run
    player.ready(4)
    assert player.link["edits"] == "a0_3"
    expect(player.root.locator(".km-notes")).not_to_contain_text(note)


# --- motion


def watch_center(player: PlayerPage, cluster: int) -> Callable[[], int]:
    """Count the places that a center is drawn at from now on."""
    player.page.evaluate(
        """(cluster) => {
          window.places = new Set();
          const center = document.querySelector(`.km-center[data-cluster="${cluster}"]`);
          new MutationObserver(() => window.places.add(center.getAttribute("transform")))
            .observe(center, { attributes: true });
        }""",
        cluster,
    )
    return lambda: int(player.page.evaluate("window.places.size"))


def test_an_assign_stands_a_refine_glides_and_both_end_in_the_picture_of_a_fresh_page(
    animated_player: PlayerPage,
) -> None:
    player = animated_player.open()
    places = watch_center(player, 2)
    player.press("next")
    player.ready(1)
    assert places() <= 1
    player.set_speed("0.5")
    outline = player.root.locator(".km-next-place").nth(1)
    expect(outline).to_be_hidden()
    player.press("next")
    expect(outline).to_be_visible()
    target = outline.get_attribute("transform")
    player.ready(2)
    expect(outline).to_be_hidden()
    assert player.center(2) == target
    assert places() > 3
    player.set_speed("4")
    for step in range(3, 6):
        player.press("next")
        player.ready(step)
    player.press("back")
    player.ready(4)
    player.page.mouse.move(0, 0)
    picture = player.picture()
    player.open(step=4)
    assert (np.abs(picture - player.picture()).max(axis=2) > 8).mean() < 0.001


# --- what is carried, and what is seen


def test_the_post_costs_the_socket_at_most_105_kb_and_is_played_without_webgl_and_without_the_server(
    fresh_player: PlayerPage, points: Points
) -> None:
    player = fresh_player
    sent_sizes, received_sizes = listen(player.page)
    # A context takes a tenth of a second to make in software, and phones have eight.
    player.page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        window.contextKinds = new Set();
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          window.contextKinds.add(kind);
          return get.call(this, kind, ...rest);
        };"""
    )
    player.open(rule="medoid")
    player.page.wait_for_load_state("networkidle")
    assert 20_000 < sum(received_sizes) <= 105_000
    before = (len(sent_sizes), len(received_sizes))
    player.set_speed("4")
    player.go(player.last - 2)
    player.press("play")
    player.states(playing="true")
    player.ready(player.last)
    player.states(playing="false")
    assert (len(sent_sizes), len(received_sizes)) == before
    assert player.page.evaluate("[...window.contextKinds]") == ["2d"]
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    explanation = [*astuple(explain(trace, len(trace) - 1))]
    assert player.root.get_by_role("tabpanel").locator("p").all_inner_texts() == explanation


def test_very_many_points_are_drawn_and_followed(player: PlayerPage) -> None:
    player.open(data="blobs", points=60_000, step=1)
    first = player.picture()
    shares = {color: (np.abs(first - rgb(color)).max(axis=2) <= 40).mean() for color in CLUSTER_COLORS[:5]}
    assert min(shares.values()) > 0.001, shares
    player.go(9)
    assert (np.abs(player.picture() - first).max(axis=2) > 50).mean() > 0.01


def test_on_a_phone_everything_that_matters_is_on_the_screen_and_axe_finds_nothing(
    new_page: NewPage, server: str
) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open()
    expect(player.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    for part in (".km-sentence", ".km-stage", ".km-next"):
        box = box_of(player.root.locator(part))
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= 844, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= 390, part
    for step in (1, 2, 3):
        player.button("next").tap()
        player.ready(step)
    badge, numbers = player.root.locator(".km-reassigned"), player.root.locator(".km-stage .xtick text").first
    top, choices = box_of(badge)["y"], player.root.locator(".km-run-choices")
    assert box_of(numbers)["y"] + box_of(numbers)["height"] <= top, "it covers no number"
    assert top + box_of(badge)["height"] <= box_of(choices)["y"] + 1
    assert not findings_on(player.page)
    player.page.get_by_test_id("stExpandSidebarButton").tap()
    # The slider's own input is a clipped pixel; its box is what is seen.
    expect(player.page.locator(".st-key-k")).to_be_in_viewport(ratio=1)
    assert not findings_on(player.page)


def test_a_click_before_the_widgets_are_loaded_loses_no_setting(fresh_player: PlayerPage) -> None:
    """The browser loads the code of a widget when it first draws one, which takes long on a slow line."""
    routes: list[Route] = []
    player, page = fresh_player, fresh_player.page

    def hold(route: Route) -> None:
        routes.append(route)

    page.route(re.compile(r"/(NumberInput|Slider|Selectbox)\.[^/]*\.js$"), hold)
    link = {"data": "blobs", "points": "300", "spread": "0.7", "k": "4", "rule": "median", "max_iter": "9"}
    player.open(**link)
    player.roll_dice()
    assert len(routes) == 3
    for route in routes:
        route.continue_()
    expect(player.k_slider).to_have_value("4")
    player.roll_dice()
    assert link.items() <= player.link.items()


def test_a_bad_value_in_a_link_is_an_error_and_changes_nothing_else(player: PlayerPage) -> None:
    player.open(k="banana", step=5, look="p17", seed=3)
    expect(player.page.get_by_test_id("stAlert")).to_contain_text("“banana”")
    assert (player.step, player.link["step"], player.link["look"]) == (5, "5", "p17")
    assert (player.link["seed"], "k" in player.link) == ("3", False), "what could not be used is gone"
    for part in (".km-buttons", ".km-scrub"):
        expect(player.root.locator(part)).to_be_in_viewport(ratio=1)
    player.press("next")
    player.ready(6)
