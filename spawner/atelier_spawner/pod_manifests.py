"""What the spawner creates in a cluster, as plain dicts. Pure: no API, no clock.

Nothing a user wrote is ever merged into a manifest: every key is named here, its values come from
the plan, and the fields that keep a pod harmless are set last.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .plan import PodPlan, SpawnPlan

Manifest = dict[str, Any]

COMPONENT = "notebook"
LABEL_COMPONENT = "app.kubernetes.io/component"
LABEL_INSTANCE = "atelier.dev/instance"
LABEL_PROJECT = "atelier.dev/project"
LABEL_OWNER = "atelier.dev/owner"
LABEL_WORKLOAD = "atelier.dev/workload"
LABEL_SPAWN = "atelier.dev/spawn"

CONTAINER = "notebook"
PORT = 8888
PORT_NAME = "notebook-port"  # where KubeSpawner looks for it
SERVICE_ACCOUNT = "run"
USER_ID = 1000
GRACE_SECONDS = 15

HOME = "/home/atelier"
RUN_FOLDER = "/run/atelier"
SECRET_FOLDER = "/run/secrets/atelier"  # noqa: S105  # a path
TOKEN_FILE = f"{RUN_FOLDER}/token"
HUB_TOKEN_KEY = "hub-token"  # noqa: S105  # a file's name
PORTAL_TOKEN_KEY = "portal-token"  # noqa: S105

MEBIBYTE = 2**20
RUN_FOLDER_BYTES = 16 * MEBIBYTE
# What a server may write outside its home, where its plan names no amount.
SCRATCH_BYTES = 2 * 2**30

ARGUMENTS = ("python", "-s", "-P", "-m", "atelier_runtime.jupyter")


@dataclass(frozen=True, slots=True)
class Names:
    """Under which names one run exists in its namespace."""

    namespace: str
    pod: str
    claim: str

    @property
    def secret(self) -> str:
        return self.pod


def selector(instance: str) -> str:
    """The labels by which this installation's notebook pods are found."""
    return f"{LABEL_COMPONENT}={COMPONENT},{LABEL_INSTANCE}={instance}"


def labels_of(plan: SpawnPlan, pod: PodPlan) -> dict[str, str]:
    return {**pod.labels, LABEL_SPAWN: plan.spawn_id}


def pod_manifest(plan: SpawnPlan, pod: PodPlan, env: Mapping[str, str]) -> Manifest:
    """The pod of one server."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": pod.name,
            "namespace": plan.project.namespace,
            "labels": labels_of(plan, pod),
            "annotations": dict(pod.annotations),
        },
        "spec": {
            "containers": [_container(plan, pod, env)],
            "volumes": _volumes(plan, pod),
            "nodeSelector": dict(pod.node_selector),
            "tolerations": [dict(toleration) for toleration in pod.tolerations],
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": GRACE_SECONDS,
            "serviceAccountName": SERVICE_ACCOUNT,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "hostNetwork": False,
            "hostPID": False,
            "hostIPC": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER_ID,
                "runAsGroup": USER_ID,
                "fsGroup": USER_ID,
                # A home of a million files must not be walked at every start.
                "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        },
    }


def _container(plan: SpawnPlan, pod: PodPlan, env: Mapping[str, str]) -> Manifest:
    return {
        "name": CONTAINER,
        "image": pod.image,
        "imagePullPolicy": "IfNotPresent",
        "args": list(ARGUMENTS),
        "workingDir": HOME,
        "env": [
            # A single $ would ask for another variable's value.
            {"name": name, "value": value.replace("$", "$$")}
            for name, value in sorted(env.items())
        ],
        "ports": [{"name": PORT_NAME, "containerPort": PORT, "protocol": "TCP"}],
        "resources": _resources(plan),
        "volumeMounts": _mounts(pod),
        # The last lines of a server that fell over, without the right to read logs.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "securityContext": {
            "privileged": False,
            "allowPrivilegeEscalation": False,
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def _resources(plan: SpawnPlan) -> Manifest:
    needs = plan.resources
    amounts = {
        "cpu": f"{needs.cpu_millicores}m",
        "memory": str(needs.memory_bytes),
        "ephemeral-storage": _scratch(plan),
        **{kind: str(count) for kind, count in needs.accelerators.items() if count},
    }
    # What is reserved is had: no more, and no less.
    return {"requests": amounts, "limits": dict(amounts)}


def _scratch(plan: SpawnPlan) -> str:
    return str(plan.resources.storage_bytes or SCRATCH_BYTES)


def _mounts(pod: PodPlan) -> list[Manifest]:
    mounts: list[Manifest] = [
        {"name": "home", "mountPath": HOME},
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108  # in the pod
        {"name": "run", "mountPath": RUN_FOLDER},
        {"name": "tokens", "mountPath": SECRET_FOLDER, "readOnly": True},
    ]
    if pod.shared_memory_bytes:
        mounts.append({"name": "shared-memory", "mountPath": "/dev/shm"})  # noqa: S108
    return mounts


def _volumes(plan: SpawnPlan, pod: PodPlan) -> list[Manifest]:
    volumes: list[Manifest] = [
        {"name": "home", "persistentVolumeClaim": {"claimName": pod.home_claim}},
        {"name": "tmp", "emptyDir": {"sizeLimit": _scratch(plan)}},
        {"name": "run", "emptyDir": {"medium": "Memory", "sizeLimit": str(RUN_FOLDER_BYTES)}},
        {"name": "tokens", "secret": {"secretName": pod.name, "defaultMode": 0o440}},
    ]
    if pod.shared_memory_bytes:
        memory = {"medium": "Memory", "sizeLimit": str(pod.shared_memory_bytes)}
        volumes.append({"name": "shared-memory", "emptyDir": memory})
    return volumes


def claim_manifest(plan: SpawnPlan, pod: PodPlan) -> Manifest:
    """The home of one user in one project. It outlives every server."""
    kept = (
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
        LABEL_INSTANCE,
        LABEL_PROJECT,
        LABEL_OWNER,
    )
    spec: Manifest = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(pod.home_bytes)}},
    }
    if pod.storage_class:
        spec["storageClassName"] = pod.storage_class
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": pod.home_claim,
            "namespace": plan.project.namespace,
            "labels": {
                **{name: pod.labels[name] for name in kept if name in pod.labels},
                LABEL_COMPONENT: "home",
                "app.kubernetes.io/name": "home",
            },
        },
        "spec": spec,
    }


def secret_manifest(plan: SpawnPlan, pod: PodPlan, hub_token: str) -> Manifest:
    """The tokens a server is born with."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": pod.name,
            "namespace": plan.project.namespace,
            "labels": labels_of(plan, pod),
        },
        "type": "Opaque",
        "immutable": True,
        "data": {
            HUB_TOKEN_KEY: _encoded(hub_token),
            PORTAL_TOKEN_KEY: _encoded(plan.token),
        },
    }


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
