"""The app as a process that is started, watched and ended: for tests and for measurements."""

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

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
STOP_SECONDS = 15


@dataclass(frozen=True)
class Server:
    """One Streamlit process that answers at ``url`` (no slash at its end) and writes to ``log_file``."""

    url: str
    log_file: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_app(
    folder: Path, options: Mapping[str, object], env: Mapping[str, str], script: str = "app.py"
) -> Iterator[Server]:
    """Run the app on a free port, its log in ``folder``, until the block ends; then end this one process."""
    port = free_port()
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
    # A developer's own Streamlit settings are no part of the app under test.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    log_file = folder / f"server-{port}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, "PYTHONPATH": str(ROOT), **env}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        base = str(settings.get("server.baseUrlPath", "")).strip("/")
        server = Server(f"http://127.0.0.1:{port}/{base}".rstrip("/"), log_file, process)
        await_health(server.url, lambda: server.log, lambda: process.poll() is not None)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthy(url: str, seconds: float = 5) -> bool:
    """Tell whether an address answers well within that time."""
    address = urlsplit(url)
    server = http.client.HTTPConnection(address.hostname or "", address.port, timeout=seconds)
    try:
        server.request("GET", address.path)
        return server.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        server.close()


def await_health(url: str, said: Callable[[], str], ended: Callable[[], bool] = lambda: False) -> None:
    """Wait until the app at ``url`` is healthy; raise RuntimeError with what it ``said`` if it ended or takes long."""
    deadline = time.monotonic() + START_SECONDS
    while not healthy(f"{url}/_stcore/health"):
        if ended() or time.monotonic() > deadline:
            raise RuntimeError(f"{url} did not become healthy within {START_SECONDS} s; it said:\n{said()}")
        time.sleep(0.05)
