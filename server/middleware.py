"""The front door: what is turned away, or slowed down, before Streamlit sees it. Plain ASGI middleware.

Streamlit trusts whoever connects. It looks up its own outside address for a foreign origin, which blocks everybody for
seconds where the way out is closed; it lets any visitor clear everybody's cache; and a flood from one delays all. Here
such requests end at once, and everybody has a pace of their own.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit
from streamlit.proto.BackMsg_pb2 import BackMsg

from server.config import LIMITS
from server.job_queue import LINE

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]

STATE: Final = "/_kmeans/state"
"""Where the app says how full the room is and what is loaded; below the base path, if there is one."""

_USEFUL: Final = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"}
"""Messages that a visitor's browser has reason to send. Others would clear the cache of all, or are for developers."""

_USEFUL_OPERATIONS: Final = {"deferred_file", "dataframe_chunk"}
"""Of the operations that a browser may ask for, those of a visitor: a file that is made when it is downloaded, and more
of a long table. The others write to the server's disk."""

_PATIENCE: Final = 10.0
"""Seconds that a connection may be slowed in all, until it has been quiet for a while."""

_OWN_SCHEMES: Final = ("http", "https")

_HOST: Final = re.compile(r"(?P<name>[\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
"""A name and perhaps a port, and none of what else an address may hold: ``evil@own.example`` is nobody's name."""

_RECONNECTING: Final = 1.2
"""The room has so many times its places for those who were in it before: a dropped line must not lose its place."""


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """What an operator may set: each field is the variable ``KMEANS_`` + its name in capitals.

    Attributes
    ----------
    max_sessions : int
        So many people may be in at once; 0 is no limit. ``make load`` shows what a machine holds: the knee is sharp.
    allowed_hosts : tuple of str
        Names under which the app may be asked for, without a port; empty is any.
    allowed_origins : tuple of str
        Origins (``https://school.example``) that may connect beside the app's own.
    embed_origins : tuple of str
        Origins whose pages may show the app in a frame, ``*`` for all; the app's own always may.
    messages_per_second : int
        A connection's pace; beyond a short burst it is made to wait.
    max_message_kilobytes : int
        A larger message ends its connection.
    metrics : bool
        Whether Streamlit's own ``/_stcore/metrics`` answers.
    metrics_port : int
        The port on which the app's own figures are, in Prometheus' format; 0 is none.
    replica : str
        What a proxy knows this process by; it is said in a header.
    logs : bool
        Whether every piece of work is a line of JSON on the standard output.
    """

    max_sessions: int = 80
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    messages_per_second: int = 10
    max_message_kilobytes: int = 1024
    metrics: bool = False
    metrics_port: int = 0
    replica: str = ""
    logs: bool = True


class Room:
    """Who is in, and who was turned away; what an operator watches."""

    def __init__(self, settings: DoorSettings) -> None:
        self.settings = settings
        self.people = 0
        self.refused: Counter[str] = Counter()
        self._since = time.monotonic()

    def state(self) -> dict[str, Any]:
        """Return how full the room is, and what is loaded."""
        loaded = "tensorflow" in sys.modules
        offered = LIMITS.tensorflow and find_spec("tensorflow") is not None
        return {
            "status": "ok",
            "replica": self.settings.replica,
            "people": self.people,
            "places": self.settings.max_sessions,
            "waiting_for_a_turn": LINE.waiting,
            "tensorflow": "loaded" if loaded else "offered" if offered else "absent",
            "seconds_up": round(time.monotonic() - self._since),
        }


class FrontDoor:
    """Middleware around an ASGI app that is served below ``base``, a path, or at the root."""

    def __init__(self, app: ASGIApp, settings: DoorSettings, room: Room | None = None, base: str = "") -> None:
        self._app = app
        self._base = f"/{base.strip('/')}"
        self._settings = settings
        self._room = room or Room(settings)
        self._headers = _security_headers(settings)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = _headers_of(scope)
        path: str = scope["path"]
        if not self._knows_host(headers):
            self._room.refused["host"] += 1
            await _respond(send, 403, "This address is not served here.")
        elif path.endswith(STATE):
            await _respond(send, 200, json.dumps(self._room.state()), "application/json")
        elif path.endswith("/_stcore/metrics") and not self._settings.metrics:
            await _respond(send, 404, "Not found.")
        elif self._base != "/" and path in ("/", self._base):
            # Streamlit's own way there names the scheme, which is another one where a proxy has ended TLS.
            query = scope["query_string"].decode("latin-1")
            await _respond(send, 307, "", location=f"{self._base}/{query and '?'}{query}")
        elif self._is_full() and "/_stcore/" not in path and "text/html" in headers.get("accept", ""):
            self._room.refused["full"] += 1
            await _respond(send, 503, _FULL, "text/html", retry_after=30)
        else:

            async def with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [*message.get("headers", []), *self._headers]}
                await send(message)

            await self._app(scope, receive, with_headers)

    async def _connect(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = _headers_of(scope)
        # Streamlit's browser side names its former session third.
        returns = len([part for part in headers.get("sec-websocket-protocol", "").split(",") if part.strip()]) > 2
        refused = (
            "host"
            if not self._knows_host(headers)
            else "origin"
            if not self._knows_origin(headers)
            else "full"
            if self._is_full(returns)
            else ""
        )
        if refused:
            self._room.refused[refused] += 1
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": 1008})
            return
        self._room.people += 1
        try:
            gate = _Gate(self._settings, receive, send)
            await self._app(_with_plain_origin(scope), gate.receive, gate.send)
        finally:
            self._room.people -= 1

    def _is_full(self, returns: bool = False) -> bool:
        most = self._settings.max_sessions * (_RECONNECTING if returns else 1)
        return bool(most) and self._room.people >= most

    def _knows_host(self, headers: Mapping[str, str]) -> bool:
        allowed = self._settings.allowed_hosts
        return not allowed or _name_of(headers.get("host", "")) in {host.lower() for host in allowed}

    def _knows_origin(self, headers: Mapping[str, str]) -> bool:
        origin = headers.get("origin")
        if origin is None or origin.rstrip("/") in {one.rstrip("/") for one in self._settings.allowed_origins}:
            # Only browsers name an origin, and only they can be misled by a foreign page.
            return True
        try:
            address = urlsplit(origin)
        except ValueError:
            return False
        return address.scheme in _OWN_SCHEMES and address.netloc.lower() == headers.get("host", "").lower() != ""


class _Gate:
    """One connection's way in and out: its messages at its pace, the useful ones only, and answers while it lasts."""

    def __init__(self, settings: DoorSettings, receive: Receive, send: Send) -> None:
        self._settings = settings
        self._receive = receive
        self._send = send
        self._burst = 4.0 * settings.messages_per_second
        self._tokens = self._burst
        self._last = time.monotonic()
        self._ended = False
        self._waited = 0.0

    async def send(self, message: Message) -> None:
        """Send what Streamlit has to say, unless the line is gone: that it hears when it next receives.

        Told here, it would take it for a message that is no message, and log a traceback for every line that falls.
        """
        if not self._ended:
            with suppress(OSError):
                await self._send(message)

    async def receive(self) -> Message:
        """Return the next message that Streamlit should see."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            if not await self._may_go_on():
                return await self._end(1008)
            content = message.get("bytes")
            if content is None or len(content) > 1024 * self._settings.max_message_kilobytes:
                return await self._end(1009 if content else 1003)
            try:
                asked = BackMsg.FromString(content)
            except Exception:  # protobuf's own error, of a package that is Streamlit's business
                return await self._end(1007)
            if _is_useful(asked):
                return message

    async def _may_go_on(self) -> bool:
        """Take a token, waiting for it if there is none; say whether this is still somebody to be waited for.

        A person may be quick for a moment. Who has to be slowed without an end floods the line, and what was sent would
        be heard one by one long after the sender has gone, from a place in the room that others need.
        """
        rate = self._settings.messages_per_second
        if not rate:
            return True
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._last) * rate) - 1
        self._last = now
        if self._tokens >= self._burst / 2:
            self._waited = 0.0
        if self._tokens < 0:
            # What is not received stays in the sender's own buffers.
            self._waited -= self._tokens / rate
            await asyncio.sleep(-self._tokens / rate)
        return self._waited <= _PATIENCE

    async def _end(self, code: int) -> Message:
        """Close the connection, and tell Streamlit that it is gone."""
        self._ended = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _is_useful(asked: BackMsg) -> bool:
    """Tell whether a visitor's browser has reason to send this."""
    kind = asked.WhichOneof("type")
    if kind == "backend_operation_request":
        return asked.backend_operation_request.WhichOneof("payload") in _USEFUL_OPERATIONS
    return kind in _USEFUL


def _headers_of(scope: Message) -> dict[str, str]:
    """Return the headers by their names in small letters; one that is there twice has both values, joined."""
    headers: dict[str, str] = {}
    for raw, content in scope["headers"]:
        name, value = raw.decode("latin-1").lower(), content.decode("latin-1")
        # Who looks only at the first or the last of two could be shown one, and Streamlit the other.
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _with_plain_origin(scope: Message) -> Message:
    """Return a connection that was let in as one from the app's own page, which is all that Streamlit knows.

    It compares letter by letter, and for any other origin looks up its own outside address, while everybody waits.
    """
    headers = dict(scope["headers"])
    if b"origin" not in headers:
        return scope
    own = (b"origin", b"http://" + headers.get(b"host", b""))
    return {**scope, "headers": [own if one[0] == b"origin" else one for one in scope["headers"]]}


def _name_of(host: str) -> str:
    """Return the name that a Host header says, in small letters; nothing if it says anything else."""
    match = _HOST.fullmatch(host)
    return match["name"].lower().strip("[]").rstrip(".") if match else ""


def _security_headers(settings: DoorSettings) -> list[tuple[bytes, bytes]]:
    """Return what every answer carries."""
    frames = " ".join(["'self'", *settings.embed_origins])
    policy = "; ".join(
        [
            "default-src 'self'",
            # The player's script comes as a blob.
            " ".join(["script-src 'self' blob:", *_inline_scripts()]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "connect-src 'self' data: blob: ws: wss:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {frames}",
        ]
    )
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    if settings.replica:
        headers["x-kmeans-replica"] = settings.replica
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _inline_scripts() -> list[str]:
    """Return the digests of the scripts within Streamlit's own page, by which a policy lets them in, and no others."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    return [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]


async def _respond(send: Send, status: int, text: str, kind: str = "text/plain", **further: object) -> None:
    """Answer with a text of our own; ``further`` headers have ``_`` for ``-``."""
    body = text.encode("utf-8")
    headers: Iterable[tuple[bytes, bytes]] = [
        (b"content-type", f"{kind}; charset=utf-8".encode("latin-1")),
        (b"content-length", str(len(body)).encode("latin-1")),
        (b"cache-control", b"no-store"),
        *((name.replace("_", "-").encode("latin-1"), str(value).encode("latin-1")) for name, value in further.items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


_FULL: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30">
<title>The room is full – K-means, step by step</title>
<style>
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
</style>
</head>
<body><main>
<h1>The room is full</h1>
<p>As many people are using <b>K-means, step by step</b> as this server can serve well. Keep this page open: it tries
again by itself every 30 seconds, and your link stays as it is.</p>
</main></body>
</html>
"""
