"""Find a browser for the tests, or fetch one, and say in one line which: ``python -m tools.browser``.

Tried in this order: the one that ``KMEANS_BROWSER`` names, else those on the PATH, else one that Playwright
fetched; if none of them starts, Playwright's own download and then the system's package manager.
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

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")

FLAGS = (
    # WebGL in software everywhere, so that a test sees the same pixels with a graphics card and without.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # The page itself by the plain processor: through a graphics card made of software it costs half as much again.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    # No talk with the browser maker's servers.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)

PLAYWRIGHT = [sys.executable, "-m", "playwright"]
# Debian's names: the browser, letters for it to write with, and what Playwright's own program needs to start.
PACKAGES = ["chromium", "fonts-liberation", "libatomic1"]
FETCH_SECONDS = 600
HOW_TO_GET_ONE = "put Chromium or Chrome on the PATH, or name one with KMEANS_BROWSER=/path/to/it"


Started = TypeVar("Started")


@contextmanager
def running_browser() -> Iterator[Browser | None]:
    """Start the first browser that starts, headless, and end it after the block; None if there is none."""
    if not runs([*PLAYWRIGHT, "--version"]):
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
    """Start the browser once more, with a profile that is kept in ``folder`` while it runs.

    Unlike a profile in memory it keeps the scripts that it has compiled: from the third visit on a page starts in half
    the time.
    """
    kind = browser.browser_type
    started = _first(lambda path: kind.launch_persistent_context(folder, executable_path=path, args=FLAGS, **settings))
    if started is None:
        raise RuntimeError(f"no browser starts with a profile in {folder}; {HOW_TO_GET_ONE}")
    return started


def _first(start: Callable[[str | None], Started]) -> Started | None:
    """Return what the first browser that starts is started as."""
    for path in _candidates():
        try:
            # As root, Chromium starts without its sandbox only; that is Playwright's default everywhere.
            return start(path)
        except Error:
            continue
    return None


def _candidates() -> list[str | None]:
    """Return the paths to try, in order; None stands for the browser that Playwright keeps itself."""
    if chosen := os.environ.get("KMEANS_BROWSER"):
        return [chosen]
    return [*filter(None, map(shutil.which, NAMES)), None]


def _describe() -> str | None:
    """Return the name of the browser that the tests would use, or None."""
    with running_browser() as browser:
        return f"Chromium {browser.version}" if browser else None


def _ways_to_fetch() -> list[tuple[str, list[list[str]]]]:
    """Return what to say afterwards and what to run, in the order to try."""
    ways = [("fetched by Playwright", [[*PLAYWRIGHT, "install", "--only-shell", "chromium"]])]
    root = as_root()
    if shutil.which("apt-get") and root is not None:
        ways += [
            ("installed with apt-get", apt_get(root, PACKAGES)),
            # Where chromium is no package (Ubuntu), what Playwright fetched may only lack its libraries.
            ("fetched by Playwright, its libraries installed", [[*PLAYWRIGHT, "install-deps", "chromium"]]),
        ]
    return ways


def as_root() -> list[str] | None:
    """Return the prefix that makes a command root's without asking for a password, or None."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and runs(["sudo", "--non-interactive", "true"]):
        return ["sudo", "--non-interactive"]
    return None


def apt_get(root: list[str], packages: list[str]) -> list[list[str]]:
    """Return the commands that install packages where that is Debian's way."""
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
    return [[*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]]


def runs(command: list[str]) -> bool:
    """Run a command without a word, and say whether it succeeded."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=FETCH_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Find or fetch; fail only where a missing browser is a failure, in CI."""
    if name := _describe():
        print(f"Browser for the tests: {name}, found.")
        return 0
    if "KMEANS_BROWSER" in os.environ:
        print(f"Browser for the tests: KMEANS_BROWSER={os.environ['KMEANS_BROWSER']} does not start.")
        return 1
    for how, commands in _ways_to_fetch():
        if all(runs(command) for command in commands) and (name := _describe()):
            print(f"Browser for the tests: {name}, {how}.")
            return 0
    in_ci = bool(os.environ.get("CI"))
    consequence = "CI needs one" if in_ci else "THE BROWSER'S TESTS WILL BE SKIPPED"
    print(f"Browser for the tests: none found, none could be fetched: {consequence}; {HOW_TO_GET_ONE}.")
    return int(in_ci)


if __name__ == "__main__":
    sys.exit(main())
