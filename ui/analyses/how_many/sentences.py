"""Sentences of the page: what the criteria pick, how each was computed, and what its charts show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isnan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import INITIALISERS
from kmeans_core.types import Labels
from ui.analyses.how_many import gap_statistic, silhouettes
from ui.analyses.how_many.curves import Criterion, Curve
from ui.analyses.how_many.elbow import elbow_pick
from ui.analyses.how_many.gap_statistic import REFERENCE_SETS, RUNS_PER_REFERENCE_SET
from ui.analyses.how_many.trials import INIT, MAX_TRIED_K, Trial, runs_per_k
from ui.charts.palette import MAX_K
from ui.charts.thumbnails import MOST_POINTS, Ending
from ui.settings.points import label_words
from ui.settings.runs import RunInput
from ui.text.markup import kept_together
from ui.text.numbers import amount, counted, whole

_SHORTER_CURVE: Final = 8
"""The K at which the elbow's curve is cut to see whether its bend stays."""


def finding(found: Sequence[Criterion], known: str, done: bool) -> str:
    """Say which K the criteria pick for these points and for uniform noise.

    ``known`` says how many groups or labels the data has; "" if nobody knows.
    """
    elbow, _, _ = found
    tried = len(elbow.points.values)
    if tried < 3:
        head = f"So far K is {tried} at most" if not done else f"With {counted(tried, 'point')} K is {tried} at most"
        if tried == 1:
            return (
                f"{head}: there is nothing to choose from yet." if not done else f"{head}: there is nothing to choose."
            )
        return f"{head}, and the cost is {amount(float(elbow.points.values[-1]))} % of that with K = 1."
    says = {one.points.pick for one in found}
    if len(says) == 1 and None not in says:
        told = f"Elbow, silhouette and gap statistic all say K = {elbow.points.pick}"
    else:
        told = f"The three criteria disagree: {_said([one.points for one in found], tried)}"
    so_far = "" if done else f"So far, up to K = {tried}: "
    gap = found[2]
    often = (
        f" ({gap.shown_pick_count} of {len(gap.noise_picks)} times)"
        if gap.shown_pick_count < len(gap.noise_picks)
        else ""
    )
    return (
        f"{so_far}{told}{f'; {known}' if known else ''}. On uniform noise over the same box, where there are no "
        f"clusters, {_said([one.noise for one in found], tried)}{often}."
    )


def _said(curves: Sequence[Curve], tried: int) -> str:
    """Say in a list which K each criterion picks, if it picks one."""
    subjects = ("the elbow", "the silhouette", "the gap statistic")
    nothing = ("the curve has no elbow", "there is no silhouette", f"the gap statistic picks none up to K = {tried}")
    told = [
        without if curve.pick is None else f"{subject} says K = {curve.pick}"
        for curve, subject, without in zip(curves, subjects, nothing, strict=True)
    ]
    return f"{told[0]}, {told[1]}, and {told[2]}"


def _k(k: int | None) -> str:
    return "none" if k is None else f"K = {k}"


def headline(criterion: Criterion) -> str:
    """Say in a line which K a criterion picks, here and on uniform noise."""
    return f"{criterion.title}: {_k(criterion.points.pick)}; on noise {_k(criterion.noise.pick)}"


def how_tried(tried: Sequence[Trial], n: int, rule: str) -> str:
    """Say why the criteria disagree, how well each K was searched, and where the search is known to have failed."""
    runs_each = f"For each K, the best of {runs_per_k(n, rule)} runs from {INITIALISERS[INIT].title.lower()} counts"
    count = min(n, gap_statistic.MAX_POINTS)
    sampled = (
        f" The gap statistic and the noise have {whole(count)} points; the gap statistic clusters its sample of the "
        f"points anew, from {runs_per_k(count, 'mean')} starts."
        if n > gap_statistic.MAX_POINTS
        else ""
    )
    told = [
        "Why don’t they agree? The elbow asks how fast the cost falls, the silhouette whether clusters lie apart, the "
        "gap statistic whether there is more to gain than on noise: three questions, and none of them is what you want "
        f"the clusters for. {runs_each}, on noise too; on the {REFERENCE_SETS} draws of the gap statistic, the best of "
        f"{RUNS_PER_REFERENCE_SET}.{sampled} K = {MAX_K + 1} to {MAX_TRIED_K} can’t be looked at: there are "
        f"{MAX_K} colors that can be told apart.",
        _missed(tried),
        _cut_off(tried),
    ]
    return " ".join(part for part in told if part)


def _missed(tried: Sequence[Trial]) -> str:
    """Say for which K no run found the best clustering: that of one cluster fewer costs less."""
    missed = [after.k for before, after in pairwise(tried) if after.costs.points > before.costs.points * (1 + 1e-9)]
    if not missed:
        return ""
    return (
        f"The search failed for {_ks(missed)}: no run was as good as the best one with a cluster fewer, though the "
        "best clustering of all would be."
    )


def _cut_off(tried: Sequence[Trial]) -> str:
    """Say for which K the best run reached the iteration limit."""
    stopped = [one.k for one in tried if not one.converged]
    if not stopped:
        return ""
    return f"For {_ks(stopped)} the best run reached the iteration limit before converging; its cost could still fall."


def _ks(ks: Sequence[int]) -> str:
    names = [str(k) for k in ks]
    return f"K = {names[0]}" if len(names) == 1 else f"K = {', '.join(names[:-1])} and {names[-1]}"


def explained(criterion: Criterion, n: int, rule: str) -> str:
    """Say what a criterion asks, how it was computed, and what to make of it; Markdown."""
    words = {"elbow": _elbow_words, "silhouette": _silhouette_words, "gap": _gap_words}[criterion.name]
    return kept_together(words(criterion, n, rule))


def _elbow_words(criterion: Criterion, n: int, rule: str) -> str:
    own, tried = criterion.points, len(criterion.points.values)
    cut = elbow_pick(own.values[:_SHORTER_CURVE]) if tried > _SHORTER_CURVE else own.pick
    moves = (
        f"Drawn to K = {_SHORTER_CURVE} only, that would be K = {cut}: where it bends depends on where it ends. "
        if cut != own.pick
        else ""
    )
    return (
        "Where does the cost stop falling fast? There is no agreed rule for that; ringed is the K farthest below the "
        f"straight line between the curve’s ends. {moves}The curve of uniform noise bends too. “Stop using the elbow "
        "criterion”, says [E. Schubert (2023)](https://doi.org/10.1145/3606274.3606278)."
    )


def _silhouette_words(criterion: Criterion, n: int, rule: str) -> str:
    some = (
        f" Here: the mean of {whole(silhouettes.MAX_POINTS)} points, drawn at random."
        if n > silhouettes.MAX_POINTS
        else ""
    )
    return (
        "How much nearer is a point to its own cluster than to the next one? 1: far apart, 0: on the border. Ringed is "
        f"the largest mean. There always is one, on uniform noise too, and K = 1 has no silhouette.{some} "
        "[P. J. Rousseeuw (1987)](https://doi.org/10.1016/0377-0427(87)90125-7)."
    )


def _gap_words(criterion: Criterion, n: int, rule: str) -> str:
    some = f", on {whole(gap_statistic.MAX_POINTS)} points drawn at random" if n > gap_statistic.MAX_POINTS else ""
    own = criterion.points
    # A dot is 8 of the chart's some 200 pixels high.
    small = own.errors is not None and 2 * max(own.errors) < 0.04 * (max(own.values) - min(own.values))
    hidden = ", smaller than the dots" if small else ""
    other = "" if rule == "mean" else " (it is defined with those, whatever rule is chosen)"
    return (
        f"How much lower is the log of the cost than on uniform noise, here the mean of {REFERENCE_SETS} draws? Bars: "
        f"one standard error{hidden}. Ringed is the authors’ choice, the smallest K where one more cluster does not "
        f"help by more than its error; that may be K = 1. Computed with sums of squares{other}{some}. "
        f"The noise shown is one of {len(criterion.noise_picks)} sets, each against the others; "
        f"{criterion.shown_pick_count} of them say {_k(criterion.noise.pick)}. "
        "[R. Tibshirani, G. Walther, T. Hastie (2001)](https://doi.org/10.1111/1467-9868.00293)."
    )


def in_words(criterion: Criterion) -> str:
    """Say what a criterion's chart shows, for those who can't see it."""
    names = {
        "elbow": "The cost over K, in per cent of the cost with K = 1",
        "silhouette": "The mean silhouette over K",
        "gap": "The gap statistic over K",
    }
    own, other = (
        ", ".join("none" if isnan(value) else f"{value:.3g}" for value in curve.values)
        for curve in (criterion.points, criterion.noise)
    )
    return (
        f"{names[criterion.name]}, from K = 1 on. These points: {own}; it picks {_k(criterion.points.pick)}. "
        f"Uniform noise: {other}; it picks {_k(criterion.noise.pick)}."
    )


def picture_in_words(end: Ending) -> str:
    """Say what the picture of the chosen K shows, for those who can't see it."""
    sizes = np.bincount(end.labels, minlength=end.k)
    told = ", ".join(f"cluster {cluster + 1} has {whole(int(size))}" for cluster, size in enumerate(sizes))
    return f"The {counted(end.n, 'point')} in {counted(end.k, 'cluster')}: {told}."


def picture_words(end: Ending) -> str:
    """Say how much of the points and of the silhouettes is drawn; nothing where it is all."""
    some = f"The picture shows {whole(MOST_POINTS)} of the {counted(end.n, 'point')}" if end.n > MOST_POINTS else ""
    of_silhouettes = (
        f", and there are silhouettes of {whole(silhouettes.MAX_POINTS)}, drawn at random"
        if end.n > silhouettes.MAX_POINTS
        else ""
    )
    return f"{some}{of_silhouettes}." if some else ""


def cluster_words(cluster: int, own: NDArray[np.float64]) -> str:
    """Describe the silhouettes of a cluster's points, ``(m,)``."""
    if not len(own):
        return f"Cluster {cluster + 1}: no points"
    below = int(np.count_nonzero(own < 0))
    other = f", {whole(below)} of them nearer to another" if below else ""
    return f"Cluster {cluster + 1}: {counted(len(own), 'point')}{other}, mean {own.mean():.2f}"


def silhouettes_in_words(values: NDArray[np.float64], labels: Labels, k: int) -> str:
    """Say what the chart of silhouettes shows, cluster by cluster."""
    told = "; ".join(cluster_words(cluster, values[labels == cluster]) for cluster in range(k))
    return f"The silhouette of each point, sorted within its cluster. {told}. The mean of all is {values.mean():.2f}."


def known_groups(inputs: RunInput) -> str:
    """Say how many groups generated points were drawn from, or how many values a table's labels have; "" if unknown."""
    count = inputs.true_group_count()
    return label_words(inputs.settings).has(count) if count else ""
