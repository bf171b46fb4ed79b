"""People who use the app during an attack: each changes something every few seconds, and none may wait long."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final

from tests.attack.attacks import IS_FULL, count, seeded_random, slowness
from tests.support import wait_until
from tools.simulated_user import SimulatedUser
from ui.text.messages import message

PEOPLE: Final = count(60, 6)
THINK_SECONDS: Final = 5.0 if IS_FULL else 0.5
"""Each of them changes something as often, on average; a slower machine holds as many at a slower pace."""

ARRIVAL_SECONDS: Final = 60.0


class Crowd:
    """People in a thread of their own, from the start of the block to its end.

    Attributes
    ----------
    seconds : list of float
        How long each answer took, in the order of the answers.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = ThreadPoolExecutor(1)
        self._arrivals = 0
        self._slowness = slowness()
        self._is_over = False
        self.seconds: list[float] = []

    def __enter__(self) -> Crowd:
        self._work: Future[None] = self._pool.submit(asyncio.run, self._use_all())
        try:
            wait_until(lambda: self._arrivals == PEOPLE or self._work.done(), ARRIVAL_SECONDS)
        except BaseException:
            self._is_over = True
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        self._is_over = True
        if kind is None:
            self._work.result()
        self._pool.shutdown()

    def slowest_twentieth(self, since: int = 0) -> float:
        """Return the seconds that 95 of 100 answers took at most, from the answer with this number on."""
        seconds = sorted(self.seconds[since:])
        return seconds[int(0.95 * (len(seconds) - 1))]

    async def _use_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(PEOPLE):
                group.create_task(self._use(number))

    async def _use(self, number: int) -> None:
        """Open the page, and change it again and again, not all at the same time."""
        user = SimulatedUser(self._url, query=f"points_per_blob=50&seed={number}")
        rng = seeded_random("crowd", number)
        await asyncio.sleep(THINK_SECONDS * self._slowness * number / PEOPLE)
        await user.connect()
        assert (await user.run()).exceptions == []
        self._arrivals += 1
        for k in itertools.cycle(range(2, 8)):
            # Answers to all who ask at once end at once: equal pauses would make everybody ask at once from then on.
            await asyncio.sleep(THINK_SECONDS * self._slowness * rng.uniform(0.5, 1.5))
            if self._is_over:
                break
            user.set(message("settings.k_title"), double_array_value=[k])
            run = await user.run()
            assert run.exceptions == []
            self.seconds.append(run.seconds)
        await user.disconnect()
