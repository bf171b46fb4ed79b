"""Whether a request's host and origin are allowed; ``server.middleware`` rejects a request where they are not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from server.asgi import Message
from server.config import ServerConfig

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of requests that change nothing."""

_TOKEN_HEADERS: Final = frozenset({b"cookie", b"x-xsrftoken"})

_HOST: Final = re.compile(r"(?P<name>[\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
"""A host name and an optional port; no user name as in ``evil@own.example``, which URLs allow."""


def is_host_allowed(config: ServerConfig, headers: Mapping[str, str]) -> bool:
    """Tell whether the app answers under the host name that a request names."""
    names = {host.lower().strip("[]") for host in config.allowed_hosts}
    return not names or _host_name(headers.get("host", "")) in names


def _host_name(host: str) -> str:
    """Return the lowercase name in a Host header; "" if the header is malformed."""
    match = _HOST.fullmatch(host)
    return match["name"].lower().strip("[]").rstrip(".") if match else ""


def is_origin_allowed(config: ServerConfig, headers: Mapping[str, str]) -> bool:
    """Tell whether a page of a request's origin may connect: one of the app's own, or of an allowed origin."""
    origin = headers.get("origin")
    # Only browsers send an origin, and only a browser can be misled by a foreign page.
    if origin is None or origin.rstrip("/") in {entry.rstrip("/") for entry in config.allowed_origins}:
        return True
    try:
        address = urlsplit(origin)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and address.netloc.lower() == headers.get("host", "").lower() != ""


def replace_origin(scope: Message) -> Message:
    """Return a checked connection with the app's own origin, which Streamlit accepts without a lookup.

    Streamlit compares origins letter by letter, and for any other one looks up its own external address, which blocks
    all visitors for seconds where outgoing connections are closed.
    """
    headers = dict(scope["headers"])
    if b"origin" not in headers:
        return scope
    app_origin = (b"origin", b"http://" + headers.get(b"host", b""))
    return {**scope, "headers": [app_origin if header[0] == b"origin" else header for header in scope["headers"]]}


def replace_token(scope: Message) -> Message:
    """Return a checked request that changes something with a token of Streamlit's that matches its cookie.

    Streamlit wants an upload to repeat the token of a cookie, which a foreign page cannot read. In a frame of another
    site, browsers keep no such cookie. They name the origin of each such request, and no page can forge that, so for a
    request with a checked origin the token proves nothing more. A request without any origin still needs its own token.
    """
    if scope["method"] in SAFE_METHODS or not any(name == b"origin" for name, _ in scope["headers"]):
        return scope
    token = generate_xsrf_token_string().encode("ascii")
    headers = [header for header in scope["headers"] if header[0] not in _TOKEN_HEADERS]
    cookie = XSRF_COOKIE_NAME.encode("ascii") + b"=" + token
    return {**scope, "headers": [*headers, (b"x-xsrftoken", token), (b"cookie", cookie)]}
