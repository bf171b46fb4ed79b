"""The home page's downloads: files of the run, each made when its button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import RunConfig, StopReason, Trace, adjusted_rand_index
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import shares
from kmeans_tables import Table, in_quotes
from ui.charts.drawn_run import DrawnRun
from ui.export import animation, run_files
from ui.export.notebook import notebook
from ui.export.paper_pages import PAPER_KINDS, drawn_run, paper_name, paper_page
from ui.settings.edits import Add, Move
from ui.settings.lesson_link import Lesson
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.settings.run_input import with_offered_backend
from ui.shell.cached_runs import run_input, trace_of
from ui.shell.charts import page_theme
from ui.shell.navigation import run_link
from ui.shell.session import GIF, IS_GIF_STOPPED
from ui.shell.sharing import page_link
from ui.shell.tables import table_of
from ui.text.file_names import file_stem
from ui.text.markup import plain_markdown
from ui.text.messages import message


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
        return drawn_run(self.data, self.points, self.trace)

    @property
    def title(self) -> str:
        """What is written above it: the title of the lesson or of its data."""
        return self.lesson.title or self.data.title


def show_downloads(settings: Settings, lesson: Lesson) -> None:
    """Offer files of the run."""
    box = st.expander(message("downloads.title"), on_change="rerun", key="downloads")
    if not box.open:
        return
    with box:
        inputs = run_input(with_offered_backend(settings))
        link = page_link(run_link(settings))
        run = _Run(settings, lesson, link, inputs.data, inputs.points, inputs.config(), trace_of(inputs), page_theme())
        _show_files(run)


def _show_files(run: _Run) -> None:
    table = table_of(run.settings)
    make_table = partial(run_files.clustered_table, run.settings, run.data, run.points, run.trace.labels, table)
    st.caption(message("downloads.hint"))
    points, whole, school = st.columns(3, gap="medium")
    with points:
        st.markdown(message("downloads.points_title"))
        _file(message("downloads.csv"), lambda: make_table().csv(), run.csv, "text/csv")
        _file(message("downloads.parquet"), lambda: make_table().parquet(), f"{run.stem}-clusters.parquet", _BINARY)
    with whole:
        st.markdown(message("downloads.run_title"))
        for form, mime in (("json", "application/json"), ("npz", _BINARY)):
            make = partial(_run_file, run, form, table)
            _file(message("downloads.run", form=form), make, f"{run.stem}-run.{form}", mime)
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
        make_paper = partial(paper_page, link=run.link, data=run.data, run=run.drawn_run)
        for kind in PAPER_KINDS:
            make_page = partial(make_paper, kind, run.settings, run.lesson)
            _file(message("downloads.paper", kind=kind), make_page, paper_name(run.stem, kind), "text/html")
    _show_gif(run)


_BINARY: Final = "application/octet-stream"


def _file(label: str, make: Callable[[], bytes | str], name: str, mime: str) -> None:
    st.download_button(
        label, make, file_name=name, mime=mime, icon=":material/download:", on_click="ignore", width="stretch"
    )


def _run_file(run: _Run, form: str, table: Table | None) -> bytes:
    return run_files.run_file(run.settings, run.data, run.points, run.trace, form=form, table=table, link=run.link)


def _notebook(run: _Run) -> str:
    is_edited = run.config.init != run.trace.config.init  # the points were, and the centers stay where they would be
    return notebook(
        run.trace,
        points_code=run_files.points_code(run.settings, run.points, run.npy),
        link=run.link,
        title=run.title,
        start=message("downloads.edited_init") if is_edited else "",
        equal_units=run.data.equal_units,
    )


def _show_gif(run: _Run) -> None:
    """Offer the run as an animated GIF, drawn on the page so that its progress shows and it can be stopped."""
    key = (run.settings, run.theme, run.title)
    saved_gif = GIF.get()
    with st.container(horizontal=True, vertical_alignment="center"):
        place = st.empty()
        if saved_gif and saved_gif[0] == key:
            _download_gif(place, saved_gif[1], run.stem)
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
    for progress in animation.gif(run.drawn_run, title=run.title, theme=run.theme):
        if isinstance(progress, bytes):
            content = progress
        else:
            bar.progress(progress, message("downloads.drawing"))
    return content


def _download_gif(place: DeltaGenerator, content: bytes, stem: str) -> None:
    place.download_button(
        message("downloads.gif", megabytes=len(content) / 1e6),
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
    data, trace, truth = inputs.data, trace_of(inputs), inputs.truth()
    if truth is None or data.prepared is None or not (truth >= 0).any():
        return
    has_label = truth >= 0
    (match,) = shares([adjusted_rand_index(trace.labels[has_label], truth[has_label])])
    label = plain_markdown(in_quotes(settings.table.choice.label))
    with st.expander(message("downloads.labels_title", label=label, match=match)):
        sentences = [message("downloads.labels_place", rows=int(has_label.sum()))]
        if trace.stop_reason is not StopReason.CONVERGED:
            sentences.append(trace.stop_sentence)
        sentences.append(
            message("downloads.labels_seen", problem=plain_markdown(data.leakage.sentence))
            if data.leakage
            else message("downloads.labels_unseen")
        )
        sentences.append(message("downloads.labels_score"))
        if any(isinstance(edit, Add) for edit in settings.edits):
            sentences.append(message("downloads.labels_drawn"))
        st.caption(" ".join(sentences))
        st.dataframe(run_files.cross_table(trace.labels, truth, data.prepared.names, trace.config.k), hide_index=True)
