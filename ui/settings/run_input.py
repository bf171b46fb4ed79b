"""From settings to a run: the data, the points after all edits, the run's configuration, and its trace."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kmeans_core import RunConfig, Trace, iterate
from kmeans_core.arrays import Centers, Points
from kmeans_core.datasets import Truth
from kmeans_tables import Table
from server.config import backend_offered
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.edits import (
    complete_centers,
    edited_points,
    remaining_numbers,
    round_places,
    touches_points,
)
from ui.settings.moved_run import count_moves_within_bound, effective_moves, run_with_moves
from ui.settings.points import Data, generate_data, of_table
from ui.settings.record import Settings
from ui.settings.rows import Rows, rows_of


@dataclass(frozen=True, slots=True, eq=False)
class RunInput:
    """All that a run is computed from.

    Attributes
    ----------
    settings : Settings
    data : Data
        Before any edit.
    points : (n, d) float64
        After all edits.
    """

    settings: Settings
    data: Data
    points: Points

    def with_settings(self, settings: Settings) -> RunInput:
        """Return the input of another run on the same points."""
        return replace(self, settings=settings)

    def first_centers(self) -> Centers:
        """Return the starting centers, ``(k, d) float64``.

        They are drawn from the points before any edit, so that one point more or less does not change the entire run.
        """
        points = self.data.points
        return next(iterate(points, self.settings.run_config(points))).centers

    def config(self) -> RunConfig:
        """Return the run's configuration; where points were drawn or erased, the starting centers stay in place."""
        config = self.settings.run_config(self.points)
        if not touches_points(self.settings.edits) or config.init == "given":
            return config
        centers = complete_centers(round_places(self.first_centers()), config.k, self.points)
        return replace(config, init="given", given=centers)

    def trace(self) -> Trace:
        """Return the run, with the dragged centers that it has room for."""
        config = self.settings.run_config(self.points)
        moves = effective_moves(self.settings.edits, config.k)
        count = count_moves_within_bound(moves, len(self.points), config.max_iter)
        return run_with_moves(self.points, self.config(), config, moves[:count])

    def omitted_moves(self) -> int:
        """Return how many dragged centers, the last ones, the run leaves out because they are too much work."""
        config = self.settings.run_config(self.points)
        moves = effective_moves(self.settings.edits, config.k)
        return len(moves) - count_moves_within_bound(moves, len(self.points), config.max_iter)

    def truth(self) -> Truth | None:
        """Return the true label of each point, ``(n,) int64``; -1 for drawn points; None where there are no labels."""
        if self.data.truth is None:
            return None
        numbers = remaining_numbers(len(self.data.points), self.settings.edits)
        return np.append(self.data.truth, -np.ones(len(self.settings.edits), dtype=np.int64))[numbers]

    def true_group_count(self) -> int | None:
        """Return the number of different true labels; None where there are none, or the points were edited."""
        truth = self.truth()
        return None if truth is None or touches_points(self.settings.edits) else len(np.unique(truth[truth >= 0]))

    def rows(self) -> Rows | None:
        """Return the table row of each point; None where the points are from no table."""
        return rows_of(self.data, self.settings.edits)


def run_input(settings: Settings, table: Table | None = None) -> RunInput:
    """Return the input of the settings' run; ``table`` is the visitor's own one, if they mean that."""
    if settings.data in BUILT_IN:
        table = built_in(settings.data)
    data = generate_data(settings) if table is None else of_table(settings, table)
    return RunInput(settings, data, edited_points(data.points, settings.edits))


def with_first_centers(settings: Settings, before: Settings, table: Table | None = None) -> Settings:
    """Return settings in which a visitor just chose to place centers with those of the run before to begin with."""
    if settings.init != "given" or settings.centers:
        return settings
    return replace(settings, centers=round_places(run_input(before, table).first_centers()))


def points_and_trace(settings: Settings) -> tuple[Points, Trace]:
    """Return the points ``(n, d) float64`` and the run of settings that need no table."""
    inputs = run_input(settings)
    return inputs.points, inputs.trace()


def point_count(settings: Settings, table: Table | None = None) -> int:
    """Return about how many points the settings describe, without computing them: their number before any edit."""
    sizes = dict(settings.sizes)
    return table.n if table else int(sizes.get("points", sizes.get("blobs", 0) * sizes.get("points_per_blob", 0)))


def with_offered_backend(settings: Settings) -> Settings:
    """Return the settings with NumPy in place of a backend that this server does not offer; the labels are the same."""
    return settings if backend_offered(settings.backend) else replace(settings, backend="numpy")
