"""The cache of results: it holds a number of bytes, whatever visitors ask for; what was used least recently goes first.

Results of a private table belong to an owner, an object of the visitor's session, and are gone with it.
"""

from __future__ import annotations

import pickle
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from threading import Lock, RLock
from typing import Any, Final

from server.config import LIMITS

_ENTRY_BYTES: Final = 500
"""About what an entry needs besides its content."""

_WAIT_SECONDS: Final = 0.1
"""Seconds between two calls of ``wait`` while another visitor computes the result."""


class Owner:
    """Whoever the results of a private table belong to."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A pickled result, when it counts as outdated, and the id of its owner; 0 where it has none."""

    content: bytes
    end: float
    owner_id: int

    @property
    def size(self) -> int:
        return len(self.content) + _ENTRY_BYTES


@dataclass(slots=True)
class _Turn:
    """A lock that one of the callers who want the same result holds, and how many they are."""

    lock: Any = field(default_factory=Lock)
    callers: int = 0


class ResultCache:
    """Results by key, at most ``most_bytes`` of them."""

    def __init__(self, most_bytes: int) -> None:
        # When an owner is gone, the garbage collector may say so while this thread holds the lock.
        self._lock = RLock()
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._keys: dict[int, set[bytes]] = {}
        self._turns: dict[bytes, _Turn] = {}
        self.most_bytes = most_bytes
        self._size = 0
        self.hits = 0
        self.misses = 0

    @property
    def size(self) -> int:
        """The bytes of all results."""
        return self._size

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: bytes) -> bool:
        with self._lock:
            entry = self._entries.get(key)
            return entry is not None and time.monotonic() < entry.end

    def get(
        self,
        key: bytes,
        compute: Callable[[], Any],
        wait: Callable[[], object],
        *,
        seconds: float = inf,
        owner: Owner | None = None,
    ) -> Any:
        """Return the result with a key, a copy of its own for each caller; compute it if it is not there.

        Parameters
        ----------
        key : bytes
            Differs between owners.
        compute : callable
            Returns the result, which can be pickled. Only one caller at a time computes a result.
        wait : callable
            Called now and then while another caller computes the result; may raise to give up.
        seconds : float
            After which the result counts as outdated.
        owner : Owner, optional
            With whom the result goes.
        """
        content = self._content(key)
        self._count(is_hit=content is not None)
        if content is None:
            with self._turn(key, wait):
                content = self._content(key)
                if content is None:
                    result = compute()
                    self._store(key, pickle.dumps(result, 5), time.monotonic() + seconds, owner)
                    return result
        return pickle.loads(content)

    def clear(self) -> None:
        """Drop all results."""
        with self._lock:
            self._entries.clear()
            self._size = 0

    def _content(self, key: bytes) -> bytes | None:
        with self._lock:
            if key not in self:
                return None
            self._entries.move_to_end(key)
            return self._entries[key].content

    def _count(self, is_hit: bool) -> None:
        with self._lock:
            self.hits += is_hit
            self.misses += not is_hit

    @contextmanager
    def _turn(self, key: bytes, wait: Callable[[], object]) -> Iterator[None]:
        """Wait until nobody else computes the result with this key."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.callers += 1
        try:
            while not turn.lock.acquire(timeout=_WAIT_SECONDS):
                wait()
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.callers -= 1
                if not turn.callers:
                    del self._turns[key]

    def _store(self, key: bytes, content: bytes, end: float, owner: Owner | None) -> None:
        entry = _Entry(content, end, 0 if owner is None else id(owner))
        with self._lock:
            self._drop(key)
            if entry.size > self.most_bytes:
                return
            self._entries[key] = entry
            self._size += entry.size
            if owner is not None:
                self._keys_of(owner).add(key)
            while self._size > self.most_bytes:
                self._drop(next(iter(self._entries)))

    def _keys_of(self, owner: Owner) -> set[bytes]:
        """Return the keys of an owner's results, which are dropped when the owner is gone."""
        if id(owner) not in self._keys:
            self._keys[id(owner)] = set()
            weakref.finalize(owner, self._drop_owned, id(owner))
        return self._keys[id(owner)]

    def _drop_owned(self, owner_id: int) -> None:
        with self._lock:
            for key in self._keys.pop(owner_id, ()):
                self._drop(key)

    def _drop(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry.size
            self._keys.get(entry.owner_id, set()).discard(key)


RESULTS: Final = ResultCache(LIMITS.cache_megabytes * 2**20)
"""The results of this process."""
