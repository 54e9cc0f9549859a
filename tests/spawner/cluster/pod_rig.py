"""The rig with pods: hub, proxy and fake portal on this machine, servers in a real cluster.

A namespace of its own stands for a project, as the tenancy worker would leave it: `restricted`,
with the account `run` and nothing else.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kubernetes

from tests.cluster.images import BUSYBOX_IMAGE
from tests.spawner.cluster.gate import Gate
from tests.spawner.fake_portal import plan_for, running_portal
from tests.spawner.rig import Rig, run_cell, wait_until

INSTANCE = "spawner-tests"
RESOURCES = {"cpu_millicores": 500, "memory_bytes": 400 * 2**20, "accelerators": {}}
WORDS = {
    "WAITING_FOR_CAPACITY": "Waiting for 1 CPU.",
    "NO_NODE_FITS": "No node has 1 CPU.",
    "ACCELERATOR_MISSING": "No machine here has that accelerator.",
    "IMAGE_NOT_FOUND": "The image does not exist.",
    "IMAGE_PULL_DENIED": "The registry refused the image.",
    "VOLUME_PENDING": "The home volume is not attached yet.",
    "CLUSTER_QUOTA": "The cluster's quota of this project is used up.",
    "NAMESPACE_PENDING": "The project's place in the cluster is being prepared.",
    "ADMISSION_REFUSED": "The cluster refused this pod.",
    "FOREIGN_OBJECT": "Something that is not ours holds the name.",
    "OUT_OF_MEMORY": "It needed more than its memory.",
}


def core_of(kubeconfig: Path) -> Any:
    """The cluster's API as its administrator."""
    client = kubernetes.config.new_client_from_config(str(kubeconfig))
    client.configuration.retries = 3
    return kubernetes.client.CoreV1Api(client)


@dataclass
class PodRig(Rig):
    """One hub whose servers are pods of one namespace."""

    core: Any = None
    kubeconfig: Path = Path()
    namespace: str = ""
    image: str = ""
    # Between the hub and the API server.
    gate: Gate | None = None
    # What a plan says differently, by test.
    pod_changes: dict[str, Any] = field(default_factory=dict)
    plan_changes: dict[str, Any] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        return {
            **super().variables,
            "ATELIER_ENGINE": "kubernetes",
            "ATELIER_ISOLATION": "kubernetes",
            "ATELIER_KUBECONFIG": str(self.kubeconfig),
            "ATELIER_INSTANCE": INSTANCE,
            **self.environ,
        }

    def plan(self, question: dict[str, Any]) -> dict[str, Any]:
        """The plan of a pod, as the portal would answer."""
        user, workload = question["hub_user"], question["user_options"].get("workload_id", "w1")
        labels = {
            "app.kubernetes.io/name": "notebook",
            "app.kubernetes.io/component": "notebook",
            "app.kubernetes.io/part-of": "atelier",
            "app.kubernetes.io/managed-by": "atelier",
            "atelier.dev/instance": INSTANCE,
            "atelier.dev/project": "p1",
            "atelier.dev/owner": user,
            "atelier.dev/workload": workload,
            "atelier.dev/attempt": "1",
        }
        pod = {
            "name": f"{workload}-1",
            "image": self.image,
            "home_claim": f"home-{user}",
            "home_bytes": 2**27,
            "hub_api_url": f"http://{self.address}:{self.hub_port}/hub/api",
            "labels": labels,
            "annotations": {"atelier.dev/server-name": "a notebook"},
            "wait_seconds": 120,
            "words": {code: {"text": text, "params": {}} for code, text in WORDS.items()},
            **self.pod_changes,
        }
        usual = {
            "project": {"id": "p1", "slug": "churn", "namespace": self.namespace},
            "environment": {"slug": "python", "image": self.image, "local_runtime": "runtime"},
            "resources": RESOURCES,
            "uid": None,
            "env": {
                "ATELIER_URL": f"http://{self.address}:{self.portal.port}",
                "ATELIER_PROJECT": "churn",
            },
            "pod": pod,
        }
        return plan_for(question, **{**usual, **self.plan_changes})

    # What is in the cluster.

    def pods(self) -> list[Any]:
        found: list[Any] = self.core.list_namespaced_pod(
            self.namespace, label_selector=f"atelier.dev/instance={INSTANCE}", _request_timeout=10
        ).items
        return found

    def pod(self, name: str) -> Any:
        return next((pod for pod in self.pods() if pod.metadata.name == name), None)

    def secrets(self) -> list[str]:
        found = self.core.list_namespaced_secret(self.namespace, _request_timeout=10).items
        return [secret.metadata.name for secret in found]

    def claims(self) -> list[str]:
        found = self.core.list_namespaced_persistent_volume_claim(
            self.namespace, _request_timeout=10
        )
        return [claim.metadata.name for claim in found.items]

    def wait_for_nothing(self, seconds: float = 60) -> None:
        """Wait until neither pod nor secret is left."""
        wait_until(lambda: not self.pods() and not self.secrets(), seconds, "an empty namespace")

    # What other people do there.

    def busybox_pod(self, name: str, labels: dict[str, str]) -> Any:
        """A pod that is not of our making."""
        safe = {
            "allowPrivilegeEscalation": False,
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        container = {"name": "c", "image": BUSYBOX_IMAGE, "command": ["sleep", "600"],
                     "securityContext": safe}  # fmt: skip
        spec = {
            "containers": [container],
            "terminationGracePeriodSeconds": 0,
            "automountServiceAccountToken": False,
        }
        body = {"metadata": {"name": name, "labels": labels}, "spec": spec}
        return self.core.create_namespaced_pod(self.namespace, body, _request_timeout=10)

    def delete_pod(self, name: str, *, wait: bool = True) -> None:
        """Delete a pod as an administrator would by hand."""
        self.core.delete_namespaced_pod(name, self.namespace, _request_timeout=10)
        if wait:
            wait_until(lambda: name not in self.names(), 60, f"the end of pod {name}")

    def names(self) -> list[str]:
        found = self.core.list_namespaced_pod(self.namespace, _request_timeout=10).items
        return [pod.metadata.name for pod in found]

    def eat_memory(self, user: str, server: str, token: str) -> None:
        """Have a cell take more memory than the pod has; its answer will never come.

        Kernels of old control groups end one process of a pod, not all: so they are told which.
        """
        code = (
            "import os\n"
            "open(f'/proc/{os.getppid()}/oom_score_adj', 'w').write('1000')\n"
            "x = bytearray(b'x') * (8 * 2**30)"
        )
        with contextlib.suppress(Exception):  # whatever a connection says when its server dies
            run_cell(self, user, server, token, code, 30)

    def waiting(self, server: str = "n1", user: str = "alice") -> dict[str, Any]:
        """What the hub says that a start waits for."""
        model = self.server(user, server)
        state = (model or {}).get("state") or {}
        found: dict[str, Any] = state.get("waiting") or {}
        return found


@contextmanager
def running_pod_rig(
    kubeconfig: Path, address: str, image: str, proxy_command: list[str], **environ: str
) -> Iterator[PodRig]:
    """Portal, proxy, hub and a namespace; all of it gone afterwards, whatever happened."""
    core = core_of(kubeconfig)
    folder = Path(tempfile.mkdtemp(prefix="atelier-pod-rig-"))
    namespace = f"spawner-{secrets.token_hex(4)}"
    make_namespace(core, namespace)
    gate = Gate(core.api_client.configuration.host)
    gate.open()
    by_the_gate = gate.kubeconfig(kubeconfig, folder / "kubeconfig")
    with running_portal(host=address) as portal:
        rig = PodRig(
            folder, portal, Path(), proxy_command, environ=environ, address=address,
            core=core, kubeconfig=by_the_gate, namespace=namespace, image=image, gate=gate,
        )  # fmt: skip
        portal.plan = lambda question: (200, rig.plan(question))
        portal.host = address
        try:
            rig.start_proxy()
            rig.start_hub()
            yield rig
        finally:
            rig.end()
            gate.shut()
            shutil.rmtree(folder, ignore_errors=True)
            core.delete_namespace(namespace, _request_timeout=10)


def make_namespace(core: Any, name: str, enforce: str = "restricted") -> None:
    """A project's namespace as the tenancy worker leaves it, as far as a notebook needs it."""
    labels = {"pod-security.kubernetes.io/enforce": enforce}
    core.create_namespace({"metadata": {"name": name, "labels": labels}}, _request_timeout=10)
    deadline = time.monotonic() + 30
    while True:
        account = {"metadata": {"name": "run"}, "automountServiceAccountToken": False}
        try:
            core.create_namespaced_service_account(name, account, _request_timeout=10)
        except kubernetes.client.ApiException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
