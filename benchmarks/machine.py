"""What figures were taken on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import distributions

NAMED = ("numpy", "scikit-learn", "kmedoids", "tensorflow", "tensorflow-cpu", "streamlit", "plotly")
"""Packages that bear on the figures."""


def machine() -> str:
    """Say when and on what the figures were taken."""
    installed = {found.name.replace("_", "-"): found.version for found in distributions()}
    packages = ", ".join(f"{name} {installed[name]}" for name in NAMED if name in installed)
    python = f"Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {python}, {packages}"
