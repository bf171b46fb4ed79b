"""The app with its middleware: every page runs under the content security policy, and foreign requests are rejected."""

from __future__ import annotations

import csv
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support import NewPage, follow_links
from tools.app_process import free_port, running_app
from ui.shell.navigation import PAGES
from ui.text.messages import message

SCHOOL = f"http://localhost:{free_port()}"
"""Another site than that of 127.0.0.1, whose pages may show the app in a frame."""


@contextmanager
def school_site(page: str) -> Iterator[None]:
    """Serve a page of the school's site until the block ends: to a page without a server the app's would be foreign."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

    with ThreadingHTTPServer(("127.0.0.1", urlsplit(SCHOOL).port or 0), Handler) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield
        site.shutdown()


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an app that runs ``serve.py``."""
    folder = tmp_path_factory.mktemp("serve")
    settings = {"KMEANS_ALLOWED_HOSTS": "127.0.0.1", "KMEANS_EMBED_ORIGINS": SCHOOL}
    with running_app(folder, {}, settings, script="serve.py") as app:
        yield app.url
        assert "Traceback" not in app.log, app.log


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that leaves the server before the server ends."""
    yield page
    page.goto("about:blank")


def table_file() -> FilePayload:
    """Return a small table."""
    rows = "\n".join(f"{i % 2},{i % 7 + 10 * (i % 2)}" for i in range(14))
    return FilePayload(name="mine.csv", mimeType="text/csv", buffer=f"a,b\n{rows}\n".encode())


def test_a_first_visit_loads_few_files_and_appears_as_a_whole(server_url: str, page: Page) -> None:
    files: set[str] = set()
    page.on("request", lambda request: files.add(request.url.partition("/app/static/")[2]))
    response = page.goto(server_url)
    assert response is not None
    assert 'id="first-paint"' in response.text(), "Streamlit's boxes for parts that load are hidden"
    page.locator("[data-testid=kmeans-player][data-ready=true]").wait_for()
    expect(page.locator("#first-paint")).to_have_count(0)
    expect(page.get_by_test_id("stMainBlockContainer")).to_have_css("opacity", "1")
    names = {name.rpartition("/")[2].partition("-")[0] for name in files - {""}}
    assert names - {"favicon.svg"} == {"modules.js", "player.css", "plotly"}


ELEMENTS = (
    "<img data-foreign src=x onerror=alert(1)>",
    "\"'><script data-foreign>alert(2)</script>",
    "</style></title></textarea><svg data-foreign onload=alert(3)>",
    "[a](javascript:alert(4)) ![b](data:x) `c` $d$",
)
"""Names and texts of a visitor that would be elements of the page if any place took them for HTML or Markdown."""


def foreign_table() -> FilePayload:
    """Return a table whose name, columns, and labels are such texts, and that has two plain columns."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow(("a", "b", *ELEMENTS[:2]))
    rows.writerows((i % 2, i % 7 + 10 * (i % 2), i % 3, ELEMENTS[2 + i % 2]) for i in range(14))
    return FilePayload(name=f"{ELEMENTS[0]}.csv", mimeType="text/csv", buffer=file.getvalue().encode())


def expect_no_foreign_element(page: Page) -> None:
    foreign = page.locator("[data-foreign], .stMain [href^='javascript:'], .stMain img[src^='data:x']")
    expect(foreign).to_have_count(0)


def test_every_page_and_file_keeps_foreign_texts_as_texts_under_the_content_security_policy(
    server_url: str, page: Page, tmp_path: Path
) -> None:
    """A page fails the test by itself if the browser reports a violation or an error in its console."""
    link = {"data": "table", "k": "2", "columns": "*1-3", "label": ELEMENTS[1]}
    page.goto(f"{server_url}/?{urlencode({**link, 'title': ELEMENTS[1], 'question': ELEMENTS[0]})}")
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files([foreign_table()])
    page.locator("[data-testid=kmeans-player][data-ready=true]").wait_for()
    for text in ELEMENTS[:2]:
        expect(page.locator(".lesson")).to_contain_text(text)
    expect_no_foreign_element(page)
    page.get_by_role("button", name=message("player.share")).click()
    files = []
    for kind in ("png", "svg", "page"):
        with page.expect_download() as download:
            page.get_by_role("button", name=message("share.file", kind=kind)).click()
        assert download.value.path().stat().st_size > 1000
        files.append(tmp_path / f"run.{kind.replace('page', 'html')}")
        download.value.save_as(files[-1])
    # Without a lesson, the headings are the pages' own, for which `follow_links` waits.
    page.goto(f"{server_url}/?{urlencode(link)}")
    for target in PAGES:
        follow_links(page, target)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect_no_foreign_element(page)
    for file in files[1:]:
        page.goto(file.as_uri())
        expect_no_foreign_element(page)


def test_a_frame_of_an_allowed_site_takes_an_upload_without_any_cookie(server_url: str, new_page: NewPage) -> None:
    """Browsers keep no cookie of a frame of another site."""
    page = new_page(fresh=True)
    frame = f'<iframe src="{server_url}/?embed=true&data=table&k=2" width="600" height="800"></iframe>'
    with school_site(frame):
        page.goto(SCHOOL)
        app = page.frame_locator("iframe")
        app.get_by_test_id("stMain").locator("input[type=file]").set_input_files([table_file()])
        app.locator("[data-testid=kmeans-player][data-ready=true]").wait_for()
        page.goto("about:blank")


def answer(url: str, path: str, **headers: str) -> str:
    """Return the status line of an answer, read from the socket itself."""
    address = urlsplit(url)
    assert address.hostname is not None
    fields = {"Host": address.netloc, "Connection": "close", **{k.replace("_", "-"): v for k, v in headers.items()}}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
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
    origin = f"http://{urlsplit(server_url).netloc}"
    assert " 101 " in answer(server_url, "/_stcore/stream", **upgrade, Origin=origin)
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
