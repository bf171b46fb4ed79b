"""Long work one after the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.job_queue import Line

WAIT_SECONDS = 20


def test_turns_are_taken_in_the_order_of_coming_and_the_line_is_told() -> None:
    line, order = Line(1), []
    told: dict[int, list[int]] = {1: [], 2: []}
    in_line = {1: threading.Event(), 2: threading.Event()}

    def ask(number: int) -> None:
        def tell(ahead: int) -> None:
            told[number].append(ahead)
            in_line[number].set()

        with line.turn(tell):
            order.append(number)

    with ThreadPoolExecutor(2) as pool:
        with line.turn(lambda ahead: None):
            first = pool.submit(ask, 1)
            assert in_line[1].wait(WAIT_SECONDS)
            second = pool.submit(ask, 2)
            assert in_line[2].wait(WAIT_SECONDS)
            assert line.waiting == 2
            assert not order
        first.result(WAIT_SECONDS)
        second.result(WAIT_SECONDS)
    assert order == [1, 2]
    assert set(told[1]) == {1}
    assert told[2][0] == 2, "one has the turn, and one is ahead in line"
    assert line.waiting == 0


def test_as_many_as_there_are_counters_have_a_turn_at_once() -> None:
    line = Line(2)
    both = threading.Barrier(2, timeout=WAIT_SECONDS)

    def ask() -> None:
        with line.turn(lambda ahead: None):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        for asked in [pool.submit(ask), pool.submit(ask)]:
            asked.result(WAIT_SECONDS)


class LeftError(Exception):
    pass


def test_who_leaves_the_line_or_fails_holds_nobody_up() -> None:
    line = Line(1)

    def leave(ahead: int) -> None:
        raise LeftError

    with line.turn(lambda ahead: None), pytest.raises(LeftError), line.turn(leave):
        raise AssertionError("it was not their turn")
    assert line.waiting == 0
    with pytest.raises(LeftError), line.turn(lambda ahead: None):
        raise LeftError
    with line.turn(leave):
        pass  # the turn came back, so nobody is ahead
