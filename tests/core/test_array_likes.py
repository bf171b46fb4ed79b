"""What may be handed in for an array: every kind of table, tensor and list there is, and what is none of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from numpy.typing import NDArray

from kmeans_core import (
    KMeans,
    RunConfig,
    adjusted_rand_index,
    branch,
    cost_of,
    gap_statistic,
    match_clusters,
    partition_key,
    run,
    run_many,
    same_partition,
    silhouette,
    standardized,
)
from kmeans_core.validation import validate_rows

ROWS = [[0.0, 1.0], [5.0, 9.0], [1.0, 2.0], [6.0, 9.5]]
LABELS = [0, 1, 0, 1]
TRACE = run(ROWS, RunConfig(k=2, init="random"))


class Tensor:
    """An array of another library: it has ``__array__``, and iterating over it gives no rows."""

    def __init__(self, values: Any, error: Exception | None = None) -> None:
        self.values, self.error = np.array(values), error

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if self.error:
            raise self.error
        return self.values.astype(dtype or self.values.dtype)

    def __iter__(self) -> Any:
        return iter(self.values.T)


TABLE = np.array(ROWS)
GOOD: dict[str, Any] = {
    "lists": ROWS,
    "tuples": tuple(map(tuple, ROWS)),
    "rows that are arrays": list(TABLE),
    "rows that are series": [pd.Series(row) for row in ROWS],
    "Fortran order": np.asfortranarray(TABLE),
    "not contiguous": np.repeat(np.repeat(TABLE, 2, axis=0), 3, axis=1)[::2, ::3],
    "backwards": TABLE[::-1, ::-1].copy()[::-1, ::-1],
    "foreign bytes": TABLE.astype(">f8"),
    "float16": TABLE.astype(np.float16),
    "float32": TABLE.astype(np.float32),
    "long double": TABLE.astype(np.longdouble),
    "objects": TABLE.astype(object),
    "decimals": [[Decimal(value) for value in row] for row in ROWS],
    "fractions": [[Fraction(value) for value in row] for row in ROWS],
    "scalars of NumPy": [[np.float32(value) for value in row] for row in ROWS],
    "matrix": np.asmatrix(TABLE),
    "mask without masked values": np.ma.masked_invalid(TABLE),
    "pandas": pd.DataFrame(ROWS, columns=["x", "y"]),
    "pandas, nullable": pd.DataFrame(ROWS, columns=["x", "y"]).astype("Float64"),
    "pandas, sparse": pd.DataFrame(ROWS, columns=["x", "y"]).astype(pd.SparseDtype(float, 0.0)),
    "pandas, of Arrow": pd.DataFrame(ROWS, columns=["x", "y"]).astype("float64[pyarrow]"),
    "polars": pl.DataFrame(ROWS, schema=["x", "y"], orient="row"),
    "Arrow": pa.table({"x": TABLE[:, 0], "y": TABLE[:, 1]}),
    "a tensor": Tensor(ROWS),
    "memory": memoryview(TABLE.copy().data),
}


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values


GOOD["read-only"] = read_only(TABLE.copy())

BAD: dict[str, tuple[Any, str]] = {
    "masked": (np.ma.masked_greater(TABLE, 9.2), "got 1 masked value: fill them in with .filled(), or leave out"),
    "masked rows": ([np.ma.masked_greater(row, 8.0) for row in TABLE], "got 2 masked values"),
    "a masked number": ([[0.0, np.ma.masked], *ROWS[1:]], "got 1 masked value"),
    "sparse": (scipy.sparse.csr_matrix(TABLE), "got a sparse csr_matrix: convert it with .toarray()"),
    "sparse array": (scipy.sparse.coo_array(TABLE), "got a sparse coo_array: convert it with .toarray()"),
    "a frame that was not computed": (pl.DataFrame(ROWS).lazy(), "got a LazyFrame"),
    "a broken tensor": (Tensor(ROWS, RuntimeError("it is elsewhere")), "got a Tensor that can't be read: it is else"),
    "complex": (TABLE * 1j, "got values of type complex128"),
    "one complex number": (np.array([[np.complex128(1 + 1j), 1.0]] * 4, dtype=object), "not a number: np.complex128"),
    "dates": (TABLE.astype(int).astype("M8[D]"), "got values of type datetime64[D]"),
    "one date": (np.array([[np.datetime64("2020-01-01"), 1.0]] * 4, dtype=object), "not a number: np.datetime64"),
    "durations": (TABLE.astype(int).astype("m8[s]"), "got values of type timedelta64[s]"),
    "texts": ([["1", "2"]] * 4, "got values of type <U1"),
    "texts among numbers": (np.array([["1", 2.0]] * 4, dtype=object), "got a value that is not a number: '1'"),
    "texts in pandas": (pd.DataFrame({"x": ["1", "2", "3", "4"], "y": 1.0}), "got a value that is not a number: '1'"),
    "a gap in pandas": (pd.DataFrame({"x": pd.array([1, None, 2, 3], dtype="Int64"), "y": 1.0}), "got "),
    "a gap in polars": (pl.DataFrame({"x": [1.0, None, 2.0, 3.0], "y": [1.0] * 4}), "got [nan, 1.0] in row 1"),
    "records": (np.zeros(4, dtype=[("x", float), ("y", float)]), "got shape (4,)"),
    "0-d": (np.array(3.0), "got shape ()"),
    "1-d": (pd.Series([1.0, 2.0, 3.0, 4.0]), "got shape (4,)"),
    "3-d": (TABLE[None], "got shape (1, 4, 2)"),
    "too large": (np.array([[np.longdouble("1e4000"), 0]] * 4), "got [inf, 0.0] in row 0"),
    "a huge integer": ([[10**400, 0]] * 4, "got a value that is not a number: int too large"),
    "not finite": (np.where(TABLE == 9.5, np.inf, TABLE), "got [6.0, inf] in row 3"),
}

Call = Callable[[Any], object]
CALLS: dict[str, tuple[str, Call]] = {
    "run": ("points", lambda rows: run(rows, RunConfig(k=2, init="random")).cost),
    "run_many": ("points", lambda rows: run_many(rows, [RunConfig(k=2, init="random")])[0].cost),
    "branch": ("points", lambda rows: branch(rows, TRACE, 1, TRACE.centers).cost),
    "branch to": ("centers", lambda rows: branch(ROWS, run(ROWS, RunConfig(k=4)), 1, rows)[2].centers.tolist()),
    "given": ("given", lambda rows: RunConfig(k=4, init="given", given=rows).given),
    "cost_of": ("points", lambda rows: cost_of(rows, LABELS, ROWS[:2])),
    "cost_of to": ("centers", lambda rows: cost_of(ROWS, LABELS, rows)),
    "silhouette": ("points", lambda rows: silhouette(rows, LABELS).tolist()),
    "standardized": ("points", lambda rows: standardized(rows).tolist()),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", GOOD)
def test_the_same_numbers_give_the_same_result_whatever_holds_them(kind: str, call: str) -> None:
    assert CALLS[call][1](GOOD[kind]) == CALLS[call][1](ROWS)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", BAD)
def test_what_holds_no_rows_of_numbers_is_refused_by_name(kind: str, call: str) -> None:
    name, does = CALLS[call]
    with warnings.catch_warnings(), pytest.raises(ValueError, match=f"^{name} must be a 2-D array") as failure:
        warnings.filterwarnings("ignore", "Degrees of freedom")
        does(BAD[kind][0])
    assert BAD[kind][1] in str(failure.value)


def test_integers_and_booleans_are_numbers() -> None:
    for rows in ([[2**70, 1]], np.array([[1, 0]], dtype=bool), np.array([[255, 1]], dtype=np.uint8)):
        assert validate_rows("points", rows).tolist() == [[float(value) for value in row] for row in rows]


def test_given_centers_may_come_from_iterators() -> None:
    """As they always could: zip, map and generators of rows, and rows of them."""
    expected = ((0.0, 5.0), (1.0, 9.0))
    for centers in (zip([0, 1], [5, 9], strict=True), (map(float, row) for row in expected), {(0, 5): 1, (1, 9): 2}):
        assert RunConfig(k=2, init="given", given=centers).given == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(2, 3), (3, 2)])
def test_a_frame_is_read_by_rows(shape: tuple[int, int]) -> None:
    rows = np.arange(6.0).reshape(shape)
    for frame in (pd.DataFrame(rows), pl.DataFrame(rows), pa.table(dict(zip("abc", rows.T, strict=False)))):
        config = RunConfig(k=len(rows), init="given", given=frame)  # type: ignore[arg-type]
        assert config.given == tuple(map(tuple, rows))


LABEL_CALLS: dict[str, tuple[str, Call]] = {
    "silhouette": ("labels", lambda labels: silhouette(ROWS, labels).tolist()),
    "cost_of": ("labels", lambda labels: cost_of(ROWS, labels, ROWS[:2])),
    "adjusted_rand_index": ("labels", lambda labels: adjusted_rand_index(labels, [0, 1, 1, 1])),
    "adjusted_rand_index, the other labels": ("other_labels", lambda labels: adjusted_rand_index([0, 1, 1, 1], labels)),
    "partition_key": ("labels", partition_key),
    "same_partition": ("labels", lambda labels: same_partition(labels, [0, 1, 1, 1])),
    "match_clusters": ("labels", lambda labels: match_clusters(labels, [0, 1, 1, 1], k=2).tolist()),
}


@pytest.mark.parametrize("call", LABEL_CALLS)
def test_labels_may_be_held_by_anything_and_must_be_whole_numbers(call: str) -> None:
    name, does = LABEL_CALLS[call]
    expected = does(LABELS)
    for kind in (np.array(LABELS, np.uint8), pd.Series(LABELS), pl.Series(LABELS), Tensor(LABELS)):
        assert does(kind) == expected
    for junk, problem in (
        (np.ma.masked_equal([0, 1, 0, 5], 5), "1 masked value"),
        (scipy.sparse.csr_matrix(LABELS), "a sparse csr_matrix"),
        (pd.array([0, 1, None, 1], dtype="Int64"), "float64"),
        (list("abab"), "<U1"),
    ):
        with pytest.raises(ValueError, match=f"^{name} must be.*{problem}"):
            does(junk)


@pytest.mark.parametrize("kind", GOOD)
def test_an_estimator_reads_what_a_run_does(kind: str) -> None:
    if kind in ("a tensor", "memory", "matrix", "pandas, sparse"):
        pytest.skip("scikit-learn's own check refuses it")
    fitted = KMeans(2, init=ROWS[:2]).fit(GOOD[kind])
    assert fitted.inertia_ == KMeans(2, init=ROWS[:2]).fit(ROWS).inertia_
    assert fitted.predict(GOOD[kind]).tolist() == LABELS
    assert KMeans(4, init=GOOD[kind]).fit(ROWS).trace_[0].centers.tolist() == ROWS


@pytest.mark.parametrize("kind", BAD)
def test_an_estimator_refuses_what_a_run_does(kind: str) -> None:
    fitted = KMeans(2, init=ROWS[:2]).fit(ROWS)
    for refuses in (KMeans(2).fit, fitted.predict, fitted.transform, fitted.score):
        with warnings.catch_warnings(), pytest.raises((ValueError, TypeError, RuntimeError)) as failure:
            warnings.filterwarnings("ignore", "overflow|invalid value|X has feature names")
            refuses(BAD[kind][0])
        assert len(str(failure.value)) > 10
    with pytest.raises(ValueError, match=r"^init must be a 2-D array"):
        KMeans(4, init=BAD[kind][0]).fit(ROWS)


def test_costs_hold_no_masked_values() -> None:
    masked = np.ma.masked_equal([1.0, 2.0], 2.0)
    with pytest.raises(ValueError, match=r"^costs must be real numbers, got 1 masked value"):
        gap_statistic(masked, [[1.0, 2.0]])
    with pytest.raises(ValueError, match=r"^reference must be real numbers, got 1 masked value"):
        gap_statistic([1.0, 2.0], masked[None])
