"""Page object of the player. It waits for the facts that the player states about itself, never for time to pass."""

from __future__ import annotations

import re
from functools import cached_property, partial
from io import BytesIO
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

from tests.support import visit
from ui.text.messages import message

SELECTOR = "[data-testid=kmeans-player]"

POST = {"data": "post", "points_per_blob": "50"}
"""The post's data, with fewer points: 3,072 take twice the time to draw."""

# Nothing here takes long, but a busy machine may: TensorFlow's first run, above all.
LONGEST_MILLISECONDS = 60_000
expect.set_options(timeout=LONGEST_MILLISECONDS)

# Asked at every frame of the page itself: an expectation asks less and less often, up to a second late.
_STATES = """([selector, facts, old]) => {
  const [player, ...stale] = document.querySelectorAll(selector);
  const states = (facts) => Object.entries(facts).every(([name, value]) => player.dataset[name] === value);
  return player !== undefined && !stale.length && states(facts) && !(Object.keys(old).length && states(old));
}"""


def words(text: str) -> str:
    """Return a text with every kind of space made plain."""
    return re.sub(r"\s+", " ", text).strip()


def box_of(locator: Locator) -> FloatRect:
    """Return the place of an element, once it has one: it has none while the server draws it again."""
    for _ in range(20):
        expect(locator).to_be_visible()
        box = locator.bounding_box()
        if box is not None:
            return box
    raise AssertionError(f"{locator} has no place on the page")


# The box grows for half a second, and again when its content comes; meanwhile the page has not its whole height.
_AWAIT_OPENING = """async (box) => {
  for (let moving; (moving = box.getAnimations({ subtree: true })).length; )
    await Promise.allSettled(moving.map((animation) => animation.finished));
}"""


def open_downloads(page: Page) -> None:
    """Open the downloads, and wait for them: a button must not move from under the mouse meanwhile."""
    title = message("downloads.title")
    page.get_by_text(title).click()
    expect(page.get_by_role("button", name=message("downloads.csv"))).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_test_id("stExpander").filter(has_text=title).evaluate(_AWAIT_OPENING)


class PlayerPage:
    """The home page in a browser."""

    selector = SELECTOR

    def __init__(self, page: Page, server: str, *, loads: bool = False) -> None:
        self.page = page
        self.server = server
        self.load = page.goto if loads else partial(visit, page)

    def open(self, path: str = "/", **link: object) -> PlayerPage:
        """Open a link, in a session of its own if it ``loads``, and wait until the player is painted.

        Except to the tutorial, a link without data is one to 300 points of the post's.
        """
        data = {} if path == "/tutorial" or "data" in link else POST
        self.load(f"{self.server}{path}?{urlencode(data | link)}")
        self.ready()
        return self

    def open_again(self, step: int | None = None) -> None:
        """Open the page again by its own link."""
        self.load(self.page.url)
        self.ready(step)

    def use_tool(self, name: str) -> None:
        """Press a tool beside the picture; Edit opens the pens first."""
        edit = self.root.locator('[data-tool="edit"]')
        if name not in {"undo", "redo"} and edit.get_attribute("aria-expanded") == "false":
            edit.click()
        self.root.locator(f'[data-tool="{name}"]').click()

    @cached_property
    def root(self) -> Locator:
        return self.page.locator(self.selector)

    def ready(self, step: int | None = None) -> None:
        """Wait until the picture stands still, at that half-step if one is given."""
        if step is None:
            self.states(ready="true")
        else:
            self.states(ready="true", step=str(step))

    def states(self, old: dict[str, str] | None = None, **facts: str) -> None:
        """Wait until the player states these facts about itself, and no longer all of the ``old`` ones."""
        arguments = [self.selector, facts, old or {}]
        try:
            self.page.wait_for_function(_STATES, arg=arguments, timeout=LONGEST_MILLISECONDS)
        except TimeoutError:
            state = self.root.evaluate_all("(players) => players.map((player) => ({ ...player.dataset }))")
            raise AssertionError(f"waited for {facts} instead of {old}; the player states {state}") from None

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
        self.states(old={"run": run}, ready="true")
        return self.has("run")

    def button(self, action: str) -> Locator:
        return self.root.locator(f'[data-action="{action}"]')

    def press(self, action: str) -> None:
        self.button(action).click()

    @property
    def scrubber(self) -> Locator:
        return self.root.get_by_role("slider", name=message("controls.step"), exact=True)

    def go(self, step: int) -> None:
        """Scrub to a half-step."""
        self.scrubber.fill(str(step))
        self.ready(step)

    def set_speed(self, speed: str) -> None:
        self.root.get_by_label(message("controls.speed")).select_option(speed)

    def layer(self, name: str) -> Locator:
        """Return the checkbox that shows and hides ``cells``, ``trails``, or ``squares``."""
        return self.root.locator(f'[data-layer="{name}"]')

    def tab(self, name: str) -> Locator:
        """Return the tab ``explanation``, ``math``, or ``code``."""
        return self.root.get_by_role("tab", name=message(f"panel.{name}"))

    @property
    def k_slider(self) -> Locator:
        return self.page.get_by_role("slider", name=message("settings.k_title"))

    def roll_dice(self) -> str:
        """Press "New random start" in the settings, and return the name of the run that follows."""
        before = self.has("run")
        sidebar = self.page.get_by_test_id("stSidebar")
        sidebar.get_by_role("button", name=message("settings.new_random_seed")).click()
        return self.after(before)

    def change_k(self, key: str) -> str:
        """Press a key on the slider of K, and return the name of the run that follows."""
        before = self.has("run")
        self.k_slider.press(key)
        return self.after(before)

    def press_every_key(self, skip: str = "") -> None:
        """Press each of the player's keys but those that the element with the focus uses, and check what they do."""
        steps = {"Home": 0, "ArrowRight": 1, "ArrowLeft": 0, "PageDown": 1, "PageUp": 0, "End": self.last}
        for key, step in (*steps.items(), ("Home", 0), (".", 0), ("Shift+ArrowRight", 0)):
            if key not in skip.split():
                self.page.keyboard.press(key)
                self.ready(step)
        if "Space" not in skip:
            for playing in ("true", "false"):
                self.page.keyboard.press("Space")
                self.states(playing=playing)
            self.ready()
        reached = self.has("step")  # a slow machine may have played one
        self.page.keyboard.press("?")
        expect(self.root.get_by_role("dialog", name=message("help.title"))).to_be_visible()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Escape")
        expect(self.root.get_by_role("dialog")).to_have_count(0)
        self.states(playing="false", step=reached)

    @property
    def sentence(self) -> str:
        return " ".join(self.root.locator(".km-sentence").inner_text().split(" "))

    @property
    def sizes(self) -> list[str]:
        return self.root.locator(".km-clusters tbody tr td:nth-child(2)").all_inner_texts()

    def center(self, cluster: int) -> str:
        return self.root.locator(f'.km-center[data-cluster="{cluster}"]').get_attribute("transform") or ""

    @property
    def link(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def picture(self) -> NDArray[np.int16]:
        """The picture's pixels without its hint, ``(height, width, 3)``, signed so that they can be subtracted."""
        shot = self.root.locator(".km-stage").screenshot(style=".km-drag-hint { visibility: hidden; }")
        return np.asarray(Image.open(BytesIO(shot)).convert("RGB"), dtype=np.int16)
