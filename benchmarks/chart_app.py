"""The page that a first visit is compared with: the same points in one ``st.plotly_chart``, and nothing else."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from ui.settings.points import generate_data
from ui.settings.record import OPENING

st.set_page_config(layout="wide")
points = generate_data(OPENING).points
figure = go.Figure(go.Scatter(x=points[:, 0], y=points[:, 1], mode="markers"))
st.plotly_chart(figure, key="points")
