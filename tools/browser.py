"""The browser for the tests: ``python -m tools.browser`` finds or installs one and prints which.

Search order: ``KMEANS_BROWSER``, then the PATH, then Playwright's own browser. If none starts, install one with
Playwright or, failing that, with the system's package manager.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

# It draws no windows, and a page takes a sixth less CPU time in it than in a whole browser.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")

FLAGS = (
    # Render WebGL in software, so that tests see the same pixels with and without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Compose the page on the CPU: through the software GPU it takes 50% more CPU time.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    # Do not contact the browser vendor's servers.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)

PLAYWRIGHT = [sys.executable, "-m", "playwright"]
# Debian packages: the browser, fonts, and a library that Playwright's driver needs.
PACKAGES = [SHELL, "fonts-liberation", "libatomic1"]
INSTALL_SECONDS = 600
INSTALL_HINT = "put Chromium or Chrome on the PATH, or set KMEANS_BROWSER to the path of one"


Result = TypeVar("Result")


@contextmanager
def running_browser() -> Iterator[Browser | None]:
    """Yield a headless browser, the first that starts, and close it after the block; None if none starts."""
    if not succeeds([*PLAYWRIGHT, "--version"]):
        yield None
        return
    with sync_playwright() as playwright:
        browser = _first(lambda path: playwright.chromium.launch(executable_path=path, args=FLAGS))
        if browser is None:
            yield None
            return
        with browser:
            yield browser


def profile_on_disk(browser: Browser, folder: Path, **settings: Any) -> BrowserContext:
    """Start the browser again with a profile in ``folder``.

    Unlike a profile in memory, it caches compiled scripts: from the third visit on, a page loads in half the time.

    Raises
    ------
    RuntimeError
        If no browser starts.
    """
    kind = browser.browser_type
    context = _first(lambda path: kind.launch_persistent_context(folder, executable_path=path, args=FLAGS, **settings))
    if context is None:
        raise RuntimeError(f"no browser starts with a profile in {folder}; {INSTALL_HINT}")
    return context


def _first(start: Callable[[str | None], Result]) -> Result | None:
    """Try ``start`` with each candidate; return the first result, or None if no browser starts."""
    for path in _candidates():
        try:
            # Chromium refuses to run its sandbox as root. Playwright turns the sandbox off by default.
            return start(path)
        except Error:
            continue
    return None


def _candidates() -> list[str | None]:
    """Return the paths to try, in order; None means Playwright's own browser."""
    if path := os.environ.get("KMEANS_BROWSER"):
        return [path]
    return [*filter(None, map(shutil.which, NAMES)), None]


def _describe() -> str | None:
    """Return the name and version of the browser that the tests would use, or None."""
    with running_browser() as browser:
        return f"Chromium {browser.version}" if browser else None


def _installers() -> list[tuple[str, list[list[str]]]]:
    """Return pairs of a description and the commands to run, in the order to try."""
    installers = [("installed with Playwright", [[*PLAYWRIGHT, "install", "--only-shell", "chromium"]])]
    root = as_root()
    if shutil.which("apt-get") and root is not None:
        installers += [
            ("installed with apt-get", apt_get(root, PACKAGES)),
            # Ubuntu has no chromium package. There, Playwright's browser may only lack its libraries.
            ("installed with Playwright, including its libraries", [[*PLAYWRIGHT, "install-deps", "chromium"]]),
        ]
    return installers


def as_root() -> list[str] | None:
    """Return the command prefix that gives root rights without a password prompt, or None."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "--non-interactive", "true"]):
        return ["sudo", "--non-interactive"]
    return None


def apt_get(root: list[str], packages: list[str]) -> list[list[str]]:
    """Return the commands that install Debian packages."""
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
    return [[*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]]


def succeeds(command: list[str]) -> bool:
    """Run a command silently and return whether it succeeded."""
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def _install_shell() -> None:
    """Install the fastest browser where Debian has it. Any other browser does, too, so ignore a failure."""
    root = as_root()
    if shutil.which(SHELL) is None and shutil.which("apt-get") and root is not None:
        all(succeeds(command) for command in apt_get(root, PACKAGES))


def main() -> int:
    """Find or install a browser. Without one, return 1 in CI and 0 elsewhere, where the browser tests are skipped."""
    if os.environ.get("CI"):
        _install_shell()
    if name := _describe():
        print(f"Browser for the tests: {name}, found.")
        return 0
    if "KMEANS_BROWSER" in os.environ:
        print(f"Browser for the tests: KMEANS_BROWSER={os.environ['KMEANS_BROWSER']} does not start.")
        return 1
    for how, commands in _installers():
        if all(succeeds(command) for command in commands) and (name := _describe()):
            print(f"Browser for the tests: {name}, {how}.")
            return 0
    in_ci = bool(os.environ.get("CI"))
    consequence = "CI needs one" if in_ci else "THE BROWSER TESTS WILL BE SKIPPED"
    print(f"Browser for the tests: none found and none could be installed. {consequence}: {INSTALL_HINT}.")
    return int(in_ci)


if __name__ == "__main__":
    sys.exit(main())
