"""Sentences of the page: what the criteria pick, how each was computed, and what its charts show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from math import isnan
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Labels
from kmeans_core.messages.lists import enumeration, joined, joined_clauses
from ui.analyses.how_many import gap_criterion, silhouette_criterion
from ui.analyses.how_many.curves import Criterion, Curve
from ui.analyses.how_many.elbow_criterion import elbow_pick
from ui.analyses.how_many.gap_criterion import REFERENCE_SETS, RUNS_PER_REFERENCE_SET
from ui.analyses.how_many.trials import INIT, MAX_TRIED_K, SAMPLE_POINTS, SAMPLE_SEED, Trial, runs_per_k
from ui.charts.palette import MAX_K
from ui.charts.thumbnails import MOST_POINTS, Ending, clusters_in_words
from ui.settings.points import label_column
from ui.settings.run_input import RunInput
from ui.text.markup import insert_no_break_spaces
from ui.text.messages import message, message_html

_SHORTER_CURVE: Final = 8
"""The K at which the elbow's curve is cut to see whether its bend stays."""


Stage = Literal["done", "sample", "partial"]
"""Whether every K was tried on all points, every K on a sample of them, or only some K so far."""


def finding(criteria: Sequence[Criterion], groups: str, stage: Stage) -> str:
    """Say whether the criteria agree on a K for the points.

    Parameters
    ----------
    criteria : sequence of Criterion
        Elbow, silhouette, and gap statistic.
    groups : str
        A sentence about the groups or labels of the data; empty if there are none.
    stage : Stage
    """
    elbow = criteria[0]
    tried = len(elbow.points.values)
    if tried == 1:
        return message("how_many.one_k", done=stage != "partial")
    if tried == 2:
        return message("how_many.few_k", done=stage != "partial", tried=tried, percent=float(elbow.points.values[-1]))
    return " ".join(filter(None, [_agreement(criteria, tried, stage), groups]))


def _agreement(criteria: Sequence[Criterion], tried: int, stage: Stage) -> str:
    """Say whether the criteria agree on the points."""
    picks = {_pick(criterion.points) for criterion in criteria}
    if len(picks) == 1 and "none" not in picks:
        return message("how_many.agree", stage=stage, points=SAMPLE_POINTS, tried=tried, k=picks.pop())
    return message("how_many.disagree", stage=stage, points=SAMPLE_POINTS, tried=tried)


def picks(criteria: Sequence[Criterion]) -> str:
    """Return a line for each criterion: which K it picks, and what that means in plain words; HTML."""
    lines = [
        message_html("how_many.pick", criterion=criterion.name, pick=_pick(criterion.points)) for criterion in criteria
    ]
    return f'<ul class="criteria">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def run_links(addresses: Mapping[int, str]) -> str:
    """Return links to runs in the player, whose addresses are given by their K; HTML."""
    links = [
        f'<a href="{escape(address)}">{message_html("how_many.look", k=k)}</a>' for k, address in addresses.items()
    ]
    return f'<p class="criteria-links">{"".join(links)}</p>' if links else ""


def noise(criteria: Sequence[Criterion]) -> str:
    """Say which K the criteria pick on uniform noise."""
    gap = criteria[2]
    return message(
        "how_many.noise",
        always=gap.shown_pick_count == len(gap.noise_picks),
        times=gap.shown_pick_count,
        sets=len(gap.noise_picks),
        **{criterion.name: _pick(criterion.noise) for criterion in criteria},
    )


def sampled_answer(n: int, tried: int) -> str:
    """Say that the criteria are those of a sample, and how far the computation on all ``n`` points is."""
    values = {"points": SAMPLE_POINTS, "n": n, "seed": str(SAMPLE_SEED)}
    return message("how_many.sampled_answer", tried=tried, started=tried > 0, **values)


def _pick(curve: Curve) -> str:
    """Return the K that a curve picks, or "none"."""
    return "none" if curve.pick is None else str(curve.pick)


def known_groups(inputs: RunInput) -> str:
    """Say how many true groups the data has, or values its column of labels; empty if that is unknown."""
    count, column = inputs.true_group_count(), label_column(inputs.settings)
    if not count:
        return ""
    if column:
        return message("how_many.label_values", column=column, count=count)
    return message("how_many.true_groups", count=count)


def headline(criterion: Criterion) -> str:
    """Return the name of a criterion, as the title of its chart."""
    return message("how_many.headline", criterion=criterion.name)


def search(trials: Sequence[Trial], n: int, rule: str) -> str:
    """Say why the criteria disagree, how well each K was searched, and where the search is known to have failed."""
    return " ".join(_search_sentences(trials, n, rule))


def _search_sentences(trials: Sequence[Trial], n: int, rule: str) -> Iterator[str]:
    yield message(
        "how_many.search",
        runs=runs_per_k(n, rule),
        init=INIT,
        draws=REFERENCE_SETS,
        reference_runs=RUNS_PER_REFERENCE_SET,
    )
    count = gap_criterion.MAX_POINTS
    if n > count:
        yield message("how_many.sampled_gap", points=count, runs=runs_per_k(count, "mean"))
    yield message("how_many.colors", first=MAX_K + 1, last=MAX_TRIED_K, colors=MAX_K)
    # The best clustering with a cluster more never costs more.
    failed = [after.k for before, after in pairwise(trials) if after.costs.points > before.costs.points * (1 + 1e-9)]
    if failed:
        yield message("how_many.search_failed", ks=enumeration(failed))
    if stopped := [trial.k for trial in trials if not trial.converged]:
        yield message("how_many.cut_off", ks=enumeration(stopped))


def explanation(criterion: Criterion, n: int, rule: str) -> str:
    """Say what a criterion asks, how it was computed, and what to make of it; Markdown."""
    if criterion.name == "elbow":
        text = _elbow_explanation(criterion.points)
    elif criterion.name == "silhouette":
        points = silhouette_criterion.MAX_POINTS
        text = message("how_many.silhouette", sampled=n > points, points=points)
    else:
        text = _gap_explanation(criterion, n, rule)
    return insert_no_break_spaces(text)


def _elbow_explanation(curve: Curve) -> str:
    short = Curve(curve.values, elbow_pick(curve.values[:_SHORTER_CURVE]))
    moves = len(curve.values) > _SHORTER_CURVE and short.pick != curve.pick
    return message("how_many.elbow", moves=moves, short=_SHORTER_CURVE, short_pick=_pick(short))


def _gap_explanation(criterion: Criterion, n: int, rule: str) -> str:
    curve = criterion.points
    # A dot is 8 pixels high, the chart about 200.
    small = curve.errors is not None and 2 * max(curve.errors) < 0.04 * (max(curve.values) - min(curve.values))
    return message(
        "how_many.gap",
        draws=REFERENCE_SETS,
        small=bool(small),
        by_means=rule == "mean",
        sampled=n > gap_criterion.MAX_POINTS,
        points=gap_criterion.MAX_POINTS,
        sets=len(criterion.noise_picks),
        times=criterion.shown_pick_count,
        pick=_pick(criterion.noise),
    )


def criterion_alt(criterion: Criterion) -> str:
    """Describe a criterion's chart for readers who can't see it."""
    return message(
        "how_many.criterion_alt",
        criterion=criterion.name,
        values=_values(criterion.points),
        pick=_pick(criterion.points),
        noise_values=_values(criterion.noise),
        noise_pick=_pick(criterion.noise),
    )


def _values(curve: Curve) -> str:
    return joined([message("how_many.value", known=not isnan(value), value=value) for value in curve.values.tolist()])


def picture_alt(end: Ending) -> str:
    """Describe the picture of the chosen K for readers who can't see it."""
    sizes = np.bincount(end.labels, minlength=end.k).tolist()
    clusters = clusters_in_words(dict(enumerate(sizes)))
    return message("how_many.picture_alt", n=end.n, k=end.k, clusters=clusters)


def sample_note(end: Ending) -> str:
    """Say how much of the points and of the silhouettes is drawn; empty if it is all of them."""
    if end.n <= MOST_POINTS:
        return ""
    count = silhouette_criterion.MAX_POINTS
    return message(
        "how_many.sampled_picture",
        shown=MOST_POINTS,
        n=end.n,
        sampled_silhouettes=end.n > count,
        silhouettes=count,
    )


def cluster_silhouettes(cluster: int, values: NDArray[np.float64]) -> str:
    """Describe the silhouettes of a cluster's points, ``(m,)``."""
    return message(
        "how_many.cluster",
        cluster=cluster + 1,
        count=len(values),
        below=int(np.count_nonzero(values < 0)),
        mean=float(values.mean()) if len(values) else 0.0,
    )


def silhouettes_alt(values: NDArray[np.float64], labels: Labels, k: int) -> str:
    """Describe the chart of silhouettes, cluster by cluster, for readers who can't see it."""
    clusters = joined_clauses([cluster_silhouettes(cluster, values[labels == cluster]) for cluster in range(k)])
    return message("how_many.silhouettes_alt", clusters=clusters, mean=float(values.mean()))
