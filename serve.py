"""The app with access checks: ``python -m server`` starts it. docs/operating.md lists its variables."""

from __future__ import annotations

import logging
import os
import sys

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config as streamlit_config

from server import logs
from server.config import Limits, ServerConfig, check_names, read_config
from server.disk import check_files, name_temporary_folder
from server.middleware import AccessMiddleware
from server.page_head import PageHead
from server.patches import (
    check_widget_values,
    close_idle_connections,
    drop_expired_sessions,
    freeze_garbage,
    keep_uploads_in_memory,
)
from server.prometheus import serve_metrics
from server.request_times import RequestTimes
from server.state import ServerState
from server.static_files import StaticFiles
from server.uploads import Uploads
from ui.shell.page_head import early_tags

try:
    check_names(os.environ)
    config = read_config(ServerConfig, os.environ)
    read_config(Limits, os.environ)
    check_files(lambda: early_tags(""))
except ValueError as error:
    sys.exit(f"serve.py: {error}")

state = ServerState(config)
if config.logs:
    logs.add_handler(logging.StreamHandler(sys.stdout))
if config.metrics_port:
    serve_metrics(state, config.metrics_port)

check_widget_values()
close_idle_connections()
drop_expired_sessions()
keep_uploads_in_memory()
name_temporary_folder()
base = streamlit_config.get_option("server.baseUrlPath")
app = st.App(
    "app.py",
    middleware=[
        Middleware(RequestTimes, state),
        Middleware(AccessMiddleware, config, state, base),
        Middleware(Uploads, state),
        Middleware(StaticFiles, base),
        Middleware(PageHead, early_tags),
    ],
)
"""The app that Streamlit serves."""

# Now, and never later: whatever a visitor leaves in cycles of references must still be collected.
freeze_garbage()
