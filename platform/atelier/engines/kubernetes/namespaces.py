"""What a project's namespace holds, as manifests: pure.

The portal's quota is the first wall and admits; what is here is the second, for the day on which
something reaches the cluster past the portal. So its limits leave room for what the platform adds
itself (``HEADROOM``): it must never refuse what the first wall let through.

Nothing goes in or out of a pod but by the paths named here. The order of ``manifests`` matters:
whoever may create pods gets the right to last, when walls and policies stand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from atelier.engines.kubernetes import objects

Manifest = dict[str, Any]

# The version whose rules pods are held to is the one this was tested with: a cluster's upgrade
# must not stop running projects. What the newest rules would refuse is warned of and audited.
POD_SECURITY_VERSION = "v1.35"
DNS_NAMESPACE = "kube-system"
DNS_PODS = {"k8s-app": "kube-dns"}
DNS_PORT = 53
# Where the platform's proxy reaches the pods of a component.
SERVED_PORTS: Mapping[str, int] = {"notebook": 8888, "endpoint": 8080}

METADATA_ADDRESS = "169.254.169.254/32"
# What is not the internet (RFC 6890 and its like): private, shared, loopback, link-local with the
# clouds' metadata in it, protocol, documentation and benchmark ranges, multicast, reserved.
NOT_INTERNET_4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    METADATA_ADDRESS, "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
# Also what carries an IPv4 address inside (NAT64, 6to4) and so leads to the ranges above. Mapped
# addresses (::ffff:0:0/96) are IPv4 on the wire, and Kubernetes refuses to name them here.
NOT_INTERNET_6 = (
    "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fc00::/7",
    "fe80::/10", "fec0::/10", "ff00::/8",
)  # fmt: skip

HEADROOM_PERCENT = 25
MOST_PODS = 10_000
MOST_CLAIMS = 500
GIB = 2**30

# For a container that says nothing; the platform's own pods always say.
DEFAULT_LIMIT = {"cpu": "500m", "memory": "512Mi", "ephemeral-storage": "4Gi"}
DEFAULT_REQUEST = {"cpu": "100m", "memory": "128Mi", "ephemeral-storage": "64Mi"}
MOST_EPHEMERAL = "64Gi"

PROJECT_SLUG = f"{objects.DOMAIN}/project-slug"
RUN_ACCOUNT = objects.SERVICE_ACCOUNT
DEFAULT_ACCOUNT = "default"
DEFAULT_DENY, DNS, PLATFORM, SERVED, INTERNET = (
    "default-deny", "allow-dns", "allow-platform", "allow-served", "allow-internet",
)  # fmt: skip
POLICIES = (DEFAULT_DENY, DNS, PLATFORM, SERVED, INTERNET)
MEMBERS_PREFIX = "members-"
WALL = "project"  # the name of the ResourceQuota and of the LimitRange
# ClusterRoles, bound in each project's namespace by a RoleBinding of the same name.
BOUND_ROLES: Mapping[str, str] = {"atelier-hub": "hub", "atelier-worker": "worker"}


@dataclass(frozen=True, slots=True)
class Peer:
    """A part of the platform that pods of projects may reach, and that may reach them.

    Either an address range or pods of a namespace. ``ingress``: it may open connections to the
    ports of ``SERVED_PORTS``.
    """

    cidr: str = ""
    namespace: str = ""
    pod_labels: Mapping[str, str] = field(default_factory=dict)
    egress_ports: tuple[int, ...] = ()
    ingress: bool = False

    @classmethod
    def parse(cls, raw: Any) -> "Peer":
        """Read one entry of ATELIER_PLATFORM_PEERS; raises ValueError with what is wrong."""
        if not isinstance(raw, Mapping) or set(raw) - _PEER_KEYS:
            raise ValueError(f"{raw!r}: an object of {', '.join(sorted(_PEER_KEYS))}")
        if bool(raw.get("cidr")) == bool(raw.get("namespace")):
            raise ValueError(f"{raw!r}: give a cidr or a namespace")
        ports = raw.get("egress_ports", [])
        if not isinstance(ports, list) or not all(type(p) is int and 0 < p < 65536 for p in ports):
            raise ValueError(f"{raw!r}: egress_ports is a list of ports")
        labels = raw.get("pod_labels") or {}
        return cls(
            str(raw.get("cidr") or ""), str(raw.get("namespace") or ""), dict(labels),
            tuple(ports), bool(raw.get("ingress")),
        )  # fmt: skip

    def selector(self) -> Manifest:
        """Return it as a NetworkPolicyPeer."""
        if self.cidr:
            return {"ipBlock": {"cidr": self.cidr}}
        chosen: Manifest = {"namespaceSelector": {"matchLabels": _namespace_label(self.namespace)}}
        if self.pod_labels:
            chosen["podSelector"] = {"matchLabels": dict(self.pod_labels)}
        return chosen


_PEER_KEYS = frozenset({"cidr", "namespace", "pod_labels", "egress_ports", "ingress"})


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that decides what a project's namespace holds.

    ``limits`` are those of the project's quota lines by resource, None for no limit. ``groups``
    are the workloads whose members talk to each other. ``is_closed``: nothing may start any more.
    """

    namespace: str
    project_id: str
    project_slug: str
    instance: str
    system_namespace: str
    limits: Mapping[str, int | None] = field(default_factory=dict)
    peers: tuple[Peer, ...] = ()
    internet: bool = True
    not_internet: tuple[str, ...] = ()
    home_bytes: int = 10 * GIB
    groups: tuple[str, ...] = ()
    is_closed: bool = False


def manifests(place: Place) -> list[Manifest]:
    """Return everything the namespace of ``place`` holds, in the order of creating it."""
    return [
        namespace(place),
        *policies(place),
        resource_quota(place),
        limit_range(place),
        _account(place, DEFAULT_ACCOUNT),
        _account(place, RUN_ACCOUNT),
        *(_binding(place, role, account) for role, account in BOUND_ROLES.items()),
    ]


def labels(place: Place) -> dict[str, str]:
    """Return the labels by which an object is known as this installation's, of this project."""
    return objects.labels(instance=place.instance, component="tenancy", project=place.project_id)


def _namespace_label(name: str) -> dict[str, str]:
    return {"kubernetes.io/metadata.name": name}


def _object(place: Place, version: str, kind: str, name: str, **body: Any) -> Manifest:
    metadata = {"name": name, "namespace": place.namespace, "labels": labels(place)}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **body}


def namespace(place: Place) -> Manifest:
    """Return the namespace itself, with the rules its pods are held to."""
    rules = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "latest",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "latest",
    }
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": place.namespace,
            "labels": labels(place) | rules,
            "annotations": {PROJECT_SLUG: place.project_slug},
        },
    }


# --- the second wall ------------------------------------------------------------------------------


def resource_quota(place: Place) -> Manifest:
    """Return the second wall: the project's limits with headroom, and counts that always hold."""
    hard = {
        "pods": str(0 if place.is_closed else MOST_PODS),
        "services": str(MOST_PODS),
        "services.loadbalancers": "0",
        "services.nodeports": "0",
        "persistentvolumeclaims": str(MOST_CLAIMS),
        "requests.storage": str(MOST_CLAIMS * place.home_bytes),
    }
    if (cores := place.limits.get("cpu")) is not None:
        hard["requests.cpu"] = hard["limits.cpu"] = f"{_with_headroom(cores)}m"
    if (memory := place.limits.get("memory")) is not None:
        hard["requests.memory"] = hard["limits.memory"] = str(_with_headroom(memory))
    for resource, limit in place.limits.items():
        kind = resource.removeprefix("accelerator:")
        if kind != resource and limit is not None:
            hard[f"requests.{kind}"] = str(limit)
    return _object(place, "v1", "ResourceQuota", WALL, spec={"hard": hard})


def _with_headroom(amount: int) -> int:
    return amount + -(-amount * HEADROOM_PERCENT // 100)


def limit_range(place: Place) -> Manifest:
    """Return what a container gets that says nothing, and what none may exceed."""
    of_container = {
        "type": "Container",
        "default": dict(DEFAULT_LIMIT),
        "defaultRequest": dict(DEFAULT_REQUEST),
        "max": {"ephemeral-storage": MOST_EPHEMERAL},
    }
    of_claim = {"type": "PersistentVolumeClaim", "max": {"storage": str(place.home_bytes)}}
    return _object(place, "v1", "LimitRange", WALL, spec={"limits": [of_container, of_claim]})


# --- the network ----------------------------------------------------------------------------------


def policies(place: Place) -> list[Manifest]:
    """Return the network policies: nothing, and then what is allowed."""
    found = [
        _policy(place, DEFAULT_DENY, policyTypes=["Ingress", "Egress"]),
        _policy(place, DNS, policyTypes=["Egress"], egress=[_dns()]),
    ]
    if to := [_egress(peer) for peer in place.peers if peer.egress_ports]:
        found.append(_policy(place, PLATFORM, policyTypes=["Egress"], egress=to))
    if callers := [peer.selector() for peer in place.peers if peer.ingress]:
        found += [
            _policy(
                place,
                f"{SERVED}-{component}",
                chosen={objects.COMPONENT: component},
                policyTypes=["Ingress"],
                ingress=[{"from": callers, "ports": [_tcp(port)]}],
            )
            for component, port in SERVED_PORTS.items()
        ]
    if place.internet:
        found.append(_policy(place, INTERNET, policyTypes=["Egress"], egress=[_internet(place)]))
    return [*found, *(_members(place, workload) for workload in place.groups)]


def _policy(
    place: Place, name: str, *, chosen: Mapping[str, str] | None = None, **spec: Any
) -> Manifest:
    selector: Manifest = {"matchLabels": dict(chosen)} if chosen else {}
    return _object(
        place, "networking.k8s.io/v1", "NetworkPolicy", name, spec={"podSelector": selector, **spec}
    )


def _dns() -> Manifest:
    resolver = {
        "namespaceSelector": {"matchLabels": _namespace_label(DNS_NAMESPACE)},
        "podSelector": {"matchLabels": dict(DNS_PODS)},
    }
    return {"to": [resolver], "ports": [_port("UDP", DNS_PORT), _port("TCP", DNS_PORT)]}


def _egress(peer: Peer) -> Manifest:
    return {"to": [peer.selector()], "ports": [_tcp(port) for port in peer.egress_ports]}


def _internet(place: Place) -> Manifest:
    own_4 = [cidr for cidr in place.not_internet if ":" not in cidr]
    own_6 = [cidr for cidr in place.not_internet if ":" in cidr]
    return {
        "to": [
            {"ipBlock": {"cidr": "0.0.0.0/0", "except": [*NOT_INTERNET_4, *own_4]}},
            {"ipBlock": {"cidr": "::/0", "except": [*NOT_INTERNET_6, *own_6]}},
        ]
    }


def _members(place: Place, workload: str) -> Manifest:
    """Let the members of one workload talk; no selector says "those with my own label"."""
    mine = {objects.WORKLOAD: objects.label_value(workload)}
    each_other = [{"podSelector": {"matchLabels": mine}}]
    return _policy(
        place,
        f"{MEMBERS_PREFIX}{workload}",
        chosen=mine,
        policyTypes=["Ingress", "Egress"],
        ingress=[{"from": each_other}],
        egress=[{"to": each_other}],
    )


def _tcp(port: int) -> Manifest:
    return _port("TCP", port)


def _port(protocol: str, port: int) -> Manifest:
    return {"protocol": protocol, "port": port}


# --- accounts -------------------------------------------------------------------------------------


def _account(place: Place, name: str) -> Manifest:
    """Return an account without a token: pods have no business with the cluster."""
    return _object(place, "v1", "ServiceAccount", name, automountServiceAccountToken=False)


def _binding(place: Place, role: str, account: str) -> Manifest:
    group = "rbac.authorization.k8s.io"
    return _object(
        place,
        f"{group}/v1",
        "RoleBinding",
        role,
        roleRef={"apiGroup": group, "kind": "ClusterRole", "name": role},
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": place.system_namespace}],
    )


def in_order(found: Iterable[Manifest]) -> list[str]:
    """Return kind/name of each, for messages and tests."""
    return [f"{m['kind']}/{m['metadata']['name']}" for m in found]
