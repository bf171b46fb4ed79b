"""The cases: a set of points each, a question about K-means on them, and what the answer teaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ui.analyses.failures.results import (
    CaseResult,
    run_against_right_k,
    run_against_truth,
    run_all_rules,
    run_from_two_starts,
    run_standardized,
)
from ui.settings.record import Settings
from ui.settings.sizes import default_sizes
from ui.text.messages import message


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to choose, and the reply to it."""

    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Case:
    """A set of points and a question about K-means on them.

    Attributes
    ----------
    name : str
    settings : Settings
        The run that the question is about.
    compute : callable
        Takes settings and returns the result.
    title, story : str
        What the points are, in a few words and in a line.
    question : str
    answers : tuple of Answer
    right : int
        Index of the right answer.
    result : str
        Key of the message that says what happened; its placeholders are names of ``CaseResult.numbers``.
    instead : str
        What to use instead, in one sentence without names of methods.
    detail : str
        Key of the message that names the method, with its settings; its placeholders as in ``result``.
    """

    name: str
    settings: Settings
    compute: Callable[[Settings], CaseResult]
    title: str
    story: str
    question: str
    answers: tuple[Answer, ...]
    right: int
    result: str
    instead: str
    detail: str

    def run(self, data_seed: int | None = None, seed: int | None = None) -> CaseResult:
        """Return the result, with other seeds than the case's own if they are given."""
        settings = self.settings
        return self.compute(
            replace(
                settings,
                data_seed=settings.data_seed if data_seed is None else data_seed,
                seed=settings.seed if seed is None else seed,
            )
        )


def _settings(data: str, k: int, **sizes: float) -> Settings:
    """Return settings of a dataset with some of its sizes changed, and enough iterations to converge."""
    values = tuple((name, sizes.get(name, default)) for name, default in default_sizes(data))
    return Settings(data=data, sizes=values, data_seed=0, k=k, seed=0)


CASES: Final = (
    Case(
        "rings",
        settings=_settings("rings", 2, points=500),
        compute=run_against_truth,
        title=message("failures.rings_title"),
        story=message("failures.rings_story"),
        question=message("failures.rings_question"),
        answers=(
            Answer(message("failures.rings_answer_a"), message("failures.rings_reply_a")),
            Answer(message("failures.rings_answer_b"), message("failures.rings_reply_b")),
            Answer(message("failures.rings_answer_c"), message("failures.rings_reply_c")),
        ),
        right=1,
        result="failures.rings_result",
        instead=message("failures.rings_instead"),
        detail="failures.rings_detail",
    ),
    Case(
        "moons",
        settings=_settings("moons", 2, points=400),
        compute=run_against_truth,
        title=message("failures.moons_title"),
        story=message("failures.moons_story"),
        question=message("failures.moons_question"),
        answers=(
            Answer(message("failures.moons_answer_a"), message("failures.moons_reply_a")),
            Answer(message("failures.moons_answer_b"), message("failures.moons_reply_b")),
            Answer(message("failures.moons_answer_c"), message("failures.moons_reply_c")),
        ),
        right=1,
        result="failures.moons_result",
        instead=message("failures.moons_instead"),
        detail="failures.moons_detail",
    ),
    Case(
        "stretched",
        settings=_settings("anisotropic", 3, points=450, separation=5.0, stretch=10.0),
        compute=run_against_truth,
        title=message("failures.stretched_title"),
        story=message("failures.stretched_story"),
        question=message("failures.stretched_question"),
        answers=(
            Answer(message("failures.stretched_answer_a"), message("failures.stretched_reply_a")),
            Answer(message("failures.stretched_answer_b"), message("failures.stretched_reply_b")),
            Answer(message("failures.stretched_answer_c"), message("failures.stretched_reply_c")),
        ),
        right=2,
        result="failures.stretched_result",
        instead=message("failures.stretched_instead"),
        detail="failures.stretched_detail",
    ),
    Case(
        "unequal",
        settings=_settings("blobs", 3, blobs=3, points=600, unequal_spreads=1.0, unequal_sizes=1.0),
        compute=run_against_truth,
        title=message("failures.unequal_title"),
        story=message("failures.unequal_story"),
        question=message("failures.unequal_question"),
        answers=(
            Answer(message("failures.unequal_answer_a"), message("failures.unequal_reply_a")),
            Answer(message("failures.unequal_answer_b"), message("failures.unequal_reply_b")),
            Answer(message("failures.unequal_answer_c"), message("failures.unequal_reply_c")),
        ),
        right=1,
        result="failures.unequal_result",
        instead=message("failures.unequal_instead"),
        detail="failures.unequal_detail",
    ),
    Case(
        "outlier",
        settings=_settings("outlier", 3, points=46, outlier_distance=70.0),
        compute=run_all_rules,
        title=message("failures.outlier_title"),
        story=message("failures.outlier_story"),
        question=message("failures.outlier_question"),
        answers=(
            Answer(message("failures.outlier_answer_a"), message("failures.outlier_reply_a")),
            Answer(message("failures.outlier_answer_b"), message("failures.outlier_reply_b")),
            Answer(message("failures.outlier_answer_c"), message("failures.outlier_reply_c")),
        ),
        right=2,
        result="failures.outlier_result",
        instead=message("failures.outlier_instead"),
        detail="failures.outlier_detail",
    ),
    Case(
        "units",
        settings=_settings("unscaled", 2, points=300),
        compute=run_standardized,
        title=message("failures.units_title"),
        story=message("failures.units_story"),
        question=message("failures.units_question"),
        answers=(
            Answer(message("failures.units_answer_a"), message("failures.units_reply_a")),
            Answer(message("failures.units_answer_b"), message("failures.units_reply_b")),
            Answer(message("failures.units_answer_c"), message("failures.units_reply_c")),
        ),
        right=1,
        result="failures.units_result",
        instead=message("failures.units_instead"),
        detail="failures.units_detail",
    ),
    Case(
        "nothing",
        settings=_settings("uniform", 5, points=500),
        compute=run_from_two_starts,
        title=message("failures.nothing_title"),
        story=message("failures.nothing_story"),
        question=message("failures.nothing_question"),
        answers=(
            Answer(message("failures.nothing_answer_a"), message("failures.nothing_reply_a")),
            Answer(message("failures.nothing_answer_b"), message("failures.nothing_reply_b")),
            Answer(message("failures.nothing_answer_c"), message("failures.nothing_reply_c")),
        ),
        right=2,
        result="failures.nothing_result",
        instead=message("failures.nothing_instead"),
        detail="failures.nothing_detail",
    ),
    Case(
        "spare",
        settings=_settings("blobs", 10, blobs=3, points=400),
        compute=run_against_right_k,
        title=message("failures.spare_title"),
        story=message("failures.spare_story"),
        question=message("failures.spare_question"),
        answers=(
            Answer(message("failures.spare_answer_a"), message("failures.spare_reply_a")),
            Answer(message("failures.spare_answer_b"), message("failures.spare_reply_b")),
            Answer(message("failures.spare_answer_c"), message("failures.spare_reply_c")),
        ),
        right=1,
        result="failures.spare_result",
        instead=message("failures.spare_instead"),
        detail="failures.spare_detail",
    ),
)
"""All cases, in the order of the page."""
