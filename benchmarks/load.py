"""The number of users a server holds: ``make load`` simulates users and prints a table of response times."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles

from benchmarks.machine import machine
from kmeans_core import backend_available
from server.config import ServerConfig
from tools.deployment import Deployment, running_deployment
from tools.simulated_user import SimulatedUser
from ui.text.messages import message

K = message("settings.k_title")
SEED = message("settings.seed_title")


@dataclass(frozen=True)
class Pace:
    """How users behave in a measurement.

    Attributes
    ----------
    changes : int
        Changes of a setting by each user.
    think : float
        Mean seconds between two changes of a user.
    ramp : float
        Seconds within which all users arrive.
    visits : int
        Visits, one after another, in the measurement of memory growth.
    """

    changes: int
    think: float
    ramp: float
    visits: int


FULL = Pace(changes=8, think=5.0, ramp=15.0, visits=1000)
SHORT = Pace(changes=2, think=0.5, ramp=1.0, visits=4)
"""Enough to see that the measurement works, but not for figures."""
ONE_CHANGE = Pace(changes=1, think=0, ramp=0, visits=0)


@dataclass
class Responses:
    """What a group of users experienced: seconds and bytes of each change, and errors."""

    seconds: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def percentile_95(self) -> float:
        """Return the 95th percentile of the response times, in seconds."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else float("nan")

    def median(self) -> float:
        """Return the median response time, in seconds."""
        return quantiles(self.seconds, n=2)[0] if len(self.seconds) > 1 else float("nan")


async def _simulate_user(url: str, query: str, pace: Pace, seed: int, responses: Responses) -> None:
    """Open the page, and change K or the seed at random times."""
    rng = random.Random(seed)
    user = SimulatedUser(url, query=query)
    try:
        await asyncio.sleep(pace.ramp * rng.random())
        await user.connect()
        responses.errors += (await user.run()).exceptions
        for _ in range(pace.changes):
            await asyncio.sleep(pace.think * rng.uniform(0.5, 1.5))
            if rng.random() < 0.5:
                user.set(K, double_array_value=[rng.randint(2, 12)])
            else:
                user.set(SEED, int_value=rng.randrange(10_000))
            run = await user.run()
            responses.seconds.append(run.seconds)
            responses.received.append(run.received)
            responses.errors += run.exceptions
    except Exception as error:  # whatever fails, a user is affected
        responses.errors.append(f"{type(error).__name__}: {error}")
    finally:
        await user.disconnect()


async def simulate_users(url: str, queries: Sequence[str], pace: Pace) -> Responses:
    """Simulate one user for each query, all at once."""
    responses = Responses()
    users = (_simulate_user(url, query, pace, seed, responses) for seed, query in enumerate(queries))
    await asyncio.gather(*users)
    return responses


async def _simulate_visits(url: str, count: int) -> list[str]:
    """Simulate users who visit one after another; return their errors."""
    responses = Responses()
    for seed in range(count):
        await _simulate_user(url, f"seed={seed}", ONE_CHANGE, seed, responses)
    return responses.errors


@dataclass(frozen=True)
class Row:
    """One row of the table; memory in megabytes."""

    server: str
    users: int
    responses: Responses
    resident: float
    per_user: float

    def __str__(self) -> str:
        responses = self.responses
        kilobytes = sum(responses.received) / max(1, len(responses.received)) / 1000
        return (
            f"| {self.server} | {self.users} | {1000 * responses.median():.0f} | "
            f"{1000 * responses.percentile_95():.0f} | {kilobytes:.0f} | {len(responses.errors)} | "
            f"{self.resident:.0f} | {self.per_user:.2f} |"
        )


HEAD = (
    "| server | users | median, ms | p95, ms | kB per change | errors | MB resident | MB per user |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


@contextmanager
def _warm_deployment(count: int, image: str, folder: Path, limits: Mapping[str, str]) -> Iterator[Deployment]:
    with running_deployment(count, folder, image=image, env={"KMEANS_LOGS": "0", **limits}) as deployment:
        # The first visits load what all users share, which must not count as memory per user.
        asyncio.run(_simulate_visits(deployment.url, 3))
        yield deployment


def _measure_row(server: str, deployment: Deployment, queries: Sequence[str], pace: Pace) -> str:
    before = deployment.resident_megabytes
    responses = asyncio.run(simulate_users(deployment.url, queries, pace))
    after = deployment.resident_megabytes
    for error in sorted(set(responses.errors))[:5]:
        print(f"{server}: {error}", file=sys.stderr)
    return str(Row(server, len(queries), responses, after, (after - before) / len(queries)))


def load_table(image: str, pace: Pace, scale: float, report: Callable[[str], None]) -> str:
    """Measure all rows, with ``scale`` times the usual number of users, and return the table."""
    rows: list[str] = []
    notes: list[str] = []
    users, tensorflow_users, capacity = (
        max(4, round(scale * count)) for count in (60, 20, ServerConfig().max_sessions)
    )
    with tempfile.TemporaryDirectory() as name:
        deploy = partial(_warm_deployment, image=image, folder=Path(name))
        report(f"{users} users, one process")
        with deploy(1, limits={"KMEANS_TENSORFLOW": "0"}) as deployment:
            notes.append(f"Idle, NumPy alone: {deployment.resident_megabytes:.0f} MB resident.")
            rows.append(_measure_row("one process, NumPy", deployment, [""] * users, pace))
            rows.append(_measure_row("one process, NumPy, at capacity", deployment, [""] * capacity, pace))
            notes.append(_memory_growth(deployment, pace, report))
        if pace is not SHORT and (backend_available("tensorflow") or image):
            server = f"one process, {tensorflow_users} users on TensorFlow"
            report(f"{users} users, {server}")
            with deploy(1, limits={}) as deployment:
                asyncio.run(simulate_users(deployment.url, ["backend=tensorflow"], ONE_CHANGE))
                notes.append(f"Idle, TensorFlow loaded: {deployment.resident_megabytes:.0f} MB resident.")
                queries = ["backend=tensorflow"] * tensorflow_users + [""] * (users - tensorflow_users)
                rows.append(_measure_row(server, deployment, queries, pace))
        report(f"{2 * users} users, two replicas behind the proxy")
        with deploy(2, limits={"KMEANS_TENSORFLOW": "0"}) as replicas:
            rows.append(_measure_row("two replicas behind nginx, NumPy", replicas, [""] * 2 * users, pace))
    conditions = (
        f"Every user changes K or the seed every {pace.think:g} s on the home page. A response takes from the click to "
        "the server's last message."
    )
    return "\n".join([conditions, "", HEAD, *rows, "", *notes])


def _memory_growth(deployment: Deployment, pace: Pace, report: Callable[[str], None]) -> str:
    """Return a sentence on how memory grows over many visits, once the caches are full."""
    report(f"{pace.visits} visits")
    warm = pace.visits // 4
    errors = asyncio.run(_simulate_visits(deployment.url, warm))
    before = deployment.resident_megabytes
    errors += asyncio.run(_simulate_visits(deployment.url, pace.visits))
    after = deployment.resident_megabytes
    return (
        f"{pace.visits} more visits after the first {warm}: {before:.0f} MB before, {after:.0f} MB after "
        f"({100 * (after / before - 1):+.1f}%), {len(errors)} errors."
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--image", default="", help="measure containers of this image, started with $ENGINE")
    parser.add_argument("--short", action="store_true", help="few users and few changes, to see that it works")
    options = parser.parse_args()
    start = time.monotonic()
    print(machine(), f"{'image ' + options.image if options.image else 'processes'}", sep=", ")
    pace, scale = (SHORT, 0.07) if options.short else (FULL, 1.0)
    print(f"\n{load_table(options.image, pace, scale, lambda text: print(f'{text} ...', file=sys.stderr))}")
    seconds = time.monotonic() - start
    print(f"\nMeasured in {seconds:.0f} s, on {os.cpu_count()} cores shared by the server and the simulated users.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
