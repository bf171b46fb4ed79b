"""A run as a Jupyter notebook that repeats it to the last label, and compares it with scikit-learn.

The notebook needs NumPy and scikit-learn alone. This module needs no Jupyter: a notebook is JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from kmeans_core import INITIALISERS, RULES, RunConfig, Trace
from ui.export.notebook_cells import (
    CHECK_POINTS,
    COMPARE_LABELS,
    COMPARE_PARTITIONS,
    FIT_SKLEARN,
    IMPORTS,
    INSTALL,
    digest_code,
    picture_code,
    run_code,
)
from ui.export.notebook_code import algorithm_code, start_code
from ui.text.messages import message

Cell = dict[str, Any]


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
    cluster_names = list(names) if names is not None else list(range(trace.config.k))
    cells = [
        *_introduction(trace, points_code, link, title),
        *_run_cells(trace, start),
        *_comparison_cells(trace.config.rule),
        _markdown("about-picture", message("notebook.picture")),
        _code("picture", picture_code(cluster_names, np.flatnonzero(trace.active(-1)).tolist(), equal_units)),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "title": title}
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _introduction(trace: Trace, points_code: str, link: str, title: str) -> list[Cell]:
    return [
        _markdown("intro", _intro(trace.config, title, link)),
        _code("install", INSTALL),
        _code("imports", IMPORTS),
        _markdown("about-points", message("notebook.points")),
        _code("points", f"{points_code.strip()}\n\n{CHECK_POINTS}"),
    ]


def _run_cells(trace: Trace, start: str) -> list[Cell]:
    config = trace.config
    return [
        _markdown("about-algorithm", message("notebook.algorithm")),
        _code("algorithm", algorithm_code(config)),
        _markdown("about-run", _about_run(trace)),
        _code("start", start_code(trace[0].centers, start or _start_words(config))),
        _code("run", run_code(config.max_iter)),
        _markdown("about-digest", message("notebook.digest")),
        _code("digest", digest_code(trace)),
    ]


def _comparison_cells(rule: str) -> list[Cell]:
    return [
        _markdown("about-sklearn", _about_peer(rule)),
        _code("sklearn", FIT_SKLEARN + (COMPARE_LABELS if rule == "mean" else COMPARE_PARTITIONS)),
    ]


def _markdown(name: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> Cell:
    source = text.strip().splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": source}


# --- Texts


def _intro(config: RunConfig, title: str, link: str) -> str:
    rule = RULES[config.rule]
    values = {"k": config.k, "center": rule.center_word, "cost_name": rule.cost_words, "summary": rule.summary}
    return f"{message('notebook.intro', title=_as_markdown(title), **values)}\n\n{_link(link)}"


def _as_markdown(text: str) -> str:
    """Return a person's text on one line, with nothing in it that Markdown takes for a markup, HTML, or a formula."""
    line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$^:])", r"\\\1", escape(line, quote=False)) or message(
        "navigation.app_title"
    )


def _link(link: str) -> str:
    """Return the link to this run as Markdown, if it is a web address."""
    address = link
    for char, code in (("<", "%3C"), (">", "%3E"), ("\\", "%5C"), (" ", "%20"), ("\n", ""), ("\r", "")):
        address = address.replace(char, code)
    return message("notebook.link", address=address) if address.startswith(("http://", "https://")) else ""


def _start_words(config: RunConfig) -> str:
    method, is_given = INITIALISERS[config.init].title, config.init == "given"
    return message("notebook.init", method=method, given=is_given, seed=str(config.seed))


def _about_run(trace: Trace) -> str:
    cost = f"{trace.cost:.10g}"
    return message("notebook.run", max_iter=trace.config.max_iter, ending=trace.stop_sentence, cost=cost)


def _about_peer(rule: str) -> str:
    """Compare the run with scikit-learn's ``KMeans``."""
    if rule == "mean":
        return message("notebook.sklearn_mean")
    return message("notebook.sklearn_medoid" if rule == "medoid" else "notebook.sklearn_median")
