"""What fixtures hand to tests: a running app, and pages that remember their errors."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
STOP_SECONDS = 15

# Opened on a sub-page, Streamlit first looks for its server below that page's address, then at the root.
STREAMLIT_LOOKS_FOR_ITSELF = re.compile(r"404 \(Not Found\) \(http://[^/]+/.+/_stcore/(health|host-config)\)$")


@dataclass(frozen=True)
class Server:
    """One Streamlit process that answers at ``url`` (no slash at its end) and writes to ``log_file``."""

    url: str
    log_file: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


class NewServer(Protocol):
    """Start an app of a test's own, with Streamlit's options (by name: ``server.baseUrlPath``) and variables."""

    def __call__(self, options: Mapping[str, object] | None = None, env: Mapping[str, str] | None = None) -> Server: ...


class NewPage(Protocol):
    """Open an empty page with a profile of its own.

    The test fails if the page reports an error that ``expect_errors``, a regular expression, does not match.
    """

    def __call__(
        self,
        *,
        viewport: tuple[int, int] = (1440, 900),
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["no-preference", "reduce"] = "no-preference",
        touch: bool = False,
        expect_errors: str | None = None,
    ) -> Page: ...


def said_to(app: AppTest, component: str) -> Any:
    """Return what the page says to one of its components, as Streamlit sends it."""
    return next(one.proto for one in app.get("bidi_component") if one.proto.component_name == component)


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
    pytest.fail(f"the app did not become healthy within {START_SECONDS} s; it said:\n{server.log}")


@dataclass
class WatchedPage:
    """A page and the errors it reported: in its console, uncaught, and in asking any host but this one."""

    page: Page
    expected: re.Pattern[str] | None
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._add(f"exception: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            text = f"console: {message.text} ({message.location['url']})"
            if not STREAMLIT_LOOKS_FOR_ITSELF.search(text):
                self._add(text)

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in ("127.0.0.1", "localhost"):
            self._add(f"asked another host: {request.url}")

    def _add(self, error: str) -> None:
        if self.expected is None or not self.expected.search(error):
            self.errors.append(error)
