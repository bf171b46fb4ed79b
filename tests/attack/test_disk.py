"""A full and a read-only disk: a server that has its files starts and serves everything, uploads included."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kmeans_core import backend_available
from tests.attack.attacks import IS_FULL, page_path, request, status_of
from tests.attack.test_uploads import HONEST_BYTES, SMALL_TABLE, open_page, table_bytes, upload, use_file
from tests.support import finish
from tools.deployment import Replica, running_replica
from tools.paths import ROOT
from tools.simulated_user import SimulatedUser
from ui.shell.navigation import PAGES, PLAYER

# Python runs this file before anything else. Reading works; whatever would write to a disk fails.
REFUSE = """
import errno, os, sys

def refuse(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise OSError(errno.{code}, os.strerror(errno.{code}), str(arguments[0]))

sys.addaudithook(refuse)
"""


@pytest.fixture(params=["ENOSPC", "EROFS"] if IS_FULL else ["ENOSPC"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Replica]:
    """Return a server that can write no file."""
    (tmp_path / "sitecustomize.py").write_text(REFUSE.format(code=request.param), encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    with running_replica("a", tmp_path, env={"PYTHONPATH": path, "KMEANS_MAX_POINTS": "20000"}) as replica:
        yield replica
        for code in (errno.ENOSPC, errno.EROFS):
            assert os.strerror(code) not in replica.log, replica.log
        assert "Traceback" not in replica.log, replica.log


def test_without_a_disk_uploads_pages_and_backends_work(server: Replica) -> None:
    async def visit() -> None:
        user = await open_page(server.url)
        answer, file_id = await upload(user, SMALL_TABLE)
        assert status_of(answer) == 204
        await use_file(user, file_id)
        assert "table=" in user.query
        assert status_of((await upload(user, table_bytes(HONEST_BYTES)))[0]) == 204
        await user.disconnect()
        query = "backend=tensorflow" if IS_FULL and backend_available("tensorflow") else ""
        for page in PAGES if IS_FULL else (PLAYER,):
            other = SimulatedUser(server.url, query=query, page=page_path(page))
            await other.connect()
            assert (await other.run()).exceptions == []
            await other.disconnect()

    finish(visit())
    assert status_of(request(server.url, "/_kmeans/state")) == 200
