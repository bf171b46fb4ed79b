"""The proxy of ``deploy/`` with a real nginx: replicas that are replaced, large uploads, and TLS."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.proxy_stand_ins import StandIn, make_lineage, name_server, stand_in
from tests.support import wait_until
from tools.app_process import free_port
from tools.paths import ROOT
from tools.proxy import Proxy, ProxySettings, find_nginx, running_proxy

NGINX = find_nginx()
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx: run make proxy")
resolving = pytest.mark.skipif(
    NGINX is None or not NGINX.resolves, reason="this nginx asks for names only at its start: run make proxy"
)
LOOK_UP_SECONDS = 15.0
"""Names are looked up every two seconds; the machine runs other tests at the same time."""


def answer(url: str, path: str = "/", cookie: str = "", forwarded_for: str = "") -> tuple[int, str]:
    """Return the status and the text of an answer."""
    server = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    headers = {"Cookie": f"kmeans_replica={cookie}"} if cookie else {}
    server.request("GET", path, headers=headers | ({"X-Forwarded-For": forwarded_for} if forwarded_for else {}))
    response = server.getresponse()
    text = response.read().decode()
    server.close()
    return response.status, text


@resolving
def test_replicas_that_are_replaced_are_found_at_their_new_addresses(tmp_path: Path) -> None:
    port = free_port()
    names: dict[str, str] = {}
    with ExitStack() as proxies, name_server(names) as resolver:
        settings = ProxySettings({name: f"app-{name}:{port}" for name in "ab"}, resolver)
        proxy = None
        for hosts in (("127.0.0.11", "127.0.0.12"), ("127.0.0.13", "127.0.0.14")):
            names |= dict(zip(("app-a", "app-b"), hosts, strict=True))
            with stand_in("a", hosts[0], port), stand_in("b", hosts[1], port):
                proxy = proxy or proxies.enter_context(running_proxy(settings, tmp_path))
                url = proxy.url
                wait_until(
                    lambda: [answer(url, cookie=name) for name in "ab"] == [(200, "a"), (200, "b")],  # noqa: B023
                    LOOK_UP_SECONDS,
                )


@resolving
@pytest.mark.parametrize("missing", ["a", "b"])
def test_the_proxy_starts_and_serves_while_a_replica_has_no_address(tmp_path: Path, missing: str) -> None:
    port = free_port()
    names = {f"app-{name}": "127.0.0.15" for name in "ab" if name != missing}
    (present,) = set("ab") - {missing}
    places = {name: f"app-{name}:{port}" for name in "ab"}
    with (
        name_server(names) as resolver,
        stand_in(present, "127.0.0.15", port),
        running_proxy(ProxySettings(places, resolver), tmp_path) as proxy,
    ):
        for cookie in ("", "a", "b"):
            assert [answer(proxy.url, cookie=cookie) for _ in range(4)] == [(200, present)] * 4
        with stand_in(missing, "127.0.0.16", port):
            names[f"app-{missing}"] = "127.0.0.16"
            wait_until(lambda: answer(proxy.url, cookie=missing) == (200, missing), LOOK_UP_SECONDS)


@contextmanager
def served(folder: Path, **settings: Any) -> Iterator[tuple[Proxy, StandIn]]:
    """Run the proxy in front of one replica under both names."""
    with stand_in("a") as replica:
        address = f"127.0.0.1:{replica.server_port}"
        with running_proxy(ProxySettings({"a": address, "b": address}, **settings), folder) as proxy:
            yield proxy, replica


def upload(url: str, megabytes: int) -> tuple[int, str]:
    """Upload that many megabytes of zeros; return the status and the text of the answer."""
    server = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    server.request("PUT", "/_stcore/upload_file/x", body=bytes(megabytes << 20))
    response = server.getresponse()
    text = response.read().decode()
    server.close()
    return response.status, text


def test_an_upload_reaches_the_replica_while_it_is_sent_and_is_not_kept_by_the_proxy(tmp_path: Path) -> None:
    with served(tmp_path, log_level="warn") as (proxy, replica):
        with socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0)) as line:
            line.sendall(b"PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 47185920\r\n\r\n" + bytes(1 << 20))
            wait_until(lambda: replica.received == 1 << 20, 15)
        replica.received = 0
        with ThreadPoolExecutor(3) as visitors:
            assert list(visitors.map(upload, [proxy.url] * 3, [45] * 3)) == [(200, str(45 << 20))] * 3
        files = [path for path in proxy.log_file.parent.glob("client_body/**/*") if path.is_file()]
        assert not files
        assert "buffered to a temporary file" not in proxy.log


def test_an_upload_above_the_operators_limit_is_refused(tmp_path: Path) -> None:
    with served(tmp_path, upload_megabytes=2) as (proxy, replica):
        assert upload(proxy.url, 1)[0] == 200
        with socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0)) as line:
            line.sendall(b"PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3145728\r\n\r\n")
            assert line.recv(99).startswith(b"HTTP/1.1 413 ")
        assert replica.received == 1 << 20


def logged_requests(proxy: Proxy) -> list[dict[str, Any]]:
    """Return what the proxy's log says of each request but health checks."""
    lines = [json.loads(line) for line in proxy.log.splitlines() if line.startswith("{")]
    return [line for line in lines if not line["path"].endswith("/_stcore/health")]


def log_of_a_failure(folder: Path, path: str, **settings: Any) -> tuple[str, dict[str, Any]]:
    """Ask for something from replicas that are gone; return the proxy's log, and what it says of the request."""
    with ExitStack() as proxies:
        with stand_in("a") as replica:
            address = f"127.0.0.1:{replica.server_port}"
            proxy_settings = ProxySettings({"a": address, "b": address}, **settings)
            proxy = proxies.enter_context(running_proxy(proxy_settings, folder))
        assert answer(proxy.url, path, forwarded_for="203.0.113.7")[0] == 502
    (line,) = logged_requests(proxy)
    return proxy.log, line


@pytest.mark.parametrize(
    ("path", "logged_path"),
    [("/explore?k=4", "/explore"), ("/a/_stcore/upload_file/session-4/file", "/a/_stcore/upload_file")],
)
def test_the_log_names_failures_but_neither_addresses_nor_sessions_nor_settings(
    tmp_path: Path, path: str, logged_path: str
) -> None:
    log, failure = log_of_a_failure(tmp_path, path)
    assert (failure["status"], failure["method"], failure["path"]) == (502, "GET", logged_path)
    assert (failure["address"], failure["forwarded_for"]) == ("", "")
    for secret in ("203.0.113.7", "client:", "k=4", "session-4"):
        assert secret not in log


def test_addresses_are_logged_on_request(tmp_path: Path) -> None:
    log, failure = log_of_a_failure(tmp_path, "/", log="addresses", log_level="error")
    assert (failure["address"], failure["forwarded_for"]) == ("127.0.0.1", "203.0.113.7")
    assert "client: 127.0.0.1" in log


@pytest.mark.parametrize(("log", "statuses"), [("none", []), ("failures", []), ("requests", [200])])
def test_as_much_is_logged_as_the_operator_wants(tmp_path: Path, log: str, statuses: list[int]) -> None:
    with served(tmp_path, log=log) as (proxy, _):
        assert answer(proxy.url)[0] == 200
    assert [line["status"] for line in logged_requests(proxy)] == statuses


def copy_certificate(lineage: Path, folder: Path, reload: str) -> str:
    """Run the script that an operator runs after each renewal; return what it says."""
    variables = {"OWNER": f"{os.getuid()}:{os.getgid()}", "RELOAD": reload}
    command = [str(ROOT / "deploy/copy-certificate.sh"), str(lineage), str(folder)]
    process = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=True)
    return process.stdout.strip()


def tls_connection(port: int, ca: Path) -> http.client.HTTPSConnection:
    """Return a connection that trusts one certificate alone."""
    context = ssl.create_default_context(cafile=str(ca))
    context.check_hostname = False
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)


@pytest.mark.skipif(shutil.which("openssl") is None or os.name != "posix", reason="there is no openssl")
def test_a_renewed_certificate_is_served_without_ending_a_connection(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    lineage = make_lineage(tmp_path, 1)
    assert copy_certificate(lineage, folder, "false") == "The proxy does not run yet."
    assert not any(path.is_symlink() for path in folder.iterdir())
    assert (folder / "privkey.pem").stat().st_mode & 0o777 == 0o400
    with served(tmp_path, certificates=folder) as (proxy, replica):
        assert is_trusted(proxy.tls_port, lineage / "fullchain.pem")
        with closing(tls_connection(proxy.tls_port, lineage / "fullchain.pem")) as upload_of_two_parts:
            upload_of_two_parts.putrequest("PUT", "/x")
            upload_of_two_parts.putheader("Content-Length", "2")
            upload_of_two_parts.endheaders(b"1")
            wait_until(lambda: replica.received == 1, 15)
            make_lineage(tmp_path, 2)
            answer_of_script = copy_certificate(lineage, folder, f"kill -HUP {proxy.process.pid}")
            assert answer_of_script == "The proxy serves the new certificate."
            wait_until(lambda: is_trusted(proxy.tls_port, lineage / "fullchain.pem"), 15)
            upload_of_two_parts.send(b"2")
            assert upload_of_two_parts.getresponse().read() == b"2"


def is_trusted(port: int, ca: Path) -> bool:
    """Return whether the proxy serves this certificate, and an answer with it."""
    with closing(tls_connection(port, ca)) as server:
        try:
            server.request("GET", "/")
        except ssl.SSLCertVerificationError:
            return False
        response = server.getresponse()
        assert response.headers["Strict-Transport-Security"]
        # In a frame, browsers keep no other cookie.
        assert response.headers["Set-Cookie"] == (
            "kmeans_replica=a; Path=/; HttpOnly; SameSite=None; Secure; Partitioned"
        )
        return response.read() == b"a"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_with_tls_the_plain_port_sends_everybody_there_but_health_and_the_authority(tmp_path: Path) -> None:
    lineage = make_lineage(tmp_path, 1)
    with served(tmp_path, certificates=lineage) as (proxy, _):
        with closing(http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=20)) as server:
            server.request("GET", "/explore?k=4")
            response = server.getresponse()
            response.read()
        assert response.status == 308
        assert response.headers["Location"] == f"https://127.0.0.1:{proxy.tls_port}/explore?k=4"
        assert answer(proxy.url, "/kmeans/_stcore/health") == (200, "a")
        assert answer(proxy.url, "/.well-known/acme-challenge/none")[0] == 404
