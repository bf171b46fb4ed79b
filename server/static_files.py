"""ASGI middleware: files that never change are compressed once, and answered from memory.

Streamlit sends its own files uncompressed, and compresses the app's again for each visitor and says nothing of caching.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from typing import Final

from server.asgi import ASGIApp, Message, Receive, Send, request_headers
from server.responses import Response, whole_response

_NAMES: Final = r"/(?:static/(?:js|css|media)|app/static/player-[0-9a-f]+)/[\w.-]+|/app/static/plotly-[\w.-]+"
"""Names with a version or a hash, in Streamlit's folder and in the app's."""

_COMPRESSIBLE: Final = ("text/", "application/javascript", "application/json", "image/svg")
_LASTING: Final = {"cache-control": "public, immutable, max-age=31536000", "vary": "accept-encoding"}
_COPIED: Final = ("access-control-allow-origin", "content-type", "x-content-type-options")
_LEFT_OUT: Final = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-range"})
"""Headers of a request whose answer would not be the whole file as it is."""


class StaticFiles:
    """Middleware around an ASGI app that is served below the path ``base``, or at the root."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self._app = app
        prefix = f"/{base.strip('/')}".rstrip("/")
        self._path = re.compile(f"{re.escape(prefix)}(?:{_NAMES})", re.ASCII)
        self._responses: dict[str, Response] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request for a file, or pass another one on to the app."""
        if scope["type"] != "http" or not self._is_for_file(scope):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        response = self._responses.get(path)
        if response is None:
            response = await whole_response(self._app, scope, receive, _LEFT_OUT)
            # Only files that exist are kept, so that nobody can fill the memory: all of them take about 10 MB.
            if response.status == 200:
                response = self._responses[path] = await asyncio.to_thread(_compressed, response)
        await response.send(send)

    def _is_for_file(self, scope: Message) -> bool:
        if scope["method"] != "GET" or not self._path.fullmatch(scope["path"]):
            return False
        headers = request_headers(scope)
        return "range" not in headers and "gzip" in headers.get("accept-encoding", "")


def _compressed(response: Response) -> Response:
    """Return a response as it is sent to all: compressed where that helps, and to be kept for good."""
    headers = {name: value for name, value in response.headers.items() if name in _COPIED} | _LASTING
    if not headers.get("content-type", "").startswith(_COMPRESSIBLE):
        return Response(response.status, headers, response.body)
    return Response(response.status, headers | {"content-encoding": "gzip"}, gzip.compress(response.body, mtime=0))
