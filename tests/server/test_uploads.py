"""The middleware for uploads around a plain ASGI app: budgets of memory and time, and what a refused visitor reads."""

from __future__ import annotations

import asyncio

import pytest
from streamlit import config as streamlit_config

from server import sessions, uploads
from server.asgi import Message, Receive, Send
from server.config import ServerConfig
from server.messages import message
from server.state import ServerState
from server.uploads import UploadBudget, Uploads
from tests.support import finish, pause

MEGABYTE = 10**6


class ReceivingApp:
    """An app that receives all of a body and answers with ``status``; with 0 it raises, as where a browser leaves."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.requests = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.requests += 1
        more = scope["method"] == "PUT"
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise ConnectionError("as Starlette does")
            more = event["more_body"]
        if not self.status:
            raise OSError("no space left on device")
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


STATE = ServerState(ServerConfig())


def uploads_around(app: ReceivingApp, budget: UploadBudget) -> Uploads:
    """Return the middleware around an app."""
    return Uploads(app, STATE, budget)


class Transfer:
    """An upload of a session: what its browser sends, and what it gets."""

    def __init__(self, middleware: Uploads, session: str, size: int | str, file: str = "file") -> None:
        self.events: asyncio.Queue[Message] = asyncio.Queue()
        self.replies: list[Message] = []
        headers = [(b"content-length", str(size).encode())] if size != "" else []
        path = f"/kmeans/_stcore/upload_file/{session}/{file}"
        scope = {"type": "http", "method": "PUT", "path": path, "headers": headers}
        self.task = asyncio.ensure_future(middleware(scope, self.events.get, self._send))

    async def _send(self, event: Message) -> None:
        self.replies.append(event)

    async def send(self, size: int, *, is_last: bool = False) -> None:
        """Send a part, and let the app receive it."""
        self.events.put_nowait({"type": "http.request", "body": bytes(size), "more_body": not is_last})
        await pause()

    async def answer(self) -> tuple[int, str]:
        """Return the answer, when it is there."""
        await self.task
        return self.replies[0]["status"], b"".join(event.get("body", b"") for event in self.replies).decode()


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every session but "closed" is open; return which pages were run, and which files lost their content."""
    calls: list[str] = []
    monkeypatch.setattr(sessions, "is_open", lambda session: session != "closed")
    monkeypatch.setattr(sessions, "run_page", lambda session: calls.append(f"run {session}"))
    monkeypatch.setattr(sessions, "drop_content", lambda session, file: calls.append(f"drop {session} {file}"))
    return calls


def test_a_file_counts_until_its_page_has_read_it(pages: list[str]) -> None:
    async def check() -> None:
        budget = UploadBudget(10 * MEGABYTE)
        transfer = Transfer(uploads_around(ReceivingApp(), budget), "a", 5 * MEGABYTE)
        await transfer.send(5 * MEGABYTE, is_last=True)
        assert (await transfer.answer(), budget.size) == ((204, ""), 5 * MEGABYTE)
        budget.release("a", "another")
        assert budget.size == 5 * MEGABYTE
        budget.release("a", "file")
        assert (budget.size, pages[-1], budget.pop_refusal("a")) == (0, "drop a file", "")

    finish(check())


def test_a_stalled_upload_is_ended_and_its_page_says_so_once(pages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "CHUNK_SECONDS", 1)
    refused_before = STATE.rejections["upload"]

    async def check() -> None:
        budget = UploadBudget(10 * MEGABYTE)
        transfer = Transfer(uploads_around(ReceivingApp(), budget), "a", 5 * MEGABYTE)
        for _ in range(11):
            await transfer.send(uploads.CHUNK_BYTES)
        assert (budget.size, transfer.task.done()) == (5 * MEGABYTE, False), "it came fast enough"
        for _ in range(11):
            await transfer.send(uploads.CHUNK_BYTES // 12)
        sentence = message("server.upload_too_slow", kilobytes=256, seconds=1)
        assert await transfer.answer() == (503, sentence)
        assert (budget.size, pages, STATE.rejections["upload"] - refused_before) == (0, ["run a"], 1)
        assert [budget.pop_refusal("a"), budget.pop_refusal("a")] == [sentence, ""]

    finish(check())


def test_an_upload_that_takes_too_long_is_ended_however_steady(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_SECONDS", 1)

    async def check() -> None:
        transfer = Transfer(uploads_around(ReceivingApp(), UploadBudget(MEGABYTE)), "a", 50 * MEGABYTE)
        for _ in range(11):
            await transfer.send(uploads.CHUNK_BYTES)
        assert await transfer.answer() == (503, message("server.upload_too_long", minutes=0))

    finish(check())


def test_who_leaves_frees_the_room_and_is_told_nothing(pages: list[str]) -> None:
    async def check() -> None:
        budget = UploadBudget(10 * MEGABYTE)
        transfer = Transfer(uploads_around(ReceivingApp(), budget), "a", 5 * MEGABYTE)
        await transfer.send(MEGABYTE)
        transfer.events.put_nowait({"type": "http.disconnect"})
        await transfer.task
        assert (budget.size, transfer.replies, pages, budget.pop_refusal("a")) == (0, [], [], "")

    finish(check())


@pytest.mark.parametrize("status", [400, 500, 0])
def test_an_error_of_the_app_frees_the_room_and_the_page_says_so(status: int) -> None:
    async def check() -> None:
        budget = UploadBudget(10 * MEGABYTE)
        transfer = Transfer(uploads_around(ReceivingApp(status), budget), "a", MEGABYTE)
        await transfer.send(MEGABYTE, is_last=True)
        if status:
            assert (await transfer.answer())[0] == status
        else:
            with pytest.raises(OSError, match="no space left"):
                await transfer.task
        assert (budget.size, budget.pop_refusal("a")) == (0, message("server.upload_failed", status=status or 500))

    finish(check())


def test_a_later_upload_of_a_session_takes_the_place_of_the_earlier(pages: list[str]) -> None:
    async def check() -> None:
        budget = UploadBudget(100 * MEGABYTE)
        middleware = uploads_around(ReceivingApp(), budget)
        first = Transfer(middleware, "a", 50 * MEGABYTE)
        await first.send(MEGABYTE)
        second = Transfer(middleware, "a", 40 * MEGABYTE)
        assert await first.answer() == (503, message("server.upload_replaced"))
        await second.send(40 * MEGABYTE, is_last=True)
        assert await second.answer() == (204, "")
        assert (budget.size, budget.pop_refusal("a"), pages) == (40 * MEGABYTE, "", [])
        third = Transfer(middleware, "a", MEGABYTE, "third")
        await third.send(MEGABYTE, is_last=True)
        assert (budget.size, pages) == (MEGABYTE, ["drop a file"]), "what nobody read is dropped"

    finish(check())


def test_uploads_wait_for_room_and_end_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAIT_SECONDS", 0.5)

    async def check() -> None:
        budget = UploadBudget(100 * MEGABYTE)
        middleware = uploads_around(app := ReceivingApp(), budget)
        transfers = [Transfer(middleware, session, 50 * MEGABYTE) for session in "abcd"]
        await pause()
        assert (app.requests, budget.size) == (2, 100 * MEGABYTE)
        for transfer in transfers[:2]:
            await transfer.send(50 * MEGABYTE, is_last=True)
            assert await transfer.answer() == (204, "")
        budget.release("a", "file")
        await transfers[2].send(50 * MEGABYTE, is_last=True)
        assert await transfers[2].answer() == (204, "")
        assert await transfers[3].answer() == (503, message("server.upload_no_room"))
        assert budget.pop_refusal("d") == message("server.upload_no_room")
        assert budget.size == 100 * MEGABYTE

    finish(check())


def test_slow_and_unread_uploads_are_ended_where_others_need_their_room(
    pages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        budget = UploadBudget(100 * MEGABYTE)
        middleware = uploads_around(ReceivingApp(), budget)
        slow, unread = (Transfer(middleware, session, 50 * MEGABYTE) for session in ("slow", "unread"))
        await slow.send(1000)
        await unread.send(50 * MEGABYTE, is_last=True)
        transfer = Transfer(middleware, "b", 100 * MEGABYTE)
        await pause()
        assert (budget.size, pages) == (100 * MEGABYTE, []), "nobody is ended in the first seconds"
        monkeypatch.setattr(uploads, "GRACE_SECONDS", 0)
        monkeypatch.setattr(uploads, "READ_SECONDS", 0)
        await transfer.send(100 * MEGABYTE, is_last=True)
        assert await transfer.answer() == (204, "")
        assert await slow.answer() == (503, message("server.upload_room_needed"))
        assert pages == ["drop unread file", "run slow"]

    monkeypatch.setattr(streamlit_config, "get_option", {"server.maxUploadSize": 100}.get)
    finish(check())


def test_a_file_that_no_page_reads_is_dropped(pages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "HELD_SECONDS", 0)

    async def check() -> None:
        budget = UploadBudget(MEGABYTE)
        transfer = Transfer(uploads_around(ReceivingApp(), budget), "a", MEGABYTE)
        await transfer.send(MEGABYTE, is_last=True)
        assert (await transfer.answer(), budget.size, pages) == ((204, ""), 0, ["drop a file"])

    finish(check())


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("", (411, message("server.upload_without_size"))),
        ("５", (411, message("server.upload_without_size"))),
        (51 * 2**20, (413, message("server.upload_too_large", most=50))),
        ("9" * 5000, (413, message("server.upload_too_large", most=50))),
    ],
)
def test_an_upload_names_a_size_that_can_be_taken(size: int | str, expected: tuple[int, str]) -> None:
    async def check() -> None:
        middleware = uploads_around(app := ReceivingApp(), UploadBudget(MEGABYTE))
        assert (await Transfer(middleware, "a", size).answer(), app.requests) == (expected, 0)

    finish(check())


def test_an_upload_of_no_open_session_takes_no_room() -> None:
    async def check() -> None:
        budget = UploadBudget(MEGABYTE)
        transfer = Transfer(uploads_around(ReceivingApp(400), budget), "closed", 50 * MEGABYTE)
        await transfer.send(MEGABYTE)
        assert (budget.size, transfer.task.done()) == (0, False)
        await transfer.send(0, is_last=True)
        assert await transfer.answer() == (400, "")

    finish(check())


def test_only_the_last_refusals_are_kept() -> None:
    budget = UploadBudget(MEGABYTE)
    for number in range(1000):
        budget.remember(uploads.Upload(str(number), "file"), uploads.Refusal(503, "no"))
    assert [budget.pop_refusal(str(number)) for number in (0, 799, 800, 999)] == ["", "", "no", "no"]
