"""The enforcer's knowledge, and how the kernel is brought from one plan to the next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import knowledge
from tests.cluster.compiled import Plan
from tests.cluster.firewall import Firewall
from tests.cluster.knowledge import NAMESPACES, PODS, POLICIES, Knowledge, Lease


class RecordingFilter:
    """A kernel that notes what it is told."""

    def __init__(self, *sets: str) -> None:
        self.had = sets
        self.told: list[str] = []
        self.is_broken = False

    def sets(self) -> Iterable[str]:
        return self.had

    def change_sets(self, lines: Sequence[str]) -> None:
        self.told += lines

    def replace_rules(self, text: str) -> None:
        if self.is_broken:
            raise RuntimeError("no")
        self.told.append("rules")


def plan(**sets: set[str]) -> Plan:
    both = {"atl-in": set[str](), "atl-out": set[str]()} | {f"atl-{k}": v for k, v in sets.items()}
    return Plan({name: ("hash:net", frozenset(held)) for name, held in both.items()}, [])


@pytest.fixture
def kernel() -> RecordingFilter:
    return RecordingFilter()


def test_sets_grow_before_the_rules_and_shrink_after(kernel: RecordingFilter) -> None:
    firewall = Firewall(kernel)
    firewall.apply(plan(a={"10.0.0.1"}, old=set()))
    kernel.told.clear()

    firewall.apply(plan(a={"10.0.0.2"}, **{"in": {"10.0.0.2"}}))

    assert kernel.told == [
        "add atl-in 10.0.0.2 -exist",
        "add atl-a 10.0.0.2 -exist",
        "rules",
        "del atl-a 10.0.0.1 -exist",
        "destroy atl-old",
    ]


def test_a_pods_coming_changes_no_rule(kernel: RecordingFilter) -> None:
    firewall = Firewall(kernel)
    firewall.apply(plan(a=set()))
    kernel.told.clear()

    firewall.apply(plan(a={"10.0.0.1"}))

    assert kernel.told == ["add atl-a 10.0.0.1 -exist"]


def test_an_entry_that_becomes_a_hole_is_not_removed(kernel: RecordingFilter) -> None:
    firewall = Firewall(kernel)
    firewall.apply(plan(a={"10.0.0.0/8"}))
    kernel.told.clear()

    firewall.apply(plan(a={"10.0.0.0/8 nomatch"}))

    assert kernel.told == ["add atl-a 10.0.0.0/8 nomatch -exist"]


def test_what_an_earlier_enforcer_left_is_replaced() -> None:
    kernel = RecordingFilter("atl-in", "atl-stale")

    Firewall(kernel).apply(plan())

    assert kernel.told == [
        "create atl-in hash:net -exist",
        "flush atl-in",
        "create atl-out hash:net -exist",
        "flush atl-out",
        "rules",
        "destroy atl-stale",
    ]


def test_after_a_failure_everything_is_told_again(kernel: RecordingFilter) -> None:
    firewall = Firewall(kernel)
    kernel.is_broken = True
    with pytest.raises(RuntimeError):
        firewall.apply(plan(a={"10.0.0.1"}))
    kernel.is_broken = False
    kernel.told.clear()

    firewall.apply(plan(a={"10.0.0.1"}))

    assert "create atl-a hash:net -exist" in kernel.told
    assert "rules" in kernel.told


@pytest.fixture
def known() -> Knowledge:
    made = Knowledge()
    made.replace(NAMESPACES, [{"metadata": {"name": "a"}}])
    made.replace(POLICIES, [])
    made.replace(PODS, [pod("web", "1")])
    return made


def pod(name: str, uid: str) -> dict[str, Any]:
    metadata = {"namespace": "a", "name": name, "uid": uid, "labels": {"app": name}}
    return {"metadata": metadata, "spec": {"containers": []}}


def lease(name: str, address: str, uid: str = "") -> Lease:
    return Lease("a", name, uid, address, "/run/netns/x")


def test_half_a_picture_is_not_whole() -> None:
    made = Knowledge()
    made.replace(NAMESPACES, [])
    made.replace(PODS, [])

    assert not made.is_whole


def test_a_pod_has_the_address_of_its_lease(known: Knowledge) -> None:
    known.take_leases([lease("web", "10.244.0.2")])

    (web,) = known.world().pods
    assert (web.address, web.labels) == ("10.244.0.2", {"app": "web"})


@pytest.mark.parametrize("is_relisted", [True, False])
def test_a_deleted_pod_keeps_its_labels_while_it_has_its_address(
    known: Knowledge, is_relisted: bool
) -> None:
    held = [lease("web", "10.244.0.2")]
    known.take_leases(held)
    if is_relisted:
        known.replace(PODS, [])
    else:
        known.change(PODS, "DELETED", pod("web", "1"))

    known.take_leases(held)
    assert known.world().pods[0].labels == {"app": "web"}

    assert known.take_leases([]) == ["10.244.0.2"]
    assert known.world().pods == []


def test_an_earlier_pod_of_the_same_name_is_not_the_new_one(known: Knowledge) -> None:
    assert known.knows(lease("web", "10.244.0.2", uid="1"))
    assert not known.knows(lease("web", "10.244.0.3", uid="2"))

    known.change(PODS, "DELETED", pod("web", "1"))
    assert not known.knows(lease("web", "10.244.0.3"))

    known.change(PODS, "ADDED", pod("web", "2"))
    assert known.knows(lease("web", "10.244.0.3", uid="2"))


def test_leases_that_are_being_written_do_not_count(tmp_path: Path) -> None:
    written = {"namespace": "a", "name": "web", "uid": "", "address": "10.244.0.2", "netns": "x"}
    (tmp_path / "c1").write_text(json.dumps(written))
    (tmp_path / ".c2").write_text("{")

    assert [each.name for each in knowledge.leases(tmp_path)] == ["web"]


def test_there_may_be_no_leases_at_all(tmp_path: Path) -> None:
    assert knowledge.leases(tmp_path / "nothing") == []
