"""What an operator sets: variables of the environment that begin with ``KMEANS_``. Knows nothing of Streamlit."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from kmeans_core import backend_available

PREFIX: Final = "KMEANS_"

Settings = TypeVar("Settings")


def read_settings(kind: type[Settings], environment: Mapping[str, str]) -> Settings:
    """Return a record whose fields are the variables ``KMEANS_`` + their name in capitals; what is not set is default.

    Parameters
    ----------
    kind : type
        A dataclass of ints, bools, texts and tuples of texts, all with defaults.
    environment : mapping of str to str

    Raises
    ------
    ValueError
        If a variable can't be used; the message names it.
    """
    found: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # any dataclass
        name = PREFIX + field.name.upper()
        text = environment.get(name, "").strip()
        if text:
            found[field.name] = _read(name, text, type(field.default))
    return kind(**found)


def _read(name: str, text: str, kind: type) -> Any:
    """Return a variable's value as a number, a yes or no, a text, or a list set apart by commas."""
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false"}:
            raise ValueError(f"{name} must be 0 or 1, got {text!r}")
        return text.lower() in {"1", "true"}
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise ValueError(f"{name} must be a whole number of at least 0, got {text!r}")
        return int(text)
    return text if kind is str else tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Limits:
    """What people may ask of this server.

    Attributes
    ----------
    max_points : int
        The most points that can be generated or brought.
    max_starts : int
        The most starts of each kind on "Does the start matter?".
    tensorflow : bool
        Whether TensorFlow is offered where it is installed.
    """

    max_points: int = 1_000_000
    max_starts: int = 2_000
    tensorflow: bool = True


def _usable_limits() -> Limits:
    try:
        return read_settings(Limits, os.environ)
    except ValueError as error:
        # serve.py ends with this sentence; what is started in another way goes on as if nothing had been set.
        logging.getLogger(__name__).warning("%s; the limits are as if nothing had been set", error)
        return Limits()


LIMITS: Final = _usable_limits()
"""Those of this process."""


def backend_offered(name: str) -> bool:
    """Tell whether people may choose a backend: it is there, and the operator did not leave it out."""
    return backend_available(name) and (LIMITS.tensorflow or name != "tensorflow")
