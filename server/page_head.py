"""ASGI middleware: pages name what they will need, so that the browser loads it while Streamlit starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from server.asgi import ASGIApp, Message, Receive, Send, request_headers
from server.responses import Response, whole_response

_LEFT_OUT: Final = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-range", b"range"})
_END: Final = b"</head>"


class PageHead:
    """Middleware around an ASGI app: adds ``tags(page)`` to the head of a page, whose name is "" for the first one."""

    def __init__(self, app: ASGIApp, tags: Callable[[str], str]) -> None:
        self._app = app
        self._tags = tags

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Add the tags to a page, and pass other requests on to the app."""
        is_get = scope["type"] == "http" and scope["method"] == "GET"
        if not is_get or "text/html" not in request_headers(scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        response = await whole_response(self._app, scope, receive, _LEFT_OUT)
        if response.headers.get("content-type", "").startswith("text/html"):
            name = scope["path"].rpartition("/")[2]
            response = _with_tags(response, self._tags(name))
        await response.send(send)


def _with_tags(response: Response, tags: str) -> Response:
    # A kept page would name files of an older version, so the browser gets nothing to ask by whether it is still good.
    headers = {name: value for name, value in response.headers.items() if name not in ("etag", "last-modified")}
    return Response(response.status, headers, response.body.replace(_END, tags.encode() + _END, 1))
