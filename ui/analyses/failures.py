"""Eight sets of points on which K-means fails, or seems to: a question, the run that answers it, and the picture.

Knows nothing of Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb
from textwrap import wrap
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from kmeans_core import RULES, Trace, adjusted_rand_index, cost_of, make_dataset, match_clusters, run, standardized
from kmeans_core.types import Centers, Points
from ui.charts.figures import PLAIN, TEXT, Theme, laid_out
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, CLUSTER_SYMBOLS
from ui.settings.parsers import quoted
from ui.settings.record import Settings
from ui.settings.sizes import default_sizes
from ui.text.numbers import amount, counted, share, whole

Groups = NDArray[np.integer]
"""``(n,)``: the group of each point, true or found."""

CHANCE: Final = 0.02
"""A match below this is no better than chance: in 1 of 40 tries shuffled labels reach 0.007 to 0.013 here."""


# --- What is asked, and what came of it


@dataclass(frozen=True, slots=True)
class Answer:
    """Something to guess, and what is said to a person who did."""

    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture of points.

    Attributes
    ----------
    title : str
    points : (n, 2) float64
    groups : (n,) int, or None
        What the points are coloured by; None leaves them plain.
    centers : (k, 2) float64, or None
    names : (k,) int, or None
        The group whose colour each center has.
    equal_units : bool
        Whether both axes have one scale.
    """

    title: str
    points: Points
    groups: Groups | None = None
    centers: Centers | None = None
    names: NDArray[np.intp] | None = None
    equal_units: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a case's runs came to.

    Attributes
    ----------
    before : Panel
        What is seen when the question is asked.
    after : tuple of Panel
        What is seen with the answer; two, or four.
    trace : Trace
        The run that the question is about.
    agreement : float or None
        Adjusted Rand index of that run's clusters and the true groups; None where there are none.
    numbers : dict of str to float
        What else the answer tells, by the names in its text.
    """

    before: Panel
    after: tuple[Panel, ...]
    trace: Trace
    agreement: float | None
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A set of points, a question about K-means on them, and what the answer teaches.

    Attributes
    ----------
    name : str
    title, story : str
        What the points are, in a few words and in a line.
    settings : Settings
        The run that the player shows.
    question : str
    answers : tuple of Answer
    right : int
        Which of them is true.
    told : str
        What happened; the names in braces are those of ``Found.numbers``.
    instead : str
        What to use instead, in one sentence.
    look : callable
        Takes the settings and returns what came of them.
    """

    name: str
    title: str
    story: str
    settings: Settings
    question: str
    answers: tuple[Answer, ...]
    right: int
    told: str
    instead: str
    look: Callable[[Settings], Found]

    def found(self, data_seed: int | None = None, seed: int | None = None) -> Found:
        """Run the case, be it with other seeds than its own."""
        own = self.settings
        return self.look(
            replace(
                own,
                data_seed=own.data_seed if data_seed is None else data_seed,
                seed=own.seed if seed is None else seed,
            )
        )


# --- The runs


def _data(settings: Settings) -> tuple[Points, Groups | None]:
    return make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))


def _known(settings: Settings) -> tuple[Points, Groups]:
    """Return points whose true groups are known, and these."""
    points, truth = _data(settings)
    assert truth is not None, f"{settings.data} has no true groups"
    return points, truth


def _run(settings: Settings, points: Points) -> Trace:
    return run(points, settings.run_config(points))


def _panel(title: str, points: Points, trace: Trace, like: Groups, *, equal_units: bool = True) -> Panel:
    """Return the picture of a run's end, in the colours of the groups that its clusters are most like."""
    k = max(len(trace.centers), int(like.max()) + 1)
    names = match_clusters(trace.labels, like, k=k)
    return Panel(title, points, names[trace.labels], trace.centers, names[: len(trace.centers)], equal_units)


def _shown_match(index: float) -> str:
    return share(index)


def _against_truth(settings: Settings) -> Found:
    """Return the truth beside the run."""
    points, truth = _known(settings)
    trace = _run(settings, points)
    agreement = adjusted_rand_index(trace.labels, truth)
    panel = _panel(f"K-means, K = {settings.k}", points, trace, truth)
    wrong = int(np.count_nonzero(panel.groups != truth))
    middles = np.array([points[truth == group].mean(axis=0) for group in range(int(truth.max()) + 1)])
    dearer = 100 * (cost_of(points, truth, middles) / trace.cost - 1)
    before = Panel("The true groups", points, truth)
    return Found(before, (before, panel), trace, agreement, {"wrong": wrong, "dearer": dearer})


def _against_other_rules(settings: Settings) -> Found:
    """Return the truth beside the run of every rule, from the same start."""
    points, truth = _known(settings)
    before = Panel("The true groups", points, truth)
    traces = {rule: _run(replace(settings, rule=rule), points) for rule in RULES}
    numbers = {rule: adjusted_rand_index(trace.labels, truth) for rule, trace in traces.items()}
    panels = [
        _panel(f"{RULES[rule].title}: match {_shown_match(numbers[rule])}", points, trace, truth)
        for rule, trace in traces.items()
    ]
    own = settings.rule
    least = cheapest_medoids(points, settings.k)
    found = numbers | {"cost": traces["medoid"].cost, "least": least, "triples": comb(len(points), settings.k)}
    return Found(before, (before, *panels), traces[own], numbers[own], found)


def cheapest_medoids(points: Points, k: int) -> float:
    """Return the least sum of distances that any k of the points have as medoids; tries all choices, so few points."""
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    choices = np.array(list(combinations(range(len(points)), k)))
    return float(distances[choices].min(axis=1).sum(axis=1).min())


def _against_standardized(settings: Settings) -> Found:
    """Return the truth, the run on the raw features and the run on standardized ones, and what K-means sees."""
    points, truth = _known(settings)
    scaled = standardized(points)
    raw, fixed = _run(settings, points), _run(settings, scaled)
    numbers = {
        "raw": adjusted_rand_index(raw.labels, truth),
        "standardized": adjusted_rand_index(fixed.labels, truth),
    }
    variances = points.var(axis=0)
    numbers["share"] = 100 * float(variances.max() / variances.sum())
    before = Panel("The true groups, each axis stretched to fit", points, truth, equal_units=False)
    after = (
        before,
        Panel("The same, as K-means measures it", points, truth),
        _panel("K-means on the raw numbers", points, raw, truth, equal_units=False),
        _panel("K-means after standardizing", scaled, fixed, truth),
    )
    return Found(before, after, raw, numbers["raw"], numbers)


def _against_another_start(settings: Settings) -> Found:
    """Return two runs on the same points, from different starts."""
    points, _ = _data(settings)
    one, other = _run(settings, points), _run(replace(settings, seed=settings.seed + OTHER_START), points)
    panels = (
        _panel("K-means, one start", points, one, one.labels),
        _panel("K-means, another start", points, other, one.labels),
    )
    best = [_best_of(settings, points, first) for first in (0, STARTS)]
    numbers = {
        "between": adjusted_rand_index(one.labels, other.labels),
        "best": adjusted_rand_index(*(trace.labels for trace in best)),
        "starts": STARTS,
    }
    return Found(Panel("The points", points), panels, one, None, numbers)


def _against_right_k(settings: Settings) -> Found:
    """Return the truth beside a run with a K that is much too large, and compare with the right K."""
    found = _against_truth(settings)
    points, truth = _known(settings)
    right = _best_of(replace(settings, k=int(truth.max()) + 1), points)
    numbers = {
        "starts": STARTS,
        "cheaper": 100 * (1 - found.trace.cost / right.cost),
        "right": adjusted_rand_index(right.labels, truth),
    }
    return replace(found, numbers=numbers)


def _best_of(settings: Settings, points: Points, first: int = 0) -> Trace:
    """Return the cheapest run of ``STARTS`` starts, with the seeds from ``first`` on."""
    runs = (_run(replace(settings, seed=seed), points) for seed in range(first, first + STARTS))
    return min(runs, key=lambda trace: trace.cost)


OTHER_START: Final = 1
"""How far the other start's seed is from the first one's."""

STARTS: Final = 10
"""How many starts a best one is chosen from."""


def _settings(data: str, k: int, *, data_seed: int = 0, seed: int = 0, **sizes: float) -> Settings:
    """Return settings with enough iterations to converge."""
    values = tuple((name, sizes.get(name, default)) for name, default in default_sizes(data))
    return Settings(data=data, sizes=values, data_seed=data_seed, k=k, seed=seed)


# --- The cases

CASES: Final = (
    Case(
        "rings",
        "A ring in a ring",
        "Two rings around the same middle, like a target.",
        _settings("rings", 2, points=500),
        "K-means looks for two clusters. Which two does it find?",
        (
            Answer("The inner ring and the outer ring", "You see rings. K-means sees only distances to two centers."),
            Answer("Two halves, cut straight through both rings", "It cuts straight through both rings."),
            Answer("None: it never converges", "It converges: the cost can’t fall forever."),
        ),
        1,
        "The border between two centers is a straight line, and no straight line separates a ring from the ring around "
        "it. Match with the true groups: {agreement}.",
        "Use DBSCAN (here with a radius of 0.35) or spectral clustering: they connect neighbors all the way around a "
        "ring, and match 1.00.",
        _against_truth,
    ),
    Case(
        "moons",
        "Two moons",
        "Two half circles that reach into each other.",
        _settings("moons", 2, points=400),
        "What does K-means with K = 2 make of the moons?",
        (
            Answer("Each moon is a cluster", "That would need a border that bends. Two centers have a straight one."),
            Answer(
                "Each cluster has most of one moon and the tip of the other",
                "The straight border cuts off the tips.",
            ),
            Answer("Each cluster has half of each moon", "It is not quite as bad as that."),
        ),
        1,
        "A straight border can’t follow a moon, so the tips end up on the other side: {wrong} points are in the wrong "
        "cluster. Match with the true groups: {agreement}.",
        "Use DBSCAN (here with a radius of 0.2): it joins points that lie close together, whatever shape they form, "
        "and matches 1.00.",
        _against_truth,
    ),
    Case(
        "stretched",
        "Long blobs",
        "Three long, slanted blobs side by side, with clear lanes between them.",
        _settings("anisotropic", 3, points=450, separation=5.0, stretch=10.0),
        "The lanes are easy to see. How well does K-means with K = 3 find the blobs?",
        (
            Answer("Perfectly", "The lanes are clear to us, but they are narrower than the blobs are long."),
            Answer("About half right", "That would be kind. It is worse."),
            Answer("No better than chance", "It cuts across all three."),
        ),
        2,
        "Squared distances count alike in all directions, so a cluster as long as these blobs is costly: the true "
        "groups would cost {dearer}% more than cutting across all three. Match with the true groups: {agreement}.",
        "Use a Gaussian mixture, the best of 20 starts on random points: it learns each cluster’s length and slant, "
        "and matches 0.98.",
        _against_truth,
    ),
    Case(
        "unequal",
        "Large and small",
        "A tight, small blob, a middling one, and one that is wide and has most of the points.",
        _settings("blobs", 3, blobs=3, points=600, unequal_spreads=1.0, unequal_sizes=1.0),
        "Which points does K-means with K = 3 put into the wrong cluster?",
        (
            Answer("Points of the small blob, which the wide one swallows", "It is the other way round."),
            Answer("Points of the wide blob, which the others take", "The wide blob is torn apart."),
            Answer("Hardly any", "These blobs are round, and still it goes wrong."),
        ),
        1,
        "A border lies halfway between two centers, whether a blob is wide or narrow: {wrong} points, nearly all of "
        "the wide blob, are in the wrong cluster. The true groups would cost {dearer}% more, so they are not what "
        "K-means looks for. Match with the true groups: {agreement}.",
        "Use a Gaussian mixture, run until it converges (a tolerance of 1e-6): it learns each cluster’s width and "
        "share of the points, and matches 0.97.",
        _against_truth,
    ),
    Case(
        "outlier",
        "One wrong point",
        "Three tidy blobs of 15 points each, and one point far away: a typing mistake, perhaps.",
        _settings("outlier", 3, points=46, outlier_distance=70.0),
        "One point of 46 is wrong. What does it do to K-means with K = 3?",
        (
            Answer("Next to nothing: it is one of many", "Distances are squared, so one far point weighs most."),
            Answer("It draws one center a little to the right", "It does more than that."),
            Answer("It gets a cluster of its own, and two blobs must share one", "One point costs a whole blob."),
        ),
        2,
        "Squared, its distance outweighs a whole blob, so with means it gets a cluster of its own: match {mean}. "
        "Medoids and medians add up plain distances. One point hardly moves such a center, and from the same start "
        "both end with the three blobs: match {medoid} and {median}. But the medoids shown are not the cheapest: of "
        "all {triples} choices of three, the best costs {least} instead of {cost}, and gives this point a cluster of "
        "its own, too.",
        "Find far points first and set them aside: DBSCAN (here with a radius of 2) leaves out this one alone, and "
        "finds the three blobs.",
        _against_other_rules,
    ),
    Case(
        "units",
        "Different units",
        "Two groups, one above the other. The numbers on one axis are much larger than on the other.",
        _settings("unscaled", 2, points=300),
        "On the screen they are two groups. Does K-means with K = 2 find them?",
        (
            Answer("Yes: the gap is plain to see", "The screen stretched the axes to fit. K-means does not."),
            Answer("No: it splits them left from right", "The axis with the large numbers decides the distances."),
            Answer("It depends on the start", "All 200 starts that we tried end with the same two clusters."),
        ),
        1,
        "K-means measures in the numbers as they are, and {share}% of their variance lies along one axis. Match with "
        "the true groups: {raw}. Standardized, so that each axis has a standard deviation of 1, the same start comes "
        "to {standardized}.",
        "Standardize columns whose units differ, but compare: on the sepal width and petal length of the iris flowers, "
        "both in centimeters, it lowers the match from 0.80 to 0.54.",
        _against_standardized,
    ),
    Case(
        "nothing",
        "Nothing to find",
        "Points spread at random over a square: there are no groups at all.",
        _settings("uniform", 5, points=500),
        "What does K-means with K = 5 make of this?",
        (
            Answer("One cluster: it sees that there are no groups", "It can’t: you choose K, and it keeps to it."),
            Answer("Five clusters, and the same five from every start", "Five it finds, but not the same ones."),
            Answer("Five clusters, but others from another start", "Five it was asked for, and five it finds."),
        ),
        2,
        "Nothing in the result says that there are no groups. The results of these two starts match only {between}. "
        "But a good match would prove nothing either: the best of {starts} results and the best of {starts} others "
        "match {best}.",
        "Ask first whether there are groups: the gap statistic compares with points like these, and here takes K = 1.",
        _against_another_start,
    ),
    Case(
        "spare",
        "Too many centers",
        "Three round blobs, far apart: just what K-means is good at. But it is asked for ten clusters.",
        _settings("blobs", 10, blobs=3, points=400),
        "K = 10 on three blobs. What do the seven spare centers do?",
        (
            Answer("They stay empty", "Each starts on a point of its own, and here none loses all its points."),
            Answer("They share the blobs: each blob is cut into pieces", "No center is left over."),
            Answer("They raise the cost", "Here they lower it, and that is the trap."),
        ),
        1,
        "Every blob is cut up, and no cluster is empty. The cost is {cheaper}% lower than the best of {starts} starts "
        "with K = 3, though the match with the true groups falls from {right} to {agreement}: the cost alone can’t "
        "tell you K.",
        "Try several K and compare their mean silhouettes: of K = 2 to 12, K = 3 has the largest.",
        _against_right_k,
    ),
)
"""The gallery, in its order."""


# --- Guesses

LETTERS: Final = "abc"
"""What an answer is called in a link."""

NOT_YET: Final = "-"
SHOWN: Final = "x"
"""In the place of an answer: the person did not guess, but asked to see it."""


def read_guesses(text: str) -> str:
    """Return what a link says was guessed, one character for each case, or raise a ``ValueError`` with the sentence."""
    guesses = text.ljust(len(CASES), NOT_YET)
    allowed = f"[{LETTERS}{SHOWN}{NOT_YET}]"
    if not re.fullmatch(f"{allowed}{{{len(CASES)}}}", guesses):
        wanted = f"The guesses must be up to {len(CASES)} letters of a, b, c, x and -"
        raise ValueError(f"{wanted}, not {quoted(text)}. They are left out.")
    return guesses


def checked_guesses(text: str) -> str:
    """Return the guesses of a link as a link writes them, or raise a ``ValueError`` with the sentence."""
    return written_guesses(read_guesses(text))


def written_guesses(guesses: str) -> str:
    """Return guesses for a link, as short as they can be said."""
    return guesses.rstrip(NOT_YET)


def with_guess(guesses: str, case: int, letter: str) -> str:
    """Return the guesses with one more; the first guess counts."""
    return guesses if guesses[case] != NOT_YET else guesses[:case] + letter + guesses[case + 1 :]


def with_all_shown(guesses: str) -> str:
    """Return the guesses with all other answers on show."""
    return guesses.replace(NOT_YET, SHOWN)


def is_answered(guess: str) -> bool:
    """Tell whether a case's answer is on show."""
    return guess != NOT_YET


def progress(guesses: str) -> tuple[int, int]:
    """Return how many answers are on show, and how many questions are left."""
    left = guesses.count(NOT_YET)
    return len(guesses) - left, left


def score(guesses: str) -> str:
    """Say how many guesses were right, and how many are to come."""
    made = [(case, guess) for case, guess in zip(CASES, guesses, strict=True) if guess in LETTERS]
    right = sum(LETTERS.index(guess) == case.right for case, guess in made)
    _, left = progress(guesses)
    told = f"{right} of {len(made)} guess{'' if len(made) == 1 else 'es'} right" if made else ""
    if not left:
        return f"{told}." if told else "All answers are shown."
    return f"{told}, {left} to go." if told else f"{left} questions, nothing to lose."


def label(case: Case, answer: int, guess: str) -> str:
    """Return what the button of an answer says: the true one in bold, once it is on show."""
    text = case.answers[answer].text
    return f"**{text}**" if is_answered(guess) and answer == case.right else text


# --- Words


def told(case: Case, found: Found) -> str:
    """Return what happened in a case, with its numbers."""
    agreement = {} if found.agreement is None else {"agreement": found.agreement}
    indices = {"agreement", "between", "best", "right", "raw", "standardized", *RULES}
    rounded = {"wrong", "dearer", "cheaper", "starts", "triples"}
    values = {
        name: _shown_match(value) if name in indices else whole(round(value)) if name in rounded else amount(value)
        for name, value in {**agreement, **found.numbers}.items()
    }
    return case.told.format_map(values)


def icon(case: Case, answer: int, guess: str) -> str | None:
    """Return the mark of an answer: none before the guess."""
    if is_answered(guess) and answer == case.right:
        return ":material/check:"
    return ":material/close:" if LETTERS.find(guess) == answer else None


def feedback(case: Case, guess: str) -> str:
    """Answer a guess in a few kind words."""
    if guess == SHOWN:
        return f"The answer: {case.answers[case.right].text[0].lower()}{case.answers[case.right].text[1:]}."
    reply = case.answers[LETTERS.index(guess)].reply
    return f"Right. {reply}" if LETTERS.index(guess) == case.right else f"Not this time. {reply}"


def finding(found: Mapping[str, Found]) -> str:
    """Say how badly K-means does on the cases, and that it does not say so itself."""
    lost = sum(one.agreement is not None and abs(one.agreement) < CHANCE for one in found.values())
    rested = sum(one.trace.stop_reason == "converged" for one in found.values())
    all_of_them = "all" if rested == len(found) else f"{rested} of"
    return (
        f"In {lost} of these {len(found)} cases K-means matches the true groups no better than chance, and yet "
        f"{all_of_them} {len(found)} runs converge without any warning. Can you tell which {lost}?"
    )


def in_words(case: Case, found: Found, answered: bool) -> str:
    """Say what a case's pictures show, for those who can't see them."""
    seen = f"{counted(len(found.before.points), 'point')}. {case.story}"
    if not answered:
        return seen
    titles = "; ".join(panel.title for panel in found.after)
    return f"{seen} {len(found.after)} pictures: {titles}. {told(case, found)}"


def numbers(found: Mapping[str, Found], guesses: str) -> dict[str, list[object]]:
    """Return the runs whose answers are on show as the columns of a table."""
    seen = [case for case, guess in zip(CASES, guesses, strict=True) if is_answered(guess)]
    runs = [found[case.name].trace for case in seen]
    agreements = [found[case.name].agreement for case in seen]
    return {
        "case": [case.title for case in seen],
        "points": [len(found[case.name].before.points) for case in seen],
        "K": [trace.config.k for trace in runs],
        "match with the true groups": [None if value is None else round(value, 4) for value in agreements],
        "iterations": [trace.iterations for trace in runs],
        "stopped because": [trace.stop_reason.value for trace in runs],
        "cost": [trace.cost for trace in runs],
    }


# --- The pictures


def figure(panels: Sequence[Panel], theme: Theme) -> go.Figure:
    """Return the panels beside each other, at most two in a row, all in a figure of one height."""
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    drawn = make_subplots(
        rows=rows,
        cols=columns,
        # A phone has room for so much of a title in one line.
        subplot_titles=["<br>".join(wrap(panel.title, 24)) for panel in panels],
        horizontal_spacing=0.05,
        # For the numbers below the upper panels, and a title of two lines.
        vertical_spacing=0.3,
    )
    for at, panel in enumerate(panels):
        # In a small panel the points matter more than how large a center is.
        _draw(drawn, panel, theme, at // columns + 1, at % columns + 1, center=14 if rows == 1 else 8)
    laid_out(drawn, theme, height=340)
    drawn.update_layout(margin_t=44)  # room for a title of two lines
    drawn.update_xaxes(nticks=4, tickfont={"size": 11})
    drawn.update_yaxes(nticks=4, tickfont={"size": 11})
    drawn.update_annotations(font={"size": 13})
    return drawn


def _draw(drawn: go.Figure, panel: Panel, theme: Theme, row: int, column: int, *, center: int) -> None:
    """Draw one panel: the points, group by group, and the centers above them, ``center`` pixels wide."""
    groups = panel.groups
    for group in [None] if groups is None else np.unique(groups).tolist():
        some = panel.points if groups is None else panel.points[groups == group]
        drawn.add_scatter(
            row=row,
            col=column,
            x=some[:, 0].astype(np.float32),
            y=some[:, 1].astype(np.float32),
            mode="markers",
            marker={
                "color": PLAIN[theme] if group is None else CLUSTER_COLORS[theme][group],
                "symbol": "circle" if group is None else CLUSTER_SYMBOLS[group],
                "size": 5,
                "opacity": 0.75,
            },
            hoverinfo="skip",
        )
    if panel.centers is not None and panel.names is not None:
        for size, color in (
            (center + 5, [TEXT[theme]] * len(panel.names)),
            (center, _colors(panel.names, theme)),
        ):
            drawn.add_scatter(
                row=row,
                col=column,
                x=panel.centers[:, 0],
                y=panel.centers[:, 1],
                mode="markers",
                marker={
                    "color": color,
                    "symbol": [CLUSTER_SYMBOLS[name] for name in panel.names],
                    "size": size,
                    "opacity": 1,
                    "line": {"width": 1.5, "color": BACKGROUND[theme]},
                },
                hoverinfo="skip",
            )
    if panel.equal_units:
        axis = next(drawn.select_xaxes(row=row, col=column)).plotly_name.removeprefix("xaxis")
        drawn.update_yaxes(row=row, col=column, scaleanchor=f"x{axis}", scaleratio=1)


def _colors(names: NDArray[np.intp], theme: Theme) -> list[str]:
    return [CLUSTER_COLORS[theme][name] for name in names]
