"""The way of the player's modules into the browser.

The code that travels with every message is only a loader. The modules, the style and Plotly's bundle are static files
that a browser fetches once, so that a changed setting costs the run's own bytes and nothing else.
"""

from __future__ import annotations

import json
from typing import Final

import streamlit as st

from ui.player.assets import publish

_LOADER: Final = """
// Relative to the page would break on sub-pages: the server's base path is known to Python.
const base = new URL({base}, document.location.origin).href;
const module = import(base + {module});
export default async (component) => (await module).mount(component, {{ base, plotly: base + {plotly} }});
"""


def loader(module: str) -> str:
    """Return the code of a component whose work is done by ``mount`` of one of the player's modules."""
    assets = publish()
    path = st.get_option("server.baseUrlPath").strip("/")
    return _LOADER.format(
        base=json.dumps(f"/{path}/app/static/" if path else "/app/static/"),
        module=json.dumps(f"{assets.player}/{module}"),
        plotly=json.dumps(assets.plotly),
    )
