"""A run as a Jupyter notebook that does it again, to the last label, and beside it with scikit-learn.

The notebook needs NumPy and scikit-learn, and nothing of this app. Knows nothing of Streamlit, and nothing of Jupyter:
a notebook is JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import Any, Final

import numpy as np

from kmeans_core import INITIALISERS, RULES, RunConfig, Trace
from kmeans_core.types import Labels
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS
from ui.charts.thumbnails import MOST_POINTS as FEW
from ui.export.notebook_code import algorithm_code, start_code
from ui.text.messages import message

Cell = dict[str, Any]

MOST_DRAWN: Final = 20_000
"""The most points of the notebook's own picture."""


def notebook(
    trace: Trace,
    *,
    points_code: str,
    link: str,
    title: str,
    start: str = "",
    names: Sequence[int] | None = None,
    equal_units: bool = False,
) -> str:
    """Return a notebook of a run: the JSON text of an ``.ipynb`` file, nbformat 4.5.

    Parameters
    ----------
    trace : Trace
        The run as the app showed it, without any center that was moved on its way. The notebook starts from its
        starting centers; it holds its cost, its iterations, and the digest of its labels, and compares.
    points_code : str
        Python source that gives ``points`` its ``(n, d)`` values. It finds ``np`` imported.
    link, title : str
        To the run in the app, and the notebook's title.
    start : str, optional
        How the starting centers came about, in a few words; by default what the run's config says.
    names : (k,) int, optional
        Which color and number each cluster has in the picture.
    equal_units : bool
        Whether a unit is as long in x as in y in the picture.
    """
    shown = list(names) if names is not None else list(range(trace.config.k))
    cells = [
        *_introduction(trace, points_code, link, title),
        *_run_cells(trace, start),
        *_comparison_cells(trace.config.rule),
        _markdown("about-picture", message("notebook.picture")),
        _code("picture", _picture_code(shown, np.flatnonzero(trace.active(-1)).tolist(), equal_units)),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "title": title}
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _introduction(trace: Trace, points_code: str, link: str, title: str) -> list[Cell]:
    return [
        _markdown("intro", _intro(trace.config, title, link)),
        _code("install", _INSTALL),
        _code("imports", _IMPORTS),
        _markdown("about-points", message("notebook.points")),
        _code("points", f"{points_code.strip()}\n\n{_CHECKED}"),
    ]


def _run_cells(trace: Trace, start: str) -> list[Cell]:
    config = trace.config
    return [
        _markdown("about-algorithm", message("notebook.algorithm")),
        _code("algorithm", algorithm_code(config)),
        _markdown("about-run", _about_run(trace)),
        _code("start", start_code(trace[0].centers, start or _start_words(config))),
        _code("run", _RUN.replace("MAX_ITERATIONS", str(config.max_iter))),
        _markdown("about-digest", message("notebook.digest")),
        _code("digest", _digest_code(trace)),
    ]


def _comparison_cells(rule: str) -> list[Cell]:
    return [
        _markdown("about-sklearn", _about_peer(rule)),
        _code("sklearn", _PEER + (_SAME if rule == "mean" else _ALIKE)),
    ]


def digest_of(labels: Labels) -> str:
    """Return the SHA-256 of labels ``(n,)``, written as 64-bit whole numbers, the low byte first."""
    return sha256(np.ascontiguousarray(labels, dtype="<i8").tobytes()).hexdigest()


def _markdown(name: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> Cell:
    source = text.strip().splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": source}


# --- In words


def _intro(config: RunConfig, title: str, link: str) -> str:
    rule = RULES[config.rule]
    values = {"k": config.k, "center": rule.center_word, "cost_name": rule.cost_words, "summary": rule.summary}
    return f"{message('notebook.intro', title=_as_markdown(title), **values)}\n\n{_link(link)}"


def _as_markdown(text: str) -> str:
    """Return a text of somebody's own as it is: on one line, and none of it taken for Markdown, HTML or a formula."""
    line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$^:])", r"\\\1", escape(line, quote=False)) or message(
        "notebook.default_title"
    )


def _link(link: str) -> str:
    """Return the link to click, if it is one of the web."""
    address = link
    for char, code in (("<", "%3C"), (">", "%3E"), ("\\", "%5C"), (" ", "%20"), ("\n", ""), ("\r", "")):
        address = address.replace(char, code)
    return message("notebook.link", address=address) if address.startswith(("http://", "https://")) else ""


def _start_words(config: RunConfig) -> str:
    method, given = INITIALISERS[config.init].title, config.init == "given"
    return message("notebook.init", method=method, given=given, seed=str(config.seed))


def _about_run(trace: Trace) -> str:
    cost = f"{trace.cost:.10g}"
    return message("notebook.run", max_iter=trace.config.max_iter, ending=trace.stop_sentence, cost=cost)


def _about_peer(rule: str) -> str:
    """Compare the run with scikit-learn's ``KMeans``."""
    if rule == "mean":
        return message("notebook.sklearn_mean")
    return message("notebook.sklearn_medoid" if rule == "medoid" else "notebook.sklearn_median")


# --- In Python

_INSTALL: Final = """
# This notebook needs NumPy and scikit-learn. Where one is missing, this installs it.
import importlib.util

if any(importlib.util.find_spec(module) is None for module in ("numpy", "sklearn")):
    get_ipython().run_line_magic("pip", "install --quiet numpy scikit-learn")
"""

_IMPORTS: Final = """
import hashlib
import math
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

print("NumPy", np.__version__, "and scikit-learn", sklearn.__version__)
"""

_CHECKED: Final = """
points = np.ascontiguousarray(points, dtype=np.float64)
print(f"{points.shape[0]} points with {points.shape[1]} features")
"""


_RUN: Final = """
max_iterations = MAX_ITERATIONS
steps, labels = k_means(points, start, max_iterations)
k, iterations, centers, cost = len(start), steps[-1][1], steps[-1][2], steps[-1][4]
converged = steps[-1][3] == 0

print(f"{'step':>6}  {'phase':<6}  {'iteration':>9}  {'switched':>8}  {'cost':>16}")
for number, (phase, iteration, _, switched, step_cost, _) in enumerate(steps):
    written = "" if step_cost is None else f"{step_cost:.8g}"
    print(f"{number:>6}  {phase:<6}  {iteration:>9}  {switched:>8}  {written:>16}")
"""

_PEER: Final = """
peer = KMeans(
    n_clusters=k,
    init=start,
    n_init=1,
    tol=0,
    max_iter=max(1, max_iterations),  # it can't do none
    algorithm="lloyd",
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ConvergenceWarning)  # of fewer different points than clusters
    peer.fit(points)

agreement = adjusted_rand_score(labels, peer.labels_)
print(f"Iterations: {iterations} here, n_iter_ = {peer.n_iter_} there")
"""

_SAME: Final = """
print(f"Cost: {cost:.10g} here, inertia_ = {peer.inertia_:.10g} there")


def has_ties():
    \"\"\"Tell whether, in any assign, a point was about as near to a second center as to its own.\"\"\"
    if k == 1:
        return False
    least = 1e-10 * ((points - points.mean(axis=0)) ** 2).sum(axis=1).max()
    for phase, _, step_centers, *_ in steps:
        if phase == "assign":
            distances = np.stack([((points - center) ** 2).sum(axis=1) for center in step_centers])
            nearest, second = np.partition(distances, 1, axis=0)[:2]
            if (second - nearest).min() <= least:
                return True
    return False


same = np.array_equal(labels, peer.labels_)
had_empty = any(step[-1] for step in steps)
if same:
    print("All labels are the same.")
else:
    differ = int((labels != peer.labels_).sum())
    print(f"{differ} labels differ; adjusted Rand index {agreement:.4f}, where 1 is full agreement.")
    print(f"Converged: {converged}. Had an empty cluster: {had_empty}.")
if converged and not had_empty and not same:
    assert has_ties(), "the labels differ, and neither an empty cluster nor a tie is the reason"
    print("Some point was as near to a second center as to its own: a tie.")
"""

_ALIKE: Final = """
print(f"Agreement with KMeans: adjusted Rand index {agreement:.4f}, where 1 is full agreement.")
"""

_DIGEST: Final = """
assert iterations == ITERATIONS, f"The app did ITERATIONS iterations, and this run did {iterations}."
assert math.isclose(cost, COST, rel_tol=1e-6), f"The app ended with a cost of COST, this run with {cost!r}."
digest = hashlib.sha256(np.ascontiguousarray(labels, dtype="<i8").tobytes()).hexdigest()
assert digest == "HASH", (
    "These are not the labels that the app showed. Are the points and the starting centers unchanged?"
)
print(f"All {len(labels)} labels are those that the app showed.")
"""


def _digest_code(trace: Trace) -> str:
    values = {"ITERATIONS": str(trace.iterations), "COST": repr(float(trace.cost)), "HASH": digest_of(trace.labels)}
    return re.sub(r"\b(?:" + "|".join(values) + r")\b", lambda found: values[found.group()], _DIGEST)


_PICTURE: Final = """
try:
    import plotly.graph_objects as go
except ImportError:
    figure = None
    print("plotly is not installed, so there is no picture.")
else:
    colors = COLORS
    symbols = SYMBOLS
    numbers = NUMBERS
    drawn = DRAWN  # the clusters that were not dropped
    # The first two features; with only one, all points on a line.
    places, middles = (np.column_stack([some, np.zeros(len(some))])[:, :2] for some in (points, centers))
    shown = np.arange(len(points))
    if len(points) > MOST:
        shown = np.sort(np.random.default_rng(0).choice(len(points), MOST, replace=False))
    figure = go.Figure()
    for cluster in drawn:
        own = shown[labels[shown] == cluster]
        marker = {"color": colors[cluster], "symbol": symbols[cluster], "size": 5 if len(shown) > FEW else 8}
        x, y = places[own].T
        figure.add_scatter(x=x, y=y, mode="markers", marker=marker, name=f"Cluster {numbers[cluster]}")
    looks = {name: [values[cluster] for cluster in drawn] for name, values in (("color", colors), ("symbol", symbols))}
    marker = looks | {"size": 22, "line": {"color": "black", "width": 2}}
    x, y = middles[drawn].T
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text",
        marker=marker,
        text=[numbers[cluster] for cluster in drawn],
        textfont={"color": "white"},
        name="Centers",
    )
    figure.update_layout(height=600, template="plotly_white", title=f"After {iterations} iterations")
    figure.update_yaxes(scaleanchor=ANCHOR)
figure
"""


def _picture_code(names: Sequence[int], drawn: Sequence[int], equal_units: bool) -> str:
    values = {
        "COLORS": repr([CLUSTER_COLORS["light"][name] for name in names]),
        "SYMBOLS": repr([CLUSTER_SYMBOLS[name] for name in names]),
        "NUMBERS": repr([name + 1 for name in names]),
        "DRAWN": repr(list(drawn)),
        "MOST": f"{MOST_DRAWN:_}",
        "FEW": str(FEW),
        "ANCHOR": repr("x" if equal_units else None),
    }
    return re.sub(r"\b(?:" + "|".join(values) + r")\b", lambda found: values[found.group()], _PICTURE)
