"""The rate limit of a connection, and which of its messages reach Streamlit."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg

from server.asgi import Message, Receive, Send
from server.config import ServerConfig
from server.run_clock import RunClock

_MAX_WAIT_SECONDS: Final = 10.0
"""Seconds by which a connection may be delayed in total until it has been quiet for a while."""

_MAX_TURN_SECONDS: Final = 2.0
"""Seconds that a message waits at most because other connections send too fast as well."""

_ALLOWED_MESSAGES: Final = {
    "rerun_script",
    "stop_script",
    "app_heartbeat",
    "file_urls_request",
    "backend_operation_request",
}
"""Messages that a visitor's browser sends. Others clear the cache of all visitors, or are for developers."""

_ALLOWED_OPERATIONS: Final = {"deferred_file", "dataframe_chunk"}
"""Backend operations that a visitor's browser requests: a deferred download, and more rows of a long table. Others
write to the server's disk."""

_CLOSE_CODES: Final = {"rate": 1008, "size": 1009, "text": 1003, "malformed": 1007}
"""Codes of a closed connection (RFC 6455, section 7.4.1) by reason: too fast, too large, no bytes, no message."""


class SlowLane:
    """What all connections that send too fast share: together they send as much as one of them may.

    With a limit of its own for each, a few floods would take all of the processor from those who click now and then.
    """

    def __init__(self, messages_per_second: float) -> None:
        self._gap = 1 / messages_per_second if messages_per_second else 0.0
        self._next = 0.0

    def seconds_to_turn(self) -> float:
        """Take the next turn; return how many seconds it is away."""
        now = time.monotonic()
        turn = min(max(now, self._next), now + _MAX_TURN_SECONDS)
        self._next = turn + self._gap
        return turn - now


class LimitedConnection:
    """A WebSocket connection that drops messages of other kinds, delays fast senders, and closes on malformed input."""

    def __init__(self, config: ServerConfig, lane: SlowLane, receive: Receive, send: Send) -> None:
        self._config = config
        self._lane = lane
        self._receive = receive
        self._send = send
        self._burst = 4.0 * config.messages_per_second
        self._tokens = self._burst
        self._last = time.monotonic()
        self._delay = 0.0
        self._clock = RunClock()
        self.rejection = ""
        """Why this connection was closed here; "" if it was not."""

    async def send(self, message: Message) -> None:
        """Send a message of Streamlit, unless the connection is closed or lost.

        Streamlit learns of a lost connection when it next receives. An error here would make it log a traceback for
        every connection that is lost.
        """
        if not self.rejection:
            self._clock.note_answer(message.get("bytes"))
            with suppress(OSError):
                await self._send(message)

    async def receive(self) -> Message:
        """Return the next message that Streamlit may see."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            if not await self._is_within_rate():
                return await self._close("rate")
            content = message.get("bytes")
            if content is None or len(content) > 1024 * self._config.max_message_kilobytes:
                return await self._close("size" if content else "text")
            try:
                back_message = BackMsg.FromString(content)
            except Exception:  # protobuf's own error, from a package that only Streamlit depends on
                return await self._close("malformed")
            if _is_allowed(back_message):
                if back_message.HasField("rerun_script"):
                    self._clock.note_change()
                return message

    async def _is_within_rate(self) -> bool:
        """Take a token, after a delay if there is none; return False for a sender that never slows down.

        A person may click fast for a moment. A flood that is only delayed would be processed message by message long
        after its sender has left, and occupy a session all that time.
        """
        rate = self._config.messages_per_second
        if not rate:
            return True
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._last) * rate) - 1
        self._last = now
        if self._tokens >= self._burst / 2:
            self._delay = 0.0
        if self._tokens < 0:
            # Messages that are not received stay in the sender's own buffers.
            seconds = max(-self._tokens / rate, self._lane.seconds_to_turn())
            self._delay += seconds
            await asyncio.sleep(seconds)
        return self._delay <= _MAX_WAIT_SECONDS

    async def _close(self, reason: str) -> Message:
        """Close the connection, and return the message that tells Streamlit so."""
        self.rejection = reason
        code = _CLOSE_CODES[reason]
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _is_allowed(message: BackMsg) -> bool:
    """Tell whether a visitor's browser sends messages of this kind."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in _ALLOWED_OPERATIONS
    return kind in _ALLOWED_MESSAGES
