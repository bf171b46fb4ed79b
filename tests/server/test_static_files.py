"""Files that never change: compressed once, kept by browsers for good, and answered from memory."""

from __future__ import annotations

import gzip
from collections import Counter

import pytest

from server.asgi import Message, Receive, Send
from server.static_files import StaticFiles
from tests.support import finish

TEXT = b"const a = 1;\n" * 100
FILES = {
    "/static/js/index.Dx_-1.js": (b"text/javascript; charset=utf-8", TEXT),
    "/static/media/Icons.woff2": (b"font/woff2", b"\x00font"),
    "/app/static/player-0a1b/modules.js": (b"application/javascript", TEXT),
    "/app/static/plotly-basic-4.1.1.min.js": (b"text/javascript", TEXT),
    "/app/static/favicon.svg": (b"image/svg+xml", b"<svg/>"),
    "/_stcore/health": (b"text/plain", b"ok"),
}
HASHED = [path for path in FILES if path.startswith(("/static", "/app/static/p"))]


class FileApp:
    """An app with files; it counts the requests for each, and answers some headers as a file server does."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.counts: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(self.prefix)
        self.counts[path] += 1
        names = {name for name, _ in scope["headers"]}
        kind, body = FILES.get(path, (b"text/html", b"no such file"))
        status = 404 if path not in FILES else 304 if b"if-none-match" in names else 206 if b"range" in names else 200
        headers = [(b"content-type", kind), (b"etag", b'"1"'), (b"set-cookie", b"session=secret")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})


def ask(app: StaticFiles, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    events: list[Message] = []

    async def send(event: Message) -> None:
        events.append(event)

    async def receive() -> Message:
        return {"type": "http.request"}

    values = {"accept-encoding": "gzip, br", **{name.replace("_", "-"): value for name, value in headers.items()}}
    pairs = [(name.encode(), value.encode()) for name, value in values.items()]
    finish(app({"type": "http", "method": method, "path": path, "headers": pairs}, receive, send))
    reply = {name.decode(): value.decode() for name, value in events[0]["headers"]}
    return events[0]["status"], reply, b"".join(event.get("body", b"") for event in events[1:])


@pytest.mark.parametrize("path", HASHED)
def test_a_file_is_read_once_and_kept_for_good(path: str) -> None:
    inner = FileApp("/a")
    app = StaticFiles(inner, "a/")
    # A browser that asks whether its copy is still good must not leave an empty answer to the others.
    replies = [ask(app, f"/a{path}", if_none_match='"1"'), ask(app, f"/a{path}")]
    assert inner.counts == {path: 1}
    for status, headers, body in replies:
        assert status == 200
        assert headers["cache-control"] == "public, immutable, max-age=31536000"
        assert "set-cookie" not in headers, "an answer to one visitor is sent to all"
        assert "etag" not in headers
        assert int(headers["content-length"]) == len(body)
        is_compressed = headers.get("content-encoding") == "gzip"
        assert is_compressed != path.endswith("woff2")
        assert (gzip.decompress(body) if is_compressed else body) == FILES[path][1]


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (HASHED[0], "HEAD", {}),
        (HASHED[0], "GET", {"range": "bytes=0-4"}),
        (HASHED[0], "GET", {"accept_encoding": "br"}),
        ("/app/static/favicon.svg", "GET", {}),
        ("/_stcore/health", "GET", {}),
        ("/b" + HASHED[0], "GET", {}),
        ("/static/js/../../app/static/favicon.svg", "GET", {}),
    ],
)
def test_other_requests_are_passed_on_each_time(path: str, method: str, headers: dict[str, str]) -> None:
    inner = FileApp()
    app = StaticFiles(inner)
    for _ in range(2):
        assert "cache-control" not in ask(app, path, method, **headers)[1]
    assert inner.counts == {path: 2}


def test_a_file_that_is_missing_is_not_kept() -> None:
    inner = FileApp()
    app = StaticFiles(inner)
    for _ in range(2):
        status, headers, body = ask(app, "/static/js/none.js")
        assert (status, body) == (404, b"no such file")
        assert "cache-control" not in headers
    assert inner.counts == {"/static/js/none.js": 2}
