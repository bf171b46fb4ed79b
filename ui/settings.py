"""What a person has chosen, as one record, and how a link carries it.

Nothing here knows of Streamlit: a link is a plain mapping of strings, so that every rule of it can be tested by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Final

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES, RunConfig
from kmeans_core.datasets import SEED, Parameter
from kmeans_core.types import Points
from ui.edits import (
    Edit,
    Move,
    Place,
    decode_edits,
    decode_places,
    encode_edits,
    encode_places,
    file_name,
    fit_a_link,
    fitted_centers,
    is_file_name,
)
from ui.palette import MAX_K

Sizes = tuple[tuple[str, float], ...]

K: Final = Parameter(
    name="k",
    title="Number of clusters K",
    default=6,
    low=1,
    high=MAX_K,
    step=1,
    kind="int",
    help="How many clusters K-means looks for. It need not be the number of blobs: try one more, or one less.",
)
ITERATIONS: Final = Parameter(
    name="iterations",
    title="Iterations at most",
    default=15,
    low=1,
    high=100,
    step=1,
    kind="int",
    help="One iteration is a refine and an assign. The run ends earlier when no point changes its cluster.",
)
VIEW_NAMES: Final = ("hide", "look", "mode", "tab", "panel", "also")
"""What else a link may hold and keeps when a setting changes: how the player is looked at."""

PAGE_NAMES: Final = (
    *("starts", "ways", "clusters", "guesses", "precision", "far", "knob", "second"),
    *("screen", "answers"),
)
"""What else a link may hold for a page other than the player."""

STARTS: Final = tuple(INITIALISERS)
"""The starts, the one that is placed by hand last."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides what is on the screen. Frozen and hashable: the same settings give the same run.

    ``sizes`` holds a value for every parameter of the dataset, in the dataset's order; ``centers`` the first centers
    that were placed by hand, for the start ``"given"``; ``edits`` what else was changed by hand. ``file`` names the
    file that holds those edits where a link could not, and they are not here yet.
    """

    data: str
    sizes: Sizes
    data_seed: int = 0
    k: int = 6
    start: str = "random"
    rule: str = "mean"
    empty: str = "keep"
    backend: str = "numpy"
    seed: int = 0
    iterations: int = 15
    centers: tuple[Place, ...] = ()
    edits: tuple[Edit, ...] = ()
    file: str = ""

    def run_config(self, points: Points) -> RunConfig:
        """Return the run that these settings ask for on these points; never more clusters than points."""
        k = min(self.k, len(points))
        return RunConfig(
            k=k,
            rule=self.rule,
            init=self.start,
            given=fitted_centers(self.centers, k, points) if self.start == "given" else None,
            empty=self.empty,
            backend=self.backend,
            seed=self.seed,
            max_iter=self.iterations,
        )

    def with_data(self, data: str) -> Settings:
        """Return these settings for another dataset, at that dataset's own sizes and with a K that suits it."""
        return replace(self, data=data, sizes=default_sizes(data), k=natural_k(data) or self.k)

    def without_moves(self) -> Settings:
        """Return these settings without the centers that were dragged: those belonged to another run."""
        return replace(self, edits=tuple(edit for edit in self.edits if not isinstance(edit, Move)))


def default_sizes(data: str) -> Sizes:
    """Return the dataset's sizes as they are before anybody changes them."""
    return tuple((parameter.name, parameter.default) for parameter in DATASETS[data].parameters)


def natural_k(data: str) -> int | None:
    """Return how many groups the dataset is drawn from, if it is drawn from any."""
    sizes = dict(default_sizes(data))
    known = sizes.get("blobs", sizes.get("rings", {"moons": 2}.get(data)))
    return None if known is None else int(known)


DEFAULT: Final = Settings(data="post", sizes=default_sizes("post"))
"""What the app opens on: the post's data."""


def as_in_the_post() -> Settings:
    """Return the settings of the blog post: its data, six medoids, a random start, 15 iterations."""
    return replace(DEFAULT, rule="medoid")


def quoted(text: str) -> str:
    """Return what a link said, short enough for a sentence."""
    return f"“{text if len(text) <= 30 else text[:30] + '…'}”"


def _number(parameter: Parameter, text: str) -> float:
    """Read a number of a link, or raise a ``ValueError`` with the sentence to show."""
    kind = "whole number" if parameter.kind == "int" else "number"
    wanted = f"a {kind} from {_text(parameter, parameter.low)} to {_text(parameter, parameter.high)}"
    # Python reads more than people write (1_000, ٣, nan): a link holds plain digits only.
    if not re.fullmatch(r"[+-]?\d{1,20}(\.\d{0,20})?([eE][+-]?\d{1,3})?", text, re.ASCII):
        raise ValueError(f"{parameter.title} must be {wanted}, not {quoted(text)}")
    try:
        value = int(text) if parameter.kind == "int" else float(text)
        return parameter.check(value)
    except ValueError:
        raise ValueError(f"{parameter.title} must be {wanted}, not {quoted(text)}") from None


def _text(parameter: Parameter, value: float) -> str:
    """Write a number for a link so that reading it gives the same bits."""
    return str(int(value)) if parameter.kind == "int" or float(value).is_integer() else repr(float(value))


CHOICES: Final = {
    # field, and its name in a link: what it is called on the screen, and what may be chosen
    "start": ("Start", STARTS),
    "rule": ("Rule", tuple(RULES)),
    "empty": ("Empty clusters", tuple(EMPTY_POLICIES)),
    "backend": ("Backend", tuple(BACKENDS)),
}
NUMBERS: Final = {
    # field: its name in a link, and its bounds
    "data_seed": ("dataseed", replace(SEED, title="Seed of the data")),
    "k": ("k", K),
    "seed": ("seed", replace(SEED, title="Seed of the start")),
    "iterations": ("iterations", ITERATIONS),
}


def encode(settings: Settings) -> dict[str, str]:
    """Return the link of these settings: every one of them, so that a later default can't change an old link.

    Of more changes by hand than a link can hold it has the name alone: that of a file with them.
    """
    sizes = dict(settings.sizes)
    link = {"data": settings.data}
    link |= {
        parameter.name: _text(parameter, sizes[parameter.name]) for parameter in DATASETS[settings.data].parameters
    }
    for field in fields(Settings):
        if field.name in NUMBERS:
            key, parameter = NUMBERS[field.name]
            link[key] = _text(parameter, getattr(settings, field.name))
        elif field.name in CHOICES:
            link[field.name] = getattr(settings, field.name)
    if settings.centers:
        link["centers"] = encode_places(settings.centers)
    if settings.edits:
        text = encode_edits(settings.edits)
        link["edits"] = text if fit_a_link(settings.edits) else file_name(text)
    elif settings.file:
        link["edits"] = settings.file
    return link


NOTHING: Final = ()
"""Nothing done by hand."""


def _choice(title: str, known: Sequence[str], text: str) -> str:
    """Read a name of a link, or raise a ``ValueError`` with the sentence to show."""
    if text not in known:
        raise ValueError(f"{title} must be one of {', '.join(known)}, not {quoted(text)}")
    return text


def read_value(name: str, text: str) -> str | float:
    """Read one choice or number by its name in a link, or raise a ``ValueError`` with the sentence to show."""
    if name in CHOICES:
        return _choice(*CHOICES[name], text)
    return _number(next(parameter for key, parameter in NUMBERS.values() if key == name), text)


def decode(link: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Read a link. What it does not say, or says wrongly, is as it is when the app opens.

    Parameters
    ----------
    link : mapping of str to str
        A URL's query; names that mean nothing here are left alone.

    Returns
    -------
    settings : Settings
    complaints : list of str
        One sentence for each value that could not be used; empty for a good link.
    """
    complaints: list[str] = []

    def read(name: str, reader: Callable[[str], Any], fallback: Any) -> Any:
        try:
            return reader(link[name]) if name in link else fallback
        except ValueError as error:
            instead = f"It is {fallback} instead." if fallback != NOTHING else "They are left out."
            complaints.append(f"{error}. {instead}")
            return fallback

    data = read("data", partial(_choice, "Dataset", tuple(DATASETS)), DEFAULT.data)
    values = {
        field: read(field, partial(_choice, title, known), getattr(DEFAULT, field))
        for field, (title, known) in CHOICES.items()
    } | {
        field: read(key, partial(_number, parameter), getattr(DEFAULT, field))
        for field, (key, parameter) in NUMBERS.items()
    }
    sizes = tuple(
        (parameter.name, read(parameter.name, partial(_number, parameter), parameter.default))
        for parameter in DATASETS[data].parameters
    )
    named = is_file_name(link.get("edits", ""))
    by_hand = {
        "centers": read("centers", decode_places, NOTHING),
        "edits": NOTHING if named else read("edits", decode_edits, NOTHING),
        "file": link["edits"] if named else "",
    }
    return Settings(data=data, sizes=sizes, **values, **by_hand), complaints
