"""Whole responses of an ASGI app, which middleware keeps or changes before it sends them on."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from server.asgi import ASGIApp, Message, Receive, Send


@dataclass(frozen=True, slots=True)
class Response:
    """A response: its status, its headers by lowercase name, and its body."""

    status: int
    headers: dict[str, str]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it."""
        fields = {**self.headers, "content-length": str(len(self.body))}
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


async def whole_response(app: ASGIApp, scope: Message, receive: Receive, without: AbstractSet[bytes]) -> Response:
    """Return how the app answers a request without some of its headers."""
    start: Message = {}
    parts: list[bytes] = []

    async def collect(event: Message) -> None:
        if event["type"] == "http.response.start":
            start.update(event)
        elif event["type"] == "http.response.body":
            parts.append(event.get("body", b""))

    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in without]
    await app({**scope, "headers": headers}, receive, collect)
    fields = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Response(start["status"], fields, b"".join(parts))
