"""What the test cluster needs of a machine: checked first, each lack said in one sentence."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from atelier.operate import debian
from atelier.operate.errors import CannotGoOn
from tests.cluster import components
from tests.cluster.containerd import DEBIAN_PLUGINS
from tests.cluster.places import LONGEST_STATE_PATH, Places

# What shows that a Debian package is there: a command or a file.
PACKAGES = {
    "containerd": "containerd",
    "runc": "runc",
    "containernetworking-plugins": str(DEBIAN_PLUGINS / "bridge"),
    "etcd-server": "etcd",
    "iproute2": "ip",
    "iptables": "iptables",
    "ipset": "ipset",
    "conntrack": "conntrack",
    "ebtables": "ebtables",
    "socat": "socat",
    "mount": "mount",
    "openssl": "openssl",
    "busybox-static": "/bin/busybox",
    "gcc": "cc",
    "libc6-dev": "/usr/include/stdlib.h",
}
SBIN = ("/usr/sbin", "/sbin")
# Tells Debian's packages not to start their services: we run our own.
POLICY = Path("/usr/sbin/policy-rc.d")


def check(places: Places) -> None:
    """Refuse a machine or user that cannot work; install packages that are missing."""
    refuse_other_machines(platform.system(), platform.machine())
    refuse_other_users(os.geteuid())
    refuse_long_paths(places)
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *SBIN])
    install(missing_packages())


def refuse_other_machines(system: str, machine: str) -> None:
    if (system, machine) != ("Linux", "x86_64"):
        raise CannotGoOn(
            f"The test cluster runs on Linux x86-64 and this is {system} {machine}: use a virtual "
            "machine, or point ATELIER_TEST_KUBECONFIG at a cluster of yours."
        )


def refuse_other_users(user: int) -> None:
    if user != 0:
        raise CannotGoOn(
            "The test cluster needs root (it makes network interfaces, mounts and containers): run "
            "the command with sudo, or point ATELIER_TEST_KUBECONFIG at a cluster of yours."
        )


def refuse_long_paths(places: Places) -> None:
    if len(str(places.state)) > LONGEST_STATE_PATH:
        raise CannotGoOn(
            f"{places.state} is too long a path for the sockets of the test cluster: choose a "
            f"folder of at most {LONGEST_STATE_PATH} characters with ATELIER_CLUSTER_HOME."
        )


def missing_packages() -> list[str]:
    return [package for package, sign in PACKAGES.items() if not _is_there(sign)]


def install(packages: list[str]) -> None:
    if not packages:
        return
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise CannotGoOn(
            f"The test cluster needs {', '.join(packages)} (Debian's names), and this machine has "
            f"no apt-get to install them with: on Debian it would be `{command}`."
        )
    with _services_left_alone():
        debian.install(*packages)


def refuse_used_ports(places: Places) -> None:
    """Somebody else's etcd or Kubernetes on this machine: two do not fit."""
    for component in components.everything(places):
        for port, address in component.ports.items():
            if is_used(port, address):
                raise CannotGoOn(
                    f"Port {port}, which {component.name} of the test cluster needs, is in use: "
                    "another Kubernetes seems to run on this machine; stop it (`make "
                    "cluster-down`, with its ATELIER_CLUSTER_HOME if it has another) and try again."
                )


def is_used(port: int, address: str) -> bool:
    """Whether anybody listens there, or on all addresses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            # The node's own address comes with the cluster: then all addresses are asked.
            return error.errno != errno.EADDRNOTAVAIL or is_used(port, "0.0.0.0")
    return False


def _is_there(sign: str) -> bool:
    if sign.startswith("/"):
        return Path(sign).exists()
    return shutil.which(sign) is not None


@contextlib.contextmanager
def _services_left_alone() -> Iterator[None]:
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)
