"""``python -m server``, which ``make run`` and the image start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.__main__ import check_free, valid_port
from server.cookie_secret import set_secret, shared_secret
from tools.app_process import await_health, free_port
from tools.paths import ROOT


@pytest.mark.parametrize("text", ["0", "65536", "99999", "-1", "80x", "", "٨٠"])
def test_a_port_that_is_none_is_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^PORT must be a number from 1 to 65535, got '.*'\.$"):
        valid_port(text)


def test_an_address_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^Port 8501 of no\.such\.invalid cannot be used \(.+\): .* PORT=8502\.$"):
        check_free("no.such.invalid", 8501)


def test_the_app_listens_on_this_machine_alone_and_a_second_one_says_that_the_port_is_taken(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "server", "--port", str(port)]
    log, environment = tmp_path / "log.txt", os.environ | {"STREAMLIT_SERVER_HEADLESS": "true"}
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        await_health(f"http://127.0.0.1:{port}", log.read_text, lambda: process.poll() is not None)
        with socket.socket() as probe, pytest.raises(OSError):
            probe.bind(("127.0.0.1", port))
        with socket.socket() as probe:
            probe.bind(("127.0.0.2", port))  # where a server of all addresses would listen, too
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 1
        assert f"choose another port with --port {port + 1} or PORT={port + 1}." in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        process.terminate()
        process.wait(timeout=15)
    assert "External URL" not in log.read_text(encoding="utf-8"), "it asked nobody for its address"


def test_replicas_that_start_at_once_share_one_secret_that_nobody_else_can_read(tmp_path: Path) -> None:
    file = tmp_path / "cookie"
    with ThreadPoolExecutor(8) as replicas:
        (secret,) = set(replicas.map(shared_secret, [file] * 40))
    assert len(secret) == 64
    assert shared_secret(file) == secret
    assert [path.name for path in tmp_path.iterdir()] == ["cookie"]
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_secret_of_the_operator_wins_and_an_empty_one_is_none(tmp_path: Path) -> None:
    environment = {"STREAMLIT_SERVER_COOKIE_SECRET": "long", "COOKIE_SECRET_FILE": str(tmp_path / "cookie")}
    set_secret(environment)
    assert environment["STREAMLIT_SERVER_COOKIE_SECRET"] == "long"
    empty = {"STREAMLIT_SERVER_COOKIE_SECRET": ""}
    set_secret(empty)
    assert "STREAMLIT_SERVER_COOKIE_SECRET" not in empty
    with pytest.raises(ValueError, match=r"^COOKIE_SECRET_FILE=.* cannot be used \(No such file or directory\)\.$"):
        set_secret({"COOKIE_SECRET_FILE": str(tmp_path / "nowhere" / "cookie")})
