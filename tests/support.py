"""What fixtures hand to tests: a running app, and pages that remember their errors."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect
from streamlit.testing.v1 import AppTest

from ui.analyses.tutorial.screens import SCREEN_NUMBERS
from ui.shell.navigation import BACKEND_COMPARISON, PLACES, PLAYER, TUTORIAL
from ui.shell.navigation import Page as AppPage
from ui.shell.page import APP_TITLE
from ui.text.messages import message

Result = TypeVar("Result")

# Opened on a sub-page, Streamlit first looks for its server below that page's address, then at the root.
STREAMLIT_LOOKS_FOR_ITSELF = re.compile(r"404 \(Not Found\) \(http://[^/]+/.+/_stcore/(health|host-config)\)$")


class NewPage(Protocol):
    """Lend a page with a profile of its own: a ``fresh`` one, else one in which an earlier test may have left the app.

    Who listens to a page, or changes what it loads, takes a fresh one; who is about motion, which keeps a core busy,
    asks for it.

    The test fails if the page reports an error that ``expect_errors``, a regular expression, does not match.
    """

    def __call__(
        self,
        *,
        viewport: tuple[int, int] = (1440, 900),
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["no-preference", "reduce"] = "reduce",
        touch: bool = False,
        fresh: bool = False,
        expect_errors: str | None = None,
    ) -> Page: ...


def component_proto(app: AppTest, component: str) -> Any:
    """Return the message to one of the page's components, as Streamlit sends it."""
    return next(element.proto for element in app.get("bidi_component") if element.proto.component_name == component)


def choose_data(app: AppTest, data: str) -> AppTest:
    """Choose a dataset in the row of pictures, and run the page."""
    return app.radio(key="data").set_value(data).run()


def pick_data(page: Page, data: str) -> None:
    """Choose a dataset in a browser, in the row of pictures."""
    page.get_by_role("radiogroup", name=message("settings.data_title")).locator("label").filter(
        has=page.get_by_text(message("settings.dataset_name", data=data), exact=True)
    ).click()


# What the app itself does to lead to one of its runs.
_FOLLOW = """(address) => {
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}"""
# How a run was looked at when it was left: an address that is opened again knows nothing of that.
_FORGET = "sessionStorage.removeItem('kmeans-left')"
# Whether the app is open, and its sidebar as wide as when a page is loaded.
_AS_LOADED = """() => {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  const isNarrow = String(innerWidth < 768);
  return document.querySelector(".st-key-current_page") && (sidebar?.dataset.collapsed ?? isNarrow) === isNarrow;
}"""
_IS_DRAWN = """() => document.querySelector(".st-key-current_page")
  && document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
"""
# The pages that are drawn with the least work: the lesson's last screen, and another one to get to the lesson from.
_LESSON, _NEIGHBOR = (Path(page.script).stem for page in (TUTORIAL, BACKEND_COMPARISON))
_LAST_SCREEN = f"{_LESSON}?screen={SCREEN_NUMBERS[-1]}"


def follow_links(page: Page, target: AppPage) -> None:
    """Open a page of the app by the links of its navigation."""
    place = next(place for place in PLACES if target in place.pages)
    _link_in(page, message("navigation.landmark"), place.label).click()
    if target is not place.pages[0]:
        _link_in(page, message("navigation.siblings_landmark"), target.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(APP_TITLE if target is PLAYER else target.title)


def _link_in(page: Page, landmark: str, label: str) -> Locator:
    return page.get_by_role("navigation", name=landmark).get_by_role("link", name=label, exact=True)


def visit(page: Page, address: str) -> None:
    """Open an address of the app: where the app is open, as one of its own links is followed, else by loading it.

    From a page to itself it leads over another one, so that nothing of what was shown before stays.
    """
    base, name = _parts(address)
    base_before, name_before = _parts(page.url)
    if base_before != base or not page.evaluate(_AS_LOADED):
        page.goto(address)
        return
    over = f"{base}/{_NEIGHBOR if name == _LESSON else _LAST_SCREEN}" if name_before == name else address
    before = page.locator(".st-key-current_page").element_handle()
    page.evaluate(_FORGET)
    page.evaluate(_FOLLOW, over)
    page.wait_for_function("(before) => !before.isConnected", arg=before)
    before.dispose()  # or the browser would keep the page that was left in memory
    if over != address:
        page.wait_for_function(_IS_DRAWN)  # nobody leaves a page while it is drawn, unless a test is about that
        page.evaluate(_FORGET)
        page.evaluate(_FOLLOW, address)


def _parts(address: str) -> tuple[str, str]:
    """Split an address into that of the server and the name of a page."""
    base, _, name = address.partition("?")[0].rpartition("/")
    return base, name


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end in a thread of its own: in this one the browser's tests may have a loop that runs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition holds that nothing announces; fail after that many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"the condition did not hold within {seconds:g} s"
        time.sleep(0.1)


async def pause() -> None:
    """Let a tenth of a second pass before the next attempt at something that nothing announces."""
    await asyncio.sleep(0.1)


@dataclass
class WatchedPage:
    """A page and the errors it reported: in its console, uncaught, and in asking any host but this one."""

    page: Page
    expected: re.Pattern[str] | None = None
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._add(f"exception: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            text = f"console: {message.text} ({message.location['url']})"
            if not STREAMLIT_LOOKS_FOR_ITSELF.search(text):
                self._add(text)

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in ("127.0.0.1", "localhost"):
            self._add(f"asked another host: {request.url}")

    def _add(self, error: str) -> None:
        if self.expected is None or not self.expected.search(error):
            self.errors.append(error)
