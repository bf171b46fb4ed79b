"""The metrics: valid by Prometheus' own reader, and counted where something happens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from kmeans_core import __version__
from server import logs, prometheus
from server.asgi import Message, Receive, Send
from server.config import ServerConfig
from server.durations import BOUNDS, Histogram
from server.middleware import AccessMiddleware
from server.request_times import RequestTimes
from server.run_clock import RunClock
from server.state import REASONS, ServerState
from tests.server.test_middleware import RERUN, RecordingApp, connect
from tests.support import finish
from tools.paths import ROOT

ALERTS = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/monitoring/alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((ROOT / "deploy/monitoring/dashboard.json").read_text(encoding="utf-8"))["panels"]


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return the values of all samples by their names and labels."""
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_every_metric_is_read_by_prometheus_own_reader() -> None:
    state = ServerState(ServerConfig(max_sessions=7))
    state.sessions = 3
    state.rejections["origin"] += 2
    task = 'a "test"\\of\nlabels'
    logs.record(task, 0.25)
    text = prometheus.metrics_text(state)
    values = samples(text)
    assert values["kmeans_people", ()] == 3
    assert values["kmeans_places", ()] == 7
    assert values["kmeans_refused_total", (("reason", "origin"),)] == 2
    assert values["kmeans_work_total", (("what", task),)] == 1
    reasons = {labels[0][1] for name, labels in values if name == "kmeans_refused_total"}
    assert reasons == set(REASONS), "a reason that comes up later has no first value to compare with"
    (build,) = [dict(labels) for name, labels in values if name == "kmeans_build_info"]
    assert build["version"] == __version__
    assert values["kmeans_cache_bytes", ()] <= values["kmeans_cache_budget_bytes", ()]
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type in {"counter", "gauge", "histogram"}
        # Base units, and the endings that Prometheus asks for.
        assert not re.search(r"(milliseconds|megabytes|percent)", family.name)
        assert (f"{family.name}_total" in text) == (family.type == "counter")


def test_a_histogram_counts_each_duration_in_its_bucket_and_those_above() -> None:
    durations = Histogram("kind")
    for seconds in (0.0, 0.005, 0.006, 59.0, 61.0):
        durations.observe(seconds, "page")
    (totals,) = durations.totals().values()
    assert totals.counts == (2, *[3] * (len(BOUNDS) - 2), 4)
    assert totals.count == 5
    assert totals.seconds == pytest.approx(120.011)
    assert Histogram().totals()[()].count == 0


# What dashboards and alerts name --------------------------------------------------------------------------


def expressions() -> Iterator[str]:
    """Yield every query of the alerts and of the dashboard."""
    yield from (rule["expr"] for rule in ALERTS)
    for panel in PANELS:
        yield from (target["expr"] for target in panel["targets"])


def metric_names(expression: str) -> set[str]:
    """Return the names of metrics in a query: words with "_" that are neither functions nor Grafana's variables."""
    return set(re.findall(r"(?<![$\w])[a-z]+_\w+\b(?!\()", expression))


def test_names_of_metrics_are_noticed() -> None:
    query = 'histogram_quantile(0.9, rate(a_seconds_bucket{job="$job"}[$__rate_interval])) > b_total'
    assert metric_names(query) == {"a_seconds_bucket", "b_total"}


def assert_all_are_exposed(text: str) -> None:
    """Check that a server with a visitor exposes each metric that an alert or the dashboard names."""
    queries = list(expressions())
    assert len(queries) > 30
    exposed = {name for name, _ in samples(text)}
    for query in queries:
        names = metric_names(query)
        assert names or query.startswith("up{")
        assert names <= exposed, f"{query}: {names - exposed}"


def test_every_alert_has_a_summary_and_a_section_on_what_to_do() -> None:
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    for rule in ALERTS:
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["runbook"] == f"docs/operating.md#{rule['alert'].lower()}"
        assert re.search(rf"^#### {rule['alert']}\n\n\w", guide, re.MULTILINE), f"{rule['alert']} has no section"
    sections = set(re.findall(r"^#### (Kmeans\w+)$", guide, re.MULTILINE))
    assert sections == {rule["alert"] for rule in ALERTS}


def test_a_panel_says_what_it_shows_and_its_place_is_its_own() -> None:
    places = [tuple(panel["gridPos"][side] for side in "xywh") for panel in PANELS]
    cells = [(x + across, y + down) for x, y, w, h in places for across in range(w) for down in range(h)]
    assert len(set(cells)) == len(cells)
    assert all(panel["description"].endswith(".") for panel in PANELS)
    assert all(x + w <= 24 for x, _, w, _ in places)


# Requests -------------------------------------------------------------------------------------------------


def counted(path: str, status: int, accept: str = "*/*") -> tuple[dict[tuple[str, ...], int], ServerState]:
    """Answer a request with a status, or let its browser leave (0) or the app fail (-1); return what was counted."""
    requests, state = Histogram("kind", "code"), ServerState(ServerConfig())

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        event = await receive()
        if status <= 0:
            raise RuntimeError(event["type"])
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def receive() -> Message:
        return {"type": "http.request" if status else "http.disconnect"}

    async def send(event: Message) -> None:
        assert event["status"] == status

    async def ask() -> None:
        scope = {"type": "http", "path": path, "headers": [(b"accept", accept.encode())]}
        await RequestTimes(app, state, requests)(scope, receive, send)

    if status > 0:
        finish(ask())
    else:
        with pytest.raises(RuntimeError):
            finish(ask())
    return {labels: totals.count for labels, totals in requests.totals().items()}, state


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/starts", "text/html,*/*", "page"),
        ("/static/js/index.js", "*/*", "file"),
        ("/kmeans/_stcore/health", "*/*", "check"),
        ("/kmeans/_kmeans/state", "*/*", "check"),
        ("/_stcore/upload_file/a/b", "*/*", "upload"),
    ],
)
def test_a_request_is_counted_by_its_kind_and_status(path: str, accept: str, kind: str) -> None:
    assert counted(path, 200, accept)[0] == {(kind, "200"): 1}


def test_an_upload_that_is_too_large_is_a_rejection() -> None:
    requests, state = counted("/_stcore/upload_file/a/b", 413)
    assert requests == {("upload", "413"): 1}
    assert state.rejections["size"] == 1


def test_a_failed_app_is_an_error_and_a_browser_that_left_is_none() -> None:
    assert counted("/", -1)[0] == {("file", "500"): 1}
    assert counted("/", 0)[0] == {}


def test_a_connection_that_is_closed_is_counted_by_its_reason() -> None:
    async def check() -> None:
        state = ServerState(ServerConfig(max_message_kilobytes=2))
        middleware = AccessMiddleware(RecordingApp(), state.config, state)
        for content in (b"\xff\xff\xff", b"x" * 3000, None, RERUN):
            middleware._app = app = RecordingApp()
            app.may_end.set()
            await connect(middleware, [content])
        await connect(middleware, origin="https://evil.example")
        assert +state.rejections == {"malformed": 1, "size": 1, "text": 1, "origin": 1}

    finish(check())


# Runs of a page -------------------------------------------------------------------------------------------


def test_a_run_lasts_from_the_first_unanswered_change_to_the_page_that_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("server.run_clock.time.monotonic", lambda: now[0])
    runs = Histogram()
    clock = RunClock(runs)

    def answer(**content: Any) -> None:
        clock.note_answer(ForwardMsg(**content).SerializeToString())

    answer(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    clock.note_change()
    now[0] = 1.0
    answer(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    clock.note_change()
    clock.note_answer(None)
    clock.note_answer(b"\xff" * 1000)
    answer(session_status_changed={"run_on_save": True})
    assert runs.totals()[()].count == 0
    now[0] = 3.0
    answer(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    answer(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    assert (runs.totals()[()].count, runs.totals()[()].seconds) == (1, 3.0)
