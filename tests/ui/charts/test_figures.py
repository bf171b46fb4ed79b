"""What all charts have in common."""

from __future__ import annotations

import subprocess
import sys

from tools.paths import ROOT

WHILE_PANDAS_COMES = """
import threading
import ui.charts.figures
import plotly.graph_objects as go

coming = threading.Thread(target=__import__, args=("pandas",))
coming.start()
drawn = 0
while coming.is_alive() or not drawn:
    go.Figure(go.Scatter(x=[1, 2]), layout={"xaxis": {"domain": [0.0, 0.5]}}).to_json()
    drawn += 1
"""


def test_a_chart_can_be_drawn_while_another_visitor_s_table_loads_pandas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHILE_PANDAS_COMES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
