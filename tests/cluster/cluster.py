"""The cluster as tests hold it: what they may ask, change and break."""

from __future__ import annotations

import contextlib
import secrets
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client, config

from atelier.operate.errors import CannotGoOn
from tests.cluster import components, containerd, images, processes, simulated, up
from tests.cluster.components import Component
from tests.cluster.places import NODE, NODE_ADDRESS, Places

NOT_OURS = "this needs the project's own test cluster (`make cluster-up`), not a foreign one"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster; `places` is None for one that the harness did not start."""

    kubeconfig: Path
    kubectl: Path
    api: client.ApiClient
    places: Places | None
    pod_address: str = NODE_ADDRESS  # pods reach programs of this machine here
    busybox: str = images.BUSYBOX_IMAGE

    # Any: the generated client declares every field optional, and None just fails the test.
    @property
    def core(self) -> Any:
        return client.CoreV1Api(self.api)

    @property
    def batch(self) -> Any:
        return client.BatchV1Api(self.api)

    @property
    def networking(self) -> Any:
        return client.NetworkingV1Api(self.api)

    @property
    def url(self) -> str:
        """The API server's address."""
        return str(self.api.configuration.host)

    def run_kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl as the administrator; returns what it printed, raises on failure."""
        command = [str(self.kubectl), f"--kubeconfig={self.kubeconfig}", *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    @contextlib.contextmanager
    def namespace(self, prefix: str, labels: Mapping[str, str] | None = None) -> Iterator[str]:
        """A namespace of its own name, deleted with all in it."""
        name = f"{prefix}-{secrets.token_hex(3)}"
        metadata = client.V1ObjectMeta(name=name, labels=dict(labels or {}))
        self.core.create_namespace(client.V1Namespace(metadata=metadata), _request_timeout=30)
        try:
            yield name
        finally:
            with contextlib.suppress(client.ApiException):
                self.core.delete_namespace(name, grace_period_seconds=0, _request_timeout=30)

    # What the machine lacks

    def gpu(
        self, number: int, resource: str = "nvidia.com/gpu", node: str = NODE
    ) -> contextlib.AbstractContextManager[None]:
        """So many accelerators on the node, of any name: `nvidia.com/mig-1g.5gb` too."""
        return simulated.accelerators(self._own(), number, resource, node)

    def nodes(
        self, number: int, *, size: Mapping[str, str] | None = None, is_open: bool = False
    ) -> contextlib.AbstractContextManager[list[str]]:
        """So many simulated nodes; other tests' pods stay away from them unless `is_open`."""
        return simulated.nodes(self._own(), number, size=size or {}, is_open=is_open)

    # Images

    def load(self, archive: Path) -> list[str]:
        return containerd.load(self._own(), archive)

    # Faults, for tests marked cluster_fault

    def stop_api(self, *, hard: bool = True) -> None:
        """Stop the API server; hard is how a machine that loses power does it."""
        self.stop("apiserver", hard=hard)

    def start_api(self) -> None:
        """Start it again and wait until it answers."""
        up.start_api(self._own())

    def stop(self, name: str, *, hard: bool = False) -> None:
        """Stop a process of the cluster: etcd, apiserver, controllers, scheduler, kubelet, …"""
        sent = signal.SIGKILL if hard else signal.SIGTERM
        processes.stop(self._own(), self._component(name).name, with_signal=sent)

    def start(self, name: str) -> None:
        """Start a stopped process again, without waiting for what it does then."""
        up.start(self._own(), self._component(name))

    @contextlib.contextmanager
    def without_api(self, *, hard: bool = True) -> Iterator[None]:
        """The API server is away for this block."""
        self.stop_api(hard=hard)
        try:
            yield
        finally:
            self.start_api()

    @contextlib.contextmanager
    def without(self, name: str, *, hard: bool = False) -> Iterator[None]:
        """A process of the cluster is away for this block."""
        self.stop(name, hard=hard)
        try:
            yield
        finally:
            self.start(name)

    def _component(self, name: str) -> Component:
        known = {each.name: each for each in components.everything(self._own())}
        return known[name]

    def _own(self) -> Places:
        if self.places is None:
            raise CannotGoOn(NOT_OURS)
        return self.places


def connect(kubeconfig: Path, places: Places | None) -> Cluster:
    """A cluster by its kubeconfig."""
    settings = client.Configuration()
    config.load_kube_config(config_file=str(kubeconfig), client_configuration=settings)
    kubectl = places.kubectl if places else Path("kubectl")
    return Cluster(kubeconfig, kubectl, client.ApiClient(settings), places)


def server_in(kubeconfig: Path) -> str:
    """The address a kubeconfig names first."""
    return str(yaml.safe_load(kubeconfig.read_text())["clusters"][0]["cluster"]["server"])
