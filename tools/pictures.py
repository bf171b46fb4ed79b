"""Take the README's pictures from the running app: ``python -m tools.pictures``."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tools.browser import running_browser
from tools.running import ROOT, running_app

FOLDER = ROOT / "docs"
PLAYER = "[data-testid=kmeans-player]"
LINK = "/?rule=mean&k=6&seed=0&panel=closed"
FRAMES_A_SECOND = 10


# A busy machine may take its time.
expect.set_options(timeout=60_000)


def _ready(page: Page, step: int) -> None:
    expect(page.locator(f'{PLAYER}[data-ready="true"][data-step="{step}"]')).to_be_visible()


def _still(page: Page) -> None:
    """Show the run in the middle of its story."""
    page.keyboard.press("Home")
    for step in range(1, 6):
        page.keyboard.press("ArrowRight")
        _ready(page, step)
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / "player.png")


def _film(page: Page) -> None:
    """Play the whole run and keep what is seen as a moving picture.

    The page's clock is stopped and advanced by hand: taking a frame may then last as long as it likes.
    """
    page.keyboard.press("Home")
    _ready(page, 0)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.locator(f'{PLAYER} [data-action="play"]').click()
    page.mouse.move(0, 0)
    frames: list[Image.Image] = []
    while not frames or page.locator(PLAYER).get_attribute("data-playing") == "true":
        shot = Image.open(BytesIO(page.locator(PLAYER).screenshot()))
        frames.append(shot.convert("RGB").resize((shot.width * 3 // 4, shot.height * 3 // 4), Image.Resampling.LANCZOS))
        page.clock.run_for(1000 // FRAMES_A_SECOND)
    # All colours that occur at any time, so that none is lost to the palette.
    sample = Image.new("RGB", (frames[0].width, 3 * frames[0].height))
    for row, frame in enumerate((frames[0], frames[len(frames) // 3], frames[-1])):
        sample.paste(frame, (0, row * frame.height))
    colors = sample.quantize(200)
    small = [frame.quantize(palette=colors, dither=Image.Dither.NONE) for frame in frames]
    small[0].save(
        FOLDER / "player.gif",
        save_all=True,
        append_images=[*small[1:], *[small[-1]] * (2 * FRAMES_A_SECOND)],
        duration=1000 // FRAMES_A_SECOND,
        loop=0,
        optimize=True,
    )


def main() -> None:
    """Start the app, take both pictures, end the app."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder), {}, {}) as app,
        running_browser() as browser,
    ):
        if browser is None:
            raise SystemExit("No browser starts; python -m tools.browser finds or fetches one.")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(app.url + LINK)
        _ready(page, 0)
        _still(page)
        page.set_viewport_size({"width": 1180, "height": 800})
        page.locator("[data-testid=stSidebarCollapseButton] button").click(force=True)
        page.wait_for_timeout(1000)  # until the sidebar has slid away and the picture has the room
        _film(page)
    for path in sorted(FOLDER.glob("player.*")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
