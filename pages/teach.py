"""The old address of the tutorial: links that people saved lead on to it."""

from ui.shell.navigation import TUTORIAL, redirect

redirect(TUTORIAL)
