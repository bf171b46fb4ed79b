"""What a link means by a setting that it leaves out. Frozen: nothing here may change once links were shared.

What the app opens on, and what a dataset or a table opens on in the sidebar, are other things and may change. Whoever
adds a setting, a dataset, a size, or a table adds what links that leave it out are to mean from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{"data": "post", "dataseed": "0"},
        **{"k": "6", "start": "random", "rule": "mean", "empty": "keep", "backend": "numpy", "seed": "0"},
        # Until the limit was 300 it was 15, and every link that the app made said so. A link that was typed by hand and
        # names no limit shows the same run as then, and where that was cut off, the rest of it.
        "iterations": "300",
    }
)
"""Name in a link: its value where the link leaves it out, as a link would write it."""

SIZES: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "post": {"blobs": 6, "points_per_blob": 512, "spread": 1.0},
        "blobs": {
            **{"blobs": 5, "points": 1500, "spread": 1.0},
            **{"separation": 6.0, "unequal_spreads": 0.0, "unequal_sizes": 0.0},
        },
        "anisotropic": {"blobs": 3, "points": 1500, "spread": 1.0, "separation": 6.0, "stretch": 8.0},
        "moons": {"points": 1000, "noise": 0.08},
        "rings": {"rings": 2, "points": 1000, "noise": 0.08},
        "uniform": {"points": 1500, "width": 1.0},
        "outlier": {
            **{"blobs": 3, "points": 151, "spread": 1.0},
            **{"separation": 6.0, "outliers": 1, "outlier_distance": 40.0},
        },
        "unscaled": {"blobs": 2, "points": 1000, "spread": 1.0, "separation": 8.0, "unit_factor": 100.0},
    }
)
"""The sizes of every dataset."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "iris": {
            **{"columns": "petal length (cm),petal width (cm)", "standardize": "no"},
            **{"missing": "drop", "label": "species"},
        },
        "faithful": {
            **{"columns": "eruption (min),waiting (min)", "standardize": "yes"},
            **{"missing": "drop", "label": "none"},
        },
        "penguins": {
            **{"columns": "bill length (mm),flipper length (mm)", "standardize": "no"},
            **{"missing": "drop", "label": "species"},
        },
        # Of an upload a link without columns means those that the table opens on.
        "table": {"columns": "", "standardize": "no", "missing": "drop", "label": "none"},
    }
)
"""What of every table is clustered."""
