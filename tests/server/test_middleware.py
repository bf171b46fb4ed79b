"""The front door by itself, with a plain ASGI app behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from server.config import read_settings
from server.middleware import DoorSettings, FrontDoor, Message, Receive, Send
from tests.support import finish

HOST = {"host": "kmeans.example:8501"}
RERUN = BackMsg(rerun_script=ClientState()).SerializeToString()
CLEAR = BackMsg(clear_cache=True).SerializeToString()


class Behind:
    """An app that answers everything, and keeps what reaches it."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.scope: Message = {}
        self.gate = asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": b"the app"})
            return
        self.scope = scope
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.received.append(message)
        self.received.append(message)
        await self.gate.wait()


def scope_of(kind: str, path: str = "/", **headers: str) -> Message:
    named = {**HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": kind,
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


async def ask(door: FrontDoor, path: str = "/", **headers: str) -> tuple[int, Mapping[str, str], str]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await door(scope_of("http", path, **headers), receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(part.get("body", b"") for part in sent[1:]).decode()


async def connect(door: FrontDoor, messages: Sequence[Any] = (), **headers: str) -> list[Message]:
    """Connect, send the messages, hang up; return what the door and the app sent."""
    sent: list[Message] = []
    waiting: list[Message] = [
        {"type": "websocket.connect"},
        *({"type": "websocket.receive", "bytes": content} for content in messages),
        {"type": "websocket.disconnect", "code": 1001},
    ]

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return waiting.pop(0)

    await door(scope_of("websocket", "/_stcore/stream", **headers), receive, send)
    return sent


def behind(*, open_gate: bool = True, **settings: Any) -> tuple[FrontDoor, Behind]:
    app = Behind()
    if open_gate:
        app.gate.set()
    return FrontDoor(app, DoorSettings(**settings)), app


def test_answers_carry_the_security_headers() -> None:
    async def check() -> None:
        status, headers, body = await ask(behind(embed_origins=("https://school.example",))[0])
        assert (status, body) == (200, "the app")
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'self' https://school.example" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self' blob: 'sha256-" in policy

    finish(check())


def test_other_hosts_and_the_metrics_are_not_served() -> None:
    async def check() -> None:
        door, _ = behind(allowed_hosts=("kmeans.example",))
        assert (await ask(door))[0] == 200
        assert (await ask(door, host="evil.example"))[0] == 403
        assert (await ask(door, host="[::"))[0] == 403
        assert (await ask(door, "/kmeans/_stcore/metrics"))[0] == 404
        assert (await ask(behind(metrics=True)[0], "/_stcore/metrics"))[0] == 200
        assert (await connect(door, host="evil.example"))[0]["type"] == "websocket.close"

    finish(check())


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/?k=4&seed=7", "/a/kmeans/?k=4&seed=7"), ("/a/kmeans", "/a/kmeans/"), ("/a/kmeans/", None), ("/a", None)],
)
def test_who_forgets_the_base_path_is_led_there(path: str, leads_to: str | None) -> None:
    async def check() -> None:
        door = FrontDoor(behind()[0], DoorSettings(), base="a/kmeans/")
        status, headers, _ = await ask(door, path)
        assert (status, headers.get("location")) == ((307, leads_to) if leads_to else (200, None))

    finish(check())


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        ("http://kmeans.example:8501", True),
        ("https://KMEANS.example:8501", True),
        ("https://school.example", True),
        ("https://evil.example", False),
        ("http://kmeans.example", False),
        ("null", False),
        ("http://[::", False),
        ("ftp://kmeans.example:8501", False),
        ("http://evil@kmeans.example:8501", False),
    ],
)
def test_only_known_origins_connect(origin: str, welcome: bool) -> None:
    async def check() -> None:
        door, _ = behind(allowed_origins=("https://school.example/",))
        sent = await connect(door, origin=origin)
        assert sent == ([{"type": "websocket.accept"}] if welcome else [{"type": "websocket.close", "code": 1008}])

    finish(check())


def test_a_full_room_says_so_and_takes_back_those_who_were_in_it() -> None:
    async def check() -> None:
        door, app = behind(open_gate=False, max_sessions=5)
        inside = [asyncio.create_task(connect(door)) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (await connect(door))[0]["type"] == "websocket.close"
        status, headers, body = await ask(door, accept="text/html,*/*")
        assert (status, headers["retry-after"]) == (503, "30")
        assert "The room is full" in body
        # What those inside still load is served, and health answers.
        assert (await ask(door, "/static/player.js", accept="*/*"))[0] == 200
        assert (await ask(door, "/_stcore/health", accept="text/html"))[0] == 200
        back = asyncio.create_task(connect(door, sec_websocket_protocol="streamlit, token, session"))
        await asyncio.sleep(0)
        app.gate.set()
        assert (await back)[0]["type"] == "websocket.accept"
        await asyncio.gather(*inside)
        assert (await connect(door))[0]["type"] == "websocket.accept"
        assert (await ask(door, accept="text/html"))[0] == 200

    finish(check())


def test_what_no_visitor_has_reason_to_send_is_dropped() -> None:
    async def check() -> None:
        door, app = behind()
        await connect(door, [CLEAR, RERUN, CLEAR, BackMsg(debug_shutdown_runtime=True).SerializeToString(), RERUN])
        assert [message.get("bytes") for message in app.received] == [RERUN, RERUN, None]

    finish(check())


def test_of_the_operations_a_visitor_has_reason_for_those_that_give_a_file() -> None:
    async def check() -> None:
        door, app = behind()
        asked, skills = BackMsg(), BackMsg()
        asked.backend_operation_request.deferred_file.file_id = "made when it is downloaded"
        skills.backend_operation_request.install_skills.SetInParent()
        wanted, unwanted = asked.SerializeToString(), skills.SerializeToString()
        await connect(door, [unwanted, wanted, BackMsg().SerializeToString()])
        assert [message.get("bytes") for message in app.received] == [wanted, None]

    finish(check())


@pytest.mark.parametrize(
    "host", ["evil@kmeans.example", "kmeans.example/evil", "kmeans.example:80:80", "kmeans.example, evil.example", ""]
)
def test_a_host_is_a_name_and_perhaps_a_port(host: str) -> None:
    async def check() -> None:
        door, _ = behind(allowed_hosts=("kmeans.example", "::1"))
        assert (await ask(door, host=host))[0] == 403
        for own in ("KMEANS.example", "kmeans.example.:8501", "[::1]:8501"):
            assert (await ask(door, host=own))[0] == 200

    finish(check())


def test_who_is_let_in_comes_from_the_apps_own_page_for_all_that_streamlit_knows() -> None:
    """It would ask another host for its own address where the two differ by a letter."""

    async def check() -> None:
        for origin in ("https://KMEANS.example:8501", "https://school.example"):
            door, app = behind(allowed_origins=("https://school.example",))
            await connect(door, origin=origin)
            assert dict(app.scope["headers"])[b"origin"] == b"http://kmeans.example:8501"
        door, app = behind()
        await connect(door)
        assert b"origin" not in dict(app.scope["headers"])

    finish(check())


def test_two_origins_are_none() -> None:
    async def check() -> None:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        scope = scope_of("websocket", origin="http://evil.example")
        scope["headers"].append((b"Origin", b"http://kmeans.example:8501"))
        await behind()[0](scope, receive, send)
        assert sent == [{"type": "websocket.close", "code": 1008}]

    finish(check())


def test_nothing_is_said_on_a_line_that_fell_or_was_ended() -> None:
    """Streamlit hears of it when it next receives, and of nothing before."""

    async def check() -> None:
        heard: list[Message] = []
        said: list[str] = []
        waiting: list[Message] = [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "bytes": RERUN},
            {"type": "websocket.receive", "text": "no message"},
        ]

        async def app(_scope: Message, receive: Receive, send: Send) -> None:
            for _ in range(3):
                heard.append(await receive())
                await send({"type": "websocket.send", "bytes": b"the page"})

        async def send(message: Message) -> None:
            said.append(message["type"])
            if message["type"] == "websocket.send":
                raise OSError("the line fell")

        async def receive() -> Message:
            return waiting.pop(0)

        await FrontDoor(app, DoorSettings())(scope_of("websocket"), receive, send)
        assert heard[-1] == {"type": "websocket.disconnect", "code": 1003}
        assert said == ["websocket.send", "websocket.send", "websocket.close"]

    finish(check())


@pytest.mark.parametrize(
    ("content", "code"), [(b"\xff\xff\xff", 1007), (b"x" * 3000, 1009), (None, 1003)], ids=["mangled", "huge", "text"]
)
def test_a_message_that_is_none_ends_the_connection(content: bytes | None, code: int) -> None:
    async def check() -> None:
        door, app = behind(max_message_kilobytes=2)
        sent = await connect(door, [RERUN, content, RERUN])
        assert sent[-1] == {"type": "websocket.close", "code": code}
        assert [message["type"] for message in app.received] == ["websocket.receive", "websocket.disconnect"]

    finish(check())


@given(st.lists(st.binary(max_size=64), max_size=8))
def test_no_bytes_get_past_that_are_no_message(contents: list[bytes]) -> None:
    async def check() -> None:
        door, app = behind()
        await connect(door, contents)
        for message in app.received[:-1]:
            BackMsg.FromString(message["bytes"])
        assert app.received[-1]["type"] == "websocket.disconnect"

    finish(check())


def test_a_flood_is_slowed_to_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        monkeypatch.setattr("server.middleware.asyncio.sleep", sleep)
        monkeypatch.setattr("server.middleware.time.monotonic", lambda: 0.0)
        door, app = behind(messages_per_second=5)
        await connect(door, [RERUN] * 23)
        assert slept == pytest.approx([0.2, 0.4, 0.6])
        assert len(app.received) == 24

    finish(check())


def test_a_flood_without_an_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        now = [0.0]

        async def sleep(seconds: float) -> None:
            now[0] += seconds

        monkeypatch.setattr("server.middleware.asyncio.sleep", sleep)
        monkeypatch.setattr("server.middleware.time.monotonic", lambda: now[0])
        door, app = behind(messages_per_second=10)
        sent = await connect(door, [RERUN] * 500)
        assert sent[-1] == {"type": "websocket.close", "code": 1008}
        # The burst of 40 at once, and then ten seconds at the pace.
        assert 139 <= len(app.received) <= 142
        assert app.received[-1]["type"] == "websocket.disconnect"

    finish(check())


def test_settings_come_from_the_environment() -> None:
    read = partial(read_settings, DoorSettings)
    assert read({}) == DoorSettings()
    assert read(
        {"KMEANS_MAX_SESSIONS": "0", "KMEANS_ALLOWED_HOSTS": "a.example, b.example,", "KMEANS_METRICS": "1"}
    ) == DoorSettings(max_sessions=0, allowed_hosts=("a.example", "b.example"), metrics=True)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MAX_SESSIONS", "many", "KMEANS_MAX_SESSIONS must be a whole number of at least 0, got 'many'"),
        ("MAX_SESSIONS", "-1", "KMEANS_MAX_SESSIONS must be a whole number"),
        ("METRICS", "perhaps", "KMEANS_METRICS must be 0 or 1, got 'perhaps'"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_settings(DoorSettings, {f"KMEANS_{name}": value})
