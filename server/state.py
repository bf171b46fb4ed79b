"""The state of the server: its sessions, the requests that it rejected, and what is loaded."""

from __future__ import annotations

import sys
import time
from collections import Counter
from importlib.util import find_spec
from typing import Any, Final

from server.config import LIMITS, ServerConfig
from server.job_queue import JOB_QUEUE

REASONS: Final = ("full", "host", "malformed", "origin", "rate", "size", "text", "upload")
"""Why requests and connections are rejected. "text" and "malformed" are messages that no page of the app sends, and
"upload" is one that was slow, or found no room."""


class ServerState:
    """The number of open sessions, and the number of rejected requests by reason."""

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self.sessions = 0
        # Each reason is there from the start: a collector that has never seen one takes its first for none.
        self.rejections: Counter[str] = Counter(dict.fromkeys(REASONS, 0))
        self._start = time.monotonic()

    def report(self) -> dict[str, Any]:
        """Return the answer to ``/_kmeans/state``. Operators' tools read these keys, so they stay as they are."""
        is_loaded = "tensorflow" in sys.modules
        is_offered = LIMITS.tensorflow and find_spec("tensorflow") is not None
        return {
            "status": "ok",
            "replica": self.config.replica,
            "people": self.sessions,
            "places": self.config.max_sessions,
            "waiting_for_a_turn": JOB_QUEUE.length,
            "tensorflow": "loaded" if is_loaded else "offered" if is_offered else "absent",
            "seconds_up": round(time.monotonic() - self._start),
        }
