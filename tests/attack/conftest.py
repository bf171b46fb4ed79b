"""The server that is attacked: a process, a container of ``KMEANS_ATTACK_IMAGE``, or what is at ``KMEANS_ATTACK_URL``.

Nobody can read the log of the last one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.attack.watching import PATIENCE, request
from tests.support import wait_until
from tools.deployment import running_replica

SETTINGS = {
    "KMEANS_ALLOWED_HOSTS": "127.0.0.1",
    "KMEANS_ALLOWED_ORIGINS": "https://school.example",
    # Work that anybody may ask for is measured elsewhere; here a lie must not hide behind it.
    "KMEANS_MAX_POINTS": "6000",
    "KMEANS_MAX_STARTS": "50",
    "KMEANS_TENSORFLOW": "0",
    # Room for those who come and go by the hundred: a full room is tested elsewhere.
    "KMEANS_MAX_SESSIONS": "200",
}


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address, without a slash at its end."""
    if elsewhere := os.environ.get("KMEANS_ATTACK_URL"):
        yield elsewhere.rstrip("/")
        return
    image = os.environ.get("KMEANS_ATTACK_IMAGE", "")
    with running_replica("a", tmp_path_factory.mktemp("attack"), image=image, env=SETTINGS) as server:
        yield server.url
        # The server notices at its own pace that the attackers have left.
        wait_until(lambda: people_count(server.url) == 0, PATIENCE)
        head, found, rest = server.log.partition("Traceback")
        assert not found, f"{head[-1000:]}{found}{rest[:12000]}"


def people_count(url: str) -> int:
    """Return the number of people that the server counts as present."""
    return int(json.loads(request(url, "/_kmeans/state").rpartition(b"\r\n")[2])["people"])


@pytest.fixture
def own_settings(target: str) -> None:
    """Skip what holds under the settings above only, where the server is somebody else's."""
    if os.environ.get("KMEANS_ATTACK_URL"):
        pytest.skip(f"depends on the settings of {target}")
