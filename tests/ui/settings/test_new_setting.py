"""A new setting takes three steps, as CONTRIBUTING says; the rest of the app derives from them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tools.paths import ROOT

SOURCES = ["app.py", "kmeans_core", "kmeans_tables", "pages", "server", "static", "ui", ".streamlit"]

FIELD = ("    centers: tuple[Place, ...] = ()\n", "    tolerance: float = 0.0\n")
ROW = (
    ')\n"""All settings, in the order of the sidebar."""\n',
    """    _number(
        Parameter(
            name="tolerance",
            title=message("settings.tolerance_title"),
            default=0.0,
            low=0.0,
            high=1.0,
            step=0.1,
            kind="float",
            help=message("settings.tolerance_help"),
        ),
        link_default="0",
        scope="run",
    ),
""",
)
WORDS = {"settings.tolerance_title": "Tolerance", "settings.tolerance_help": "How far centers may still move."}

CHECKS = """
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from ui.analyses.sweep.swept_settings import swept_settings
from ui.settings.definitions import CONTROLS
from ui.settings.links import decode, encode
from ui.settings.record import DEFAULT
from ui.settings.undo import Change, revert

loose = replace(DEFAULT, tolerance=0.3)
assert encode(loose) == {"data": "post", "tolerance": "0.3"}
assert decode(encode(loose)) == (loose, [])
assert decode({"tolerance": "7"})[1] == ["Tolerance must be a number from 0 to 1, not “7”. It is 0.0 instead."]
assert not loose.has_run_of(DEFAULT) and loose.has_points_of(DEFAULT)
assert loose.canonical(["tolerance"]) == DEFAULT
assert revert(Change(DEFAULT, loose), replace(loose, max_iter=9)) == replace(DEFAULT, max_iter=9)
assert CONTROLS["tolerance"] == "Tolerance"
assert 0.5 in swept_settings(DEFAULT)["tolerance"].values

app = AppTest.from_file("app.py", default_timeout=60)
app.query_params.update({"points_per_blob": "20", "tolerance": "0.3"})
slider = app.run().slider(key="tolerance")
assert (slider.label, slider.value, slider.disabled) == ("Tolerance", 0.3, False), slider
app.slider(key="tolerance").set_value(0.5).run()
assert not app.exception
assert app.query_params["tolerance"] in ("0.5", ["0.5"])
app.query_params["lock"] = "tolerance"
app.switch_page("pages/sweep.py").run()
assert app.slider(key="tolerance").disabled
"""


def insert(path: Path, anchor: str, text: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(anchor) == 1
    path.write_text(source.replace(anchor, text + anchor), encoding="utf-8")


def test_a_new_setting_is_a_field_a_row_and_its_words(tmp_path: Path) -> None:
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "player-*"))
        elif source.exists():
            shutil.copy(source, tmp_path / name)
    insert(tmp_path / "ui/settings/record.py", *FIELD)
    insert(tmp_path / "ui/settings/definitions.py", *ROW)
    catalog = tmp_path / "ui/text/messages/en/settings.json"
    words = json.loads(catalog.read_text(encoding="utf-8")) | WORDS
    catalog.write_text(json.dumps(words), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", CHECKS], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
