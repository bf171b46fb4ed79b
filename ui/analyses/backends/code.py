"""The code of each backend's half-steps, read from the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kmeans_core import RunConfig
from ui.text.code_excerpts import Excerpt, code_of


def step_code(config: RunConfig, backends: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the code of ``"assign"`` and ``"refine"`` by backend."""
    codes = {backend: code_of(replace(config, backend=backend)) for backend in backends}
    # The first excerpts are the textbook form and the loop, which are the same for all.
    return {
        phase: {backend: _as_text(code[phase][2:]) for backend, code in codes.items()} for phase in ("assign", "refine")
    }


def _as_text(excerpts: Sequence[Excerpt]) -> str:
    """Return excerpts as one text, each below the name of its file."""
    return "\n\n".join(
        "\n".join([f"# {excerpt.file}", *("".join(text for text, _ in line) for line in excerpt.lines)])
        for excerpt in excerpts
    )
