"""NetworkPolicy as the API defines it, evaluated over plain data: would this connection pass?

Pure. The enforcer compiles the same parsed policies (`compiled.py`), tests ask `World.allows`.
An address block matches by address, pods included, as the usual controllers do it. Pods on the
node's own network have no address here and are beyond the reach of policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, Literal

Labels = Mapping[str, str]
Direction = Literal["ingress", "egress"]
NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of matchExpressions."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Labels) -> bool:
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
        raise ValueError(f"unknown operator {self.operator!r}")


@dataclass(frozen=True, slots=True)
class Selector:
    """An empty one matches everything."""

    requirements: tuple[Requirement, ...] = ()

    def matches(self, labels: Labels) -> bool:
        return all(requirement.matches(labels) for requirement in self.requirements)

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Selector:
        equal = [
            Requirement(key, "In", (value,))
            for key, value in (raw.get("matchLabels") or {}).items()
        ]
        listed = [
            Requirement(each["key"], each["operator"], tuple(each.get("values") or ()))
            for each in raw.get("matchExpressions") or ()
        ]
        return cls((*equal, *listed))


@dataclass(frozen=True, slots=True)
class Block:
    """A range of addresses with holes."""

    cidr: str
    holes: tuple[str, ...] = ()

    def contains(self, address: str) -> bool:
        return _within(address, self.cidr) and not any(_within(address, h) for h in self.holes)


@dataclass(frozen=True, slots=True)
class Peer:
    """Who may be at the other end: either a block, or pods of some namespaces."""

    block: Block | None = None
    pods: Selector = Selector()
    namespaces: Selector | None = None  # None: the policy's own namespace


@dataclass(frozen=True, slots=True)
class Port:
    """A port, a range, a named port of the receiving pod, or (all None) a whole protocol."""

    protocol: str = "TCP"
    first: int | None = None
    last: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Peers and ports, both of which must agree; None means any."""

    peers: tuple[Peer, ...] | None
    ports: tuple[Port, ...] | None


@dataclass(frozen=True, slots=True)
class Policy:
    """One NetworkPolicy; a direction it does not speak of is None."""

    namespace: str
    name: str
    pods: Selector
    ingress: tuple[Rule, ...] | None
    egress: tuple[Rule, ...] | None

    def rules(self, direction: Direction) -> tuple[Rule, ...] | None:
        return self.ingress if direction == "ingress" else self.egress

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Policy:
        spec = raw.get("spec") or {}
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        return cls(
            namespace=raw["metadata"]["namespace"],
            name=raw["metadata"]["name"],
            pods=Selector.parse(spec.get("podSelector") or {}),
            ingress=_rules(spec.get("ingress"), "from") if "Ingress" in types else None,
            egress=_rules(spec.get("egress"), "to") if "Egress" in types else None,
        )


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod with an address of its own."""

    namespace: str
    name: str
    address: str
    labels: Labels = field(default_factory=dict)
    ports: tuple[tuple[str, str, int], ...] = ()  # name, protocol, number

    def port_named(self, name: str, protocol: str) -> int | None:
        for named, of, number in self.ports:
            if (named, of) == (name, protocol):
                return number
        return None


@dataclass(frozen=True, slots=True)
class Connection:
    """Addresses as the packets carry them, after a Service's was replaced by a pod's."""

    source: str
    target: str
    port: int
    protocol: str = "TCP"


@dataclass(frozen=True, slots=True)
class World:
    """All that the question depends on."""

    namespaces: Mapping[str, Labels]
    pods: Sequence[Pod]
    policies: Sequence[Policy]
    node_addresses: frozenset[str] = frozenset()

    def allows(self, connection: Connection) -> bool:
        """Whether the first packet of this connection arrives."""
        if connection.source == connection.target or connection.source in self.node_addresses:
            return True  # a pod reaches itself, and its node (and the probes) reach it
        return self._lets("egress", connection) and self._lets("ingress", connection)

    def pod_at(self, address: str) -> Pod | None:
        return next((pod for pod in self.pods if pod.address == address), None)

    def selected(self, policy: Policy) -> list[Pod]:
        """The pods a policy is about."""
        return [
            pod
            for pod in self.pods
            if pod.namespace == policy.namespace and policy.pods.matches(pod.labels)
        ]

    def pods_of(self, peer: Peer, policy: Policy) -> list[Pod]:
        """The pods a peer names; none for a block."""
        if peer.block is not None:
            return []
        return [
            pod
            for pod in self.pods
            if self._namespace_matches(peer, policy, pod) and peer.pods.matches(pod.labels)
        ]

    def _lets(self, direction: Direction, connection: Connection) -> bool:
        own = connection.target if direction == "ingress" else connection.source
        other = connection.source if direction == "ingress" else connection.target
        pod = self.pod_at(own)
        if pod is None:
            return True
        isolating = [
            policy
            for policy in self.policies
            if policy.rules(direction) is not None and pod in self.selected(policy)
        ]
        return not isolating or any(
            self._rule_allows(rule, policy, other, connection)
            for policy in isolating
            for rule in policy.rules(direction) or ()
        )

    def _rule_allows(self, rule: Rule, policy: Policy, other: str, connection: Connection) -> bool:
        return self._peers_match(rule, policy, other) and self._ports_match(rule, connection)

    def _peers_match(self, rule: Rule, policy: Policy, other: str) -> bool:
        if rule.peers is None:
            return True
        return any(
            peer.block.contains(other)
            if peer.block
            else any(pod.address == other for pod in self.pods_of(peer, policy))
            for peer in rule.peers
        )

    def _ports_match(self, rule: Rule, connection: Connection) -> bool:
        if rule.ports is None:
            return True
        return any(self._port_matches(port, connection) for port in rule.ports)

    def _port_matches(self, port: Port, connection: Connection) -> bool:
        if port.protocol != connection.protocol:
            return False
        if port.name is not None:
            target = self.pod_at(connection.target)
            named = target.port_named(port.name, port.protocol) if target else None
            return named == connection.port
        if port.first is None:
            return True
        return port.first <= connection.port <= (port.last or port.first)

    def _namespace_matches(self, peer: Peer, policy: Policy, pod: Pod) -> bool:
        if peer.namespaces is None:
            return pod.namespace == policy.namespace
        return peer.namespaces.matches(self.namespaces.get(pod.namespace, {}))


def world(
    namespaces: Iterable[Mapping[str, Any]],
    pods: Iterable[Mapping[str, Any]],
    policies: Iterable[Mapping[str, Any]],
    *,
    node_addresses: Iterable[str] = (),
) -> World:
    """Read manifests, or what the API server answers, as one world."""
    return World(
        namespaces={raw["metadata"]["name"]: namespace_labels(raw) for raw in namespaces},
        pods=[pod(raw) for raw in pods],
        policies=[Policy.parse(raw) for raw in policies],
        node_addresses=frozenset(node_addresses),
    )


def namespace_labels(raw: Mapping[str, Any]) -> Labels:
    """With the name as a label, which the API server adds and a manifest lacks."""
    name = raw["metadata"]["name"]
    return {NAME_LABEL: name, **(raw["metadata"].get("labels") or {})}


def pod(raw: Mapping[str, Any], *, address: str | None = None) -> Pod:
    spec = raw.get("spec") or {}
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    return Pod(
        namespace=raw["metadata"]["namespace"],
        name=raw["metadata"]["name"],
        address=address or (raw.get("status") or {}).get("podIP", ""),
        labels=raw["metadata"].get("labels") or {},
        ports=tuple(
            (port["name"], port.get("protocol", "TCP"), port["containerPort"])
            for container in containers
            for port in container.get("ports") or ()
            if port.get("name")
        ),
    )


def _rules(raw: Sequence[Mapping[str, Any]] | None, peers: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            # An empty list says the same as none: anybody, any port.
            peers=tuple(_peer(each) for each in rule[peers]) if rule.get(peers) else None,
            ports=tuple(_port(each) for each in rule["ports"]) if rule.get("ports") else None,
        )
        for rule in raw or ()
    )


def _peer(raw: Mapping[str, Any]) -> Peer:
    if raw.get("ipBlock"):
        block = raw["ipBlock"]
        return Peer(block=Block(block["cidr"], tuple(block.get("except") or ())))
    namespaces = raw.get("namespaceSelector")
    return Peer(
        pods=Selector.parse(raw.get("podSelector") or {}),
        namespaces=None if namespaces is None else Selector.parse(namespaces),
    )


def _port(raw: Mapping[str, Any]) -> Port:
    protocol, port = raw.get("protocol") or "TCP", raw.get("port")
    if isinstance(port, str):
        return Port(protocol, name=port)
    return Port(protocol, first=port, last=raw.get("endPort"))


def _within(address: str, cidr: str) -> bool:
    parsed = ip_address(address)
    return isinstance(parsed, IPv4Address) and parsed in ip_network(cidr, strict=False)
