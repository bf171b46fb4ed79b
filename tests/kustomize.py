"""As much of kustomize as ``deploy/kubernetes`` uses; anything else in a kustomization is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]
SUFFIX = "-hash"
KEYS = {
    "apiVersion",
    "kind",
    "resources",
    "components",
    "labels",
    "images",
    "replicas",
    "configMapGenerator",
    "secretGenerator",
}


def render(folder: Path, secrets: dict[str, str]) -> list[Manifest]:
    """Return the manifests of an overlay, its base, and its components; ``secrets`` stands for ``secret.env``.

    Raises
    ------
    ValueError
        If a kustomization has a key that this does not know, or changes what is not there.
    """
    rules = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    if unknown := set(rules) - KEYS:
        raise ValueError(f"{folder}: {unknown}")
    manifests: list[Manifest] = []
    for name in [*rules.get("resources", []), *rules.get("components", [])]:
        path = (folder / name).resolve(strict=True)
        manifests += render(path, secrets) if path.is_dir() else yaml.safe_load_all(path.read_text(encoding="utf-8"))
    for rule in rules.get("configMapGenerator", []):
        manifests.append(_config("ConfigMap", rule, _variables(folder, rule, {})))
    for rule in rules.get("secretGenerator", []):
        manifests.append(_config("Secret", rule, _variables(folder, rule, secrets)))
    for rule in rules.get("labels", []):
        for manifest in manifests:
            manifest["metadata"].setdefault("labels", {}).update(rule["pairs"])
    for rule in rules.get("replicas", []):
        _deployment(manifests, rule["name"])["spec"]["replicas"] = rule["count"]
    for rule in rules.get("images", []):
        _set_image(manifests, rule)
    return _with_suffix(manifests)


def _variables(folder: Path, rule: Manifest, secrets: dict[str, str]) -> dict[str, str]:
    (name,) = rule["envs"]
    if name == "secret.env":
        return dict(secrets)
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _config(kind: str, rule: Manifest, variables: dict[str, str]) -> Manifest:
    field = "data" if kind == "ConfigMap" else "stringData"
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": rule["name"]}, field: variables}


def _deployment(manifests: list[Manifest], name: str) -> Manifest:
    for manifest in manifests:
        if manifest["kind"] == "Deployment" and manifest["metadata"]["name"] == name:
            return manifest
    raise ValueError(f"no deployment {name}")


def _set_image(manifests: list[Manifest], rule: Manifest) -> None:
    containers = [
        container
        for manifest in manifests
        if manifest["kind"] == "Deployment"
        for container in manifest["spec"]["template"]["spec"]["containers"]
        if container["image"] == rule["name"]
    ]
    if not containers:
        raise ValueError(f"no container has the image {rule['name']}")
    for container in containers:
        container["image"] = f"{rule['newName']}:{rule['newTag']}"


def _with_suffix(manifests: list[Manifest]) -> list[Manifest]:
    """Add a suffix to what was generated and to every reference, as kustomize does with a hash."""
    for kind, reference in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
        for manifest in manifests:
            name = manifest["metadata"]["name"]
            if manifest["kind"] == kind and not name.endswith(SUFFIX):
                manifest["metadata"]["name"] = name + SUFFIX
                text = json.dumps(manifests)
                old = json.dumps({reference: {"name": name}})
                return _with_suffix(json.loads(text.replace(old, json.dumps({reference: {"name": name + SUFFIX}}))))
    return manifests
