"""Names of downloaded files."""

from __future__ import annotations

import re


def file_stem(title: str, k: int) -> str:
    """Return the name of a run's files without an extension: ``old-faithful-k2``."""
    plain = re.sub(r"\.\w{1,8}$", "", title).lower()
    # An apostrophe is part of its word: "post's" becomes "posts", not "post-s".
    plain = re.sub(r"['‘’ʼ]", "", plain)
    name = re.sub(r"[\W_]+", "-", plain)[:40].strip("-")
    return f"{name or 'k-means'}-k{k}"
