"""The notebook: it runs on NumPy and scikit-learn alone, gives the labels of the app, and finds a change."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from kmeans_core import DATASETS, RULES, RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from ui.export.notebook import notebook
from ui.export.notebook_cells import digest_of
from ui.export.notebook_code import dataset_code
from ui.text.messages import message

BLOBS = dataset_code("blobs", 1, {size.name: size.default for size in DATASETS["blobs"].parameters} | {"points": 300})
LINK = "https://example.org/?data=blobs&k=4"


def blobs() -> Points:
    return make_dataset("blobs", seed=1, points=300)[0]


def notebook_and_trace(
    points: Points, config: RunConfig, points_code: str, **keywords: Any
) -> tuple[dict[str, Any], Trace]:
    trace = run(points, config)
    options = {"link": LINK, "title": "A run"} | keywords
    document: dict[str, Any] = json.loads(notebook(trace, points_code=points_code, **options))
    return document, trace


def as_code(points: Points) -> str:
    return f"points = np.array({points.tolist()})"


def source_of(document: dict[str, Any], name: str) -> str:
    return "".join(next(cell["source"] for cell in document["cells"] if cell["id"] == name))


def execute(document: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """Run all code cells one after another; return what they defined and printed."""
    space: dict[str, Any] = {}
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    assert not [name for name in space if name.startswith(("kmeans_core", "pandas"))]
    return space, capsys.readouterr().out


def test_it_is_a_notebook_with_names_for_its_cells() -> None:
    config = RunConfig(k=4, init="random", rule="medoid")
    document, _ = notebook_and_trace(blobs(), config, BLOBS)
    nbformat.validate(nbformat.from_dict(document), version=4, version_minor=5)  # type: ignore[no-untyped-call]
    names = [cell["id"] for cell in document["cells"]]
    assert len(set(names)) == len(names)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)


def test_the_starting_centers_and_the_limit_are_there_to_the_last_bit() -> None:
    config = RunConfig(k=2, init="given", given=((0.1 + 0.2, -1e-300), (1e140, 2.0)), seed=7, max_iter=3, empty="drop")
    document, trace = notebook_and_trace(blobs(), config, BLOBS)
    space: dict[str, Any] = {"np": np}
    exec(source_of(document, "start"), space)
    np.testing.assert_array_equal(space["start"], trace[0].centers)
    assert "max_iterations = 3\n" in source_of(document, "run")


DUPLICATES = np.repeat(np.array([[0.0, 0.0], [4.0, 1.0], [9.0, 3.0]]), [20, 10, 5], axis=0)
LATTICE = np.array([[float(x), float(y)] for x in range(6) for y in range(6)])
WIDE = np.random.default_rng(0).normal(size=(120, 5))

CASES = {
    "mean": (blobs(), RunConfig(k=4, init="random", seed=2, max_iter=100)),
    "medoid": (blobs(), RunConfig(k=4, rule="medoid", init="k-means++")),
    "median": (blobs(), RunConfig(k=4, rule="median", init="farthest")),
    "given": (blobs(), RunConfig(k=2, init="given", given=((0.5, 1.25), (-3.0, 2.0)))),
    "two iterations": (blobs(), RunConfig(k=4, init="random", max_iter=2)),
    "none": (blobs(), RunConfig(k=4, init="random", max_iter=0)),
    "one cluster": (blobs(), RunConfig(k=1, init="random")),
    "duplicates": (DUPLICATES, RunConfig(k=5, init="random", seed=1)),
    "duplicates, farthest": (DUPLICATES, RunConfig(k=5, init="random", seed=1, empty="farthest")),
    "duplicates, drop": (DUPLICATES, RunConfig(k=5, init="random", seed=1, empty="drop")),
    "ties": (LATTICE, RunConfig(k=4, init="random", seed=0)),
    "five features": (WIDE, RunConfig(k=3, init="random", max_iter=100)),
    "one feature": (WIDE[:, :1], RunConfig(k=3, init="random", max_iter=100)),
    "medoid, ties": (LATTICE, RunConfig(k=4, init="random", rule="medoid", seed=0)),
    "median, ties": (LATTICE, RunConfig(k=4, init="random", rule="median", seed=0)),
    "medoid, duplicates": (DUPLICATES, RunConfig(k=5, init="random", rule="medoid", seed=1, empty="farthest")),
    "medoid, five features": (WIDE, RunConfig(k=3, init="random", rule="medoid", max_iter=100)),
    "median, five features, farthest": (WIDE, RunConfig(k=6, init="random", rule="median", empty="farthest")),
    "far from the origin": (blobs() + 1e7, RunConfig(k=4, init="random", seed=2, max_iter=100)),
    "the post": (make_dataset("post")[0], RunConfig(k=6, init="random", max_iter=300)),
    "the post, medoids": (make_dataset("post")[0], RunConfig(k=6, init="random", rule="medoid", max_iter=15)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_gives_the_labels_of_the_app(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES[name]
    document, trace = notebook_and_trace(points, config, as_code(points))
    space, output = execute(document, capsys)
    assert np.array_equal(space["labels"], trace.labels)
    assert f"All {len(points)} labels are those that the app showed." in output
    assert trace.stop_sentence in source_of(document, "about-run")
    steps = [(phase, iteration, switched) for phase, iteration, _, switched, *_ in space["steps"]]
    assert steps == [(step.phase.value, step.iteration, step.reassigned) for step in trace]
    for values, step in zip(space["steps"], trace, strict=True):
        np.testing.assert_allclose(values[2], step.centers, rtol=1e-15)
        assert values[4] == step.cost or math.isclose(values[4], step.cost or 0.0, rel_tol=1e-9)
    assert space["figure"] is not None
    # Points of every cluster that takes part, and the centers.
    assert len(space["figure"].data) == trace.active(-1).sum() + 1
    if config.rule != "mean":
        assert "Agreement with KMeans: adjusted Rand index" in output
    elif name in ("mean", "given", "two iterations", "one cluster", "five features", "one feature", "the post"):
        assert "All labels are the same." in output
    elif name.startswith("duplicates"):
        assert any(step.relocated for step in trace)


def test_labels_that_differ_without_a_reason_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES["mean"]
    document, _ = notebook_and_trace(points, config, as_code(points))
    cell = next(cell for cell in document["cells"] if cell["id"] == "sklearn")
    cell["source"] = [line.replace("init=start", "init=points[:4] * 0") for line in cell["source"]]
    with pytest.raises(AssertionError, match="neither an empty cluster nor a tie"):
        execute(document, capsys)


def test_one_other_label_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES["mean"]
    document, trace = notebook_and_trace(points, config, as_code(points))
    labels = trace.labels.copy()
    labels[17] = (labels[17] + 1) % config.k
    cell = next(cell for cell in document["cells"] if cell["id"] == "digest")
    cell["source"] = [line.replace(digest_of(trace.labels), digest_of(labels)) for line in cell["source"]]
    with pytest.raises(AssertionError, match="not the labels that the app showed"):
        execute(document, capsys)


def test_a_digest_does_not_depend_on_the_type_of_the_labels() -> None:
    labels = np.array([0, 3, 1])
    assert len({digest_of(labels.astype(kind)) for kind in (np.uint8, np.int32, np.int64, np.uint64)}) == 1
    assert digest_of(labels) != digest_of(labels[::-1])


@pytest.mark.parametrize("rule", RULES)
def test_it_says_what_scikit_learn_has(rule: str) -> None:
    document, _ = notebook_and_trace(blobs(), RunConfig(k=3, init="random", rule=rule), BLOBS)
    text = source_of(document, "about-sklearn")
    assert text == message(f"notebook.sklearn_{rule}")


def test_names_choose_the_colors(capsys: pytest.CaptureFixture[str]) -> None:
    points, config = CASES["given"]
    document, _ = notebook_and_trace(points, config, as_code(points), names=[4, 0], equal_units=True)
    space, _ = execute(document, capsys)
    figure = space["figure"]
    assert [trace.name for trace in figure.data] == ["Cluster 5", "Cluster 1", "Centers"]
    assert figure.layout.yaxis.scaleanchor == "x"


def test_without_plotly_all_else_works(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    points, config = CASES["mean"]
    document, _ = notebook_and_trace(points, config, as_code(points))
    space, output = execute(document, capsys)
    assert space["figure"] is None
    assert "plotly is not installed" in output
    assert "labels are those that the app showed" in output


@pytest.mark.parametrize(
    "title",
    ["# *a* <script>alert(1)</script>", "[x](javascript:alert(1))", "two\nlines $x$ `code`", "\\"],
)
def test_a_title_is_shown_as_it_is(title: str) -> None:
    document, _ = notebook_and_trace(blobs(), RunConfig(k=3, init="random"), BLOBS, title=title)
    heading = source_of(document, "intro").splitlines()[0]
    assert heading.startswith("# ")
    assert not re.search(r"(?<!\\)[*`\[\]()$<>]", heading)
    assert document["metadata"]["title"] == title


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (LINK, f"(<{LINK}>)"),
        ("https://example.org/?title=a>b) c\n# d", "(<https://example.org/?title=a%3Eb)%20c#%20d>)"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_link_is_one_of_the_web_or_none(link: str, address: str | None) -> None:
    document, _ = notebook_and_trace(blobs(), RunConfig(k=3, init="random"), BLOBS, link=link)
    intro = source_of(document, "intro")
    if address is None:
        assert "](" not in intro
    else:
        assert message("notebook.link", address=address[2:-2]) in intro


# What comes with this app, or is in its environment, and not with NumPy and scikit-learn.
HIDDEN = ("kmeans_core", "kmeans_tables", "ui", "pandas", "pyarrow", "plotly", "matplotlib", "streamlit", "tensorflow")
HIDES = f"""
import sys

class Hides:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {HIDDEN!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hides())
"""


def kernel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Describe a kernel of this Python as one that has NumPy and scikit-learn alone; return its name."""
    (folder / "hides").mkdir()
    (folder / "hides" / "sitecustomize.py").write_text(HIDES, encoding="utf-8")
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "This Python",
        "language": "python",
        "env": {"PYTHONPATH": str(folder / "hides")},
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


def test_jupyter_runs_it_where_numpy_and_scikit_learn_are_all_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = kernel(tmp_path, monkeypatch)
    from nbclient import NotebookClient  # noqa: PLC0415  (reads the settings when it is imported)

    document, trace = notebook_and_trace(blobs(), RunConfig(k=4, init="random", seed=2, max_iter=100), BLOBS)
    hidden: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "hidden",
        "metadata": {},
        "outputs": [],
    }
    tries = f"for name in {HIDDEN!r}:\n    try:\n        __import__(name)\n    except ImportError:\n        print(name)"
    document["cells"].insert(0, hidden | {"source": tries})
    book = nbformat.reads(json.dumps(document), as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(book, timeout=60, kernel_name=name, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(book)
    for cell in book.cells:
        assert not [output for output in cell.get("outputs", []) if output.get("name") == "stderr"]
    output = outputs_of(book.cells, "digest")[0]["text"]
    assert output == f"All {len(trace.labels)} labels are those that the app showed.\n"
    assert outputs_of(book.cells, "hidden")[0]["text"].split() == list(HIDDEN), "or else this tests nothing"
    assert "plotly is not installed" in outputs_of(book.cells, "picture")[0]["text"]


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("seed", [0, 7])
def test_the_source_of_a_dataset_draws_it_to_the_last_bit(name: str, seed: int) -> None:
    sizes = {size.name: size.default for size in DATASETS[name].parameters}
    code = dataset_code(name, seed, sizes)
    assert "Generator" not in code, "annotations would need names that are not there"
    space: dict[str, Any] = {"np": np}
    exec(code, space)
    points, truth = make_dataset(name, seed=seed, **sizes)
    np.testing.assert_array_equal(space["points"], points)
    np.testing.assert_array_equal(space["truth"], truth)
