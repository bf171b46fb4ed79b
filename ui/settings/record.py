"""What a person has chosen, as one record, and how a link carries it.

Nothing here imports Streamlit: a link is a plain mapping of strings, so that every rule of it can be tested alone.
A link says what differs from ``ui.settings.link_defaults``. Older links said every setting, and are read as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any, Final
from urllib.parse import quote, unquote

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES, RunConfig
from kmeans_core.datasets import SEED, Parameter
from kmeans_core.types import Points
from kmeans_tables import MAX_FEATURES, Choice, Table, checked_choice, default_choice
from kmeans_tables.wording import one_line
from server.config import LIMITS
from ui.charts.palette import MAX_K
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.edits import (
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
from ui.settings.link_defaults import SETTINGS, SIZES, TABLES

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
    title="Max iterations",
    default=300,
    low=1,
    high=1000,
    step=1,
    kind="int",
    help="One iteration is a refine and an assign. A run that converges ends earlier.",
)
IN_THE_POST: Final = 15
"""The blog post's own limit of iterations."""

_MOST_LABELS: Final = 100_000_000
"""The most labels of one run: points times iterations.

Every assign keeps a label of each point, a byte. A million points for 100 iterations take 250 MB and 1 to 3 s with
means, 90 s with medoids (measured on two cores). No link that was made before could ask for more.
"""


def most_iterations(n: int) -> int:
    """Return how many iterations a run on ``n`` points may have, whatever limit is chosen."""
    return max(1, min(int(ITERATIONS.high), _MOST_LABELS // max(1, n)))


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

TABLE_NAMES: Final = ("table", "columns", "standardize", "missing", "label", "axes", "file")
"""The names in a link of what a table has in place of sizes."""


@dataclass(frozen=True, slots=True)
class TableUse:
    """What of a table is clustered, and how it is drawn.

    ``digest`` names a table that somebody brought; those that come with the app need none. ``axes`` are the two columns
    that are drawn where there are more; none stands for the first two principal components. ``numbers`` are those of
    the columns in the file, counted from 1, where their names are too long for a link: a link then has these alone, and
    ``choice`` no columns until the table is there. ``file`` is what the file is called, for a sentence and no more.
    """

    choice: Choice
    digest: str = ""
    axes: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    file: str = field(default="", compare=False)


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
    iterations: int = int(ITERATIONS.default)
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
            max_iter=min(self.iterations, most_iterations(len(points))),
        )

    def with_data(self, data: str) -> Settings:
        """Return these settings for another dataset, at that dataset's own sizes and with a K that suits it."""
        k, seed = natural_k(data) or self.k, self.data_seed if data in DATASETS and self.data in DATASETS else 0
        other = replace(self, data=data, sizes=default_sizes(data), k=k, table=default_use(data), data_seed=seed)
        return other.following(self)

    def following(self, before: Settings) -> Settings:
        """Return these settings as they follow on others: with what a hand did there only as far as it belongs here.

        - Other points (another dataset, size, seed of the data, table, or column; standardized or filled otherwise)
          begin with nothing done by hand: no centers placed or dragged, no point drawn or erased.
        - Another run on the same points keeps the points that were drawn, and no center that was dragged on its way.
        - How the run is computed or looked at, and how far it may go, is neither: all is kept.
        """
        if not self.has_points_of(before):
            start = DEFAULT.start if self.start == "given" else self.start
            return replace(self, start=start, centers=NOTHING, edits=NOTHING, file="")
        return self if self.has_run_of(before) else self.without_moves()

    def has_points_of(self, other: Settings) -> bool:
        """Tell whether both mean the same points, before any edit."""
        return self._points_key == other._points_key

    def has_run_of(self, other: Settings) -> bool:
        """Tell whether both mean the same run on the same points, before any center is dragged and any edit."""
        return self.has_points_of(other) and self._run_key == other._run_key

    @property
    def _points_key(self) -> tuple[object, ...]:
        """What decides the points before any edit."""
        use = self.table
        chosen = (use.digest, use.numbers, replace(use.choice, label="")) if use else None
        return (self.data, self.sizes, self.data_seed, chosen)

    @property
    def _run_key(self) -> tuple[object, ...]:
        """What decides the run on them. A backend does not: all of them give the same labels."""
        return (self.k, self.start, self.rule, self.empty, self.seed, self.centers)

    def with_table(self, table: Table, digest: str = "") -> tuple[Settings, list[str]]:
        """Return these settings with a use that fits the table, and a sentence for what of theirs did not."""
        complaints: list[str] = []
        use = self.table or TableUse(Choice(()))
        choice = use.choice
        if use.numbers and not choice.columns:
            choice = replace(choice, columns=_columns_at(table, use.numbers, complaints))
        choice = self._fitted_choice(table, choice, complaints) if choice.columns else self._usual_choice(table)
        axes = use.axes if set(use.axes) <= set(choice.columns) and len(choice.columns) > 2 else ()
        fitted = replace(self, table=use_of(table, choice, digest, axes))
        return fitted._in_as_many_features(complaints), complaints

    def with_columns(self, use: TableUse) -> Settings:
        """Return these settings for other columns of the same table."""
        return replace(self, table=use).following(self)

    def _fitted_choice(self, table: Table, choice: Choice, complaints: list[str]) -> Choice:
        """Return as much of a choice as the table has; of one that is left with a single column nothing."""
        try:
            return checked_choice(table, choice)
        except ValueError as error:
            columns = tuple(name for name in choice.columns if name in table.numeric)
            label = choice.label if choice.label in table.others else ""
            try:
                found = checked_choice(table, replace(choice, columns=columns, label=label))
            except ValueError:
                complaints.append(f"{error}. The columns are chosen anew.")
                return self._usual_choice(table)
            complaints.append(f"{error}. The rest of the choice is kept.")
            return found

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


def use_of(table: Table, choice: Choice, digest: str = "", axes: tuple[str, ...] = ()) -> TableUse:
    """Return the use of a table: the choice, and what a link has to say of it."""
    numbers: tuple[int, ...] = ()
    if len(quote(_names_text(choice.columns))) > _LONGEST_NAMES:
        places = {column.name: number for number, column in enumerate(table.columns, start=1)}
        numbers = tuple(places[name] for name in choice.columns)
    return TableUse(choice, digest, axes, numbers, table.name if digest else "")


def _columns_at(table: Table, numbers: Sequence[int], complaints: list[str]) -> tuple[str, ...]:
    """Return the names of the columns with these numbers, counted from 1; says which are not there."""
    names = [column.name for column in table.columns]
    if lacking := [number for number in numbers if number > len(names)]:
        complaints.append(f"This link means column {lacking[0]}, and the table has {len(names)}. It is left out.")
    return tuple(names[number - 1] for number in numbers if number <= len(names))


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
"""What the app opens on where its address has no settings; what a link leaves out is no matter of this."""


def as_in_the_post() -> Settings:
    """Return the settings of the blog post: its data, six medoids, a random start, 15 iterations."""
    post = Settings(data="post", sizes=default_sizes("post"))
    return replace(post, rule="medoid", iterations=IN_THE_POST)


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


SETTING_NAMES: Final = frozenset(
    (*SETTINGS, *(name for sizes in SIZES.values() for name in sizes), *TABLE_NAMES, "centers", "edits")
)
"""All names that settings have in a link."""


def encode(settings: Settings) -> dict[str, str]:
    """Return the link of these settings: the data, and what differs from ``ui.settings.link_defaults``.

    Of more changes by hand than a link can hold it has the name alone: that of a file with them.
    """
    link = _encoded_use(settings.table, settings.data) if settings.table else _encoded_sizes(settings)
    for one in fields(Settings):
        if one.name == "data_seed" and settings.table:
            continue
        if one.name in NUMBERS:
            key, parameter = NUMBERS[one.name]
            link[key] = _text(parameter, getattr(settings, one.name))
        elif one.name in CHOICES:
            link[one.name] = getattr(settings, one.name)
    link = {name: text for name, text in link.items() if text != SETTINGS.get(name)}
    if settings.centers:
        link["centers"] = encode_places(settings.centers)
    if settings.edits:
        text = encode_edits(settings.edits)
        link["edits"] = text if fit_a_link(settings.edits) else file_name(text)
    elif settings.file:
        link["edits"] = settings.file
    # The data always: a link without any setting means whatever the app opens on.
    return {"data": settings.data} | link


NOTHING: Final = ()
"""Nothing done by hand."""


def _encoded_sizes(settings: Settings) -> dict[str, str]:
    """Return what a link says of a dataset's sizes."""
    sizes, usual = dict(settings.sizes), SIZES[settings.data]
    return {
        parameter.name: _text(parameter, sizes[parameter.name])
        for parameter in parameters_of(settings.data)
        if sizes[parameter.name] != usual[parameter.name]
    }


def _encoded_use(use: TableUse, data: str) -> dict[str, str]:
    """Return what a link says of a table: which it is, and what of it is clustered and drawn."""
    choice = use.choice
    said = {
        "table": use.digest,
        "file": file_in_a_link(use.file) if use.digest else "",
        "columns": _numbers_text(use.numbers) if use.numbers else _names_text(choice.columns),
        "standardize": "yes" if choice.standardize else "no",
        "missing": choice.missing,
        "label": _label_text(choice.label),
        "axes": _names_text(use.axes),
    }
    return {name: text for name, text in said.items() if text and text != TABLES[data].get(name)}


_LONGEST_FILE: Final = 40
"""The most characters of a file's name in a link: enough to find it by."""


def file_in_a_link(name: str) -> str:
    """Return a file's name as a link carries it: without a path, on one line, and short, with its ending."""
    line = one_line(re.split(r"[/\\]", name[:1_000])[-1])
    if len(line) <= _LONGEST_FILE:
        return line
    stem, dot, ending = line.rpartition(".")
    ending = dot + ending if dot and len(ending) <= 8 else ""
    return (stem if ending else line)[: _LONGEST_FILE - 1 - len(ending)] + "…" + ending


def _names_text(names: Sequence[str]) -> str:
    """Write the names of columns for a link; what would be read otherwise is escaped."""
    text = ",".join(name.replace("%", "%25").replace(",", "%2C") for name in names)
    return text.replace("*", "%2A", 1) if _NUMBERS.fullmatch(text) else text


def _read_names(text: str) -> tuple[str, ...]:
    if len(text) > _MOST_READ:
        raise ValueError(f"The names of columns take {len(text)} characters, and a link holds {_MOST_READ} of them")
    return tuple(unquote(name) for name in text.split(",") if name)


_LONGEST_NAMES: Final = 600
"""Characters of names, as an address has them, above which a link has the columns' numbers instead.

A QR code of 600 characters more can still be scanned from a few meters, and 64 numbers take at most 250.
"""

_MOST_READ: Final = 6_000
"""The most characters of names that are read: older links held as many."""

_NUMBERS: Final = re.compile(r"\*\d{1,5}(-\d{1,5})?(\.\d{1,5}(-\d{1,5})?)*", re.ASCII)
"""Numbers of columns, like ``*1-12.15``; of two names or more there is always a comma."""


def _numbers_text(numbers: Sequence[int]) -> str:
    """Write numbers of columns for a link, those that follow each other as a range."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return "*" + ".".join("-".join(map(str, ends)) for ends in ranges)


def _read_numbers(text: str) -> tuple[int, ...]:
    """Read numbers of columns, none of them twice; nothing where the text holds names."""
    if not _NUMBERS.fullmatch(text):
        return ()
    found: dict[int, None] = {}
    for part in text[1:].split("."):
        first, _, last = part.partition("-")
        for number in range(int(first), int(last or first) + 1):
            if len(found) > MAX_FEATURES:
                break  # the table says what is wrong with so many
            found[number] = None
    return tuple(number for number in found if number)


def _label_text(label: str) -> str:
    """Write the name of a column of labels, or ``none``; a column of that name, and only that, is escaped."""
    if not label:
        return "none"
    if label == "none":
        return "%6Eone"
    return label.replace("%", "%25", 1) if re.fullmatch("%(25)*6Eone", label) else label


def _read_label(text: str) -> str:
    if text == "none":
        return ""
    if text == "%6Eone":
        return "none"
    return text.replace("%25", "%", 1) if re.fullmatch("%(25)+6Eone", text) else text


def _read_digest(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", text):
        raise ValueError(f"The table must be named by 16 digits of its content, not {quoted(text)}")
    return text


def _read_use(data: str, read: Callable[[str, Callable[[str], Any], Any], Any]) -> TableUse | None:
    """Read what a link says of a table; whether its columns are there, only the table knows."""
    if data not in TABLES:
        return None
    usual = TABLES[data]
    yes = {"yes": True, "no": False}
    numbers = read("columns", _read_numbers, ())
    choice = Choice(
        columns=() if numbers else read("columns", _read_names, _read_names(usual["columns"])),
        standardize=yes[read("standardize", partial(_choice, "Standardize", tuple(yes)), usual["standardize"])],
        missing=read("missing", partial(_choice, "Missing values", ("drop", "fill")), usual["missing"]),
        label=read("label", _read_label, _read_label(usual["label"])),
    )
    axes = read("axes", _read_names, ())
    if data != OWN:
        return TableUse(choice, axes=axes, numbers=numbers)
    return TableUse(choice, read("table", _read_digest, ""), axes, numbers, read("file", file_in_a_link, ""))


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
    """Read a link. What it leaves out, or says wrongly, is as in ``ui.settings.link_defaults``.

    A link without any setting means what the app opens on.

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
    if not SETTING_NAMES & link.keys():
        return DEFAULT, []
    complaints: list[str] = []

    def read(name: str, reader: Callable[[str], Any], fallback: Any) -> Any:
        try:
            return reader(link[name]) if name in link else fallback
        except ValueError as error:
            instead = f"It is {fallback} instead." if fallback != NOTHING else "They are left out."
            complaints.append(f"{error}. {instead}")
            return fallback

    data = read("data", partial(_choice, "Dataset", DATA), SETTINGS["data"])
    values = {
        name: read(name, partial(_choice, title, known), SETTINGS[name]) for name, (title, known) in CHOICES.items()
    } | {name: read(key, partial(_number, parameter), int(SETTINGS[key])) for name, (key, parameter) in NUMBERS.items()}
    # An operator may allow fewer points than a link means.
    sizes = tuple(
        (one.name, read(one.name, partial(_number, one), min(SIZES[data][one.name], one.high)))
        for one in parameters_of(data)
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
