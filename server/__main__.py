"""Start the app with its access checks: ``python -m server``, or ``python -m server --port 8080 --address 0.0.0.0``."""

from __future__ import annotations

import argparse
import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Final

from kmeans_core import __version__
from server.cookie_secret import set_secret

SERVE: Final = Path(__file__).resolve().parent.parent / "serve.py"
"""The script that Streamlit runs."""

_DEFAULT_PORT: Final = "8501"
_DEFAULT_ADDRESS: Final = "127.0.0.1"


def main(program: str = "python -m server") -> None:
    """Start the app on a free port; exit with a sentence where that is impossible.

    Parameters
    ----------
    program : str
        What the help calls the program.
    """
    parser = argparse.ArgumentParser(prog=program, description="Start K-means, step by step.")
    environment = os.environ.get
    parser.add_argument("--port", default=environment("PORT") or _DEFAULT_PORT, help="8501, unless PORT is set")
    parser.add_argument(
        "--address",
        default=environment("STREAMLIT_SERVER_ADDRESS") or _DEFAULT_ADDRESS,
        help="the address to listen on; 127.0.0.1 is this machine alone, 0.0.0.0 all networks",
    )
    parser.add_argument("--version", action="version", version=f"kmeans-step-by-step {__version__}")
    options = parser.parse_args()
    try:
        port = valid_port(options.port)
        check_free(options.address, port)
        set_secret(os.environ)
    except ValueError as error:
        sys.exit(str(error))
    sys.argv = ["streamlit", "run", str(SERVE), f"--server.port={port}", f"--server.address={options.address}"]
    runpy.run_module("streamlit", run_name="__main__")


def valid_port(text: str) -> int:
    """Return the number of a port.

    Raises
    ------
    ValueError
        If the text is not a number from 1 to 65535.
    """
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise ValueError(f"PORT must be a number from 1 to 65535, got {text!r}.")
    return int(text)


def check_free(address: str, port: int) -> None:
    """Check that the app can listen there, since Streamlit would say nothing of the remedy.

    Raises
    ------
    ValueError
        If another program listens on the port, or this one may not.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Streamlit does, for a port just left
        try:
            probe.bind((address, port))
        except (OSError, UnicodeError) as error:
            other = port + 1 if port < 65_535 else 8501
            reason = getattr(error, "strerror", None) or str(error)
            raise ValueError(
                f"Port {port} of {address} cannot be used ({reason}): end the program that uses it, "
                f"or choose another port with --port {other} or PORT={other}."
            ) from error


if __name__ == "__main__":
    main()
