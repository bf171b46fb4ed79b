"""Expensive work one after the other: a line in which everybody waits for a turn, and sees how far it is.

The machine is shared: what many ask for at once would make everybody's next click wait. Long work is done in parts,
each in a turn of its own, so that whoever asks for much stands in line again after every part.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

_PATIENCE: Final = 0.3
"""Seconds between two looks at the line."""


class Line:
    """A line with so many counters; first come, first served."""

    def __init__(self, counters: int) -> None:
        self._changed = Condition()
        self._waiting: deque[object] = deque()
        self._free = counters
        self.counters = counters

    @property
    def waiting(self) -> int:
        """How many stand in line and have not got their turn."""
        with self._changed:
            return len(self._waiting)

    @contextmanager
    def turn(self, tell: Callable[[int], object]) -> Iterator[None]:
        """Wait for a turn, and have it until the block ends.

        Parameters
        ----------
        tell : callable
            Told now and then how many are ahead, while there are any. If it raises, the place in line is given up.
        """
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        try:
            while (ahead := self._ahead_of(ticket)) is not None:
                tell(ahead)
        except BaseException:
            self._leave(ticket)
            raise
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _ahead_of(self, ticket: object) -> int | None:
        """Return how many are ahead after a moment's wait; None where the turn has come, which it then has."""
        with self._changed:
            if self._may_go(ticket) or self._changed.wait_for(lambda: self._may_go(ticket), _PATIENCE):
                self._waiting.popleft()
                self._free -= 1
                self._changed.notify_all()
                return None
            return self._waiting.index(ticket) + self.counters - self._free

    def _may_go(self, ticket: object) -> bool:
        return self._free > 0 and self._waiting[0] is ticket

    def _leave(self, ticket: object) -> None:
        with self._changed:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                self._changed.notify_all()


# One core is left to everybody's clicks.
LINE: Final = Line(max(1, (os.cpu_count() or 2) - 1))
"""The line of this process."""
