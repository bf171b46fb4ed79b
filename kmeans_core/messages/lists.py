"""Lists in sentences: names, clauses, and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kmeans_core.messages import message
from kmeans_core.messages.numbers import whole


def joined(texts: Sequence[str], joint: Literal["and", "or"] = "and") -> str:
    """Join texts as ``Intl.ListFormat`` does: ``a``, ``a and b``, ``a, b, and c``; "" if there are none."""
    if len(texts) < 2:
        return "".join(texts)
    *items, last = texts
    if len(items) == 1:
        return message("lists.two", first=items[0], joint=joint, last=last)
    return message("lists.last", first=joined_values(items), joint=joint, last=last)


def joined_values(texts: Sequence[str]) -> str:
    """Join values that stand side by side, such as coordinates: ``a, b, c``."""
    text, *rest = texts
    for item in rest:
        text = message("lists.more", first=text, next=item)
    return text


def joined_clauses(clauses: Sequence[str]) -> str:
    """Join clauses that may hold lists themselves: ``a; b; c``."""
    joint, *later_clauses = clauses
    for clause in later_clauses:
        joint = message("lists.clauses", first=joint, next=clause)
    return joint


def enumeration(numbers: Sequence[int]) -> str:
    """Join whole numbers: ``3``, ``1 and 2``, ``1, 2, and 5``."""
    return joined([whole(number) for number in numbers])
