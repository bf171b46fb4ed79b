"""A replica is killed: every browser reconnects to the other replica and shows the same view."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from tests.e2e.player_page import PlayerPage
from tests.support import wait_until
from tools.deployment import running_deployment
from tools.proxy import find_nginx
from ui.text.messages import message

IS_FULL = os.environ.get("KMEANS_ATTACK") == "full"
BROWSERS = 6 if IS_FULL else 1
# The machine runs other tests at the same time.
RECONNECT_SECONDS = 2.0 if IS_FULL else 30.0
FADE_SECONDS = 10.0


def draw_points(player: PlayerPage) -> None:
    """Draw three points by keyboard."""
    if not player.root.locator(".km-pens").is_visible():
        player.root.locator('[data-tool="edit"]').click()
    player.root.locator('[data-tool="add"]').focus()
    player.page.keyboard.press("Enter")
    expect(player.root.locator(".km-drawing-overlay")).to_be_focused()
    for key in ("ArrowUp", "ArrowLeft", "ArrowLeft"):
        before = player.has("run")
        player.page.keyboard.press(key)
        player.page.keyboard.press("Enter")
        player.after(before)


def replica_of(page: Page) -> str:
    """Return the name of the replica that a page is at, from the proxy's cookie."""
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "kmeans_replica")


def wait_until_connected(page: Page, is_connected: bool) -> None:
    operator = "===" if is_connected else "!=="
    page.wait_for_function(
        f"document.querySelector('[data-testid=stApp]').dataset.testConnectionState {operator} 'CONNECTED'", polling=20
    )


def wait_for_picture(player: PlayerPage, picture: NDArray[np.int16]) -> None:
    """Wait for the picture, to the last pixel: what the server draws again, Streamlit fades in."""
    wait_until(lambda: np.array_equal(player.picture(), picture), FADE_SECONDS)


@pytest.mark.skipif(find_nginx() is None, reason="two replicas need a proxy, and there is no nginx here")
def test_all_browsers_reconnect_with_the_same_view_when_a_replica_is_killed(browser: Browser, tmp_path: Path) -> None:
    image = os.environ.get("KMEANS_ATTACK_IMAGE", "")
    with running_deployment(2, tmp_path, image=image, env={"KMEANS_TENSORFLOW": "0"}) as place:
        # What waits here asks the page itself, which the policy would forbid; other tests hold pages to that.
        pages = [browser.new_context(bypass_csp=True).new_page() for _ in range(BROWSERS)]
        players = [PlayerPage(page, place.url) for page in pages]
        for number, player in enumerate(players):
            player.open(data="uniform", points=50 + number, seed=number, k=4)
            draw_points(player)
            player.press("next")
            player.ready(1)
        views = [(player.has("run"), player.link, player.step, player.picture()) for player in players]
        assert all("edits" in link for _, link, _, _ in views)
        replica = replica_of(players[0].page)
        affected_players = [player for player in players if replica_of(player.page) == replica]

        place.replicas["ab".index(replica)].kill()
        start = time.monotonic()
        for is_connected in (False, True):
            for player in affected_players:
                wait_until_connected(player.page, is_connected)
        seconds = time.monotonic() - start
        assert seconds <= RECONNECT_SECONDS, (
            f"the last of {len(affected_players)} browsers was back after {seconds:.1f} s"
        )

        for player, (run, link, step, picture) in zip(players, views, strict=True):
            player.ready(step)
            assert player.has("run") == run
            assert player.link == link
            wait_for_picture(player, picture)
            # And everything goes on: another setting is computed, by whoever is left.
            before = player.has("run")
            player.root.get_by_role("button", name=message("settings.new_random_seed")).click()
            player.after(before)
            assert player.link["edits"] == link["edits"]
        assert {replica_of(player.page) for player in players} <= {"a", "b"}
        for player in players:
            player.page.context.close()
