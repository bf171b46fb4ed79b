"""What a person has chosen, as one record, and how a link carries it.

Nothing here knows of Streamlit: a link is a plain mapping of strings, so that every rule of it can be tested by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES, RunConfig
from kmeans_core.datasets import SEED, Parameter
from kmeans_core.types import Points
from kmeans_tables import Choice, Table, checked_choice, default_choice
from ui.built_in import BUILT_IN, built_in
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
from ui.environment import LIMITS
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


OWN: Final = "table"
"""The dataset that is a table which somebody brought."""

DATA: Final = (*DATASETS, *BUILT_IN, OWN)
"""All that can be clustered: what a formula draws, tables that come with the app, and one's own."""

TABLE_NAMES: Final = ("table", "columns", "standardize", "missing", "label", "axes")
"""The names in a link of what a table has in place of sizes."""


@dataclass(frozen=True, slots=True)
class TableUse:
    """What of a table is clustered, and how it is drawn.

    ``digest`` names a table that somebody brought; those that come with the app need none. ``axes`` are the two columns
    that are drawn where there are more; none stands for the first two principal components.
    """

    choice: Choice
    digest: str = ""
    axes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides what is on the screen. Frozen and hashable: the same settings give the same run.

    ``sizes`` holds a value for every parameter of the dataset, in the dataset's order; ``centers`` the first centers
    that were placed by hand, for the start ``"given"``; ``edits`` what else was changed by hand. ``file`` names the
    file that holds those edits where a link could not, and they are not here yet. A ``table`` stands in for sizes.
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
    table: TableUse | None = None

    @property
    def features(self) -> int:
        """How many features the points have."""
        return len(self.table.choice.columns) if self.table else 2

    @property
    def is_private(self) -> bool:
        """Whether the points belong to one visitor, so that nobody else may be shown anything of them."""
        return self.data == OWN

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
        other = replace(self, data=data, sizes=default_sizes(data), k=natural_k(data) or self.k)
        if data in DATASETS and self.data in DATASETS:
            return other
        # What a hand did among other columns means nothing here.
        start = DEFAULT.start if self.start == "given" else self.start
        return replace(
            other, table=default_use(data), data_seed=0, start=start, centers=NOTHING, edits=NOTHING, file=""
        )

    def with_table(self, table: Table, digest: str = "") -> tuple[Settings, list[str]]:
        """Return these settings with a use that fits the table, and a sentence for what of theirs did not."""
        complaints: list[str] = []
        use = self.table or TableUse(Choice(()))
        choice = use.choice
        if choice.columns:
            try:
                choice = checked_choice(table, choice)
            except ValueError as error:
                complaints.append(f"{error}. The columns are chosen anew.")
                choice = self._usual_choice(table)
        else:
            choice = self._usual_choice(table)
        axes = use.axes if set(use.axes) <= set(choice.columns) and len(choice.columns) > 2 else ()
        fitted = replace(self, table=TableUse(choice, digest, axes))
        return fitted._in_as_many_features(complaints), complaints

    def with_columns(self, use: TableUse) -> Settings:
        """Return these settings for other columns of the same table."""
        changed = replace(self, table=use)
        if self.table and use.choice.columns != self.table.choice.columns:
            changed = replace(changed, centers=NOTHING, edits=NOTHING, file="")
            if self.start == "given":
                changed = replace(changed, start=DEFAULT.start)
        return changed

    def _usual_choice(self, table: Table) -> Choice:
        use = default_use(self.data) if self.data in BUILT_IN else None
        return use.choice if use else default_choice(table)

    def _in_as_many_features(self, complaints: list[str]) -> Settings:
        """Return these settings without what a hand did in the plane, if the points are not in one."""
        if self.features == 2:
            return self
        plain = replace(self, centers=NOTHING, edits=NOTHING, file="")
        if self.start == "given":
            complaints.append(f"Centers can be placed by hand in two columns, not in {self.features}. They are random.")
            plain = replace(plain, start=DEFAULT.start)
        return plain

    def without_moves(self) -> Settings:
        """Return these settings without the centers that were dragged: those belonged to another run."""
        return replace(self, edits=tuple(edit for edit in self.edits if not isinstance(edit, Move)))


def parameters_of(data: str) -> tuple[Parameter, ...]:
    """Return what can be changed about a dataset, as far as the operator allows so many points; nothing of a table."""
    return tuple(map(_allowed, DATASETS[data].parameters)) if data in DATASETS else ()


def way_to_blur(settings: Settings) -> str:
    """Say how to make the groups of these data run into each other; nothing where no setting does."""
    for name in ("spread", "noise"):
        if name in dict(settings.sizes):
            return f"raise the {name} until the groups run into each other"
    return ""


def _allowed(parameter: Parameter) -> Parameter:
    most = {"points": LIMITS.max_points, "points_per_blob": LIMITS.max_points // _MOST_BLOBS}.get(parameter.name)
    if most is None or most >= parameter.high:
        return parameter
    high = max(most, int(parameter.low))
    return replace(parameter, high=high, default=min(parameter.default, high))


_MOST_BLOBS: Final = int(next(one.high for one in DATASETS["post"].parameters if one.name == "blobs"))


def default_sizes(data: str) -> Sizes:
    """Return the dataset's sizes as they are before anybody changes them; a table has none."""
    return tuple((parameter.name, parameter.default) for parameter in parameters_of(data))


def default_use(data: str) -> TableUse | None:
    """Return what of a table is clustered before anybody chooses; nothing where the data is no table, or not known."""
    if data not in BUILT_IN:
        return TableUse(Choice(())) if data == OWN else None
    about = BUILT_IN[data]
    return TableUse(Choice(columns=about.columns, standardize=about.standardize, label=about.label))


def natural_k(data: str) -> int | None:
    """Return how many groups the dataset is drawn from, if it is drawn from any."""
    if data in BUILT_IN:
        return BUILT_IN[data].groups
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
    link = {"data": settings.data} | _encoded_sizes(settings)
    for field in fields(Settings):
        if field.name == "data_seed" and settings.table:
            continue
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


def _encoded_sizes(settings: Settings) -> dict[str, str]:
    """Return what a link says of a dataset's sizes, or of a table's columns."""
    if not settings.table:
        sizes = dict(settings.sizes)
        return {parameter.name: _text(parameter, sizes[parameter.name]) for parameter in parameters_of(settings.data)}
    use, choice = settings.table, settings.table.choice
    said = {
        "table": use.digest,
        "columns": _names_text(choice.columns),
        "standardize": "yes" if choice.standardize else "no",
        "missing": choice.missing,
        "label": choice.label or "none",
        "axes": _names_text(use.axes),
    }
    return {name: text for name, text in said.items() if text}


def _names_text(names: Sequence[str]) -> str:
    """Write the names of columns for a link; a comma of their own is escaped."""
    return ",".join(name.replace("%", "%25").replace(",", "%2C") for name in names)


def _read_names(text: str) -> tuple[str, ...]:
    return tuple(unquote(name) for name in text[:_LONGEST_NAMES].split(",") if name)


_LONGEST_NAMES: Final = 6_000
"""No link holds more characters of columns' names."""


def _read_digest(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", text):
        raise ValueError(f"The table must be named by 16 digits of its content, not {quoted(text)}")
    return text


def _read_use(data: str, read: Callable[[str, Callable[[str], Any], Any], Any]) -> TableUse | None:
    """Read what a link says of a table; whether its columns are there, only the table knows."""
    use = default_use(data)
    if use is None:
        return None
    yes = {"yes": True, "no": False}
    standardize = "yes" if use.choice.standardize else "no"
    choice = Choice(
        columns=read("columns", _read_names, use.choice.columns),
        standardize=yes[read("standardize", partial(_choice, "Standardize", tuple(yes)), standardize)],
        missing=read("missing", partial(_choice, "Missing values", ("drop", "fill")), use.choice.missing),
        label=read("label", lambda text: "" if text == "none" else text, use.choice.label),
    )
    digest = read("table", _read_digest, "") if data == OWN else ""
    return TableUse(choice, digest, read("axes", _read_names, ()))


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

    data = read("data", partial(_choice, "Dataset", DATA), DEFAULT.data)
    values = {
        field: read(field, partial(_choice, title, known), getattr(DEFAULT, field))
        for field, (title, known) in CHOICES.items()
    } | {
        field: read(key, partial(_number, parameter), getattr(DEFAULT, field))
        for field, (key, parameter) in NUMBERS.items()
    }
    sizes = tuple(
        (parameter.name, read(parameter.name, partial(_number, parameter), parameter.default))
        for parameter in parameters_of(data)
    )
    named = is_file_name(link.get("edits", ""))
    by_hand = {
        "centers": read("centers", decode_places, NOTHING),
        "edits": NOTHING if named else read("edits", decode_edits, NOTHING),
        "file": link["edits"] if named else "",
    }
    settings = Settings(data=data, sizes=sizes, **values, **by_hand, table=_read_use(data, read))
    if settings.table:
        settings = replace(settings, data_seed=0)
    if data in BUILT_IN:
        settings, more = settings.with_table(built_in(data))
        complaints += more
    return settings, complaints
