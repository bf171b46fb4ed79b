"""The memory of all visitors' tables: who loses a table when there is no room for another one."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from kmeans_tables import Table
from server.table_shelf import TableBudget, TableShelf
from tests.ui.settings.test_new_table import table

SIZE = table("t.csv", "a", "b", first=10).byte_count


def tables(count: int) -> Iterator[Table]:
    return (table(f"t{i}.csv", "a", "b", first=10 + i) for i in range(count))


@pytest.fixture
def budget() -> TableBudget:
    """Make room for four small tables."""
    return TableBudget(4 * SIZE + SIZE // 2)


def test_whoever_holds_most_loses_the_oldest_table_and_its_name_is_remembered(budget: TableBudget) -> None:
    greedy, modest, newcomer = TableShelf(), TableShelf(), TableShelf()
    first, *rest, last = tables(5)
    first_digest = first.digest
    for entry in [first, *rest[:2]]:
        budget.store(greedy, entry)
    budget.store(modest, rest[2])
    assert greedy.get(first_digest)
    budget.store(newcomer, last)
    assert greedy.get(first_digest) is first, "a run that computes with it still finds it"
    del first, entry
    gc.collect()
    assert greedy.get(first_digest) is None
    assert greedy.dropped_names == {first_digest: "t0.csv"}
    assert all(greedy.get(other.digest) for other in rest[:2])
    assert modest.get(rest[2].digest)
    assert newcomer.get(last.digest)


def test_a_table_larger_than_the_budget_takes_the_place_of_all_others() -> None:
    budget, alone, other = TableBudget(SIZE // 2), TableShelf(), TableShelf()
    small, large = tables(2)
    small_digest = small.digest
    budget.store(other, small)
    del small
    assert other.get(small_digest), "the latest table is kept whatever its size"
    budget.store(alone, large)
    gc.collect()
    assert alone.get(large.digest) is large
    assert other.get(small_digest) is None


def test_a_workbook_goes_before_the_table_that_came_from_it(budget: TableBudget) -> None:
    greedy, newcomer = TableShelf(), TableShelf()
    first, second = tables(2)
    budget.store(greedy, first)
    greedy.keep_workbook("marks.xlsx", b"x" * 3 * SIZE)
    budget.store(newcomer, second)
    assert (greedy.workbook, greedy.get(first.digest)) == (None, first)


def test_a_workbook_without_room_beside_its_table_is_not_kept(budget: TableBudget) -> None:
    shelf = TableShelf()
    shelf.keep_workbook("marks.xlsx", b"x" * 4 * SIZE)
    budget.store(shelf, first := next(tables(1)))
    assert (shelf.workbook, shelf.get(first.digest)) == (None, first)


def test_visitors_who_left_take_no_room(budget: TableBudget) -> None:
    left, present = TableShelf(), TableShelf()
    *before, after = tables(5)
    for entry in before[:2]:
        budget.store(left, entry)
    for entry in before[2:]:
        budget.store(present, entry)
    del left
    gc.collect()
    budget.store(present, after)
    assert [present.get(entry.digest) for entry in [*before[2:], after]] == [*before[2:], after]
    assert not present.dropped_names
