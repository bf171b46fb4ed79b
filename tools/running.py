"""The app as a process that is started, watched and ended: for tests and for measurements."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
        _await_health(server)
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


def _await_health(server: Server) -> None:
    # No proxy: the address is this machine's own.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            with opener.open(f"{server.url}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"the app did not become healthy within {START_SECONDS} s; it said:\n{server.log}")
