"""ASGI middleware: uploads have budgets of memory and time, and a sentence for the page where one is refused.

Streamlit takes any number of uploads at any pace, and holds each file until its session ends. Here a visitor has one
file on its way or unread at a time, all of them together fit into ``KMEANS_INCOMING_MEGABYTES``, and a file's memory
is free again as soon as its page has read it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from streamlit import config as streamlit_config

from server import sessions
from server.asgi import ASGIApp, Message, Receive, Send, request_headers, respond
from server.config import LIMITS
from server.messages import message
from server.state import ServerState

CHUNK_BYTES: Final = 256_000
"""Bytes that must arrive every ``CHUNK_SECONDS``: a poor mobile connection brings several times as many."""

CHUNK_SECONDS: Final = 10

MOST_SECONDS: Final = 600
"""Seconds that an upload may take in all: 50 MB at 85 kB a second."""

WAIT_SECONDS: Final = 60
"""Seconds for which an upload waits for room."""

HELD_SECONDS: Final = 60
"""Seconds for which a file is held that no page reads; an open page reads its file at once."""

SLOW_BYTES: Final = 250_000
"""Bytes a second below which an upload is ended after ``GRACE_SECONDS`` if others need its room."""

GRACE_SECONDS: Final = 10

READ_SECONDS: Final = 5
"""Seconds after which a file that is not read is dropped if others need its room."""

_LOOK_SECONDS: Final = 0.1
"""Seconds between two looks at whether there is room."""

_MOST_REFUSALS: Final = 200
"""How many sessions have their sentence kept until their pages show it."""

_UNAVAILABLE: Final = 503

_MOST_DIGITS: Final = 15
"""Digits of a size that is read: Python refuses a number of thousands."""

_UPLOAD_PATH: Final = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)$")


class Refusal(Exception):  # noqa: N818 - not an error of the program: it says why an upload is not taken
    """Why an upload is refused: a status, and a sentence for the visitor."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(eq=False, slots=True)
class Upload:
    """An upload: whose it is, its size in bytes, and how far it has come. Times are those of ``time.monotonic``."""

    session_id: str
    file_id: str
    size: int = 0
    start: float = field(default_factory=time.monotonic)
    is_admitted: bool = False
    received: int = 0
    arrival: float = 0.0
    limit: asyncio.Timeout | None = None
    refusal: Refusal | None = None

    def is_expendable(self) -> bool:
        """Tell whether it may be ended for others: it is slow, or has arrived and is not read."""
        if self.arrival:
            return time.monotonic() - self.arrival > READ_SECONDS
        seconds = time.monotonic() - self.start
        return seconds > GRACE_SECONDS and self.received < SLOW_BYTES * seconds

    def end(self, refusal: Refusal) -> None:
        """End it while it is on its way, or drop its content."""
        self.refusal = refusal
        if self.arrival:
            sessions.drop_content(self.session_id, self.file_id)
        elif self.limit is not None:
            self.limit.reschedule(0)


class UploadBudget:
    """The uploads that are on their way or unread, at most one of each session, and why others were refused.

    Parameters
    ----------
    most_bytes : int
        Memory of all of them. An upload that needs more by itself is taken alone.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._uploads: dict[str, Upload] = {}
        self._refusals: OrderedDict[str, str] = OrderedDict()

    @property
    def size(self) -> int:
        """The bytes that all uploads may take."""
        return sum(upload.size for upload in self._admitted())

    async def admit(self, upload: Upload) -> None:
        """Wait until there is room for an upload; end an earlier one of its session, and slow ones that hold the room.

        Raises
        ------
        Refusal
            If there is no room in time, or a later upload of the session comes.
        """
        if earlier := self._uploads.get(upload.session_id):
            earlier.end(Refusal(_UNAVAILABLE, message("server.upload_replaced")))
        self._uploads[upload.session_id] = upload
        deadline = time.monotonic() + WAIT_SECONDS
        while self.size and self.size + upload.size > self.most_bytes:
            if expendable := [other for other in self._admitted() if other.is_expendable()]:
                slowest = min(expendable, key=lambda other: 0 if other.arrival else other.received)
                self.forget(slowest)
                slowest.end(Refusal(_UNAVAILABLE, message("server.upload_room_needed")))
            elif time.monotonic() > deadline:
                raise Refusal(_UNAVAILABLE, message("server.upload_no_room"))
            else:
                await asyncio.sleep(_LOOK_SECONDS)
            if upload.refusal is not None:
                raise upload.refusal
        upload.is_admitted, upload.start = True, time.monotonic()

    def forget(self, upload: Upload) -> bool:
        """Count an upload no longer; tell whether it was counted."""
        is_counted = self._uploads.get(upload.session_id) is upload
        if is_counted:
            self._uploads.pop(upload.session_id, None)
        return is_counted

    def release(self, session_id: str, file_id: str) -> None:
        """Drop the content of a file that a page has read, and count it no longer; from any thread."""
        upload = self._uploads.get(session_id)
        if upload and upload.file_id == file_id:
            self.forget(upload)
        sessions.drop_content(session_id, file_id)

    def remember(self, upload: Upload, refusal: Refusal) -> bool:
        """Keep the sentence for the page; return False where a later upload of the session takes this one's place."""
        if self._uploads.get(upload.session_id, upload) is not upload:
            return False
        self._refusals[upload.session_id] = refusal.sentence
        if len(self._refusals) > _MOST_REFUSALS:
            self._refusals.popitem(last=False)
        return True

    def pop_refusal(self, session_id: str) -> str:
        """Return why the last upload of a session was refused, once; "" if it was not."""
        return self._refusals.pop(session_id, "")

    def _admitted(self) -> list[Upload]:
        # Pages release their uploads in other threads, so go over a copy.
        return [upload for upload in tuple(self._uploads.values()) if upload.is_admitted]


BUDGET: Final = UploadBudget(LIMITS.incoming_megabytes * 10**6)
"""The uploads of this process."""


class Uploads:
    """Middleware around an ASGI app: admits, times, and ends uploads."""

    def __init__(self, app: ASGIApp, state: ServerState, budget: UploadBudget = BUDGET) -> None:
        self._app = app
        self._state = state
        self._budget = budget

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Take an upload, or pass another request on to the app."""
        match = _UPLOAD_PATH.search(scope["path"]) if scope["type"] == "http" else None
        if match and scope["method"] == "PUT" and sessions.is_open(match["session"]):
            await self._take(Upload(match["session"], match["file"]), scope, receive, send)
            return
        await self._app(scope, receive, send)
        if match and scope["method"] == "DELETE":
            self._budget.release(match["session"], match["file"])

    async def _take(self, upload: Upload, scope: Message, receive: Receive, send: Send) -> None:
        """Take an upload, and answer with a sentence if it is refused."""
        status = 0

        async def send_answer(event: Message) -> None:
            nonlocal status
            status = event.get("status", status)
            await send(event)

        try:
            upload.size = _checked_size(request_headers(scope))
            await self._budget.admit(upload)
            if await _transfer(self._app, upload, scope, receive, send_answer) and status >= 300:
                raise Refusal(status, message("server.upload_failed", status=status))
        except Refusal as refusal:
            if not status:
                await respond(send, refusal.status, refusal.sentence, connection="close")
            self._report(upload, refusal)
        except Exception:
            self._report(upload, Refusal(500, message("server.upload_failed", status=500)))
            raise
        finally:
            if 200 <= status < 300:
                upload.arrival = time.monotonic()
                asyncio.get_running_loop().call_later(HELD_SECONDS, self._drop_unread, upload)
            else:
                self._budget.forget(upload)

    def _report(self, upload: Upload, refusal: Refusal) -> None:
        """Count a refused upload, and let its page say why."""
        if self._budget.remember(upload, refusal):
            self._state.rejections["upload"] += refusal.status == _UNAVAILABLE
            sessions.run_page(upload.session_id)

    def _drop_unread(self, upload: Upload) -> None:
        """Drop a file that no page has read."""
        if self._budget.forget(upload):
            sessions.drop_content(upload.session_id, upload.file_id)


async def _transfer(app: ASGIApp, upload: Upload, scope: Message, receive: Receive, send: Send) -> bool:
    """Let the app receive an upload while it comes fast enough; return False if the browser left.

    Raises
    ------
    Refusal
        If it is too slow, or others need its room.
    """
    clock = asyncio.get_running_loop().time
    last = clock() + MOST_SECONDS
    mark, is_left = 0, False

    async def receive_part() -> Message:
        nonlocal mark, is_left
        event = await receive()
        upload.received += len(event.get("body", b""))
        is_left = event["type"] == "http.disconnect"
        if is_left or not event.get("more_body", False):
            limit.reschedule(None)
            upload.limit = None
        elif upload.received >= mark + CHUNK_BYTES:
            mark = upload.received
            limit.reschedule(min(clock() + CHUNK_SECONDS, last))
        return event

    try:
        async with asyncio.timeout(CHUNK_SECONDS) as limit:
            upload.limit = limit
            await app(scope, receive_part, send)
    except TimeoutError:
        raise upload.refusal or _slow_refusal(is_late=clock() >= last) from None
    except Exception:
        # To Streamlit it is an error that a browser leaves.
        if not is_left:
            raise
    return not is_left


def _slow_refusal(is_late: bool) -> Refusal:
    if is_late:
        return Refusal(_UNAVAILABLE, message("server.upload_too_long", minutes=MOST_SECONDS // 60))
    return Refusal(
        _UNAVAILABLE, message("server.upload_too_slow", kilobytes=CHUNK_BYTES // 1000, seconds=CHUNK_SECONDS)
    )


def _checked_size(headers: dict[str, str]) -> int:
    """Return the size of a request's body in bytes.

    Raises
    ------
    Refusal
        If the request names none, or it is too large.
    """
    text = headers.get("content-length", "")
    if not text.isascii() or not text.isdigit():
        raise Refusal(411, message("server.upload_without_size"))
    most = int(streamlit_config.get_option("server.maxUploadSize"))
    if len(text) > _MOST_DIGITS or int(text) > most * 2**20:
        raise Refusal(413, message("server.upload_too_large", most=most))
    return int(text)
