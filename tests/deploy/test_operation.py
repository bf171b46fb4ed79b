"""Two real replicas behind a real nginx, with TLS and below a path, are operated for a while: ``make deploy-test``.

Each replica is the command of the image. A replica is replaced as compose does it: the old one is stopped, and the new
one comes back under the same name and another address.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from tests.proxy_stand_ins import make_lineage, name_server
from tests.support import pause, wait_until
from tools.app_process import await_health, free_port, healthy
from tools.paths import ROOT
from tools.proxy import ProxySettings, find_nginx, running_proxy
from tools.simulated_user import SimulatedUser

pytestmark = pytest.mark.skipif(os.environ.get("KMEANS_DEPLOY") != "full", reason="make deploy-test runs it")
BASE = "kmeans"
UPLOAD_MEGABYTES = 45
RECONNECT_SECONDS = 10.0
SECONDS = 60.0


@dataclass
class ProcessReplicas:
    """The replicas as processes, by name, and the names as the proxy may look them up."""

    folder: Path
    port: int = field(default_factory=free_port)
    names: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    count: int = 30

    def start(self, name: str) -> None:
        """Start a replica under an address of its own; wait until it is healthy."""
        self.count += 1
        host = f"127.0.0.{self.count}"
        variables = {
            "KMEANS_REPLICA": name,
            "KMEANS_TENSORFLOW": "0",
            "PORT": str(self.port),
            "STREAMLIT_SERVER_ADDRESS": host,
            "STREAMLIT_SERVER_BASE_URL_PATH": f"/{BASE}/",
            "STREAMLIT_SERVER_COOKIE_SECRET": "",
            "COOKIE_SECRET_FILE": str(self.folder / "cookie-secret"),
            "STREAMLIT_SERVER_HEADLESS": "true",
        }
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("KMEANS_", "STREAMLIT_"))
        }
        log = self.folder / f"replica-{self.count}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "server"], cwd=ROOT, env=environment | variables, stdout=file, stderr=file
            )
        self.processes[name] = process
        self.names[f"app-{name}"] = host
        await_health(f"http://{host}:{self.port}/{BASE}", log.read_text, lambda: process.poll() is not None)

    def stop(self, name: str) -> None:
        """Stop a replica as compose does; its name is unknown from then on."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
        del self.names[f"app-{name}"]


@contextmanager
def load(port: int, ca: Path | None = None) -> Iterator[Counter[str]]:
    """Ask for a page ten times a second, each time with a new connection; count the answers by status.

    By TLS if ``ca`` is given, the certificate that must be served.
    """
    answers: Counter[str] = Counter()
    is_over = threading.Event()

    def connection() -> http.client.HTTPConnection:
        if ca is None:
            return http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        context = ssl.create_default_context(cafile=str(ca))
        context.check_hostname = False
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)

    def ask() -> None:
        while not is_over.wait(0.2):
            with closing(connection()) as server:
                try:
                    server.request("GET", f"/{BASE}/", headers={"Accept": "text/html"})
                    answers[str(server.getresponse().status)] += 1
                except OSError as error:
                    answers[type(error).__name__] += 1

    with ThreadPoolExecutor(2) as visitors:
        asks = [visitors.submit(ask) for _ in range(2)]
        try:
            yield answers
        finally:
            is_over.set()
            for future in asks:
                future.result()


async def visitor_of(url: str) -> SimulatedUser:
    """Return a user who has opened the page."""
    user = SimulatedUser(url)
    await user.connect()
    assert not (await user.run()).exceptions
    return user


async def return_of(user: SimulatedUser) -> float:
    """Wait until a user whose replica went is back; return the seconds that it took."""
    start = time.monotonic()
    while True:
        try:
            await user.connect(returning=True)
            assert not (await user.run()).exceptions
        except Exception:
            assert time.monotonic() - start < RECONNECT_SECONDS
            await pause()
        else:
            return time.monotonic() - start


def upload(user: SimulatedUser) -> int:
    """Upload a large file as the page does; return the status."""
    line = "----deploy"
    head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n\r\n'.encode()
    body = head + b"1,2\n" * (UPLOAD_MEGABYTES << 18) + f"\r\n--{line}--\r\n".encode()
    host, _, path = user.url.removeprefix("http://").partition("/")
    with closing(http.client.HTTPConnection(host, timeout=SECONDS)) as server:
        headers = {
            "Content-Type": f"multipart/form-data; boundary={line}",
            "Cookie": user.cookies,
            "X-Xsrftoken": user.xsrf_token,
            "Origin": f"http://{host}",
        }
        server.request("PUT", f"/{path}/_stcore/upload_file/{user.session_id}/{uuid.uuid4()}", body, headers)
        return server.getresponse().status


class Replicas(Protocol):
    """Two replicas, ``a`` and ``b``."""

    def start(self, name: str) -> None:
        """Start a replica; wait until it is healthy."""

    def stop(self, name: str) -> None:
        """Stop a replica."""


async def operate(replicas: Replicas, proxies: Sequence[str], report: list[str]) -> None:
    """Upload three large files at once, and replace both replicas while people are connected to the first proxy."""
    users = [await visitor_of(f"{proxies[0]}/{BASE}") for _ in range(3)]
    start = time.monotonic()
    statuses = await asyncio.gather(*(asyncio.to_thread(upload, user) for user in users))
    report.append(f"3 uploads of {UPLOAD_MEGABYTES} MB at once: {statuses}, {time.monotonic() - start:.1f} s")
    assert statuses == [204] * 3
    for name in "ab":
        await asyncio.to_thread(replicas.stop, name)
        # Whoever was there finds the connection closed; the others go on.
        seconds = [await return_of(user) for user in users]
        report.append(f"replica {name} stopped: all 3 people are back within {max(seconds):.1f} s")
        await asyncio.to_thread(replicas.start, name)
        # A proxy looks names up every two seconds: the other replica must not go before all of them know this one.
        await asyncio.to_thread(wait_until, partial(is_reached, name, proxies), SECONDS)
    for user in users:
        await user.disconnect()


def test_an_operator_s_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nginx = find_nginx()
    assert nginx and nginx.resolves, "nginx 1.27.3 or newer is needed: run make proxy, or name it with NGINX="
    lineage = make_lineage(tmp_path, 1)
    replicas, report = ProcessReplicas(tmp_path), [f"nginx {'.'.join(map(str, nginx.version))}"]
    try:
        replicas.start("a")
        with name_server(replicas.names) as resolver:
            places = {name: f"app-{name}:{replicas.port}" for name in "ab"}
            plain = ProxySettings(places, resolver, base=BASE)
            with_tls = ProxySettings(places, resolver, base=BASE, certificates=lineage)
            with running_proxy(plain, tmp_path) as proxy, running_proxy(with_tls, tmp_path) as tls_proxy:
                report.append("started with one replica down")
                assert healthy(f"{proxy.url}/{BASE}/_stcore/health")
                replicas.start("b")
                wait_until(lambda: {replica_at(proxy.url) for _ in range(4)} == {"a", "b"}, SECONDS)
                with load(tls_proxy.tls_port, lineage / "fullchain.pem") as answers:
                    asyncio.run(operate(replicas, [proxy.url, tls_proxy.url], report))
                report.append(f"requests by TLS meanwhile: {dict(answers)}")
                assert set(answers) == {"200"}
    finally:
        for process in replicas.processes.values():
            process.terminate()
        for process in replicas.processes.values():
            process.wait(SECONDS)
        with capsys.disabled():
            print("", *report, sep="\n  ")


def is_reached(name: str, proxies: Sequence[str]) -> bool:
    """Tell whether a replica answers somebody new at each proxy."""
    return all(name in {replica_at(url) for _ in range(4)} for url in proxies)


def replica_at(url: str) -> str:
    """Return the name of the replica that answers somebody new."""
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)) as server:
        server.request("GET", f"/{BASE}/_stcore/health")
        cookies = server.getresponse().headers.get_all("Set-Cookie") or []
        return next(cookie[15:16] for cookie in cookies if cookie.startswith("kmeans_replica="))
