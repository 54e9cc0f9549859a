"""What a project's namespace holds, and what its policies let through."""

from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier.core.ids import new_id
from atelier.engines.kubernetes import namespaces, quantities
from atelier.engines.kubernetes.namespaces import GIB, Peer, Place
from tests.cluster import policy
from tests.cluster.policy import Connection, World

HOST = "10.99.0.1"
PLATFORM = (
    Peer(cidr=f"{HOST}/32", egress_ports=(8000, 8005), ingress=True),
    Peer(namespace="atelier-system", pod_labels={"app": "hub"}, egress_ports=(8081,)),
)
A = Place(
    namespace="atelier-pa", project_id="pa", project_slug="churn", instance="atelier",
    system_namespace="atelier-system", peers=PLATFORM, groups=("w1",),
)  # fmt: skip
B = replace(A, namespace="atelier-pb", project_id="pb", groups=())


def of_kind(place: Place, kind: str) -> dict[str, dict[str, Any]]:
    found = [m for m in namespaces.manifests(place) if m["kind"] == kind]
    return {m["metadata"]["name"]: m for m in found}


# --- the namespace -------------------------------------------------------------------------------


def test_s12_the_namespace_holds_pods_to_the_restricted_profile() -> None:
    made = namespaces.namespace(A)

    assert made == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "atelier-pa",
            "labels": {
                "app.kubernetes.io/name": "tenancy",
                "app.kubernetes.io/instance": "atelier",
                "app.kubernetes.io/component": "tenancy",
                "app.kubernetes.io/part-of": "atelier",
                "app.kubernetes.io/managed-by": "atelier",
                "atelier.dev/instance": "atelier",
                "atelier.dev/project": "pa",
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/enforce-version": "v1.35",
                "pod-security.kubernetes.io/warn": "restricted",
                "pod-security.kubernetes.io/warn-version": "latest",
                "pod-security.kubernetes.io/audit": "restricted",
                "pod-security.kubernetes.io/audit-version": "latest",
            },
            "annotations": {"atelier.dev/project-slug": "churn"},
        },
    }


def test_whoever_may_make_pods_gets_the_right_when_walls_and_policies_stand() -> None:
    kinds = [m["kind"] for m in namespaces.manifests(A)]

    assert kinds[0] == "Namespace"
    assert kinds[1] == "NetworkPolicy"
    assert kinds[-2:] == ["RoleBinding", "RoleBinding"]
    assert "RoleBinding" not in kinds[:-2]


def test_every_object_says_whose_it_is() -> None:
    for made in namespaces.manifests(A):
        assert made["metadata"]["labels"] | namespaces.labels(A) == made["metadata"]["labels"]


def test_s12_no_account_of_a_project_has_a_token() -> None:
    accounts = of_kind(A, "ServiceAccount")

    assert {name: m["automountServiceAccountToken"] for name, m in accounts.items()} == {
        "default": False,
        "run": False,
    }


def test_s08_no_two_projects_share_a_namespace() -> None:
    names = {f"atelier-{new_id('p')}" for _ in range(1000)}

    assert len(names) == 1000
    assert all(len(name) <= 63 for name in names)


# --- the second wall -----------------------------------------------------------------------------

limits = st.none() | st.integers(min_value=0, max_value=2**53 - 1)


@given(cpu=limits, memory=limits, gpus=limits)
def test_the_second_wall_never_refuses_what_the_first_let_through(
    cpu: int | None, memory: int | None, gpus: int | None
) -> None:
    given_limits = {"cpu": cpu, "memory": memory, "accelerator:nvidia.com/gpu": gpus}
    wall = hard(replace(A, limits=given_limits))

    for name, limit, unit in (
        ("requests.cpu", cpu, 1000),
        ("limits.cpu", cpu, 1000),
        ("requests.memory", memory, 1),
        ("limits.memory", memory, 1),
        ("requests.nvidia.com/gpu", gpus, 1),
    ):
        assert (name in wall) == (limit is not None)
        if limit is not None:
            assert limit <= quantities.parse(wall[name]) * unit <= limit * 1.25 + 1


def test_what_is_forbidden_by_the_first_wall_is_by_the_second() -> None:
    wall = hard(replace(A, limits={"cpu": 0, "accelerator:nvidia.com/gpu": 0}))

    assert (wall["limits.cpu"], wall["requests.nvidia.com/gpu"]) == ("0m", "0")


def test_no_service_of_a_project_is_reached_from_outside() -> None:
    wall = hard(A)

    assert (wall["services.loadbalancers"], wall["services.nodeports"]) == ("0", "0")


def test_in_an_archived_project_no_pod_is_made() -> None:
    assert hard(replace(A, is_closed=True))["pods"] == "0"
    assert hard(A)["pods"] != "0"


def test_a_claim_is_at_most_a_home() -> None:
    made = of_kind(replace(A, home_bytes=7 * GIB), "LimitRange")["project"]

    claim = next(x for x in made["spec"]["limits"] if x["type"] == "PersistentVolumeClaim")
    assert claim["max"] == {"storage": str(7 * GIB)}


def hard(place: Place) -> dict[str, str]:
    found: dict[str, str] = of_kind(place, "ResourceQuota")["project"]["spec"]["hard"]
    return found


# --- the network: S7, by the evaluator -----------------------------------------------------------

PODS = {
    "a1": ("10.244.0.11", "atelier-pa", {"atelier.dev/workload": "w1"}),
    "a2": ("10.244.0.12", "atelier-pa", {"atelier.dev/workload": "w1"}),
    "a3": ("10.244.0.13", "atelier-pa", {"app.kubernetes.io/component": "notebook"}),
    "b1": ("10.244.0.21", "atelier-pb", {"atelier.dev/workload": "w1"}),
    "b2": ("10.244.0.22", "atelier-pb", {"app.kubernetes.io/component": "notebook"}),
    "hub": ("10.244.0.31", "atelier-system", {"app": "hub"}),
    "other": ("10.244.0.32", "atelier-system", {"app": "other"}),
    "dns": ("10.244.0.41", "kube-system", {"k8s-app": "kube-dns"}),
    "metrics": ("10.244.0.42", "kube-system", {"k8s-app": "metrics"}),
    "default": ("10.244.0.51", "default", {"k8s-app": "kube-dns"}),
    "host": (HOST, "", {}),
}


def a_world(*places: Place) -> World:
    made = [m for place in places for m in namespaces.manifests(place)]
    pods = [
        {"metadata": {"name": name, "namespace": where, "labels": labels},
         "status": {"podIP": address}}
        for name, (address, where, labels) in PODS.items() if where
    ]  # fmt: skip
    others = [{"metadata": {"name": n}} for n in ("atelier-system", "kube-system", "default")]
    return policy.world(
        [*(m for m in made if m["kind"] == "Namespace"), *others],
        pods,
        [m for m in made if m["kind"] == "NetworkPolicy"],
    )


def passes(source: str, target: str, port: int, protocol: str = "TCP", *, a: Place = A) -> bool:
    ends = [PODS[end][0] if end in PODS else end for end in (source, target)]
    return a_world(a, B).allows(Connection(ends[0], ends[1], port, protocol))


@pytest.mark.parametrize(
    ("source", "target", "port", "protocol"),
    [
        ("a1", "dns", 53, "UDP"),
        ("a1", "dns", 53, "TCP"),
        ("a1", "host", 8000, "TCP"),  # the portal
        ("a1", "host", 8005, "TCP"),  # the hub
        ("a1", "hub", 8081, "TCP"),
        ("host", "a3", 8888, "TCP"),  # the proxy to a notebook
        ("a1", "a2", 29500, "TCP"),  # members of one workload
        ("a1", "151.101.0.223", 443, "TCP"),  # the internet
        ("a1", "8.8.8.8", 53, "UDP"),
    ],
)
def test_s07_what_a_project_needs_gets_through(
    source: str, target: str, port: int, protocol: str
) -> None:
    assert passes(source, target, port, protocol)


@pytest.mark.parametrize(
    ("source", "target", "port", "protocol"),
    [
        ("a1", "b1", 8888, "TCP"),  # another project, even with the same label
        ("a1", "b2", 8888, "TCP"),
        ("a3", "b2", 8888, "TCP"),
        ("b1", "a1", 29500, "TCP"),
        ("a1", "a3", 8888, "TCP"),  # another workload of the same project
        ("a3", "a1", 29500, "TCP"),
        ("a1", "other", 8081, "TCP"),  # other pods of the platform
        ("a1", "hub", 22, "TCP"),
        ("a1", "dns", 9153, "TCP"),  # DNS serves more than names
        ("a1", "metrics", 53, "UDP"),
        ("a1", "default", 53, "UDP"),  # a pod that calls itself DNS elsewhere
        ("a1", "host", 5432, "TCP"),  # the platform's database
        ("a1", "host", 6443, "TCP"),  # the API server
        ("a1", "host", 8001, "TCP"),
        ("a1", "10.96.0.1", 443, "TCP"),
        ("a1", "169.254.169.254", 80, "TCP"),
        ("a1", "169.254.170.2", 80, "TCP"),
        ("a1", "127.0.0.1", 80, "TCP"),
        ("a1", "192.168.1.1", 443, "TCP"),
        ("a1", "172.31.0.2", 443, "TCP"),
        ("a1", "100.64.0.1", 443, "TCP"),
        ("host", "a1", 8888, "TCP"),  # not a notebook
        ("host", "a3", 22, "TCP"),
        ("hub", "a3", 8888, "TCP"),  # may be gone to, does not come
        ("8.8.8.8", "a3", 8888, "TCP"),
    ],
)
def test_s07_nothing_else_does(source: str, target: str, port: int, protocol: str) -> None:
    assert not passes(source, target, port, protocol)


def test_without_the_switch_there_is_no_internet() -> None:
    closed = replace(A, internet=False)

    assert not passes("a1", "151.101.0.223", 443, a=closed)
    assert passes("a1", "dns", 53, "UDP", a=closed)


def test_what_an_administrator_calls_his_own_is_not_the_internet() -> None:
    own = replace(A, not_internet=("20.7.113.0/24", "2a01:db8::/32"))

    assert not passes("a1", "20.7.113.7", 443, a=own)
    assert passes("a1", "20.7.114.7", 443, a=own)


@given(st.ip_addresses(v=4))
def test_s07_a_private_address_is_never_the_internet(address: Any) -> None:
    if not address.is_global or address.is_multicast:
        assert not passes("a1", str(address), 443) or str(address) == HOST


@given(st.ip_addresses(v=6))
def test_s07_a_private_address_of_version_6_is_never_the_internet(address: Any) -> None:
    block = of_kind(A, "NetworkPolicy")["allow-internet"]["spec"]["egress"][0]["to"][1]["ipBlock"]
    holes = [ip_network(hole) for hole in block["except"]]

    leads_inside = any(a is not None and a.is_private for a in (address.sixtofour,))
    if address.is_link_local or address.is_multicast or address.is_site_local or leads_inside:
        assert any(address in hole for hole in holes)


@pytest.mark.parametrize(
    "address",
    ["fd00:ec2::254", "fe80::1", "::1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fc00::1"],
)
def test_s07_metadata_is_not_reached_by_another_spelling(address: str) -> None:
    block = of_kind(A, "NetworkPolicy")["allow-internet"]["spec"]["egress"][0]["to"][1]["ipBlock"]

    assert any(ip_address(address) in ip_network(hole) for hole in block["except"])


def test_s07_the_metadata_address_is_named() -> None:
    block = of_kind(A, "NetworkPolicy")["allow-internet"]["spec"]["egress"][0]["to"][0]["ipBlock"]

    assert "169.254.169.254/32" in block["except"]


def test_a_workload_of_one_member_needs_no_policy() -> None:
    assert "members-w1" in of_kind(A, "NetworkPolicy")
    assert [n for n in of_kind(B, "NetworkPolicy") if n.startswith("members-")] == []


# --- peers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "10.0.0.1/32",
        {},
        {"cidr": "10.0.0.1/32", "namespace": "x"},
        {"cidr": "10.0.0.1/32", "egress_ports": ["80"]},
        {"cidr": "10.0.0.1/32", "egress_ports": [0]},
        {"cidr": "10.0.0.1/32", "egress_ports": [True]},
        {"cidr": "10.0.0.1/32", "ports": [80]},
    ],
)
def test_a_peer_that_makes_no_sense_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Peer.parse(raw)


def test_a_peer_without_ports_is_not_gone_to() -> None:
    place = replace(A, peers=(Peer(cidr="10.9.0.1/32", ingress=True),))

    assert "allow-platform" not in of_kind(place, "NetworkPolicy")
    assert "allow-served-notebook" in of_kind(place, "NetworkPolicy")
