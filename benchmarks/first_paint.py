"""A visit from the address to the first painted run, compared with a bare Streamlit page that shows the same points."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, WebSocket

from tools.app_process import running_app
from tools.browser import running_browser

VISITS = 7
WIDTHS = {1280: 720, 390: 844, 1440: 900}
"""Heights of windows by their widths; visits are timed in the first one."""

# Records when a selector is first there, and every layout shift with the parts that moved, named by their key or class.
RECORD = """(() => {
  window.shifts = [];
  const nameOf = (node) => {
    const element = node?.nodeType === 1 ? node : node?.parentElement;
    const box = element?.closest("[class*=st-key-], [data-testid]");
    return /st-key-[\\w-]+/.exec(box?.className)?.[0] ?? box?.dataset.testid ?? "?";
  };
  new PerformanceObserver((list) => {
    for (const { startTime, value, sources } of list.getEntries())
      window.shifts.push({ time: startTime, value, sources: sources.map(({ node }) => nameOf(node)) });
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    if (document.querySelector(SELECTOR)) window.paintedAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
})()"""
RESULT = """async () => {
  const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
  do await new Promise((resolve) => requestIdleCallback(resolve));
  while (!paint()); // it is noted some frames later
  const files = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return {
    milliseconds: window.paintedAt,
    bytes: files.reduce((sum, { transferSize }) => sum + transferSize, 0),
    requests: files.filter(({ transferSize }) => transferSize > 0).length,
    shifts: window.shifts.filter(({ time }) => time > paint().startTime).map(({ value, sources }) => [value, sources]),
  };
}"""
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@dataclass(frozen=True, slots=True)
class Site:
    """A page to visit: its name in the table, its script, and the selector of what is there once it is painted."""

    name: str
    script: str
    painted: str


SITES = (
    Site("ours", "serve.py", "html:not(:has(#first-paint)) [data-testid=kmeans-player][data-ready=true]"),
    Site("bare chart", "benchmarks/chart_app.py", ".js-plotly-plot .scatterlayer .point"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: seconds until it is painted, bytes and requests on the wire, and shifts after first paint by part."""

    seconds: float
    size: int
    requests: int
    shifts: dict[str, float]


@contextmanager
def _new_context(browser: Browser, width: int) -> Iterator[BrowserContext]:
    """Open a window whose cache is empty."""
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]})
    yield context
    context.close()


def _visit(context: BrowserContext, url: str, painted: str) -> Visit:
    page = context.new_page()
    frames: list[int] = []
    page.on("websocket", lambda socket: _count_frames(socket, frames))
    page.add_init_script(RECORD.replace("SELECTOR", repr(painted)))
    page.goto(url)
    for selector in (painted, IDLE):
        page.locator(selector).first.wait_for()
    result = page.evaluate(RESULT)
    page.close()
    shifts: Counter[str] = Counter()
    for value, sources in result["shifts"]:
        for name in set(sources):
            shifts[name] += value / len(set(sources))
    return Visit(result["milliseconds"] / 1000, result["bytes"] + sum(frames), result["requests"], dict(shifts))


def _count_frames(socket: WebSocket, frames: list[int]) -> None:
    socket.on("framereceived", lambda frame: frames.append(len(frame)))


def _timed_visits(browser: Browser, urls: dict[str, str]) -> dict[tuple[str, str], list[Visit]]:
    """Visit the sites in turn, so that other load affects all alike: each with an empty cache, then again."""
    visits: dict[tuple[str, str], list[Visit]] = {}
    for number in range(1 + VISITS):
        for site in SITES:
            with _new_context(browser, next(iter(WIDTHS))) as context:
                for kind in ("first", "second"):
                    visit = _visit(context, urls[site.name], site.painted)
                    if number:  # the server's own first visit imports what the others use
                        visits.setdefault((site.name, kind), []).append(visit)
    return visits


def _rows(visits: dict[tuple[str, str], list[Visit]]) -> Iterator[str]:
    for (name, kind), group in visits.items():
        seconds = [visit.seconds for visit in group]
        peers = [visit.seconds for visit in visits[SITES[-1].name, kind]]
        ratio = median(seconds_here / peer for seconds_here, peer in zip(seconds, peers, strict=True))
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        size, requests = (median(getattr(visit, field) for visit in group) for field in ("size", "requests"))
        figures = f"{median(seconds):.2f} | {spread} | {ratio:.2f} | {size / 1e6:.2f} | {requests:.0f}"
        yield f"| {kind} | {name} | {figures} |"


def _shift_rows(browser: Browser, urls: dict[str, str]) -> Iterator[str]:
    for width in WIDTHS:
        for site in SITES:
            with _new_context(browser, width) as context:
                shifts = _visit(context, urls[site.name], site.painted).shifts
            parts = ", ".join(f"{name} {value:.3f}" for name, value in Counter(shifts).most_common(5))
            yield f"| {width} | {site.name} | {sum(shifts.values()):.3f} | {parts} |"


def first_paint_table() -> str:
    """Measure visits to both pages, and return the tables."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder), {}, {}, script=SITES[0].script) as app,
        running_app(Path(folder), {}, {}, script=SITES[1].script) as peer,
        running_browser() as browser,
    ):
        if browser is None:
            return "The table of first visits needs a browser; python -m tools.browser finds or installs one."
        urls = {site.name: f"{server.url}/" for site, server in zip(SITES, (app, peer), strict=True)}
        rows = list(_rows(_timed_visits(browser, urls)))
        shift_rows = list(_shift_rows(browser, urls))
    return "\n".join(
        [
            f"From the address to the painted points, medians of {VISITS} visits in turn:",
            "",
            "| visit | page | s | from, to | ratio | MB | requests |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "Layout shift after first paint, by what moved:",
            "",
            "| width | page | shift | parts |",
            "|---|---|---|---|",
            *shift_rows,
        ]
    )
