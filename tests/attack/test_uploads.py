"""Uploads that stall, come all at once, or are hard to read: others upload as before, and memory comes back."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from kmeans_tables.limits import MAX_LINE
from kmeans_tables.messages import message as tables_message
from server.messages import message as server_message
from server.uploads import CHUNK_BYTES, CHUNK_SECONDS
from tests.attack.attacks import IS_FULL, TIMEOUT, attack_with_bystander, count, request, send_bytes, status_of
from tests.support import finish, wait_until
from tools.deployment import Replica, running_replica
from tools.simulated_user import SimulatedUser
from ui.text.messages import message

UPLOAD_SECONDS = 2.0 if IS_FULL else 10.0
"""Seconds within which an honest upload arrives. The limit is loose among other tests."""

STALLED_BYTES = 33_000_000
HONEST_BYTES = 5_000_000
SMALL_TABLE = b"a,b\n" + b"1,2\n3,4\n" * 2000
LARGEST_BYTES = 49_999_000 if IS_FULL else 6_000_000
MOST_MEGABYTES = 300
"""What all uploads may take beside the server itself: ``KMEANS_INCOMING_MEGABYTES``, and copies while they are read."""


MOST_READING_MEGABYTES = 800
"""What reading the largest file takes; others wait meanwhile if they are large, too."""


class Reader(SimulatedUser):
    """A user of the page for uploads who keeps all that the server sends."""

    content = b""

    async def receive(self) -> ForwardMsg:
        event = await super().receive()
        # Without the marks that keep a name from being read as markup.
        self.content += event.SerializeToString().replace(b"\\", b"")
        return event


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """Return a server whose memory is its own, and that has read a table before."""
    image = os.environ.get("KMEANS_ATTACK_IMAGE", "")
    settings = {"KMEANS_TENSORFLOW": "0", "KMEANS_MAX_POINTS": "20000"}
    with running_replica("a", tmp_path_factory.mktemp("uploads"), image=image, env=settings) as replica:
        finish(upload_once(replica.url))
        yield replica
        assert "Traceback" not in replica.log, replica.log


async def upload_once(url: str) -> None:
    """Upload a table that is used, and one that cannot be."""
    for content in (SMALL_TABLE, table_bytes(HONEST_BYTES)):
        user = await open_page(url)
        await use_file(user, (await upload(user, content))[1])
        await user.disconnect()


async def open_page(url: str, query: str = "data=table") -> Reader:
    """Open the page for uploads."""
    user = Reader(url, query=query)
    await user.connect()
    assert (await user.run()).exceptions == []
    return user


def table_bytes(size: int) -> bytes:
    """Return a table of about this many bytes, as text."""
    return b"a,b\n" + b"1.5,2.5\n" * (size // 8)


def form_request(user: SimulatedUser, content: bytes, file_id: str) -> bytes:
    """Return the request that uploads a file."""
    netloc = urlsplit(user.url).netloc
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="mine.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = head + content + b"\r\n--x--\r\n"
    lines = [
        f"PUT /_stcore/upload_file/{user.session_id}/{file_id} HTTP/1.1",
        *(f"Host: {netloc}", f"Origin: http://{netloc}", f"Content-Length: {len(body)}", "Connection: close"),
        "Content-Type: multipart/form-data; boundary=x",
        *("", ""),
    ]
    return "\r\n".join(lines).encode() + body


def start_upload(user: SimulatedUser, content: bytes) -> socket.socket:
    """Send all of an upload but the end, and keep the connection open."""
    address = urlsplit(user.url)
    line = socket.create_connection((address.hostname or "", address.port or 80), timeout=TIMEOUT)
    line.sendall(form_request(user, content, str(uuid.uuid4()))[:-1000])
    return line


def receive_all(line: socket.socket) -> bytes:
    """Receive until the server closes the connection."""
    return b"".join(iter(lambda: line.recv(65536), b""))


async def upload(user: SimulatedUser, content: bytes) -> tuple[bytes, str]:
    """Upload a file; return the answer, and the file's id."""
    file_id = str(uuid.uuid4())
    # In a thread, since the loop of this process answers for the time that others wait.
    return await asyncio.to_thread(send_bytes, user.url, form_request(user, content, file_id)), file_id


async def use_file(user: SimulatedUser, file_id: str) -> None:
    """Let the page read an uploaded file."""
    state = user.widget_state(message("uploads.file"))
    state.file_uploader_state_value.uploaded_file_info.add(file_id=file_id, name="mine.csv", size=9)
    assert (await user.run()).exceptions == []


def test_stalled_uploads_delay_no_honest_one_and_are_ended(server: Replica) -> None:
    """Two visitors send most of a large file, close their pages, and keep the rest to themselves."""
    before = server.resident_megabytes
    content = table_bytes(STALLED_BYTES)
    sentence = server_message("server.upload_too_slow", kilobytes=CHUNK_BYTES // 1000, seconds=CHUNK_SECONDS)

    async def attack() -> None:
        attackers = [await open_page(server.url) for _ in range(2)]
        lines = [await asyncio.to_thread(start_upload, attacker, content) for attacker in attackers]
        honest = await open_page(server.url)
        start = time.monotonic()
        answer, file_id = await upload(honest, table_bytes(HONEST_BYTES))
        seconds = time.monotonic() - start
        print(f"{seconds:.2f} s; {server.resident_megabytes - before:.0f} MB above {before:.0f}")
        assert (status_of(answer), seconds < UPLOAD_SECONDS) == (204, True), (answer, seconds)
        await use_file(honest, file_id)
        await attackers[0].disconnect()
        if IS_FULL:
            for line in lines:
                assert sentence.encode() in await asyncio.to_thread(receive_all, line)
            await attackers[1].receive_run()
            assert sentence.encode() in attackers[1].content
        for line in lines:
            line.close()
        for user in (attackers[1], honest):
            await user.disconnect()

    finish(attack_with_bystander(server.url, attack()))
    if IS_FULL:
        wait_until(lambda: server.resident_megabytes < 1.2 * before, 20)


def test_a_refused_upload_is_a_sentence_on_its_page(target: str) -> None:
    sentence = server_message("server.upload_too_large", most=50).encode()

    async def attack() -> None:
        user = await open_page(target)
        path, size = f"/_stcore/upload_file/{user.session_id}/{uuid.uuid4()}", {"Content-Length": "999999999"}
        headers = size | {"Origin": target, "Content-Type": "multipart/form-data; boundary=x"}
        answer = await asyncio.to_thread(request, target, path, headers, method="PUT", body=b"--x")
        assert (status_of(answer), sentence in answer, sentence in user.content) == (413, True, False)
        assert (await user.receive_run()).exceptions == []
        assert sentence in user.content
        user.content = b""
        await use_file(user, (await upload(user, SMALL_TABLE))[1])
        assert sentence not in user.content
        await user.disconnect()

    finish(attack())


def test_ten_uploads_of_the_largest_size_at_once_wait_for_each_other(server: Replica) -> None:
    before = peak = server.resident_megabytes
    content = table_bytes(LARGEST_BYTES)

    async def attack() -> None:
        nonlocal peak
        attackers = [await open_page(server.url) for _ in range(count(10, 3))]
        answers = asyncio.gather(*(upload(attacker, content) for attacker in attackers))
        while not answers.done():
            peak = max(peak, server.resident_megabytes)
            await asyncio.wait({answers}, timeout=0.05)
        assert [status_of(answer) for answer, _ in await answers] == [204] * len(attackers)
        for attacker in attackers:
            await attacker.disconnect()

    start = time.monotonic()
    finish(attack_with_bystander(server.url, attack()))
    print(f"{time.monotonic() - start:.1f} s, {peak - before:.0f} MB above {before:.0f}")
    assert peak - before < MOST_MEGABYTES
    if IS_FULL:
        # A file that nobody reads is dropped after a minute.
        wait_until(lambda: server.resident_megabytes < 1.2 * before, 90)


def table_error(key: str, **values: object) -> str:
    """Return why the file of ``form_request`` cannot be used."""
    return tables_message(key, file="“mine.csv”", **values)


WIDE = 500
NAMES = b",".join(b"c%d" % column for column in range(WIDE))
HARD_TABLES = {
    "one cell": (b"a,b\n1,2\n3," + b"x" * LARGEST_BYTES, table_error("files.line_too_long", most=MAX_LINE)),
    "500 columns": (NAMES + b"\n" + (b"1.5," * (WIDE - 1) + b"2\n") * (LARGEST_BYTES // 2500), ""),
    "501 columns": (NAMES + b",x\n", table_error("files.too_many_columns", columns=WIDE + 1, most=WIDE)),
    "commas": (b"," * LARGEST_BYTES, table_error("files.line_too_long", most=MAX_LINE)),
    "commas in long lines": (
        (b"," * (MAX_LINE - 1) + b"\n") * (LARGEST_BYTES // MAX_LINE),
        table_error("files.too_many_columns", columns=MAX_LINE, most=WIDE),
    ),
    "empty lines": (b"\n" * LARGEST_BYTES, table_error("files.no_rows")),
    "a quote that never ends": (b'a,b\n1,"' + b"x,1\n" * (LARGEST_BYTES // 4), "3 cells in row 1"),
}


@pytest.mark.parametrize("name", list(HARD_TABLES)[:: count(1, 3)])
def test_a_table_that_is_hard_to_read_delays_no_other_visitor(server: Replica, name: str) -> None:
    content, expected = HARD_TABLES[name]
    before = peak = server.resident_megabytes

    async def attack() -> None:
        nonlocal peak
        user = await open_page(server.url)
        answer, file_id = await upload(user, content)
        assert status_of(answer) == 204
        reading = asyncio.ensure_future(use_file(user, file_id))
        while not reading.done():
            peak = max(peak, server.resident_megabytes)
            await asyncio.wait({reading}, timeout=0.05)
        await reading
        assert expected.encode() in user.content or not expected, user.content[-2000:]
        await user.disconnect()

    start = time.monotonic()
    finish(attack_with_bystander(server.url, attack()))
    print(f"{name}: {time.monotonic() - start:.1f} s, {peak - before:.0f} MB above {before:.0f}")
    assert peak - before < MOST_READING_MEGABYTES
    if IS_FULL:
        # The sessions of closed pages, and their tables, are kept for two minutes.
        wait_until(lambda: server.resident_megabytes < 1.2 * before, 200)


SECRET_NAME, SECRET_CELL = "salary-of-ada", "8765.4321"


def test_nobody_else_finds_a_table_by_its_link_its_file_or_a_session(target: str) -> None:
    """The link names the table's digest; the other visitor knows that, and the file's id, too, and guesses sessions."""
    rows = "".join(f"{row % 7},{SECRET_CELL if row == 3 else row}\n" for row in range(40))
    content = f"a,{SECRET_NAME}\n{rows}".encode()

    async def attack() -> None:
        owner = await open_page(target)
        _, file_id = await upload(owner, content)
        await use_file(owner, file_id)
        assert all(secret.encode() in owner.content for secret in (SECRET_NAME, "mine.csv"))
        query = "&".join(part for part in owner.query.split("&") if part.startswith(("data=", "table=")))
        assert "table=" in query
        thief = await open_page(target, query)
        await use_file(thief, file_id)
        for path in (f"/_stcore/upload_file/{owner.session_id}/{file_id}", f"/media/{file_id}", f"/media/{query}.csv"):
            thief.content += await asyncio.to_thread(request, target, path)
        # Who knows a session's id resumes it: it is the secret of its own browser.
        assert owner.session_id.encode() not in thief.content
        for session in (str(uuid.uuid4()), owner.session_id[:-1], owner.session_id.upper()):
            returning = Reader(target, query=query)
            returning._session_id = session
            await returning.connect(returning=True)
            await returning.run()
            thief.content += returning.content
            await returning.disconnect()
        assert not [secret for secret in (SECRET_NAME, SECRET_CELL) if secret.encode() in thief.content]
        await thief.disconnect()
        # Until its page is left, the table is its owner's.
        assert (await owner.run()).exceptions == []
        await owner.disconnect()

    finish(attack_with_bystander(target, attack()))
