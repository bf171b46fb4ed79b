"""Complete the list of what is in the image: ``python deploy/sbom.py SBOM`` adds the app and the system's packages."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

NAME = "kmeans-step-by-step"
STATUS = Path("/var/lib/dpkg/status")
RELEASE = Path("/etc/os-release")


def complete(sbom: dict[str, Any], version: str, status: str, release: str) -> dict[str, Any]:
    """Return a CycloneDX document with the app as its component, and each installed Debian package."""
    application = {
        "type": "application",
        "bom-ref": NAME,
        "name": NAME,
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
        "purl": f"pkg:generic/{NAME}@{version}",
    }
    system = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    distribution = "{}-{}".format(*(system[key].strip('"') for key in ("ID", "VERSION_ID")))
    packages = [_package(fields, distribution) for fields in _paragraphs(status)]
    return {
        **sbom,
        "metadata": {**sbom.get("metadata", {}), "component": application},
        "components": [*sbom.get("components", []), *packages],
    }


def _paragraphs(status: str) -> list[dict[str, str]]:
    """Return the fields of each package that dpkg has installed; lines that continue a field are left out."""
    paragraphs = [
        dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and not line.startswith(" "))
        for paragraph in status.split("\n\n")
    ]
    return [fields for fields in paragraphs if fields.get("Status", "").endswith(" installed")]


def _package(fields: dict[str, str], distribution: str) -> dict[str, Any]:
    name, version, architecture = (fields[key] for key in ("Package", "Version", "Architecture"))
    vendor = distribution.split("-", maxsplit=1)[0]
    purl = f"pkg:deb/{vendor}/{quote(name)}@{quote(version)}?arch={architecture}&distro={distribution}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main() -> None:
    """Complete the file that the command line names."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from kmeans_core.version import __version__  # noqa: PLC0415  # the app is not installed where this runs

    file = Path(sys.argv[1])
    texts = (path.read_text(encoding="utf-8") for path in (STATUS, RELEASE))
    sbom = complete(json.loads(file.read_text(encoding="utf-8")), __version__, *texts)
    file.write_text(json.dumps(sbom, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
