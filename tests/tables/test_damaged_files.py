"""Any bytes are read or refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kmeans_tables import default_choice, prepare_points, read_pasted, read_table
from tests.tables.files import EXAMPLES, PARQUET, XLSX, sentence, with_part


def _read_or_refuse(name: str, content: bytes, *, is_known: bool) -> None:
    """Read, and assert that nothing but a sentence comes of it, and that the reason was ``known``."""
    try:
        table = read_table(name, content)
    except ValueError as error:
        sentence(error)
        assert not is_known or error.__cause__ is None
        return
    assert len(table.numeric) >= 2
    for note in table.notes:
        sentence(ValueError(note))
    choice = default_choice(table)
    for variant in (choice, replace(choice, missing="fill", standardize=not choice.standardize)):
        try:
            assert np.isfinite(prepare_points(table, variant).points).all()
        except ValueError as error:
            sentence(error)


@EXAMPLES
@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b"PK\x05\x06" + bytes(18))
def test_any_bytes(content: bytes) -> None:
    _read_or_refuse("a.csv", content, is_known=not content.startswith((b"PK", b"PAR1")))


LETTERS = st.text(st.sampled_from("0123456789.,;|\t\n \"'-+eEa€%?\r\ufeff\u2028∞"), max_size=80)


@EXAMPLES
@given(st.one_of(st.text(max_size=80), LETTERS))
@example("\ud800\t2\n3\t4")
@example("sep=;\n")
@example("a,b,c\n1e999,1,3\n1e999,2,5\n")
@example("1,2\n3,4\n" + " " * 70)
def test_any_text(text: str) -> None:
    _read_or_refuse("a.txt", text.encode("utf-8", errors="replace"), is_known=True)
    try:
        read_pasted(text)
    except ValueError as error:
        sentence(error)
        assert error.__cause__ is None


def mutate(content: bytes, *, inside: bool) -> st.SearchStrategy[bytes]:
    """Change some bytes of a file, or of one part of a zip file, or leave out its end."""
    spots = st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=4)

    def change(spots: list[tuple[int, int]], cut: int) -> bytes:
        new = bytearray(content)
        for at, value in spots:
            new[at] = value
        return bytes(new[: len(new) - cut])

    whole = st.builds(change, spots, st.one_of(st.just(0), st.integers(0, len(content))))
    if not inside:
        return whole
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    part = st.sampled_from(sorted(parts)).flatmap(
        lambda name: mutate(parts[name], inside=False).map(lambda new: with_part(content, name, lambda _: new))
    )
    return st.one_of(whole, part)


@EXAMPLES
@given(mutate(b'a;"b";c\n1;2,5;x\n3;4,5;"y\nz"\n5;;x\n', inside=False))
def test_damaged_text(content: bytes) -> None:
    _read_or_refuse("a.csv", content, is_known=not content.startswith(b"P"))


@EXAMPLES
@given(mutate(XLSX, inside=True))
def test_damaged_workbooks(content: bytes) -> None:
    _read_or_refuse("a.xlsx", content, is_known=False)


@EXAMPLES
@given(mutate(PARQUET, inside=False))
def test_damaged_parquet(content: bytes) -> None:
    _read_or_refuse("a.parquet", content, is_known=False)
