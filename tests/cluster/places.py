"""Where the test cluster keeps its things, and the addresses it uses."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from atelier.operate.cache import cache_folder
from tests.cluster.versions import KUBERNETES

NODE = "node1"
NODE_BRIDGE = "atelier0"
NODE_ADDRESS = "10.99.0.1"  # pods reach programs of this machine here
POD_BRIDGE = "cni0"
POD_NETWORK = "10.244.0.0/22"
SERVICE_NETWORK = "10.96.0.0/16"
API_SERVICE_ADDRESS = "10.96.0.1"
DNS_ADDRESS = "10.96.0.10"
DNS_DOMAIN = "cluster.local"

# Not the usual 2379: Debian's etcd may be running for somebody else.
ETCD_PORT, ETCD_PEER_PORT = 23790, 23800
API_PORT, KUBELET_PORT = 6443, 10250
KUBELET_HEALTH_PORT = 10248
CONTROLLERS_PORT, SCHEDULER_PORT = 10257, 10259
PROXY_HEALTH_PORT, PROXY_METRICS_PORT = 10256, 10249

API_URL = f"https://{NODE_ADDRESS}:{API_PORT}"

# A socket's path may have 107 bytes; ours end in "/containerd.sock.ttrpc".
LONGEST_STATE_PATH = 80


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one cluster: `state` goes with it, `cache` stays."""

    state: Path
    cache: Path

    @classmethod
    def here(cls) -> Places:
        cache = cache_folder() / "cluster"
        chosen = os.environ.get("ATELIER_CLUSTER_HOME")
        return cls(state=Path(chosen).resolve() if chosen else cache / "state", cache=cache)

    @classmethod
    def of_an_agent(cls) -> Places:
        """The places that `components.agent` names to a program of the harness."""
        state, cache = sys.argv[1:3]
        return cls(Path(state), Path(cache))

    @property
    def binaries(self) -> Path:
        return self.cache / KUBERNETES / "bin"

    @property
    def archives(self) -> Path:
        """Images made by the harness itself."""
        return self.cache / KUBERNETES / "images"

    @property
    def containerd_root(self) -> Path:
        """Images once imported stay here from one cluster to the next."""
        return self.cache / "containerd"

    @property
    def containerd_socket(self) -> Path:
        return self.state / "containerd.sock"

    @property
    def admin_kubeconfig(self) -> Path:
        return self.state / "admin.kubeconfig"

    @property
    def kubectl(self) -> Path:
        return self.binaries / "kubectl"

    @property
    def pki(self) -> Path:
        return self.state / "pki"

    @property
    def config(self) -> Path:
        return self.state / "config"

    @property
    def log(self) -> Path:
        return self.state / "log"

    @property
    def run(self) -> Path:
        """One file for each process: who it is."""
        return self.state / "run"

    @property
    def volumes(self) -> Path:
        return self.state / "volumes"

    @property
    def cni(self) -> Path:
        return self.state / "cni"

    @property
    def leases(self) -> Path:
        """One file for each pod network: whose it is, its address and its namespace file."""
        return self.cni / "leases"

    @property
    def policy_socket(self) -> Path:
        return self.state / "policy.sock"

    @property
    def before(self) -> Path:
        """What the machine looked like before the cluster; exists while there is one."""
        return self.state / "before.json"
