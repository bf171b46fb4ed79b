"""What operators deploy with: well-formed, as hardened as promised, and in step with each other."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from server.config import Limits, ServerConfig
from tools.paths import ROOT

MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text(encoding="utf-8"))
)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
VARIABLES = [f"KMEANS_{field.name.upper()}" for kind in (ServerConfig, Limits) for field in fields(kind)]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest["kind"])
def test_every_manifest_is_valid_by_the_api_s_own_schema(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_the_schema_can_refuse() -> None:
    wrong = next(one for one in MANIFESTS if one["kind"] == "Deployment") | {"spec": {"replicas": "two"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


def test_both_ways_run_it_hardened() -> None:
    (pod,) = [one["spec"]["template"]["spec"] for one in MANIFESTS if one["kind"] == "Deployment"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] >= 10_000
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(COMPOSE["services"]) == {"app-a", "app-b", "proxy"}
    for service in COMPOSE["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])


def test_replicas_differ_in_their_name_alone_and_the_proxy_knows_it() -> None:
    proxy = (ROOT / "deploy/nginx.conf.template").read_text(encoding="utf-8")
    apps = {name: service for name, service in COMPOSE["services"].items() if name != "proxy"}
    for name, service in apps.items():
        replica = service["environment"]["KMEANS_REPLICA"]
        assert name == f"app-{replica}"
        assert re.search(rf"{replica}\s+{replica}_first;", proxy)
    plain = [
        {name: value for name, value in app["environment"].items() if name != "KMEANS_REPLICA"} for app in apps.values()
    ]
    assert plain[0] == plain[1]


@pytest.mark.parametrize(("base", "below"), [("", ""), ("kmeans", "kmeans/"), ("a/b", "a/b/")])
def test_the_proxys_health_is_asked_below_the_base_path(base: str, below: str) -> None:
    command = COMPOSE["services"]["proxy"]["healthcheck"]["test"].replace("$$", "$")
    said = subprocess.run(
        ["sh", "-c", f'wget() {{ for word; do :; done; echo "$word"; }}; {command}'],
        env={"BASE_PATH": base},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == f"http://127.0.0.1:8080/{below}_stcore/health"


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_variable_is_documented_with_its_default(variable: str) -> None:
    reference = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{variable}` \| (.+?) \| .+ \|$", reference, re.MULTILINE)
    assert row, f"{variable} has no row in docs/operating.md"
    kind, name = next(
        (kind, field)
        for kind in (ServerConfig, Limits)
        for field in fields(kind)
        if f"KMEANS_{field.name.upper()}" == variable
    )
    default = getattr(kind(), name.name)
    written = str(int(default)) if isinstance(default, bool | int) else "any, its own, none"
    assert row[1].replace(",", "").replace(" ", "") in written.replace(" ", "")


def test_compose_hands_every_variable_on() -> None:
    handed = {name for name in COMPOSE["services"]["app-a"]["environment"] if name.startswith("KMEANS_")}
    assert handed >= set(VARIABLES) - {"KMEANS_METRICS", "KMEANS_LOGS"}


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("there is no hadolint for this machine")
    said = subprocess.run([program, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
