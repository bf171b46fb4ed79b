"""The job queue: expensive work waits for a free slot, first come, first served, and knows how many jobs are ahead.

The machine is shared, so many expensive jobs at once would delay every other click. Long work is done in parts, each a
job of its own, so that a visitor with much work queues again after every part.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

_REPORT_SECONDS: Final = 0.3
"""Seconds between two reports of how many jobs are ahead."""


class JobQueue:
    """A queue of jobs with a number of slots, each for one running job."""

    def __init__(self, slots: int) -> None:
        self._changed = Condition()
        self._waiting: deque[object] = deque()
        self._free = slots
        self.slots = slots

    @property
    def waiting(self) -> int:
        """The number of jobs that wait for a slot."""
        with self._changed:
            return len(self._waiting)

    @contextmanager
    def slot(self, report: Callable[[int], object]) -> Iterator[None]:
        """Wait for a slot, and hold it until the block ends.

        Parameters
        ----------
        report : callable
            Called with the number of jobs ahead, every ``_REPORT_SECONDS`` while there are any. If it raises, the job
            leaves the queue.
        """
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        try:
            while (ahead := self._jobs_ahead(ticket)) is not None:
                report(ahead)
        except BaseException:
            self._leave(ticket)
            raise
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _jobs_ahead(self, ticket: object) -> int | None:
        """Wait a moment for a slot; return the number of jobs ahead, or None where the job has taken a slot."""
        with self._changed:
            if self._is_next(ticket) or self._changed.wait_for(lambda: self._is_next(ticket), _REPORT_SECONDS):
                self._waiting.popleft()
                self._free -= 1
                self._changed.notify_all()
                return None
            return self._waiting.index(ticket) + self.slots - self._free

    def _is_next(self, ticket: object) -> bool:
        return self._free > 0 and self._waiting[0] is ticket

    def _leave(self, ticket: object) -> None:
        with self._changed:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                self._changed.notify_all()


# One core stays free for clicks.
JOB_QUEUE: Final = JobQueue(max(1, (os.cpu_count() or 2) - 1))
"""The job queue of this process."""
