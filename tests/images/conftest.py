"""Fixtures of the images' tests.

- ``image``: one of the three, as it lies in its archive; built first where inputs changed.
- ``pods``: starts pods of an image the way the platform's own pods are: restricted, read-only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from atelier.operate import images
from tests.cluster.cluster import Cluster
from tests.images.archive import Archive

PATIENCE_SECONDS = 300.0
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


@pytest.fixture(scope="session")
def built() -> Callable[[str], Archive]:
    """An image by its name."""
    opened: dict[str, Archive] = {}

    def built_(name: str) -> Archive:
        if name not in opened:
            opened[name] = Archive.read(images.ensure([name])[name].archive)
        return opened[name]

    return built_


@pytest.fixture(params=images.NAMES)
def image(request: pytest.FixtureRequest, built: Callable[[str], Archive]) -> Archive:
    return built(str(request.param))


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods in a namespace that admits only what is restricted."""

    cluster: Cluster
    namespace: str

    def run(
        self,
        name: str,
        arguments: list[str],
        *,
        variables: Mapping[str, str] | None = None,
        uid: int | None = None,
    ) -> str:
        """Run to the end; returns the output, fails with it when the exit code is not 0."""
        pod = self.start(name, arguments, variables=variables, uid=uid)
        self.wait(pod, lambda status: status.phase in {"Succeeded", "Failed"})
        said = str(self.cluster.core.read_namespaced_pod_log(pod, self.namespace))
        assert self.status(pod).phase == "Succeeded", said
        return said

    def start(
        self,
        name: str,
        arguments: list[str],
        *,
        variables: Mapping[str, str] | None = None,
        uid: int | None = None,
    ) -> str:
        """Start one; returns the pod's name."""
        image = images.ensure([name])[name]
        self.cluster.load(image.archive)
        made = self.cluster.core.create_namespaced_pod(
            self.namespace, manifest(image.reference, arguments, variables or {}, uid)
        )
        return str(made.metadata.name)

    def status(self, pod: str) -> Any:  # the generated client's type declares all optional
        return self.cluster.core.read_namespaced_pod(pod, self.namespace).status

    def wait(self, pod: str, until: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not until(status := self.status(pod)):
            assert time.monotonic() < deadline, status
            time.sleep(0.2)
        return status


@pytest.fixture
def pods(cluster: Cluster) -> Iterator[Pods]:
    with cluster.namespace("images", RESTRICTED) as namespace:
        yield Pods(cluster, namespace)


def manifest(
    image: str, arguments: list[str], variables: Mapping[str, str], uid: int | None
) -> Any:  # a plain manifest, which the generated client takes too
    container = {
        "name": "main",
        "image": image,
        "imagePullPolicy": "Never",
        "args": arguments,
        "env": [{"name": name, "value": value} for name, value in variables.items()],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            **({"runAsUser": uid, "runAsGroup": 0} if uid else {}),
        },
        "volumeMounts": [
            {"name": "home", "mountPath": "/home/atelier"},
            {"name": "scratch", "mountPath": "/tmp"},
        ],
    }
    spec = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "volumes": [{"name": "home", "emptyDir": {}}, {"name": "scratch", "emptyDir": {}}],
        "containers": [container],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": "images-"},
        "spec": spec,
    }
