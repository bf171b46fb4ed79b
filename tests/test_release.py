"""Releases: one version everywhere, what is new in each, and a workflow that may do no more than it has to."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.version import Version

from kmeans_core import __version__
from tools.paths import ROOT
from tools.release import changes, problem, version

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
RELEASE: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))


def test_the_changelog_tells_each_version_with_the_newest_first() -> None:
    versions = list(changes(CHANGELOG))
    assert versions[0] == __version__ == version()
    assert versions == sorted(versions, key=Version, reverse=True)
    assert all(text.startswith("### ") for text in changes(CHANGELOG).values())
    assert CHANGELOG.count("\n## [") == len(versions) + 1, (
        "a heading that is neither Unreleased nor a version and a date"
    )
    assert CHANGELOG.count("\n## [Unreleased]\n") == 1


def test_a_tag_of_another_version_is_no_release() -> None:
    changelog = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-01-31\n\n### Added\n\n- A thing.\n"
    assert problem("v1.2.0", "1.2.0", changelog) == ""
    assert problem("v1.2.1", "1.2.0", changelog).startswith("The tag v1.2.1 is not that of the version 1.2.0: ")
    assert problem("v1.3.0", "1.3.0", changelog).startswith("The newest version in CHANGELOG.md is 1.2.0: ")
    assert problem("v1.3.0", "1.3.0", "# Changelog\n").startswith("The newest version in CHANGELOG.md is none: ")
    assert changes(changelog) == {"1.2.0": "### Added\n\n- A thing."}


def steps(job: str) -> str:
    """Return the commands of a job."""
    return "\n".join(step["run"] for step in RELEASE["jobs"][job]["steps"] if "run" in step)


def test_a_tag_is_checked_and_tested_before_anything_is_built_and_published() -> None:
    assert RELEASE[True] == {"push": {"tags": ["v*"]}}  # YAML takes ``on`` for a boolean
    assert steps("test").splitlines() == ['python -m tools.release check "$GITHUB_REF_NAME"', "make test"]
    assert {name: job.get("needs") for name, job in RELEASE["jobs"].items()} == {
        "test": None,
        "package": "test",
        "image": "test",
        "release": ["package", "image"],
    }
    assert "make package " in steps("package")
    assert "make image\n" in steps("image")
    assert "python3 -m tools.release notes" in steps("release")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_read_and_pin_the_versions_of_their_actions(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert rights == ({"release": {"contents": "write"}} if path.name == "release.yml" else {})
    actions = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert actions
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", action) for action in actions)


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_the_image_is_labeled_with_the_version_of_the_source() -> None:
    command = ["make", "--dry-run", "--no-print-directory", "image"]
    words = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f'--build-arg VERSION="{__version__}"' in words
    assert f"--tag kmeans-step-by-step:{__version__} " in words
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    names = re.findall(r"(\w+)=unknown", dockerfile)
    assert set(names) == set(re.findall(r"--build-arg (\w+)=", words)) - {"TENSORFLOW"}
    for name in names:
        assert f'org.opencontainers.image.{name.lower()}="${name}"' in dockerfile
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f'org.opencontainers.image.description="{project["description"]}"' in dockerfile
