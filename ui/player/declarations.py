"""The types of the messages as TypeScript: ``web/wire.d.ts``, against which the scripts are checked.

``python -m ui.player.declarations`` rewrites the file; a test compares it with the types in Python.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from ui.player import schema, session_facts
from ui.settings.links import VIEW_NAMES
from ui.text import formula_examples

_MODULES: Final = (formula_examples, schema, session_facts)

FILE: Final = Path(__file__).resolve().parent / "web/wire.d.ts"

_HEAD: Final = """\
// Written by `python -m ui.player.declarations` from the types in Python: ui/player/schema.py,
// ui/player/session_facts.py, and ui/text/formula_examples.py.

/** The version of the messages that these types describe. */
export type Version = {version};

/** The parameters of a link that belong to the view. */
export type ViewName = {view_names};
"""
_NAMES: Final[dict[Any, str]] = {
    int: "number",
    float: "number",
    str: "string",
    bool: "boolean",
    object: "unknown",
    type(None): "null",
}


def declarations() -> str:
    """Return the text of the file."""
    names = " | ".join(f'"{name}"' for name in ("step", *VIEW_NAMES))
    records = [record for module in _MODULES for record in _records(module)]
    return "\n".join([_HEAD.format(version=schema.VERSION, view_names=names), *map(_interface, records)])


def _records(module: types.ModuleType) -> Iterator[type]:
    """Yield the records that a module defines, in their order."""
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            yield value


def _interface(record: type) -> str:
    """Return the declaration of a record."""
    hints = get_type_hints(record, include_extras=True)
    names = [field.name for field in fields(record)] if is_dataclass(record) else list(hints)
    lines = [_member(name if typing.is_typeddict(record) else session_facts.camel(name), hints[name]) for name in names]
    return f"{_comment(record)}\nexport interface {record.__name__} {{\n{''.join(lines)}}}\n"


def _comment(record: type) -> str:
    """Return the docstring of a record as a comment, without attributes that are named as in Python."""
    text = (inspect.getdoc(record) or "").partition("\n\nAttributes\n")[0].replace("``", "`").replace("None", "null")
    if "\n" not in text:
        return f"/** {text} */"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in text.split("\n")), " */"])


def _member(name: str, hint: Any) -> str:
    """Return one line of a declaration."""
    if get_origin(hint) is NotRequired:
        return f"  {name}?: {_type(*get_args(hint))};\n"
    return f"  {name}: {_type(hint)};\n"


def _type(hint: Any) -> str:
    """Return a type of Python as TypeScript writes it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        return " | ".join(map(_type, arguments))
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin is Annotated:
        return f"{_type(arguments[0])} & {{ type: {_type(Literal[arguments[1:]])} }}"
    return _collection(origin, arguments) or _NAMES.get(hint) or str(hint.__name__)


def _collection(origin: Any, arguments: tuple[Any, ...]) -> str:
    """Return the type of a tuple, list, or mapping; "" for any other."""
    if origin is tuple and arguments[-1] is not ...:
        return f"[{', '.join(map(_type, arguments))}]"
    if origin in (list, tuple, Sequence):
        item = _type(arguments[0])
        return f"({item})[]" if get_origin(arguments[0]) in (types.UnionType, Union, Literal) else f"{item}[]"
    if origin in (dict, Mapping):
        return f"Record<{', '.join(map(_type, arguments))}>"
    return ""


if __name__ == "__main__":
    FILE.write_text(declarations(), encoding="utf-8")
