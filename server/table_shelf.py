"""The tables of one visitor, and the memory that all visitors' tables may take together."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakSet, WeakValueDictionary

from server.config import LIMITS

if TYPE_CHECKING:
    from kmeans_tables import Table

MAX_TABLES: Final = 12
"""How many tables a visitor keeps, so that Back and Undo find earlier ones."""

MAX_BYTES: Final = 200_000_000
"""Maximum memory of a visitor's tables together; the latest table is kept whatever its size."""


class TableShelf:
    """A visitor's tables by digest, the oldest first, and the names of those that were dropped to make room.

    A dropped table is found as long as something still computes with it, so that it never goes missing in the middle
    of a page's run.

    Attributes
    ----------
    dropped_names : dict of str
        The names of dropped tables by digest.
    """

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}
        self._dropped: WeakValueDictionary[str, Table] = WeakValueDictionary()
        self._workbook: tuple[str, bytes] | None = None
        self.dropped_names: dict[str, str] = {}

    def get(self, digest: str) -> Table | None:
        """Return a table; None if it is not here."""
        return self._tables.get(digest) or self._dropped.get(digest)

    @property
    def workbook(self) -> tuple[str, bytes] | None:
        """Return the name and content of the last workbook with several sheets, while there is room for it."""
        return self._workbook

    def keep_workbook(self, name: str, content: bytes) -> None:
        """Keep a workbook, so that its other sheets can be read."""
        self._workbook = (name, content)

    @property
    def byte_count(self) -> int:
        """Return about how many bytes the tables and the workbook take."""
        workbook = len(self._workbook[1]) if self._workbook else 0
        return workbook + sum(table.byte_count for table in list(self._tables.values()))

    def add(self, table: Table) -> None:
        """Keep a table as the latest one, and drop the oldest ones that are too many or too large."""
        self._tables.pop(table.digest, None)
        self.dropped_names.pop(table.digest, None)
        self._tables[table.digest] = table
        while len(self._tables) > MAX_TABLES or (len(self._tables) > 1 and self.byte_count > MAX_BYTES):
            self._drop_oldest()

    def shrink(self) -> None:
        """Drop the oldest of several tables; of a single one, first its workbook."""
        if len(self._tables) < 2 and self._workbook:
            self._workbook = None
        else:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = self._tables.pop(next(iter(self._tables)))
        self._dropped[oldest.digest] = oldest
        self.dropped_names[oldest.digest] = oldest.name


class TableBudget:
    """A limit on the memory of all shelves together: whoever holds most loses tables first.

    Parameters
    ----------
    most_bytes : int
        The limit.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._shelves: WeakSet[TableShelf] = WeakSet()
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Return the bytes of all shelves together."""
        with self._lock:
            return sum(shelf.byte_count for shelf in self._shelves)

    def store(self, shelf: TableShelf, table: Table) -> None:
        """Add a table to a shelf, and make room for it: it is kept itself, whatever its size."""
        with self._lock:
            self._shelves.add(shelf)
            shelf.add(table)
            sizes = {holder: holder.byte_count for holder in self._shelves}
            while sum(sizes.values()) > self.most_bytes:
                sizes[shelf] -= table.byte_count  # the new table is not to be dropped
                largest = max(sizes, key=sizes.__getitem__)
                if sizes[largest] <= 0:
                    return
                largest.shrink()
                sizes = {holder: holder.byte_count for holder in self._shelves}


TABLE_BUDGET: Final = TableBudget(LIMITS.table_megabytes * 2**20)
"""The budget of this process."""
