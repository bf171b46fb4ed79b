"""The player in a real browser, driven as a person drives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Page, Route, WebSocket, expect

from kmeans_core import Phase, RunConfig, Trace, make_dataset, run
from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS
from ui.text.messages import message
from ui.text.numbers import whole
from ui.text.step_sentences import step_sentence


def words(text: str) -> str:
    """The text with every kind of space made plain."""
    return re.sub(r"\s+", " ", text).strip()


def listen(page: Page) -> tuple[list[int], list[int]]:
    """Lists that fill with the sizes of what the socket sends and receives."""
    sent: list[int] = []
    received: list[int] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(len(frame)))
        socket.on("framereceived", lambda frame: received.append(len(frame)))

    page.on("websocket", watch)
    return sent, received


# --- the main job


def test_a_bad_word_in_a_link_is_a_sentence_and_loses_nothing_else(player: PlayerPage) -> None:
    player.open(k="banana", step=5, look="p17", seed=3)
    expect(player.page.get_by_test_id("stAlert")).to_contain_text("“banana”")
    assert (player.step, player.link["step"], player.link["look"]) == (5, "5", "p17")
    assert (player.link["seed"], "k" in player.link) == ("3", False), "what could not be used is gone"
    for part in (".km-buttons", ".km-scrub"):
        expect(player.root.locator(part)).to_be_in_viewport(ratio=1)
    player.press("next")
    player.ready(6)


def test_arrows_step_after_a_button_of_the_sidebar_and_after_a_field_was_left(player: PlayerPage) -> None:
    player.open(step=3)
    run = player.has("run")
    player.page.get_by_role("button", name=message("settings.new_random_seed")).click()
    player.after(run)
    player.page.keyboard.press("ArrowRight")
    player.ready(4)
    player.page.get_by_role("spinbutton", name=message("settings.seed_title")).click()
    box = box_of(player.root.locator(".km-stage"))
    player.page.mouse.click(box["x"] + box["width"] - 30, box["y"] + box["height"] - 90)
    player.page.keyboard.press("ArrowRight")
    player.ready(5)


def test_small_costs_are_written_as_they_are(player: PlayerPage) -> None:
    player.open(data="uniform", points=20, k=12, step=3)
    ticks = player.root.locator(".km-cost .ytick text").all_text_contents()
    assert ticks
    assert not [tick for tick in ticks if "m" in tick], ticks


def test_next_steps_the_post_to_convergence(player: PlayerPage, trace: Trace) -> None:
    player.open()
    assert player.last == len(trace) - 1
    badge = player.root.locator(".km-reassigned")
    for index, step in enumerate(trace):
        player.ready(index)
        assert player.has("phase") == step.phase.value
        told = words(step_sentence(trace, index))
        if index == len(trace) - 1:
            told += " " + words(trace.stop_sentence)
        assert words(player.sentence) == told
        if step.labels is not None:
            assert player.sizes == [whole(int(size)) for size in np.bincount(step.labels, minlength=6)]
        if step.phase is Phase.ASSIGN and step.iteration > 0 and step.reassigned:
            assert words(badge.inner_text()).startswith(f"{step.reassigned} point")
        else:
            expect(badge).to_be_hidden()
        if index < len(trace) - 1:
            player.press("next")
    assert "Converged" in player.sentence
    expect(player.button("next")).to_have_text("Start again")
    expect(player.button("play")).to_have_text("Play again")


def test_as_in_the_post_runs_medoids(player: PlayerPage) -> None:
    player.open()
    before = player.has("run")
    player.page.get_by_role("button", name=message("settings.blog_example_button")).click()
    player.after(before)
    player.press("last")
    player.ready(player.last)
    points, _ = make_dataset("post")
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    assert player.sizes == [whole(int(size)) for size in np.bincount(trace.labels)]
    assert player.link["rule"] == "medoid"


def test_a_run_that_is_cut_short_says_that_it_still_moves(player: PlayerPage) -> None:
    player.open(max_iter=2)
    player.press("last")
    player.ready(5)
    assert "Reached the 2-iteration limit before converging: " in player.sentence


# --- transport


def test_play_runs_to_the_end_and_never_asks_the_server(new: PlayerPage) -> None:
    player = new
    sent, received = listen(player.page)
    player.open(max_iter=3)
    player.root.get_by_label("Speed").select_option("4")
    player.page.wait_for_load_state("networkidle")
    before = (len(sent), len(received))
    player.press("play")
    player.states(playing="true")
    player.ready(player.last)
    player.states(playing="false")
    assert (len(sent), len(received)) == before


def test_play_can_be_paused_and_goes_on(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(fresh=True, reduced_motion="no-preference"), server).open()
    player.page.clock.install()
    player.press("play")
    player.states(step="2")
    player.press("play")
    player.states(playing="false")
    player.ready()
    paused = player.step
    player.page.clock.run_for(1500)  # longer than any half-step lasts
    assert player.step == paused
    player.press("play")
    player.ready(paused + 1)


def test_keys_drive_the_player(moving: PlayerPage) -> None:
    player = moving.open()
    keyboard = player.page.keyboard
    for key, step in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", player.last), ("Home", 0)]:
        keyboard.press(key)
        player.ready(step)
    keyboard.press("ArrowLeft")
    player.ready(0)
    keyboard.press("Space")
    player.states(playing="true")
    keyboard.press("Space")
    player.states(playing="false")


def test_keys_belong_to_the_widget_that_has_the_focus(player: PlayerPage) -> None:
    player.open()
    run_before = player.has("run")
    player.page.get_by_role("slider", name="Number of clusters K").focus()
    player.page.keyboard.press("ArrowRight")
    player.after(run_before)
    assert (player.step, player.link["k"]) == (0, "7")


def test_everything_can_be_reached_by_tab(player: PlayerPage) -> None:
    player.open()
    player.button("play").focus()
    reached = []
    for _ in range(4):
        player.page.keyboard.press("Tab")
        reached.append(
            player.page.evaluate("document.activeElement.dataset.action ?? document.activeElement.ariaLabel")
        )
    assert reached == ["next", "last", "Half-step", "Speed"]
    player.button("next").focus()
    player.page.keyboard.press("Enter")
    player.ready(1)


def test_scrubbing_goes_anywhere(player: PlayerPage) -> None:
    player.open()
    for step in (player.last, 3, 8, 0):
        player.go(step)
        assert player.root.get_by_role("slider", name="Half-step").get_attribute("aria-valuetext") == (
            f"half-step {step} of {player.last}: " + ("Start" if step == 0 else player.sentence.split(":")[0])
        )


def test_a_click_on_the_cost_goes_there(player: PlayerPage) -> None:
    player.open()
    mark = player.root.locator(".km-cost .points path").nth(3)
    box = box_of(mark)
    player.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    player.ready(7)  # the fourth assign


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


def test_a_refine_glides_and_an_assign_stands(moving: PlayerPage) -> None:
    player = moving.open()
    places = watch_center(player, 2)
    player.press("next")
    player.ready(1)
    assert places() <= 1
    player.press("next")
    player.ready(2)
    assert places() > 3


def test_a_refine_shows_the_new_place_before_the_center_goes_there(moving: PlayerPage) -> None:
    player = moving.open()
    player.go(1)
    player.root.get_by_label("Speed").select_option("0.5")
    outline = player.root.locator(".km-next-place").nth(1)
    expect(outline).to_be_hidden()
    player.press("next")
    expect(outline).to_be_visible()
    target = outline.get_attribute("transform")
    player.ready(2)
    expect(outline).to_be_hidden()
    assert player.center(2) == target


def test_reduced_motion_is_honored(player: PlayerPage) -> None:
    player.open()
    player.go(1)
    places = watch_center(player, 2)
    player.press("next")
    player.ready(2)
    assert places() == 1


def test_cells_and_trails_can_be_hidden(player: PlayerPage) -> None:
    player.open(step=4)
    cell, trail = player.root.locator(".km-cell").first, player.root.locator(".km-trail line")
    assert (cell.get_attribute("d") or "").startswith("M")
    assert trail.count() > 0
    for layer in ("cells", "trails"):
        player.root.get_by_role("checkbox", name=layer).uncheck()
    expect(cell).to_have_attribute("d", "")
    expect(trail).to_have_count(0)


@pytest.mark.parametrize("rule", ["mean", "median"])
def test_every_point_lies_in_the_cell_of_its_cluster(player: PlayerPage, rule: str) -> None:
    player.open(rule=rule, data="uniform", k=7)
    player.go(5)  # an assign: labels and centers belong together
    points, _ = make_dataset("uniform")
    trace = run(points, RunConfig(k=7, init="random", rule=rule))
    inside = player.page.evaluate(
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
    labels = trace[5].labels
    assert labels is not None
    right = [found == [int(label)] for found, label in zip(inside, labels, strict=True)]
    # Corners are rounded to a tenth of a pixel, and a point may lie nearer to a border than that.
    assert sum(right) >= 0.99 * len(right)


# --- what is carried, and what is seen


def test_the_post_costs_the_socket_at_most_100_kb(new: PlayerPage) -> None:
    _, received = listen(new.page)
    new.open(rule="medoid")
    new.page.wait_for_load_state("networkidle")
    assert 20_000 < sum(received) <= 100_000


def test_the_picture_has_the_colors_of_its_theme(player: PlayerPage) -> None:
    player.open(points_per_blob=100)
    player.press("last")
    player.ready(player.last)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        player.page.emulate_media(color_scheme=scheme)
        player.states(ready="true", theme=scheme, step=str(player.last))
        pixels = player.picture().reshape(-1, 3)
        for color in (BACKGROUND[scheme], *CLUSTER_COLORS[scheme][:6]):
            assert (np.abs(pixels - rgb(color)).max(axis=1) <= 2).any(), f"{color} is nowhere"


def test_the_picture_after_playing_is_the_picture_of_a_fresh_page(moving: PlayerPage, new_page: NewPage) -> None:
    # Plotly's WebGL traces have painted over an old frame, with blended colors, after other calls than these.
    player = moving.open()
    for step in range(1, 6):
        player.press("next")
        player.ready(step)
    player.press("back")
    player.ready(4)
    player.page.mouse.move(0, 0)
    fresh = PlayerPage(new_page(), player.server, loads=True).open(step=4)
    differs = np.abs(player.picture() - fresh.picture()).max(axis=2) > 8
    assert differs.mean() < 0.001


def test_very_many_points_are_drawn_and_followed(player: PlayerPage) -> None:
    player.open(data="blobs", points=60_000, step=1)
    first = player.picture()
    seen = {color: (np.abs(first - rgb(color)).max(axis=2) <= 40).mean() for color in CLUSTER_COLORS["light"][:5]}
    assert min(seen.values()) > 0.001, seen
    player.go(9)
    assert (np.abs(player.picture() - first).max(axis=2) > 50).mean() > 0.01


def rgb(color: str) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.int16)


def test_without_webgl_the_points_are_there_too(new: PlayerPage) -> None:
    new.page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest);
        };"""
    )
    player = new.open(points_per_blob=30)
    player.press("next")
    player.ready(1)
    expect(player.root.locator(".km-plot .scatterlayer .point")).to_have_count(180)


def test_on_a_phone_everything_that_matters_is_on_the_screen(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open()
    expect(player.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    for part in (".km-sentence", ".km-stage", ".km-next"):
        box = box_of(player.root.locator(part))
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= 844, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= 390, part
    for step in (1, 2):
        player.button("next").tap()
        player.ready(step)
    player.page.get_by_test_id("stExpandSidebarButton").tap()
    # The slider's own input is a clipped pixel; its box is what is seen.
    expect(player.page.locator(".st-key-k")).to_be_in_viewport(ratio=1)


def test_the_first_screen_has_all_that_a_visitor_needs(player: PlayerPage) -> None:
    player.open()
    for part in (".km-sentence", ".km-stage", ".km-next", ".km-scrub", ".km-cost"):
        expect(player.root.locator(part)).to_be_in_viewport(ratio=1)
    # The slider's own input is a clipped pixel; its box is what is seen.
    expect(player.page.locator(".st-key-k")).to_be_in_viewport(ratio=1)


def test_the_view_is_the_same_after_any_resize(player: PlayerPage) -> None:
    player.open()
    view = "document.querySelector('.km-plot')._fullLayout.xaxis.range.map((value) => Math.round(value * 100))"
    before = player.page.evaluate(view)
    for width in (390, 1000, 1440):
        player.page.set_viewport_size({"width": width, "height": 900})
        player.page.wait_for_function(f"innerWidth === {width}")
    player.page.wait_for_function(f"before => JSON.stringify({view}) === JSON.stringify(before)", arg=before)


def test_nothing_moves_from_step_to_step(player: PlayerPage) -> None:
    player.open(rule="medoid", max_iter=2)
    for width, height in ((1440, 900), (390, 844)):
        player.page.set_viewport_size({"width": width, "height": height})
        player.page.wait_for_function(f"innerWidth === {width}")
        places = set()
        for step in range(player.last + 1):
            player.go(step)
            box = box_of(player.button("next"))
            places.add((box["x"], box["y"], box["width"]))
        assert len(places) == 1


def test_who_is_quicker_than_the_widgets_loses_no_setting(new: PlayerPage) -> None:
    """The browser loads the code of a widget when it first draws one, which takes long on a slow line."""
    late: list[Route] = []
    player, page = new, new.page

    def hold(route: Route) -> None:
        late.append(route)

    page.route(re.compile(r"/(NumberInput|Slider|Selectbox)\.[^/]*\.js$"), hold)
    link = {"data": "blobs", "points": "300", "spread": "0.7", "k": "4", "rule": "median", "max_iter": "9"}
    first = player.open(**link).has("run")
    page.get_by_role("button", name=message("settings.new_random_seed")).click()
    second = player.after(first)
    assert len(late) == 3
    for route in late:
        route.continue_()
    expect(page.get_by_role("slider", name="Number of clusters K")).to_have_value("4")
    page.get_by_role("button", name=message("settings.new_random_seed")).click()
    player.after(second)
    assert link.items() <= player.link.items()


def test_a_run_that_reached_its_limit_continues_where_it_stopped_and_back_again(player: PlayerPage) -> None:
    player.open(max_iter=2, step=5)
    assert "Reached the 2-iteration limit before converging: " in player.sentence
    cut_off = player.has("run")
    expect(player.button("next")).to_have_text("Continue")
    player.press("next")
    whole_run = player.after(cut_off)
    assert player.step == 5, "the run goes on from where it stopped"
    assert player.last > 5
    assert player.link == {"data": "post", "step": "5"}
    expect(player.button("next")).to_have_text("Next: refine")
    player.press("last")
    player.ready(player.last)
    assert "Converged after 6 iterations" in player.sentence
    expect(player.button("next")).to_have_text("Start again")
    player.root.get_by_role("button", name="Undo").click()
    assert player.after(whole_run) == cut_off
    assert player.link["max_iter"] == "2"


def test_other_data_begin_at_their_beginning_and_undo_leads_back_to_the_step(player: PlayerPage) -> None:
    player.open(data="moons", k=2, points=300, step=4, edits="a0_3")
    drawn, page = player.has("run"), player.page
    page.get_by_role("combobox", name=message("settings.data_title")).fill("Rings")
    page.keyboard.press("Enter")
    rings = player.after(drawn)
    player.ready(0)
    assert "edits" not in player.link
    expect(player.root.locator(".km-notes")).to_contain_text("Undo brings them back")
    player.root.get_by_role("button", name="Undo").click()
    assert player.after(rings) == drawn
    player.ready(4)
    assert player.link["edits"] == "a0_3"
    expect(player.root.locator(".km-notes")).not_to_contain_text("Undo")
