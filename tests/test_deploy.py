"""What operators deploy with: well-formed, as hardened as promised, and in step with each other."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.sbom import complete
from kmeans_core import __version__
from server.config import Limits, ServerConfig, check_names, read_config
from server.cookie_secret import SECRET, SECRET_FILE
from server.messages import CATALOG
from tests.kustomize import SUFFIX, render
from tools.paths import ROOT

KUBERNETES = ROOT / "deploy/kubernetes"
OVERLAYS = {name: render(KUBERNETES / name, {SECRET: "drawn"}) for name in ("one-replica", "autoscaled")}
OF_THE_API = {"v1", "apps/v1", "autoscaling/v2", "policy/v1", "networking.k8s.io/v1"}
MANIFESTS = [
    pytest.param(manifest, id=f"{name}-{manifest['kind']}")
    for name, manifests in OVERLAYS.items()
    for manifest in manifests
    if manifest["apiVersion"] in OF_THE_API
]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
VARIABLES = [f"KMEANS_{field.name.upper()}" for kind in (ServerConfig, Limits) for field in fields(kind)]


def only(overlay: str, kind: str, name: str = "kmeans") -> dict[str, Any]:
    """Return the manifest of this kind and name."""
    (manifest,) = [
        manifest
        for manifest in OVERLAYS[overlay]
        if manifest["kind"] == kind and manifest["metadata"]["name"].removesuffix(SUFFIX) == name
    ]
    return manifest


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_every_manifest_is_valid_by_the_api_s_own_schema(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_the_schema_can_refuse() -> None:
    malformed = only("autoscaled", "Deployment") | {"spec": {"replicas": "two"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(malformed, kubernetes_validate.latest_version(), strict=True)


def test_both_ways_run_it_hardened() -> None:
    pod = only("autoscaled", "Deployment")["spec"]["template"]["spec"]
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


def test_the_number_of_replicas_is_said_once() -> None:
    assert only("one-replica", "Deployment")["spec"]["replicas"] == 1
    assert not [manifest for manifest in OVERLAYS["one-replica"] if manifest["kind"] == "HorizontalPodAutoscaler"]
    assert "replicas" not in only("autoscaled", "Deployment")["spec"]
    autoscaler = only("autoscaled", "HorizontalPodAutoscaler")["spec"]
    assert autoscaler["scaleTargetRef"]["name"] == only("autoscaled", "Deployment")["metadata"]["name"]
    assert only("autoscaled", "PodDisruptionBudget")["spec"]["minAvailable"] < autoscaler["minReplicas"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_get_this_version_its_settings_and_a_secret_that_is_in_no_file(overlay: str) -> None:
    pod = only(overlay, "Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"].endswith(f"kmeans-step-by-step:{__version__}")
    assert pod["enableServiceLinks"] is False
    assert container["lifecycle"]["preStop"]["sleep"]["seconds"] < pod["terminationGracePeriodSeconds"]
    settings, secret = only(overlay, "ConfigMap"), only(overlay, "Secret")
    assert container["envFrom"] == [
        {"configMapRef": {"name": settings["metadata"]["name"]}},
        {"secretRef": {"name": secret["metadata"]["name"]}},
    ]
    check_names(settings["data"])
    read_config(ServerConfig, settings["data"])
    assert secret["stringData"] == {SECRET: "drawn"}
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "deploy/kubernetes/base/secret.env" in lines


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_visitor_is_led_by_tls_and_cookie_to_pods_that_nobody_else_reaches(overlay: str) -> None:
    labels = only(overlay, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    service, policy = only(overlay, "Service")["spec"], only(overlay, "NetworkPolicy")["spec"]
    assert labels >= service["selector"].items()
    assert labels >= policy["podSelector"]["matchLabels"].items()
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in policy
    (container,) = only(overlay, "Deployment")["spec"]["template"]["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}
    assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == ports
    assert all(rule["from"] for rule in policy["ingress"])

    gateway, route = only(overlay, "Gateway")["spec"], only(overlay, "HTTPRoute")["spec"]
    redirect = only(overlay, "HTTPRoute", "kmeans-redirect")["spec"]
    listeners = {listener["name"]: listener for listener in gateway["listeners"]}
    assert route["parentRefs"] == [{"name": "kmeans", "sectionName": "https"}]
    assert redirect["parentRefs"] == [{"name": "kmeans", "sectionName": "http"}]
    assert listeners["https"]["tls"]["mode"] == "Terminate"
    assert route["hostnames"] == only(overlay, "ConfigMap")["data"]["KMEANS_ALLOWED_HOSTS"].split(",")
    (rule,) = route["rules"]
    assert rule["backendRefs"] == [{"name": "kmeans", "port": service["ports"][0]["port"]}]
    assert rule["sessionPersistence"]["type"] == "Cookie"
    assert redirect["rules"][0]["filters"][0]["requestRedirect"]["scheme"] == "https"


def test_monitoring_asks_the_port_that_the_pods_have() -> None:
    (monitor,) = render(KUBERNETES / "monitoring", {})
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    pod = only("autoscaled", "Deployment")["spec"]["template"]
    assert pod["metadata"]["labels"].items() >= monitor["spec"]["selector"]["matchLabels"].items()
    port = next(port for port in pod["spec"]["containers"][0]["ports"] if port["name"] == endpoint["port"])
    assert str(port["containerPort"]) == only("autoscaled", "ConfigMap")["data"]["KMEANS_METRICS_PORT"]


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


@pytest.mark.parametrize(("base", "below"), [("", ""), ("kmeans", "kmeans/"), ("a/b", "a/b/"), ("/kmeans/", "kmeans/")])
def test_the_proxys_health_is_asked_below_the_base_path(base: str, below: str) -> None:
    command = COMPOSE["services"]["proxy"]["healthcheck"]["test"].replace("$$", "$")
    process = subprocess.run(
        ["sh", "-c", f'wget() {{ for word; do :; done; echo "$word"; }}; {command}'],
        env={"BASE_PATH": base},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == f"http://127.0.0.1:8080/{below}_stcore/health"


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
    default_text = str(int(default)) if isinstance(default, bool | int) else "any, its own, none"
    assert row[1].replace(",", "").replace(" ", "") in default_text.replace(" ", "")


def test_compose_hands_every_variable_on() -> None:
    handed = {name for name in COMPOSE["services"]["app-a"]["environment"] if name.startswith("KMEANS_")}
    assert handed == set(VARIABLES)


def test_no_secret_is_public_and_both_replicas_read_the_same() -> None:
    for name in ("app-a", "app-b"):
        service = COMPOSE["services"][name]
        assert service["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"] == "${COOKIE_SECRET:-}"
        folder = str(Path(service["environment"]["COOKIE_SECRET_FILE"]).parent)
        assert f"secret:{folder}" in service["volumes"]
        assert f"-o 10001 -g 10001 {folder}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "secret" in COMPOSE["volumes"]


def test_the_proxy_is_new_enough_to_look_names_up_again_and_finds_a_name_server() -> None:
    proxy = COMPOSE["services"]["proxy"]
    version = re.search(r":(\d+)\.(\d+)-alpine", proxy["image"])
    assert version
    assert (int(version[1]), int(version[2])) > (1, 27)
    assert proxy["environment"]["NGINX_ENTRYPOINT_LOCAL_RESOLVERS"] == "1"


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("there is no hadolint for this machine")
    process = subprocess.run([program, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout


def test_the_list_of_the_image_names_the_app_and_the_system_s_packages() -> None:
    status = "\n\n".join(
        f"Package: {name}\nStatus: {state}\nArchitecture: amd64\nVersion: 1:2+b1\nDescription: text\n more: text"
        for name, state in (("libc6", "install ok installed"), ("gone", "deinstall ok config-files"))
    )
    sbom = complete({"components": [{"name": "numpy"}]}, "1.2.3", status, 'ID=debian\nVERSION_ID="13"\n')
    assert sbom["metadata"]["component"]["version"] == "1.2.3"
    assert [component["name"] for component in sbom["components"]] == ["numpy", "libc6"]
    assert sbom["components"][1]["purl"] == "pkg:deb/debian/libc6@1%3A2%2Bb1?arch=amd64&distro=debian-13"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@pytest.mark.parametrize(("minor", "tensorflow", "fits"), [(13, "1", True), (14, "1", False), (14, "0", True)])
def test_python_3_14_is_taken_without_tensorflow(tmp_path: Path, minor: int, tensorflow: str, fits: bool) -> None:
    python = tmp_path / "python"
    stand_in = f"""#!{sys.executable}
import sys
if "version_info" in sys.argv[2]:
    sys.version_info = (3, {minor})
    exec(sys.argv[2])
"""
    python.write_text(stand_in, encoding="utf-8")
    python.chmod(0o755)
    environment = os.environ | {"TENSORFLOW": tensorflow}
    command = ["sh", str(ROOT / "tools/venv.sh"), str(tmp_path / "venv"), str(python)]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ("one of which is needed" in process.stderr) == (not fits)


# The guide for operators ---------------------------------------------------------------------------------

GUIDE = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
SERVER_FILES = [ROOT / "serve.py", *sorted((ROOT / "server").glob("*.py"))]


def table(heading: str) -> list[list[str]]:
    """Return the cells of the rows of the first table below a heading of the guide."""
    section = GUIDE.partition(f"\n{heading}\n")[2]
    rows = re.findall(r"^\|(.*)\|$", section.partition("\n#")[0], re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in rows[2:]]


def start_messages() -> list[list[str]]:
    """Return the fixed parts of each message with which the server ends at its start."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SERVER_FILES]
    raised = [node.exc for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    calls = [error for error in raised if isinstance(error, ast.Call) and ast.unparse(error.func) == "ValueError"]
    return [
        [
            part.value
            for part in ast.walk(error.args[0])
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        for error in calls
    ]


def test_every_variable_that_compose_or_the_server_reads_is_in_the_table_and_no_other() -> None:
    rows = [re.fullmatch(r"`(\w+)`", cells[0]) for cells in table("## Settings")]
    documented = [row[1] for row in rows if row]
    assert len(documented) == len(rows) == len(set(documented))
    sources = [(ROOT / name).read_text(encoding="utf-8") for name in ("compose.yaml", "compose.tls.yaml")]
    compose = set(re.findall(r"(?<!\$)\$\{(\w+)", "\n".join(sources)))
    code = "\n".join(path.read_text(encoding="utf-8") for path in SERVER_FILES)
    app = {*VARIABLES, *re.findall(r'environment\("(\w+)"\)', code), SECRET, SECRET_FILE}
    # Streamlit reads these itself.
    streamlit = {"STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "STREAMLIT_SERVER_BASE_URL_PATH"}
    assert streamlit < COMPOSE["services"]["app-a"]["environment"].keys()
    assert set(documented) == compose | app | streamlit


def test_every_message_at_the_start_and_in_the_browser_is_explained() -> None:
    quoted = " ".join(cells[0] for heading in ("### At the start", "### In the browser") for cells in table(heading))
    messages = start_messages()
    assert len(messages) >= 8
    for parts in messages:
        assert all(part.strip() in quoted for part in parts if len(part) > 3), f"{parts} is not explained"
    for key, text in CATALOG.texts.items():
        # Long ones are quoted by their beginning.
        beginning = re.split(r"[{<]", text)[0].strip()
        assert beginning in quoted or key == "server.full_title", f"{key} is not explained: {beginning}"


def test_the_guide_quotes_only_messages_that_there_are() -> None:
    trees = [ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in SERVER_FILES]
    constants = [node.value for tree in trees for node in tree if isinstance(node, ast.Constant)]
    texts = [*(text for text in constants if isinstance(text, str)), *CATALOG.texts.values()]
    texts.append((ROOT / "deploy/copy-certificate.sh").read_text(encoding="utf-8").replace("($owner)", "(…)"))
    rows = [cells[0] for heading in ("### At the start", "### In the browser") for cells in table(heading)]
    messages = [row[1:-1] for row in rows if re.fullmatch(r"`[^`]+`", row)]
    assert len(messages) > 15
    for message in messages:
        # The words for the form of a value are texts of their own.
        fixed = message.replace(SECRET_FILE, "…").split("…")
        parts = [part.removeprefix(" must be ").removesuffix(", got ") for part in fixed]
        assert any(parts)
        assert all(any(part in text for text in texts) for part in parts), message


def test_every_row_of_the_guide_has_as_many_cells_as_its_table() -> None:
    for heading in ("## Settings", "## Sizing", "### Metrics", "### Logs", "### At the start", "### In the browser"):
        rows = table(heading)
        assert rows
        assert len({len(cells) for cells in rows}) == 1 or heading == "### Logs", heading


def test_the_front_matter_of_a_space_names_the_port_of_the_image() -> None:
    block = re.search(r"```yaml\n---\n(.*?)---\n```", GUIDE, re.DOTALL)
    assert block
    space = yaml.safe_load(block[1])
    assert space["sdk"] == "docker"
    assert f"PORT={space['app_port']} " in (ROOT / "Dockerfile").read_text(encoding="utf-8")
