"""The app behind its front door, for operators: ``streamlit run serve.py``. README.md says what can be set."""

from __future__ import annotations

import logging
import os
import sys

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from server import logs, metrics
from server.config import Limits, read_settings
from server.middleware import DoorSettings, FrontDoor, Room
from server.widget_guard import doubt_browsers

try:
    settings = read_settings(DoorSettings, os.environ)
    read_settings(Limits, os.environ)
except ValueError as error:
    sys.exit(f"serve.py: {error}")

room = Room(settings)
if settings.logs:
    logs.listen(logging.StreamHandler(sys.stdout))
if settings.metrics_port:
    metrics.serve(room, settings.metrics_port)

doubt_browsers()
base = config.get_option("server.baseUrlPath")
app = st.App("app.py", middleware=[Middleware(FrontDoor, settings, room, base)])
"""The app behind its front door: every page runs under the policy, and strangers are turned away at once."""
