"""What every attack is held to: the others notice nothing, and nobody is told how the server is made."""

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

FULL: Final = os.environ.get("KMEANS_ATTACK") == "full"
"""Whether everything is thrown, as by ``make attack``, and not only some of it, as in ``make test``."""

BLINK: Final = 1.0 if FULL else 10.0
"""Seconds in which others must have their answer during an attack. One is the promise; with all other tests, browsers
among them, on the few cores of a machine that builds, only that nobody is locked out can be seen."""

PATIENCE: Final = 60.0
"""Seconds that an attacker waits for an answer: nothing hangs, however long the line is."""

NOTHING: Final[Mapping[str, str]] = {}
"""No headers."""

BANNERS: Final = (b"Traceback (most recent call last)", b'File "/', b"site-packages", b"uvicorn/", b"Python/")
"""What would tell a stranger how the server is made."""

TOLD_IN_LINES: Final = (b"text/plain", b"application/json", b"text/html")
"""Kinds of answers that are written for the occasion; others are files, and may hold any words."""


def some(full: int, short: int) -> int:
    """Return how often to attack."""
    return full if FULL else short


@dataclass
class Bystander:
    """Somebody who only uses the app, and whoever looks whether it lives."""

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

    async def look(self) -> None:
        """Ask for health and change the number of clusters; both at once."""
        seconds, run = await asyncio.gather(asyncio.to_thread(health_seconds, self.url), self._change())
        assert run.exceptions == []
        self.slowest["health"] = max(self.slowest["health"], seconds)
        self.slowest["rerun"] = max(self.slowest["rerun"], run.seconds)

    async def _change(self) -> Run:
        self._k = 2 + (self._k + 1) % 6
        self._user.set("Number of clusters K", double_array_value=[self._k])
        return await self._user.run()


async def watched(url: str, attack: Awaitable[None]) -> None:
    """Let an attack go on while a bystander uses the app; neither waits longer than a blink."""
    async with Bystander(url) as bystander:
        going_on = asyncio.ensure_future(attack)
        try:
            while not going_on.done():
                await bystander.look()
                await asyncio.wait({going_on}, timeout=0.2)
            await bystander.look()
        finally:
            going_on.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await going_on
    slow = {what: round(seconds, 2) for what, seconds in bystander.slowest.items() if seconds > BLINK}
    assert not slow, f"others waited: {slow}"


def health_seconds(url: str) -> float:
    """Return how long the answer took that it lives."""
    address = urlsplit(url)
    started = time.perf_counter()
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)
    with contextlib.closing(line):
        line.request("GET", f"{address.path}/_stcore/health")
        assert line.getresponse().status == 200
    return time.perf_counter() - started


def answer_to(url: str, sent: bytes) -> bytes:
    """Send bytes as they are, and return what comes back until the line is closed or a megabyte is full."""
    address = urlsplit(url)
    got = b""
    with (
        socket.create_connection((address.hostname or "", address.port or 80), timeout=PATIENCE) as line,
        contextlib.suppress(ConnectionError),  # the server may have heard enough before the end
    ):
        line.sendall(sent)
        while len(got) < 1_000_000 and (part := line.recv(65536)):
            got += part
    return got


def request(
    url: str, target: str | bytes, headers: Mapping[str, str] = NOTHING, *, method: str = "GET", body: bytes = b""
) -> bytes:
    """Return the answer to a request whose target is sent as it is, without a client that would tidy it up."""
    netloc = urlsplit(url).netloc
    named = {"Host": netloc, "Connection": "close", **headers}
    if body:
        named.setdefault("Content-Length", str(len(body)))
    first = target.encode("utf-8") if isinstance(target, str) else target
    lines = [f"{name}: {value}".encode() for name, value in named.items()]
    return answer_to(url, b"\r\n".join([method.encode() + b" " + first + b" HTTP/1.1", *lines, b"", body]))


def status_of(answer: bytes) -> int:
    """Return an answer's status; 0 where the line was closed without one."""
    words = answer.split(b"\r\n", 1)[0].split()
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0


def assert_says_little(answer: bytes) -> None:
    """Hold an answer to telling nothing of the server's inside, and to being none of an error in it."""
    assert status_of(answer) < 500, answer[:300]
    head, _, body = answer.partition(b"\r\n\r\n")
    banners = [line for line in head.lower().split(b"\r\n") if line.startswith((b"server:", b"x-powered-by:"))]
    assert not [line for line in banners if any(chr(byte).isdigit() for byte in line)], banners
    if any(kind in head for kind in TOLD_IN_LINES):
        assert not [banner for banner in BANNERS if banner in body], body[:500]


def name_of(page: Page) -> str:
    """Return what stands behind the app's address for a page; nothing for the home page."""
    return "" if page is PLAYER else page.script.removeprefix("pages/").removesuffix(".py")


async def survives(user: SimulatedUser, content: bytes | str) -> None:
    """Send a frame: the line ends, or the page runs, and runs again when it is asked to, without an exception."""
    try:
        await user.send(content)
        with contextlib.suppress(TimeoutError):  # most frames ask for no run
            async with asyncio.timeout(1):
                assert (await user.receive_run()).exceptions == [], content[:200]
        assert (await user.run()).exceptions == [], content[:200]
    except ConnectionClosed:
        return
    await user.disconnect()


def dice(*seed: object) -> random.Random:
    """Return chance that is the same every time, so that what was found is found again."""
    return random.Random(repr(seed))
