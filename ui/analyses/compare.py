"""One setting, run in several ways side by side: what differs, where the runs part, how each ends.

Knows nothing of Streamlit. A *way* is what a further run changes of the sidebar's settings; the first run changes
nothing. A link carries the variants as one text: ``rule:medoid;seed:3|k:5`` are two further runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import BACKENDS, EMPTY_POLICIES, INITIALISERS, RULES, Step, Trace, adjusted_rand_index, match_clusters
from ui.charts.palette import MAX_K
from ui.settings.definitions import BY_NAME, current_name
from ui.settings.parsers import quoted
from ui.settings.record import Settings
from ui.text.numbers import amount, amounts, counted, nearly_equal, whole

MOST_RUNS: Final = 4
"""As many pictures as a person can watch at once, and as a phone can draw."""

FIELDS: Final = {
    "seed": ("Seed", "seed of the start"),
    "init": ("Start", "start"),
    "rule": ("Rule", "rule"),
    "k": ("K", "K"),
    "empty": ("Empties", "fate of empty clusters"),
    "backend": ("Backend", "backend"),
}
"""What a way may change: the field's name, in a link too; its title where there is little room, and in a sentence."""

_AS_IT_IS: Final = "same"
"""How a link writes a way that changes nothing."""

_STUCK_SEED: Final = 16
"""A seed of the start with which the post's data is split wrongly: two blobs share a center, and two centers a blob."""

_CLOSE: Final = 1e-9
"""Centers that differ by less, as a share of the data's extent, differ by rounding alone."""

Way = tuple[tuple[str, str | int], ...]
"""Fields and their values, in the order of ``FIELDS``."""


# --- Ways, and how a link carries them


def encode_ways(ways: Sequence[Way]) -> str:
    """Return the text of these ways."""
    return "|".join(";".join(f"{field}:{value}" for field, value in way) or _AS_IT_IS for way in ways)


def decode_ways(text: str) -> tuple[tuple[Way, ...], list[str]]:
    """Read the text of some ways, as ``encode_ways`` writes it, or as people do.

    Returns
    -------
    ways : tuple of Way
        What of it can be used; nothing for an empty text.
    complaints : list of str
        One sentence for whatever can't.
    """
    parts = text.split("|") if text.strip() else []
    complaints: list[str] = []
    if len(parts) >= MOST_RUNS:
        complaints.append(f"“variants” in the link holds {len(parts)} runs. The first {MOST_RUNS - 1} are shown.")
    return tuple(_decode_way(part, complaints) for part in parts[: MOST_RUNS - 1]), complaints


def _decode_way(text: str, complaints: list[str]) -> Way:
    """Read one way; what of it means nothing is left out, and said."""
    found: dict[str, str | int] = {}
    for part in text.split(";"):
        field, colon, value = (piece.strip() for piece in part.partition(":"))
        field = current_name(field)
        if not part.strip() or (field == _AS_IT_IS and not colon):
            continue
        if field not in FIELDS:
            known = ", ".join(FIELDS)
            complaints.append(f"A run in “variants” may change {known}, not {quoted(field)}. That is left out.")
            continue
        try:
            found[field] = _checked(field, value)
        except ValueError as error:
            complaints.append(f"{error}. That run keeps the sidebar’s.")
    return tuple((field, found[field]) for field in FIELDS if field in found)


def _checked(field: str, text: str) -> str | int:
    """Read a value of a way, or raise a ``ValueError`` with the sentence to show."""
    if field == "init" and text == "given":
        raise ValueError(
            "A further run can’t start by hand: only the sidebar’s run knows where the hand put the centers"
        )
    value = BY_NAME[field].read(text)
    return value if isinstance(value, str) else int(value)


def tidy_ways(text: str) -> tuple[str, list[str]]:
    """Return the text as ``encode_ways`` would write it, and a sentence for whatever can't be used."""
    ways, complaints = decode_ways(text)
    return encode_ways(ways), complaints


def default_ways(settings: Settings) -> tuple[Way, ...]:
    """Return what the page opens on: the same run from another start."""
    if settings.init == "given":
        return ((("init", "k-means++"),),)
    return ((("seed", _other_seed(settings)),),)


def _other_seed(settings: Settings) -> int:
    return 0 if settings.seed == _STUCK_SEED else _STUCK_SEED


def in_this_way(settings: Settings, way: Way) -> Settings:
    """Return the settings of a further run. Centers that were dragged belong to the first run alone."""
    changes: dict[str, Any] = dict(way)
    return replace(settings.without_moves(), **changes)


def all_settings(settings: Settings, ways: Sequence[Way]) -> tuple[Settings, ...]:
    """Return the settings of all runs, the sidebar's first."""
    return (settings, *(in_this_way(settings, way) for way in ways))


# --- What can be chosen


def value_text(field: str, value: str | int) -> str:
    """Return what the screen calls a value."""
    if field == "empty":
        return str(value).capitalize()
    registry: Any = {"init": INITIALISERS, "rule": RULES, "backend": BACKENDS}.get(field)
    return str(registry[value].title) if registry else str(value)


def choices(settings: Settings, free: Collection[str]) -> list[dict[str, Any]]:
    """Return, for the browser, what a further run may change and to what.

    Parameters
    ----------
    settings : Settings
        The first run's.
    free : collection of str
        The fields that may be changed by this visitor.

    Returns
    -------
    list of dict
        Of each field its ``field``, ``title``, ``first`` (a value other than the first run's) and ``options``, each a
        value and its text; a seed has none: any whole number will do.
    """
    known: dict[str, Collection[Any]] = {
        "init": [name for name in INITIALISERS if name != "given"],
        "rule": list(RULES),
        "k": range(1, MAX_K + 1),
        "empty": list(EMPTY_POLICIES),
        "backend": list(BACKENDS),
    }
    found = []
    for field, (title, _) in FIELDS.items():
        if field not in free:
            continue
        options = [[value, value_text(field, value)] for value in known.get(field, ())]
        first = _another(settings, field, [value for value, _ in options])
        found.append({"field": field, "title": title, "options": options, "first": first})
    return found


def _another(settings: Settings, field: str, known: Sequence[Any]) -> Any:
    """Return a value that is not the first run's, and as near to it as can be."""
    if field == "seed":
        return _other_seed(settings)
    if field == "k":
        return settings.k + (1 if settings.k < MAX_K else -1)
    return next(value for value in known if value != getattr(settings, field))


def ideas(settings: Settings, free: Collection[str]) -> list[dict[str, str]]:
    """Return comparisons worth a click: of each its ``title`` and the text of its ``ways``."""

    def others(field: str, known: Collection[Any]) -> tuple[Way, ...]:
        return tuple(((field, value),) for value in known if value != getattr(settings, field))[: MOST_RUNS - 1]

    starts = [name for name in INITIALISERS if name != "given"]
    around = [k for k in (settings.k - 1, settings.k + 1) if 1 <= k <= MAX_K]
    found: list[tuple[str, str, tuple[Way, ...]]] = [
        ("seed", "Another seed", ((("seed", _other_seed(settings)),),)),
        ("rule", "Three rules", others("rule", list(RULES))),
        ("init", "Four starts", others("init", starts)),
        ("k", "One K less, one more", others("k", around)),
        ("backend", "NumPy and TensorFlow", others("backend", list(BACKENDS))),
    ]
    return [{"title": title, "ways": encode_ways(ways)} for field, title, ways in found if field in free and ways]


def as_widgets(settings: Settings, ways: Sequence[Way], free: Collection[str]) -> dict[str, Any]:
    """Return, for the browser, the ways with their texts, and what can be done about them."""
    return {
        "ways": [[[field, value, _told(field, value)] for field, value in way] for way in ways],
        "choices": choices(settings, free),
        "ideas": ideas(settings, free),
    }


# --- What came of it


@dataclass(frozen=True, slots=True)
class Ran:
    """What a page says of one of the runs.

    ``names[j]`` is the first run's name for this one's cluster j. ``parts`` is the first half-step at which it differs
    from the first run, None if there is none, and ``elsewhere`` how many points end in another cluster than there: none
    exactly when both runs end with the same partition of the points.
    """

    names: tuple[int, ...]
    costs: tuple[float | None, ...]
    phases: tuple[str, ...]
    moved: tuple[int, ...]
    converged: bool
    parts: int | None
    elsewhere: int
    agreement: float

    @property
    def last(self) -> int:
        """Its last half-step."""
        return len(self.costs) - 1

    @property
    def cost(self) -> float:
        """Its final cost."""
        return self.costs[-1] or 0.0

    def share(self, index: int) -> float | None:
        """Return a cost as a share of the run's first one; None where there is none."""
        first, here = self.costs[1], self.costs[index]
        return here / first if first and here is not None else None


def ran(traces: Sequence[Trace]) -> list[Ran]:
    """Return what to say of each run; all are compared with the first one."""
    return [_ran(traces[0], trace) for trace in traces]


def _ran(first: Trace, trace: Trace) -> Ran:
    names = cluster_names(first, trace)
    return Ran(
        names=tuple(names.tolist()),
        costs=tuple(step.cost for step in trace),
        phases=tuple(step.phase.value for step in trace),
        moved=tuple(step.moved for step in trace),
        converged=trace.stop_reason.value == "converged",
        parts=parting(first, trace, names),
        elsewhere=_elsewhere(first, trace),
        agreement=adjusted_rand_index(trace.labels, first.labels),
    )


def _elsewhere(first: Trace, trace: Trace) -> int:
    """Return how many points end in another cluster than in the first run, whatever the clusters are called."""
    names = match_clusters(trace.labels, first.labels, k=max(trace.config.k, first.config.k))
    return int(np.count_nonzero(names[trace.labels] != first.labels))


def cluster_names(first: Trace, trace: Trace) -> NDArray[np.intp]:
    """Return the first run's name for each cluster of another run, ``(k,) int``.

    Clusters that began at the same centers are the same clusters. Otherwise they are matched so that most points end
    under the same name; what has no counterpart gets a name that is left.
    """
    k = trace.config.k
    if np.array_equal(first[0].centers, trace[0].centers):
        return np.arange(k)
    return match_clusters(trace.labels, first.labels, k=max(k, first.config.k))[:k]


def parting(first: Trace, trace: Trace, names: NDArray[np.intp]) -> int | None:
    """Return the first half-step after which two runs are not in the same state; None if there is none.

    A run that has ended stays as it is.
    """
    for index in range(max(len(first), len(trace))):
        if not _same_state(first[min(index, len(first) - 1)], trace[min(index, len(trace) - 1)], names):
            return index
    return None


def _same_state(one: Step, other: Step, names: NDArray[np.intp]) -> bool:
    """Tell whether two half-steps left the same labels and, but for rounding, the same centers."""
    if len(one.centers) != len(other.centers) or (one.labels is None) != (other.labels is None):
        return False
    extent = float(np.abs(one.centers).max()) or 1.0
    if np.abs(one.centers[names] - other.centers).max() > _CLOSE * extent:
        return False
    return one.labels is None or other.labels is None or bool((names[other.labels] == one.labels).all())


def wanted_run(all_of_them: Sequence[Settings], runs: Sequence[Ran], asked: object) -> tuple[Settings, int]:
    """Return the settings of the run that a browser asked for, and the half-step; nothing of it is trusted."""
    said = asked if isinstance(asked, Mapping) else {}
    run, step = (value if isinstance(value := said.get(name), int) else 0 for name in ("run", "step"))
    at = min(max(0, run), len(runs) - 1)
    return all_of_them[at], min(max(0, step), runs[at].last)


# --- In words


def difference(settings: Settings, way: Way) -> str:
    """Say what a further run changes: ``rule Medoids, K 5``."""
    told = [_told(field, value) for field, value in _changes(settings, way)]
    return ", ".join(told) or "nothing changed"


def _told(field: str, value: str | int) -> str:
    return f"{FIELDS[field][1]} {value_text(field, value)}"


def _changes(settings: Settings, way: Way) -> list[tuple[str, str | int]]:
    """Return what of a way is not as in the first run."""
    return [(field, value) for field, value in way if value != getattr(settings, field)]


def one_scale(all_of_them: Sequence[Settings]) -> bool:
    """Tell whether the runs' costs mean the same, so that one may be called lower than another."""
    return len({settings.rule for settings in all_of_them}) == 1


def finding(settings: Settings, ways: Sequence[Way], runs: Sequence[Ran], n: int) -> str:
    """Say in some sentences where the runs part, how they end, and which were cut off."""
    stopped = _stopped_told(runs)
    if all(run.parts is None for run in runs):
        many = "Both runs" if len(runs) == 2 else f"All {len(runs)} runs"
        told = (
            f"{many} go the same way: at each of {counted(runs[0].last, 'half-step')} every point has the same label "
            f"and every center the same place. They end at a cost of {amount(runs[0].cost)}."
        )
        return f"{told} {stopped}".rstrip()
    same_scale = one_scale(all_settings(settings, ways))
    head = _two_part(settings, ways[0], runs) if len(runs) == 2 else _several_part(runs)
    return f"{head} {_ends(runs, same_scale, n)} {stopped}".rstrip()


def _stopped_told(runs: Sequence[Ran]) -> str:
    """Say which runs were cut off by the iteration limit; nothing where none was."""
    stopped = [i for i, run in enumerate(runs) if not run.converged]
    if not stopped:
        return ""
    its = "its" if len(stopped) == 1 else "their"
    return f"{_named(stopped)} reached the iteration limit before converging, so {its} result could still change."


def _two_part(settings: Settings, way: Way, runs: Sequence[Ran]) -> str:
    where = _where(runs, 1)
    changes = _changes(settings, way)
    if not changes:
        return f"Only what was moved by hand differs: the runs part {where}."
    told = " and ".join(
        f"the {FIELDS[field][1]} ({value_text(field, getattr(settings, field))} against {value_text(field, value)})"
        for field, value in changes
    )
    return f"Only {told} {'differs' if len(changes) == 1 else 'differ'}: the two runs part {where}."


def _several_part(runs: Sequence[Ran]) -> str:
    first = first_parting(runs)
    part = [i for i, run in enumerate(runs) if run.parts == first]
    alike = [i for i, run in enumerate(runs) if i and run.parts is None]
    same = f" {_named(alike)} {'goes' if len(alike) == 1 else 'go'} the same way as run 1." if alike else ""
    where, many = _where(runs, part[0]), "Three" if len(runs) == 3 else "Four"
    if len(part) == len(runs) - 1:
        return f"{many} runs on the same points, and all part from run 1 {where}."
    verb = "parts" if len(part) == 1 else "part"
    return f"{many} runs on the same points: {_named(part).lower()} {verb} from run 1 first, {where}.{same}"


def _named(runs: Sequence[int]) -> str:
    numbers = [str(i + 1) for i in runs]
    return f"Run {numbers[0]}" if len(numbers) == 1 else f"Runs {', '.join(numbers[:-1])} and {numbers[-1]}"


def _where(runs: Sequence[Ran], at: int) -> str:
    index = runs[at].parts
    assert index is not None
    if index == 0:
        return "at the start, half-step 0"
    longer = max((runs[0], runs[at]), key=lambda run: run.last)
    return f"at half-step {index}, {'an' if longer.phases[index] == 'assign' else 'a'} {longer.phases[index]}"


def _ends(runs: Sequence[Ran], same_scale: bool, n: int) -> str:
    """Say how different the results are: by the points that are in another cluster, and by their costs."""
    points = _elsewhere_told(runs, n)
    apart = any(run.elsewhere for run in runs)
    done = "both runs converged" if len(runs) == 2 else "all runs converged"
    settled = f", though {done}" if apart and all(run.converged for run in runs) else ""
    if not same_scale:
        return f"{points}{settled}. Their rules count cost differently, so compare the labels, not the costs."
    low, high = (pick(range(len(runs)), key=lambda i: runs[i].cost) for pick in (min, max))
    cheap, dear = runs[low].cost, runs[high].cost
    if nearly_equal(cheap, dear):
        same = f"at the same cost of {amount(dear)}"
        return f"{points}, {f'yet {same}' if apart else same}{settled}."
    less, more = amounts([cheap, dear])
    by = f", {_more(dear / cheap)} run {low + 1}’s {less}" if cheap else f", run {low + 1}’s at 0"
    return f"{points}{settled}. Run {high + 1}’s cost ends at {more}{by}."


def _elsewhere_told(runs: Sequence[Ran], n: int) -> str:
    if not any(run.elsewhere for run in runs):
        return "Yet they end with the same result: the same points are together"
    if len(runs) == 2:
        return f"At the end {whole(runs[1].elsewhere)} of {counted(n, 'point')} are in another cluster"
    told = [f"{whole(run.elsewhere)} in run {i}" for i, run in enumerate(runs[1:], start=2)]
    told[0] = f"{whole(runs[1].elsewhere)} of {counted(n, 'point')} in run 2"
    return f"At the end {', '.join(told[:-1])} and {told[-1]} are in another cluster than in run 1"


def _more(ratio: float) -> str:
    """Say how much more a cost is than another one, in front of whose."""
    if ratio >= 2:
        return f"{ratio:.2g} times"
    percent = 100 * (ratio - 1)
    return "less than 0.01 % more than" if percent < 0.01 else f"{percent:.2g} % more than"


def first_parting(runs: Sequence[Ran]) -> int | None:
    """Return the first half-step at which any run differs from the first one; None where all are alike."""
    return min((run.parts for run in runs if run.parts is not None), default=None)


def numbers(settings: Settings, ways: Sequence[Way], runs: Sequence[Ran]) -> dict[str, list[object]]:
    """Return the runs as the columns of a table."""
    return {
        "run": [i + 1 for i in range(len(runs))],
        "what differs": ["the sidebar’s run", *(difference(settings, way) for way in ways)],
        "half-steps": [run.last for run in runs],
        "converged": [run.converged for run in runs],
        "final cost": [run.cost for run in runs],
        "share of its first cost": [run.share(run.last) for run in runs],
        "parts from run 1 at half-step": [run.parts for run in runs],
        "points in another cluster than in run 1": [run.elsewhere for run in runs],
        "adjusted Rand index with run 1": [round(run.agreement, 4) for run in runs],
    }


def all_numbers(runs: Sequence[Ran]) -> dict[str, list[object]]:
    """Return every half-step of every run as the columns of a table."""
    every = [(number, run, index) for number, run in enumerate(runs, start=1) for index in range(len(run.costs))]
    return {
        "run": [number for number, _, _ in every],
        "half-step": [index for _, _, index in every],
        "kind": [run.phases[index] for _, run, index in every],
        "cost": [run.costs[index] for _, run, index in every],
        "share of its first cost": [run.share(index) for _, run, index in every],
        "points that changed cluster": [run.moved[index] for _, run, index in every],
    }
