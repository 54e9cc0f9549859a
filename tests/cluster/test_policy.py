"""What a network policy allows: the evaluator, and the rules made of the same policies."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cluster import compiled
from tests.cluster.compiled import CHAINS, ISOLATED, Allow, Plan
from tests.cluster.policy import (
    Block,
    Connection,
    Direction,
    Peer,
    Pod,
    Policy,
    Port,
    Requirement,
    Rule,
    Selector,
    World,
    world,
)

A, B, DNS, NODE, OUTSIDE = "10.244.0.2", "10.244.0.3", "10.244.0.4", "10.99.0.1", "8.8.8.8"
Manifest = dict[str, Any]


def test_without_policies_everything_passes() -> None:
    assert allows([], A, B)
    assert allows([], A, OUTSIDE)


def test_an_empty_policy_denies_what_comes_in() -> None:
    deny = policy("b", {})

    assert not allows([deny], A, B)
    assert allows([deny], B, A)


def test_a_policy_that_names_egress_denies_what_goes_out() -> None:
    deny = policy("a", {"policyTypes": ["Egress"]})

    assert not allows([deny], A, B)
    assert not allows([deny], A, OUTSIDE)
    assert not allows([deny], A, NODE)
    assert allows([deny], B, A)


def test_a_pod_reaches_itself_and_its_node_reaches_it() -> None:
    deny = policy("a", {"policyTypes": ["Ingress", "Egress"]})

    assert allows([deny], A, A)
    assert allows([deny], NODE, A)


def test_peers_are_pods_of_the_policys_own_namespace() -> None:
    same = policy("a", {"ingress": [{"from": [{"podSelector": {}}]}]})

    assert not allows([same], B, A)


def test_both_selectors_of_one_peer_must_match() -> None:
    to_dns = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"app": "dns"}},
    }
    only = policy("a", {"policyTypes": ["Egress"], "egress": [{"to": [to_dns]}]})

    assert allows([only], A, DNS)
    assert not allows([only], A, B)


def test_a_block_has_holes() -> None:
    block = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}
    internet = policy("a", {"policyTypes": ["Egress"], "egress": [{"to": [block]}]})

    assert allows([internet], A, OUTSIDE)
    assert not allows([internet], A, NODE)
    assert not allows([internet], A, B)


def test_policies_add_up() -> None:
    deny = policy("a", {"policyTypes": ["Egress"]})
    to_b = policy("a", {"policyTypes": ["Egress"], "egress": [{"to": [{"namespaceSelector": {}}]}]})

    assert allows([deny, to_b], A, B)


@pytest.mark.parametrize(
    ("port", "passes"),
    [
        ({"port": 80}, True),
        ({"port": 81}, False),
        ({"port": 70, "endPort": 90}, True),
        ({"port": 70, "endPort": 79}, False),
        ({"port": 80, "protocol": "UDP"}, False),
        ({"protocol": "TCP"}, True),
        ({"port": "http"}, True),
        ({"port": "other"}, False),
    ],
)
def test_ports(port: Manifest, passes: bool) -> None:
    asked = policy("b", {"ingress": [{"ports": [port]}]})

    assert allows([asked], A, B) is passes


@pytest.mark.parametrize(
    ("line", "matches"),
    [
        (("app", "In", ("a", "b")), True),
        (("app", "NotIn", ("b",)), True),
        (("none", "NotIn", ("b",)), True),
        (("app", "Exists"), True),
        (("none", "DoesNotExist"), True),
        (("app", "DoesNotExist"), False),
        (("none", "In", ("a",)), False),
    ],
)
def test_expressions(line: Any, matches: bool) -> None:
    assert Requirement(*line).matches({"app": "a"}) is matches


def test_the_rules_of_a_small_world_as_the_kernel_gets_them() -> None:
    rule = {"from": [{"namespaceSelector": {}}], "ports": [{"port": 80}]}
    text = compiled.plan(small_world([policy("b", {"ingress": [rule]})])).rules_text()

    allow = [line for line in text.splitlines() if line.startswith("-A ATELIER-IN ")]
    assert len(allow) == 2
    assert allow[0].endswith("-p tcp -m tcp --dport 80:80 -j RETURN")
    assert allow[1] == "-A ATELIER-IN -j DROP"


def test_everything_is_two_halves_in_a_set() -> None:
    assert compiled.entries(Block("0.0.0.0/0", ("10.0.0.0/8",))) == {
        "0.0.0.0/1",
        "128.0.0.0/1",
        "10.0.0.0/8 nomatch",
    }


def test_nothing_is_left_of_a_block_inside_its_hole() -> None:
    assert compiled.entries(Block("10.0.0.0/8", ("10.0.0.0/8",))) == {"10.0.0.0/8 nomatch"}
    assert "10.1.0.0/16" not in compiled.entries(Block("10.1.0.0/16", ("10.0.0.0/8",)))


def test_names_of_sets_fit_the_kernel() -> None:
    peers = [{"podSelector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}]
    rule = {"from": peers, "ports": [{"port": "http"}]}
    plan = compiled.plan(small_world([policy("b" * 63, {"ingress": [rule]})]))

    assert all(len(name) <= 31 for name in plan.sets)


LABELS = st.dictionaries(st.sampled_from("xy"), st.sampled_from("12"), max_size=2)
ADDRESSES = st.sampled_from([f"10.244.0.{n}" for n in range(2, 8)] + [NODE, OUTSIDE])
REQUIREMENTS = st.one_of(
    st.builds(
        Requirement,
        st.sampled_from("xy"),
        st.sampled_from(["In", "NotIn"]),
        st.lists(st.sampled_from("12"), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(Requirement, st.sampled_from("xy"), st.sampled_from(["Exists", "DoesNotExist"])),
)
SELECTORS = st.builds(Selector, st.lists(REQUIREMENTS, max_size=2).map(tuple))
NETS = ["0.0.0.0/0", "10.0.0.0/8", "10.244.0.0/16", "10.244.0.0/29", "10.99.0.1/32", "8.8.8.0/24"]
BLOCKS = st.builds(Block, st.sampled_from(NETS), st.lists(st.sampled_from(NETS)).map(tuple))
PEERS = st.one_of(
    st.builds(Peer, block=BLOCKS),
    st.builds(Peer, pods=SELECTORS, namespaces=st.none() | SELECTORS),
)
PROTOCOLS = st.sampled_from(["TCP", "UDP"])
PORTS = st.one_of(
    st.builds(Port, PROTOCOLS),
    st.builds(Port, PROTOCOLS, first=st.just(80)),
    st.builds(Port, PROTOCOLS, first=st.just(79), last=st.integers(79, 82)),
    st.builds(Port, PROTOCOLS, name=st.sampled_from(["http", "other"])),
)
RULES = st.builds(
    Rule,
    peers=st.none() | st.lists(PEERS, min_size=1, max_size=3).map(tuple),
    ports=st.none() | st.lists(PORTS, min_size=1, max_size=2).map(tuple),
)
DIRECTIONS = st.none() | st.lists(RULES, max_size=2).map(tuple)
NAMED = st.lists(
    st.tuples(st.sampled_from(["http", "other"]), PROTOCOLS, st.integers(79, 82)),
    max_size=2,
    unique_by=lambda each: each[:2],
).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    namespaces = {name: draw(LABELS) for name in ("one", "two")}
    policies = [
        Policy(
            draw(st.sampled_from(["one", "two"])),
            f"policy-{number}",
            draw(SELECTORS),
            draw(DIRECTIONS),
            draw(DIRECTIONS),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    pods = [
        Pod(namespace, f"pod-{n}", f"10.244.0.{n}", draw(LABELS), draw(NAMED))
        for n, namespace in enumerate(draw(st.lists(st.sampled_from(["one", "two"]))), 2)
    ]
    return World(namespaces, pods[:6], policies)


@given(worlds(), st.builds(Connection, ADDRESSES, ADDRESSES, st.integers(79, 82), PROTOCOLS))
def test_the_rules_say_what_the_evaluator_says(here: World, connection: Connection) -> None:
    assert passes(compiled.plan(here), connection) == here.allows(connection)


def passes(plan: Plan, connection: Connection) -> bool:
    """What the kernel would do with these sets and rules, step by step."""
    if connection.source == connection.target:
        return True
    return all(
        own not in addresses(plan, ISOLATED[direction])
        or any(
            matches(plan, rule, connection)
            for rule in plan.rules
            if rule.chain == CHAINS[direction]
        )
        for direction, own in ends(connection).items()
    )


def ends(connection: Connection) -> dict[Direction, str]:
    return {"egress": connection.source, "ingress": connection.target}


def matches(plan: Plan, rule: Allow, connection: Connection) -> bool:
    mine, theirs = connection.source, connection.target
    if rule.chain == CHAINS["ingress"]:
        mine, theirs = theirs, mine
    first, last = rule.ports or (0, 65535)
    named = f"{connection.target},{connection.protocol.lower()}:{connection.port}"
    return (
        in_set(plan, rule.own, mine)
        and (rule.peers is None or in_set(plan, rule.peers, theirs))
        and rule.protocol in (None, connection.protocol)
        and first <= connection.port <= last
        and (rule.named is None or named in plan.sets[rule.named][1])
    )


def in_set(plan: Plan, name: str, address: str) -> bool:
    """As hash:net does it: the narrowest entry decides."""
    nets = [entry.partition(" ") for entry in plan.sets[name][1]]
    held = [
        (ip_network(net), flag) for net, _, flag in nets if ip_address(address) in ip_network(net)
    ]
    return bool(held) and max(held, key=lambda each: each[0].prefixlen)[1] != "nomatch"


def addresses(plan: Plan, name: str) -> frozenset[str]:
    return plan.sets[name][1]


def policy(namespace: str, spec: Manifest) -> Manifest:
    return {
        "metadata": {"namespace": namespace, "name": f"p{crc32(str(spec).encode())}"},
        "spec": {"podSelector": {}, **spec},
    }


def allows(policies: list[Manifest], source: str, target: str) -> bool:
    return small_world(policies).allows(Connection(source, target, 80))


def small_world(policies: list[Manifest]) -> World:
    def pod(namespace: str, name: str, address: str) -> Manifest:
        port = {"name": "http", "containerPort": 80}
        return {
            "metadata": {"namespace": namespace, "name": name, "labels": {"app": name}},
            "spec": {"containers": [{"ports": [port]}]},
            "status": {"podIP": address},
        }

    return world(
        [{"metadata": {"name": name}} for name in ("a", "b", "kube-system")],
        [pod("a", "a", A), pod("b", "b", B), pod("kube-system", "dns", DNS)],
        policies,
        node_addresses=[NODE],
    )
