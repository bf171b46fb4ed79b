"""The app behind its front door, for operators: ``streamlit run serve.py``. ``ui/door.py`` says what can be set."""

from __future__ import annotations

import os
import sys

import streamlit as st
from starlette.middleware import Middleware

from ui.door import DoorSettings, FrontDoor

try:
    settings = DoorSettings.from_environment(os.environ)
except ValueError as error:
    sys.exit(f"serve.py: {error}")

app = st.App("app.py", middleware=[Middleware(FrontDoor, settings)])
