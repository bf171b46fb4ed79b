"""The settings record: everything that decides what is on the screen, and how a change affects edits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from kmeans_core import RunConfig
from kmeans_core.arrays import Points
from kmeans_tables import Table
from ui.settings.definitions import DEFAULTS, UPLOAD, names
from ui.settings.edits import Edit, Move, Place, complete_centers
from ui.settings.iteration_limit import max_iterations
from ui.settings.sizes import Sizes, default_sizes, natural_k
from ui.settings.table_use import TableUse, default_use, fit_use
from ui.text.messages import message

NO_EDITS: Final = ()
"""No centers placed, nothing drawn, erased, or dragged."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what is on the screen. Frozen and hashable: the same settings give the same run.

    The fields are the rows of ``ui.settings.definitions``, and these:

    Attributes
    ----------
    sizes : tuple of (str, float)
        A value for every parameter of the dataset, in the dataset's order; () for a table.
    centers : tuple of (float, float)
        The starting centers that were placed by the visitor, for ``init="given"``.
    edits : tuple of Edit
        Points that were drawn or erased, and centers that were dragged.
    file : str
        Names the file of edits that did not fit in the link and are not here yet; otherwise "".
    table : TableUse or None
        For a table, what of it is clustered.
    """

    data: str
    sizes: Sizes
    data_seed: int = DEFAULTS["data_seed"]
    k: int = DEFAULTS["k"]
    init: str = DEFAULTS["init"]
    rule: str = DEFAULTS["rule"]
    empty: str = DEFAULTS["empty"]
    backend: str = DEFAULTS["backend"]
    seed: int = DEFAULTS["seed"]
    max_iter: int = DEFAULTS["max_iter"]
    centers: tuple[Place, ...] = ()
    edits: tuple[Edit, ...] = ()
    file: str = ""
    table: TableUse | None = None

    @property
    def features(self) -> int:
        """The number of features of the points."""
        return len(self.table.choice.columns) if self.table else 2

    @property
    def is_private(self) -> bool:
        """Whether the points belong to one visitor, so that nobody else may see anything of them."""
        return self.data == UPLOAD

    def run_config(self, points: Points) -> RunConfig:
        """Return the run of these settings on these points; never more clusters than points."""
        k = min(self.k, len(points))
        return RunConfig(
            k=k,
            rule=self.rule,
            init=self.init,
            given=complete_centers(self.centers, k, points) if self.init == "given" else None,
            empty=self.empty,
            backend=self.backend,
            seed=self.seed,
            max_iter=min(self.max_iter, max_iterations(len(points))),
        )

    def canonical(self, unused: Collection[str] = ()) -> Settings:
        """Return the one record that stands for all settings with the same answer on a page.

        Settings in ``unused`` do nothing there and get their default. Dragged centers belong to the player's run and
        are left out; points that were drawn or erased stay. All backends give the same labels, so NumPy stands for all.
        """
        plain = self.without_moves()
        usual = {name: DEFAULTS[name] for name in {*unused, "backend"}}
        return replace(plain, **usual, centers=NO_EDITS if "init" in unused else self.centers)

    def with_data(self, data: str) -> Settings:
        """Return these settings for another dataset, with its default sizes and seed, and a K that suits it."""
        k = natural_k(data) or self.k
        other = replace(self, data=data, sizes=default_sizes(data), k=k, table=default_use(data), data_seed=0)
        return other.keep_valid_edits(self)

    def keep_valid_edits(self, before: Settings) -> Settings:
        """Return these settings with only those edits that still apply after the change from ``before``.

        - Other points (dataset, size, data seed, table, or columns): no edit applies.
        - Another run on the same points: drawn and erased points stay, dragged centers do not apply.
        - Otherwise all edits stay.
        """
        if not self.has_points_of(before):
            init = POST.init if self.init == "given" else self.init
            return replace(self, init=init, centers=NO_EDITS, edits=NO_EDITS, file="")
        return self if self.has_run_of(before) else self.without_moves()

    def has_points_of(self, other: Settings) -> bool:
        """Tell whether both have the same points, before any edit."""
        return self._points_key == other._points_key

    def has_run_of(self, other: Settings) -> bool:
        """Tell whether both have the same run on the same points, before any edit and dragged center."""
        return self.has_points_of(other) and self._run_key == other._run_key

    @property
    def _points_key(self) -> tuple[object, ...]:
        """Everything that decides the points before any edit."""
        use = self.table
        table_key = (use.digest, use.numbers, replace(use.choice, label="")) if use else None
        return (*(getattr(self, name) for name in names("points")), self.sizes, table_key)

    @property
    def _run_key(self) -> tuple[object, ...]:
        """Everything that decides the run on the points."""
        return (*(getattr(self, name) for name in names("run")), self.centers)

    def with_table(self, table: Table, digest: str = "") -> tuple[Settings, list[str]]:
        """Return these settings with a use that fits the table, and one sentence for each part that did not."""
        use, complaints = fit_use(self.table, table, self.data, digest)
        return replace(self, table=use)._fit_features(complaints), complaints

    def with_columns(self, use: TableUse) -> Settings:
        """Return these settings for other columns of the same table."""
        return replace(self, table=use).keep_valid_edits(self)

    def _fit_features(self, complaints: list[str]) -> Settings:
        """Return these settings without edits if the points do not lie in a plane."""
        if self.features == 2:
            return self
        plain = replace(self, centers=NO_EDITS, edits=NO_EDITS, file="")
        if self.init == "given":
            complaints.append(message("settings.placed_centers_dropped", features=self.features))
            plain = replace(plain, init=POST.init)
        return plain

    def without_moves(self) -> Settings:
        """Return these settings without dragged centers: those belong to one run."""
        return replace(self, edits=tuple(edit for edit in self.edits if not isinstance(edit, Move)))


POST: Final = Settings(data="post", sizes=default_sizes("post"))
"""The blog post's data, and for everything else the app's own defaults."""


def _few_blobs() -> Sizes:
    """Return the sizes of 300 points in five blobs; of fewer points where the operator allows no more."""
    sizes = dict(default_sizes("blobs"))
    return tuple((sizes | {"points": min(300, sizes["points"])}).items())


OPENING: Final = replace(POST, data="blobs", sizes=_few_blobs(), data_seed=5, k=5, seed=5)
"""What the app opens on where its address has no settings. It may change; the defaults may not.

Five groups that anybody sees, and random starting centers that leave two of the groups with one center: after nine
iterations the run converges, with a result that is visibly wrong. 55 of the first 100 seeds find the five groups.
"""

_BLOG_MAX_ITER: Final = 15
"""The blog post's own limit of iterations."""


def blog_example() -> Settings:
    """Return the settings of the blog post: its data, six medoids, random points as centers, 15 iterations."""
    return replace(POST, rule="medoid", max_iter=_BLOG_MAX_ITER)
