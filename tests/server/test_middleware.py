"""The middleware around a plain ASGI app: access checks, rate limit, and capacity."""

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
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token

from server.asgi import Message, Receive, Send
from server.config import ServerConfig, check_names, read_config
from server.messages import message_html
from server.middleware import AccessMiddleware
from tests.support import finish

HOST = {"host": "kmeans.example:8501"}
RERUN = BackMsg(rerun_script=ClientState()).SerializeToString()
CLEAR = BackMsg(clear_cache=True).SerializeToString()


class RecordingApp:
    """An app that answers every request and records the messages of its connections."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.scope: Message = {}
        self.may_end = asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.scope = scope
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": b"the app"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.received.append(message)
        self.received.append(message)
        await self.may_end.wait()


def scope_of(kind: str, path: str = "/", *, method: str = "GET", **headers: str) -> Message:
    header_values = {**HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": kind,
        "method": method,
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.encode(), value.encode()) for name, value in header_values.items()],
    }


async def ask(
    middleware: AccessMiddleware, path: str = "/", *, method: str = "GET", **headers: str
) -> tuple[int, Mapping[str, str], str]:
    replies: list[Message] = []

    async def send(message: Message) -> None:
        replies.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await middleware(scope_of("http", path, method=method, **headers), receive, send)
    reply_headers = {name.decode(): value.decode() for name, value in replies[0]["headers"]}
    return replies[0]["status"], reply_headers, b"".join(part.get("body", b"") for part in replies[1:]).decode()


async def connect(middleware: AccessMiddleware, messages: Sequence[Any] = (), **headers: str) -> list[Message]:
    """Connect, send the messages, and disconnect; return what the middleware and the app sent."""
    replies: list[Message] = []
    waiting: list[Message] = [
        {"type": "websocket.connect"},
        *({"type": "websocket.receive", "bytes": content} for content in messages),
        {"type": "websocket.disconnect", "code": 1001},
    ]

    async def send(message: Message) -> None:
        replies.append(message)

    async def receive() -> Message:
        return waiting.pop(0)

    await middleware(scope_of("websocket", "/_stcore/stream", **headers), receive, send)
    return replies


def recording_app(*, ends: bool = True, **settings: Any) -> tuple[AccessMiddleware, RecordingApp]:
    app = RecordingApp()
    if ends:
        app.may_end.set()
    return AccessMiddleware(app, ServerConfig(**settings)), app


def test_answers_carry_the_security_headers() -> None:
    async def check() -> None:
        status, headers, body = await ask(recording_app(embed_origins=("https://school.example",))[0])
        assert (status, body) == (200, "the app")
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'self' https://school.example" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self' blob: 'sha256-" in policy

    finish(check())


def test_requests_to_other_hosts_and_to_streamlits_metrics_are_rejected() -> None:
    async def check() -> None:
        middleware, _ = recording_app(allowed_hosts=("kmeans.example",))
        assert (await ask(middleware))[0] == 200
        assert (await ask(middleware, host="evil.example"))[0] == 403
        assert (await ask(middleware, host="[::"))[0] == 403
        assert (await ask(recording_app(allowed_hosts=("[::1]",))[0], host="[::1]:8501"))[0] == 200
        assert (await ask(middleware, "/_kmeans/state", host="evil.example"))[0] == 403
        assert (await ask(middleware, "/kmeans/_stcore/metrics"))[0] == 404
        assert (await ask(recording_app(metrics=True)[0], "/_stcore/metrics"))[0] == 200
        assert (await connect(middleware, host="evil.example"))[0]["type"] == "websocket.close"

    finish(check())


@pytest.mark.parametrize("host", ["10.1.2.3:8501", "[fd00::7]:8501", "evil.example", ""])
def test_the_health_check_answers_under_any_host(host: str) -> None:
    async def check() -> None:
        middleware, _ = recording_app(allowed_hosts=("kmeans.example",))
        for path in ("/_stcore/health", "/kmeans/_stcore/health"):
            assert (await ask(middleware, path, host=host))[::2] == (200, "the app")

    finish(check())


@pytest.mark.parametrize(
    ("path", "target"),
    [("/?k=4&seed=7", "/a/kmeans/?k=4&seed=7"), ("/a/kmeans", "/a/kmeans/"), ("/a/kmeans/", None), ("/a", None)],
)
def test_a_request_without_the_base_path_is_redirected(path: str, target: str | None) -> None:
    async def check() -> None:
        middleware = AccessMiddleware(recording_app()[0], ServerConfig(), base="a/kmeans/")
        status, headers, _ = await ask(middleware, path)
        assert (status, headers.get("location")) == ((307, target) if target else (200, None))

    finish(check())


ORIGINS = pytest.mark.parametrize(
    ("origin", "is_allowed"),
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


@ORIGINS
def test_connections_from_other_origins_are_rejected(origin: str, is_allowed: bool) -> None:
    async def check() -> None:
        middleware, _ = recording_app(allowed_origins=("https://school.example/",))
        replies = await connect(middleware, origin=origin)
        assert replies == (
            [{"type": "websocket.accept"}] if is_allowed else [{"type": "websocket.close", "code": 1008}]
        )

    finish(check())


@ORIGINS
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_changes_by_pages_of_other_origins_are_rejected(origin: str, method: str, is_allowed: bool) -> None:
    async def check() -> None:
        middleware, app = recording_app(allowed_origins=("https://school.example",))
        status, _, _ = await ask(middleware, "/_stcore/upload_file/a/b", method=method, origin=origin)
        assert (status, bool(app.scope)) == ((200, True) if is_allowed else (403, False))
        assert (await ask(middleware, origin=origin))[0] == 200, "a page of another site may link to the app"

    finish(check())


def test_a_request_with_a_checked_origin_needs_no_cookie_and_another_keeps_its_own() -> None:
    async def check() -> None:
        middleware, app = recording_app()
        await ask(middleware, method="PUT", origin="http://kmeans.example:8501", cookie="_streamlit_xsrf=theirs")
        headers = dict(app.scope["headers"])
        token = headers[b"x-xsrftoken"].decode()
        assert validate_xsrf_token(token, headers[b"cookie"].decode().removeprefix("_streamlit_xsrf="))
        for method, origin in (("PUT", {}), ("GET", {"origin": "http://kmeans.example:8501"})):
            await ask(middleware, method=method, **origin, cookie="_streamlit_xsrf=theirs")
            assert dict(app.scope["headers"])[b"cookie"] == b"_streamlit_xsrf=theirs"
            assert b"x-xsrftoken" not in dict(app.scope["headers"])

    finish(check())


def test_at_capacity_new_visitors_see_a_waiting_page_and_others_reconnect() -> None:
    async def check() -> None:
        middleware, app = recording_app(ends=False, max_sessions=5)
        sessions = [asyncio.create_task(connect(middleware)) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (await connect(middleware))[0]["type"] == "websocket.close"
        status, headers, body = await ask(middleware, accept="text/html,*/*")
        assert (status, headers["retry-after"]) == (503, "30")
        assert message_html("server.full", seconds=30) in body
        # Files and health checks of open sessions are still answered.
        assert (await ask(middleware, "/static/player.js", accept="*/*"))[0] == 200
        assert (await ask(middleware, "/_stcore/health", accept="text/html"))[0] == 200
        connection = asyncio.create_task(connect(middleware, sec_websocket_protocol="streamlit, token, session"))
        await asyncio.sleep(0)
        app.may_end.set()
        assert (await connection)[0]["type"] == "websocket.accept"
        await asyncio.gather(*sessions)
        assert (await connect(middleware))[0]["type"] == "websocket.accept"
        assert (await ask(middleware, accept="text/html"))[0] == 200

    finish(check())


def test_messages_that_pages_do_not_send_are_dropped() -> None:
    async def check() -> None:
        middleware, app = recording_app()
        await connect(
            middleware, [CLEAR, RERUN, CLEAR, BackMsg(debug_shutdown_runtime=True).SerializeToString(), RERUN]
        )
        assert [message.get("bytes") for message in app.received] == [RERUN, RERUN, None]

    finish(check())


def test_operations_other_than_downloads_and_table_rows_are_dropped() -> None:
    async def check() -> None:
        middleware, app = recording_app()
        query_message, skills_message = BackMsg(), BackMsg()
        query_message.backend_operation_request.deferred_file.file_id = "deferred"
        skills_message.backend_operation_request.install_skills.SetInParent()
        query_bytes, skills_bytes = query_message.SerializeToString(), skills_message.SerializeToString()
        await connect(middleware, [skills_bytes, query_bytes, BackMsg().SerializeToString()])
        assert [message.get("bytes") for message in app.received] == [query_bytes, None]

    finish(check())


@pytest.mark.parametrize(
    "host", ["evil@kmeans.example", "kmeans.example/evil", "kmeans.example:80:80", "kmeans.example, evil.example", ""]
)
def test_a_malformed_host_is_rejected(host: str) -> None:
    async def check() -> None:
        middleware, _ = recording_app(allowed_hosts=("kmeans.example", "::1"))
        assert (await ask(middleware, host=host))[0] == 403
        for alias in ("KMEANS.example", "kmeans.example.:8501", "[::1]:8501"):
            assert (await ask(middleware, host=alias))[0] == 200

    finish(check())


def test_streamlit_sees_the_apps_own_origin() -> None:
    """For any other origin, it would look up its external address."""

    async def check() -> None:
        for origin in ("https://KMEANS.example:8501", "https://school.example"):
            middleware, app = recording_app(allowed_origins=("https://school.example",))
            await connect(middleware, origin=origin)
            assert dict(app.scope["headers"])[b"origin"] == b"http://kmeans.example:8501"
        middleware, app = recording_app()
        await connect(middleware)
        assert b"origin" not in dict(app.scope["headers"])

    finish(check())


def test_a_connection_with_two_origins_is_rejected() -> None:
    async def check() -> None:
        replies: list[Message] = []

        async def send(message: Message) -> None:
            replies.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        scope = scope_of("websocket", origin="http://evil.example")
        scope["headers"].append((b"Origin", b"http://kmeans.example:8501"))
        await recording_app()[0](scope, receive, send)
        assert replies == [{"type": "websocket.close", "code": 1008}]

    finish(check())


def test_nothing_is_sent_on_a_lost_or_closed_connection() -> None:
    """Streamlit learns of it when it next receives, and sees no error before."""

    async def check() -> None:
        received: list[Message] = []
        sent_types: list[str] = []
        waiting: list[Message] = [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "bytes": RERUN},
            {"type": "websocket.receive", "text": "not a message"},
        ]

        async def app(_scope: Message, receive: Receive, send: Send) -> None:
            for _ in range(3):
                received.append(await receive())
                await send({"type": "websocket.send", "bytes": b"the page" * 20})

        async def send(message: Message) -> None:
            sent_types.append(message["type"])
            if message["type"] == "websocket.send":
                raise OSError("the connection was lost")

        async def receive() -> Message:
            return waiting.pop(0)

        await AccessMiddleware(app, ServerConfig())(scope_of("websocket"), receive, send)
        assert received[-1] == {"type": "websocket.disconnect", "code": 1003}
        assert sent_types == ["websocket.send", "websocket.send", "websocket.close"]

    finish(check())


@pytest.mark.parametrize(
    ("content", "code"), [(b"\xff\xff\xff", 1007), (b"x" * 3000, 1009), (None, 1003)], ids=["mangled", "huge", "text"]
)
def test_a_malformed_message_closes_the_connection(content: bytes | None, code: int) -> None:
    async def check() -> None:
        middleware, app = recording_app(max_message_kilobytes=2)
        replies = await connect(middleware, [RERUN, content, RERUN])
        assert replies[-1] == {"type": "websocket.close", "code": code}
        assert [message["type"] for message in app.received] == ["websocket.receive", "websocket.disconnect"]

    finish(check())


@given(st.lists(st.binary(max_size=64), max_size=8))
def test_only_valid_messages_reach_the_app(contents: list[bytes]) -> None:
    async def check() -> None:
        middleware, app = recording_app()
        await connect(middleware, contents)
        for message in app.received[:-1]:
            BackMsg.FromString(message["bytes"])
        assert app.received[-1]["type"] == "websocket.disconnect"

    finish(check())


def test_a_flood_is_slowed_to_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        delays: list[float] = []

        async def sleep(seconds: float) -> None:
            delays.append(seconds)

        monkeypatch.setattr("server.rate_limit.asyncio.sleep", sleep)
        monkeypatch.setattr("server.rate_limit.time.monotonic", lambda: 0.0)
        middleware, app = recording_app(messages_per_second=5)
        await connect(middleware, [RERUN] * 23)
        assert delays == pytest.approx([0.2, 0.4, 0.6])
        assert len(app.received) == 24

    finish(check())


def test_floods_share_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        delays: list[float] = []

        async def sleep(seconds: float) -> None:
            delays.append(seconds)

        monkeypatch.setattr("server.rate_limit.asyncio.sleep", sleep)
        monkeypatch.setattr("server.rate_limit.time.monotonic", lambda: 0.0)
        middleware, _ = recording_app(messages_per_second=5)
        # Each sends one message above its burst of 20. Alone it waits for 0.2 s, and turns are 0.2 s apart.
        for expected_delays in ([0.2], [0.2, 0.2], [0.2, 0.2, 0.4], [0.2, 0.2, 0.4, 0.6]):
            await connect(middleware, [RERUN] * 21)
            assert delays == pytest.approx(expected_delays)
        # Nobody waits for others for more than two seconds.
        for _ in range(20):
            await connect(middleware, [RERUN] * 21)
        assert max(delays) == 2.0
        # Who stays below the limit waits for nobody.
        await connect(middleware, [RERUN] * 20)
        assert len(delays) == 24

    finish(check())


def test_an_endless_flood_closes_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        now = [0.0]

        async def sleep(seconds: float) -> None:
            now[0] += seconds

        monkeypatch.setattr("server.rate_limit.asyncio.sleep", sleep)
        monkeypatch.setattr("server.rate_limit.time.monotonic", lambda: now[0])
        middleware, app = recording_app(messages_per_second=10)
        replies = await connect(middleware, [RERUN] * 500)
        assert replies[-1] == {"type": "websocket.close", "code": 1008}
        assert +middleware._state.rejections == {"rate": 1}
        # A burst of 40 at once, then ten seconds at the rate limit.
        assert 139 <= len(app.received) <= 142
        assert app.received[-1]["type"] == "websocket.disconnect"

    finish(check())


def test_the_configuration_comes_from_environment_variables() -> None:
    read_server_config = partial(read_config, ServerConfig)
    assert read_server_config({}) == ServerConfig()
    assert read_server_config(
        {"KMEANS_MAX_SESSIONS": "0", "KMEANS_ALLOWED_HOSTS": "a.example, b.example,", "KMEANS_METRICS": "1"}
    ) == ServerConfig(max_sessions=0, allowed_hosts=("a.example", "b.example"), metrics=True)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MAX_SESSIONS", "many", "KMEANS_MAX_SESSIONS must be a whole number of at least 0, got 'many'"),
        ("MAX_SESSIONS", "-1", "KMEANS_MAX_SESSIONS must be a whole number"),
        ("METRICS", "perhaps", "KMEANS_METRICS must be 0 or 1, got 'perhaps'"),
        ("METRICS_PORT", "99999", "KMEANS_METRICS_PORT must be at most 65535, got 99999"),
        (
            "ALLOWED_HOSTS",
            "a.example,https://b.example",
            "KMEANS_ALLOWED_HOSTS must be host names .*, got 'https://b.e",
        ),
        ("ALLOWED_HOSTS", "a.example:8501", "KMEANS_ALLOWED_HOSTS must be host names without a port"),
        ("ALLOWED_ORIGINS", "school.example", "KMEANS_ALLOWED_ORIGINS must be origins with their scheme"),
        ("ALLOWED_ORIGINS", "https://school.example/moodle", "KMEANS_ALLOWED_ORIGINS must be origins"),
        ("ALLOWED_ORIGINS", "*", "KMEANS_ALLOWED_ORIGINS must be origins with their scheme, .*, got '\\*'"),
        ("EMBED_ORIGINS", "huggingface.co", "KMEANS_EMBED_ORIGINS must be origins with their scheme"),
        ("EMBED_ORIGINS", "https://a.example; script-src *", "KMEANS_EMBED_ORIGINS must be origins"),
    ],
)
def test_an_invalid_variable_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_config(ServerConfig, {f"KMEANS_{name}": value})


def test_hosts_and_origins_are_read() -> None:
    environment = {
        "KMEANS_ALLOWED_HOSTS": "localhost, Kmeans.Example,[::1],10.0.0.7",
        "KMEANS_ALLOWED_ORIGINS": "https://school.example, http://localhost:3000/",
        "KMEANS_EMBED_ORIGINS": "https://*.school.example,*",
    }
    config = read_config(ServerConfig, environment)
    assert config.allowed_hosts == ("localhost", "Kmeans.Example", "[::1]", "10.0.0.7")
    assert config.allowed_origins == ("https://school.example", "http://localhost:3000/")
    assert config.embed_origins == ("https://*.school.example", "*")


def test_an_unknown_variable_is_named_with_the_likely_one() -> None:
    with pytest.raises(ValueError, match=r"KMEANS_ALOWED_HOSTS is not a variable.*did you mean KMEANS_ALLOWED_HOSTS"):
        check_names({"KMEANS_ALOWED_HOSTS": "a.example"})
    with pytest.raises(ValueError, match=r"KMEANS_COLOR is not a variable of this app: docs/operating\.md lists"):
        check_names({"KMEANS_COLOR": "red"})
    check_names({"PATH": "/bin", "KMEANS_MAX_POINTS": "9", "KMEANS_METRICS_PORT": "9090"})


def test_what_kubernetes_sets_for_a_service_of_that_name_is_ignored() -> None:
    check_names(
        {
            "KMEANS_SERVICE_HOST": "10.96.0.7",
            "KMEANS_SERVICE_PORT": "80",
            "KMEANS_SERVICE_PORT_HTTP": "80",
            "KMEANS_PORT": "tcp://10.96.0.7:80",
            "KMEANS_PORT_80_TCP": "tcp://10.96.0.7:80",
            "KMEANS_PORT_80_TCP_PROTO": "tcp",
            "KMEANS_PORT_80_TCP_PORT": "80",
            "KMEANS_PORT_80_TCP_ADDR": "10.96.0.7",
        }
    )
    with pytest.raises(ValueError, match="did you mean KMEANS_METRICS_PORT"):
        check_names({"KMEANS_METRIC_PORT": "9090"})
