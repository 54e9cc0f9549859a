"""A namespace of a test's own on the test cluster, as a project has one, and an engine there.

The engine has the rights of a worker in that namespace and no others.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from atelier.engines.base import Engine, WorkloadSpec
from atelier.engines.kubernetes import Cluster, KubernetesEngine, rbac
from atelier.engines.kubernetes.access import Access, load
from atelier.engines.kubernetes.client import path_of
from atelier.engines.kubernetes.errors import Forbidden
from atelier.engines.kubernetes.objects import RunName
from tests.atelier.engines.rigs import Rig, Task, spec_of

IMAGE = "localhost/atelier-test/busybox:1"


def kubeconfig() -> Path:
    """Return the administrator's kubeconfig of the test cluster; skips where there is none."""
    named = os.environ.get("ATELIER_TEST_KUBECONFIG", "")
    if not named:
        pytest.skip("no test cluster: `make cluster-up`, or name one in ATELIER_TEST_KUBECONFIG")
    return Path(named)


@dataclass(frozen=True, slots=True)
class Place:
    """A namespace with the account ``run``, under the restricted profile."""

    cluster: Cluster  # as an administrator
    worker: Cluster
    namespace: str
    instance: str

    def engine(self, cluster: Cluster | None = None, **more: Any) -> KubernetesEngine:
        return KubernetesEngine(
            cluster or self.worker,
            instance=self.instance,
            namespaces=lambda: [self.namespace],
            **more,
        )

    def name(self, run: str) -> str:
        return f"{self.namespace}/{run}"

    def spec(self, run: str, task: Task, **more: Any) -> WorkloadSpec:
        settings = {"grace_seconds": 1} | dict(more.pop("settings", {}))
        spec = spec_of(run, task, image=IMAGE, settings=settings, **more)
        return replace(spec, name=self.name(run), namespace=self.namespace)

    def take_name(self, name: str) -> None:
        """Let a Job that is not ours hold a run's name."""
        run = RunName.parse(name)
        self.cluster.create("jobs", self.namespace, foreign_job(run.run))


def foreign_job(name: str, **labels: str) -> dict[str, Any]:
    pod = {"restartPolicy": "Never", "containers": [{"name": "x", "image": IMAGE}]}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": labels},
        "spec": {"suspend": True, "template": {"spec": pod}},
    }


@contextmanager
def place(cluster: Cluster | None = None) -> Iterator[Place]:
    """Make a namespace and remove it again."""
    cluster = cluster or Cluster(load(kubeconfig()))
    mark = secrets.token_hex(4)
    namespace = f"engine-{mark}"
    restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
    _create(cluster, "namespaces", "", "Namespace", namespace, restricted)
    try:
        _create(cluster, "serviceaccounts", namespace, "ServiceAccount", "run", {})
        yield Place(cluster, _worker(cluster, namespace), namespace, f"i{mark}")
    finally:
        cluster.delete("namespaces", "", namespace)
        cluster.close()


def _worker(cluster: Cluster, namespace: str) -> Cluster:
    """Return the cluster as the worker sees it: an account with its rights in one namespace."""
    _create(cluster, "serviceaccounts", namespace, "ServiceAccount", "worker", {})
    group = "rbac.authorization.k8s.io"
    about = {"apiVersion": f"{group}/v1", "metadata": {"name": "worker"}}
    cluster.create("roles", namespace, about | {"kind": "Role", "rules": rbac.worker_rules()})
    cluster.create(
        "rolebindings",
        namespace,
        about
        | {
            "kind": "RoleBinding",
            "roleRef": {"apiGroup": group, "kind": "Role", "name": "worker"},
            "subjects": [{"kind": "ServiceAccount", "name": "worker", "namespace": namespace}],
        },
    )
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = path_of("serviceaccounts", namespace, "worker", "token")
    token = cluster._json("POST", path, body=asked)["status"]["token"]
    worker = Cluster(
        replace(
            cluster.access, authorization=lambda: f"Bearer {token}", cert_file=None, key_file=None
        )
    )
    Rig.wait_for(lambda: _may(worker, namespace), bool)  # rights take a moment to be known
    return worker


def _may(worker: Cluster, namespace: str) -> bool:
    try:
        worker.list("events", namespace)
    except Forbidden:
        return False
    return True


def _create(
    cluster: Cluster, plural: str, namespace: str, kind: str, name: str, labels: dict[str, str]
) -> None:
    metadata = {"name": name, "labels": labels}
    cluster.create(plural, namespace, {"apiVersion": "v1", "kind": kind, "metadata": metadata})


@contextmanager
def rig() -> Iterator[Rig]:
    """Make the rig of the contract's tests."""
    with place() as there:

        @contextmanager
        def away() -> Iterator[Engine]:
            nobody = Cluster(Access("https://127.0.0.1:1", lambda: None))
            yield there.engine(nobody)
            nobody.close()

        yield Rig(
            there.engine(),
            there.spec,
            there.name,
            take_name=there.take_name,
            away=away,
        )
