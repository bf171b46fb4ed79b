"""All scripts as one module, and each style sheet with those that it imports: a browser asks for two files, not eighty.

The scripts in ``web/`` are plain modules that import each other by name. A bundle needs no parser, since eslint and
prettier keep their imports and exports in one form; anything else raises an error here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

IMPORT: Final = re.compile(r'^import (\{[^}]*\}|\w+) from "(?:\./|\.\./\.\./player/web/)(\w+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(
    r"^export (?:(?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+) |const \[([^\]]+)\])|default (\w+);\n)",
    re.MULTILINE,
)
_LEFTOVER: Final = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_STYLE_IMPORT: Final = re.compile(r'@import "([\w.]+)";\n')

_ONCE: Final = "const once = (make) => { let made; return () => (made ??= make()); };"

_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
"""Comments that fill their lines: a quarter of the scripts."""


def bundle_modules(texts: Mapping[str, str]) -> str:
    """Return one module that exports each of the modules by its name, as a function that returns its exports.

    A module runs when it is first imported, as it would without the bundle. No module may import itself through others.

    Parameters
    ----------
    texts : mapping of str to str
        The modules' texts by their names, without ``.js``.

    Raises
    ------
    ValueError
        If an import or an export has a form that this does not know.
    """
    functions = [_as_function(name, text) for name, text in texts.items()]
    exports = ", ".join(f"${name} as {name}" for name in texts)
    return "\n".join([_ONCE, *functions, f"export {{ {exports} }};\n"])


def _as_function(name: str, text: str) -> str:
    """Return a module as a function that returns its exports; it calls those of the modules that it imports."""
    exports = [_exported_names(match) for match in _EXPORT.finditer(text)]
    body = IMPORT.sub(_as_call, _EXPORT.sub("", _COMMENT.sub("", text)))
    if leftover := _LEFTOVER.search(body):
        raise ValueError(f"{name}.js: no known form of an import or an export: {leftover[0]}")
    return f"const ${name} = once(() => {{\n{body}return {{ {', '.join(exports)} }};\n}});"


def _exported_names(match: re.Match[str]) -> str:
    *names, default = match.groups()
    return f"default: {default}" if default else next(filter(None, names))


def _as_call(match: re.Match[str]) -> str:
    names, module = match.groups()
    pattern = names.replace(" as ", ": ") if names.startswith("{") else f"{{ default: {names} }}"
    return f"const {pattern} = ${module}();\n"


def bundle_style(name: str, texts: Mapping[str, str]) -> str:
    """Return a style sheet with those that it imports in front of it."""
    imported = [bundle_style(other, texts) for other in _STYLE_IMPORT.findall(texts[name])]
    return "".join([*imported, _STYLE_IMPORT.sub("", texts[name])])
