"""The home page's "Take it away": files of the run, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import RunConfig, StopReason, Trace, adjusted_rand_index
from kmeans_core.types import Points
from kmeans_tables import Table, in_quotes
from ui.charts.drawn_run import DrawnRun
from ui.export import animation, run_files
from ui.export.notebook import notebook
from ui.export.worksheet import sheet
from ui.settings.definitions import UPLOAD
from ui.settings.edits import Add, Move, edit_summary
from ui.settings.lesson_link import Lesson
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.settings.runs import with_offered_backend
from ui.shell.charts import page_theme
from ui.shell.navigation import run_link
from ui.shell.runs import run_input
from ui.shell.session import GIF, IS_GIF_STOPPED
from ui.shell.sharing import own_link, qr_code
from ui.shell.uploads import table_of
from ui.text.file_names import file_stem
from ui.text.markup import plain_markdown
from ui.text.numbers import counted, shares


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """All that files are made of; they are made in a thread that knows nothing of the session."""

    settings: Settings
    lesson: Lesson
    link: str
    data: Data
    points: Points
    config: RunConfig
    trace: Trace
    theme: Any

    @property
    def stem(self) -> str:
        """What its files are called."""
        return file_stem(self.data.title, self.trace.config.k)

    @property
    def csv(self) -> str:
        """The name of the labelled table."""
        return f"{self.stem}-clusters.csv"

    @property
    def npy(self) -> str:
        """The name of the points, by which a notebook finds them."""
        return f"{self.stem}-points.npy"

    @property
    def drawn(self) -> DrawnRun:
        """The run where the page shows it."""
        centers = [self.data.places(step.centers) for step in self.trace]
        return DrawnRun(self.trace, self.data.places(self.points), centers, self.data.equal_units, self.data.axes)


def offer_to_take(settings: Settings, lesson: Lesson) -> None:
    """Offer the run as files."""
    box = st.expander("Take it away: table, run, notebook, lesson sheet, movie", on_change="rerun", key="taking")
    if not box.open:
        return
    with box:
        inputs = run_input(with_offered_backend(settings))
        link = own_link(run_link(settings))
        run = _Run(settings, lesson, link, inputs.data, inputs.points, inputs.config(), inputs.trace(), page_theme())
        _show_files(run)


def _show_files(run: _Run) -> None:
    table = table_of(run.settings)
    labeled = partial(run_files.labeled, run.settings, run.data, run.points, run.trace.labels, table)
    st.caption(
        "Each file is made when you press its button. The picture as it is now, as PNG or SVG, and the player as a "
        "page that plays without a network are in “Share”."
    )
    points, whole, school = st.columns(3, gap="medium")
    with points:
        st.markdown("**The points with their clusters**")
        _file("Table as CSV", lambda: labeled().csv(), run.csv, "text/csv")
        _file("Table as Parquet", lambda: labeled().parquet(), f"{run.stem}-clusters.parquet", _BINARY)
    with whole:
        st.markdown("**The whole run**, every half-step")
        for form, mime in (("json", "application/json"), ("npz", _BINARY)):
            made = partial(_run_file, run, form, table)
            _file(f"Run as {form.upper()}", made, f"{run.stem}-run.{form}", mime)
    with school:
        st.markdown("**To teach and to try**")
        if any(isinstance(edit, Move) for edit in run.settings.edits):
            st.caption("Where centers were dragged within the run, no notebook can follow them.")
        else:
            _file("Jupyter notebook", partial(_notebook, run), f"{run.stem}.ipynb", "application/x-ipynb+json")
            if run_files.needs_file(run.settings, run.points):
                _file("Points for the notebook", lambda: run_files.as_npy(run.points), run.npy, _BINARY)
        _file("Lesson sheet to print", partial(_sheet, run), f"{run.stem}-sheet.html", "text/html")
    _offer_movie(run)


_BINARY: Final = "application/octet-stream"


def _file(label: str, make: Callable[[], bytes | str], name: str, mime: str) -> None:
    st.download_button(
        label, make, file_name=name, mime=mime, icon=":material/download:", on_click="ignore", width="stretch"
    )


def _run_file(run: _Run, form: str, table: Table | None) -> bytes:
    return run_files.run_file(run.settings, run.data, run.points, run.trace, form=form, table=table, link=run.link)


def _title(run: _Run) -> str:
    return run.lesson.title or run.data.title


def _notebook(run: _Run) -> str:
    by_hand = run.config.init != run.trace.config.init  # the points were, and the centers stay where they would be
    return notebook(
        run.trace,
        points_code=run_files.points_code(run.settings, run.points, run.npy),
        link=run.link,
        title=_title(run),
        start="placed before any point was drawn or erased" if by_hand else "",
        equal_units=run.data.equal_units,
    )


def _sheet(run: _Run) -> str:
    return sheet(
        run.drawn,
        title=_title(run),
        about=_about(run),
        link=run.link,
        needs="Whoever opens it is asked for the same table." if run.settings.data == UPLOAD else "",
        question=run.lesson.question,
        # A phone has no file to bring.
        code="" if run.settings.data == UPLOAD else qr_code(run.link),
        data_seed=None if run.settings.table else run.settings.data_seed,
        versions={name: found for name in ("numpy", "kmeans-step-by-step") if (found := _version(name))},
    )


def _about(run: _Run) -> str:
    """Say what the data is, what became of its rows, and what the pictures show of it."""
    by_hand = edit_summary(len(run.data.points), run.settings.edits, "row" if run.settings.table else "point")
    told = list(run.data.notes) or ([f"{run.data.title}."] if run.lesson.title else [])
    told += [by_hand] if by_hand else []
    if run.data.projection:
        told.append(run.data.projection.words)
    if run.data.axes:
        told.append(f"The pictures show {run.data.axes[0]} across and {run.data.axes[1]} upwards.")
    return " ".join(told)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _offer_movie(run: _Run) -> None:
    """Offer the run as an animated GIF: made on the page, so that it can be watched and stopped."""
    wanted = (run.settings, run.theme, _title(run))
    made = GIF.get()
    with st.container(horizontal=True, vertical_alignment="center"):
        place = st.empty()
        if made and made[0] == wanted:
            _download_movie(place, made[1], run.stem)
        elif place.button("Make an animated GIF for slides", icon=":material/movie:"):
            content = _drawn_movie(run, place)
            GIF.set((wanted, content))
            _download_movie(place, content, run.stem)
            _tell("The GIF is ready.")
        if IS_GIF_STOPPED.pop():
            _tell("Stopped: no GIF was made.")


def _tell(sentence: str) -> None:
    """Say what became of the movie; who pressed a button that is gone reads on there."""
    st.html(f'<p class="kmeans-about takes-focus" role="status">{sentence}</p>', width="content")


def _stop() -> None:
    IS_GIF_STOPPED.set(True)


def _drawn_movie(run: _Run, place: DeltaGenerator) -> bytes:
    """Draw the movie. Any click ends it: Streamlit then begins the page anew, and what was drawn is forgotten."""
    with place.container(horizontal=True, vertical_alignment="center", key="movie_progress"):
        bar = st.progress(0.0, "Drawing the half-steps", width=360)
        st.button("Stop", icon=":material/stop:", key="taken.stop", on_click=_stop)
    content = b""
    for done in animation.gif(run.drawn, title=_title(run), theme=run.theme):
        if isinstance(done, bytes):
            content = done
        else:
            bar.progress(done, "Drawing the half-steps")
    return content


def _download_movie(place: DeltaGenerator, content: bytes, stem: str) -> None:
    place.download_button(
        f"Download the GIF ({len(content) / 1e6:.1f} MB)",
        content,
        file_name=f"{stem}.gif",
        mime="image/gif",
        icon=":material/download:",
        on_click="ignore",
    )


def _unlabeled(settings: Settings) -> str:
    drawn = any(isinstance(edit, Add) for edit in settings.edits)
    return " Points that you drew have no label and are left out here." if drawn else ""


def show_labels(settings: Settings) -> None:
    """Compare the clusters with the column of labels that was chosen, if one was."""
    table = table_of(settings)
    if table is None or settings.table is None or not settings.table.choice.label:
        return
    inputs = run_input(with_offered_backend(settings))
    data, trace, truth = inputs.data, inputs.trace(), inputs.truth()
    if truth is None or data.prepared is None or not (truth >= 0).any():
        return
    known = truth >= 0
    (match,) = shares([adjusted_rand_index(trace.labels[known], truth[known])])
    label = plain_markdown(in_quotes(settings.table.choice.label))
    with st.expander(f"Clusters beside {label}: adjusted Rand index {match}"):
        seen = f"{plain_markdown(data.seen.sentence)}." if data.seen else "K-means did not see the labels."
        cut = "" if trace.stop_reason is StopReason.CONVERGED else f" {trace.stop_sentence}"
        st.caption(
            f"Where each of the {counted(int(known.sum()), 'row')} with a label is at the last step.{cut} {seen} 1 "
            f"means the same groups; random groups score 0 on average.{_unlabeled(settings)}"
        )
        st.dataframe(run_files.crossed(trace.labels, truth, data.prepared.names, trace.config.k), hide_index=True)
