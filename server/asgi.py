"""The ASGI protocol: its types, the headers of a request, and a plain response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]


def request_headers(scope: Message) -> dict[str, str]:
    """Return the headers by lowercase name; the values of one that occurs twice are joined with a comma."""
    headers: dict[str, str] = {}
    for raw, content in scope["headers"]:
        name, value = raw.decode("latin-1").lower(), content.decode("latin-1")
        # If the checks saw only one of two values, Streamlit could act on the other.
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def respond(send: Send, status: int, text: str, kind: str = "text/plain", **headers: object) -> None:
    """Send a response; in the names of ``headers``, ``_`` stands for ``-``."""
    body = text.encode("utf-8")
    fields = {
        "content-type": f"{kind}; charset=utf-8",
        "content-length": len(body),
        "cache-control": "no-store",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    raw_headers = [(name.encode("latin-1"), str(value).encode("latin-1")) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw_headers})
    await send({"type": "http.response.body", "body": body})
