"""The package as it is built: what the wheel holds, needs, and starts, and how its readme reads away from here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from kmeans_core import __version__
from tools.build_hooks import APP, PACKAGE, absolute_links
from tools.paths import ROOT
from ui.player.assets import player_files, publish

LIBRARIES = ("kmeans_core", "kmeans_tables")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    environment = {name: text for name, text in os.environ.items() if name != "REPOSITORY_URL"}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    (file,) = folder.iterdir()
    return ZipFile(file)


def metadata(wheel: ZipFile) -> Message:
    return message_from_bytes(wheel.read(f"{PACKAGE}-{__version__}.dist-info/METADATA"))


def files_of(*places: str) -> set[str]:
    """Return the files at or below places of the repository."""
    paths = [path for place in places for path in [ROOT / place, *(ROOT / place).rglob("*")]]
    files = [path for path in paths if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(ROOT).as_posix() for path in files}


def test_the_wheel_holds_the_libraries_and_the_app_below_one_package(wheel: ZipFile) -> None:
    assets = publish()
    published = {Path(assets.plotly), *(Path(assets.bundle).with_name(name) for name in player_files())}
    app = files_of(*APP) | {f"static/{path.as_posix()}" for path in published}
    expected = files_of(*LIBRARIES, PACKAGE) | {f"{PACKAGE}/{name}" for name in app}
    assert len(expected) > 300
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == expected


def test_two_programs_start_the_app_and_the_command_line(wheel: ZipFile) -> None:
    text = wheel.read(f"{PACKAGE}-{__version__}.dist-info/entry_points.txt").decode()
    assert text.strip().splitlines() == [
        "[console_scripts]",
        "kmeans = kmeans_core.cli:main",
        "kmeans-step-by-step = kmeans_step_by_step.__main__:main",
    ]


def test_the_readme_of_the_package_leads_to_no_file(wheel: ZipFile) -> None:
    text = metadata(wheel).get_payload()
    assert isinstance(text, str)
    assert "\n## " in text
    assert not re.findall(r"\]\((?!https?:|#).*?\)", text)
    assert "!" + "[" not in text


def test_links_of_the_readme_lead_into_the_repository_where_it_is_known() -> None:
    text = "![A picture](docs/a.png) and [words](docs/a.md#b), [far](https://a.example/) or [near](#c)."
    assert absolute_links(text, "https://host.example/me/it", "v1.2.3") == (
        "![A picture](https://host.example/me/it/raw/v1.2.3/docs/a.png) and "
        "[words](https://host.example/me/it/blob/v1.2.3/docs/a.md#b), [far](https://a.example/) or [near](#c)."
    )
    assert absolute_links(text, "", "v1.2.3") == " and words, [far](https://a.example/) or [near](#c)."


def test_the_installed_app_is_found_first_from_any_folder(wheel: ZipFile, tmp_path: Path) -> None:
    """A folder with a space holds the package; another ``server`` lies where the program is started."""
    site, elsewhere = tmp_path / "site packages", tmp_path / "elsewhere"
    wheel.extractall(site)
    (elsewhere / "server").mkdir(parents=True)
    (elsewhere / "server/__main__.py").write_text("raise SystemExit('another server')\n", encoding="utf-8")
    command = [sys.executable, "-m", PACKAGE, "--version"]
    environment = os.environ | {"PYTHONPATH": str(site)}
    process = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
    assert (process.stdout, process.stderr) == (f"kmeans-step-by-step {__version__}\n", "")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_package_needs_what_the_app_needs_in_versions_that_are_tested() -> None:
    lines = (ROOT / "requirements-base.in").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    assert [requirement.name for requirement in requirements] == [line for line in lines if not line.startswith("#")]
    tested = pins("requirements.txt") | pins("requirements-dev.txt")
    extras = PROJECT["project"]["optional-dependencies"].values()
    requirements += [Requirement(text) for extra in extras for text in extra]
    for requirement in requirements:
        assert requirement.specifier, f"{requirement.name} has no bound"
        assert requirement.specifier.contains(tested[requirement.name]), requirement
    (builder, _) = PROJECT["build-system"]["requires"]
    assert builder == f"hatchling=={tested['hatchling']}"


def test_the_patches_of_streamlit_meet_the_minor_version_that_they_are_tested_with() -> None:
    (bounds,) = (
        Requirement(text).specifier for text in PROJECT["project"]["dependencies"] if text.startswith("streamlit")
    )
    major, minor, *_ = pins("requirements.txt")["streamlit"].split(".")
    assert not bounds.contains(f"{major}.{int(minor) + 1}.0")
