"""The operator's configuration: environment variables that begin with ``KMEANS_``. Does not import Streamlit."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from kmeans_core import backend_available

PREFIX: Final = "KMEANS_"

Record = TypeVar("Record")


def read_config(kind: type[Record], environment: Mapping[str, str]) -> Record:
    """Return a record whose fields come from the variables ``KMEANS_`` + name in capitals, or are defaults.

    Parameters
    ----------
    kind : type
        A dataclass of ints, bools, strings, and tuples of strings, all with defaults.
    environment : mapping of str to str

    Raises
    ------
    ValueError
        If a variable is invalid; the message names it.
    """
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # any dataclass
        name = PREFIX + field.name.upper()
        text = environment.get(name, "").strip()
        if text:
            values[field.name] = _parse(name, text, type(field.default))
    return kind(**values)


def _parse(name: str, text: str, kind: type) -> Any:
    """Return the value of a variable as an int, a bool, a string, or a tuple of comma-separated strings."""
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
class ServerConfig:
    """The configuration of ``serve.py``; each field is the variable ``KMEANS_`` + its name in capitals.

    Attributes
    ----------
    max_sessions : int
        Maximum concurrent sessions; 0 is no limit. ``make load`` shows how many a machine serves well.
    allowed_hosts : tuple of str
        Host names, without a port, under which the app answers; empty allows any.
    allowed_origins : tuple of str
        Origins (``https://school.example``) that may connect besides the app's own.
    embed_origins : tuple of str
        Origins whose pages may embed the app in a frame, ``*`` for all; the app's own always may.
    messages_per_second : int
        Rate limit of a connection, after a short burst; 0 is no limit.
    max_message_kilobytes : int
        A connection that sends a larger message is closed.
    metrics : bool
        Whether Streamlit's own ``/_stcore/metrics`` answers.
    metrics_port : int
        The port of the app's own metrics in Prometheus' format; 0 is none.
    replica : str
        The name of this process, which a response header tells the proxy.
    logs : bool
        Whether to log every piece of work as a line of JSON on standard output.
    """

    max_sessions: int = 80
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    messages_per_second: int = 10
    max_message_kilobytes: int = 1024
    metrics: bool = False
    metrics_port: int = 0
    replica: str = ""
    logs: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What visitors may ask of this server; each field is the variable ``KMEANS_`` + its name in capitals.

    Attributes
    ----------
    max_points : int
        Maximum number of points to generate or upload.
    max_starts : int
        Maximum number of runs of each kind of starting centers on "Do the starting centers matter?".
    tensorflow : bool
        Whether to offer TensorFlow if it is installed.
    """

    max_points: int = 1_000_000
    max_starts: int = 2_000
    tensorflow: bool = True


def _valid_limits() -> Limits:
    try:
        return read_config(Limits, os.environ)
    except ValueError as error:
        # serve.py exits with this sentence; an app that was started without it continues with the defaults.
        logging.getLogger(__name__).warning("%s; using the default limits", error)
        return Limits()


LIMITS: Final = _valid_limits()
"""The limits of this process."""


def backend_offered(name: str) -> bool:
    """Tell whether visitors may choose a backend: it is installed, and the configuration does not exclude it."""
    return backend_available(name) and (LIMITS.tensorflow or name != "tensorflow")
