"""The app with its middleware: every page runs under the content security policy, and foreign requests are rejected."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tools.app_process import running_app
from ui.shell.navigation import PAGES


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an app that runs ``serve.py``."""
    folder = tmp_path_factory.mktemp("serve")
    with running_app(folder, {}, {"KMEANS_ALLOWED_HOSTS": "127.0.0.1"}, script="serve.py") as app:
        yield app.url
        assert "Traceback" not in app.log, app.log


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that leaves the server before the server ends."""
    yield page
    page.goto("about:blank")


def test_every_page_complies_with_the_content_security_policy(server_url: str, page: Page) -> None:
    """A page fails the test by itself if the browser reports a violation in its console."""
    page.goto(f"{server_url}/?data=blobs&blobs=3&points=60&k=3")
    page.locator("[data-testid=kmeans-player][data-ready=true]").wait_for()
    for one in PAGES[1:]:
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=one.label).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(one.question)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_uploads_and_downloads_comply_with_the_content_security_policy(server_url: str, page: Page) -> None:
    page.goto(f"{server_url}/?data=table&k=2")
    rows = "\n".join(f"{i % 2},{i % 7 + 10 * (i % 2)}" for i in range(40))
    table = FilePayload(name="mine.csv", mimeType="text/csv", buffer=f"a,b\n{rows}\n".encode())
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files([table])
    page.locator("[data-testid=kmeans-player][data-ready=true]").wait_for()
    page.get_by_role("button", name="Share").click()
    for kind in ("Picture as PNG", "Picture as SVG", "Player that works offline"):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind).click()
        assert download.value.path().stat().st_size > 1000


def answer(url: str, path: str, **headers: str) -> str:
    """Return the status line of an answer, read from the socket itself."""
    address = urlsplit(url)
    assert address.hostname is not None
    wanted = {"Host": address.netloc, "Connection": "close", **{k.replace("_", "-"): v for k, v in headers.items()}}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in wanted.items()), "", ""]
    with socket.create_connection((address.hostname, address.port or 80), timeout=1) as line:
        line.sendall("\r\n".join(lines).encode())
        return line.recv(200).split(b"\r\n")[0].decode()


def test_foreign_requests_are_rejected_within_a_second(server_url: str) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    own = f"http://{urlsplit(server_url).netloc}"
    assert " 101 " in answer(server_url, "/_stcore/stream", **upgrade, Origin=own)
    assert " 403 " in answer(server_url, "/_stcore/stream", **upgrade, Origin="http://evil.example")
    assert " 403 " in answer(server_url, "/", Host="evil.example")
    assert " 404 " in answer(server_url, "/_stcore/metrics")
    assert " 200 " in answer(server_url, "/_stcore/health")


def test_a_setting_that_cannot_be_used_is_a_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("refused")
    with (
        pytest.raises(RuntimeError, match="KMEANS_MAX_SESSIONS must be a whole number of at least 0, got 'x'"),
        running_app(folder, {}, {"KMEANS_MAX_SESSIONS": "x"}, script="serve.py"),
    ):
        pass
