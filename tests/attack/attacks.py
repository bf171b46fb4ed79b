"""What attacks must leave intact: response times for other visitors, and details of the server that stay secret."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import random
import socket
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed

from tools.simulated_user import Run, SimulatedUser
from ui.shell.navigation import PLAYER, Page
from ui.text.messages import message

IS_FULL: Final = os.environ.get("KMEANS_ATTACK") == "full"
"""Whether to run all attacks, as ``make attack`` does, and not a sample, as ``make test`` does."""

_MOST_SECONDS: Final = 1.0 if IS_FULL else 10.0
"""Maximum seconds that other visitors wait during an attack, on a machine that is as fast as the one on which the
promises were measured. The limit is loose among other tests, where it only shows that nobody is locked out."""

_LOOP_SECONDS: Final = 0.2
"""What the loop below takes on that machine (2 cores of an AMD EPYC at 2.4 GHz, Python 3.11)."""

CHECK_SECONDS: Final = 0.2 if IS_FULL else 1.0
"""Seconds between two checks on whether other visitors wait."""

TIMEOUT: Final = 60.0
"""Seconds that an attacker waits for an answer."""

NO_HEADERS: Final[Mapping[str, str]] = {}
"""No headers."""

SERVER_DETAILS: Final = (b"Traceback (most recent call last)", b'File "/', b"site-packages", b"uvicorn/", b"Python/")
"""Text that reveals details of the server."""

PLAIN_KINDS: Final = (b"text/plain", b"application/json", b"text/html")
"""Kinds of answers that the server composes; others are files, which may contain any text."""


def count(full: int, short: int) -> int:
    """Return how often to attack, in the full version and in the short one."""
    return full if IS_FULL else short


def slowness() -> float:
    """Return how many times as long this machine takes as the one on which the promises were measured, at least 1.

    Machines that are shared with others change their speed from one minute to the next.
    """
    start, total = time.perf_counter(), 0
    for number in range(2_000_000):
        total += number
    return max(1.0, (time.perf_counter() - start) / _LOOP_SECONDS)


def max_seconds() -> float:
    """Return how many seconds other visitors may wait during an attack, on this machine and now."""
    return _MOST_SECONDS * slowness()


@dataclass
class Bystander:
    """A visitor who uses the app during an attack, and a health check."""

    url: str

    async def __aenter__(self) -> Bystander:
        self._user = SimulatedUser(self.url, query="points_per_blob=50")
        await self._user.connect()
        first = await self._user.run()
        assert first.exceptions == []
        self._k = 2
        self.slowest = {"health": 0.0, "rerun": 0.0}
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._user.disconnect()

    async def check(self) -> None:
        """Request the health and change the number of clusters, at the same time."""
        seconds, run = await asyncio.gather(asyncio.to_thread(health_seconds, self.url), self._change())
        assert run.exceptions == []
        self.slowest["health"] = max(self.slowest["health"], seconds)
        self.slowest["rerun"] = max(self.slowest["rerun"], run.seconds)

    async def _change(self) -> Run:
        self._k = 2 + (self._k + 1) % 6
        self._user.set(message("settings.k_title"), double_array_value=[self._k])
        return await self._user.run()


async def attack_with_bystander(url: str, attack: Awaitable[None]) -> None:
    """Run an attack while a bystander uses the app; assert that the bystander never waits long."""
    async with Bystander(url) as bystander:
        task = asyncio.ensure_future(attack)
        try:
            while not task.done():
                await bystander.check()
                await asyncio.wait({task}, timeout=CHECK_SECONDS)
            await bystander.check()
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    limit = max_seconds()
    delays = {kind: round(seconds, 2) for kind, seconds in bystander.slowest.items() if seconds > limit}
    assert not delays, f"others waited: {delays}, at most {limit:.2f} s allowed"


def health_seconds(url: str) -> float:
    """Return how many seconds the health check takes."""
    address = urlsplit(url)
    start = time.perf_counter()
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
    with contextlib.closing(line):
        line.request("GET", f"{address.path}/_stcore/health")
        assert line.getresponse().status == 200
    return time.perf_counter() - start


def send_bytes(url: str, content: bytes) -> bytes:
    """Send bytes unchanged; return the answer until the connection closes, at most a megabyte."""
    address = urlsplit(url)
    answer = b""
    with (
        socket.create_connection((address.hostname or "", address.port or 80), timeout=TIMEOUT) as line,
        contextlib.suppress(ConnectionError),  # the server may close the connection early
    ):
        line.sendall(content)
        while len(answer) < 1_000_000 and (part := line.recv(65536)):
            answer += part
    return answer


def request(
    url: str, target: str | bytes, headers: Mapping[str, str] = NO_HEADERS, *, method: str = "GET", body: bytes = b""
) -> bytes:
    """Return the answer to a request whose target is sent unchanged, which no HTTP client would do."""
    netloc = urlsplit(url).netloc
    fields = {"Host": netloc, "Connection": "close", **headers}
    if body:
        fields.setdefault("Content-Length", str(len(body)))
    first = target.encode("utf-8") if isinstance(target, str) else target
    lines = [f"{name}: {value}".encode() for name, value in fields.items()]
    return send_bytes(url, b"\r\n".join([method.encode() + b" " + first + b" HTTP/1.1", *lines, b"", body]))


def status_of(answer: bytes) -> int:
    """Return an answer's status; 0 if the connection was closed without one."""
    words = answer.split(b"\r\n", 1)[0].split()
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0


def assert_reveals_nothing(answer: bytes) -> None:
    """Assert that an answer reports no server error, and reveals no details of the server."""
    assert status_of(answer) < 500, answer[:300]
    head, _, body = answer.partition(b"\r\n\r\n")
    versions = [line for line in head.lower().split(b"\r\n") if line.startswith((b"server:", b"x-powered-by:"))]
    assert not [line for line in versions if any(chr(byte).isdigit() for byte in line)], versions
    if any(kind in head for kind in PLAIN_KINDS):
        assert not [detail for detail in SERVER_DETAILS if detail in body], body[:500]


def page_path(page: Page) -> str:
    """Return the path of a page below the app's address; "" for the home page."""
    return "" if page is PLAYER else page.script.removeprefix("pages/").removesuffix(".py")


async def assert_survives(user: SimulatedUser, content: bytes | str) -> None:
    """Send a frame; assert that the connection closes, or that the page still runs without an exception."""
    try:
        await user.send(content)
        with contextlib.suppress(TimeoutError):  # most frames ask for no run
            async with asyncio.timeout(1):
                assert (await user.receive_run()).exceptions == [], content[:200]
        assert (await user.run()).exceptions == [], content[:200]
    except ConnectionClosed:
        return
    await user.disconnect()


def seeded_random(*seed: object) -> random.Random:
    """Return a random generator that is the same every time, so that failures can be reproduced."""
    return random.Random(repr(seed))
