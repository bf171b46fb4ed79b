"""The job queue: expensive work waits for a free slot, and takes turns with that of other people.

The machine is shared, so many expensive jobs at once would delay every other click. Short jobs of people who have
computed little go first, and a running job gives way to them at its checkpoints: jobs of minutes delay one of a tenth
of a second by less than a second. Jobs that have begun hold memory, so a job whose memory does not fit beside theirs
waits.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Condition
from typing import Final

from server.config import LIMITS
from server.durations import Histogram

Report = Callable[[int], object]
"""Called with the number of jobs ahead; if it raises, the job leaves the queue."""

_REPORT_SECONDS: Final = 0.3
"""Seconds between two reports of how many jobs are ahead."""

_TURN_SECONDS: Final = 0.15
"""Seconds for which a job runs before it gives way: enough for most jobs, and short beside the wait for several."""

_HALF_LIFE: Final = 20.0
"""Seconds after which what somebody has computed counts half."""


@dataclass(eq=False, slots=True)
class Job:
    """A job in the queue: whose it is, about how many bytes and seconds it needs, and how far it has come."""

    person: Hashable
    size: int
    seconds: float
    number: int
    has_begun: bool = False
    is_last: bool = False
    turn_start: float = field(default=0.0, repr=False)


class JobQueue:
    """A queue of jobs with a number of slots, each for one running job.

    Parameters
    ----------
    slots : int
    most_bytes : int
        Memory of all jobs that have begun. A job that needs more than that by itself runs alone.
    """

    def __init__(self, slots: int, most_bytes: int) -> None:
        self._condition = Condition()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._numbers = count()
        self.slots = slots
        self.most_bytes = most_bytes
        self.waits = Histogram()
        """How long jobs wait before they begin."""

        self._begun: list[Job] = []
        self._seconds: dict[Hashable, tuple[float, float]] = {}

    @property
    def length(self) -> int:
        """The number of jobs that wait for a slot."""
        with self._condition:
            return len(self._waiting)

    @property
    def running(self) -> int:
        """The number of jobs that hold a slot."""
        with self._condition:
            return len(self._running)

    @property
    def size(self) -> int:
        """About how many bytes the jobs that have begun need."""
        with self._condition:
            return sum(job.size for job in self._begun)

    @contextmanager
    def slot(self, report: Report, *, person: Hashable = None, size: int = 0, seconds: float = 1.0) -> Iterator[Job]:
        """Wait for a slot, and hold it until the block ends.

        Parameters
        ----------
        report : callable
            Called every ``_REPORT_SECONDS`` while any jobs are ahead.
        person : hashable, optional
            Whose job it is. The seconds of a person's jobs are added up.
        size : int
            About how many bytes of memory the job needs.
        seconds : float
            About how many seconds it takes.
        """
        job = Job(object() if person is None else person, size, seconds, next(self._numbers))
        start = time.monotonic()
        try:
            self._wait(job, report)
            self.waits.observe(time.monotonic() - start)
            yield job
        finally:
            self._leave(job)

    def give_way(self, job: Job, report: Report, *, is_last: bool = False) -> None:
        """Let waiting jobs that come before it go first, if the job has run for a while; wait for a slot again.

        With ``is_last``, let all waiting jobs go first at once: this one waits for another job's result.
        """
        with self._condition:
            now = time.monotonic()
            if not self._waiting or (not is_last and now - job.turn_start < _TURN_SECONDS):
                return
            self._count_seconds(job, now)
            job.turn_start, job.is_last = now, is_last
            if not any(self._can_run(other) and self._rank(other) < self._rank(job) for other in self._waiting):
                return
            self._running.remove(job)
        try:
            self._wait(job, report)
        finally:
            job.is_last = False

    def _wait(self, job: Job, report: Report) -> None:
        """Wait until the job has a slot."""
        with self._condition:
            self._waiting.append(job)
            self._condition.notify_all()
        while (ahead := self._jobs_ahead(job)) is not None:
            report(ahead)

    def _jobs_ahead(self, job: Job) -> int | None:
        """Wait a moment for a slot; return the number of jobs ahead, or None where the job has taken a slot."""
        with self._condition:
            if self._is_next(job) or self._condition.wait_for(lambda: self._is_next(job), _REPORT_SECONDS):
                self._take_slot(job)
                return None
            return len(self._running) + sum(self._rank(other) < self._rank(job) for other in self._waiting)

    def _is_next(self, job: Job) -> bool:
        if len(self._running) >= self.slots:
            return False
        return job is min(filter(self._can_run, self._waiting), key=self._rank, default=None)

    def _can_run(self, job: Job) -> bool:
        """Tell whether there is memory for a job."""
        used_bytes = sum(other.size for other in self._begun)
        return job.has_begun or not self._begun or used_bytes + job.size <= self.most_bytes

    def _rank(self, job: Job) -> tuple[bool, float, int]:
        """Return what decides which job goes first: the least of these."""
        seconds = self._seconds_of(job.person, time.monotonic()) + job.seconds
        return job.is_last, round(seconds, 1), job.number

    def _take_slot(self, job: Job) -> None:
        self._waiting.remove(job)
        self._running.append(job)
        if not job.has_begun:
            job.has_begun = True
            self._begun.append(job)
        job.turn_start = time.monotonic()
        self._condition.notify_all()

    def _leave(self, job: Job) -> None:
        with self._condition:
            if job in self._running:
                self._count_seconds(job, time.monotonic())
            for jobs in (self._waiting, self._running, self._begun):
                if job in jobs:
                    jobs.remove(job)
            self._condition.notify_all()

    def _count_seconds(self, job: Job, now: float) -> None:
        """Add the seconds of a job's turn to what its person has computed, and forget people who did so long ago."""
        self._seconds[job.person] = self._seconds_of(job.person, now) + now - job.turn_start, now
        for person in [person for person in self._seconds if self._seconds_of(person, now) < 0.01]:
            del self._seconds[person]

    def _seconds_of(self, person: Hashable, now: float) -> float:
        """Return how many seconds a person has computed; those long ago count less."""
        seconds, then = self._seconds.get(person, (0.0, now))
        return seconds * math.exp2((then - now) / _HALF_LIFE)


# One core stays free for clicks.
JOB_QUEUE: Final = JobQueue(max(1, (os.cpu_count() or 2) - 1), LIMITS.job_megabytes * 2**20)
"""The job queue of this process."""

READING_QUEUE: Final = JobQueue(4, 2 * LIMITS.incoming_megabytes * 10**6)
"""The queue of uploads to read, which cannot give way: one of the largest at a time, and small ones beside it."""
