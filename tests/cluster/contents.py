"""What every cluster is expected to have: DNS for pods and storage classes. Manifests only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.cluster.images import DNS_IMAGE
from tests.cluster.places import DNS_ADDRESS, DNS_DOMAIN
from tests.cluster.storage import NEVER, PROVISIONER, STANDARD

Manifest = dict[str, Any]
SYSTEM = "kube-system"
DNS_NAME = "coredns"
DNS_LABELS = {"k8s-app": "kube-dns"}
DNS_READY_PORT = 8181


def all_of_it(name_servers: Sequence[str]) -> list[tuple[str, Manifest]]:
    """Path and manifest of each object, in the order they are applied."""
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    system = f"/api/v1/namespaces/{SYSTEM}"
    classes = "/apis/storage.k8s.io/v1/storageclasses"
    return [
        (f"{classes}/{STANDARD}", storage_class(STANDARD, PROVISIONER, is_default=True)),
        (f"{classes}/{NEVER}", storage_class(NEVER, "kubernetes.io/no-provisioner")),
        (f"{system}/serviceaccounts/{DNS_NAME}", dns_account()),
        (f"{rbac}/clusterroles/system:{DNS_NAME}", dns_role()),
        (f"{rbac}/clusterrolebindings/system:{DNS_NAME}", dns_binding()),
        (f"{system}/configmaps/{DNS_NAME}", dns_configuration(name_servers)),
        (f"/apis/apps/v1/namespaces/{SYSTEM}/deployments/{DNS_NAME}", dns_deployment()),
        (f"{system}/services/kube-dns", dns_service()),
    ]


def storage_class(name: str, provisioner: str, *, is_default: bool = False) -> Manifest:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if is_default else {}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": annotations},
        "provisioner": provisioner,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "Immediate",
    }


def dns_account() -> Manifest:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _system(DNS_NAME)}


def dns_role() -> Manifest:
    look = ["list", "watch"]
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": f"system:{DNS_NAME}"},
        "rules": [
            {
                "apiGroups": [""],
                "resources": ["services", "pods", "namespaces", "endpoints"],
                "verbs": look,
            },
            {
                "apiGroups": ["discovery.k8s.io"],
                "resources": ["endpointslices"],
                "verbs": look,
            },
        ],
    }


def dns_binding() -> Manifest:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": f"system:{DNS_NAME}"},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": f"system:{DNS_NAME}",
        },
        "subjects": [{"kind": "ServiceAccount", "name": DNS_NAME, "namespace": SYSTEM}],
    }


def dns_configuration(name_servers: Sequence[str]) -> Manifest:
    """Names outside are asked of this machine's servers, when a pod can reach any."""
    outside = "    forward . /etc/resolv.conf\n" if name_servers else ""
    corefile = (
        ".:53 {\n    errors\n    health :8080\n"
        f"    ready :{DNS_READY_PORT}\n"
        f"    kubernetes {DNS_DOMAIN} in-addr.arpa ip6.arpa {{\n"
        "        pods insecure\n        fallthrough in-addr.arpa ip6.arpa\n        ttl 2\n    }\n"
        f"{outside}"
        "    cache 2\n}\n"
    )
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": _system(DNS_NAME),
        "data": {"Corefile": corefile},
    }


def dns_deployment() -> Manifest:
    container = {
        "name": DNS_NAME,
        "image": DNS_IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
        ],
        "readinessProbe": {
            "httpGet": {"path": "/ready", "port": DNS_READY_PORT},
            "periodSeconds": 1,
        },
        "volumeMounts": [{"name": "config", "mountPath": "/etc/coredns", "readOnly": True}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {**_system(DNS_NAME), "labels": DNS_LABELS},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": DNS_LABELS},
            "template": {
                "metadata": {"labels": DNS_LABELS},
                "spec": {
                    "serviceAccountName": DNS_NAME,
                    "priorityClassName": "system-cluster-critical",
                    "dnsPolicy": "Default",  # its own names it asks of the machine
                    "terminationGracePeriodSeconds": 1,
                    "nodeSelector": {"kubernetes.io/os": "linux"},
                    "containers": [container],
                    "volumes": [{"name": "config", "configMap": {"name": DNS_NAME}}],
                },
            },
        },
    }


def dns_service() -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {**_system("kube-dns"), "labels": DNS_LABELS},
        "spec": {
            "clusterIP": DNS_ADDRESS,
            "selector": DNS_LABELS,
            "ports": [
                {"name": "dns", "port": 53, "targetPort": 53, "protocol": "UDP"},
                {"name": "dns-tcp", "port": 53, "targetPort": 53, "protocol": "TCP"},
            ],
        },
    }


def _system(name: str) -> Manifest:
    return {"name": name, "namespace": SYSTEM}
