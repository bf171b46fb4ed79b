"""The package as a whole: its front page, its names, and what importing it costs."""

from __future__ import annotations

import doctest
import pydoc
import subprocess
import sys
from importlib.resources import files
from typing import get_origin

import kmeans_core


def test_the_front_page_is_true() -> None:
    result = doctest.testmod(kmeans_core)
    assert result.attempted > 0
    assert result.failed == 0


def test_help_starts_with_what_it_is_and_lists_all_names() -> None:
    page = pydoc.plain(pydoc.render_doc(kmeans_core))
    assert "kmeans_core - K-means, one half-step at a time." in page
    assert all(name in page for name in kmeans_core.__all__)


def test_all_names_are_there() -> None:
    for name in kmeans_core.__all__:
        assert getattr(kmeans_core, name) is not None


def test_every_public_callable_is_documented() -> None:
    for name in kmeans_core.__all__:
        member = getattr(kmeans_core, name)
        if callable(member) and get_origin(member) is None:  # types of names have their words in the source
            assert member.__doc__


def test_it_says_that_it_is_typed() -> None:
    assert files(kmeans_core).joinpath("py.typed").is_file()


def test_importing_it_imports_numpy_and_no_other_package() -> None:
    """Neither an optional backend nor anything of the app comes along, and nothing of the app is needed."""
    forbidden = ["streamlit", "plotly", "tensorflow", "sklearn", "scipy", "pandas", "ui", "app"]
    code = f"import sys, kmeans_core; print([name for name in {forbidden} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_a_run_with_numpy_imports_no_other_backend() -> None:
    code = (
        "import sys; from kmeans_core import *;"
        "run(make_dataset('post', seed=0)[0], RunConfig(k=2));"
        "[backend_available(name) for name in BACKENDS];"
        "print('tensorflow' in sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "False"
