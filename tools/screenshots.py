"""The README's pictures: ``python -m tools.screenshots`` takes them from the running app."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tools.app_process import running_app
from tools.browser import running_browser
from tools.paths import ROOT

FOLDER = ROOT / "docs"
PLAYER = "[data-testid=kmeans-player]"
LINK = "/?rule=mean&k=6&seed=0&panel=closed"
FRAMES_PER_SECOND = 10
# Whether the sidebar has slid away, and the picture is as wide as the room that this left.
FILLS_PAGE = """() => {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  const plot = document.querySelector(".km-plot");
  return sidebar.dataset.collapsed === "true"
    && !sidebar.getAnimations({ subtree: true }).length
    && Math.abs(plot._fullLayout.width - plot.parentElement.clientWidth) < 1;
}"""


# A busy machine can be slow.
expect.set_options(timeout=60_000)


def _await_step(page: Page, step: int) -> None:
    expect(page.locator(f'{PLAYER}[data-ready="true"][data-step="{step}"]')).to_be_visible()


def _take_screenshot(page: Page) -> None:
    """Save a picture of the page at step 5."""
    page.keyboard.press("Home")
    for step in range(1, 6):
        page.keyboard.press("ArrowRight")
        _await_step(page, step)
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / "player.png")


def _record_animation(page: Page) -> None:
    """Play the whole run and save it as an animated GIF.

    The page's clock is paused and advanced frame by frame, so that slow screenshots do not change the timing.
    """
    page.keyboard.press("Home")
    _await_step(page, 0)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.locator(f'{PLAYER} [data-action="play"]').click()
    page.mouse.move(0, 0)
    frames: list[Image.Image] = []
    while not frames or page.locator(PLAYER).get_attribute("data-playing") == "true":
        shot = Image.open(BytesIO(page.locator(PLAYER).screenshot()))
        frames.append(shot.convert("RGB").resize((shot.width * 3 // 4, shot.height * 3 // 4), Image.Resampling.LANCZOS))
        page.clock.run_for(1000 // FRAMES_PER_SECOND)
    # One palette from the first, a middle, and the last frame, so that no color is missing.
    sample = Image.new("RGB", (frames[0].width, 3 * frames[0].height))
    for row, frame in enumerate((frames[0], frames[len(frames) // 3], frames[-1])):
        sample.paste(frame, (0, row * frame.height))
    colors = sample.quantize(200)
    small = [frame.quantize(palette=colors, dither=Image.Dither.NONE) for frame in frames]
    small[0].save(
        FOLDER / "player.gif",
        save_all=True,
        append_images=[*small[1:], *[small[-1]] * (2 * FRAMES_PER_SECOND)],
        duration=1000 // FRAMES_PER_SECOND,
        loop=0,
        optimize=True,
    )


def main() -> None:
    """Start the app and take both pictures."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder), {}, {}) as app,
        running_browser() as browser,
    ):
        if browser is None:
            raise SystemExit("No browser starts; python -m tools.browser finds or installs one.")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(app.url + LINK)
        _await_step(page, 0)
        _take_screenshot(page)
        page.set_viewport_size({"width": 1180, "height": 800})
        page.locator("[data-testid=stSidebarCollapseButton] button").click(force=True)
        page.wait_for_function(FILLS_PAGE, timeout=60_000)
        _record_animation(page)
    for path in sorted(FOLDER.glob("player.*")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
