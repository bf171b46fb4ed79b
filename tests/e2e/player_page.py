"""The player as a person drives it; waits for what it says of itself, never for time to pass."""

from __future__ import annotations

from functools import cached_property, partial
from io import BytesIO
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

from tests.support import visit

SELECTOR = "[data-testid=kmeans-player]"

# Nothing here takes long, but a busy machine may: TensorFlow's first run, above all.
LONGEST_MILLISECONDS = 60_000
expect.set_options(timeout=LONGEST_MILLISECONDS)

# Asked at every frame of the page itself: an expectation asks less and less often, up to a second late.
_STATES = """([selector, facts, not]) => {
  const [player, ...stale] = document.querySelectorAll(selector);
  const states = (facts) => Object.entries(facts).every(([name, value]) => player.dataset[name] === value);
  return player !== undefined && !stale.length && states(facts) && !(Object.keys(not).length && states(not));
}"""


def box_of(locator: Locator) -> FloatRect:
    """Return where something is, once it is there: what the server rewrites has no place for a moment."""
    for _ in range(20):
        expect(locator).to_be_visible()
        box = locator.bounding_box()
        if box is not None:
            return box
    raise AssertionError(f"{locator} has no place on the page")


# The box grows for half a second, and again when its content comes; meanwhile the page has not its whole height.
_OPENED = """async (box) => {
  for (let moving; (moving = box.getAnimations({ subtree: true })).length; )
    await Promise.allSettled(moving.map((animation) => animation.finished));
}"""


def open_downloads(page: Page) -> None:
    """Open what can be taken away, and wait for it: a button must not be gone from under the mouse meanwhile."""
    page.get_by_text("Download: table").click()
    expect(page.get_by_role("button", name="Table as CSV")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_test_id("stExpander").filter(has_text="Download: table").evaluate(_OPENED)


class PlayerPage:
    """The home page in a browser."""

    selector = SELECTOR

    def __init__(self, page: Page, server: str, *, loads: bool = False) -> None:
        self.page = page
        self.server = server
        self.opens = page.goto if loads else partial(visit, page)

    def open(self, path: str = "/", **link: object) -> PlayerPage:
        """Open the page by a link, in a session of its own if it ``loads``, and wait until the player is painted."""
        self.opens(f"{self.server}{path}?{urlencode(link)}")
        self.ready()
        return self

    def open_again(self, step: int | None = None) -> None:
        """Come back by the page's own link, as somebody else would."""
        self.opens(self.page.url)
        self.ready(step)

    @cached_property
    def root(self) -> Locator:
        return self.page.locator(self.selector)

    def ready(self, step: int | None = None) -> None:
        """Wait until the picture stands still, at that half-step if one is given."""
        if step is None:
            self.states(ready="true")
        else:
            self.states(ready="true", step=str(step))

    def states(self, but: dict[str, str] | None = None, **facts: str) -> None:
        """Wait until the player states these facts about itself, and not the facts of ``but``."""
        wanted = [self.selector, facts, but or {}]
        try:
            self.page.wait_for_function(_STATES, arg=wanted, timeout=LONGEST_MILLISECONDS)
        except TimeoutError:
            stated = self.root.evaluate_all("(found) => found.map((player) => ({ ...player.dataset }))")
            raise AssertionError(f"waited for {facts} and not {but}; the player states {stated}") from None

    def has(self, name: str) -> str:
        """One of the facts that the player states about itself."""
        return self.root.get_attribute(f"data-{name}") or ""

    @property
    def step(self) -> int:
        return int(self.has("step"))

    @property
    def last(self) -> int:
        return int(self.has("steps")) - 1

    def after(self, run: str) -> str:
        """Wait for another run than ``run`` to be painted and return its name."""
        self.states(but={"run": run}, ready="true")
        return self.has("run")

    def button(self, action: str) -> Locator:
        return self.root.locator(f'[data-action="{action}"]')

    def press(self, action: str) -> None:
        self.button(action).click()

    def go(self, step: int) -> None:
        """Scrub to a half-step."""
        self.root.get_by_role("slider", name="Half-step").fill(str(step))
        self.ready(step)

    def hears_every_key(self, but: str = "") -> None:
        """Press each of the player's keys, except one that what has the focus uses itself, and see what it does."""
        steps = {"Home": 0, "ArrowRight": 1, "ArrowLeft": 0, "PageDown": 1, "PageUp": 0, "End": self.last}
        for key, step in (*steps.items(), ("Home", 0), (".", 0), ("Shift+ArrowRight", 0)):
            if key not in but.split():
                self.page.keyboard.press(key)
                self.ready(step)
        if "Space" not in but:
            for playing in ("true", "false"):
                self.page.keyboard.press("Space")
                self.states(playing=playing)
        self.page.keyboard.press("?")
        expect(self.root.get_by_role("dialog", name="What K-means does")).to_be_visible()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Escape")
        expect(self.root.get_by_role("dialog")).to_have_count(0)
        self.states(playing="false", step="0")

    @property
    def sentence(self) -> str:
        return " ".join(self.root.locator(".km-sentence").inner_text().split(" "))

    @property
    def sizes(self) -> list[str]:
        return self.root.locator(".km-table tbody tr td:nth-child(2)").all_inner_texts()

    def center(self, cluster: int) -> str:
        return self.root.locator(f'.km-center[data-cluster="{cluster}"]').get_attribute("transform") or ""

    @property
    def link(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def picture(self) -> NDArray[np.int16]:
        """The picture's pixels, ``(height, width, 3)``, signed so that they can be subtracted."""
        shot = self.root.locator(".km-stage").screenshot()
        return np.asarray(Image.open(BytesIO(shot)).convert("RGB"), dtype=np.int16)
