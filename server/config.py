"""The operator's configuration: environment variables that begin with ``KMEANS_``. Does not import Streamlit."""

from __future__ import annotations

import difflib
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple, TypeVar

from kmeans_core import backend_available

PREFIX: Final = "KMEANS_"

Record = TypeVar("Record")

_HOST: Final = r"(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-f:.]+\])"
_ORIGIN: Final = rf"https?://{_HOST}(?::\d{{1,5}})?/?"
_SERVICE_LINK: Final = re.compile(
    r"\w+_SERVICE_HOST=[\w.:]+|\w+_SERVICE_PORT(_\w+)?=\d+|\w+_PORT=\w+://.*|\w+_PORT_\d+_(TCP|UDP)(_\w+)?=.*"
)
"""What Kubernetes sets for a service whose name begins with ``kmeans``, as "NAME=value"."""


class _Form(NamedTuple):
    """The form that each value of a variable must have, and the words for it."""

    pattern: str
    words: str


_HOST_NAME: Final = _Form(_HOST, "host names without a port or a path, such as kmeans.school.example")
_ORIGINS: Final = _Form(_ORIGIN, "origins with their scheme, such as https://school.example")
_EMBED_ORIGINS: Final = _Form(
    rf"\*|https?://(?:\*\.)?{_HOST}(?::\d{{1,5}})?/?", "origins with their scheme, such as https://school.example, or *"
)


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
    for entry in fields(kind):  # type: ignore[arg-type]  # any dataclass
        name = PREFIX + entry.name.upper()
        text = environment.get(name, "").strip()
        if text:
            values[entry.name] = _parse(name, text, type(entry.default))
            _check(name, values[entry.name], entry.metadata)
    return kind(**values)


def check_names(environment: Mapping[str, str]) -> None:
    """Check that every variable that begins with ``KMEANS_`` is one of this module's.

    A misspelled name would leave its setting at the default without a word.

    Raises
    ------
    ValueError
        If a name is unknown; the message names it, and the one that is most like it.
    """
    names = [entry.name.upper() for kind in (ServerConfig, Limits) for entry in fields(kind)]
    for name in sorted(environment):
        ending = name.removeprefix(PREFIX)
        if ending == name or ending in names or _SERVICE_LINK.fullmatch(f"{name}={environment[name]}"):
            continue
        likely = difflib.get_close_matches(ending, names, n=1)
        remedy = f"did you mean {PREFIX}{likely[0]}?" if likely else "docs/operating.md lists those that there are"
        raise ValueError(f"{name} is not a variable of this app: {remedy}")


def _check(name: str, value: Any, limits: Mapping[str, Any]) -> None:
    """Check a value against the limits of its field: the form of each part, or the largest number."""
    form: _Form | None = limits.get("form")
    misfits = [part for part in value if not re.fullmatch(form.pattern, part, re.IGNORECASE)] if form else []
    if form and misfits:
        raise ValueError(f"{name} must be {form.words}, got {misfits[0]!r}")
    if "most" in limits and value > limits["most"]:
        raise ValueError(f"{name} must be at most {limits['most']}, got {value}")


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
        Host names, without a port, under which the app answers; empty allows any. The health check answers any.
    allowed_origins : tuple of str
        Origins (``https://school.example``) that may connect besides the app's own.
    embed_origins : tuple of str
        Origins whose pages may embed the app in a frame, ``*`` for all; the app's own always may.
    messages_per_second : int
        Rate limit of a connection, after a burst of four seconds' worth; all connections that exceed it share it. 0 is
        no limit.
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
    allowed_hosts: tuple[str, ...] = field(default=(), metadata={"form": _HOST_NAME})
    allowed_origins: tuple[str, ...] = field(default=(), metadata={"form": _ORIGINS})
    embed_origins: tuple[str, ...] = field(default=(), metadata={"form": _EMBED_ORIGINS})
    messages_per_second: int = 5
    max_message_kilobytes: int = 1024
    metrics: bool = False
    metrics_port: int = field(default=0, metadata={"most": 65_535})
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
    job_megabytes : int
        Memory for expensive work that has begun; more of it waits.
    cache_megabytes : int
        Memory for results that are kept; those that were used least recently go first.
    incoming_megabytes : int
        Memory for uploads that are on their way or not yet read; more of them wait.
    table_megabytes : int
        Memory for the tables of all visitors; beyond it, whoever holds most loses the oldest.
    """

    max_points: int = 1_000_000
    max_starts: int = 2_000
    tensorflow: bool = True
    job_megabytes: int = 700
    cache_megabytes: int = 200
    incoming_megabytes: int = 200
    table_megabytes: int = 400


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
