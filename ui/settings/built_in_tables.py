"""The built-in tables: their files, sources, licenses, and default columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kmeans_tables import Table, in_quotes, listed, read_table
from ui.text.messages import message


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A table that comes with the app.

    Attributes
    ----------
    title, sentence : str
        What the screen says of it.
    source, license : str
        Where it is from, and under which terms.
    file : str
        Its CSV file in ``ui/settings/tables``.
    columns : tuple of str
        The columns that are clustered by default.
    groups : int
        The default K.
    label : str
        The default column of labels; "" for none.
    standardize : bool
        Whether it is standardized by default.
    """

    title: str
    sentence: str
    source: str
    license: str
    file: str
    columns: tuple[str, ...]
    groups: int
    label: str = ""
    standardize: bool = False

    @property
    def path(self) -> Path:
        """The path of the table's file."""
        return _FOLDER / self.file


_FOLDER: Final = Path(__file__).parent / "tables"

BUILT_IN: Final[Mapping[str, BuiltIn]] = MappingProxyType(
    {
        "iris": BuiltIn(
            title=message("tables.iris_title"),
            sentence=message("tables.iris"),
            source="R. A. Fisher (1936): The use of multiple measurements in taxonomic problems. Annals of Eugenics "
            "7(2), 179–188. Measured by E. Anderson; the copy is scikit-learn's.",
            license="CC BY 4.0 (UCI Machine Learning Repository)",
            file="iris.csv",
            columns=("petal length (cm)", "petal width (cm)"),
            groups=3,
            label="species",
        ),
        "faithful": BuiltIn(
            title=message("tables.faithful_title"),
            sentence=message("tables.faithful"),
            source="A. Azzalini and A. W. Bowman (1990): A look at some data on the Old Faithful geyser. Applied "
            "Statistics 39(3), 357–365. The copy is that of R's datasets.",
            license="Measured values as published, part of R's datasets (GPL-2 | GPL-3)",
            file="faithful.csv",
            columns=("eruption (min)", "waiting (min)"),
            groups=2,
            standardize=True,
        ),
        "penguins": BuiltIn(
            title=message("tables.penguins_title"),
            sentence=message("tables.penguins"),
            source="A. M. Horst, A. P. Hill and K. B. Gorman (2020): palmerpenguins. Data by K. B. Gorman, T. D. "
            "Williams and W. R. Fraser (2014), PLoS ONE 9(3), e90081.",
            license="CC0 1.0",
            file="penguins.csv",
            columns=("bill length (mm)", "flipper length (mm)"),
            groups=3,
            label="species",
        ),
    }
)
"""The built-in tables by name."""


@cache
def built_in(name: str) -> Table:
    """Return a built-in table; raises a ``ValueError`` with the sentence to show if there is none of this name."""
    if name not in BUILT_IN:
        raise ValueError(message("tables.no_such_table", table=in_quotes(name), tables=listed(list(BUILT_IN))))
    table = BUILT_IN[name]
    return read_table(table.file, table.path.read_bytes())
