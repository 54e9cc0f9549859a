"""Keys, certificates and kubeconfigs of one cluster, made anew with it by openssl."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from atelier.operate import tool
from atelier.operate.errors import CannotGoOn
from tests.cluster.places import (
    API_SERVICE_ADDRESS,
    API_URL,
    DNS_DOMAIN,
    NODE,
    NODE_ADDRESS,
    Places,
)

DAYS = "365"
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody the API server knows by certificate."""

    name: str
    subject: str
    alternatives: str


API_SERVER = Identity(
    "apiserver",
    "/CN=kube-apiserver",
    ",".join(
        [f"IP:{address}" for address in ("127.0.0.1", NODE_ADDRESS, API_SERVICE_ADDRESS)]
        + ["DNS:localhost", "DNS:kubernetes", "DNS:kubernetes.default"]
        + ["DNS:kubernetes.default.svc", f"DNS:kubernetes.default.svc.{DNS_DOMAIN}"]
    ),
)
CLIENTS = (
    Identity("admin", "/O=system:masters/CN=admin", "DNS:admin"),
    Identity("harness", "/O=system:masters/CN=harness", "DNS:harness"),
    Identity("kubelet", f"/O=system:nodes/CN=system:node:{NODE}", f"DNS:{NODE},IP:{NODE_ADDRESS}"),
    Identity("controllers", "/CN=system:kube-controller-manager", "DNS:controllers"),
    Identity("scheduler", "/CN=system:kube-scheduler", "DNS:scheduler"),
    Identity("proxy", "/CN=system:kube-proxy", "DNS:proxy"),
)


def make(places: Places) -> None:
    """Make the authority, a certificate for each party and the kubeconfigs of the clients."""
    pki = places.pki
    pki.mkdir(mode=0o700)
    _openssl(
        ["req", "-x509", *CURVE, "-days", DAYS, "-subj", "/CN=atelier-test-cluster"]
        + ["-keyout", str(pki / "ca.key"), "-out", str(pki / "ca.crt")]
    )
    _openssl(["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", str(pki / "sa.key")])
    _openssl(["ec", "-in", str(pki / "sa.key"), "-pubout", "-out", str(pki / "sa.pub")])
    for identity in (API_SERVER, *CLIENTS):
        _sign(pki, identity)
    for identity in CLIENTS:
        text = json.dumps(kubeconfig(pki, identity.name), indent=1)
        target = kubeconfig_of(places, identity.name)
        target.touch(mode=0o600)
        target.write_text(text)


def kubeconfig_of(places: Places, client: str) -> Path:
    return places.admin_kubeconfig if client == "admin" else places.config / f"{client}.kubeconfig"


def kubeconfig(pki: Path, client: str) -> dict[str, object]:
    """A kubeconfig that holds all it needs, so that the file may be copied anywhere."""

    def encoded(name: str) -> str:
        return base64.b64encode((pki / name).read_bytes()).decode()

    cluster = {"server": API_URL, "certificate-authority-data": encoded("ca.crt")}
    user = {
        "client-certificate-data": encoded(f"{client}.crt"),
        "client-key-data": encoded(f"{client}.key"),
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": client, "user": user}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": client}}],
        "current-context": "test",
    }


def _sign(pki: Path, identity: Identity) -> None:
    key, certificate = pki / f"{identity.name}.key", pki / f"{identity.name}.crt"
    with tempfile.TemporaryDirectory(dir=pki) as scratch:
        request, extensions = Path(scratch, "request"), Path(scratch, "extensions")
        extensions.write_text(f"subjectAltName={identity.alternatives}\n")
        _openssl(
            ["req", *CURVE, "-subj", identity.subject, "-keyout", str(key), "-out", str(request)]
        )
        _openssl(
            ["x509", "-req", "-in", str(request), "-days", DAYS, "-out", str(certificate)]
            + ["-CA", str(pki / "ca.crt"), "-CAkey", str(pki / "ca.key"), "-CAcreateserial"]
            + ["-extfile", str(extensions)]
        )


def _openssl(arguments: Sequence[str]) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        said = tool.telling_line(done.stderr)
        raise CannotGoOn(f"openssl {arguments[0]} failed: {said}. Is openssl installed and whole?")
