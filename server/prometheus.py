"""The app's metrics in Prometheus' text format, on a port of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server.job_queue import JOB_QUEUE
from server.logs import totals
from server.state import ServerState


def metrics_text(state: ServerState) -> str:
    """Return all metrics. Dashboards read their names, so they stay as they are."""
    return "\n".join(_lines(state)) + "\n"


def _lines(state: ServerState) -> Iterator[str]:
    yield from _metric("kmeans_people", "gauge", "Open sessions.", {"": state.sessions})
    limit = {"": state.config.max_sessions}
    yield from _metric("kmeans_places", "gauge", "Maximum concurrent sessions; 0 is no limit.", limit)
    yield from _metric("kmeans_waiting", "gauge", "Jobs that wait in the job queue.", {"": JOB_QUEUE.length})
    rejections = {f'{{reason="{reason}"}}': count for reason, count in sorted(state.rejections.items())}
    yield from _metric("kmeans_refused_total", "counter", "Requests that were rejected.", rejections)
    work = totals()
    counts = {f'{{what="{task}"}}': count for task, (count, _) in work.items()}
    yield from _metric("kmeans_work_total", "counter", "Computations.", counts)
    seconds = {f'{{what="{task}"}}': round(total, 6) for task, (_, total) in work.items()}
    yield from _metric("kmeans_work_seconds_total", "counter", "Seconds that computations took.", seconds)
    if resident := _resident_bytes():
        yield from _metric("process_resident_memory_bytes", "gauge", "Memory in use.", {"": resident})


def _metric(name: str, kind: str, description: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {description}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"


def _resident_bytes() -> int:
    """Return the memory in use; 0 where the operating system does not report it."""
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:")), 0)


def serve_metrics(state: ServerState, port: int) -> ThreadingHTTPServer:
    """Serve the metrics on a port, for the life of the process."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "metrics", ""

        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            body = metrics_text(state).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: a collector asks every few seconds."""

    server = ThreadingHTTPServer(("", port), Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
