"""Requests that no browser sends: foreign hosts, path traversal, endless requests, and malformed uploads."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import socket
import uuid
import zipfile
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import pytest

from tests.attack.attacks import (
    assert_reveals_nothing,
    attack_with_bystander,
    count,
    page_path,
    request,
    seeded_random,
    status_of,
)
from tests.support import finish
from tools.simulated_user import SimulatedUser
from ui.shell.navigation import PAGES, Page
from ui.text.messages import message

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


# Hosts and origins ---------------------------------------------------------------------------------------

FOREIGN_HOSTS = [
    *("evil.example", "EVIL.EXAMPLE:8501", "evil127.0.0.1", "127.0.0.1.evil.example", "127.0.0.1evil", "a.127.0.0.1"),
    *("evil@127.0.0.1", "127.0.0.1@evil.example", "127.0.0.1:80@evil.example", "127.0.0.1:evil", "127.0.0.1:80:90"),
    *("127.0.0.1/evil", "127.0.0.1#evil", "127.0.0.1?evil", "127.0.0.1\\evil", "127.0.0.1 evil", "127.0.0.1,evil"),
    *("[::1]", "[::ffff:127.0.0.1]", "[127.0.0.1]evil", "[::", "]", "127.1", "2130706433", "0x7f000001"),
    *("null", ".", ":8501", "*", "１２７.0.0.1", "127.0.0.1%00", "localhost", "evil.example."),
]


@pytest.mark.usefixtures("local_server")
@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_requests_to_foreign_hosts_are_rejected(target: str, host: str) -> None:
    for path in ("/", "/_kmeans/state"):
        answer = request(target, path, {"Host": host})
        assert status_of(answer) in (400, 403), answer[:200]
        assert_reveals_nothing(answer)
    assert b" 101 " not in request(target, "/_stcore/stream", UPGRADE | {"Host": host, "Origin": f"http://{host}"})[:20]


def test_requests_with_two_hosts_are_rejected(target: str) -> None:
    netloc = urlsplit(target).netloc
    for first, second in ((netloc, "evil.example"), ("evil.example", netloc)):
        answer = request(target, "/", {"Host": f"{first}\r\nHost: {second}"})
        assert status_of(answer) in (400, 403), answer[:200]


@pytest.mark.usefixtures("local_server")
def test_requests_to_the_own_host_are_answered(target: str) -> None:
    netloc = urlsplit(target).netloc
    for host in (netloc, "127.0.0.1", "127.0.0.1.", "127.0.0.1:1"):
        assert status_of(request(target, "/_stcore/health", {"Host": host})) == 200


def foreign_origins(netloc: str) -> list[str]:
    """Return origins that look like the app's own, and others."""
    name, _, port = netloc.partition(":")
    return [
        *("null", "", "*", "about:blank", "file://", "http://", "//", "evil", f"{netloc}", f"//{netloc}"),
        *("https://evil.example", f"http://evil.example:{port}", f"http://evil.{netloc}", f"http://evil{netloc}"),
        *(
            f"http://{netloc}.evil.example",
            f"http://{netloc}@evil.example",
            f"http://evil@{netloc}",
            f"http://{netloc}0",
        ),
        *(f"http://{name}", f"http://{name}:1", f"http://{name}.:{port}", f"http://[::1]:{port}", "http://[::"),
        *(f"ftp://{netloc}", f"javascript://{netloc}", f"chrome-extension://{netloc}", f"http:\\\\{netloc}"),
        *("https://school.example.evil.example", "http://school.example", "https://school.example:8501"),
        *("https://evil@school.example", f"http://{netloc}, http://evil.example", f"http://{netloc} evil"),
        *(f"http://{netloc}\r\nOrigin: http://evil.example", f"http://evil.example\r\nOrigin: http://{netloc}"),
    ]


def test_connections_from_foreign_origins_are_rejected(target: str) -> None:
    for origin in foreign_origins(urlsplit(target).netloc):
        answer = request(target, "/_stcore/stream", UPGRADE | {"Origin": origin})
        assert status_of(answer) in (400, 403), (origin, answer[:200])
        assert_reveals_nothing(answer)


def first_bytes(target: str, headers: Mapping[str, str]) -> bytes:
    """Return the first bytes of an answer whose connection may stay open."""
    address = urlsplit(target)
    lines = [f"{name}: {value}" for name, value in {"Host": address.netloc, **headers}.items()]
    with socket.create_connection((address.hostname or "", address.port or 80), timeout=10) as line:
        line.sendall("\r\n".join(["GET /_stcore/stream HTTP/1.1", *lines, "", ""]).encode())
        return line.recv(200)


@pytest.mark.usefixtures("local_server")
def test_connections_from_the_own_origin_are_accepted_in_any_spelling(target: str) -> None:
    """Streamlit itself would look up its external address for these, which delays all visitors."""
    netloc = urlsplit(target).netloc
    for origin in (f"http://{netloc}", f"HTTPS://{netloc}", "https://school.example"):
        assert b" 101 " in first_bytes(target, UPGRADE | {"Origin": origin})


# Path traversal ------------------------------------------------------------------------------------------

ROOTS = [
    *("/", "/static/", "/app/static/", "/media/", "/component/", "/component/kmeans_player/", "/_stcore/", "/starts/"),
    *("/_stcore/bidi-components/", "/_stcore/bidi-components/kmeans_player/", "/_stcore/upload_file/", "/_kmeans/"),
]
UPWARDS = [
    *("../", "./../", "%2e%2e/", "%2e%2e%2f", ".%2e/", "%252e%252e%252f", "%c0%ae%c0%ae/", "..\\", "..%5c", "..%255c"),
    *("....//", "..;/", "..%00/", "..%09/", "%uff0e%uff0e/", "..%c0%af", "..%ef%bc%8f", "/../", "//../"),
]
OUTSIDE = [
    "etc/passwd",
    "requirements.txt",
    "server/middleware.py",
    ".git/config",
    ".git/HEAD",
    ".streamlit/config.toml",
    "serve.py",
]
CONTENTS = [b"root:x:0", b"--hash=sha256:", b"from __future__", b"[core]", b"ref: refs/", b"enableStaticServing"]


def traversal_paths() -> list[bytes]:
    """Return paths to files outside the served folders."""
    paths = []
    for root in ROOTS:
        for target in OUTSIDE:
            paths += [f"{root}{up * depth}{target}" for up in UPWARDS for depth in (1, 3, 8)]
            paths += [f"{root}/{target}", f"{root}%2f{target}", f"{root}{quote('/' + target, safe='')}"]
            paths += [
                f"{root}file:///{target}",
                f"{root}C:\\{target}",
                f"{root}\\\\evil\\{target}",
                f"{root}~/{target}",
            ]
            paths += [f"{root}{target}%00.png", f"{root}../{target}%00.js", f"{root}{target}?x", f"{root}{target}/."]
    chance = seeded_random("paths")
    return [path.encode() for path in chance.sample(paths, count(len(paths), 250))] + [
        b"/\x00",
        b"/\xff\xfe",
        b"*",
        b"x",
    ]


def test_no_path_leaves_the_served_folders(target: str) -> None:
    async def attack() -> None:
        for path in traversal_paths():
            answer = await asyncio.to_thread(request, target, path)
            assert_reveals_nothing(answer)
            assert not [content for content in CONTENTS if content in answer], path

    finish(attack_with_bystander(target, attack()))


# Queries and endless requests ----------------------------------------------------------------------------


def junk_queries() -> list[str]:
    """Return meaningless query strings."""
    chance = seeded_random("queries")
    noise = ["".join(chr(chance.randrange(33, 127)) for _ in range(200)) for _ in range(count(30, 3))]
    return [
        *("?" * 50, "&" * 500, "=" * 500, "%", "%zz%", "%00", "%ff%fe", "a=b" * 10_000, "&k=3" * 5_000, "x" * 60_000),
        *(
            "k=" + "9" * 5000,
            "k=NaN&seed=-1&seed=2",
            "data=../../etc/passwd",
            "edits=" + "a1_1" * 5000,
            "k=%F0%9F%92%A5",
        ),
        *("data=table&table=" + "f" * 16, "data=iris&columns=%2C%25&axes=x,y", "title=<script>alert(1)</script>"),
        *("embed=true&embed_options=" + "x" * 9999, "start=given&centers=c1e9_1e9c-1_-1", "edits=m9999999_0_1_1"),
        *noise,
    ]


def test_no_query_harms_other_visitors(target: str) -> None:
    async def attack() -> None:
        for query in junk_queries():
            for path in ("/", "/starts", "/_stcore/health", "/_stcore/stream", "/_kmeans/state", "/app/static/x"):
                assert_reveals_nothing(await asyncio.to_thread(request, target, f"{path}?{query}"))

    finish(attack_with_bystander(target, attack()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.script)
def test_every_page_reads_any_link(target: str, page: Page) -> None:
    """The short version reads another sample on each page."""

    async def read() -> None:
        for query in junk_queries()[PAGES.index(page) % count(1, 12) :: count(1, 12)]:
            user = SimulatedUser(target, query=f"points_per_blob=3&{query}", page=page_path(page))
            await user.connect()
            assert (await user.run()).exceptions == [], query
            await user.disconnect()

    finish(attack_with_bystander(target, read()))


SLOW_HEADER_SECONDS = 0.3
"""Pause between the headers of an endless request. It is the attack itself, so there is no condition to wait for."""


def test_endless_requests_delay_no_other_visitor(target: str) -> None:
    """Hundreds of connections start a request and send a header now and then."""
    address = urlsplit(target)

    async def attack() -> None:
        lines = []
        for number in range(count(400, 100)):
            method = b"PUT /_stcore/upload_file/a/b" if number % 2 else b"GET /"
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(method + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\nX-a: ")
            lines.append((reader, writer))
        for _ in range(count(20, 3)):
            for _, writer in lines:
                with contextlib.suppress(ConnectionError):
                    writer.write(b"b\r\nX-a: ")
            await asyncio.sleep(SLOW_HEADER_SECONDS)
        for _, writer in lines:
            writer.transport.abort()
        await asyncio.sleep(0)  # the event loop closes the connections in its next iteration

    finish(attack_with_bystander(target, attack()))


# Malformed uploads ---------------------------------------------------------------------------------------


def form(name: str, content: bytes, kind: str = "text/csv") -> tuple[bytes, str]:
    """Return a form with one file, and its content type."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode("utf-8", "surrogateescape") + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


@functools.cache
def zip_bomb() -> bytes:
    """Return a workbook that unpacks to far more than the upload limit."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)
    return content.getvalue()


def test_forged_uploads_are_rejected(target: str) -> None:
    async def attack() -> None:
        user = SimulatedUser(target, query="data=table")
        await user.connect()
        await user.run()
        token = user.xsrf_token
        body, kind = form("mine.csv", b"a,b\n1,2\n")
        upload_path = f"/_stcore/upload_file/{user.session_id}/{uuid.uuid4()}"
        valid_headers = {"X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}", "Content-Type": kind}
        bad_requests = [
            (upload_path, {"Content-Type": kind}),
            (upload_path, valid_headers | {"X-Xsrftoken": "0"}),
            (upload_path, valid_headers | {"Cookie": "_streamlit_xsrf=evil"}),
            (f"/_stcore/upload_file/{uuid.uuid4()}/1", valid_headers),
            (upload_path, valid_headers | {"Content-Type": "text/plain"}),
            (upload_path, valid_headers | {"Content-Type": "multipart/form-data"}),
            (upload_path, valid_headers | {"Content-Type": "multipart/form-data; boundary=" + "y" * 5000}),
            (upload_path, valid_headers | {"Content-Length": "999999999999"}),
            (upload_path, valid_headers | {"Content-Length": "-5"}),
            *((upload_path, valid_headers | {"Origin": origin}) for origin in foreign_origins(urlsplit(target).netloc)),
        ]
        for path, headers in bad_requests:
            answer = await asyncio.to_thread(request, target, path, headers, method="PUT", body=body)
            assert 400 <= status_of(answer) < 500, (headers, answer[:200])
            assert_reveals_nothing(answer)
        answer = await asyncio.to_thread(request, target, upload_path, valid_headers, method="PUT", body=body)
        assert status_of(answer) == 204, answer[:200]
        await user.disconnect()

    finish(attack_with_bystander(target, attack()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", zip_bomb()),
        ("bomb.parquet", zip_bomb()),
        ("mine.xlsx", b"PK\x03\x04" + b"\0" * 500),
        ("mine.parquet", b"PAR1" + b"\xff" * 500 + b"PAR1"),
        ("../../../etc/passwd", b"a,b\n1,2\n"),
        ("/etc/cron.d/evil.csv", b"\x00\x01\x02" * 1000),
        ("a\0b.csv", b"a\0b,c\n1,2\n"),
        ("", b""),
        ("x" * 5000 + ".csv", b"a,b\n" + b"1e999,nan\n" * 50),
        ("\udcff\udcfe.tsv", b"\xff\xfe" + b"\xd8\x00" * 99),
        ('"><script>.csv', b'a,b\n"' + b"x," * 100_000),
    ],
    ids=lambda value: (
        value[:14].encode("ascii", "replace").decode().replace("\0", "0") if isinstance(value, str) else ""
    ),
)
def test_a_malformed_file_is_an_error_message(target: str, name: str, content: bytes) -> None:
    async def attack() -> None:
        user = SimulatedUser(target, query="data=table")
        await user.connect()
        await user.run()
        body, kind = form(name, content)
        key, token = str(uuid.uuid4()), user.xsrf_token
        path = f"/_stcore/upload_file/{user.session_id}/{key}"
        headers = {"X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}", "Content-Type": kind}
        answer = await asyncio.to_thread(request, target, path, headers, method="PUT", body=body)
        assert_reveals_nothing(answer)
        state = user.widget_state(message("uploads.file"))
        state.file_uploader_state_value.uploaded_file_info.add(file_id=key, name=name.encode(errors="replace"), size=9)
        assert (await user.run()).exceptions == []
        await user.disconnect()

    finish(attack_with_bystander(target, attack()))
