"""The end of a run for a thumbnail."""

from __future__ import annotations

from ui.charts.thumbnails import Ending, ending
from ui.settings.run_input import RunInput


def run_ending(inputs: RunInput) -> Ending:
    """Return the end of a run, where the player shows it."""
    trace, places = inputs.trace(), inputs.data.places
    return ending(places(inputs.points), inputs.truth(), trace, places(trace.centers))
