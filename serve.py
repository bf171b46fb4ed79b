"""The app with access checks, for operators: ``streamlit run serve.py``. docs/operating.md lists its variables."""

from __future__ import annotations

import logging
import os
import sys

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config as streamlit_config

from server import logs
from server.config import Limits, ServerConfig, read_config
from server.middleware import AccessMiddleware
from server.patches import check_widget_values
from server.prometheus import serve_metrics
from server.state import ServerState

try:
    config = read_config(ServerConfig, os.environ)
    read_config(Limits, os.environ)
except ValueError as error:
    sys.exit(f"serve.py: {error}")

state = ServerState(config)
if config.logs:
    logs.add_handler(logging.StreamHandler(sys.stdout))
if config.metrics_port:
    serve_metrics(state, config.metrics_port)

check_widget_values()
base = streamlit_config.get_option("server.baseUrlPath")
app = st.App("app.py", middleware=[Middleware(AccessMiddleware, config, state, base)])
"""The app that Streamlit serves."""
