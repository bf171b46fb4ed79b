"""The app's own figures in Prometheus' text format, on a port of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server.job_queue import LINE
from server.logs import totals
from server.middleware import Room


def exposition(room: Room) -> str:
    """Return all figures as text."""
    return "\n".join(_lines(room)) + "\n"


def _lines(room: Room) -> Iterator[str]:
    yield from _figure("kmeans_people", "gauge", "People who are in.", {"": room.people})
    yield from _figure(
        "kmeans_places", "gauge", "The most people who may be in; 0 is no limit.", {"": room.state()["places"]}
    )
    yield from _figure("kmeans_waiting", "gauge", "Pieces of long work that wait for a turn.", {"": LINE.waiting})
    refused = {f'{{reason="{reason}"}}': count for reason, count in sorted(room.refused.items())}
    yield from _figure("kmeans_refused_total", "counter", "Requests that were turned away at the door.", refused)
    work = totals()
    done = {f'{{what="{what}"}}': count for what, (count, _) in work.items()}
    yield from _figure("kmeans_work_total", "counter", "Pieces of work that were done.", done)
    spent = {f'{{what="{what}"}}': round(seconds, 6) for what, (_, seconds) in work.items()}
    yield from _figure("kmeans_work_seconds_total", "counter", "Seconds that they took.", spent)
    if resident := _resident_bytes():
        yield from _figure("process_resident_memory_bytes", "gauge", "Memory in use.", {"": resident})


def _figure(name: str, kind: str, told: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"


def _resident_bytes() -> int:
    """Return the memory in use; 0 where the system does not say it."""
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:")), 0)


def serve(room: Room, port: int) -> ThreadingHTTPServer:
    """Serve the figures on a port, for as long as the process lives."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "metrics", ""

        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            body = exposition(room).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: somebody asks every few seconds."""

    server = ThreadingHTTPServer(("", port), Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
