"""Digests of every half-step of many runs. The browser's Python runs this text, too: it imports what is there."""

from __future__ import annotations

import hashlib
from itertools import product

import numpy as np

from kmeans_core import EMPTY_POLICIES, INITIALISERS, RULES
from ui.settings.edit_links import encode_places
from ui.settings.links import decode
from ui.settings.run_input import run_input


def half_step_digests(datasets: list[str]) -> dict[str, list[str]]:
    """Return, for each run on some datasets, the digest of its points and those of its half-steps."""
    runs = {}
    for data, rule, init, empty in product(datasets, RULES, INITIALISERS, EMPTY_POLICIES):
        link = {"data": data, "rule": rule, "init": init, "empty": empty}
        if init == "given":
            link["centers"] = encode_places(((0.0, 0.0), (1.0, 1.0), (2.0, 5.0)))
        settings, _ = decode(link)
        inputs = run_input(settings)
        trace = inputs.trace()
        digests = [hashlib.sha256(inputs.points.tobytes())]
        for step in trace:
            labels = np.asarray(step.labels if step.labels is not None else [], dtype=np.int64)
            content = labels.tobytes() + step.centers.tobytes() + np.float64(step.cost or 0).tobytes()
            digests.append(hashlib.sha256(content))
        runs[f"{data} {rule} {init} {empty}"] = [digest.hexdigest() for digest in digests]
    return runs
