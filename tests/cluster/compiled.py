"""Network policies as ipsets and iptables rules. Pure: the enforcer applies what comes out.

Two chains hold every policy: a packet from a pod that some egress policy selects goes through
ATELIER-OUT, one to a pod that some ingress policy selects through ATELIER-IN. A rule that allows
returns; at the end of the chain it is dropped. Who is meant stands in sets, so that a pod's coming
or going changes entries and no rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network

from tests.cluster.places import POD_BRIDGE
from tests.cluster.policy import Block, Direction, Peer, Policy, Port, Rule, World

CHAINS: Mapping[Direction, str] = {"egress": "ATELIER-OUT", "ingress": "ATELIER-IN"}
FORWARD, INPUT = "ATELIER-FORWARD", "ATELIER-INPUT"
NETS, PORTS = "hash:net", "hash:ip,port"
# Pods have IPv4 addresses only, and what IPv6 gives every interface by itself no policy covers.
NO_IPV6 = f"""*filter
:{FORWARD} - [0:0]
:{INPUT} - [0:0]
-A {FORWARD} -i {POD_BRIDGE} -j DROP
-A {INPUT} -i {POD_BRIDGE} -j DROP
COMMIT
"""
ISOLATED: Mapping[Direction, str] = {"egress": "atl-out", "ingress": "atl-in"}


@dataclass(frozen=True, slots=True)
class Allow:
    """One rule: both sets and the port must match."""

    chain: str
    own: str
    peers: str | None = None
    protocol: str | None = None
    ports: tuple[int, int] | None = None
    named: str | None = None

    def __str__(self) -> str:
        mine, theirs = ("src", "dst") if self.chain == CHAINS["egress"] else ("dst", "src")
        words = [f"-A {self.chain} -m set --match-set {self.own} {mine}"]
        if self.peers:
            words.append(f"-m set --match-set {self.peers} {theirs}")
        if self.protocol:
            words.append(f"-p {self.protocol.lower()}")
        if self.ports:
            words.append(f"-m {str(self.protocol).lower()} --dport {self.ports[0]}:{self.ports[1]}")
        if self.named:
            words.append(f"-m set --match-set {self.named} dst,dst")
        return " ".join([*words, "-j RETURN"])


@dataclass(frozen=True, slots=True)
class Plan:
    """All sets (name → kind and entries) and all rules."""

    sets: Mapping[str, tuple[str, frozenset[str]]]
    rules: Sequence[Allow]

    def isolated(self) -> frozenset[str]:
        """The pods that some policy is about."""
        return frozenset().union(*(self.sets[name][1] for name in ISOLATED.values()))

    def rules_text(self) -> str:
        """For `iptables-restore --noflush`: replaces our chains' contents in one step."""
        chains = [f":{chain} - [0:0]" for chain in (FORWARD, INPUT, *CHAINS.values())]
        lines = [str(rule) for rule in self.rules]
        drops = [f"-A {chain} -j DROP" for chain in CHAINS.values()]
        return "\n".join(
            ["*filter", *chains, *_entrance(sorted(self.isolated())), *lines, *drops, "COMMIT", ""]
        )


class _Builder:
    """Collects sets and rules of one plan."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sets: dict[str, tuple[str, frozenset[str]]] = {}
        self.rules: list[Allow] = []

    def add_policy(self, policy: Policy, direction: Direction) -> frozenset[str]:
        """Returns the addresses it isolates."""
        own = frozenset(pod.address for pod in self.world.selected(policy))
        name = self._set("p", NETS, own, policy.namespace, policy.name)
        for number, rule in enumerate(policy.rules(direction) or ()):
            self._add_rule(policy, direction, name, number, rule)
        return own

    def _add_rule(
        self, policy: Policy, direction: Direction, own: str, number: int, rule: Rule
    ) -> None:
        key = (policy.namespace, policy.name, direction, str(number))
        for peers in self._peers(policy, rule, key):
            for protocol, ports, named in self._ports(rule):
                allow = Allow(CHAINS[direction], own, peers, protocol, ports, named)
                self.rules.append(allow)

    def _peers(self, policy: Policy, rule: Rule, key: tuple[str, ...]) -> Iterator[str | None]:
        """The sets of those who may be at the other end; None for anybody."""
        if rule.peers is None:
            yield None
            return
        pods = [peer for peer in rule.peers if peer.block is None]
        if pods:
            yield self._set("s", NETS, self._addresses(policy, pods), *key)
        for index, peer in enumerate(rule.peers):
            # A set for each block: in a common one the holes of one would be holes of all.
            if peer.block is not None:
                yield self._set("b", NETS, entries(peer.block), *key, str(index))

    def _addresses(self, policy: Policy, peers: Sequence[Peer]) -> frozenset[str]:
        return frozenset(pod.address for peer in peers for pod in self.world.pods_of(peer, policy))

    def _ports(self, rule: Rule) -> Iterator[tuple[str | None, tuple[int, int] | None, str | None]]:
        """Protocol, range and set of named ports."""
        if rule.ports is None:
            yield None, None, None
        for port in rule.ports or ():
            if port.name is not None:
                yield port.protocol, None, self._named(port, port.name)
            elif port.first is None:
                yield port.protocol, None, None
            else:
                yield port.protocol, (port.first, port.last or port.first), None

    def _named(self, port: Port, name: str) -> str:
        found = ((pod.address, pod.port_named(name, port.protocol)) for pod in self.world.pods)
        kept = frozenset(
            f"{address},{port.protocol.lower()}:{number}" for address, number in found if number
        )
        return self._set("n", PORTS, kept, name, port.protocol)

    def _set(self, letter: str, kind: str, members: frozenset[str], *key: str) -> str:
        digest = hashlib.sha256("\0".join(key).encode()).hexdigest()[:20]
        name = f"atl-{letter}-{digest}"  # the kernel takes 31 characters
        self.sets[name] = (kind, members)
        return name


def plan(world: World) -> Plan:
    """What the kernel must hold for this world."""
    builder = _Builder(world)
    for direction in CHAINS:
        isolated = [
            builder.add_policy(policy, direction)
            for policy in world.policies
            if policy.rules(direction) is not None
        ]
        builder.sets[ISOLATED[direction]] = (NETS, frozenset().union(*isolated))
    return Plan(builder.sets, builder.rules)


def entries(block: Block) -> frozenset[str]:
    """A block as entries of a hash:net set, where the narrowest entry decides."""
    holes = {net for hole in block.holes for net in _nets(hole)}
    inside = {net for net in _nets(block.cidr) if not any(net.subnet_of(hole) for hole in holes)}
    return frozenset({str(net) for net in inside} | {f"{net} nomatch" for net in holes})


def _nets(cidr: str) -> list[IPv4Network]:
    """ipset knows no prefix of length zero: everything is two halves."""
    net = ip_network(cidr, strict=False)
    if not isinstance(net, IPv4Network):
        return []
    return list(net.subnets()) if net.prefixlen == 0 else [net]


def _entrance(isolated: Iterable[str]) -> list[str]:
    """From the kernel's chains into ours: replies pass, then both directions are asked."""
    replies = "-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"
    out = f"-m set --match-set {ISOLATED['egress']} src -j {CHAINS['egress']}"
    into = f"-m set --match-set {ISOLATED['ingress']} dst -j {CHAINS['ingress']}"
    return [
        f"-A {FORWARD} {replies}",
        # Through a Service of its own a pod may reach itself. Not a set: hash:net,net is rare.
        *(f"-A {FORWARD} -s {address}/32 -d {address}/32 -j RETURN" for address in isolated),
        f"-A {FORWARD} {out}",
        f"-A {FORWARD} {into}",
        # What arrives at the node itself has left its pod; nobody here is isolated from it.
        f"-A {INPUT} {replies}",
        f"-A {INPUT} {out}",
    ]
