"""ASGI middleware: how long each HTTP request takes, by its kind and the status of its answer."""

from __future__ import annotations

import time
from typing import Final

from server.asgi import ASGIApp, Message, Receive, Send, request_headers
from server.durations import REQUESTS, Histogram
from server.state import ServerState

_TOO_LARGE: Final = 413
_FAILED: Final = 500


class RequestTimes:
    """Middleware around an ASGI app; the outermost, so that it sees what every other one answers."""

    def __init__(self, app: ASGIApp, state: ServerState, requests: Histogram = REQUESTS) -> None:
        self._app = app
        self._state = state
        self._requests = requests

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, and count it when its answer ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, is_left = 0, False
        start = time.perf_counter()

        async def receive_event() -> Message:
            nonlocal is_left
            event = await receive()
            is_left = is_left or event["type"] == "http.disconnect"
            return event

        async def send_event(event: Message) -> None:
            nonlocal status
            status = event.get("status", status)
            await send(event)

        try:
            await self._app(scope, receive_event, send_event)
        finally:
            # Streamlit raises an error where a browser leaves before its answer, which is nobody's failure.
            if status or not is_left:
                self._count(scope, status or _FAILED, time.perf_counter() - start)

    def _count(self, scope: Message, status: int, seconds: float) -> None:
        self._requests.observe(seconds, request_kind(scope), str(status))
        if status == _TOO_LARGE:
            self._state.rejections["size"] += 1


def request_kind(scope: Message) -> str:
    """Return what a request is for: an "upload", a "check" of the server's state, a "page", or a "file"."""
    path: str = scope["path"]
    if "/_stcore/upload_file/" in path:
        return "upload"
    if "/_stcore/" in path or "/_kmeans/" in path:
        return "check"
    return "page" if "text/html" in request_headers(scope).get("accept", "") else "file"
