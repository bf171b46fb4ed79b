"""The app as an operator deploys it: replicas behind the proxy of ``deploy/``, as processes or hardened containers.

``python -m tools.deployment`` finds or installs the proxy.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.app_process import STOP_SECONDS, Server, await_health, free_port, running_app
from tools.browser import apt_get, as_root, succeeds
from tools.paths import ROOT

SECRET = "cookie secret shared by the replicas under test"
ENGINE = "docker"


class Replica(ABC):
    """A running app, with its middleware, at ``url``."""

    url: str

    @property
    @abstractmethod
    def pid(self) -> int:
        """The process id of the server."""

    @property
    @abstractmethod
    def log(self) -> str:
        """The log so far."""

    @abstractmethod
    def kill(self) -> None:
        """Kill the server without letting it shut down."""

    @property
    def resident_megabytes(self) -> float:
        """Resident memory as Linux counts it."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        return int(re.findall(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[0]) / 1024


@dataclass
class ProcessReplica(Replica):
    """A replica that runs as a process in this environment."""

    server: Server

    @property
    def url(self) -> str:  # type: ignore[override]  # read-only here
        """The address of the app."""
        return self.server.url

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self.server.process.pid

    @property
    def log(self) -> str:
        """The log so far."""
        return self.server.log

    def kill(self) -> None:
        """Kill the process."""
        self.server.process.kill()
        self.server.process.wait(STOP_SECONDS)


@dataclass
class Container(Replica):
    """A replica that runs in a hardened container on the host's network."""

    url: str
    name: str
    engine: Sequence[str]

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return int(self._output("inspect", "--format", "{{.State.Pid}}", self.name))

    @property
    def log(self) -> str:
        """The log so far."""
        return self._output("logs", self.name)

    def kill(self) -> None:
        """Kill the container."""
        self._output("kill", "--signal", "KILL", self.name)

    def _output(self, *arguments: str) -> str:
        """Return the output of a command of the container engine; for ``logs`` its standard error, too."""
        result = subprocess.run([*self.engine, *arguments], capture_output=True, text=True, check=True)
        return result.stdout + result.stderr if arguments[0] == "logs" else result.stdout.strip()


@contextmanager
def running_replica(name: str, folder: Path, *, image: str = "", env: Mapping[str, str]) -> Iterator[Replica]:
    """Run one replica until the block ends: a container of ``image``, or a process if that is empty.

    Raises
    ------
    RuntimeError
        If the replica does not start.
    """
    variables = {"KMEANS_REPLICA": name, "STREAMLIT_SERVER_COOKIE_SECRET": SECRET, **env}
    if image:
        with _running_container(name, image, variables) as container:
            yield container
    else:
        with running_app(folder, {}, variables, script="serve.py") as server:
            yield ProcessReplica(server)


@contextmanager
def _running_container(name: str, image: str, variables: Mapping[str, str]) -> Iterator[Container]:
    engine = shlex.split(os.environ.get("ENGINE", "") or ENGINE)
    port = free_port()
    container = Container(f"http://127.0.0.1:{port}", f"kmeans-{name}-{port}", engine)
    options = ["--detach", f"--name={container.name}", "--network=host", *_hardening()]
    options += [f"--env={key}={value}" for key, value in {**variables, "PORT": str(port)}.items()]
    try:
        result = subprocess.run([*engine, "run", *options, image], check=False, capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"{shlex.join(engine)} does not start {image}: {result.stderr.strip()}")
        await_health(container.url, lambda: container.log)
        yield container
    finally:
        subprocess.run([*engine, "rm", "--force", container.name], check=False, capture_output=True)


def _hardening() -> list[str]:
    """Return the options of ``compose.yaml`` that restrict a container."""
    import resource  # noqa: PLC0415  # Windows has no such module, and no such containers

    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return [
        "--read-only",
        "--tmpfs=/tmp:rw,noexec,nosuid,size=64m",
        "--cap-drop=all",
        "--pids-limit=256",
        "--security-opt=no-new-privileges",
        f"--ulimit=nofile={descriptors}:{descriptors}",
        "--ulimit=nproc=4096:4096",
    ]


@dataclass(frozen=True)
class Deployment:
    """Replicas, and the address that users visit."""

    url: str
    replicas: Sequence[Replica]

    @property
    def resident_megabytes(self) -> float:
        """Resident memory of all replicas together."""
        return sum(replica.resident_megabytes for replica in self.replicas)


@contextmanager
def running_deployment(
    count: int, folder: Path, *, image: str = "", env: Mapping[str, str] | None = None
) -> Iterator[Deployment]:
    """Run one replica alone, or two behind the proxy, until the block ends.

    Raises
    ------
    RuntimeError
        If two are wanted and nginx is not installed, or if something does not start.
    """
    with ExitStack() as stack:
        names = "ab"[:count]
        replicas = [stack.enter_context(running_replica(name, folder, image=image, env=env or {})) for name in names]
        url = replicas[0].url if count == 1 else stack.enter_context(running_proxy(replicas, folder))
        yield Deployment(url, replicas)


@contextmanager
def running_proxy(replicas: Sequence[Replica], folder: Path) -> Iterator[str]:
    """Run nginx with the files that ``compose.yaml`` uses until the block ends; yield its address.

    Raises
    ------
    RuntimeError
        If nginx is not installed or does not start.
    """
    program = shutil.which("nginx")
    if program is None:
        raise RuntimeError("two replicas need a proxy: install nginx (on Debian: apt-get install nginx-light)")
    port = free_port()
    home = folder / f"nginx-{port}"
    home.mkdir()
    _write_proxy_files(home, port, replicas)
    url, log_file = f"http://127.0.0.1:{port}", home / "log"
    command = [program, "-c", str(home / "nginx"), "-e", "stderr", "-g", "daemon off;"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        await_health(url, lambda: log_file.read_text(encoding="utf-8"), lambda: process.poll() is not None)
        yield url
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _write_proxy_files(home: Path, port: int, replicas: Sequence[Replica]) -> None:
    """Write nginx's configuration from ``deploy/`` to ``home``, with the addresses of these replicas."""
    template = (ROOT / "deploy/nginx.conf.template").read_text(encoding="utf-8")
    server = template.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("${KMEANS_UPLOAD_MEGABYTES}", "50")
    for name, replica in zip("ab", replicas, strict=True):
        server = server.replace(f"app-{name}:8501", urlsplit(replica.url).netloc)
    (home / "default.conf").write_text(server, encoding="utf-8")
    main_file = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8").replace("/tmp", str(home))
    (home / "nginx").write_text(main_file, encoding="utf-8")


def main() -> int:
    """Find nginx or install it with apt-get, and print which. Always return 0: without nginx, tests are skipped."""
    program = shutil.which("nginx")
    source = "found"
    root = as_root()
    if program is None and shutil.which("apt-get") and root is not None:
        source = "installed with apt-get"
        program = shutil.which("nginx") if all(succeeds(line) for line in apt_get(root, ["nginx-light"])) else None
    if program is None:
        print("Proxy for the tests: no nginx found. TESTS WITH TWO REPLICAS WILL BE SKIPPED: install nginx.")
    else:
        print(f"Proxy for the tests: {program}, {source}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
