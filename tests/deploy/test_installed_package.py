"""The package is installed and used as people do, and its source archive tests itself: ``make deploy-test``."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tools.app_process import await_health, free_port
from tools.browser import running_browser
from tools.paths import ROOT
from ui.shell.navigation import PLACES

pytestmark = pytest.mark.skipif(os.environ.get("KMEANS_DEPLOY") != "full", reason="make deploy-test runs it")
SECONDS = 60.0
TABLE = "x,y\n1,1\n1,2\n9,9\n9,8\n"


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return folder


@pytest.fixture(scope="module")
def programs(distributions: Path) -> Path:
    """Install the wheel below a path with a space, and take the right to write there; return its programs' folder."""
    site = distributions / "site packages"
    (wheel,) = distributions.glob("*.whl")
    command = [sys.executable, "-m", "uv", "pip", "install", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(command, capture_output=True, check=True)
    for path in [site, *site.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    return site / "bin"


def environment_of(programs: Path) -> dict[str, str]:
    variables = {name: text for name, text in os.environ.items() if not name.startswith(("KMEANS_", "STREAMLIT_"))}
    site = {"PYTHONPATH": str(programs.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    return variables | site | {"STREAMLIT_SERVER_HEADLESS": "true"}


def test_every_page_opens_behind_the_access_checks_from_any_folder(programs: Path, tmp_path: Path) -> None:
    port, log, files = free_port(), tmp_path / "log.txt", set(programs.parent.rglob("*"))
    command = [sys.executable, str(programs / "kmeans-step-by-step"), "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment_of(programs), stdout=file, stderr=file)
    try:
        await_health(f"http://127.0.0.1:{port}", log.read_text, lambda: process.poll() is not None)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as server:
            server.request("GET", "/")
            assert "script-src 'self'" in (server.getresponse().headers["Content-Security-Policy"] or "")
        with running_browser() as browser:
            assert browser is not None
            page = browser.new_page()
            for target in [target for place in PLACES for target in place.pages]:
                name = Path(target.script).stem
                page.goto(f"http://127.0.0.1:{port}/{'' if name == 'app' else name}")
                page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] .st-key-current_page")
                assert page.locator("[data-testid=stException]").count() == 0, target.script
                if name == "app":
                    page.wait_for_selector("[data-testid=kmeans-player][data-ready=true]")
    finally:
        process.terminate()
        process.wait(SECONDS)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert set(programs.parent.rglob("*")) == files, "it wrote where it is installed, which only root may here"


def test_the_command_line_clusters_a_table(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    command = [sys.executable, str(programs / "kmeans"), "table.csv", "--k", "2", "--labels", "-", "--quiet"]
    process = subprocess.run(command, cwd=tmp_path, env=environment_of(programs), capture_output=True, check=True)
    labels = [line.rpartition(",")[2] for line in process.stdout.decode().splitlines()[1:]]
    assert labels[0] == labels[1] != labels[2] == labels[3]
    usage = subprocess.run([*command[:2], "--help"], env=environment_of(programs), capture_output=True, check=True)
    assert usage.stdout.startswith(b"usage: kmeans ")


def test_the_source_archive_passes_its_own_tests(distributions: Path, tmp_path: Path) -> None:
    (archive,) = distributions.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    tests = [
        "tests/core/test_kmeans.py",
        "tests/core/test_files.py",
        "tests/tables/test_corpus.py",
        "tests/test_house.py",
    ]
    command = [sys.executable, "-m", "pytest", "--numprocesses=0", "--quiet", "-p", "no:cacheprovider", *tests]
    variables = {name: text for name, text in os.environ.items() if name not in ("KMEANS_DEPLOY", "PYTHONPATH")}
    process = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout[-3000:]
