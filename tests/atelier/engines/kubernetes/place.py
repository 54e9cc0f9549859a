"""A namespace of a test's own on the test cluster, as a project has one, and an engine there."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from atelier.engines.base import Engine, WorkloadSpec
from atelier.engines.kubernetes import Cluster, KubernetesEngine
from atelier.engines.kubernetes.access import Access, load
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

    cluster: Cluster
    namespace: str
    instance: str

    def engine(self, cluster: Cluster | None = None, **more: Any) -> KubernetesEngine:
        return KubernetesEngine(
            cluster or self.cluster,
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
        yield Place(cluster, namespace, f"i{mark}")
    finally:
        cluster.delete("namespaces", "", namespace)
        cluster.close()


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
