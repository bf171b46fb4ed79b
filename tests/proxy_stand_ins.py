"""Stand-ins around the proxy: a name server whose answers change, replicas, and certificates."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def name_server(names: dict[str, str]) -> Iterator[str]:
    """Answer for the IPv4 addresses in ``names``, as they are at the time; yield the server's own address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer_names, args=(server, names), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", server.getsockname())
            thread.join()


def _answer_names(server: socket.socket, names: dict[str, str]) -> None:
    """Answer until an empty message comes. A name that is unknown has no address (NXDOMAIN)."""
    while True:
        query, sender = server.recvfrom(512)
        if not query:
            return
        labels, position = [], 12
        while query[position]:
            labels.append(query[position + 1 : position + 1 + query[position]].decode("ascii"))
            position += query[position] + 1
        question, kind = query[12 : position + 5], query[position + 1 : position + 3]
        address = names.get(".".join(labels))
        is_answered = address is not None and kind == b"\x00\x01"
        flags = 0x8180 if address is not None else 0x8183
        reply = query[:2] + struct.pack(">HHHHH", flags, 1, int(is_answered), 0, 0) + question
        if address is not None and is_answered:
            # A day, as long as a name server may say: the proxy asks again nevertheless.
            reply += b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 86_400, 4) + socket.inet_aton(address)
        server.sendto(reply, sender)


class StandIn(ThreadingHTTPServer):
    """A replica that says its name, and counts what is uploaded."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, name: str, address: tuple[str, int]) -> None:
        self.name = name
        self.received = 0
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._reply(self.server.name)

    def do_PUT(self) -> None:
        left = int(self.headers["Content-Length"])
        while left and (chunk := self.rfile.read1(min(left, 65_536))):
            left -= len(chunk)
            self.server.received += len(chunk)
        self._reply(str(self.headers["Content-Length"]))

    def _reply(self, text: str) -> None:
        self.send_response(200)
        self.send_header("X-Kmeans-Replica", self.server.name)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode("ascii"))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in(name: str, host: str = "127.0.0.1", port: int = 0) -> Iterator[StandIn]:
    """Run a replica until the block ends."""
    server = StandIn(name, (host, port))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_lineage(folder: Path, number: int) -> Path:
    """Write a new certificate as certbot does: ``live`` holds links to ``archive``, whose keys only root may read."""
    live, archive = folder / "live/localhost", folder / "archive/localhost"
    for place in (live, archive):
        place.mkdir(parents=True, exist_ok=True)
    key, chain = archive / f"privkey{number}.pem", archive / f"fullchain{number}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(chain), "-days", "2", "-subj", f"/CN=localhost {number}"]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o600)
    for name in ("privkey", "fullchain"):
        link = live / f"{name}.pem"
        link.unlink(missing_ok=True)
        link.symlink_to(f"../../archive/localhost/{name}{number}.pem")
    return live
