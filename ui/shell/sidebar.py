"""The sidebar: every setting as a widget, in the order in which a person thinks of them, and the URL in step with it.

The settings are one record in the session; the widgets are views of it and the URL is its picture. A URL is read when a
session begins, when a page is opened by a link and when the browser goes back or forward, and at no other time: a
second click can be on its way with the URL from before the first, and must not undo it.

Every widget is told its value twice, in the session and as its default. Streamlit's browser loads the code of a widget
when it first draws one, and a person may act before: the run that follows no longer says what the session was set to,
and without a default the widget would come up at its least value and send that.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, INITIALISERS, RULES
from kmeans_core.datasets import SEED, Parameter
from kmeans_tables import Choice, Missing, checked_choice, unusable_note
from server.config import LIMITS, backend_offered
from ui.settings import lesson_link as lessons
from ui.settings.bad_starts import BAD_STARTS, bad_start
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.definitions import DATA, INITS, MAX_ITER, UPLOAD, K
from ui.settings.edits import as_places, encode_edits, file_name
from ui.settings.lesson_link import Lesson
from ui.settings.links import VIEW_NAMES, decode, encode
from ui.settings.record import DEFAULT, Settings, blog_example
from ui.settings.sizes import Sizes, parameters_of
from ui.settings.table_use import use_of
from ui.shell.navigation import chosen_lesson, run_link
from ui.shell.runs import points_of, run_input
from ui.shell.session import (
    BAD_START_COUNT,
    GO_TO,
    IS_LINK_OPENED,
    LESSON,
    LINK_PROBLEMS,
    NEW_TABLE,
    NOTE,
    OPEN_PAGE,
    RECENT_SETTINGS,
    SETTINGS,
    UNUSED_SETTINGS,
    restore_widget,
    set_widget,
    widget_value,
)
from ui.shell.undo_history import lead_on, record
from ui.shell.uploads import bring_widgets, is_missing, last_brought, remember_brought, table_of
from ui.text.markup import plain_markdown
from ui.text.numbers import counted

_MOST_LEFT: Final = 5
_AT_ONCE: Final = 1.5
"""Seconds after a change in which a link to the settings before it was clicked too early, and not meant so."""
_FIRST_SIZES: Final = 3
_DATA: Final = ("data", "data_seed")
_RUN: Final = ("k", "init", "rule", "backend", "seed", "max_iter", "empty")
EVERYTHING: Final = _DATA + _RUN
"""All settings, for a page that uses none of them."""

_NO_WIDGET: Final = {"sizes", "centers", "edits", "file", "table"}

_COMPONENTS: Final = "principal components"
"""Stands for them among the columns that can be drawn."""

_NEW_SEEDS: Final = 10_000
"""Seeds from the dice are below this: short enough to read out to a class."""


def _widget_values(settings: Settings) -> dict[str, object]:
    """Return what each widget shows, by widget key."""
    values: dict[str, object] = {
        name: getattr(settings, name) for name in Settings.__dataclass_fields__ if name not in _NO_WIDGET
    }
    return values | {f"{settings.data}.{name}": value for name, value in settings.sizes} | _table_values(settings)


def _table_values(settings: Settings) -> dict[str, object]:
    """Return what the widgets of a table show."""
    if not (use := settings.table):
        return {}
    across, up = use.axes or (_COMPONENTS, use.choice.columns[1] if len(use.choice.columns) > 1 else "")
    return {
        "table.columns": list(use.choice.columns),
        "table.standardize": use.choice.standardize,
        "table.missing": use.choice.missing,
        "table.label": use.choice.label,
        "table.across": across,
        "table.up": up,
    }


def show_settings(settings: Settings) -> None:
    """Make the record and every widget say ``settings``."""
    SETTINGS.set(settings)
    for key, value in _widget_values(settings).items():
        set_widget(key, value)


def choose_columns(choice: Choice) -> None:
    """Go on with another choice of the same table's columns, as a click on a page's own button asks for."""
    before = current_settings()
    if before.table and (table := table_of(before)):
        axes = before.table.axes
        kept = axes if set(axes) <= set(choice.columns) and len(choice.columns) > len(axes) else ()
        after = before.with_columns(use_of(table, choice, before.table.digest, kept))
        note_change(before, after)
        show_settings(after)


def is_locked(control: str) -> bool:
    """Tell whether the link lets nobody change one of a lesson's controls, or hides it."""
    return control in chosen_lesson().locked | chosen_lesson().hidden


def current_settings() -> Settings:
    """Return what is chosen, as of the last run of the page."""
    settings = SETTINGS.get()
    assert settings is not None, "the sidebar reads the link before anything else"
    return settings


def _url_was_opened() -> tuple[bool, bool]:
    """Tell whether this run was caused by a URL, and not by a widget; and whether by a link to another page."""
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    other_page = OPEN_PAGE.get() != page
    OPEN_PAGE.set(page)
    by_history = bool(getattr(context, "is_history_navigation", False))
    return SETTINGS.get() is None or other_page or by_history, other_page and not by_history


def _restore() -> None:
    """Bring the record, the widgets and the URL to agree before any widget is drawn."""
    is_opened, was_clicked = _url_was_opened()
    IS_LINK_OPENED.set(is_opened)
    if brought := NEW_TABLE.pop():
        settings, problems = brought
        LINK_PROBLEMS.set(problems)
        before = current_settings()
        if is_missing(before):
            lead_on(before, settings)  # from the choice of an upload to the upload itself
        else:
            note_change(before, settings)
        show_settings(settings)
    if is_opened:
        # A link says itself which step it means.
        GO_TO.pop()
        NOTE.pop()
        settings, complaints = decode(st.query_params)
        settings = _as_known_here(settings, was_clicked)
        lesson, more = lessons.decode(st.query_params)
        LESSON.set(lesson)
        if settings.data == UPLOAD and settings.table and (table := table_of(settings)):
            settings, unfit = settings.with_table(table, settings.table.digest)
            more += unfit
        LINK_PROBLEMS.set(complaints + more)
        show_settings(settings)
        return
    # Streamlit forgets a widget that was not drawn in the last run; the record does not.
    for key, value in _widget_values(current_settings()).items():
        restore_widget(key, value)


def _as_known_here(linked: Settings, was_clicked: bool) -> Settings:
    """Return a link's settings with what this session knows better than the link."""
    known = SETTINGS.get()
    if known is None:
        return linked
    now = time.monotonic()
    left = [old for old, then in RECENT_SETTINGS.get() if now - then < _AT_ONCE]
    if was_clicked and any(linked == decode(encode(old))[0] for old in left):
        return known  # the link was there before the change, and clicked before it was drawn anew
    if linked.file and known.edits and file_name(encode_edits(known.edits)) == linked.file:
        return replace(linked, edits=known.edits, file="")
    return linked


def note_change(before: Settings, after: Settings) -> None:
    """Make a change undoable if it brought other points, or left behind what a hand did.

    Other points are looked at from their beginning.
    """
    same_points = after.has_points_of(before)
    lost = [what for what, was, now in _by_hand(before, after) if was and not now]
    if same_points and not lost:
        return
    record(before, after)
    if not same_points:
        GO_TO.set(0)
    if lost:
        what = "run" if same_points else "data"
        NOTE.set(f"Your edits ({', '.join(lost)}) belonged to the previous {what}. Undo brings them back.")


def _by_hand(before: Settings, after: Settings) -> tuple[tuple[str, bool, bool], ...]:
    """Return what can be done by hand, and whether it was there before and is there after."""

    def moves(settings: Settings) -> bool:
        return settings.edits != settings.without_moves().edits

    def drawn(settings: Settings) -> bool:
        return bool(settings.without_moves().edits or settings.file)

    def placed(settings: Settings) -> bool:
        return bool(settings.centers)

    parts = (("points", drawn), ("starting centers", placed), ("moves of centers", moves))
    return tuple((what, has(before), has(after)) for what, has in parts)


def link_was_opened() -> bool:
    """Tell whether this run of the page was caused by a link; known once ``choose_settings`` was called."""
    return IS_LINK_OPENED.get()


def add_complaint(sentence: str) -> None:
    """Add what else of the opened link could not be used."""
    LINK_PROBLEMS.get().append(sentence)


def forget_complaints() -> None:
    """Say no more of the opened link: the person has gone on from it."""
    LINK_PROBLEMS.pop()


def _control(key: str) -> str:
    """Return which of a lesson's controls a widget belongs to."""
    if key in ("seed", "data_seed"):
        return "seed"
    return "data" if "." in key else key


def _hidden(key: str) -> bool:
    """Tell whether the link or the page leaves a widget out; its value stays what the link says."""
    unused = UNUSED_SETTINGS.get()
    return _control(key) in chosen_lesson().hidden or key in unused or ("." in key and "data" in unused)


def _locked(key: str) -> bool:
    """Tell whether the link lets nobody change a widget."""
    return _control(key) in chosen_lesson().locked


def _number_widget(parameter: Parameter, key: str) -> float:
    """Draw a slider, or a number field where a slider would be too coarse to hit a value."""
    if _hidden(key):
        kept: float = widget_value(key)
        return kept
    steps = (parameter.high - parameter.low) / parameter.step
    draw = st.slider if steps <= 500 else st.number_input
    as_kind = int if parameter.kind == "int" else float
    return draw(
        parameter.title,
        min_value=as_kind(parameter.low),
        max_value=as_kind(parameter.high),
        value=as_kind(widget_value(key)),
        step=as_kind(parameter.step),
        key=key,
        help=parameter.help,
        disabled=_locked(key),
    )


def _throw_dice(key: str) -> None:
    set_widget(key, secrets.randbelow(_NEW_SEEDS))


def _seed_widget(label: str, key: str, told: str) -> int:
    """Draw a seed that can be read and typed, and a dice button for another."""
    if _hidden(key):
        return int(widget_value(key))
    field, dice = st.columns([3, 1], vertical_alignment="bottom")
    with field:
        seed = st.number_input(
            label,
            min_value=int(SEED.low),
            max_value=int(SEED.high),
            value=int(widget_value(key)),
            step=1,
            key=key,
            help=told,
            disabled=_locked(key),
        )
    with dice:
        st.button(
            f"New {label[0].lower()}{label[1:]}",
            icon=":material/casino:",
            key=f"{key}_dice",
            help=f"A new {label.lower()}",
            on_click=_throw_dice,
            args=(key,),
            disabled=_locked(key),
            width="stretch",
        )
    return int(seed)


def _index(options: Sequence[str], key: str, instead: str) -> int:
    """Return where a widget's value is among its options; ``instead`` becomes its value where it is none of them.

    Streamlit hands on whatever text is sent for a selectbox, also what was never offered.
    """
    if widget_value(key) not in options:
        set_widget(key, instead)
    return options.index(widget_value(key))


def _choice_widget(label: str, options: Sequence[str], key: str, told: str, title: Callable[[str], str]) -> str:
    index = _index(options, key, getattr(current_settings(), key))
    if _hidden(key):
        return str(widget_value(key))
    chosen: str = st.selectbox(label, options, index, key=key, format_func=title, help=told, disabled=_locked(key))
    return chosen


def _size_widgets(data: str) -> Sizes:
    """Draw the dataset's sizes: the first few, and the others a click away, so that K stays on the first screen."""
    parameters = parameters_of(data)
    first, others = parameters[:_FIRST_SIZES], parameters[_FIRST_SIZES:]
    drawn = [(parameter.name, _number_widget(parameter, f"{data}.{parameter.name}")) for parameter in first]
    if others:
        with st.container() if _hidden("data") else st.expander("More sizes"):
            drawn += [(parameter.name, _number_widget(parameter, f"{data}.{parameter.name}")) for parameter in others]
    return tuple(drawn)


def _heading(text: str, keys: Sequence[str]) -> None:
    """Draw a heading, unless nothing is below it."""
    if not all(map(_hidden, keys)):
        st.header(text, anchor=False)


def _data_widgets(settings: Settings) -> Settings:
    """Draw what decides the points."""
    _heading("Data", _DATA)
    data = _choice_widget(
        "Dataset",
        tuple(DATA),
        "data",
        "Which points to cluster: drawn by a formula and a seed, measured by somebody, or a table of your own.",
        title_of,
    )
    if data != settings.data:
        settings = settings.with_data(data)
        if data == UPLOAD and (use := last_brought()):
            settings = replace(settings, table=use)
        for key, value in _widget_values(settings).items():
            if "." in key:  # of these data alone, and not drawn yet
                set_widget(key, value)
        # A picture of two moons in six colours would show nothing; K can be changed again below.
        set_widget("k", settings.k)
    if data not in DATASETS:
        return _table_widgets(settings)
    if not _hidden("data"):
        st.caption(DATASETS[data].sentence)
    sizes = _size_widgets(data)
    seed = _seed_widget("Seed of the data", "data_seed", SEED.help)
    return replace(settings, sizes=sizes, data_seed=seed)


def title_of(data: str) -> str:
    """Return what a dataset or a table is called."""
    if data == UPLOAD:
        return "Your own table…"
    return DATASETS[data].title if data in DATASETS else BUILT_IN[data].title


def _table_widgets(settings: Settings) -> Settings:
    """Draw what of a table is clustered."""
    table = table_of(settings)
    if table is None or settings.table is None:
        return settings
    if _hidden("data"):
        return settings
    off = _locked("data")
    if settings.data in BUILT_IN:
        about = BUILT_IN[settings.data]
        st.caption(about.sentence)
    else:
        st.caption(f"“{table.name}”, {counted(table.n, 'row')}")
    bring_widgets(settings, table, off)
    chosen = [name for name in widget_value("table.columns") if name in table.numeric]
    columns = st.multiselect("Columns", table.numeric, chosen, key="table.columns", disabled=off, help=_COLUMNS_HELP)
    if note := unusable_note(table):
        st.caption(f"{plain_markdown(note)}.")
    standardize = st.toggle(
        "Standardize", widget_value("table.standardize"), key="table.standardize", disabled=off, help=_STANDARDIZE_HELP
    )
    missing: Missing = settings.table.choice.missing
    if any(table.frame[name].isna().any() for name in columns):
        missing = st.radio(
            "Rows with a missing value",
            _MISSING,
            _index(_MISSING, "table.missing", missing),
            key="table.missing",
            format_func=_MISSING_WORDS.__getitem__,
            horizontal=True,
            disabled=off,
        )
    label = settings.table.choice.label
    if table.others:
        others = ("", *table.others)
        label = st.selectbox(
            "Compare with",
            others,
            _index(others, "table.label", ""),
            key="table.label",
            format_func=lambda name: name or "nothing",
            disabled=off,
            help="A column that may say which group each row belongs to. K-means sees it only if you cluster it, too.",
        )
    try:
        choice = checked_choice(table, Choice(tuple(columns), standardize, missing, label))
    except ValueError as error:
        st.warning(f"{error}.")
        return settings
    axes = _axes_widgets(choice.columns, off)
    return settings.with_columns(use_of(table, choice, settings.table.digest, axes))


_MISSING_WORDS: Final[Mapping[Missing, str]] = {"drop": "leave out", "fill": "fill with the median"}
_MISSING: Final = tuple(_MISSING_WORDS)

_COLUMNS_HELP: Final = (
    "The columns that distances are measured in, two or more. In more than two, no center can be placed by hand."
)
_STANDARDIZE_HELP: Final = (
    "Gives every column a mean of 0 and a standard deviation of 1, so that no unit decides the distances alone."
)


def _axes_widgets(columns: Sequence[str], off: bool) -> tuple[str, ...]:
    """Draw the choice of what the picture shows of more than two columns."""
    if len(columns) <= 2:
        return ()
    shown = (_COMPONENTS, *columns)
    restore_widget("table.across", _COMPONENTS)
    index = _index(shown, "table.across", _COMPONENTS)
    across: str = st.selectbox(
        "Picture shows", shown, index, key="table.across", disabled=off, format_func=_across_words
    )
    if across == _COMPONENTS:
        return ()
    others = [name for name in columns if name != across]
    restore_widget("table.up", others[0])
    index = _index(others, "table.up", others[0])
    return (across, st.selectbox("and upwards", others, index, key="table.up", disabled=off))


def _across_words(name: str) -> str:
    return "principal components" if name == _COMPONENTS else f"{name}, across"


def _backend_widget() -> str:
    """Draw the choice of backend; greyed, with a way out, where there is only one."""
    if _hidden("backend"):
        return str(widget_value("backend"))
    missing = [name for name in BACKENDS if not backend_offered(name)]
    chosen = st.segmented_control(
        "Backend",
        tuple(BACKENDS),
        default=widget_value("backend"),
        key="backend",
        format_func=lambda name: BACKENDS[name].title,
        help="What computes the steps. Both give the same labels; TensorFlow takes some seconds to load.",
        disabled=bool(missing) or _locked("backend"),
        required=True,
        width="stretch",
    )
    for name in missing:
        absent = f"is not installed on this server. `pip install {BACKENDS[name].package}` adds it; until then"
        why = absent if LIMITS.tensorflow else "is switched off on this server:"
        st.caption(f"{BACKENDS[name].title} {why} NumPy computes every step.")
    return chosen or DEFAULT.backend


def _place_badly(name: str) -> None:
    settings = current_settings()
    centers = bad_start(name, points_of(settings), settings.k, settings.rule)
    after = replace(settings.without_moves(), init="given", centers=centers)
    record(settings, after)
    forget_complaints()
    show_settings(after)
    GO_TO.set(0)  # it is the start that is to be seen
    BAD_START_COUNT.set(BAD_START_COUNT.get() + 1)


def _bad_start_buttons() -> None:
    # Under another key it is another one, and closed.
    with st.popover("Try a bad start", width="stretch", key=f"bad_starts_{BAD_START_COUNT.get()}"):
        for name in BAD_STARTS:
            st.button(name, on_click=_place_badly, args=(name,), width="stretch")


def _run_widgets(settings: Settings) -> Settings:
    """Draw what decides the run."""
    _heading("K-means", _RUN)
    k = int(_number_widget(K, "k"))
    # Nobody can place a center by hand where the picture is only a shadow of the points.
    starts = tuple(INITS) if settings.features == 2 else tuple(name for name in INITS if name != "given")
    if widget_value("init") not in starts:
        set_widget("init", settings.init)
    start = _choice_widget(
        "Start",
        starts,
        "init",
        "  \n".join(f"**{INITIALISERS[name].title}**: {INITIALISERS[name].summary}" for name in starts),
        lambda name: INITIALISERS[name].title,
    )
    if not (_hidden("init") or _locked("init") or settings.features > 2 or is_missing(settings)):
        _bad_start_buttons()
    rule = _choice_widget(
        "Rule",
        tuple(RULES),
        "rule",
        "  \n".join(f"**{rule.title}**: {rule.summary}" for rule in RULES.values()),
        lambda name: RULES[name].title,
    )
    backend = _backend_widget()
    seed = _seed_widget("Seed of the start", "seed", "The same seed places the first centers the same way again.")
    iterations = int(_number_widget(MAX_ITER, "max_iter"))
    empty = _choice_widget(
        "Empty clusters",
        tuple(EMPTY_POLICIES),
        "empty",
        "  \n".join(f"**{name.capitalize()}**: {sentence}" for name, sentence in EMPTY_POLICIES.items()),
        str.capitalize,
    )
    return replace(
        settings,
        k=k,
        init=start,
        rule=rule,
        backend=backend,
        seed=seed,
        max_iter=iterations,
        empty=empty,
    )


def linked(settings: Settings) -> dict[str, str]:
    """Return what the URL is to say: what it says, if that is these settings already, as Back must not lead nowhere."""
    said = st.query_params.to_dict()
    if decode(said) == decode(encode(settings)) and lessons.decode(said) == (chosen_lesson(), []):
        return said
    view = {name: value for name, value in said.items() if name in ("step", *VIEW_NAMES)}
    return run_link(settings) | view


def _change_lesson(lesson: Lesson) -> None:
    LESSON.set(lesson)


def _lesson_button(label: str, icon: str, after: Lesson) -> None:
    st.button(label, icon=icon, on_click=_change_lesson, args=(after,), width="stretch")


def _lesson_widgets(lesson: Lesson) -> None:
    """Say what the link keeps from a person, each with the way out; nothing where it keeps nothing."""
    if lesson.locked:
        st.caption("Some settings are locked by this link.")
        _lesson_button("Unlock", ":material/lock_open:", replace(lesson, locked=frozenset()))
    if lesson.hidden:
        st.caption("Some settings are hidden by this link.")
        _lesson_button("Show them", ":material/visibility:", replace(lesson, hidden=frozenset()))


def _show_post() -> None:
    forget_complaints()
    note_change(current_settings(), blog_example())
    show_settings(blog_example())


def _post_button(lesson: Lesson) -> None:
    """Draw the button that chooses the blog post's own run, unless the link keeps a setting from changing."""
    if not lesson.locked | lesson.hidden:
        st.button(
            "As in the post",
            help="The blog post's own run: its six blobs, K = 6, medoids, a random start and 15 iterations.",
            on_click=_show_post,
            width="stretch",
        )


def choose_settings(unused: Collection[str] = ()) -> Settings:
    """Draw the sidebar's settings and return what is chosen; what the URL is to say of it, ``linked`` knows.

    The page leaves out the settings of these names: they do nothing on it, but are kept for the other pages. Where that
    is all of them the sidebar has nothing in it, and Streamlit does not show it.
    """
    _restore()
    UNUSED_SETTINGS.set(frozenset(unused))
    before = current_settings()
    lesson = chosen_lesson()
    with st.sidebar:
        if not set(unused) >= set(EVERYTHING):
            _lesson_widgets(lesson)
            _post_button(lesson)
        settings = _data_widgets(before).keep_valid_edits(before)
        if settings.init != before.init:
            set_widget("init", settings.init)  # other points have none that was placed by hand
        settings = _run_widgets(settings)
    remember_brought(settings)
    if settings != before:
        settings = settings.keep_valid_edits(before)
        if settings.init == "given" and not settings.centers and not is_missing(settings):
            # By hand begins where the start before it left the centers.
            settings = replace(settings, centers=as_places(run_input(before).first_centers()))
        note_change(before, settings)
        SETTINGS.set(settings)
        left = [*RECENT_SETTINGS.get(), (before, time.monotonic())]
        RECENT_SETTINGS.set(left[-_MOST_LEFT:])
        forget_complaints()
    return settings


def show_link_complaints() -> None:
    """Say what of the opened link could not be used, until a setting is changed."""
    complaints = LINK_PROBLEMS.get()
    if complaints:
        head = "Part of this link could not be used:" if len(complaints) > 1 else ""
        plain = [plain_markdown(complaint) for complaint in complaints]
        told = [f"- {complaint}" for complaint in plain] if head else plain
        st.warning("\n".join([head, *told]), icon=":material/link_off:")
