"""Security headers of every response, with a content security policy for Streamlit's page and the player."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit

from server.config import ServerConfig


def security_headers(config: ServerConfig) -> list[tuple[bytes, bytes]]:
    """Return the headers that every response gets."""
    headers = {
        "content-security-policy": _content_security_policy(config),
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    if config.replica:
        headers["x-kmeans-replica"] = config.replica
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _content_security_policy(config: ServerConfig) -> str:
    return "; ".join(
        [
            "default-src 'self'",
            # The player's script comes as a blob.
            " ".join(["script-src 'self' blob:", *_inline_script_hashes()]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "connect-src 'self' data: blob: ws: wss:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(["frame-ancestors 'self'", *config.embed_origins]),
        ]
    )


def _inline_script_hashes() -> list[str]:
    """Return the hashes of the inline scripts of Streamlit's page, so that the policy allows these and no others."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    return [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]
