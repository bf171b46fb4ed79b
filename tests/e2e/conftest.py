"""Fixtures of the browser's tests: ``player`` and ``still``, and the home page's own ``points`` and ``trace``."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from kmeans_core import RunConfig, Trace, make_dataset, run
from kmeans_core.types import Points
from tests.e2e.player_page import PlayerPage
from tests.support import NewPage


@pytest.fixture
def player(page: Page, server: str) -> PlayerPage:
    return PlayerPage(page, server)


@pytest.fixture
def still(new_page: NewPage, server: str) -> PlayerPage:
    """The player without motion, for tests that walk through a whole run and need not watch it."""
    return PlayerPage(new_page(reduced_motion="reduce"), server)


@pytest.fixture(scope="session")
def points() -> Points:
    drawn, _ = make_dataset("post")
    return drawn


@pytest.fixture(scope="session")
def trace(points: Points) -> Trace:
    return run(points, RunConfig(k=6))
