"""QR codes of links."""

from __future__ import annotations

from functools import lru_cache

import segno


@lru_cache(maxsize=64)
def qr_code(link: str) -> str:
    """Return a link's QR code as SVG, black on white with a quiet zone; "" for a link that is too long."""
    try:
        # The lowest error correction makes the largest squares, which can be scanned from the last row of a room.
        code = segno.make_qr(link, error="l")
    except segno.DataOverflowError:
        return ""
    return str(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))
