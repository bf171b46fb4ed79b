"""The app's metrics in Prometheus' text format, on a port of their own."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from kmeans_core import __version__
from server.durations import PAGE_RUNS, REQUESTS
from server.job_queue import JOB_QUEUE
from server.logs import totals
from server.metric_families import Family, counter, gauge, histogram
from server.result_cache import RESULTS
from server.state import ServerState
from server.table_shelf import TABLE_BUDGET
from server.uploads import BUDGET

_START: Final = time.time()
"""When the process started, to a second or two, in seconds since 1970."""


def metrics_text(state: ServerState) -> str:
    """Return all metrics. Dashboards read their names, so they stay as they are."""
    families = (*_visitors(state), *_jobs(), *_memory(), *_process())
    return "\n".join(map(str, families)) + "\n"


def _visitors(state: ServerState) -> Iterator[Family]:
    """Yield who is there, how long they wait, and who is rejected."""
    yield gauge("kmeans_people", "Open sessions.", state.sessions)
    yield gauge("kmeans_places", "Maximum concurrent sessions; 0 is no limit.", state.config.max_sessions)
    rejections = dict(state.rejections)
    yield counter("kmeans_refused_total", "Requests and connections that were rejected.", rejections, "reason")
    text = "Seconds from a visitor's change to the end of the page that shows it."
    yield histogram("kmeans_page_run_seconds", text, PAGE_RUNS)
    text = "Seconds from an HTTP request to the end of its answer."
    yield histogram("kmeans_http_request_seconds", text, REQUESTS)


def _jobs() -> Iterator[Family]:
    """Yield the state of the job queue, and what was computed."""
    yield gauge("kmeans_waiting", "Jobs that wait in the job queue.", JOB_QUEUE.length)
    yield gauge("kmeans_jobs_running", "Jobs that run.", JOB_QUEUE.running)
    yield gauge("kmeans_job_slots", "Jobs that run at once at most.", JOB_QUEUE.slots)
    yield gauge("kmeans_job_bytes", "Estimated memory of the jobs that have begun.", JOB_QUEUE.size)
    yield gauge("kmeans_job_budget_bytes", "Memory for jobs that have begun.", JOB_QUEUE.most_bytes)
    yield histogram("kmeans_job_wait_seconds", "Seconds that jobs waited before they began.", JOB_QUEUE.waits)
    work = totals()
    counts = {task: count for task, (count, _) in work.items()}
    yield counter("kmeans_work_total", "Computations.", counts, "what")
    seconds = {task: round(total, 6) for task, (_, total) in work.items()}
    yield counter("kmeans_work_seconds_total", "Seconds that computations took.", seconds, "what")


def _memory() -> Iterator[Family]:
    """Yield what uploads, tables, and results that are kept take, and their budgets."""
    yield gauge("kmeans_upload_bytes", "Memory of uploads that are on their way or not yet read.", BUDGET.size)
    yield gauge("kmeans_upload_budget_bytes", "Memory for such uploads.", BUDGET.most_bytes)
    yield gauge("kmeans_table_bytes", "Memory of the tables of visitors.", TABLE_BUDGET.size)
    yield gauge("kmeans_table_budget_bytes", "Memory for the tables of visitors.", TABLE_BUDGET.most_bytes)
    yield gauge("kmeans_cache_bytes", "Memory of the results that are kept.", RESULTS.size)
    yield gauge("kmeans_cache_budget_bytes", "Memory for results that are kept.", RESULTS.most_bytes)
    yield gauge("kmeans_cache_results", "Results that are kept.", len(RESULTS))
    requests = {"hit": RESULTS.hits, "miss": RESULTS.misses}
    yield counter("kmeans_cache_requests_total", "Requests for results: kept ones and others.", requests, "result")


def _process() -> Iterator[Family]:
    """Yield the version and what the process uses, under the names that Prometheus' own clients use."""
    labels = {"version": __version__, "python": platform.python_version()}
    yield gauge("kmeans_build_info", "The version of the app, and of Python.", 1, **labels)
    yield gauge("process_start_time_seconds", "When the process started, since 1970.", round(_START, 3))
    yield counter("process_cpu_seconds_total", "Processor time in use and in the system.", time.process_time())
    if resident := _resident_bytes():
        yield gauge("process_resident_memory_bytes", "Memory in use.", resident)
    if descriptors := _open_files():
        yield gauge("process_open_fds", "Open files and connections.", descriptors)


def _resident_bytes() -> int:
    """Return the memory in use; 0 where the operating system does not report it."""
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:")), 0)


def _open_files() -> int:
    """Return the number of open files; 0 where the operating system does not report it."""
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a path per file is of no use here
    except OSError:
        return 0


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
