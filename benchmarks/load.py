"""How many people a server holds: ``make load`` prints a table of people who change a setting now and then."""

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

K = "Number of clusters K"
SEED = message("settings.seed_title")


@dataclass(frozen=True)
class Pace:
    """How a row is measured: so many changes by everybody, so many seconds apart, and all come within ``ramp``."""

    changes: int
    think: float
    ramp: float
    comings: int


WHOLE = Pace(changes=8, think=5.0, ramp=15.0, comings=1000)
SHORT = Pace(changes=2, think=0.5, ramp=1.0, comings=20)
"""Enough to see that all of it works, not enough for a figure."""


@dataclass
class Crowd:
    """What happened to everybody."""

    seconds: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def slowest(self) -> float:
        """Return the seconds that 95 of 100 reruns keep to."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else float("nan")

    def middle(self) -> float:
        """Return the median rerun, in seconds."""
        return quantiles(self.seconds, n=2)[0] if len(self.seconds) > 1 else float("nan")


async def _person(url: str, query: str, pace: Pace, number: int, crowd: Crowd) -> None:
    """Come in, and change K or the seed now and then, as a person does."""
    chance = random.Random(number)
    user = SimulatedUser(url, query=query)
    try:
        await asyncio.sleep(pace.ramp * chance.random())
        await user.connect()
        run = await user.run()
        crowd.first.append(run.seconds)
        crowd.errors += run.exceptions
        for _ in range(pace.changes):
            await asyncio.sleep(pace.think * chance.uniform(0.5, 1.5))
            if chance.random() < 0.5:
                user.set(K, double_array_value=[chance.randint(2, 12)])
            else:
                user.set(SEED, int_value=chance.randrange(10_000))
            run = await user.run()
            crowd.seconds.append(run.seconds)
            crowd.received.append(run.received)
            crowd.errors += run.exceptions
    except Exception as error:  # each is a person who was let down, whatever it was
        crowd.errors.append(f"{type(error).__name__}: {error}")
    finally:
        await user.disconnect()


async def crowd_of(url: str, queries: Sequence[str], pace: Pace) -> Crowd:
    """Let a person come for each query."""
    crowd = Crowd()
    await asyncio.gather(*(_person(url, query, pace, number, crowd) for number, query in enumerate(queries)))
    return crowd


async def _come_and_go(url: str, times: int) -> list[str]:
    """Let people come one after the other, look, and go; return what went wrong."""
    errors: list[str] = []
    for number in range(times):
        crowd = Crowd()
        await _person(url, f"seed={number}", Pace(1, 0, 0, 0), number, crowd)
        errors += crowd.errors
    return errors


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    people: int
    crowd: Crowd
    resident: float
    each: float

    def __str__(self) -> str:
        kilobytes = sum(self.crowd.received) / max(1, len(self.crowd.received)) / 1000
        return (
            f"| {self.what} | {self.people} | {1000 * self.crowd.middle():.0f} | {1000 * self.crowd.slowest():.0f} | "
            f"{kilobytes:.0f} | {len(self.crowd.errors)} | {self.resident:.0f} | {self.each:.2f} |"
        )


@contextmanager
def _place(count: int, image: str, folder: Path, limits: Mapping[str, str]) -> Iterator[Deployment]:
    with running_deployment(count, folder, image=image, env={"KMEANS_LOGS": "0", **limits}) as place:
        # The first user makes the server load what all share; nobody's share of memory is in that.
        asyncio.run(_come_and_go(place.url, 3))
        yield place


def _row(what: str, place: Deployment, queries: Sequence[str], pace: Pace) -> Row:
    before = place.resident_megabytes
    crowd = asyncio.run(crowd_of(place.url, queries, pace))
    after = place.resident_megabytes
    for error in sorted(set(crowd.errors))[:5]:
        print(f"{what}: {error}", file=sys.stderr)
    return Row(what, len(queries), crowd, after, (after - before) / len(queries))


def load_table(image: str, pace: Pace, scale: float, tell: Callable[[str], None]) -> str:
    """Measure all rows, ``scale`` times as many people as a whole measurement has, and return the table."""
    rows: list[str] = []
    notes: list[str] = []
    sixty, twenty, full = (max(4, round(scale * people)) for people in (60, 20, ServerConfig().max_sessions))
    with tempfile.TemporaryDirectory() as name:
        place = partial(_place, image=image, folder=Path(name))
        tell(f"{sixty} people, one process")
        with place(1, limits={"KMEANS_TENSORFLOW": "0"}) as one:
            notes.append(f"At rest, NumPy alone: {one.resident_megabytes:.0f} MB resident.")
            rows.append(str(_row("one process, NumPy", one, [""] * sixty, pace)))
            rows.append(str(_row("one process, NumPy, as full as it may be", one, [""] * full, pace)))
            notes.append(_drift(one, pace, tell))
        if pace is not SHORT and (backend_available("tensorflow") or image):
            tell(f"{sixty} people, one process, {twenty} of them on TensorFlow")
            with place(1, limits={}) as one:
                asyncio.run(crowd_of(one.url, ["backend=tensorflow"], Pace(1, 0, 0, 0)))
                notes.append(f"At rest, TensorFlow loaded: {one.resident_megabytes:.0f} MB resident.")
                queries = ["backend=tensorflow"] * twenty + [""] * (sixty - twenty)
                rows.append(str(_row(f"one process, {twenty} of them on TensorFlow", one, queries, pace)))
        tell(f"{2 * sixty} people, two replicas behind the proxy")
        with place(2, limits={"KMEANS_TENSORFLOW": "0"}) as two:
            rows.append(str(_row("two replicas behind nginx, NumPy", two, [""] * 2 * sixty, pace)))
    head = (
        "| server | people | median, ms | p95, ms | kB a change | errors | MB resident | MB a person |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    every = (
        f"Everybody changes K or the seed every {pace.think:g} s on the home page; a change lasts from the click to "
    )
    return "\n".join([every + "the server's last word.", "", head, *rows, "", *notes])


def _drift(place: Deployment, pace: Pace, tell: Callable[[str], None]) -> str:
    """Say how memory grows while many come and go, once the caches have what they may have."""
    tell(f"{pace.comings} people come and go")
    warm = pace.comings // 4
    errors = asyncio.run(_come_and_go(place.url, warm))
    before = place.resident_megabytes
    errors += asyncio.run(_come_and_go(place.url, pace.comings))
    after = place.resident_megabytes
    return (
        f"Another {pace.comings} come and go, after {warm}: {before:.0f} MB before, {after:.0f} MB after "
        f"({100 * (after / before - 1):+.1f} %), {len(errors)} errors."
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--image", default="", help="measure containers of this image, started with $ENGINE")
    parser.add_argument("--short", action="store_true", help="few people and few changes: to see that it works")
    told = parser.parse_args()
    started = time.monotonic()
    print(machine(), f"{'image ' + told.image if told.image else 'processes'}", sep=", ")
    pace, scale = (SHORT, 0.07) if told.short else (WHOLE, 1.0)
    print(f"\n{load_table(told.image, pace, scale, lambda text: print(f'{text} ...', file=sys.stderr))}")
    print(f"\nMeasured in {time.monotonic() - started:.0f} s, on {os.cpu_count()} cores that the measuring shares.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
