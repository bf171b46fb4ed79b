"""The browser edition as visitors get it: built, served as plain files under a path, and used in a browser."""

from __future__ import annotations

import functools
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kmeans_core import DATASETS
from tests.site.half_steps import half_step_digests
from tests.support import NewPage
from tools.paths import ROOT
from tools.site import build
from ui.text.messages import message

pytestmark = pytest.mark.skipif(
    os.environ.get("KMEANS_SITE") != "full", reason="builds the site, for which it downloads 100 MB: make site-test"
)

MOST_BYTES = 10_000_000
START_MS = 60_000
"""Milliseconds until Python has loaded: seconds on a machine that does nothing else."""

COMPARE = """async ([folder, text, datasets]) => {
  const { loadPyodide } = await import(new URL(`${folder}/python/pyodide.mjs`, document.baseURI).href);
  const python = await loadPyodide();
  for (const [name, target] of [["numpy.zip", "/lib/python3.14/site-packages"], ["app.zip", "/app"]]) {
    const answer = await fetch(`${folder}/python/${name}`);
    python.unpackArchive(new Uint8Array(await answer.arrayBuffer()), "zip", { extractDir: target });
  }
  python.runPython("import sys; sys.path.insert(0, '/app')");
  python.runPython(text);
  return python.runPython(`import json; json.dumps(half_step_digests(json.loads('${JSON.stringify(datasets)}')))`);
}"""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A plain file server, such as a school has."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """Build the site; return the folder above it, and the sizes of its parts."""
    root = tmp_path_factory.mktemp("static")
    return root, build(root / "math" / "kmeans")


@pytest.fixture
def site(sizes: tuple[Path, dict[str, int]]) -> Iterator[str]:
    """Serve the site under a path, at a port of its own: what a browser keeps of one test is of no use to another."""
    handler = functools.partial(QuietHandler, directory=sizes[0])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/math/kmeans/"
        server.shutdown()


def wait_for_python(page: Page) -> None:
    expect(page.locator(".edition-status")).to_have_text("", timeout=START_MS)


def test_the_site_is_small(sizes: tuple[Path, dict[str, int]]) -> None:
    assert sum(sizes[1].values()) < MOST_BYTES


def test_a_run_plays_before_python_is_there_and_then_every_choice_is_computed(new_page: NewPage, site: str) -> None:
    page = new_page(fresh=True)
    page.goto(site)
    expect(page.locator(".kmeans-player[data-ready=true]")).to_be_visible()
    expect(page.locator(".edition-status")).not_to_have_text("")
    page.get_by_role("radio", name=message("settings.dataset_name", data="moons")).check(force=True)
    wait_for_python(page)
    expect(page).to_have_url(f"{site}?data=moons&k=2&seed=5")
    page.locator("[data-choice=more]").click()
    expect(page).to_have_url(f"{site}?data=moons&k=3&seed=5")
    page.go_back()
    expect(page.locator(".km-clusters tbody tr")).to_have_count(2)
    page.locator("aside [name=points][type=number]").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator(".edition-notices")).to_contain_text("“0”")


def test_share_has_the_link_its_code_and_pages_to_print(new_page: NewPage, site: str) -> None:
    page = new_page(fresh=True)
    page.goto(f"{site}?data=moons&k=3")
    wait_for_python(page)
    page.get_by_role("button", name=message("share.title")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".km-link")).to_have_value(f"{site}?data=moons&k=3")
    expect(dialog.locator(".km-qr svg")).to_be_visible()
    dialog.get_by_text(message("share.for_teachers")).click()
    with page.expect_download() as download:
        dialog.locator("[data-paper=worksheet]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "data=moons" in text
    assert download.value.suggested_filename.endswith("-worksheet.html")


def test_a_link_opens_offline_once_the_page_was_there(new_page: NewPage, site: str) -> None:
    page = new_page(fresh=True)
    page.goto(site)
    wait_for_python(page)
    page.evaluate(
        """async () => {
          const { active } = await navigator.serviceWorker.ready;
          if (active.state !== "activated") await new Promise((done) => (active.onstatechange = done));
        }"""
    )
    page.context.set_offline(True)
    page.goto(f"{site}?data=rings&k=3&rule=median")
    expect(page.locator(".kmeans-player[data-ready=true]")).to_be_visible(timeout=START_MS)
    page.locator("[data-choice=more]").click()
    expect(page).to_have_url(f"{site}?data=rings&k=4&rule=median", timeout=START_MS)
    page.context.set_offline(False)


def test_without_python_the_reason_is_said_and_a_run_plays(new_page: NewPage, site: str) -> None:
    page = new_page(fresh=True, expect_errors="numpy.zip|404")
    page.route("**/numpy.zip", lambda route: route.fulfill(status=404))
    page.goto(site)
    expect(page.locator(".edition-status")).to_have_text(
        message("browser.failed", error="numpy.zip: 404"), timeout=START_MS
    )
    expect(page.locator(".kmeans-player[data-ready=true]")).to_be_visible()
    page.locator(".km-next").click()
    expect(page.locator(".kmeans-player")).to_have_attribute("data-step", "1")


def test_from_a_file_the_page_says_how_to_open_it(new_page: NewPage, sizes: tuple[Path, dict[str, int]]) -> None:
    page = new_page(fresh=True, expect_errors="CORS|ERR_FAILED|file:")
    page.goto((sizes[0] / "math" / "kmeans" / "index.html").as_uri())
    expect(page.locator("[data-needs-server]")).to_have_text(message("browser.needs_server"))


@pytest.mark.parametrize("data", DATASETS)
def test_every_half_step_is_the_same_to_the_last_bit(data: str, new_page: NewPage, site: str) -> None:
    page = new_page(fresh=True)
    page.goto(site)
    page.set_default_timeout(10 * START_MS)
    folder = json.loads(page.locator("#build").text_content() or "")["worker"].partition("/")[0]
    text = (ROOT / "tests" / "site" / "half_steps.py").read_text(encoding="utf-8")
    assert json.loads(page.evaluate(COMPARE, [folder, text, [data]])) == half_step_digests([data])
