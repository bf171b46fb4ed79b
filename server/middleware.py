"""ASGI middleware: rejects requests by host, origin, and capacity, and limits the rate of connections.

Streamlit trusts every client: any visitor can clear the cache of all, and a flood from one delays everyone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from typing import Final

from server.asgi import ASGIApp, Message, Receive, Send, request_headers, respond
from server.config import ServerConfig
from server.host_and_origin import (
    SAFE_METHODS,
    is_host_allowed,
    is_origin_allowed,
    replace_origin,
    replace_token,
)
from server.messages import message, message_html
from server.rate_limit import LimitedConnection, SlowLane
from server.security_headers import security_headers
from server.state import ServerState

HEALTH_PATH: Final = "/_stcore/health"
"""Where Streamlit says that it lives; it tells nothing else, so that it may answer under any host name."""

STATE_PATH: Final = "/_kmeans/state"
"""Where the app reports its state; below the base path, if there is one."""

_RECONNECT_FACTOR: Final = 1.2
"""Reconnecting visitors may exceed the limit of sessions by this factor, so that they keep theirs."""

_RETRY_SECONDS: Final = 30
"""Seconds after which the waiting page tries again."""


class AccessMiddleware:
    """Middleware around an ASGI app that is served below the path ``base``, or at the root."""

    def __init__(self, app: ASGIApp, config: ServerConfig, state: ServerState | None = None, base: str = "") -> None:
        self._app = app
        self._base = f"/{base.strip('/')}"
        self._config = config
        self._state = state or ServerState(config)
        self._security_headers = security_headers(config)
        self._slow_lane = SlowLane(config.messages_per_second)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Reject or answer a request, or pass it on to the app."""
        if scope["type"] == "http":
            if not await self._answer(scope, send):
                await self._app(replace_token(scope), receive, self._with_security_headers(send))
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Message, send: Send) -> bool:
        """Reject an HTTP request, or answer one for the middleware; return False for a request for the app."""
        headers = request_headers(scope)
        path: str = scope["path"]
        if path.endswith(HEALTH_PATH):
            return False  # Kubernetes and load balancers ask under the address of a pod, which no operator can list
        if not is_host_allowed(self._config, headers):
            self._state.rejections["host"] += 1
            await respond(send, 403, message("server.wrong_host"))
        elif scope["method"] not in SAFE_METHODS and not is_origin_allowed(self._config, headers):
            self._state.rejections["origin"] += 1
            await respond(send, 403, message("server.foreign_origin"))
        elif path.endswith(STATE_PATH):
            await respond(send, 200, json.dumps(self._state.report()), "application/json")
        elif path.endswith("/_stcore/metrics") and not self._config.metrics:
            await respond(send, 404, message("server.not_found"))
        elif self._base != "/" and path in ("/", self._base):
            # Streamlit's own redirect contains the scheme, which is wrong behind a proxy that ends TLS.
            query = scope["query_string"].decode("latin-1")
            await respond(send, 307, "", location=f"{self._base}/{query and '?'}{query}")
        elif self._is_full() and "/_stcore/" not in path and "text/html" in headers.get("accept", ""):
            self._state.rejections["full"] += 1
            await respond(send, 503, _waiting_page(), "text/html", retry_after=_RETRY_SECONDS)
        else:
            return False
        return True

    def _with_security_headers(self, send: Send) -> Send:
        """Return a ``send`` that adds the security headers."""

        async def send_with_headers(event: Message) -> None:
            if event["type"] == "http.response.start":
                event = {**event, "headers": [*event.get("headers", []), *self._security_headers]}
            await send(event)

        return send_with_headers

    async def _connect(self, scope: Message, receive: Receive, send: Send) -> None:
        """Reject a WebSocket connection, or pass it on with a rate limit, and count it while it lasts."""
        if reason := self._rejection_reason(request_headers(scope)):
            self._state.rejections[reason] += 1
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": 1008})
            return
        self._state.sessions += 1
        connection = LimitedConnection(self._config, self._slow_lane, receive, send)
        try:
            await self._app(replace_origin(scope), connection.receive, connection.send)
        finally:
            self._state.sessions -= 1
            if connection.rejection:
                self._state.rejections[connection.rejection] += 1

    def _rejection_reason(self, headers: Mapping[str, str]) -> str:
        """Return why a connection is rejected; "" if it is not."""
        if not is_host_allowed(self._config, headers):
            return "host"
        if not is_origin_allowed(self._config, headers):
            return "origin"
        return "full" if self._is_full(_is_reconnecting(headers)) else ""

    def _is_full(self, is_reconnecting: bool = False) -> bool:
        limit = self._config.max_sessions * (_RECONNECT_FACTOR if is_reconnecting else 1)
        return bool(limit) and self._state.sessions >= limit


@cache
def _waiting_page() -> str:
    """Return the page for visitors of a full server."""
    page = Template(Path(__file__).with_name("waiting_page.html").read_text(encoding="utf-8"))
    return page.substitute(
        seconds=_RETRY_SECONDS,
        title=message_html("server.full_title"),
        heading=message_html("server.full_heading"),
        text=message_html("server.full", seconds=_RETRY_SECONDS),
    )


def _is_reconnecting(headers: Mapping[str, str]) -> bool:
    """Tell whether a connection resumes a session: Streamlit's browser code names that one as third subprotocol."""
    protocols = [part for part in headers.get("sec-websocket-protocol", "").split(",") if part.strip()]
    return len(protocols) > 2
