"""The notebook: it runs, gives the labels of the app, agrees with scikit-learn where it says so, and finds a change."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from kmeans_core import RULES, RunConfig, Trace, make_dataset, run
from kmeans_core.types import Points
from tools.running import ROOT
from ui.notebook import digest_of, notebook

BLOBS = 'points, _ = make_dataset("blobs", seed=1, points=300)'
LINK = "https://example.org/?data=blobs&k=4"


def blobs() -> Points:
    return make_dataset("blobs", seed=1, points=300)[0]


def written(points: Points, config: RunConfig, points_code: str, **others: Any) -> tuple[dict[str, Any], Trace]:
    trace = run(points, config)
    asked = {"link": LINK, "title": "A run", "labels": trace.labels} | others
    made: dict[str, Any] = json.loads(notebook(config, points_code=points_code, **asked))
    return made, trace


def as_code(points: Points) -> str:
    return f"points = np.array({points.tolist()})"


def source_of(made: dict[str, Any], name: str) -> str:
    return "".join(next(cell["source"] for cell in made["cells"] if cell["id"] == name))


def executed(made: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """Run all code cells one after another; return what they defined and printed."""
    space: dict[str, Any] = {}
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    return space, capsys.readouterr().out


def test_it_is_a_notebook_with_names_for_its_cells() -> None:
    config = RunConfig(k=4, rule="medoid")
    made, _ = written(blobs(), config, BLOBS)
    nbformat.validate(nbformat.from_dict(made), version=4, version_minor=5)  # type: ignore[no-untyped-call]
    names = [cell["id"] for cell in made["cells"]]
    assert len(set(names)) == len(names)
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)


def test_every_field_of_the_run_is_spelled_out() -> None:
    config = RunConfig(k=2, init="given", given=((0.1 + 0.2, -1e-300), (1e150, 2.0)), seed=7, max_iter=3, empty="drop")
    made, _ = written(blobs(), config, BLOBS)
    source = source_of(made, "run").partition("trace =")[0]
    space: dict[str, Any] = {"RunConfig": RunConfig}
    exec(source, space)
    assert space["config"] == config
    assert re.findall(r"^    (\w+)=", source, re.MULTILINE) == [field.name for field in fields(RunConfig)]


DUPLICATES = np.repeat(np.array([[0.0, 0.0], [4.0, 1.0], [9.0, 3.0]]), [20, 10, 5], axis=0)
LATTICE = np.array([[float(x), float(y)] for x in range(6) for y in range(6)])
WIDE = np.random.default_rng(0).normal(size=(120, 5))

CASES = {
    "mean": (blobs(), RunConfig(k=4, seed=2, max_iter=100)),
    "medoid": (blobs(), RunConfig(k=4, rule="medoid", init="k-means++")),
    "median": (blobs(), RunConfig(k=4, rule="median", init="farthest")),
    "given": (blobs(), RunConfig(k=2, init="given", given=((0.5, 1.25), (-3.0, 2.0)))),
    "two iterations": (blobs(), RunConfig(k=4, max_iter=2)),
    "none": (blobs(), RunConfig(k=4, max_iter=0)),
    "one cluster": (blobs(), RunConfig(k=1)),
    "duplicates": (DUPLICATES, RunConfig(k=5, seed=1)),
    "duplicates, farthest": (DUPLICATES, RunConfig(k=5, seed=1, empty="farthest")),
    "duplicates, drop": (DUPLICATES, RunConfig(k=5, seed=1, empty="drop")),
    "ties": (LATTICE, RunConfig(k=4, seed=0)),
    "five features": (WIDE, RunConfig(k=3, max_iter=100)),
    "one feature": (WIDE[:, :1], RunConfig(k=3, max_iter=100)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_gives_the_labels_of_the_app(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES[name]
    made, trace = written(points, config, as_code(points))
    space, said = executed(made, capsys)
    assert np.array_equal(space["trace"].labels, trace.labels)
    assert f"All {len(points)} labels are those that the app showed." in said
    assert trace.stop_sentence in said
    assert len(re.findall(r"^ +\d+  (?:init|assign|refine) ", said, re.MULTILINE)) == len(trace)
    assert space["figure"] is not None
    # Points of every cluster, and the centers.
    assert len(space["figure"].data) == config.k + 1
    if config.rule != "mean":
        assert "Agreement with KMeans: adjusted Rand index" in said
    elif name in ("mean", "given", "two iterations", "one cluster", "five features", "one feature"):
        assert "All labels are the same." in said
    elif name.startswith("duplicates"):
        assert any(step.relocated for step in trace)


def test_labels_that_differ_without_a_reason_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES["mean"]
    made, _ = written(points, config, as_code(points))
    cell = next(cell for cell in made["cells"] if cell["id"] == "sklearn")
    cell["source"] = [line.replace("init=np.array(trace[0].centers)", "init=points[:4] * 0") for line in cell["source"]]
    with pytest.raises(AssertionError, match="neither an empty cluster nor a tie"):
        executed(made, capsys)


def test_one_other_label_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES["mean"]
    labels = run(points, config).labels.copy()
    labels[17] = (labels[17] + 1) % config.k
    made, _ = written(points, config, as_code(points), labels=labels)
    with pytest.raises(AssertionError, match="not the labels that the app showed"):
        executed(made, capsys)


def test_a_digest_does_not_depend_on_the_type_of_the_labels() -> None:
    labels = np.array([0, 3, 1])
    assert len({digest_of(labels.astype(kind)) for kind in (np.uint8, np.int32, np.int64, np.uint64)}) == 1
    assert digest_of(labels) != digest_of(labels[::-1])


@pytest.mark.parametrize("rule", RULES)
def test_it_says_what_scikit_learn_has(rule: str) -> None:
    made, _ = written(blobs(), RunConfig(k=3, rule=rule), BLOBS)
    told = source_of(made, "about-sklearn")
    assert ("has no estimator" in told) is (rule != "mean")
    assert ("kmedoids" in told) is (rule == "medoid")


def test_names_choose_the_colors(capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES["given"]
    made, _ = written(points, config, as_code(points), names=[4, 0], equal_units=True)
    space, _ = executed(made, capsys)
    figure = space["figure"]
    assert [trace.name for trace in figure.data] == ["Cluster 5", "Cluster 1", "Centers"]
    assert figure.layout.yaxis.scaleanchor == "x"


def test_without_plotly_all_else_works(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    points, config = CASES["mean"]
    made, _ = written(points, config, as_code(points))
    space, said = executed(made, capsys)
    assert space["figure"] is None
    assert "plotly is not installed" in said
    assert "labels are those that the app showed" in said


@pytest.mark.parametrize(
    "title",
    ["# *a* <script>alert(1)</script>", "[x](javascript:alert(1))", "two\nlines $x$ `code`", "\\"],
)
def test_a_title_is_shown_as_it_is(title: str) -> None:
    made, _ = written(blobs(), RunConfig(k=3), BLOBS, title=title)
    heading = source_of(made, "intro").splitlines()[0]
    assert heading.startswith("# ")
    assert not re.search(r"(?<!\\)[*`\[\]()$<>]", heading)
    assert made["metadata"]["title"] == title


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (LINK, f"(<{LINK}>)"),
        ("https://example.org/?title=a>b) c\n# d", "(<https://example.org/?title=a%3Eb)%20c#%20d>)"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_link_is_one_of_the_web_or_none(link: str, shown: str | None) -> None:
    made, _ = written(blobs(), RunConfig(k=3), BLOBS, link=link)
    intro = source_of(made, "intro")
    assert "Open this run" not in intro if shown is None else shown in intro


def kernel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Describe a kernel of this Python that finds this repository; return its name."""
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "This Python",
        "language": "python",
        "env": {"PYTHONPATH": str(ROOT)},
    }
    place = folder / "kernels" / "this-python"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    settings = {
        "JUPYTER_PATH": folder,
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "data",
        "IPYTHONDIR": folder / "ipython",
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    return place.name


def outputs_of(cells: Sequence[Any], name: str) -> list[Any]:
    return list(next(cell["outputs"] for cell in cells if cell["id"] == name))


def test_jupyter_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = kernel(tmp_path, monkeypatch)
    from nbclient import NotebookClient  # noqa: PLC0415  (reads the settings when it is imported)

    made, trace = written(blobs(), RunConfig(k=4, seed=2, max_iter=100), BLOBS)
    book = nbformat.reads(json.dumps(made), as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(book, timeout=60, kernel_name=name, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(book)
    for cell in book.cells:
        assert not [output for output in cell.get("outputs", []) if output.get("name") == "stderr"]
    said = outputs_of(book.cells, "digest")[0]["text"]
    assert said == f"All {len(trace.labels)} labels are those that the app showed.\n"
    assert "application/vnd.plotly.v1+json" in outputs_of(book.cells, "picture")[0]["data"]
