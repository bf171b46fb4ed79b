"""The secret that signs cookies: made once, and the same for all replicas that share a folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

SECRET: Final = "STREAMLIT_SERVER_COOKIE_SECRET"
"""Streamlit's own variable."""

SECRET_FILE: Final = "COOKIE_SECRET_FILE"
"""The variable that names the file in which replicas find or leave their secret."""


def set_secret(environment: MutableMapping[str, str]) -> None:
    """Set Streamlit's secret from the file, if it has none; without a file, Streamlit draws one of its own.

    Raises
    ------
    ValueError
        If the file cannot be read or written.
    """
    if environment.get(SECRET, "").strip():
        return
    # Streamlit would sign with an empty text.
    environment.pop(SECRET, None)
    if path := environment.get(SECRET_FILE, "").strip():
        try:
            environment[SECRET] = shared_secret(Path(path))
        except OSError as error:
            raise ValueError(f"{SECRET_FILE}={path} cannot be used ({error.strerror}).") from error


def shared_secret(file: Path) -> str:
    """Return the secret in the file; make it if it does not exist. Of two replicas that make one, both get the same."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            # Unlike a move, a link never replaces what another replica has made meanwhile.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()
