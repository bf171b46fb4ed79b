"""The package as a whole: its front page, its names, and what importing it costs."""

from __future__ import annotations

import doctest
import pydoc
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import get_origin

from packaging.version import Version

import kmeans_core

PUBLIC_NAMES = {
    "0.3.0": """
        BACKENDS DATASETS EMPTY_POLICIES INITIALISERS RULES BackendName BackendUnavailable EmptyCluster EmptyPolicy
        InitName KMeans Outcome Phase RuleName RunConfig SavedRun Step StopReason Trace adjusted_rand_index
        backend_available branch cost_of gap_statistic iterate load_run load_trace make_dataset match_clusters
        medoid_indices partition_key run run_many same_partition save_trace silhouette standardized
    """,
}
"""The names that a version added; see "What stays compatible" in CONTRIBUTING.md."""


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


def test_names_are_public_for_good_unless_they_are_deprecated() -> None:
    """Add a new name here under the next version, and take one out in the version that its warning names."""
    assert sorted(" ".join(PUBLIC_NAMES.values()).split()) == sorted(kmeans_core.__all__)


def test_what_is_deprecated_still_works_in_this_version() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(kmeans_core.__file__).parent.rglob("*.py")]
    ends = [version for text in sources for version in re.findall(r"is deprecated since \S+ and goes in (\S+):", text)]
    assert len(ends) == sum(len(re.findall(r"\bDeprecationWarning\b", text)) for text in sources) > 0
    assert all(Version(version) > Version(kmeans_core.__version__) for version in ends)


def test_every_public_callable_is_documented() -> None:
    for name in kmeans_core.__all__:
        member = getattr(kmeans_core, name)
        if callable(member) and get_origin(member) is None:  # types of names have their words in the source
            assert member.__doc__


def test_it_says_that_it_is_typed() -> None:
    assert files(kmeans_core).joinpath("py.typed").is_file()


def test_importing_it_imports_numpy_and_no_other_package() -> None:
    """Neither an optional backend nor anything of the app comes along, and nothing of the app is needed."""
    code = (
        "import sys; before = set(sys.modules); import kmeans_core;"
        "roots = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(roots - sys.stdlib_module_names))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "['kmeans_core', 'numpy']"


def test_a_run_with_numpy_imports_no_other_backend() -> None:
    code = (
        "import sys; from kmeans_core import *;"
        "run(make_dataset('post', seed=0)[0], RunConfig(k=2));"
        "[backend_available(name) for name in BACKENDS];"
        "print('tensorflow' in sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "False"
