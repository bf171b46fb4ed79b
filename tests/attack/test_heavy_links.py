"""Links that ask for as much work and memory as links can: others get their answers, and what is unwanted stops."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from tests.attack.attacks import IS_FULL, attack_with_bystander, max_seconds, page_path
from tests.support import finish, wait_until
from tools.deployment import Replica, running_replica
from tools.simulated_user import SimulatedUser
from ui.shell.navigation import COMPARE, HOW_MANY, PLAYER, STARTS, SWEEP, Page

pytestmark = pytest.mark.skipif(not IS_FULL, reason="takes a server of its own, and minutes: make attack")

LARGEST = "data=uniform&points=1000000&k=12&max_iter=100"
DRAGS = "".join(f"m9999999_{index % 12}_0.{index:02}_0.5" for index in range(60))
LONG = "data=uniform&points=20000&rule=medoid&k=12&max_iter=10"
"""What another visitor opens: work that takes a slot of the job queue, too."""

MOST_MEGABYTES = 900
"""What all work and all results may take beside the server itself: the two settings' defaults."""

STOP_SECONDS = 1.5
"""Seconds until unwanted work has stopped, with half a second for the server to notice that its visitor left."""

IDLE_SHARE = 0.25
"""The most of a core that a server without work takes, other visitors included."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """Return a server with the default limits that has computed a largest run before."""
    with running_replica("a", tmp_path_factory.mktemp("heavy"), env={"KMEANS_TENSORFLOW": "0"}) as replica:
        finish(open_and_leave(replica.url, PLAYER, f"{LARGEST}&seed=9999", seconds=60))
        yield replica
        assert "Traceback" not in replica.log, replica.log


async def open_and_leave(url: str, page: Page, query: str, seconds: float) -> None:
    """Open a link, and leave after some seconds, whether or not the page is there."""
    user = SimulatedUser(url, query=query, page=page_path(page))
    await user.connect()
    await user.send(user.rerun_message())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            assert (await user.receive_run()).exceptions == []
    await user.disconnect()


def cpu_seconds(replica: Replica) -> float:
    """Return the processor time that a server has used."""
    fields = Path(f"/proc/{replica.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def peak_megabytes(replica: Replica, attack: asyncio.Future[list[None]]) -> float:
    """Return the most memory that a server takes during an attack."""
    peak = 0.0
    while not attack.done():
        peak = max(peak, replica.resident_megabytes)
        await asyncio.wait({attack}, timeout=0.1)
    return peak


def wait_for(seconds: float) -> None:
    """Wait while a server does what its processor time is measured by."""
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= end)


async def open_long(url: str, seeds: Iterator[int]) -> float:
    """Open a link whose run takes a slot of the job queue, as a new visitor; return how many seconds that takes."""
    user = SimulatedUser(url, query=f"{LONG}&seed={next(seeds)}")
    await user.connect()
    run = await user.run()
    assert run.exceptions == []
    await user.disconnect()
    return run.seconds


async def attack_within_bounds(replica: Replica, links: Sequence[tuple[Page, str]], seconds: float) -> None:
    """Open links at once and leave; assert that memory is bounded, nobody waits, and all work stops soon after."""
    seeds, before = count(int(time.monotonic() * 10)), replica.resident_megabytes
    alone = sorted([await open_long(replica.url, seeds) for _ in range(5)])[2]
    attack = asyncio.gather(*(open_and_leave(replica.url, page, query, seconds) for page, query in links))
    watch = asyncio.ensure_future(peak_megabytes(replica, attack))
    slowest = 0.0
    while not attack.done():
        slowest = max(slowest, await open_long(replica.url, seeds))
    await attack
    await asyncio.to_thread(wait_for, STOP_SECONDS)
    start, used = time.monotonic(), cpu_seconds(replica)
    await asyncio.to_thread(wait_for, 2)
    share, peak = (cpu_seconds(replica) - used) / (time.monotonic() - start), await watch
    print(
        f"{alone:.2f} s alone, {slowest:.2f} s; {peak - before:.0f} MB above {before:.0f}; {share:.0%} of a core after"
    )
    assert slowest - alone < max_seconds()
    assert peak - before < MOST_MEGABYTES
    assert share < IDLE_SHARE


ATTACKS = {
    "drags": [(PLAYER, f"{LARGEST}&edits={DRAGS}")],
    "medoids": [(PLAYER, f"{LARGEST}&rule=medoid&seed={seed}") for seed in range(3)],
    "pages": [
        (page, f"{LARGEST}&rule={rule}") for page in (HOW_MANY, SWEEP, STARTS, COMPARE) for rule in ("mean", "medoid")
    ],
    "twelve at once": [
        ((PLAYER, HOW_MANY, SWEEP, STARTS)[seed % 4], f"{LARGEST}&seed={seed}&data_seed={seed}") for seed in range(12)
    ],
}


@pytest.mark.parametrize("links", ATTACKS.values(), ids=list(ATTACKS))
def test_heavy_links_delay_no_other_visitor_and_leave_nothing(
    server: Replica, links: Sequence[tuple[Page, str]]
) -> None:
    before = server.resident_megabytes
    finish(attack_with_bystander(server.url, attack_within_bounds(server, links, 5)))
    # The sessions of closed pages are kept for two minutes.
    wait_until(lambda: server.resident_megabytes < 1.2 * before + 50, 200)
