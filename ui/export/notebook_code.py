"""What a notebook runs: K-means in NumPy alone, and the source of a dataset. Nothing of this app has to be installed.

The code gives every label that the app showed. So distances are added up feature by feature, as the library does, and
a mean is the float nearest to the true one: a point halfway between two centers then falls to the same one.
"""

from __future__ import annotations

import ast
import inspect
import json
from typing import Any, Final

import numpy as np

from kmeans_core import RULES, RunConfig, datasets
from kmeans_core.arrays import Centers
from kmeans_core.datasets import DATASETS
from ui.text.source_trees import source_tree

_DISTANCE: Final = {
    "sqeuclidean": '''
def distance_to(points, center):
    """Squared Euclidean distance of each point to one center."""
    total = (points[:, 0] - center[0]) ** 2
    for j in range(1, points.shape[1]):
        total += (points[:, j] - center[j]) ** 2
    return total


comparable_distance = distance_to
''',
    "euclidean": '''
def comparable_distance(points, center):
    """Squared Euclidean distance of each point to one center: the nearest by it is the nearest without the square."""
    total = (points[:, 0] - center[0]) ** 2
    for j in range(1, points.shape[1]):
        total += (points[:, j] - center[j]) ** 2
    return total


def distance_to(points, center):
    """Euclidean distance of each point to one center."""
    return np.sqrt(comparable_distance(points, center))
''',
    "cityblock": '''
def distance_to(points, center):
    """Manhattan distance of each point to one center."""
    total = np.abs(points[:, 0] - center[0])
    for j in range(1, points.shape[1]):
        total += np.abs(points[:, j] - center[j])
    return total


comparable_distance = distance_to
''',
}

_CENTER: Final = {
    "mean": '''
def nearest_to_mean(values):
    """The float nearest to the true mean: a plain sum rounds, and differently in every order."""
    mean = math.fsum(values) / len(values)
    return mean + math.fsum([*values, *[-mean] * len(values)]) / len(values)


def center_of(members):
    """The mean of a cluster's points."""
    return np.array([nearest_to_mean(column.tolist()) for column in members.T])
''',
    "medoid": '''
def center_of(members):
    """The medoid: the one of a cluster's points with the least summed distance to the others; of equal ones the first.

    By the triangle inequality |S(x) - m d(x, y)| is at most S(y), which spares most points a sum of their own.
    """
    m, tie = len(members), 1e-12
    sums, bounds = np.full(m, np.inf), np.zeros(m)
    for i in np.argsort(distance_to(members, members.mean(axis=0)), kind="stable"):
        if bounds[i] * (1 - tie) > sums.min() * (1 + tie):
            continue
        distances = distance_to(members, members[i])
        sums[i] = distances.sum()
        np.maximum(bounds, np.abs(sums[i] - m * distances), out=bounds)
    return members[np.argmax(sums <= sums.min() * (1 + tie))]
''',
    "median": '''
def center_of(members):
    """The median of a cluster's points in each coordinate."""
    return np.median(members, axis=0)
''',
}

_EMPTY: Final = {
    "keep": """
        # An empty cluster keeps its center.
""",
    "farthest": """
        # The center of an empty cluster goes to the point that is farthest from its own center.
        if len(empty):
            own = cost_of_each(points, centers, labels)
            centers[empty] = points[np.argsort(-own, kind="stable")[: len(empty)]]
""",
    "drop": """
        # An empty cluster is dropped: it gets no points any more.
        active[empty] = False
""",
}

_RUN: Final = '''
def cost_of_each(points, centers, labels):
    """What each point adds to the cost: its distance to its own center."""
    own = np.empty(len(points))
    for j, center in enumerate(centers):
        own[labels == j] = distance_to(points[labels == j], center)
    return own


def k_means(points, centers, max_iterations):
    """Run K-means from these centers; return its steps and the labels at the end.

    A step is (phase, iteration, centers, points that switched, cost, had an empty cluster).
    """
    centers, active = centers.copy(), np.ones(len(centers), dtype=bool)
    labels, steps = None, [("init", 0, centers.copy(), 0, None, False)]
    for iteration in range(max_iterations + 1):
        # ASSIGN: each point goes to its nearest center, of equal ones to the first.
        distances = np.stack([comparable_distance(points, center) for center in centers])
        distances[~active] = np.inf
        before, labels = labels, distances.argmin(axis=0)
        switched = len(points) if before is None else int((labels != before).sum())
        cost = cost_of_each(points, centers, labels).sum()
        steps.append(("assign", iteration, centers.copy(), switched, cost, False))
        if not switched or iteration == max_iterations:
            return steps, labels
        # REFINE: each center goes to the middle of its points.
        counts = np.bincount(labels, minlength=len(centers))
        for j in np.flatnonzero(counts):
            centers[j] = center_of(points[labels == j])
        cost = cost_of_each(points, centers, labels).sum()
        empty = np.flatnonzero((counts == 0) & active)
EMPTY
        steps.append(("refine", iteration + 1, centers.copy(), 0, cost, len(empty) > 0))
    return steps, labels
'''


def algorithm_code(config: RunConfig) -> str:
    """Return the source of K-means by a config's rule and its policy for empty clusters."""
    rule = RULES[config.rule]
    run = _RUN.replace("EMPTY", _EMPTY[config.empty].strip("\n"))
    return "\n\n".join(part.strip() + "\n" for part in (_DISTANCE[rule.distance], _CENTER[rule.center], run))


def start_code(centers: Centers, how: str) -> str:
    """Return the source of the starting centers ``(k, d)``, to the last bit, with a comment on how they were placed."""
    rows = "".join(f"    {json.dumps(row)},\n" for row in np.asarray(centers, dtype=np.float64).tolist())
    return f"# Starting centers: {how}.\nstart = np.array([\n{rows}])"


class _AnnotationRemover(ast.NodeTransformer):
    """Removes annotations, which the code does not need."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.returns = None
        for argument in (*node.args.args, *node.args.kwonlyargs):
            argument.annotation = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        assert node.value is not None
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def dataset_code(name: str, seed: int, sizes: dict[str, float]) -> str:
    """Return source that draws a dataset as ``make_dataset`` does: its generator, with all that it calls."""
    generator = DATASETS[name].generate.__name__
    functions = {key: value for key, value in vars(datasets).items() if inspect.isfunction(value)}
    names, code = [generator], dict[str, str]()
    while names:
        function = names.pop()
        if function in code or functions[function].__module__ != datasets.__name__:
            continue
        tree = _AnnotationRemover().visit(source_tree(inspect.getsource(functions[function])))
        code[function] = ast.unparse(ast.fix_missing_locations(tree))
        names += [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in functions]
    arguments = "".join(
        f", {key}={int(value) if float(value).is_integer() else value!r}" for key, value in sizes.items()
    )
    source = "\n\n\n".join(code[name] for name in functions if name in code)
    call = f"points, truth = {generator}(np.random.default_rng({seed}){arguments})"
    return f"from math import inf, sqrt\n\n\n{source}\n\n\n{call}"
