"""The server under attack: a process, a container of ``KMEANS_ATTACK_IMAGE``, or the one at ``KMEANS_ATTACK_URL``.

The log of the last one is not checked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Literal

import pytest

from tests.attack.attacks import IS_FULL, TIMEOUT, max_seconds, request
from tests.attack.crowd import PEOPLE, Crowd
from tests.support import wait_until
from tools.deployment import running_replica

SETTINGS = {
    "KMEANS_ALLOWED_HOSTS": "127.0.0.1",
    "KMEANS_ALLOWED_ORIGINS": "https://school.example",
    # Expensive work would hide what an attack does; other tests measure it.
    "KMEANS_MAX_POINTS": "6000",
    "KMEANS_MAX_STARTS": "50",
    "KMEANS_TENSORFLOW": "0",
    # Hundreds of attackers connect at once; other tests cover a server at capacity.
    "KMEANS_MAX_SESSIONS": "260",
}


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the server's address, without a trailing slash."""
    if url := os.environ.get("KMEANS_ATTACK_URL"):
        yield url.rstrip("/")
        return
    image = os.environ.get("KMEANS_ATTACK_IMAGE", "")
    with running_replica("a", tmp_path_factory.mktemp("attack"), image=image, env=SETTINGS) as server:
        yield server.url
        # The server takes a while to notice that the attackers have left.
        wait_until(lambda: session_count(server.url) == 0, TIMEOUT)
        before, traceback, after = server.log.partition("Traceback")
        assert not traceback, f"{before[-1000:]}{traceback}{after[:12000]}"


def _crowd_scope(fixture_name: str, config: pytest.Config) -> Literal["session", "function"]:
    """Keep the people for all attacks in the full version; in the short one they would slow all later tests down."""
    del fixture_name, config
    return "session" if IS_FULL else "function"


@pytest.fixture(scope=_crowd_scope)
def crowd(target: str) -> Iterator[Crowd]:
    """Return people who use the server under attack."""
    with Crowd(target) as people:
        yield people
        print(f"\n95 of 100 of {len(people.seconds)} answers took at most {people.slowest_twentieth():.2f} s")


@pytest.fixture(autouse=IS_FULL)
def people_get_their_answers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let people use the server during all attacks on it, and assert that none of the longer ones makes them wait."""
    if "target" not in request.fixturenames:
        yield
        return
    people: Crowd = request.getfixturevalue("crowd")
    before = len(people.seconds)
    yield
    if len(people.seconds) >= before + PEOPLE:
        seconds = people.slowest_twentieth(before)
        print(f"\n{request.node.name}: 95 of 100 answers took at most {seconds:.2f} s")
        assert seconds < max_seconds()


def session_count(url: str) -> int:
    """Return the number of open sessions."""
    return int(json.loads(request(url, "/_kmeans/state").rpartition(b"\r\n")[2])["people"])


@pytest.fixture
def local_server(target: str) -> None:
    """Skip tests that depend on the configuration above, where another server is attacked."""
    if os.environ.get("KMEANS_ATTACK_URL"):
        pytest.skip(f"depends on the settings of {target}")
