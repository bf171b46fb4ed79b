"""The job queue."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.job_queue import JobQueue

TIMEOUT = 20
"""Seconds."""


def test_jobs_run_in_order_and_report_how_many_are_ahead() -> None:
    queue, order = JobQueue(1), []
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
            assert queue.waiting == 2
            assert not order
        first.result(TIMEOUT)
        second.result(TIMEOUT)
    assert order == [1, 2]
    assert set(reports[1]) == {1}
    assert reports[2][0] == 2, "one job runs, and one waits before it"
    assert queue.waiting == 0


def test_as_many_jobs_run_at_once_as_there_are_slots() -> None:
    queue = JobQueue(2)
    both = threading.Barrier(2, timeout=TIMEOUT)

    def run_job() -> None:
        with queue.slot(lambda ahead: None):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(run_job), pool.submit(run_job)]:
            job.result(TIMEOUT)


class StoppedError(Exception):
    """The visitor stopped the job."""


def stop(ahead: int) -> None:
    """Stop a waiting job."""
    raise StoppedError


def test_a_job_that_is_stopped_or_fails_blocks_no_other() -> None:
    queue = JobQueue(1)
    with queue.slot(lambda ahead: None), pytest.raises(StoppedError), queue.slot(stop):
        raise AssertionError("it ran although the slot was taken")
    assert queue.waiting == 0
    with pytest.raises(StoppedError), queue.slot(lambda ahead: None):
        raise StoppedError
    with queue.slot(stop):
        pass  # the slot is free again, so nothing is reported
