"""Python source as a syntax tree, in one thread at a time."""

from __future__ import annotations

import ast
from threading import Lock
from typing import Final

_LOCK: Final = Lock()


def source_tree(source: str) -> ast.Module:
    """Return the syntax tree of a module's source.

    CPython counts the depth of the trees that it builds once for all threads. Two that build trees at the same time, as
    for the first two visitors of a server, can end in ``SystemError: AST constructor recursion depth mismatch``.
    """
    with _LOCK:
        return ast.parse(source)
