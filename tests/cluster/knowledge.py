"""What the enforcer knows of the cluster: namespaces, policies, this node's pods, their leases.

A pod's address comes from its lease, never from its status: the lease is there before the pod's
first packet and goes with the address. A pod deleted in the API keeps its policies until then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import policy
from tests.cluster.api import Object
from tests.cluster.policy import Labels, Pod, Policy, World

NAMESPACES = "/api/v1/namespaces"
PODS = "/api/v1/pods"
POLICIES = "/apis/networking.k8s.io/v1/networkpolicies"
COLLECTIONS = (NAMESPACES, PODS, POLICIES)
Key = tuple[str, str]  # namespace and name


@dataclass(frozen=True, slots=True)
class Lease:
    """Whose an address is."""

    namespace: str
    name: str
    uid: str  # may be empty: not every runtime tells
    address: str
    netns: str

    @property
    def pod(self) -> Key:
        return self.namespace, self.name

    @classmethod
    def read(cls, file: Path) -> Lease:
        return cls(**json.loads(file.read_text()))


def leases(folder: Path) -> list[Lease]:
    """All leases; a name with a point is one that is being written."""
    found = []
    for file in folder.glob("[!.]*"):
        try:
            found.append(Lease.read(file))
        except FileNotFoundError:  # let go between the look and the reading
            continue
    return found


class Knowledge:
    """Filled by three watches; whole when each has listed once."""

    def __init__(self) -> None:
        self._namespaces: dict[str, Labels] = {}
        self._policies: dict[Key, Policy] = {}
        self._pods: dict[Key, Object] = {}
        self._departed: set[Key] = set()
        self._leases: list[Lease] = []
        self._listed: set[str] = set()

    @property
    def is_whole(self) -> bool:
        """Half a picture would open what must be closed."""
        return self._listed == set(COLLECTIONS)

    def replace(self, collection: str, items: Iterable[Object]) -> None:
        """Take a whole list."""
        listed = list(items)
        if collection == PODS:
            self._departed = set(self._pods) - {_key(raw) for raw in listed}
        elif collection == POLICIES:
            self._policies.clear()
        else:
            self._namespaces.clear()
        for raw in listed:
            self.change(collection, "ADDED", raw)
        self._listed.add(collection)

    def change(self, collection: str, event: str, raw: Object) -> None:
        """Take one event of a watch."""
        gone = event == "DELETED"
        if collection == PODS:
            self._change_pod(_key(raw), raw, gone=gone)
        elif collection == POLICIES:
            self._policies.pop(_key(raw), None)
            if not gone:
                self._policies[_key(raw)] = Policy.parse(raw)
        else:
            self._namespaces.pop(raw["metadata"]["name"], None)
            if not gone:
                self._namespaces[raw["metadata"]["name"]] = policy.namespace_labels(raw)

    def take_leases(self, held: list[Lease]) -> list[str]:
        """Take the leases as they are now; returns the addresses that were let go."""
        addresses = {lease.address for lease in held}
        freed = [each.address for each in self._leases if each.address not in addresses]
        self._leases = held
        for key in self._departed - {lease.pod for lease in held}:
            self._departed.discard(key)
            self._pods.pop(key, None)
        return freed

    def knows(self, lease: Lease) -> bool:
        """Whether the pod of a new lease has been heard of, this one and no earlier of its name."""
        raw = self._pods.get(lease.pod)
        if raw is None or lease.pod in self._departed:
            return False
        return lease.uid in ("", raw["metadata"]["uid"])

    def world(self) -> World:
        pods = [self._pod(lease) for lease in self._leases]
        return World(dict(self._namespaces), pods, list(self._policies.values()))

    def _change_pod(self, key: Key, raw: Object, *, gone: bool) -> None:
        if gone:
            self._departed.add(key)
            return
        self._departed.discard(key)
        self._pods[key] = raw

    def _pod(self, lease: Lease) -> Pod:
        raw = self._pods.get(lease.pod)
        if raw is None:
            return Pod(lease.namespace, lease.name, lease.address)
        return policy.pod(raw, address=lease.address)


def _key(raw: Object) -> Key:
    return raw["metadata"]["namespace"], raw["metadata"]["name"]
