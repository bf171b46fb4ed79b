"""What an operator configures and watches: limits, lines of JSON, the server's state, and metrics."""

from __future__ import annotations

import json
import logging
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import logs
from server.config import Limits, read_config
from tests.server.test_prometheus import assert_all_are_exposed, samples
from tests.support import finish
from tools.app_process import free_port, running_app
from tools.paths import ROOT
from tools.simulated_user import SimulatedUser
from ui.settings.links import decode
from ui.settings.sizes import parameters_of
from ui.text.messages import message


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Collect the lines that are logged during a test."""
    records: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(self.format(record))

    handler = Keep()
    level = logs.WORK.level
    logs.add_handler(handler)
    yield records
    logs.WORK.removeHandler(handler)
    logs.WORK.setLevel(level)


def test_every_computation_is_a_line_of_json_with_its_name_and_duration(lines: list[str]) -> None:
    with logs.log_work("run", data="moons", k=2):
        pass
    with pytest.raises(ZeroDivisionError), logs.log_work("run", data="a table"):
        _ = 1 / 0
    good, bad = map(json.loads, lines)
    fields = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/operating.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(any(f"`{name}`" in row for row in fields) for name in good), "docs/operating.md lacks a field"
    assert (good["what"], good["data"], good["k"], good["ok"]) == ("run", "moons", 2, True)
    assert good["milliseconds"] >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", good["time"])
    assert (bad["data"], bad["ok"]) == ("a table", False)


@pytest.mark.parametrize(("name", "value"), [("MAX_POINTS", "ten"), ("TENSORFLOW", "2")])
def test_an_invalid_limit_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"KMEANS_{name} must be .* got '{value}'"):
        read_config(Limits, {f"KMEANS_{name}": value})


def test_the_configuration_limits_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.settings.sizes.LIMITS", Limits(max_points=500))
    sizes = {size.name: size for size in parameters_of("blobs")}
    assert (sizes["points"].high, sizes["points"].default) == (500, 500)
    settings, complaints = decode({"data": "blobs", "points": "100000"})
    assert dict(settings.sizes)["points"] == 500
    values = {"title": sizes["points"].title, "low": "1", "high": "500", "text": "“100000”"}
    problem = message("settings.link_not_an_integer", **values)
    assert complaints == [message("settings.link_value_instead", problem=problem, value="500")]
    post = {size.name: size for size in parameters_of("post")}
    assert post["points_per_blob"].high * post["blobs"].high <= 500


async def visit(url: str) -> None:
    """Open the home page once."""
    user = SimulatedUser(url)
    await user.connect()
    assert not (await user.run()).exceptions
    await user.disconnect()


def test_a_server_with_all_of_it(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "KMEANS_METRICS_PORT": str(port),
        "KMEANS_REPLICA": "a",
        "KMEANS_MAX_SESSIONS": "40",
        "KMEANS_TENSORFLOW": "0",
    }
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with running_app(tmp_path, {"server.baseUrlPath": "kmeans"}, environment, script="serve.py") as app:
        with opener.open(f"{app.url}/_kmeans/state", timeout=10) as answer:
            state = json.load(answer)
            assert answer.headers["x-kmeans-replica"] is None or answer.headers["x-kmeans-replica"] == "a"
        assert (state["replica"], state["places"], state["people"], state["tensorflow"]) == ("a", 40, 0, "absent")
        with opener.open(f"{app.url.removesuffix('kmeans')}?k=3", timeout=10) as answer:
            assert answer.url == f"{app.url}/?k=3", "a request without the base path is redirected"
            assert answer.headers["x-kmeans-replica"] == "a"
        finish(visit(app.url))
        with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
            text = answer.read().decode()
        assert samples(text)["kmeans_places", ()] == 40
        assert samples(text)["kmeans_page_run_seconds_count", ()] == 1
        assert_all_are_exposed(text)
