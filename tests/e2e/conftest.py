"""Fixtures of the browser's tests: players of several kinds, and the home page's ``points`` and ``trace``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from kmeans_core import RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from tests.e2e.player_page import POST, PlayerPage
from tests.support import NewPage
from tools.app_process import running_app


@pytest.fixture
def player(page: Page, server: str) -> PlayerPage:
    return PlayerPage(page, server)


@pytest.fixture
def animated_player(new_page: NewPage, server: str) -> PlayerPage:
    """The player with its motion, for tests that watch it."""
    return PlayerPage(new_page(reduced_motion="no-preference"), server)


@pytest.fixture
def fresh_player(new_page: NewPage, server: str) -> PlayerPage:
    """The player in a fresh page, for tests that listen to what it loads, or change that."""
    return PlayerPage(new_page(fresh=True), server)


@pytest.fixture(scope="session")
def second_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an app, behind a base path, without any state, and without TensorFlow."""
    with running_app(tmp_path_factory.mktemp("second"), {"server.baseUrlPath": "kmeans"}, {}) as app:
        yield app.url
        assert "Traceback" not in app.log, app.log


@pytest.fixture
def other_player(new_page: NewPage, second_server: str) -> PlayerPage:
    """Another browser and another server, without any state of ``player``."""
    return PlayerPage(new_page(), second_server, loads=True)


@pytest.fixture(scope="session")
def points() -> Points:
    return make_dataset("post", points_per_blob=int(POST["points_per_blob"]))[0]


@pytest.fixture(scope="session")
def trace(points: Points) -> Trace:
    return run(points, RunConfig(k=6, init="random"))
