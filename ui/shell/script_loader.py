"""The loader: JavaScript that Streamlit sends with a component, and that imports the module which does the work.

All modules in one file, styles, and Plotly's bundle are static files, which a browser fetches once. A changed setting
then costs only the bytes of its run.
"""

from __future__ import annotations

import json
from typing import Final

import streamlit as st

from ui.player.assets import publish

_LOADER: Final = """
// Relative to the page, the path would break on sub-pages. Only Python knows the server's base path.
const base = new URL({base}, document.location.origin).href;
const modules = import(base + {bundle});
export default async (component) => (await modules).{module}().mount(component, {{ base, plotly: base + {plotly} }});
"""


def loader(module: str) -> str:
    """Return the JavaScript of a component that calls ``mount`` of one of the modules in ``ui/player/web``."""
    assets = publish()
    path = st.get_option("server.baseUrlPath").strip("/")
    return _LOADER.format(
        base=json.dumps(f"/{path}/app/static/" if path else "/app/static/"),
        bundle=json.dumps(assets.bundle),
        module=module,
        plotly=json.dumps(assets.plotly),
    )
