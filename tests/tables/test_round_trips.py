"""Numbers come back to the last bit through every kind of file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tables import LARGEST, read_table
from tests.tables.files import EXAMPLES, WRITERS, excel_from

NUMBERS = st.floats(-LARGEST, LARGEST)

FRAMES = st.integers(1, 8).flatmap(
    lambda n: st.builds(
        lambda first, second, third: pd.DataFrame({"a": first, "b": second, "c": third}, dtype=np.float64),
        st.lists(NUMBERS, min_size=n, max_size=n),
        st.lists(st.one_of(NUMBERS, st.integers(-9999, 9999)), min_size=n, max_size=n),
        st.lists(st.one_of(NUMBERS, st.none()), min_size=n, max_size=n).filter(lambda column: column.count(None) < n),
    )
)


@pytest.mark.parametrize("name", WRITERS)
@settings(EXAMPLES, max_examples=25)
@given(frame=FRAMES)
def test_numbers_come_back_to_the_last_bit(name: str, frame: pd.DataFrame) -> None:
    copy = read_table(name, WRITERS[name](frame))
    assert copy.numeric == (("column 1", "column 2", "column 3") if name == "bare.csv" else ("a", "b", "c"))
    np.testing.assert_array_equal(copy.frame.to_numpy(), frame.to_numpy())


@settings(EXAMPLES, max_examples=25)
@given(frame=FRAMES)
def test_numbers_come_back_from_a_workbook(frame: pd.DataFrame) -> None:
    # openpyxl writes 16 digits, which make the largest number larger.
    frame = frame.clip(-LARGEST / 2, LARGEST / 2)
    copy = read_table("a.xlsx", excel_from(frame))
    np.testing.assert_allclose(copy.frame.to_numpy(), frame.to_numpy(), rtol=1e-15)
