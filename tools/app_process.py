"""The app as a separate process, for tests and benchmarks."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.paths import ROOT

START_SECONDS = 60
STOP_SECONDS = 15


@dataclass(frozen=True)
class Server:
    """A Streamlit process that serves ``url`` (without a trailing slash) and writes to ``log_file``."""

    url: str
    log_file: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """The log so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_app(
    folder: Path, options: Mapping[str, object], env: Mapping[str, str], script: str = "app.py"
) -> Iterator[Server]:
    """Run the app on a free port until the block ends, then stop it.

    Parameters
    ----------
    folder
        Where the log file is written.
    options
        Streamlit options by name, such as ``server.baseUrlPath``; they override the defaults here.
    env
        Environment variables, in addition to the current ones. ``STREAMLIT_*`` and ``KMEANS_*`` are not inherited.
    script
        The script to run, relative to the repository.

    Raises
    ------
    RuntimeError
        If the app does not become healthy.
    """
    port = free_port()
    base = str(options.get("server.baseUrlPath", "")).strip("/")
    log_file = folder / f"server-{port}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            _command(script, port, options), cwd=ROOT, env={**_clean_environment(), **env}, stdout=log, stderr=log
        )
    try:
        server = Server(f"http://127.0.0.1:{port}/{base}".rstrip("/"), log_file, process)
        await_health(server.url, lambda: server.log, lambda: process.poll() is not None)
        yield server
    finally:
        _stop(process)


def _command(script: str, port: int, options: Mapping[str, object]) -> list[str]:
    settings: dict[str, object] = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        **options,
    }
    command = [sys.executable, "-m", "streamlit", "run", script]
    for name, value in settings.items():
        command += [f"--{name}", str(value)]
    return command


def _clean_environment() -> dict[str, str]:
    """Return the environment without variables of Streamlit, of the app, and of tests (``KMEANS_ATTACK``).

    A developer's settings must not affect the tests, and the app does not start with a variable that is not its own.
    """
    variables = {name: text for name, text in os.environ.items() if not name.startswith(("STREAMLIT_", "KMEANS_"))}
    return {**variables, "PYTHONPATH": str(ROOT)}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def free_port() -> int:
    """Return a local port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthy(url: str, seconds: float = 5) -> bool:
    """Return whether a GET of this address is answered with status 200 within that time."""
    address = urlsplit(url)
    server = http.client.HTTPConnection(address.hostname or "", address.port, timeout=seconds)
    try:
        server.request("GET", address.path)
        return server.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        server.close()


def await_health(url: str, log: Callable[[], str], has_ended: Callable[[], bool] = lambda: False) -> None:
    """Wait until the app at ``url`` is healthy.

    Raises
    ------
    RuntimeError
        With its ``log``, if it has ``has_ended`` or takes longer than ``START_SECONDS``.
    """
    deadline = time.monotonic() + START_SECONDS
    while not healthy(f"{url}/_stcore/health"):
        if has_ended() or time.monotonic() > deadline:
            raise RuntimeError(f"{url} did not become healthy within {START_SECONDS} s; its log:\n{log()}")
        time.sleep(0.05)
