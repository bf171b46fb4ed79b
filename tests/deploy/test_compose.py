"""The containers of ``compose.yaml`` are operated for a while, by the commands of the documentation.

``make deploy-test COMPOSE="docker compose"``, after ``docker compose build``; ``COMPOSE=podman-compose`` does as well.
``PROXY_IMAGE`` may name another nginx.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.test_operation import BASE, SECONDS, load, operate, replica_at
from tests.proxy_stand_ins import make_lineage
from tests.support import wait_until
from tools.app_process import free_port, healthy
from tools.paths import ROOT

COMMAND = shlex.split(os.environ.get("COMPOSE", ""))
SERVICES = ("app-a", "app-b", "proxy")
HEALTH = f"/{BASE}/_stcore/health"

pytestmark = pytest.mark.skipif(not COMMAND, reason='make deploy-test COMPOSE="docker compose" runs it')


class Compose:
    """The project of ``compose.yaml`` under ports of its own."""

    def __init__(self, folder: Path) -> None:
        import resource  # noqa: PLC0415  # Windows has no such module, and no such containers

        self.port, self.tls_port = free_port(), free_port()
        self._project = f"kmeans-{self.port}"
        # Podman asks for more processes than a container on a small machine may have.
        most = {
            name: min(resource.getrlimit(kind)[1], 16384)
            for name, kind in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC))
        }
        self._limits = folder / "limits.yaml"
        self._limits.write_text(json.dumps({"services": {name: {"ulimits": most} for name in SERVICES}}))
        self._environment = os.environ | {
            "PORT": str(self.port),
            "TLS_PORT": str(self.tls_port),
            "BASE_PATH": BASE,
            "KMEANS_TENSORFLOW": "0",
            "CERTIFICATES": str(folder / "certificates"),
            "ACME": str(folder / "acme"),
        }
        for name in ("certificates", "acme"):
            (folder / name).mkdir()

    @property
    def url(self) -> str:
        """The address of the plain port."""
        return f"http://127.0.0.1:{self.port}"

    def __call__(self, *arguments: str, tls: bool = False) -> str:
        """Run a command of compose; return what it writes."""
        files = ["compose.yaml", *(["compose.tls.yaml"] if tls else []), str(self._limits)]
        options = [f"--project-name={self._project}", *(f"--file={file}" for file in files)]
        command = [*COMMAND, *options, *arguments]
        result = subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert result.returncode == 0, f"{shlex.join(command)}\n{result.stdout}{result.stderr}"
        return result.stdout

    def start(self, name: str) -> None:
        """Start a replica; wait until the proxy passes people on to it."""
        self("up", "--detach", "--no-build", "--no-deps", f"app-{name}")
        wait_until(lambda: healthy(self.url + HEALTH) and name in {replica_at(self.url) for _ in range(2)}, SECONDS)

    def stop(self, name: str) -> None:
        """Stop a replica."""
        self("stop", f"app-{name}")

    def serve_by_tls(self, lineage: Path) -> None:
        """Copy a certificate and serve it, by the commands of the documentation."""
        reload = [*COMMAND, f"--project-name={self._project}", "--file=compose.yaml", "--file=compose.tls.yaml"]
        environment = self._environment | {
            "RELOAD": shlex.join([*reload, "exec", "-T", "proxy", "nginx", "-s", "reload"])
        }
        command = ["deploy/copy-certificate.sh", str(lineage)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60)


@pytest.fixture
def compose(tmp_path: Path) -> Iterator[Compose]:
    """Remove the containers, the network, and the volume of a project when a test ends."""
    project = Compose(tmp_path)
    yield project
    project("down", "--volumes", tls=True)


def test_an_operator_s_day_with_compose(compose: Compose, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = [shlex.join(COMMAND)]
    try:
        compose("up", "--detach", "--no-build", "--no-deps", "app-a", "proxy")
        wait_until(lambda: healthy(compose.url + HEALTH), SECONDS)
        report.append("started with one replica down")
        compose.start("b")
        with load(compose.port) as answers:
            asyncio.run(operate(compose, [compose.url], report))
        report.append(f"requests meanwhile: {dict(answers)}")
        assert set(answers) == {"200"}
        for number in (1, 2):
            lineage = make_lineage(tmp_path, number)
            compose.serve_by_tls(lineage)
            if number == 1:
                compose("up", "--detach", "--no-build", "--no-deps", "--force-recreate", "proxy", tls=True)
            with load(compose.tls_port, lineage / "fullchain.pem") as answers:
                wait_until(lambda: answers["200"] >= 5, SECONDS)
            report.append(f"requests by TLS with certificate {number}: {dict(answers)}")
    finally:
        with capsys.disabled():
            print("", *report, sep="\n  ")
