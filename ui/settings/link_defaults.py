"""What a link means by leaving out a size of a dataset, or a choice of a table. Frozen once links have been shared.

What a dataset or a table opens on in the sidebar is unrelated and may change. A new dataset, size, or table gets its
entry here; a new setting has its own in ``ui.settings.definitions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
"""The sizes of each dataset."""

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
        # For an upload, a link without columns means those that the table opens on.
        "table": {"columns": "", "standardize": "no", "missing": "drop", "label": "none"},
    }
)
"""The choice of columns of each table."""
