"""Hooks of the build: the wheel holds the app in one package, and its readme works away from the repository.

Hatchling loads this file by its path, so it imports nothing of ``tools``.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

PACKAGE: Final = "kmeans_step_by_step"
APP: Final = (".streamlit/config.toml", "app.py", "pages", "serve.py", "server", "static/favicon.svg", "ui")
"""Files and folders of the app. Their names are too general for modules of an environment, so they go into PACKAGE."""

REPOSITORY: Final = "REPOSITORY_URL"
"""The variable with the address of the repository, without a slash at its end; the release workflow knows it."""

_LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)]+)\)")
"""An image or a link to a file of the repository."""


class AppHook(BuildHookInterface[BuilderConfig]):
    """Put the app into the wheel, with the files that it publishes at its start: it may run where it cannot write."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files, unless the wheel only points to the clone."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        assets = import_module("ui.player.assets").publish()
        published = [f"static/{assets.plotly}", f"static/{Path(assets.bundle).parent}"]
        build_data["force_include"] |= {name: f"{PACKAGE}/{name}" for name in (*APP, *published)}


class ReadmeHook(MetadataHookInterface):
    """Set the readme of the package, and its addresses if the repository's is known."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Change the metadata in place."""
        repository = os.environ.get(REPOSITORY, "")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        text = absolute_links(text, repository, f"v{metadata['version']}")
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        if repository:
            metadata["urls"] = {
                "Repository": repository,
                "Documentation": f"{repository}/tree/main/docs",
                "Changelog": f"{repository}/blob/main/CHANGELOG.md",
                "Issues": f"{repository}/issues",
            }


def absolute_links(text: str, repository: str, tag: str) -> str:
    """Return Markdown whose links to files lead into the repository; without one, links become text and images go."""

    def absolute(match: re.Match[str]) -> str:
        image, label, target = match.groups()
        if not repository:
            return "" if image else label
        return f"{image}[{label}]({repository}/{'raw' if image else 'blob'}/{tag}/{target})"

    return _LINK.sub(absolute, text)
