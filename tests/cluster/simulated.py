"""What this machine does not have: more nodes, and accelerators.

Simulated nodes come from kwok: they take pods and say that these run, and nothing runs. An
accelerator is a number in the real node's status: pods that ask for it are scheduled and run.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from atelier.operate.errors import CannotGoOn
from tests.cluster import processes
from tests.cluster.api import Api, ApiRefused
from tests.cluster.certificates import kubeconfig_of
from tests.cluster.components import Command, Component
from tests.cluster.places import Places

NODES = "/api/v1/nodes"
ANNOTATION = {"kwok.x-k8s.io/node": "fake"}
LABELS = {"type": "kwok"}
TAINT = {"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}
SIZE = {"cpu": "64", "memory": "256Gi", "ephemeral-storage": "1Ti", "pods": "1000"}
# Addresses of simulated pods mean nothing, and must not be those of real ones.
ADDRESSES = "10.245.0.1/16"
PATIENCE_SECONDS = 60.0


@contextlib.contextmanager
def nodes(
    places: Places, number: int, *, size: Mapping[str, str], is_open: bool
) -> Iterator[list[str]]:
    """So many nodes more. Only pods that tolerate `TAINT` go there, unless `is_open`."""
    api = Api(places)
    names = [f"simulated-{index}" for index in range(1, number + 1)]
    simulator = kwok(places)
    with _held(places, "nodes"):
        _remove_nodes(api)  # of a test that was killed
        processes.stop(places, simulator.name)
        processes.start(places, simulator.name, simulator.command)
        try:
            for name in names:
                api.create(NODES, manifest(name, {**SIZE, **size}, is_open=is_open))
            for name in names:
                wait_until(partial(_is_ready, api, name), f"simulated node {name} to be ready")
            yield names
        finally:
            _remove_nodes(api)
            processes.stop(places, simulator.name)


@contextlib.contextmanager
def accelerators(places: Places, number: int, resource: str, node: str) -> Iterator[None]:
    """So many of an extended resource on a node; taken back afterwards."""
    api = Api(places)
    with _held(places, resource.replace("/", "-")):
        _set(api, node, resource, number)
        try:
            yield
        finally:
            _unset(api, node, resource)


def kwok(places: Places) -> Component:
    key, value = next(iter(ANNOTATION.items()))
    command: Command = [
        places.binaries / "kwok",
        f"--kubeconfig={kubeconfig_of(places, 'harness')}",
        "--manage-all-nodes=false",
        f"--manage-nodes-with-annotation-selector={key}={value}",
        f"--cidr={ADDRESSES}",
        "--node-ip=10.245.0.1",
        "--node-lease-duration-seconds=40",
    ]
    return Component("kwok", command, {})


def manifest(name: str, size: Mapping[str, str], *, is_open: bool) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": ANNOTATION,
            "labels": {**LABELS, "kubernetes.io/hostname": name, "kubernetes.io/os": "linux"},
        },
        "spec": {"taints": [] if is_open else [TAINT]},
        "status": {"capacity": dict(size), "allocatable": dict(size)},
    }


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise CannotGoOn(f"Waited {PATIENCE_SECONDS:.0f} s in vain for {what}.")
        time.sleep(0.1)


@contextlib.contextmanager
def _held(places: Places, name: str) -> Iterator[None]:
    """One test at a time, also of several processes; the kernel lets go of it when they die."""
    with (places.run / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _remove_nodes(api: Api) -> None:
    key, value = next(iter(LABELS.items()))
    for node in api.get(NODES, labelSelector=f"{key}={value}")["items"]:
        name = node["metadata"]["name"]
        _remove_pods(api, name)
        api.delete(f"{NODES}/{name}")


def _is_ready(api: Api, name: str) -> bool:
    conditions = api.get(f"{NODES}/{name}")["status"].get("conditions") or []
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _remove_pods(api: Api, node: str) -> None:
    """Pods bound to a node that is no more would wait for it until the collector comes by."""
    for pod in api.get("/api/v1/pods", fieldSelector=f"spec.nodeName={node}")["items"]:
        path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods"
        api.delete(f"{path}/{pod['metadata']['name']}?gracePeriodSeconds=0")


def _set(api: Api, node: str, resource: str, number: int) -> None:
    path = f"{NODES}/{node}/status"
    pointer = f"/status/capacity/{resource.replace('~', '~0').replace('/', '~1')}"
    api.patch(path, [{"op": "add", "path": pointer, "value": str(number)}])

    def shows() -> bool:
        return api.get(f"{NODES}/{node}")["status"]["allocatable"].get(resource) == str(number)

    wait_until(shows, f"{resource} to show on {node}")


def _unset(api: Api, node: str, resource: str) -> None:
    escaped = resource.replace("~", "~0").replace("/", "~1")
    for where in ("capacity", "allocatable"):
        with contextlib.suppress(ApiRefused):  # the kubelet was quicker
            operation = {"op": "remove", "path": f"/status/{where}/{escaped}"}
            api.patch(f"{NODES}/{node}/status", [operation])
