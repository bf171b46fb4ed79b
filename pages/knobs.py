"""The old address of the sweep page: links that people saved lead on to it."""

from ui.shell.navigation import SWEEP, redirect

redirect(SWEEP)
