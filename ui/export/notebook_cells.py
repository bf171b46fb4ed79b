"""The code cells of a notebook around its algorithm: imports, the run, the comparisons, and the picture.

Words in capitals stand for values of the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import numpy as np

from kmeans_core import Trace
from kmeans_core.arrays import Labels
from ui.charts.palette import CLUSTER_COLORS, CLUSTER_SYMBOLS
from ui.charts.thumbnails import MOST_POINTS as MAX_LARGE_MARKERS

MAX_DRAWN: Final = 20_000
"""The most points of the notebook's own picture."""

INSTALL: Final = """
# This notebook needs NumPy and scikit-learn. Where one is missing, this installs it.
import importlib.util

if any(importlib.util.find_spec(module) is None for module in ("numpy", "sklearn")):
    get_ipython().run_line_magic("pip", "install --quiet numpy scikit-learn")
"""

IMPORTS: Final = """
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

CHECK_POINTS: Final = """
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

FIT_SKLEARN: Final = """
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

COMPARE_LABELS: Final = """
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

COMPARE_PARTITIONS: Final = """
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


def run_code(max_iter: int) -> str:
    """Return the cell that runs the algorithm with this limit and prints every step."""
    return _fill(_RUN, {"MAX_ITERATIONS": str(max_iter)})


def digest_of(labels: Labels) -> str:
    """Return the SHA-256 of labels ``(n,)``, written as 64-bit whole numbers, the low byte first."""
    return sha256(np.ascontiguousarray(labels, dtype="<i8").tobytes()).hexdigest()


def digest_code(trace: Trace) -> str:
    """Return the cell that compares the run with the app's: iterations, cost, and the digest of all labels."""
    values = {"ITERATIONS": str(trace.iterations), "COST": repr(float(trace.cost)), "HASH": digest_of(trace.labels)}
    return _fill(_DIGEST, values)


def _fill(code: str, values: Mapping[str, str]) -> str:
    """Return code with its words in capitals replaced."""
    return re.sub(r"\b(?:" + "|".join(values) + r")\b", lambda word: values[word.group()], code)


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


def picture_code(names: Sequence[int], clusters: Sequence[int], equal_units: bool) -> str:
    """Return the cell that draws the result.

    Parameters
    ----------
    names : (k,) int
        The color and number of each cluster.
    clusters : sequence of int
        The clusters that were not dropped.
    equal_units : bool
        Whether a unit is as long in x as in y.
    """
    values = {
        "COLORS": repr([CLUSTER_COLORS[name] for name in names]),
        "SYMBOLS": repr([CLUSTER_SYMBOLS[name] for name in names]),
        "NUMBERS": repr([name + 1 for name in names]),
        "DRAWN": repr(list(clusters)),
        "MOST": f"{MAX_DRAWN:_}",
        "FEW": str(MAX_LARGE_MARKERS),
        "ANCHOR": repr("x" if equal_units else None),
    }
    return _fill(_PICTURE, values)
