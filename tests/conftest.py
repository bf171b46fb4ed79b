"""Fixtures of all tests: ``server`` and ``new_server``, ``browser``, ``page`` and ``new_page``."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support import ROOT, NewPage, NewServer, Server, WatchedPage, running_app
from tools.browser import HOW_TO_GET_ONE, running_browser

ARTIFACTS = ROOT / ".artifacts"
PAGE_MILLISECONDS = 15_000
WATCHED = pytest.StashKey[list[WatchedPage]]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app that all tests share; it may not have logged a traceback when they are done."""
    with running_app(tmp_path_factory.mktemp("server"), {}, {}) as app:
        yield app.url
        assert "Traceback" not in app.log, app.log


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[NewServer]:
    """Start further apps; all end with the test."""
    with ExitStack() as stack:

        def start(options: Mapping[str, object] | None = None, env: Mapping[str, str] | None = None) -> Server:
            return stack.enter_context(running_app(tmp_path, options or {}, env or {}))

        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; without one a test is skipped, and fails in CI."""
    with running_browser() as started:
        if started is None:
            message = f"no browser starts: {HOW_TO_GET_ONE}"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        yield started


class Profiles:
    """Browser profiles by their settings, lent to one test at a time and emptied when it ends.

    A profile that is used again has Plotly and Streamlit's own code in its cache, as a returning visitor's has, which
    saves a test the better part of its start.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: defaultdict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def lent(self, **settings: Any) -> Iterator[BrowserContext]:
        free = self._free[repr(settings)]
        context = free.pop() if free else self._browser.new_context(**settings)
        context.set_default_timeout(PAGE_MILLISECONDS)
        yield context
        for page in context.pages:
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear()")  # Streamlit keeps there whether the sidebar is open
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        free.append(context)


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


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
            reduced_motion: Literal["no-preference", "reduce"] = "no-preference",
            touch: bool = False,
            expect_errors: str | None = None,
        ) -> Page:
            context = stack.enter_context(
                profiles.lent(
                    viewport={"width": viewport[0], "height": viewport[1]},
                    color_scheme=color_scheme,
                    reduced_motion=reduced_motion,
                    has_touch=touch,
                    is_mobile=touch,
                )
            )
            page = context.new_page()
            watched.append(WatchedPage(page, re.compile(expect_errors) if expect_errors else None))
            return page

        yield open_page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page of 1440 x 900 pixels in the light theme."""
    return new_page()


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
        name = re.sub(r"[^\w.-]+", "-", item.nodeid.removeprefix("tests/")).strip("-")
        pages: list[WatchedPage] = item.stash.get(WATCHED, [])
        for number, watched in enumerate(pages):
            if not watched.page.is_closed():
                picture = ARTIFACTS / f"{name}-{number}.png"
                watched.page.screenshot(path=picture)
                report.sections.append(("page", f"{watched.page.url}\n{picture}"))
    return report
