"""The app as an operator runs it: replicas behind the proxy of ``deploy/``, as processes or as hardened containers."""

from __future__ import annotations

import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.browser import apt_get, as_root, runs
from tools.running import ROOT, STOP_SECONDS, Server, await_health, free_port, running_app

SECRET = "the replicas of a measurement know each other's cookies"
ENGINE = "docker"


class Replica(ABC):
    """One running app behind its front door, at ``url``."""

    url: str

    @property
    @abstractmethod
    def pid(self) -> int:
        """The process that serves."""

    @property
    @abstractmethod
    def log(self) -> str:
        """All that it has said so far."""

    @abstractmethod
    def kill(self) -> None:
        """End it at once, without a word to anybody."""

    @property
    def resident_megabytes(self) -> float:
        """Memory in use, as Linux counts it."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        return int(re.findall(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[0]) / 1024


@dataclass
class ProcessReplica(Replica):
    """A process of this environment."""

    server: Server

    @property
    def url(self) -> str:  # type: ignore[override]  # read-only here
        """Its address."""
        return self.server.url

    @property
    def pid(self) -> int:
        """The process that serves."""
        return self.server.process.pid

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self.server.log

    def kill(self) -> None:
        """End it at once."""
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.wait(STOP_SECONDS)


@dataclass
class Container(Replica):
    """A hardened container on this machine's own network."""

    url: str
    name: str
    engine: Sequence[str]

    @property
    def pid(self) -> int:
        """The process that serves."""
        return int(self._ask("inspect", "--format", "{{.State.Pid}}", self.name))

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self._ask("logs", self.name)

    def kill(self) -> None:
        """End it at once."""
        self._ask("kill", "--signal", "KILL", self.name)

    def _ask(self, *words: str) -> str:
        asked = subprocess.run([*self.engine, *words], capture_output=True, text=True, check=True)
        return asked.stdout + asked.stderr if words[0] == "logs" else asked.stdout.strip()


@contextmanager
def running_replica(name: str, folder: Path, *, image: str = "", env: Mapping[str, str]) -> Iterator[Replica]:
    """Run one replica until the block ends: a container of ``image``, or a process where none is named."""
    told = {"KMEANS_REPLICA": name, "STREAMLIT_SERVER_COOKIE_SECRET": SECRET, **env}
    if not image:
        with running_app(folder, {}, told, script="serve.py") as server:
            yield ProcessReplica(server)
        return
    engine = shlex.split(os.environ.get("ENGINE", "") or ENGINE)
    port = free_port()
    container = Container(f"http://127.0.0.1:{port}", f"kmeans-{name}-{port}", engine)
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    variables = [f"--env={key}={value}" for key, value in {**told, "PORT": str(port)}.items()]
    hardened = ["--read-only", "--tmpfs=/tmp:rw,noexec,nosuid,size=64m", "--cap-drop=all", "--pids-limit=256"]
    hardened += ["--security-opt=no-new-privileges", f"--ulimit=nofile={descriptors}:{descriptors}"]
    hardened += ["--ulimit=nproc=4096:4096"]
    started = ["run", "--detach", f"--name={container.name}", "--network=host", *hardened, *variables, image]
    try:
        begun = subprocess.run([*engine, *started], check=False, capture_output=True, text=True)
        if begun.returncode:
            raise RuntimeError(f"{shlex.join(engine)} does not start {image}: {begun.stderr.strip()}")
        await_health(container.url, lambda: container.log)
        yield container
    finally:
        subprocess.run([*engine, "rm", "--force", container.name], check=False, capture_output=True)


@dataclass(frozen=True)
class Deployment:
    """Replicas, and the address at which people find them."""

    url: str
    replicas: Sequence[Replica]

    @property
    def resident_megabytes(self) -> float:
        """Memory in use by all of them."""
        return sum(replica.resident_megabytes for replica in self.replicas)


@contextmanager
def deployed(
    count: int, folder: Path, *, image: str = "", env: Mapping[str, str] | None = None
) -> Iterator[Deployment]:
    """Run one replica by itself, or two behind the proxy, until the block ends.

    Raises
    ------
    RuntimeError
        If two are wanted and no nginx is installed, or something does not start.
    """
    with ExitStack() as stack:
        names = "ab"[:count]
        started = [stack.enter_context(running_replica(name, folder, image=image, env=env or {})) for name in names]
        url = started[0].url if count == 1 else stack.enter_context(running_proxy(started, folder))
        yield Deployment(url, started)


@contextmanager
def running_proxy(replicas: Sequence[Replica], folder: Path) -> Iterator[str]:
    """Run nginx as ``compose.yaml`` does, with the very same files, until the block ends; yield its address."""
    program = shutil.which("nginx")
    if program is None:
        raise RuntimeError("two replicas need a proxy: install nginx (on Debian: apt-get install nginx-light)")
    port = free_port()
    template = (ROOT / "deploy/nginx.conf.template").read_text(encoding="utf-8")
    server = template.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("${KMEANS_UPLOAD_MEGABYTES}", "50")
    for name, replica in zip("ab", replicas, strict=True):
        server = server.replace(f"app-{name}:8501", urlsplit(replica.url).netloc)
    home = folder / f"nginx-{port}"
    home.mkdir()
    (home / "default.conf").write_text(server, encoding="utf-8")
    whole = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8").replace("/tmp", str(home))
    (home / "nginx").write_text(whole, encoding="utf-8")
    url, log = f"http://127.0.0.1:{port}", home / "log"
    begun = [program, "-c", str(home / "nginx"), "-e", "stderr", "-g", "daemon off;"]
    with log.open("wb") as said:
        process = subprocess.Popen(begun, stdout=said, stderr=said)
    try:
        await_health(url, lambda: log.read_text(encoding="utf-8"), lambda: process.poll() is not None)
        yield url
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def main() -> int:
    """Find nginx, or fetch it where the system's package manager may, and say in one line which."""
    found = shutil.which("nginx")
    how = "found"
    root = as_root()
    if found is None and shutil.which("apt-get") and root is not None:
        how = "installed with apt-get"
        found = shutil.which("nginx") if all(runs(command) for command in apt_get(root, ["nginx-light"])) else None
    if found is None:
        print("Proxy for the tests: no nginx found: TWO REPLICAS BEHIND IT WILL NOT BE TESTED; install nginx.")
    else:
        print(f"Proxy for the tests: {found}, {how}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
