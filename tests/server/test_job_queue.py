"""The job queue."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from server import job_queue
from server.job_queue import JobQueue
from tests.support import wait_until

TIMEOUT = 20
"""Seconds."""

PLENTY = 1_000
"""Bytes of memory for jobs; most jobs here need none."""


def test_jobs_run_in_order_and_report_how_many_are_ahead() -> None:
    queue, order = JobQueue(1, PLENTY), []
    reports: dict[int, list[int]] = {1: [], 2: []}
    is_waiting = {1: threading.Event(), 2: threading.Event()}

    def run_job(number: int) -> None:
        def report(ahead: int) -> None:
            reports[number].append(ahead)
            is_waiting[number].set()

        with queue.slot(report):
            order.append(number)

    with ThreadPoolExecutor(2) as pool:
        with queue.slot(lambda ahead: None):
            first = pool.submit(run_job, 1)
            assert is_waiting[1].wait(TIMEOUT)
            second = pool.submit(run_job, 2)
            assert is_waiting[2].wait(TIMEOUT)
            assert queue.length == 2
            assert not order
        first.result(TIMEOUT)
        second.result(TIMEOUT)
    assert order == [1, 2]
    assert set(reports[1]) == {1}
    assert reports[2][0] == 2, "one job runs, and one waits before it"
    assert (queue.length, queue.running) == (0, 0)
    assert queue.waits.totals()[()].count == 3
    assert queue.waits.totals()[()].seconds > 0


def test_as_many_jobs_run_at_once_as_there_are_slots() -> None:
    queue = JobQueue(2, PLENTY)
    barrier = threading.Barrier(2, timeout=TIMEOUT)

    def run_job() -> None:
        with queue.slot(lambda ahead: None):
            barrier.wait()

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(run_job), pool.submit(run_job)]:
            job.result(TIMEOUT)


class StoppedError(Exception):
    """The visitor stopped the job."""


def stop(ahead: int) -> None:
    """Stop a waiting job."""
    raise StoppedError


def test_a_job_that_is_stopped_or_fails_blocks_no_other() -> None:
    queue = JobQueue(1, PLENTY)
    with queue.slot(lambda ahead: None), pytest.raises(StoppedError), queue.slot(stop):
        raise AssertionError("it ran although the slot was taken")
    assert queue.length == 0
    with pytest.raises(StoppedError), queue.slot(lambda ahead: None):
        raise StoppedError
    with queue.slot(stop):
        pass  # the slot is free again, so nothing is reported


# Fairness ------------------------------------------------------------------------------------------------


def ignore(ahead: int) -> None:
    """Wait without saying so."""


class Work:
    """A job in a thread of its own that passes checkpoints until it may end."""

    def __init__(self, queue: JobQueue, person: str, size: int = 0) -> None:
        self._queue, self._person, self._size = queue, person, size
        self.is_waiting, self.has_begun, self.may_end = threading.Event(), threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self._queue.slot(lambda ahead: self.is_waiting.set(), person=self._person, size=self._size) as job:
            self.has_begun.set()
            while not self.may_end.wait(0.01):
                self._queue.give_way(job, ignore)

    def end(self) -> None:
        """Let the job end, and wait until it has."""
        self.may_end.set()
        self.thread.join(TIMEOUT)
        assert not self.thread.is_alive()


Start = Callable[..., Work]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a job."""
    started: list[Work] = []

    def start_work(queue: JobQueue, person: str, size: int = 0) -> Work:
        started.append(Work(queue, person, size))
        return started[-1]

    yield start_work
    for work in started:
        work.may_end.set()
    for work in started:
        work.end()


def compute_for(seconds: float) -> None:
    """Hold a slot for a while."""
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= end)


def test_a_long_job_gives_way_to_people_who_computed_less(start: Start) -> None:
    queue = JobQueue(1, PLENTY)
    long = start(queue, "attacker")
    assert long.has_begun.wait(TIMEOUT)
    short = start(queue, "visitor")
    assert short.has_begun.wait(TIMEOUT), "it waits for the end of the long job"
    assert long.thread.is_alive()
    short.end()
    long.end()
    assert queue.length == 0


def test_jobs_of_one_person_wait_for_those_of_others() -> None:
    queue, order = JobQueue(1, PLENTY), []

    def run_job(person: str) -> None:
        with queue.slot(ignore, person=person):
            order.append(person)

    with ThreadPoolExecutor(3) as pool:
        with queue.slot(ignore, person="attacker"):
            compute_for(0.2)
            jobs: list[Future[None]] = []
            for person in ("attacker", "attacker", "visitor"):
                jobs.append(pool.submit(run_job, person))
                wait_until(lambda: queue.length == len(jobs))
        for job in jobs:
            job.result(TIMEOUT)
    assert order == ["visitor", "attacker", "attacker"]


def test_a_job_waits_until_its_memory_fits_beside_those_that_have_begun(start: Start) -> None:
    queue = JobQueue(2, 100)
    large = start(queue, "a", 80)
    assert large.has_begun.wait(TIMEOUT)
    assert (queue.running, queue.size) == (1, 80)
    other = start(queue, "b", 30)
    assert other.is_waiting.wait(TIMEOUT), "there is a slot, but no memory"
    small = start(queue, "c", 20)
    assert small.has_begun.wait(TIMEOUT), "a job that fits waits behind one that does not"
    small.end()
    assert not other.has_begun.is_set()
    large.end()
    assert other.has_begun.wait(TIMEOUT)


def test_a_job_that_needs_more_than_all_memory_runs_alone() -> None:
    queue = JobQueue(2, 100)
    with queue.slot(stop, size=500):
        pass


def test_a_job_that_gives_way_and_is_cancelled_frees_its_memory(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "_REPORT_SECONDS", 0.05)
    queue = JobQueue(1, 100)
    with pytest.raises(StoppedError), queue.slot(ignore, person="left", size=90) as job:
        other = start(queue, "visitor")
        wait_until(lambda: queue.length == 1)
        compute_for(0.3)
        queue.give_way(job, stop)
    assert other.has_begun.is_set()
    other.end()
    with queue.slot(stop, size=90):
        pass


def test_a_job_that_waits_for_the_result_of_another_lets_that_one_finish(start: Start) -> None:
    """However much the other one has computed before."""
    queue = JobQueue(1, PLENTY)
    other = start(queue, "attacker")
    assert other.has_begun.wait(TIMEOUT)
    compute_for(0.5)
    with queue.slot(ignore, person="visitor") as job:
        other.may_end.set()
        queue.give_way(job, ignore, is_last=True)
        other.end()


def test_a_short_job_goes_before_long_ones_that_came_earlier() -> None:
    queue, order = JobQueue(1, PLENTY), []

    def run_job(seconds: float) -> None:
        with queue.slot(ignore, seconds=seconds):
            order.append(seconds)

    with ThreadPoolExecutor(3) as pool:
        with queue.slot(ignore):
            jobs: list[Future[None]] = []
            for seconds in (20.0, 30.0, 0.2):
                jobs.append(pool.submit(run_job, seconds))
                wait_until(lambda: queue.length == len(jobs))
        for job in jobs:
            job.result(TIMEOUT)
    assert order == [0.2, 20.0, 30.0]
