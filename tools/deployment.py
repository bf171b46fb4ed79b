"""The app as an operator deploys it: replicas behind the proxy of ``deploy/``, as processes or hardened containers."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.app_process import STOP_SECONDS, Server, await_health, free_port, running_app
from tools.proxy import ProxySettings, running_proxy

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
    options = ["--detach", f"--name={container.name}", "--network=host", *_hardening_flags()]
    options += [f"--env={key}={value}" for key, value in {**variables, "PORT": str(port)}.items()]
    try:
        result = subprocess.run([*engine, "run", *options, image], check=False, capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"{shlex.join(engine)} does not start {image}: {result.stderr.strip()}")
        await_health(container.url, lambda: container.log)
        yield container
    finally:
        subprocess.run([*engine, "rm", "--force", container.name], check=False, capture_output=True)


def _hardening_flags() -> list[str]:
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
        if count == 1:
            yield Deployment(replicas[0].url, replicas)
            return
        places = {name: urlsplit(replica.url).netloc for name, replica in zip(names, replicas, strict=True)}
        yield Deployment(stack.enter_context(running_proxy(ProxySettings(places), folder)).url, replicas)
