"""How long a visitor waits from a change to the end of the page that shows it."""

from __future__ import annotations

import time
from typing import Final

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server.durations import PAGE_RUNS, Histogram

_MOST_BYTES: Final = 64
"""Only messages this small are read: one that says that a run is over has about 40 bytes, and an element far more."""


class RunClock:
    """The clock of one connection."""

    def __init__(self, runs: Histogram = PAGE_RUNS) -> None:
        self._runs = runs
        self._start: float | None = None

    def note_change(self) -> None:
        """Start, unless the page of an earlier change is not there yet."""
        if self._start is None:
            self._start = time.monotonic()

    def note_answer(self, content: bytes | None) -> None:
        """Stop and count, if this message says that the page is there."""
        if self._start is None or content is None or len(content) > _MOST_BYTES:
            return
        message = ForwardMsg.FromString(content)
        # A run that gives way to the next change shows nothing to its end.
        if (
            message.WhichOneof("type") == "script_finished"
            and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            self._runs.observe(time.monotonic() - self._start)
            self._start = None
