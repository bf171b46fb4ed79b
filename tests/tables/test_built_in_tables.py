"""The tables that come with the app, and that nothing reads tables before it must."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kmeans_tables import ColumnChoice, check_choice
from tools.paths import ROOT
from ui.settings.built_in_tables import BUILT_IN, built_in


# Built-in tables
@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_tables_are_what_they_say(name: str) -> None:
    description, table = BUILT_IN[name], built_in(name)
    assert table is built_in(name)
    assert (
        check_choice(table, ColumnChoice(description.columns, label=description.label)).columns == description.columns
    )
    assert all(table.column(column).is_plain_text for column in table.unusable)
    assert all((description.title, description.sentence, description.source, description.license))


def test_built_in_tables_agree_with_what_is_known_of_them() -> None:
    iris, faithful, penguins = map(built_in, ("iris", "faithful", "penguins"))
    assert iris.frame["species"].value_counts().to_dict() == {"setosa": 50, "versicolor": 50, "virginica": 50}
    assert iris.frame[list(iris.numeric)].mean().round(3).tolist() == [5.843, 3.057, 3.758, 1.199]
    assert faithful.n == 272
    assert faithful.frame.mean().round(3).tolist() == [3.488, 70.897]
    assert penguins.frame["species"].value_counts().to_dict() == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    assert penguins.frame["body mass (g)"].isna().sum() == 2
    assert penguins.frame["body mass (g)"].mean().round(2) == 4201.75
    with pytest.raises(ValueError, match="There is no built-in table “tulips”: choose among “iris”"):
        built_in("tulips")


def test_the_app_starts_without_the_libraries_that_read_tables() -> None:
    look = "import sys, kmeans_tables; print(sorted({'pandas', 'pyarrow', 'openpyxl'} & sys.modules.keys()))"
    process = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"
