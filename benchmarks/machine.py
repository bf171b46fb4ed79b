"""The machine and the software on which the benchmarks run."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import distributions

PACKAGES = ("numpy", "scikit-learn", "kmedoids", "tensorflow", "tensorflow-cpu", "streamlit", "plotly")
"""Packages that affect the results."""


def machine() -> str:
    """Return the date, the machine, and the versions of Python and packages, in one line."""
    versions = {package.name.replace("_", "-"): package.version for package in distributions()}
    packages = ", ".join(f"{name} {versions[name]}" for name in PACKAGES if name in versions)
    python = f"Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {python}, {packages}"
