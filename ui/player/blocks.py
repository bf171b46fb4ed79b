"""Blocks: the bytes that a message to the browser consists of.

A block is its length (``uint32``, little-endian) and that many bytes of JSON, padded with spaces to a multiple of four.
Arrays follow behind the last block, each at a multiple of four bytes, so that typed arrays can view them in place.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final, cast, get_args

import numpy as np
from numpy.typing import NDArray

from ui.player.schema import VERSION, ArrayPlace, ArrayType

_ALIGNMENT: Final = 4


class ArrayBuffer:
    """Arrays laid end to end."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> ArrayPlace:
        """Append an array and return where it is."""
        name = f"{array.dtype.kind}{array.dtype.itemsize}"
        assert name in get_args(ArrayType), f"no typed array of the browser holds {array.dtype}"
        # Typed arrays use the byte order of the machine, which is little-endian wherever browsers run.
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        place: ArrayPlace = {"offset": self.size, "length": little.size, "type": cast("ArrayType", name)}
        content = little.tobytes()
        self.chunks.append(content + b"\0" * (-len(content) % _ALIGNMENT))
        self.size += len(self.chunks[-1])
        return place

    def __bytes__(self) -> bytes:
        """Return all arrays."""
        return b"".join(self.chunks)


def block(facts: Mapping[str, object]) -> bytes:
    """Return facts as a block, with the version of the messages."""
    header = {"version": VERSION, **facts}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return struct.pack("<I", len(text)) + text
