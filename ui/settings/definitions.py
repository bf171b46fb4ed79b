"""The table of settings: one row per setting, from which links, sidebar, sweep, locks, and undo derive.

A default is what a link means by leaving the setting out, so it never changes; ``tests/ui/settings/test_links.py`` pins
it. The app opens on ``OPENING`` in ``ui.settings.record``, which may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES
from kmeans_core.datasets import SEED
from ui.charts.palette import MAX_K
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.number_range import NumberRange
from ui.settings.parsers import number_text, read_choice, read_number
from ui.text.messages import message

UPLOAD: Final = "table"
"""The name of the dataset that is the visitor's own table."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a setting with a fixed list of values, as the screen shows it."""

    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """One row of the table.

    Attributes
    ----------
    name : str
        The field of ``Settings``, the parameter of a link, and the key of the widget.
    title, help : str
        The label of the widget, and the text behind its question mark; "" for a list of the options.
    values : NumberRange, or mapping of str to Option
        The bounds of a number, or all values that can be chosen.
    default : str or float
        The value that a link means by leaving the setting out.
    scope : "points", "run" or "effort"
        What a new value recomputes: the points, so that no edit applies any more; only the run on the same points, so
        that no dragged center applies; or neither.
    widget : "dataset", "slider", "seed", "select" or "buttons"
        The kind of widget. Datasets have further widgets below theirs.
    swept : bool
        Whether the sweep page offers the setting.
    lock : str
        The name under which a lesson link locks or hides the setting; "" for its own name.
    lock_title : str
        What the form for lesson links calls it; "" for ``title``.
    legacy : tuple of str
        Older names in links, which are still read.
    """

    name: str
    title: str
    help: str
    values: NumberRange | Mapping[str, Option]
    default: str | float
    scope: Literal["points", "run", "effort"]
    widget: Literal["dataset", "slider", "seed", "select", "buttons"]
    swept: bool = True
    lock: str = ""
    lock_title: str = ""
    legacy: tuple[str, ...] = ()

    def read(self, text: str) -> str | float:
        """Return the value that a link says, or raise a ``ValueError`` with the sentence to show."""
        if isinstance(self.values, NumberRange):
            return read_number(self.values, text)
        return read_choice(self.title, tuple(self.values), text)

    def write(self, value: str | float) -> str:
        """Return the text of a value for a link."""
        return number_text(self.values, float(value)) if isinstance(self.values, NumberRange) else str(value)

    @property
    def control(self) -> str:
        """The name under which a lesson link locks or hides the setting."""
        return self.lock or self.name


K: Final = NumberRange(
    name="k",
    title=message("settings.k_title"),
    default=6,
    low=1,
    high=MAX_K,
    step=1,
    kind="int",
    help=message("settings.k_help"),
)
MAX_ITER: Final = NumberRange(
    name="max_iter",
    title=message("settings.max_iter_title"),
    default=300,
    low=1,
    high=1000,
    step=1,
    kind="int",
    help=message("settings.max_iter_help"),
)
NEW_SEEDS: Final = 10_000
"""New random seeds are below this: short enough to read out to a class."""

INIT_SEED: Final = NumberRange(
    **asdict(SEED) | {"help": message("settings.seed_help")}, title=message("settings.seed_title")
)
DATA_SEED: Final = NumberRange(
    **asdict(SEED) | {"name": "data_seed", "help": message("settings.data_seed_help")},
    title=message("settings.data_seed_title"),
)

DATA: Final[Mapping[str, Option]] = {
    **{name: Option(dataset.title, dataset.summary) for name, dataset in DATASETS.items()},
    **{name: Option(table.title, table.sentence) for name, table in BUILT_IN.items()},
    UPLOAD: Option(message("settings.upload_title")),
}
INITS: Final = {name: Option(init.title, init.summary) for name, init in INITIALISERS.items()}
_RULES: Final = {name: Option(rule.title, rule.summary) for name, rule in RULES.items()}
_EMPTY: Final = {name: Option(policy.title, policy.summary) for name, policy in EMPTY_POLICIES.items()}
_BACKENDS: Final = {name: Option(backend.title) for name, backend in BACKENDS.items()}


def _number(values: NumberRange, scope: Literal["points", "run", "effort"], **options: Any) -> Setting:
    """Return the row of a number, with a slider by default; its words are those of the parameter."""
    widget = options.pop("widget", "slider")
    return Setting(values.name, values.title, values.help, values, values.default, scope, widget, **options)


def option_help(options: Mapping[str, Option]) -> str:
    """Return a help text that lists options, one per line."""
    return "  \n".join(f"**{option.title}**: {option.summary}" for option in options.values())


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "data",
        message("settings.data_title"),
        "",
        values=DATA,
        default="post",
        scope="points",
        widget="dataset",
        swept=False,
        lock_title=message("settings.data_lock"),
    ),
    _number(DATA_SEED, scope="points", widget="seed", lock="seed", legacy=("dataseed",)),
    _number(K, scope="run"),
    Setting(
        "init",
        message("settings.init_title"),
        "",
        values=INITS,
        default="random",
        scope="run",
        widget="select",
        legacy=("start",),
    ),
    Setting("rule", message("settings.rule_title"), "", _RULES, "mean", scope="run", widget="select"),
    Setting(
        "backend",
        message("settings.backend_title"),
        message("settings.backend_help"),
        values=_BACKENDS,
        default="numpy",
        scope="effort",
        widget="buttons",
        swept=False,
    ),
    _number(INIT_SEED, scope="run", widget="seed", lock_title=message("settings.seed_lock")),
    # Until the default was 300 it was 15, and every link that the app wrote then named it. A link that was typed by
    # hand and names no limit shows the same run as then, and the rest of it where it was cut off.
    _number(MAX_ITER, scope="effort", legacy=("iterations",)),
    Setting("empty", message("settings.empty_title"), "", _EMPTY, "keep", scope="run", widget="select"),
)
"""All settings, in the order of the sidebar."""

BY_NAME: Final[Mapping[str, Setting]] = {setting.name: setting for setting in SETTINGS}
"""All settings by name."""

DEFAULTS: Final[Mapping[str, Any]] = {setting.name: setting.default for setting in SETTINGS}
"""The default of each setting by name."""

LEGACY_NAMES: Final[Mapping[str, str]] = {old: setting.name for setting in SETTINGS for old in setting.legacy}
"""Old names of settings in links, each with its current name."""

CONTROLS: Final[Mapping[str, str]] = {
    **{row.name: row.lock_title or row.title for row in SETTINGS if row.control == row.name},
    "centers": message("settings.centers_lock"),
}
"""What a lesson link can lock or hide, each with its title on the screen. ``data`` includes the points."""


def names(scope: str = "") -> tuple[str, ...]:
    """Return the names of all settings, or of those with this scope."""
    return tuple(setting.name for setting in SETTINGS if scope in ("", setting.scope))


def current_name(name: str) -> str:
    """Return the current name for a setting's name in a link."""
    return LEGACY_NAMES.get(name, name)
