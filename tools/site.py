"""Build the browser edition: static files with which the app computes in the visitor's browser.

``python -m tools.site`` writes them to ``site/`` and prints their sizes. Python for the browser (Pyodide) is from the
npm package that ``package-lock.json`` pins, and NumPy from the first source whose bytes have the pinned hash.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import segno

from tools.paths import ROOT
from ui.browser.edition import Edition
from ui.browser.site_page import index_html, manifest, theme_css
from ui.player.assets import PLOTLY_FILE, player_files, plotly_version
from ui.settings.dataset_pictures import dataset_picture

SITE: Final = ROOT / "site"
CACHE: Final = ROOT / "build" / "pyodide"
LOCK: Final = ROOT / "ui" / "browser" / "pyodide.json"
WEB: Final = ROOT / "ui" / "browser" / "web"

_CODE: Final = (
    "kmeans_core",
    "kmeans_tables",
    "ui/text",
    "ui/settings",
    "ui/charts",
    "ui/player",
    "ui/analyses",
    "ui/export",
    "ui/browser",
)
"""The packages that run in the browser."""

_CLASSIC: Final = ("python_worker", "served")
"""Scripts that are files of their scripts, and no modules of the bundle."""

_UNUSED_STDLIB: Final = (
    *("_pyrepl", "unittest", "multiprocessing", "xmlrpc", "wsgiref", "pydoc_data", "sqlite3", "dbm", "curses"),
    *("pdb.py", "doctest.py", "pydoc.py", "pickletools.py", "imaplib.py", "mailbox.py", "smtplib.py", "ftplib.py"),
    *("optparse.py", "poplib.py", "trace.py", "profile.py", "cProfile.py", "pstats.py", "turtle.py", "tabnanny.py"),
)
"""Modules that neither Pyodide nor NumPy nor the app imports."""

_USED_ENCODINGS: Final = ("__init__", "aliases", "ascii", "cp437", "idna", "latin_1", "punycode", "utf_8", "utf_8_sig")

_UNUSED_NUMPY: Final = ("numpy/f2py/", "numpy/polynomial/", "numpy/doc/", "numpy/conftest.py")


def build(site: Path = SITE) -> dict[str, int]:
    """Write the site; return the size of each of its parts in bytes, compressed as servers send them."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    shutil.rmtree(site, ignore_errors=True)
    opening = Edition().open("")
    files = {
        **{f"python/{name}": content for name, content in _python_files(lock).items()},
        **{f"app/{name}": content for name, content in _page_files().items()},
        "opening.bin": opening.content,
        "facts.bin": opening.facts,
    }
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
    sizes = {}
    for name, content in files.items():
        path = site / digest / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sizes[name] = len(gzip.compress(content, 9))
    python = [{"name": path.name, "size": path.stat().st_size} for path in sorted((site / digest / "python").iterdir())]
    page = index_html(digest, python, _plotly_name(), opening.page)
    around = {
        "index.html": page.encode(),
        "manifest.webmanifest": manifest(digest).encode(),
        "service_worker.js": _service_worker(digest, sorted(files)),
    }
    for name, content in around.items():
        (site / name).write_bytes(content)
        sizes[name] = len(gzip.compress(content, 9))
    return sizes


# Python for the browser -----------------------------------------------------------------------------------


def _python_files(lock: dict[str, Any]) -> dict[str, bytes]:
    """Return the files that the worker loads, by name."""
    package = ROOT / "node_modules" / "pyodide"
    contents = {}
    for name, sha256 in lock["files"].items():
        contents[name] = _checked(name, (package / name).read_bytes(), sha256)
    contents["python_stdlib.zip"] = _repacked(contents["python_stdlib.zip"], _is_used_in_stdlib)
    facts = json.loads(contents["pyodide-lock.json"])
    contents["pyodide-lock.json"] = json.dumps({"info": facts["info"], "packages": {}}).encode()
    contents["numpy.zip"] = _repacked(_numpy_wheel(lock), _is_used_in_numpy)
    contents["app.zip"] = _app_archive()
    return contents


def _checked(name: str, content: bytes, sha256: str) -> bytes:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SystemExit(f"{name} does not have the SHA-256 that {LOCK.name} pins.")
    return content


def _numpy_wheel(lock: dict[str, Any]) -> bytes:
    """Return NumPy's wheel for the browser, from the first source whose bytes have the pinned hash."""
    numpy = lock["numpy"]
    path = CACHE / numpy["file"]
    problems = []
    for source in (path.read_bytes, lambda: _from_distribution(lock), lambda: _from_package(lock)):
        try:
            content = source()
        except (OSError, KeyError, subprocess.CalledProcessError, zipfile.BadZipFile) as error:
            problems.append(str(error))
            continue
        if hashlib.sha256(content).hexdigest() == numpy["sha256"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            return content
        problems.append("a file with another hash")
    raise SystemExit(
        f"No source has {numpy['file']} with the pinned hash ({'; '.join(problems)}). Put the file into {CACHE}."
    )


def _from_distribution(lock: dict[str, Any]) -> bytes:
    with urllib.request.urlopen(lock["distribution"] + lock["numpy"]["file"], timeout=10) as answer:
        content: bytes = answer.read()
    return content


def _from_package(lock: dict[str, Any]) -> bytes:
    """Return the wheel out of a package that contains it."""
    inside = lock["numpy"]["inside"]
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", folder]
        subprocess.run([*download, "--only-binary=:all:", inside["package"]], check=True, capture_output=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as package:
            return package.read(inside["member"] + lock["numpy"]["file"])


def _repacked(archive: bytes, is_used: Callable[[str], bool]) -> bytes:
    """Return an archive with only those of its files that are used."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        names = sorted(name for name in old.namelist() if not name.endswith("/") and is_used(name))
        return _zipped((name, old.read(name)) for name in names)


def _zipped(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """Return an archive, with the same bytes on every machine."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, entry in entries:
            archive.writestr(zipfile.ZipInfo(name), entry, zipfile.ZIP_DEFLATED, 9)
    return content.getvalue()


def _is_used_in_stdlib(name: str) -> bool:
    first, _, rest = name.partition("/")
    if first == "encodings":
        return Path(rest).stem in _USED_ENCODINGS
    return first not in _UNUSED_STDLIB


def _is_used_in_numpy(name: str) -> bool:
    return not (name.endswith((".pyi", ".pxd", ".h")) or "/tests/" in name or name.startswith(_UNUSED_NUMPY))


def _app_archive() -> bytes:
    """Return the app's modules and messages, and what draws its QR codes, as an archive."""
    library = Path(segno.__file__).parent
    codes = [(f"segno/{path.name}", path.read_bytes()) for path in sorted(library.glob("*.py")) if path.stem != "cli"]
    return _zipped([*codes, *((path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in _code_files())])


def _code_files() -> Iterator[Path]:
    for folder in _CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".json", ".css") and "web" not in path.parts:
                yield path
    yield from (ROOT / name for name in ("ui/__init__.py", "server/__init__.py", "server/config.py"))


# The page -------------------------------------------------------------------------------------------------


def _plotly_name() -> str:
    return f"plotly-basic-{plotly_version(PLOTLY_FILE.read_bytes())}.min.js"


def _service_worker(digest: str, names: Sequence[str]) -> bytes:
    """Return the script that keeps the files of this build in the browser."""
    facts = {"name": f"kmeans-{digest}", "files": ["./", *(f"{digest}/{name}" for name in names)]}
    return f"self.BUILD = {json.dumps(facts)};\n{(WEB / 'service_worker.js').read_text(encoding='utf-8')}".encode()


def _page_files() -> dict[str, bytes]:
    """Return the page's scripts and styles by file name; the player's are those of the app."""
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.js"))}
    del scripts["service_worker"]
    plain = {f"{name}.js": scripts.pop(name).encode() for name in _CLASSIC}
    files = player_files(scripts)
    styles = (WEB / "edition.css").read_text(encoding="utf-8")
    return {
        **{name: text.encode() for name, text in files.items()},
        **plain,
        "start.js": b'import { edition_page } from "./modules.js";\nawait edition_page().start();\n',
        "icon.svg": dataset_picture("blobs").encode(),
        "edition.css": f"{theme_css()}\n{styles}".encode(),
        _plotly_name(): PLOTLY_FILE.read_bytes(),
    }


if __name__ == "__main__":
    parts = build()
    for part, size in sorted(parts.items(), key=lambda item: -item[1]):
        print(f"{size / 1e6:8.3f} MB  {part}")
    print(f"{sum(parts.values()) / 1e6:8.3f} MB  compressed, all of it")
