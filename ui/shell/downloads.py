"""The home page's downloads: files of the run, each made when its button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import RunConfig, StopReason, Trace, adjusted_rand_index
from kmeans_core.arrays import Points
from kmeans_tables import Table, in_quotes
from ui.charts.drawn_run import DrawnRun
from ui.export import animation, run_files
from ui.export.notebook import notebook
from ui.export.worksheet import worksheet
from ui.settings.definitions import UPLOAD
from ui.settings.edits import Add, Move, edit_summary
from ui.settings.lesson_link import Lesson
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.settings.run_input import with_offered_backend
from ui.shell.cached_runs import run_input
from ui.shell.charts import page_theme
from ui.shell.navigation import run_link
from ui.shell.session import GIF, IS_GIF_STOPPED
from ui.shell.sharing import page_link, qr_code
from ui.shell.tables import table_of
from ui.text.file_names import file_stem
from ui.text.markup import plain_markdown
from ui.text.messages import message
from ui.text.numbers import shares


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """All that files are made from; Streamlit makes deferred downloads in a thread without a session."""

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
        """The beginning of its file names."""
        return file_stem(self.data.title, self.trace.config.k)

    @property
    def csv(self) -> str:
        """The name of the labeled table."""
        return f"{self.stem}-clusters.csv"

    @property
    def npy(self) -> str:
        """The file name of the points, which the notebook loads."""
        return f"{self.stem}-points.npy"

    @property
    def drawn_run(self) -> DrawnRun:
        """The run as the page draws it."""
        centers = [self.data.places(step.centers) for step in self.trace]
        return DrawnRun(self.trace, self.data.places(self.points), centers, self.data.equal_units, self.data.axes)


def show_downloads(settings: Settings, lesson: Lesson) -> None:
    """Offer files of the run."""
    box = st.expander(message("downloads.title"), on_change="rerun", key="downloads")
    if not box.open:
        return
    with box:
        inputs = run_input(with_offered_backend(settings))
        link = page_link(run_link(settings))
        run = _Run(settings, lesson, link, inputs.data, inputs.points, inputs.config(), inputs.trace(), page_theme())
        _show_files(run)


def _show_files(run: _Run) -> None:
    table = table_of(run.settings)
    labeled = partial(run_files.clustered_table, run.settings, run.data, run.points, run.trace.labels, table)
    st.caption(message("downloads.hint"))
    points, whole, school = st.columns(3, gap="medium")
    with points:
        st.markdown(message("downloads.points_title"))
        _file(message("downloads.csv"), lambda: labeled().csv(), run.csv, "text/csv")
        _file(message("downloads.parquet"), lambda: labeled().parquet(), f"{run.stem}-clusters.parquet", _BINARY)
    with whole:
        st.markdown(message("downloads.run_title"))
        for form, mime in (("json", "application/json"), ("npz", _BINARY)):
            made = partial(_run_file, run, form, table)
            _file(message("downloads.run", form=form.upper()), made, f"{run.stem}-run.{form}", mime)
    with school:
        st.markdown(message("downloads.teach_title"))
        if any(isinstance(edit, Move) for edit in run.settings.edits):
            st.caption(message("downloads.no_notebook"))
        else:
            _file(
                message("downloads.notebook"), partial(_notebook, run), f"{run.stem}.ipynb", "application/x-ipynb+json"
            )
            if run_files.needs_file(run.settings, run.points):
                _file(message("downloads.points_file"), lambda: run_files.as_npy(run.points), run.npy, _BINARY)
        _file(message("downloads.worksheet"), partial(_worksheet, run), f"{run.stem}-worksheet.html", "text/html")
    _show_gif(run)


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
    edited = run.config.init != run.trace.config.init  # the points were, and the centers stay where they would be
    return notebook(
        run.trace,
        points_code=run_files.points_code(run.settings, run.points, run.npy),
        link=run.link,
        title=_title(run),
        start=message("downloads.edited_init") if edited else "",
        equal_units=run.data.equal_units,
    )


def _worksheet(run: _Run) -> str:
    return worksheet(
        run.drawn_run,
        title=_title(run),
        about=_about(run),
        link=run.link,
        needs=message("downloads.needs_table") if run.settings.data == UPLOAD else "",
        question=run.lesson.question,
        # A phone does not have the table.
        code="" if run.settings.data == UPLOAD else qr_code(run.link),
        data_seed=None if run.settings.table else run.settings.data_seed,
        versions={name: number for name in ("numpy", "kmeans-step-by-step") if (number := _version(name))},
    )


def _about(run: _Run) -> str:
    """Describe the data, its edits, and what the pictures show."""
    edited = edit_summary(len(run.data.points), run.settings.edits, "row" if run.settings.table else "point")
    sentences = list(run.data.notes) or (
        [message("downloads.data_title", title=run.data.title)] if run.lesson.title else []
    )
    sentences += [edited] if edited else []
    if run.data.projection:
        sentences.append(run.data.projection.words)
    if run.data.axes:
        horizontal, vertical = run.data.axes
        sentences.append(message("downloads.axes", horizontal=horizontal, vertical=vertical))
    return " ".join(sentences)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _show_gif(run: _Run) -> None:
    """Offer the run as an animated GIF, drawn on the page so that its progress shows and it can be stopped."""
    key = (run.settings, run.theme, _title(run))
    made = GIF.get()
    with st.container(horizontal=True, vertical_alignment="center"):
        place = st.empty()
        if made and made[0] == key:
            _download_gif(place, made[1], run.stem)
        elif place.button(message("downloads.make_gif"), icon=":material/movie:"):
            content = _draw_gif(run, place)
            GIF.set((key, content))
            _download_gif(place, content, run.stem)
            _show_status(message("downloads.gif_ready"))
        if IS_GIF_STOPPED.pop():
            _show_status(message("downloads.gif_stopped"))


def _show_status(sentence: str) -> None:
    """Say what became of the GIF; takes the keyboard focus from the button that is gone."""
    st.html(f'<p class="kmeans-about takes-focus" role="status">{sentence}</p>', width="content")


def _stop() -> None:
    IS_GIF_STOPPED.set(True)


def _draw_gif(run: _Run, place: DeltaGenerator) -> bytes:
    """Draw the GIF. Any click stops it: Streamlit runs the page again, and the unfinished GIF is lost."""
    with place.container(horizontal=True, vertical_alignment="center", key="gif_progress"):
        bar = st.progress(0.0, message("downloads.drawing"), width=360)
        st.button(message("downloads.stop"), icon=":material/stop:", key="downloads.stop", on_click=_stop)
    content = b""
    for done in animation.gif(run.drawn_run, title=_title(run), theme=run.theme):
        if isinstance(done, bytes):
            content = done
        else:
            bar.progress(done, message("downloads.drawing"))
    return content


def _download_gif(place: DeltaGenerator, content: bytes, stem: str) -> None:
    place.download_button(
        message("downloads.gif", megabytes=f"{len(content) / 1e6:.1f}"),
        content,
        file_name=f"{stem}.gif",
        mime="image/gif",
        icon=":material/download:",
        on_click="ignore",
    )


def show_label_comparison(settings: Settings) -> None:
    """Compare the clusters with the column of labels, if one is chosen."""
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
    with st.expander(message("downloads.labels_title", label=label, match=match)):
        sentences = [message("downloads.labels_place", rows=int(known.sum()))]
        if trace.stop_reason is not StopReason.CONVERGED:
            sentences.append(trace.stop_sentence)
        sentences.append(
            message("downloads.labels_seen", problem=plain_markdown(data.seen.sentence))
            if data.seen
            else message("downloads.labels_unseen")
        )
        sentences.append(message("downloads.labels_score"))
        if any(isinstance(edit, Add) for edit in settings.edits):
            sentences.append(message("downloads.labels_drawn"))
        st.caption(" ".join(sentences))
        st.dataframe(run_files.cross_table(trace.labels, truth, data.prepared.names, trace.config.k), hide_index=True)
