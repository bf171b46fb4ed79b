"""Fixtures of the core's tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

from kmeans_core import BACKENDS, backend_available

# A first call on TensorFlow traces a graph, which takes longer than hypothesis allows an example; and the same
# examples each time, so that a failure is the change's and not the day's.
settings.register_profile("core", deadline=None, derandomize=True)
settings.load_profile("core")


@pytest.fixture(scope="session", params=[name for name in BACKENDS if backend_available(name)])
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend whose package is installed, in turn."""
    name: str = request.param
    return name
