"""A picture of what a cluster may leave on a machine, to compare before and after."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.cluster import kernel
from tests.cluster.places import Places

NAMESPACES = Path("/run/netns")
# Kubernetes programs make these, wherever they are told to keep their files.
KUBELET = Path("/var/lib/kubelet")
FOLDERS = (
    KUBELET,
    Path("/var/lib/cni"),
    Path("/var/log/pods"),
    Path("/var/log/containers"),
    Path("/usr/libexec/kubernetes"),
)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Names only, sorted: two pictures of the same machine are equal."""

    interfaces: list[str]
    mounts: list[str]
    namespaces: list[str]
    rules: dict[str, list[str]]
    sets: list[str]
    cgroups: list[str]
    sysctls: dict[str, str]
    files: list[str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def parse(cls, text: str) -> Footprint:
        return cls(**json.loads(text))


def look(places: Places) -> Footprint:
    return Footprint(
        interfaces=sorted(os.listdir("/sys/class/net")),
        mounts=sorted(
            kernel.mounts_below(places.state) + kernel.mounts_below(places.containerd_root)
        ),
        namespaces=sorted(os.listdir(NAMESPACES)) if NAMESPACES.is_dir() else [],
        rules={name: plain_rules(saved) for name, saved in kernel.rules().items()},
        sets=sorted(kernel.our_sets()),
        cgroups=sorted(str(path) for path in kernel.pod_cgroups()),
        sysctls=kernel.read_sysctls(),
        files=sorted(files()),
    )


def files() -> list[str]:
    """What lies in the folders that Kubernetes programs write to whatever they are told."""
    found = [str(top) for top in FOLDERS if top.exists()]
    for top in FOLDERS:
        for folder, subfolders, names in os.walk(top):
            found += [os.path.join(folder, name) for name in (*subfolders, *names)]
    return found


def plain_rules(saved: str) -> list[str]:
    """Chains and rules without counters, times and comments of the tool."""
    lines = (line for line in saved.splitlines() if line.startswith((":", "-A")))
    return sorted(re.sub(r" \[\d+:\d+\]$", "", line) for line in lines)


def left_behind(before: Footprint, after: Footprint) -> list[str]:
    """What is there now and was not, or is otherwise now; one short line each."""
    lists = ("interfaces", "mounts", "namespaces", "sets", "cgroups", "files")
    found = [
        f"{what}: {name}"
        for what in lists
        for name in sorted(set(getattr(after, what)) - set(getattr(before, what)))
    ]
    for table, lines in after.rules.items():
        news = sorted(set(lines) - set(before.rules.get(table, [])) - _built_in(table))
        found += [f"rules: {table} {line}" for line in news]
    return found + _changed(before.sysctls, after.sysctls)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [
        f"sysctls: {name} was {before[name]} and is {value}"
        for name, value in after.items()
        if name in before and before[name] != value
    ]


def _built_in(table: str) -> set[str]:
    """Built-in chains with their default policy: they show once a table was ever looked at."""
    chains = ("INPUT", "FORWARD", "OUTPUT", "PREROUTING", "POSTROUTING")
    return {f":{chain} ACCEPT" for chain in chains}
