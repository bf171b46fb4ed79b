"""Syntax trees from many threads at once, as the first visitors of a server ask for them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kmeans_core
from ui.text.source_trees import source_tree


class _Cycle:
    """Garbage whose finalizer gives other threads a turn while a tree is built."""

    def __init__(self) -> None:
        self.cycle = [self]

    def __del__(self) -> None:
        sum(range(50))


@pytest.fixture
def frequent_turns() -> Iterator[None]:
    """Let threads take turns, and the garbage collector run, far more often."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("frequent_turns")
def test_threads_may_ask_at_the_same_time() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(kmeans_core.__file__).parent.rglob("*.py")]

    def read_all() -> None:
        for source in sources:
            for _ in range(5):
                _Cycle()
            source_tree(source)

    with ThreadPoolExecutor(4) as pool:
        for reading in [pool.submit(read_all) for _ in range(4)]:
            reading.result()
