"""What is taken out of the kernel again: ours and Kubernetes' chains, nobody else's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.cluster import footprint, kernel
from tests.cluster.footprint import Footprint

SAVED = """*filter
:INPUT ACCEPT [12:34]
:FORWARD ACCEPT [0:0]
:KUBE-FORWARD - [0:0]
:ATELIER-FORWARD - [0:0]
:MINE - [0:0]
-A INPUT -j MINE
-A FORWARD -j ATELIER-FORWARD
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A KUBE-FORWARD -j ACCEPT
-A MINE -p tcp -j ACCEPT
COMMIT
"""
NOTHING = Footprint([], [], [], {}, [], [], {}, [])


def test_only_chains_of_kubernetes_and_ours_are_undone() -> None:
    assert kernel.undoing(SAVED, "filter").splitlines() == [
        "*filter",
        ":KUBE-FORWARD - [0:0]",
        ":ATELIER-FORWARD - [0:0]",
        "-D FORWARD -j ATELIER-FORWARD",
        '-D FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
        "-X KUBE-FORWARD",
        "-X ATELIER-FORWARD",
        "COMMIT",
    ]


def test_nothing_is_undone_where_nothing_is() -> None:
    assert kernel.undoing(":INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\n", "filter") == ""


def test_the_same_machine_has_the_same_picture() -> None:
    counted = SAVED.replace("[12:34]", "[56:78]")

    assert footprint.plain_rules(counted) == footprint.plain_rules(SAVED)


def test_a_picture_survives_being_written() -> None:
    picture = dataclasses.replace(NOTHING, interfaces=["lo"], rules={"iptables nat": [":A -"]})

    assert Footprint.parse(picture.as_json()) == picture


def test_what_is_new_is_named() -> None:
    before = dataclasses.replace(NOTHING, interfaces=["lo"], sysctls={"net/ipv4/ip_forward": "0"})
    after = dataclasses.replace(
        before,
        interfaces=["cni0", "lo"],
        rules={"iptables filter": [":INPUT ACCEPT", ":KUBE-FORWARD -"]},
        sysctls={"net/ipv4/ip_forward": "1"},
    )

    assert footprint.left_behind(before, after) == [
        "interfaces: cni0",
        "rules: iptables filter :KUBE-FORWARD -",
        "sysctls: net/ipv4/ip_forward was 0 and is 1",
    ]


def test_what_went_away_meanwhile_is_nobodys_business() -> None:
    before = dataclasses.replace(NOTHING, interfaces=["lo", "vpn0"])

    assert footprint.left_behind(before, NOTHING) == []


def test_mounts_are_found_deepest_first() -> None:
    found = kernel.mounts_below(Path("/sys"))

    assert found[-1] == "/sys"
    assert found == sorted(found, key=len, reverse=True)
