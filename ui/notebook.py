"""A run as a Jupyter notebook that does it again, to the last label, and beside it with scikit-learn.

Knows nothing of Streamlit, and nothing of Jupyter: a notebook is JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import fields
from hashlib import sha256
from html import escape
from typing import Any, Final

import numpy as np

from kmeans_core import RULES, RunConfig
from kmeans_core.types import Labels
from ui.miniature import MOST_POINTS as FEW
from ui.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS

Cell = dict[str, Any]

MOST_DRAWN: Final = 20_000
"""The most points of the notebook's own picture."""


def notebook(
    config: RunConfig,
    *,
    points_code: str,
    link: str,
    title: str,
    labels: Labels,
    names: Sequence[int] | None = None,
    equal_units: bool = False,
) -> str:
    """Return a notebook of a run: the JSON text of an ``.ipynb`` file, nbformat 4.5.

    Parameters
    ----------
    config : RunConfig
        The run; every field is spelled out, so that a later default can't change it.
    points_code : str
        Python source that gives ``points`` its ``(n, d)`` values. It finds ``np`` and ``make_dataset`` imported.
    link : str
        Of the app with this run.
    title : str
        What the notebook is called.
    labels : (n,) int
        The labels that the app showed at the end of the run. The notebook holds their digest, and compares.
    names : (k,) int, optional
        Which color and number each cluster has in the picture.
    equal_units : bool
        Whether a unit is as long in x as in y in the picture.
    """
    shown = list(names) if names is not None else list(range(config.k))
    cells = [
        _markdown("intro", _intro(config, title, link)),
        _markdown("install", _install(config)),
        _code("imports", _IMPORTS),
        _markdown("about-points", "## The points"),
        _code("points", f"{points_code.strip()}\n\n{_CHECKED}"),
        _markdown("about-run", _about_run(config)),
        _code("run", _run_code(config)),
        _code("half-steps", _TABLE),
        _markdown("about-sklearn", _ABOUT_PEER[config.rule]),
        _code("sklearn", _PEER + (_SAME if config.rule == "mean" else _ALIKE)),
        _markdown("about-picture", "## A picture\n\nIt needs plotly (`pip install plotly`); all else works without."),
        _code("picture", _picture_code(shown, equal_units)),
        _markdown("about-digest", _ABOUT_DIGEST),
        _code("digest", _DIGEST.replace("DIGEST", digest_of(labels))),
    ]
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "title": title,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


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
    return (
        f"# {_as_markdown(title)}\n\n"
        f"This notebook does again, step by step, what the app “K-means, step by step” showed: {config.k} "
        f"{rule.center_word}{'' if config.k == 1 else 's'}, and as the cost the {rule.cost_words}. {rule.summary} "
        f"The last cell checks that every label is the same.\n\n{_link(link)}"
    )


def _as_markdown(text: str) -> str:
    """Return a text of somebody's own as it is: on one line, and none of it taken for Markdown, HTML or a formula."""
    line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$^:])", r"\\\1", escape(line, quote=False)) or "K-means, step by step"


def _link(link: str) -> str:
    """Return the link to click, if it is one of the web."""
    address = link
    for char, code in (("<", "%3C"), (">", "%3E"), ("\\", "%5C"), (" ", "%20"), ("\n", ""), ("\r", "")):
        address = address.replace(char, code)
    return f"[Open this run in the app](<{address}>)" if address.startswith(("http://", "https://")) else ""


def _install(config: RunConfig) -> str:
    extras = "sklearn,tensorflow" if config.backend == "tensorflow" else "sklearn"
    return (
        "## What it needs\n\n"
        "The library `kmeans_core` of this app, and scikit-learn to compare with. In a terminal, in the folder with "
        f'the app’s source:\n\n```\npip install ".[{extras}]" jupyter plotly\n```'
    )


def _about_run(config: RunConfig) -> str:
    count = f"{config.max_iter} iteration{'' if config.max_iter == 1 else 's'}"
    return (
        "## The run\n\n"
        "A run places the centers and then repeats two half-steps: ASSIGN gives each point to its nearest center, "
        "REFINE moves each center to the middle of its points. It ends when no point changes its cluster, or after "
        f"{count}. Every setting is spelled out, so that this stays the same run if a default ever changes. Change one "
        "and see."
    )


_ABOUT_START: Final = (
    "## The same with scikit-learn\n\n"
    "`KMeans` gets the same first centers (`init`), one start (`n_init=1`), and no tolerance that would end it early "
    "(`tol=0`)."
)

_ABOUT_PEER: Final = {
    "mean": f"""{_ABOUT_START} One of its iterations is an assign and a refine, and at the end it assigns once more. \
So after the same `max_iter` it has done the same half-steps. Three things may differ:

- **The number of iterations.** `n_iter_` counts from the first assign on, and here an iteration begins with a refine. \
Where both come to rest, `n_iter_` is usually one more.
- **Ties.** Here a point that is as near to two centers goes to the one with the lower number. scikit-learn computes \
distances in another way, and rounding decides.
- **Empty clusters.** scikit-learn always moves the center of an empty cluster to a point that is far from its own \
center, and takes the point out of its cluster at once. Here `empty` says what is done.

If the run came to rest, had no empty cluster and no tie, all labels must agree.""",
    "medoid": f"""{_ABOUT_START} But it is another method: scikit-learn has no estimator whose centers are medoids. \
The package `kmedoids` has one, and so has scikit-learn-extra (`sklearn_extra.cluster.KMedoids`, with \
`method="alternate"` for the half-steps of this run). So here means are compared with medoids, by how far \
their clusters agree.""",
    "median": f"""{_ABOUT_START} But it is another method: scikit-learn has no estimator whose centers are medians in \
each coordinate. The package `pyclustering` has one (`kmedians`). So here means are compared with medians, by how far \
their clusters agree.""",
}

_ABOUT_DIGEST: Final = (
    "## Is it the run of the app?\n\n"
    "The app wrote down a digest of the labels it showed: the SHA-256 of all of them as 64-bit whole numbers. If a "
    "single label were another, so would be the digest."
)

# --- In Python

_IMPORTS: Final = """
import hashlib
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score

from kmeans_core import Phase, RunConfig, StopReason, make_dataset, run

print("NumPy", np.__version__, "and scikit-learn", sklearn.__version__)
"""

_CHECKED: Final = """
points = np.ascontiguousarray(points, dtype=np.float64)
print(f"{points.shape[0]} points with {points.shape[1]} features")
"""


def _run_code(config: RunConfig) -> str:
    values = {field.name: getattr(config, field.name) for field in fields(RunConfig)}
    lines = [f"    {name}={_literal(value)},\n" for name, value in values.items()]
    return f"config = RunConfig(\n{''.join(lines)})\ntrace = run(points, config)\nprint(trace.stop_sentence)"


def _literal(value: object) -> str:
    """Return a value as Python source, which gives the same bits; of many centers each on its own line."""
    if not isinstance(value, tuple):
        return repr(value)
    return "(\n" + "".join(f"        {row!r},\n" for row in value) + "    )"


_TABLE: Final = """
print(f"{'half-step':>9}  {'phase':<6}  {'iteration':>9}  {'moved':>8}  {'cost':>16}")
for number, step in enumerate(trace):
    cost = "" if step.cost is None else f"{step.cost:.8g}"
    print(f"{number:>9}  {step.phase:<6}  {step.iteration:>9}  {step.moved:>8}  {cost:>16}")
"""

_PEER: Final = """
peer = KMeans(
    n_clusters=config.k,
    init=np.array(trace[0].centers),
    n_init=1,
    tol=0,
    max_iter=max(1, config.max_iter),  # it can't do none
    algorithm="lloyd",
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ConvergenceWarning)  # of fewer different points than clusters
    peer.fit(points)

agreement = adjusted_rand_score(trace.labels, peer.labels_)
print(f"Iterations: {trace.iterations} here, n_iter_ = {peer.n_iter_} there")
"""

_SAME: Final = """
print(f"Cost: {trace.cost:.10g} here, inertia_ = {peer.inertia_:.10g} there")


def has_ties():
    \"\"\"Tell whether, in any assign, a point was about as near to a second center as to its own.\"\"\"
    if config.k == 1:
        return False
    least = 1e-10 * ((points - points.mean(axis=0)) ** 2).sum(axis=1).max()
    for step in trace:
        if step.phase is Phase.ASSIGN:
            distances = np.stack([((points - center) ** 2).sum(axis=1) for center in step.centers])
            nearest, second = np.partition(distances, 1, axis=0)[:2]
            if (second - nearest).min() <= least:
                return True
    return False


same = np.array_equal(trace.labels, peer.labels_)
at_rest = trace.stop_reason is StopReason.CONVERGED
had_empty = any(step.relocated for step in trace)
if same:
    print("All labels are the same.")
else:
    differ = int((trace.labels != peer.labels_).sum())
    print(f"{differ} labels differ; adjusted Rand index {agreement:.4f}, where 1 is full agreement.")
    print(f"Came to rest: {at_rest}. Had an empty cluster: {had_empty}.")
if at_rest and not had_empty and not same:
    assert has_ties(), "the labels differ, and neither an empty cluster nor a tie is the reason"
    print("Some point was as near to a second center as to its own: a tie.")
"""

_ALIKE: Final = """
print(f"Agreement with KMeans: adjusted Rand index {agreement:.4f}, where 1 is full agreement.")
"""

_DIGEST: Final = """
digest = hashlib.sha256(np.ascontiguousarray(trace.labels, dtype="<i8").tobytes()).hexdigest()
assert digest == "DIGEST", (
    "These are not the labels that the app showed. Are the points the same, and is the config unchanged?"
)
print(f"All {len(trace.labels)} labels are those that the app showed.")
"""

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
    # The first two features; with only one, all points on a line.
    places, centers = (np.column_stack([some, np.zeros(len(some))])[:, :2] for some in (points, trace.centers))
    shown = np.arange(len(points))
    if len(points) > MOST:
        shown = np.sort(np.random.default_rng(0).choice(len(points), MOST, replace=False))
    figure = go.Figure()
    for cluster in range(config.k):
        own = shown[trace.labels[shown] == cluster]
        marker = {"color": colors[cluster], "symbol": symbols[cluster], "size": 5 if len(shown) > FEW else 8}
        x, y = places[own].T
        figure.add_scatter(x=x, y=y, mode="markers", marker=marker, name=f"Cluster {numbers[cluster]}")
    marker = {"color": colors, "symbol": symbols, "size": 22, "line": {"color": "black", "width": 2}}
    x, y = centers.T
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text",
        marker=marker,
        text=numbers,
        textfont={"color": "white"},
        name="Centers",
    )
    figure.update_layout(height=600, template="plotly_white", title=f"After {trace.iterations} iterations")
    figure.update_yaxes(scaleanchor=ANCHOR)
figure
"""


def _picture_code(names: Sequence[int], equal_units: bool) -> str:
    values = {
        "COLORS": repr([CLUSTER_COLORS["light"][name] for name in names]),
        "SYMBOLS": repr([CLUSTER_SYMBOLS[name] for name in names]),
        "NUMBERS": repr([name + 1 for name in names]),
        "MOST": f"{MOST_DRAWN:_}",
        "FEW": str(FEW),
        "ANCHOR": repr("x" if equal_units else None),
    }
    return re.sub(r"\b(?:" + "|".join(values) + r")\b", lambda found: values[found.group()], _PICTURE)
