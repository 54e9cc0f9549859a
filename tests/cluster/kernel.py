"""What the cluster changes in the kernel, and how each of it is taken back."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from atelier.operate import tool
from atelier.operate.errors import CannotGoOn
from tests.cluster.places import NODE_ADDRESS, NODE_BRIDGE, POD_BRIDGE

# Set by us, by the kubelet, by kube-proxy and by the network plugins.
SYSCTLS = (
    "kernel/keys/root_maxbytes",
    "kernel/keys/root_maxkeys",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/bridge/bridge-nf-call-ip6tables",
    "net/bridge/bridge-nf-call-iptables",
    "net/ipv4/conf/all/route_localnet",
    "net/ipv4/ip_forward",
    "net/netfilter/nf_conntrack_max",
    "net/netfilter/nf_conntrack_tcp_be_liberal",
    "net/netfilter/nf_conntrack_tcp_timeout_close_wait",
    "net/netfilter/nf_conntrack_tcp_timeout_established",
    "net/netfilter/nf_conntrack_udp_timeout",
    "net/netfilter/nf_conntrack_udp_timeout_stream",
    "vm/overcommit_memory",
    "vm/panic_on_oom",
)
WANTED = {
    "net/bridge/bridge-nf-call-ip6tables": "1",
    "net/bridge/bridge-nf-call-iptables": "1",
    "net/ipv4/ip_forward": "1",
}
# The prefixes of kube-proxy, the kubelet, the network plugins and our own policies.
CHAINS = ("KUBE-", "CNI-", "ATELIER-")
SETS = "atl-"
TABLES = ("filter", "nat", "mangle")
FAMILIES = ("iptables", "ip6tables")
CGROUPS = Path("/sys/fs/cgroup")


def read_sysctls() -> dict[str, str]:
    found = {}
    for name in SYSCTLS:
        with contextlib.suppress(OSError):  # this kernel does not have it
            found[name] = Path("/proc/sys", name).read_text().strip()
    return found


def write_sysctls(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        path = Path("/proc/sys", name)
        if path.read_text().strip() != value:
            path.write_text(value)


def prepare() -> None:
    """The node's own address and the switches that let bridged packets meet the rules."""
    if not Path("/proc/sys/net/bridge").is_dir():
        _try(["modprobe", "br_netfilter"])
    try:
        write_sysctls(WANTED)
    except OSError as error:
        raise CannotGoOn(
            f"The kernel's switch {error.filename} cannot be set ({error.strerror}): the pod "
            "network needs a machine or container that allows it."
        ) from error
    if not exists(NODE_BRIDGE):
        _run(["ip", "link", "add", NODE_BRIDGE, "type", "bridge"])
    _try(["ip", "addr", "add", f"{NODE_ADDRESS}/32", "dev", NODE_BRIDGE])
    _run(["ip", "link", "set", NODE_BRIDGE, "up"])


def exists(interface: str) -> bool:
    return Path("/sys/class/net", interface).exists()


def remove_interfaces() -> None:
    for interface in (POD_BRIDGE, NODE_BRIDGE):
        if exists(interface):
            _try(["ip", "link", "del", interface])


def mounts_below(folder: Path) -> list[str]:
    """Mount points in and below a folder, the deepest first."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    points = [_unescaped(line.split()[1]) for line in lines]
    below = [p for p in points if p == str(folder) or p.startswith(f"{folder}/")]
    return sorted(below, key=len, reverse=True)


def unmount_below(folder: Path) -> None:
    for point in mounts_below(folder):
        _try(["umount", "--lazy", point])


def unmount_namespace(file: Path) -> None:
    """Take away a network namespace that a container runtime pinned to a file."""
    _try(["umount", "--lazy", str(file)])
    file.unlink(missing_ok=True)


def rules() -> dict[str, str]:
    """All rules of this machine, by family and table."""
    return {
        f"{family} {table}": _output([f"{family}-save", "-t", table])
        for family in FAMILIES
        for table in TABLES
    }


def remove_chains() -> None:
    """Take away the chains of Kubernetes, of the network plugins and our own, and jumps there."""
    for name, saved in rules().items():
        family, _, table = name.partition(" ")
        undo = undoing(saved, table)
        if undo:
            _try([f"{family}-restore", "--noflush"], said=undo)


def undoing(saved: str, table: str) -> str:
    """What `iptables-restore` needs to hear to forget our chains; nothing when there are none."""
    lines = saved.splitlines()
    ours = [line[1:].split()[0] for line in lines if line.startswith(":") and _is_ours(line[1:])]
    jumps = [
        "-D" + line[2:]
        for line in lines
        if line.startswith("-A ") and not _is_ours(line[3:]) and _target(line).startswith(CHAINS)
    ]
    if not (ours or jumps):
        return ""
    # Declaring a chain empties it, so that none is in use when it is deleted.
    declared = [f":{chain} - [0:0]" for chain in ours]
    deleted = [f"-X {chain}" for chain in ours]
    return "\n".join([f"*{table}", *declared, *jumps, *deleted, "COMMIT", ""])


def remove_sets() -> None:
    for name in our_sets():
        _try(["ipset", "destroy", name])


def our_sets() -> list[str]:
    names = _output(["ipset", "list", "-name"]).split()
    return [name for name in names if name.startswith(SETS)]


def pod_cgroups() -> list[Path]:
    """The kubelet's control groups, in each hierarchy."""
    return [path for path in CGROUPS.glob("*/kubepods") if path.is_dir()] + [
        path for path in [CGROUPS / "kubepods"] if path.is_dir()
    ]


def remove_cgroups() -> None:
    """Remove empty groups from the bottom; the kernel needs a moment after the last process."""
    deadline = time.monotonic() + 5
    while pod_cgroups() and time.monotonic() < deadline:
        for top in pod_cgroups():
            for folder, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
        time.sleep(0.05)


def _is_ours(chain: str) -> bool:
    return chain.startswith(CHAINS)


def _target(rule: str) -> str:
    words = rule.split()
    for flag in ("-j", "-g"):
        if flag in words[:-1]:
            return words[words.index(flag) + 1]
    return ""


def _unescaped(path: str) -> str:
    return path.replace(r"\040", " ").replace(r"\011", "\t").replace(r"\134", "\\")


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotGoOn(f"`{' '.join(command)}` failed: {tool.telling_line(done.stderr)}.")


def _try(command: Sequence[str], *, said: str | None = None) -> None:
    """Run what may be done already: whether it is, the comparison at the end tells."""
    subprocess.run(command, capture_output=True, text=True, input=said)


def _output(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout
    except FileNotFoundError:  # then it has no rules either
        return ""
