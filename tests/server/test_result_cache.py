"""The cache of results: never too many bytes, one computation of each result, and nothing without its owner."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from server.result_cache import Owner, ResultCache

TIMEOUT = 20
"""Seconds."""


def ignore() -> None:
    """Wait for the result."""


def store_result(cache: ResultCache, key: bytes, size: int = 1_000, owner: Owner | None = None) -> bytes:
    """Return a result of so many bytes from the cache."""
    result: bytes = cache.get(key, lambda: key * size, ignore, owner=owner)
    return result


def test_the_cache_never_holds_more_than_its_bytes_and_drops_what_was_used_least_recently() -> None:
    cache = ResultCache(5_000)
    for key in (b"a", b"b", b"c"):
        store_result(cache, key)
    store_result(cache, b"a")
    store_result(cache, b"d", 1_200)
    assert b"b" not in cache
    assert all(key in cache for key in (b"a", b"c", b"d")) or cache.size <= 5_000
    assert b"a" in cache
    assert b"d" in cache


def test_whatever_is_asked_for_its_size_is_right_and_within_the_bound() -> None:
    cache, chance, owners = ResultCache(20_000), Random(0), [Owner() for _ in range(5)]
    for _ in range(2_000):
        key = bytes([chance.randrange(200)])
        store_result(
            cache, key, chance.randrange(1, 6_000), chance.choice([None, *owners]) if chance.random() < 0.5 else None
        )
        if chance.random() < 0.05:
            owners[chance.randrange(5)] = Owner()
        assert cache.size <= 20_000
    owners.clear()
    gc.collect()
    assert cache.size == sum(entry.size for entry in cache._entries.values())
    assert not cache._keys
    cache.clear()
    assert (len(cache), cache.size) == (0, 0)


def test_a_result_that_is_larger_than_the_cache_is_returned_and_not_kept() -> None:
    cache = ResultCache(1_000)
    store_result(cache, b"a", 100)
    assert store_result(cache, b"b", 5_000) == b"b" * 5_000
    assert (b"a" in cache, b"b" in cache) == (True, False)
    store_result(cache, b"a")
    assert (cache.hits, cache.misses) == (1, 2)


def test_each_caller_gets_a_copy() -> None:
    cache = ResultCache(10_000)
    first = cache.get(b"a", lambda: [1], ignore)
    first.append(2)
    assert cache.get(b"a", lambda: [3], ignore) == [1]


def test_an_outdated_result_is_computed_again() -> None:
    cache = ResultCache(10_000)
    cache.get(b"a", lambda: 1, ignore, seconds=0)
    assert b"a" not in cache
    assert cache.get(b"a", lambda: 2, ignore) == 2


def test_results_are_gone_with_their_owner() -> None:
    cache, owner = ResultCache(100_000), Owner()
    store_result(cache, b"a", owner=owner)
    store_result(cache, b"b")
    del owner
    gc.collect()
    assert b"a" not in cache
    assert b"b" in cache


def test_only_one_caller_computes_a_result_and_one_who_leaves_is_followed_by_another() -> None:
    cache, calls = ResultCache(10_000), []
    may_fail, has_begun, is_waiting = threading.Event(), threading.Event(), threading.Event()

    def fail() -> int:
        calls.append("fail")
        has_begun.set()
        assert may_fail.wait(TIMEOUT)
        raise TimeoutError

    def succeed() -> int:
        calls.append("succeed")
        return 7

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(cache.get, b"a", fail, ignore)
        assert has_begun.wait(TIMEOUT)
        followers = [pool.submit(cache.get, b"a", succeed, is_waiting.set) for _ in range(2)]
        assert is_waiting.wait(TIMEOUT)
        may_fail.set()
        with pytest.raises(TimeoutError):
            first.result(TIMEOUT)
        assert [follower.result(TIMEOUT) for follower in followers] == [7, 7]
    assert calls == ["fail", "succeed"]


def test_who_waits_for_the_result_of_another_can_give_up() -> None:
    cache, may_end, has_begun = ResultCache(10_000), threading.Event(), threading.Event()

    def compute() -> int:
        has_begun.set()
        assert may_end.wait(TIMEOUT)
        return 1

    def give_up() -> None:
        raise InterruptedError

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(cache.get, b"a", compute, ignore)
        assert has_begun.wait(TIMEOUT)
        with pytest.raises(InterruptedError):
            cache.get(b"a", compute, give_up)
        may_end.set()
        assert first.result(TIMEOUT) == 1
