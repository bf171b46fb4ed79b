"""The loader: JavaScript that Streamlit sends with a component, and that imports the module which does the work.

Modules, styles, and Plotly's bundle are static files, which a browser fetches once. A changed setting then costs only
the bytes of its run.
"""

from __future__ import annotations

import json
from typing import Final

import streamlit as st

from ui.player.assets import publish

_LOADER: Final = """
// Relative to the page, the path would break on sub-pages. Only Python knows the server's base path.
const base = new URL({base}, document.location.origin).href;
const module = import(base + {module});
export default async (component) => (await module).mount(component, {{ base, plotly: base + {plotly} }});
"""


def loader(module: str) -> str:
    """Return the JavaScript of a component that calls ``mount`` of one of the player's modules."""
    assets = publish()
    path = st.get_option("server.baseUrlPath").strip("/")
    return _LOADER.format(
        base=json.dumps(f"/{path}/app/static/" if path else "/app/static/"),
        module=json.dumps(f"{assets.player}/{module}"),
        plotly=json.dumps(assets.plotly),
    )
