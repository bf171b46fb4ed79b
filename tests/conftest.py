"""Fixtures of all tests: ``server``, ``browser``, ``page`` and ``new_page``."""

from __future__ import annotations

import functools
import os
import re
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page
from streamlit.components.v2 import manifest_scanner

from tests.support import NewPage, WatchedPage
from tools.app_process import running_app
from tools.browser import INSTALL_HINT, profile_on_disk, running_browser
from tools.paths import ROOT

ARTIFACTS = ROOT / ".artifacts"
PAGE_MILLISECONDS = 15_000
WATCHED = pytest.StashKey[list[WatchedPage]]()
FAILED = pytest.StashKey[bool]()


# For every app that a test opens in its own process Streamlit reads what every installed package says of itself, half a
# second long: once is enough.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

# Threads of OpenMP spin while they wait for each other. With a worker on every core they wait for its other work: a fit
# of scikit-learn's KMeans then takes 117 ms of CPU time on two threads, and 2.5 ms on one.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app that all tests share; it may not have logged a traceback when they are done."""
    with running_app(tmp_path_factory.mktemp("server"), {}, {}) as app:
        yield app.url
        assert "Traceback" not in app.log, app.log


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; without one a test is skipped, and fails in CI."""
    with running_browser() as started:
        if started is None:
            message = f"no browser starts: {INSTALL_HINT}"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        yield started


@dataclass
class Profile:
    """A browser profile, and the tab in which the last test left the app open."""

    context: BrowserContext
    tab: WatchedPage | None = None


class Profiles:
    """Browser profiles, for fingers and for a mouse, lent to one test at a time.

    A profile that is used again has Plotly and Streamlit's own code in its cache and compiled, as a returning visitor's
    has; and a tab that is used again has the app in it: a link that is followed there (``visit``) takes a third of the
    work of a page that is loaded.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._contexts: list[BrowserContext] = []
        self._free: defaultdict[bool, list[Profile]] = defaultdict(list)

    @contextmanager
    def lent(self, request: pytest.FixtureRequest, touch: bool, fresh: bool) -> Iterator[WatchedPage]:
        profile = self._free[touch].pop() if self._free[touch] else self._new(touch)
        watched = None if fresh else profile.tab
        if watched is None:
            watched = WatchedPage(profile.context.new_page())
        page = watched.page
        page.bring_to_front()  # a page behind another one stands still
        yield watched
        if page.url.startswith("http"):
            # Streamlit keeps there whether the sidebar is open, and the app what one tab was given.
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        if fresh or request.node.stash.get(FAILED, False) or watched.errors:
            page.close()
            if watched is profile.tab:
                profile.tab = None
        else:
            page.mouse.up()
            page.mouse.move(0, 0)
            profile.tab = watched
        profile.context.clear_permissions()
        self._free[touch].append(profile)

    def _new(self, touch: bool) -> Profile:
        folder = self._folder / str(len(self._contexts))
        context = profile_on_disk(self._browser, folder, has_touch=touch, is_mobile=touch)
        context.set_default_timeout(PAGE_MILLISECONDS)
        self._contexts.append(context)
        return Profile(context)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profiles]:
    session_profiles = Profiles(browser, tmp_path_factory.mktemp("profiles"))
    yield session_profiles
    session_profiles.close()


@pytest.fixture
def new_page(profiles: Profiles, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Open pages whose errors fail the test and whose last sight is kept if it fails."""
    watched: list[WatchedPage] = []
    request.node.stash[WATCHED] = watched
    with ExitStack() as stack:

        def open_page(
            *,
            viewport: tuple[int, int] = (1440, 900),
            color_scheme: Literal["light", "dark"] = "light",
            reduced_motion: Literal["no-preference", "reduce"] = "reduce",
            touch: bool = False,
            fresh: bool = False,
            expect_errors: str | None = None,
        ) -> Page:
            lent = stack.enter_context(profiles.lent(request, touch, fresh))
            lent.expected = re.compile(expect_errors) if expect_errors else None
            lent.page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
            lent.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
            watched.append(lent)
            return lent.page

        yield open_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page of 1440 x 900 pixels in the light theme, without motion."""
    return new_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the workers begin with slow tests, so that at the end none waits for another's.

    Each of two workers gets one half of the list, and takes from the other's end what that has not begun. Tests on
    TensorFlow are all in the first half: loading it takes 7 s of CPU time.
    """
    groups = {name: [item for item in items if _speed(item) == name] for name in ("tensorflow", "slow", "quick")}
    modules = list(dict.fromkeys(item.path for item in groups["slow"]))
    first, second = ([item for item in groups["slow"] if item.path in modules[half::2]] for half in (0, 1))
    first = [*groups["tensorflow"], *first]
    room = max(0, len(items) // 2 - len(first))
    items[:] = [*first, *groups["quick"][:room], *second, *groups["quick"][room:]]


def _speed(item: pytest.Item) -> Literal["tensorflow", "slow", "quick"]:
    """Tell whether a test needs TensorFlow, a browser or a server, or neither."""
    if re.search(r"tensorflow|keras|test_backends|test_exact_runs", item.nodeid):
        return "tensorflow"
    return "slow" if re.match(r"tests/(e2e|attack)/|tests/test_load", item.nodeid) else "quick"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test whose pages reported errors, even if all that it asserted was true."""
    yield
    pages: list[WatchedPage] = item.stash.get(WATCHED, [])
    for watched in pages:
        if not watched.page.is_closed():
            watched.page.wait_for_timeout(0)  # lets the page's last words in
    errors = [error for watched in pages for error in watched.errors]
    if errors:
        pytest.fail("the page reported:\n" + "\n".join(errors), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of every page of a failed test."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
        name = re.sub(r"[^\w.-]+", "-", item.nodeid.removeprefix("tests/")).strip("-")
        pages: list[WatchedPage] = item.stash.get(WATCHED, [])
        for number, watched in enumerate(pages):
            if not watched.page.is_closed():
                picture = ARTIFACTS / f"{name}-{number}.png"
                try:
                    watched.page.screenshot(path=picture)
                except Error as error:
                    report.sections.append(("page", f"{watched.page.url}\nno picture: {error}"))
                else:
                    report.sections.append(("page", f"{watched.page.url}\n{picture}"))
    return report
