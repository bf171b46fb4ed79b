"""Tags in the head of a page: what the browser loads and hides while Streamlit starts."""

from __future__ import annotations

import re

import pytest

from server.asgi import Message, Receive, Send
from server.page_head import PageHead
from tests.support import finish
from ui.player.assets import STATIC_DIR
from ui.shell.page_head import early_tags

PAGE = b"<html><head><title>a</title></head><body>b</body></html>"


class PageApp:
    """An app that answers each request with one page, or with JSON below ``/_stcore``."""

    def __init__(self) -> None:
        self.requests: list[set[bytes]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.requests.append({name for name, _ in scope["headers"]})
        is_page = not scope["path"].startswith("/_stcore")
        kind, body = (b"text/html; charset=utf-8", PAGE) if is_page else (b"application/json", b'"</head>"')
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"etag", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def ask(path: str, accept: str = "text/html,*/*", method: str = "GET") -> tuple[dict[str, str], bytes, PageApp]:
    events: list[Message] = []
    app = PageApp()

    async def send(event: Message) -> None:
        events.append(event)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"accept", accept.encode()), (b"accept-encoding", b"gzip"), (b"if-none-match", b"1")]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    finish(PageHead(app, lambda page: f"<link href='{page}'>")(scope, receive, send))
    reply = {name.decode(): value.decode() for name, value in events[0]["headers"]}
    return reply, b"".join(event.get("body", b"") for event in events[1:]), app


@pytest.mark.parametrize(("path", "page"), [("/", ""), ("/compare", "compare"), ("/kmeans/tutorial", "tutorial")])
def test_a_page_gets_the_tags_of_its_name(path: str, page: str) -> None:
    headers, body, app = ask(path)
    assert body == PAGE.replace(b"</head>", f"<link href='{page}'></head>".encode())
    assert int(headers["content-length"]) == len(body)
    assert "etag" not in headers, "a kept page would name files of an older version"
    assert app.requests == [{b"accept"}], "it is neither compressed nor left out"


@pytest.mark.parametrize(
    ("path", "accept", "method"),
    [("/", "*/*", "GET"), ("/", "text/html", "HEAD"), ("/_stcore/host-config", "text/html", "GET")],
)
def test_other_answers_stay_as_they_are(path: str, accept: str, method: str) -> None:
    _, body, _ = ask(path, accept, method)
    assert b"<link" not in body


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("", {"modules.js", "player.css", "plotly-basic"}),
        ("compare", {"modules.js", "compare.css", "plotly-basic"}),
        ("how_many", {"modules.js"}),
    ],
)
def test_a_page_names_the_published_files_that_it_needs(page: str, kinds: set[str]) -> None:
    names = re.findall(r'href="\./app/static/([^"]+)"', early_tags(page))
    assert len(names) == len(kinds)
    assert all(any(kind in name for name in names) for kind in kinds)
    assert all((STATIC_DIR / name).is_file() for name in names)
