"""The player compared with Plotly's own animation frames: bytes, time to paint, and frames per second."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket

from tools.app_process import running_app
from tools.browser import running_browser
from ui.text.messages import message

SIZES = (3_072, 20_000, 100_000)
TILED_POINTS = 1_000_000  # points that the player draws as tiles; as frames they would take hundreds of megabytes
CHANGES = 5
PLAY_SECONDS = 6
TIMEOUT_MS = 180_000

# Returns the times of the browser's frames within so many milliseconds.
FRAME_TIMES = """(duration) => new Promise((resolve) => {
  const times = [];
  const record = (now) => {
    times.push(now);
    if (now - times[0] < duration) requestAnimationFrame(record);
    else resolve(times);
  };
  requestAnimationFrame(record);
})"""
RENDERER = """() => {
  const gl = document.createElement("canvas").getContext("webgl");
  const info = gl && gl.getExtension("WEBGL_debug_renderer_info");
  return gl ? gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) : "no WebGL";
}"""

PLAYER_RUN = "document.querySelector('[data-testid=kmeans-player]').dataset.run"
PLAYER_READY = "document.querySelector('[data-testid=kmeans-player]')?.dataset.ready === 'true'"
IS_IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
FRAMES_TITLE = "document.querySelector('.gtitle')?.textContent"


class Measurement:
    """The measurement of one kind of player with one number of points."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.received_bytes = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        def count(frame: str | bytes) -> None:
            self.received_bytes += len(frame)

        socket.on("framereceived", count)

    def change_k(self, name: str, run: str, ready: str) -> tuple[float, int]:
        """Change K several times; return the median seconds to paint, and the most bytes that one change took."""
        seconds, sizes = [], []
        for change in range(CHANGES):
            before = self.page.evaluate(run)
            self.received_bytes = 0
            self.page.get_by_role("slider", name=name).focus()
            start = time.perf_counter()
            self.page.keyboard.press("ArrowRight" if change < CHANGES - 1 else "ArrowLeft")
            self.page.wait_for_function(
                f"before => {run} !== before && {ready}", arg=before, timeout=TIMEOUT_MS, polling="raf"
            )
            seconds.append(time.perf_counter() - start)
            sizes.append(self.received_bytes)
            self.page.wait_for_function(IS_IDLE, timeout=TIMEOUT_MS)
        return median(seconds), max(sizes)

    def play(self, start: Callable[[], None]) -> tuple[float, float]:
        """Play for a while; return frames per second, and the longest pause between two frames in milliseconds."""
        start()
        times: list[float] = self.page.evaluate(FRAME_TIMES, 1000 * PLAY_SECONDS)
        gaps = [later - earlier for earlier, later in pairwise(times)]
        return 1000 * len(gaps) / sum(gaps), max(gaps)


def _player(browser: Browser, url: str, n: int) -> str:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    measurement = Measurement(page)
    page.goto(f"{url}/?data=blobs&blobs=6&points={n}")
    page.wait_for_function(PLAYER_READY, timeout=TIMEOUT_MS)
    seconds, size = measurement.change_k(message("settings.k_title"), PLAYER_RUN, PLAYER_READY)
    fps, pause = measurement.play(page.locator('[data-action="play"]').click)
    page.close()
    return f"| {n:,} | ours | {_figures(size, seconds, fps, pause)} |"


def _frames(browser: Browser, url: str, n: int) -> str:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    measurement = Measurement(page)
    page.goto(f"{url}/?points={n}")
    page.wait_for_function(f"{FRAMES_TITLE} === 'K = 6'", timeout=TIMEOUT_MS)
    seconds, size = measurement.change_k("K", FRAMES_TITLE, "true")
    fps, pause = measurement.play(page.locator(".updatemenu-button").first.click)
    page.close()
    return f"| {n:,} | Plotly's frames | {_figures(size, seconds, fps, pause)} |"


def _figures(size: int, seconds: float, fps: float, pause: float) -> str:
    return f"{size / 1e6:.2f} | {seconds:.2f} | {fps:.0f} | {pause:.0f}"


def player_table() -> str:
    """Measure both players with every number of points, and return the table."""
    lines = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder), {}, {}) as app,
        running_app(Path(folder), {}, {}, script="benchmarks/frames_app.py") as peer,
        running_browser() as browser,
    ):
        if browser is None:
            return "The player's table needs a browser; python -m tools.browser finds or installs one."
        page = browser.new_page()
        renderer = page.evaluate(RENDERER)
        page.close()
        for n in SIZES:
            lines += [_player(browser, app.url, n), _frames(browser, peer.url, n)]
        lines += [
            _player(browser, app.url, TILED_POINTS),
            f"| {TILED_POINTS:,} | Plotly's frames | not measured | | | |",
        ]
    head = "| points | player | MB per change of K | s from K to paint | frames per second | longest pause, ms |"
    return "\n".join([f"Playing a run, drawn by {renderer}:", "", head, "|---|---|---|---|---|---|", *lines])
