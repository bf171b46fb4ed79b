"""A disk that is full or cannot be written: the app needs none, once the browser's files are published."""

from __future__ import annotations

import tempfile
from collections.abc import Callable


def check_files(publish: Callable[[], object]) -> None:
    """Publish the files that browsers load, unless they are there already.

    Raises
    ------
    ValueError
        If they are not, and cannot be written.
    """
    try:
        publish()
    except OSError as error:
        raise ValueError(
            f"The files for browsers cannot be written to {error.filename} ({error.strerror}): free some space, "
            "or run python -m ui.player.assets while the disk can be written."
        ) from error


def name_temporary_folder() -> None:
    """Let Python name a folder for temporary files even if none can be written.

    TensorFlow asks for its name when it is loaded, and writes nothing there. Python would raise an error.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        vars(tempfile)["tempdir"] = "/tmp"
