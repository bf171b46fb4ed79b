"""The page of the browser edition as HTML, and the colors of the app's themes as a style sheet."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from kmeans_core import __version__
from ui.settings.dataset_pictures import css_image, dataset_picture
from ui.settings.definitions import DATA
from ui.text.messages import message

_CONFIG: Final = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"

_DARK: Final = "@media (prefers-color-scheme:dark)"
_FONT: Final = '"Source Sans", "Source Sans 3", system-ui, sans-serif'
_CODE_FONT: Final = 'ui-monospace, "Cascadia Code", "Source Code Pro", monospace'


def theme_css() -> str:
    """Return the app's themes as the variables that Streamlit sets, and the pictures of the datasets."""
    theme = tomllib.loads(_CONFIG.read_text(encoding="utf-8"))["theme"]
    radius = theme["baseRadius"]
    shared = {"base-radius": radius, "button-radius": radius, "font": _FONT, "code-font": _CODE_FONT}
    light, dark = (_colors(theme[name]) for name in ("light", "dark"))
    light["red-color"], dark["red-color"] = "#c62828", "#ff7b72"
    pictures = [
        f"[data-dataset={data}]{{--km-picture:{css_image(dataset_picture(data))}}}" for data in DATA if data != "table"
    ]
    return "\n".join(
        [
            _variables(shared | light),
            f"{_DARK}{{{_variables(dark)}}}",
            *pictures,
        ]
    )


def _colors(theme: Mapping[str, Any]) -> dict[str, str]:
    return {
        "primary-color": theme["primaryColor"],
        "link-color": theme["primaryColor"],
        "background-color": theme["backgroundColor"],
        "secondary-background-color": theme["secondaryBackgroundColor"],
        "text-color": theme["textColor"],
    }


def _variables(values: Mapping[str, str]) -> str:
    """Return a style rule that sets variables on the page."""
    return ":root{" + "".join(f"--st-{name}:{value};" for name, value in values.items()) + "}"


def manifest(folder: str) -> str:
    """Return what a phone needs to install the page, as JSON."""
    theme = tomllib.loads(_CONFIG.read_text(encoding="utf-8"))["theme"]["light"]
    return json.dumps(
        {
            "name": message("navigation.app_title"),
            "short_name": message("browser.short_name"),
            "start_url": "./",
            "display": "standalone",
            "background_color": theme["backgroundColor"],
            "theme_color": theme["primaryColor"],
            "icons": [{"src": f"{folder}/app/icon.svg", "type": "image/svg+xml", "sizes": "any"}],
        }
    )


def index_html(folder: str, python: Sequence[Mapping[str, Any]], plotly: str, opening: str) -> str:
    """Return the page.

    Parameters
    ----------
    folder : str
        The folder of this build's files, whose name changes with their content.
    python : sequence of mapping
        Name and size of each file that the worker loads.
    plotly : str
        The file name of Plotly's bundle.
    opening : str
        What the page says of the run that it opens on, as JSON.
    """
    build = {
        "worker": f"{folder}/app/python_worker.js",
        "plotly": f"{folder}/app/{plotly}",
        "opening": {"content": f"{folder}/opening.bin", "facts": f"{folder}/facts.bin", "page": opening},
        "python": {"base": f"{folder}/python/", "files": list(python)},
    }
    # A script element ends at the first "</".
    facts = json.dumps(build).replace("</", "<\\/")
    return f"""<!doctype html>
<html lang="en">
{_head(folder, plotly)}
{_body()}
<script type="application/json" id="build">{facts}</script>
</body>
</html>
"""


def _head(folder: str, plotly: str) -> str:
    return f"""<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(message("navigation.app_title"))}</title>
<link rel="manifest" href="manifest.webmanifest">
<link rel="icon" type="image/svg+xml" href="{folder}/app/icon.svg">
<link rel="stylesheet" href="{folder}/app/edition.css">
<script src="{folder}/app/{plotly}" defer></script>
<script src="{folder}/app/served.js" defer></script>
<script type="module" src="{folder}/app/start.js"></script>
</head>"""


def _body() -> str:
    """Return the body, without its end."""
    buttons = "".join(
        f'<button type="button" class="km-button" data-example="{name}">{escape(message(key))}</button>'
        for name, key in (("opening", "settings.reset_button"), ("blog", "settings.blog_example_button"))
    )
    settings = escape(message("browser.settings"))
    return f"""<body>
<header><h1>{escape(message("navigation.app_title"))}</h1><p>{escape(message("browser.about"))}</p></header>
<p class="edition-note" data-needs-server hidden>{escape(message("browser.needs_server"))}</p>
<div class="edition-notices" role="status"></div>
<div class="edition">
<main>
<div class="edition-datasets" role="radiogroup" aria-label="{escape(message("settings.data_title"))}"></div>
<p class="edition-status" role="status"></p>
<div class="kmeans-frame"><div class="kmeans-player" data-testid="kmeans-player"></div></div>
</main>
<aside aria-label="{settings}">
<h2>{settings}</h2>
<div class="edition-examples">{buttons}</div>
<div class="edition-fields"></div>
</aside>
</div>
<footer><p>{escape(message("settings.version", version=__version__))}</p></footer>"""
