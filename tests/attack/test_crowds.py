"""Many at once: people behind the address of an attacker, thousands of large links, and a server that is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.attack.attacks import IS_FULL, attack_with_bystander, count, max_seconds
from tests.attack.crowd import PEOPLE, Crowd
from tests.attack.test_heavy_links import LARGEST, MOST_MEGABYTES, open_and_leave
from tests.support import finish, wait_until
from tools.app_process import running_app
from tools.deployment import Replica, running_replica
from tools.simulated_user import SimulatedUser
from ui.shell.navigation import PLAYER

FULL_ONLY = pytest.mark.skipif(not IS_FULL, reason="takes a server of its own: make attack")

STOP_SECONDS = 2.0
"""Seconds that a server has from SIGTERM to its end, with work in progress."""


async def flood(url: str) -> None:
    """Send more messages than a person can, on a few connections, and connect and vanish meanwhile."""

    async def send() -> None:
        user = SimulatedUser(url, query="points_per_blob=20")
        with contextlib.suppress(ConnectionClosed, ConnectionError, InvalidHandshake, TimeoutError):
            await user.connect()
            await user.run()
            frame = user.rerun_message()
            async with asyncio.timeout(count(20, 2)):
                for _ in range(count(4000, 100)):
                    await user.send(frame)
        user.drop_connection()

    async def connect() -> None:
        user = SimulatedUser(url)
        with contextlib.suppress(ConnectionClosed, ConnectionError, InvalidHandshake):
            await user.connect()
        user.drop_connection()

    for _ in range(count(3, 1)):
        await asyncio.gather(*(send() for _ in range(3)), *(connect() for _ in range(count(20, 4))))


def test_people_at_the_address_of_an_attacker_get_their_answers(target: str, crowd: Crowd) -> None:
    """All connect from one address, as a class behind a school's router does: no limit may count by address."""
    before = len(crowd.seconds)
    finish(flood(target))
    # The short flood ends sooner than the pauses of a person.
    wait_until(lambda: len(crowd.seconds) >= before + PEOPLE, 60)
    assert crowd.slowest_twentieth(before) < max_seconds()


@FULL_ONLY
def test_two_thousand_large_links_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    async def open_all(replica: Replica) -> None:
        async def open_some(first: int) -> None:
            for seed in range(first, 2000, 8):
                user = SimulatedUser(replica.url, query=f"{LARGEST}&seed={seed}&data_seed={seed}")
                with contextlib.suppress(ConnectionClosed, ConnectionError, InvalidHandshake, TimeoutError):
                    await user.connect()
                    await user.send(user.rerun_message())
                    async with asyncio.timeout(0.3):
                        await user.receive_run()
                user.drop_connection()

        await asyncio.gather(*map(open_some, range(8)))

    async def watch(replica: Replica) -> float:
        task, peak = asyncio.ensure_future(open_all(replica)), 0.0
        while not task.done():
            peak = max(peak, replica.resident_megabytes)
            await asyncio.wait({task}, timeout=0.1)
        await task
        return peak

    with running_replica("a", tmp_path, env={"KMEANS_TENSORFLOW": "0"}) as replica:
        peaks = []

        async def attack() -> None:
            peaks.append(await watch(replica))

        finish(open_and_leave(replica.url, PLAYER, f"{LARGEST}&seed=9999", seconds=60))
        before = replica.resident_megabytes
        finish(attack_with_bystander(replica.url, attack()))
        print(f"{before:.0f} MB, {peaks[0]:.0f} MB at most, {replica.resident_megabytes:.0f} MB at its end")
        assert peaks[0] < MOST_MEGABYTES + 300
        # The sessions of closed pages are kept for two minutes.
        wait_until(lambda: replica.resident_megabytes < 1.2 * before + 50, 200)
        assert "Traceback" not in replica.log


@FULL_ONLY
def test_a_server_that_is_stopped_in_the_middle_of_work_ends_at_once_and_in_order(tmp_path: Path) -> None:
    with running_app(tmp_path, {}, {"KMEANS_TENSORFLOW": "0"}, script="serve.py") as server:

        async def ask() -> None:
            user = SimulatedUser(server.url, query=f"{LARGEST}&rule=medoid")
            await user.connect()
            await user.send(user.rerun_message())
            while (await user.receive()).WhichOneof("type") != "new_session":
                pass
            os.kill(server.process.pid, signal.SIGTERM)
            user.drop_connection()

        finish(ask())
        assert server.process.wait(STOP_SECONDS) in (0, -signal.SIGTERM)
        assert "Traceback" not in server.log
