"""Connections that bring nothing, half a request, or come and go: others are served, and all of it is cleared away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.attack.attacks import IS_FULL, attack_with_bystander, count
from tests.support import finish, pause, wait_until
from tools.deployment import Replica, running_replica
from tools.simulated_user import SimulatedUser

pytestmark = pytest.mark.skipif(not IS_FULL, reason="takes minutes: make attack")

MOST_SECONDS = 45
"""Seconds until a connection without a request is closed: twice the limit in ``server.patches``, and a margin."""

PARTS = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-a: ",
    b"GET /_stcore/stream HTTP/1.1\r\nUpgrade: webs",
    b"\x16\x03\x01",
)
"""Nothing, parts of requests, part of a WebSocket's handshake, and the beginning of a TLS handshake."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """Return a server whose memory is its own."""
    image = os.environ.get("KMEANS_ATTACK_IMAGE", "")
    settings = {"KMEANS_TENSORFLOW": "0", "KMEANS_MAX_POINTS": "6000"}
    with running_replica("a", tmp_path_factory.mktemp("connections"), image=image, env=settings) as replica:
        finish(come_and_go(replica.url, 5))
        yield replica
        assert "Traceback" not in replica.log, replica.log


async def come_and_go(url: str, times: int) -> None:
    """Connect and run the page, again and again, and leave with and without a closing handshake."""
    for number in range(times):
        user = SimulatedUser(url, query=f"points_per_blob=3&seed={number}")
        await user.connect()
        await user.send(user.rerun_message())
        if number % 2:
            assert (await user.receive_run()).exceptions == []
            await user.disconnect()
        else:
            user.drop_connection()


async def read_to_end(reader: asyncio.StreamReader) -> None:
    """Wait until the server closes a connection."""
    with contextlib.suppress(ConnectionError):
        await reader.read()


def test_half_open_connections_delay_no_one_and_are_closed(server: Replica) -> None:
    address = urlsplit(server.url)

    async def attack() -> None:
        lines = [await asyncio.open_connection(address.hostname, address.port) for _ in range(count(2000, 50))]
        for number, (_, writer) in enumerate(lines):
            writer.write(PARTS[number % len(PARTS)])
        start = time.monotonic()
        async with asyncio.timeout(MOST_SECONDS):
            await asyncio.gather(*(read_to_end(reader) for reader, _ in lines))
        print(f"closed after {time.monotonic() - start:.0f} s")
        for _, writer in lines:
            writer.close()
        await pause()

    finish(attack_with_bystander(server.url, attack()))


def test_visitors_who_come_and_go_delay_no_one_and_leave_nothing(server: Replica) -> None:
    before = server.resident_megabytes
    finish(attack_with_bystander(server.url, come_and_go(server.url, count(400, 10))))
    print(f"{server.resident_megabytes - before:.0f} MB above {before:.0f}")
    # The sessions of closed pages are kept for two minutes.
    wait_until(lambda: server.resident_megabytes < 1.2 * before, 200)
