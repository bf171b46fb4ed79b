"""All that a message can say: its text for every combination of its plurals and selections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from kmeans_core.messages.template import Template

_PLACEHOLDER = re.compile(r"\{\s*(\w+)\s*(?:,\s*(\w+)|\})")
_OPTION = re.compile(r"(=?\w+) ?\{")


def variants(text: str) -> list[str]:
    """Return the different texts that a message can become; what is inserted as it is stands as ``‹name›``."""
    template, options = Template(text), _OPTION.findall(text)
    names: dict[str, list[object]] = {}
    for name, kind in _PLACEHOLDER.findall(text):
        # The text of an option, like {points}, may look like a placeholder.
        if name in template.names and (kind or name not in names):
            names[name] = list(_values(name, kind, options))
    combinations = (dict(zip(names, values, strict=True)) for values in product(*names.values()))
    return list(dict.fromkeys(template.format(values) for values in combinations))


def _values(name: str, kind: str, options: list[str]) -> Iterator[object]:
    """Yield values of a placeholder that together choose each of its options."""
    if kind == "plural":
        yield from (1, 2000, *(int(option[1:]) for option in options if option.startswith("=")))
    elif kind == "select":
        yield from (*options, "other")
    elif kind == "number":
        yield 0.123456
    else:
        yield f"‹{name}›"
