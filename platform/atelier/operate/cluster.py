"""Standing on a cluster: its fitness is checked, accounts are made, each component gets its own.

The administrator's kubeconfig is used here and kept nowhere. Worker, tenancy worker and hub get a
token each, tied to a Secret: who deletes the Secret ends the token.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from atelier.core.version import VERSION
from atelier.engines.kubernetes import rbac
from atelier.operate import engine
from atelier.operate.console import say
from atelier.operate.engine import Asked, Engine
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import Home
from atelier.operate.kube_api import Answer, KubeApi

COMPONENTS = ("worker", "tenancy", "hub")
INSTANCE_LABEL = "atelier.dev/instance"
COMPONENT_LABEL = "app.kubernetes.io/component"
# Native sidecars, which jobs need, are there from this release on.
OLDEST = (1, 29)
TOKEN_LIFETIME = timedelta(days=365)
EXPIRES = "expires"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
# Images that no registry has: they must be on the nodes already.
LOCAL_IMAGE = "localhost/"
AGAIN = "`make up ENGINE=kubernetes KUBECONFIG=/path/to/an/administrators/kubeconfig`"


@dataclass(frozen=True, slots=True)
class Grant:
    """Access just given; `end_earlier` takes back what earlier starts were given."""

    api: KubeApi
    namespace: str
    instance: str
    kept: frozenset[str]

    def end_earlier(self) -> None:
        place = f"/api/v1/namespaces/{self.namespace}/secrets"
        listed = self.api.get(place, labelSelector=f"{INSTANCE_LABEL}={self.instance}")
        for secret in listed["items"]:
            name = secret["metadata"]["name"]
            if name not in self.kept:
                self.api.delete(f"{place}/{name}")


def grant(home: Home, asked: Asked) -> tuple[Engine, Grant]:
    """Check the cluster, make the accounts and write each component's kubeconfig."""
    kubeconfig = Path(asked.kubeconfig).expanduser().absolute()
    api = KubeApi(kubeconfig)
    _refuse_old(api)
    nodes = api.get("/api/v1/nodes")["items"]
    chosen = Engine(engine.KUBERNETES, _pod_address(api, nodes, asked.pod_address))
    _refuse_no_storage(api)
    _refuse_missing_images(nodes)
    namespace = engine.system_namespace()
    try:
        for manifest in rbac.system_objects(namespace):
            api.apply(manifest)
        kept = _write_kubeconfigs(api, home, namespace)
    except Answer as answer:
        raise CannotGoOn(f"The cluster refused what Atelier needs there: {answer}.") from answer
    return chosen, Grant(api, namespace, home.instance, kept)


def check_access(home: Home) -> None:
    """Tell at a start without a kubeconfig whether what an earlier one left still serves."""
    missing = [name for name in COMPONENTS if not home.kubeconfig(name).is_file()]
    if missing:
        raise CannotGoOn(
            f"This installation works on a cluster and has no access to one: start it with {AGAIN}."
        )
    noted = home.kube / EXPIRES
    left = datetime.fromisoformat(noted.read_text()) - datetime.now(UTC)  # noqa: TID251
    if left < timedelta():
        raise CannotGoOn(f"The access to the cluster has expired: renew it with {AGAIN}.")
    if left < timedelta(days=14):
        say(f"! The access to the cluster ends in {left.days} days: renew it with {AGAIN}.")
    try:
        KubeApi(home.kubeconfig("worker")).get("/version")
    except CannotGoOn as trouble:
        say(f"! {trouble} The platform starts; what is there is not seen until then.")


def _refuse_old(api: KubeApi) -> None:
    version = api.get("/version")
    digits = [int(re.sub(r"\D.*", "", version.get(part, "")) or 0) for part in ("major", "minor")]
    if tuple(digits) < OLDEST:
        raise CannotGoOn(
            f"The cluster runs Kubernetes {version.get('gitVersion')}, and jobs need at least "
            f"{OLDEST[0]}.{OLDEST[1]}: upgrade it, or name another cluster's kubeconfig."
        )


def _pod_address(api: KubeApi, nodes: list[dict[str, Any]], asked: str) -> str:
    """This machine as pods see it: asked for, or the address from which it talks to the nodes."""
    if asked:
        return own_address(asked)
    internal = [
        address["address"]
        for node in nodes
        for address in node.get("status", {}).get("addresses", [])
        if address["type"] == "InternalIP"
    ]
    server = urlsplit(api.configuration.host).hostname or ""
    for target in (*internal, server):
        found = _source_towards(target)
        if found and not found.startswith("127."):
            return found
    raise CannotGoOn(
        "No address was found under which the cluster's pods could reach this machine: name one "
        "with POD_ADDRESS=…, such as this machine's address in the nodes' network."
    )


def own_address(address: str) -> str:
    """Return an address of this machine, or say that it is none."""
    try:
        with socket.socket() as probe:
            probe.bind((address, 0))
    except OSError:
        raise CannotGoOn(
            f"POD_ADDRESS={address} is no address of this machine: name one of those that "
            "`ip address` shows, under which pods can reach it."
        ) from None
    return address


def _source_towards(target: str) -> str:
    """The address this machine would use towards `target`; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            source: str = probe.getsockname()[0]
            return source
    except OSError:
        return ""


def _refuse_no_storage(api: KubeApi) -> None:
    wanted = os.environ.get("ATELIER_STORAGE_CLASS", "")
    classes = api.get("/apis/storage.k8s.io/v1/storageclasses")["items"]
    names = [c["metadata"]["name"] for c in classes]
    if wanted and wanted not in names:
        raise CannotGoOn(
            f"ATELIER_STORAGE_CLASS={wanted!r}: the cluster has {', '.join(names) or 'none'}."
        )
    if not wanted and not any(
        c["metadata"].get("annotations", {}).get(DEFAULT_CLASS) == "true" for c in classes
    ):
        raise CannotGoOn(
            "The cluster has no default StorageClass, so homes could never be made: name one with "
            f"ATELIER_STORAGE_CLASS=… (it has {', '.join(names) or 'none'}), or mark one as the "
            "default."
        )


def images() -> tuple[str, ...]:
    """What notebooks and jobs run in."""
    return tuple(
        os.environ.get(f"ATELIER_{name.upper()}_IMAGE") or f"localhost/atelier/{name}:{VERSION}"
        for name in ("notebook", "trainer")
    )


def _refuse_missing_images(nodes: Iterable[Mapping[str, Any]]) -> None:
    there = {
        name
        for node in nodes
        for image in node.get("status", {}).get("images", [])
        for name in image.get("names") or []
    }
    missing = [name for name in images() if name.startswith(LOCAL_IMAGE) and name not in there]
    if missing:
        raise CannotGoOn(
            f"No node of the cluster has {' and '.join(missing)}: `make images` builds them; load "
            "them into the nodes, or push them to a registry and name them with "
            "ATELIER_NOTEBOOK_IMAGE=… and ATELIER_TRAINER_IMAGE=…."
        )


def _write_kubeconfigs(api: KubeApi, home: Home, namespace: str) -> frozenset[str]:
    home.kube.mkdir(mode=0o700, exist_ok=True)
    kept, ends = [], []
    for component in COMPONENTS:
        name, token, expires = _token(api, namespace, component, home.instance)
        _write_private(home.kubeconfig(component), json.dumps(_kubeconfig(api, component, token)))
        kept.append(name)
        ends.append(expires)
    (home.kube / EXPIRES).write_text(min(ends))
    return frozenset(kept)


def _token(api: KubeApi, namespace: str, component: str, instance: str) -> tuple[str, str, str]:
    """A token of the component's account that ends with a Secret; its name, itself, its end."""
    name = f"{instance}-{component}-{secrets.token_hex(4)}"
    labels = {INSTANCE_LABEL: instance, COMPONENT_LABEL: component}
    secret = api.create(
        f"/api/v1/namespaces/{namespace}/secrets",
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "labels": labels},
            "type": "Opaque",
        },
    )
    bound = {"apiVersion": "v1", "kind": "Secret", "name": name, "uid": secret["metadata"]["uid"]}
    asked = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {
            "expirationSeconds": int(TOKEN_LIFETIME.total_seconds()),
            "boundObjectRef": bound,
        },
    }
    account = f"/api/v1/namespaces/{namespace}/serviceaccounts/{component}"
    status = api.create(f"{account}/token", asked)["status"]
    return name, status["token"], status["expirationTimestamp"]


def _kubeconfig(api: KubeApi, component: str, token: str) -> dict[str, Any]:
    """In JSON, which is YAML as well."""
    there = api.configuration
    cluster: dict[str, Any] = {"server": there.host}
    if there.ssl_ca_cert:
        authority = Path(there.ssl_ca_cert).read_bytes()
        cluster["certificate-authority-data"] = base64.b64encode(authority).decode()
    if not there.verify_ssl:
        cluster["insecure-skip-tls-verify"] = True
    if there.tls_server_name:
        cluster["tls-server-name"] = there.tls_server_name
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": component, "user": {"token": token}}],
        "contexts": [{"name": component, "context": {"cluster": "cluster", "user": component}}],
        "current-context": component,
    }


def _write_private(path: Path, text: str) -> None:
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(text)
    half.rename(path)
