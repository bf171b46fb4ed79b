"""A release: ``python -m tools.release check v1.2.3`` checks a tag; ``notes`` prints what the version brings."""

from __future__ import annotations

import re
import runpy
import sys
from typing import Final

from tools.paths import ROOT

_HEADING: Final = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}\n", re.MULTILINE)


def version() -> str:
    """Return the version of the source, without importing anything that has to be installed."""
    text: str = runpy.run_path(str(ROOT / "kmeans_core/version.py"))["__version__"]
    return text


def changes(changelog: str) -> dict[str, str]:
    """Return the text of each version in a changelog, the newest first; what is unreleased is left out."""
    _, *parts = _HEADING.split(changelog)
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def problem(tag: str, source: str, changelog: str) -> str:
    """Return a sentence on what keeps a tag from being released, or "".

    Parameters
    ----------
    tag : str
        Such as ``v1.2.3``.
    source : str
        The version of the source.
    changelog : str
    """
    if tag != f"v{source}":
        return f"The tag {tag} is not that of the version {source}: write the version into kmeans_core/version.py."
    newest = next(iter(changes(changelog)), "none")
    if newest != source:
        return f"The newest version in CHANGELOG.md is {newest}: write what {source} brings."
    return ""


def main(arguments: list[str]) -> str | None:
    """Do what the command line says; return what is wrong, or None."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    match arguments:
        case ["check", tag]:
            return problem(tag, version(), changelog) or None
        case ["notes"]:
            print(changes(changelog)[version()])
            return None
        case _:
            return "Usage: python -m tools.release check TAG, or python -m tools.release notes"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
