"""From inside real pods of a project: what must not be reached is not, what must be is (S7).

Every connection that is to fail is first made from a pod without policies, where it succeeds: a
test that could not fail would prove nothing.
"""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from atelier.accounts.models import User
from atelier.projects.models import Project
from atelier.tenancy import services
from tests.atelier.tenancy.conftest import Founded, Installation
from tests.atelier.tenancy.test_places import a_workload
from tests.cluster.cluster import Cluster

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

NODE_BRIDGE = "atelier0"
METADATA = "169.254.169.254"
# An address of the internet, which this machine plays: nothing is sent out.
INTERNET = "20.7.113.7"
BANNER = b"here\n"
PROBE_SECONDS = 4
PATIENCE_SECONDS = 120
LISTEN = "while true; do echo here | nc -l -p {port} >/dev/null 2>&1; done"

Target = tuple[str, int]


# --- the machine's side --------------------------------------------------------------------------


class _Greeter(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(BANNER)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def listening(address: str, handler: Any = _Greeter, port: int = 0) -> Iterator[int]:
    """Somebody answers at this address of the machine; yields the port."""
    with _Server((address, port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


class _ToDatabase(socketserver.BaseRequestHandler):
    """Passes on to the tests' PostgreSQL, which asks for nothing but a start-up message."""

    def handle(self) -> None:
        parts = urlsplit(os.environ["ATELIER_DATABASE_URL"])
        with socket.create_connection((parts.hostname or "", parts.port or 0), 5) as database:
            # An SSLRequest; every PostgreSQL answers it with one letter.
            database.sendall(bytes.fromhex("0000000804d2162f"))
            self.request.sendall(b"postgresql " + database.recv(1) + b"\n")


@contextlib.contextmanager
def address_of_our_own(address: str) -> Iterator[None]:
    """The machine has this address as well for a while."""
    add = subprocess.run(
        ["ip", "addr", "add", f"{address}/32", "dev", NODE_BRIDGE], capture_output=True, text=True
    )
    if add.returncode != 0 and "exists" not in add.stderr:
        pytest.skip(f"this machine cannot take the address {address}: {add.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(
            ["ip", "addr", "del", f"{address}/32", "dev", NODE_BRIDGE], capture_output=True
        )


def ports_open_at(address: str) -> list[int]:
    """Return the TCP ports of this machine that listen at the address or everywhere."""
    wanted = {"0" * 8, "0" * 32, socket.inet_aton(address)[::-1].hex().upper()}
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            host, port = local.split(":")
            if state == "0A" and host in wanted:
                found.add(int(port, 16))
    return sorted(found)


# --- the pods' side ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pod:
    """A real pod that may be asked to try connections."""

    cluster: Cluster
    namespace: str
    name: str
    address: str

    def run(self, script: str) -> str:
        return self.cluster.run_kubectl(
            "-n", self.namespace, "exec", self.name, "--", "/bin/sh", "-c", script
        )

    def reaches(self, targets: list[Target]) -> set[Target]:
        """Return those of the targets to which a connection can be made, all tried at once."""
        found: set[Target] = set()
        for some in (targets[i : i + 12] for i in range(0, len(targets), 12)):
            tries = " ".join(
                f"(timeout {PROBE_SECONDS} nc {host} {port} </dev/null >/dev/null 2>&1"
                f" && echo {host} {port}) &"
                for host, port in some
            )
            lines = self.run(f"{tries} wait").splitlines()
            found |= {(host, int(port)) for host, port in (line.split() for line in lines)}
        return found


def start(cluster: Cluster, namespace: str, name: str, **labels: str) -> Pod:
    """A pod as a project has them, which listens at 8080 and 8888."""
    listeners = " & ".join(LISTEN.format(port=port) for port in (8080, 8888))
    cluster.core.create_namespaced_pod(
        namespace,
        {
            "metadata": {"name": name, "labels": labels},
            "spec": {
                "automountServiceAccountToken": False,
                "terminationGracePeriodSeconds": 0,
                "securityContext": {
                    "runAsNonRoot": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "containers": [
                    {
                        "name": "main",
                        "image": cluster.busybox,
                        "args": ["-c", listeners],
                        "securityContext": {
                            "allowPrivilegeEscalation": False,
                            "capabilities": {"drop": ["ALL"]},
                        },
                    }
                ],
            },
        },
        _request_timeout=30,
    )
    until(lambda: _status(cluster, namespace, name).phase == "Running")
    return Pod(cluster, namespace, name, _status(cluster, namespace, name).pod_ip)


def _status(cluster: Cluster, namespace: str, name: str) -> Any:
    return cluster.core.read_namespaced_pod(name, namespace, _request_timeout=30).status


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.3)


def reached(pod: Pod, targets: list[Target]) -> set[Target]:
    """Return what the pod reaches, asked again for what a busy machine was slow to answer."""
    found = pod.reaches(targets)
    for _ in range(8):
        if missing := [target for target in targets if target not in found]:
            found |= pod.reaches(missing)
    return found


@pytest.fixture
def free_pod(cluster: Cluster) -> Iterator[Pod]:
    """A pod where nothing is forbidden."""
    with cluster.namespace("tenancy-free") as namespace:
        yield start(cluster, namespace, "free")


@dataclass(frozen=True, slots=True)
class Ground:
    """Two projects, and a machine that answers as portal, hub and as what is none of theirs."""

    a: Project
    b: Project
    portal: Target
    hub: Target
    database: Target
    other: Target


@pytest.fixture
def ground(cluster: Cluster, installation: Installation, founded: Founded) -> Iterator[Ground]:
    here = cluster.pod_address
    with (
        listening(here) as portal,
        listening(here) as hub,
        listening(here, _ToDatabase) as database,
        listening("0.0.0.0") as other,
    ):
        installation.settings.ATELIER_PLATFORM_PEERS = [
            {"cidr": f"{here}/32", "egress_ports": [portal, hub], "ingress": True}
        ]
        yield Ground(
            founded("A"), founded("B"),
            (here, portal), (here, hub), (here, database), (here, other),
        )  # fmt: skip


# --- what must not be reached --------------------------------------------------------------------


def test_s07_from_a_project_nothing_of_others_is_reached(
    cluster: Cluster, ground: Ground, free_pod: Pod
) -> None:
    mine = start(cluster, ground.a.namespace, "mine", **{"atelier.dev/workload": "w1"})
    like_mine = start(cluster, ground.b.namespace, "same", **{"atelier.dev/workload": "w1"})
    notebook = start(
        cluster, ground.b.namespace, "notebook", **{"app.kubernetes.io/component": "notebook"}
    )
    beside = start(cluster, ground.a.namespace, "beside", **{"atelier.dev/workload": "w2"})
    api = urlsplit(cluster.url)
    of_pods = [
        (pod.address, port) for pod in (like_mine, notebook, beside) for port in (8080, 8888)
    ]
    of_platform = [ground.database, ground.other, (api.hostname or "", api.port or 0)]
    service = [("10.96.0.1", 443)]

    with address_of_our_own(METADATA), listening(METADATA, port=80):
        # The policies of project B keep even a free pod out of its pods: try those from B's side.
        outside = [*of_platform, *service, (METADATA, 80)]
        assert reached(free_pod, outside) == set(outside)
        assert mine.reaches([*outside, *of_pods]) == set()


def test_s07_another_project_is_kept_out_by_both_sides(
    cluster: Cluster, ground: Ground, free_pod: Pod, installation: Installation
) -> None:
    mine = start(cluster, ground.a.namespace, "mine")
    theirs = start(cluster, ground.b.namespace, "theirs")
    target = [(theirs.address, 8888)]

    assert mine.reaches(target) == set()
    assert free_pod.reaches(target) == set()  # their side

    remove_policies(installation, ground.b)
    assert reached(free_pod, target) == set(target)  # there is nothing else in between
    assert mine.reaches(target) == set()  # my side

    remove_policies(installation, ground.a)
    assert reached(mine, target) == set(target)

    services.sweep()
    until(lambda: mine.reaches(target) == set())


def remove_policies(installation: Installation, project: Project) -> None:
    for policy in installation.admin.list("networkpolicies", project.namespace):
        installation.admin.delete("networkpolicies", project.namespace, policy["metadata"]["name"])


def test_s07_no_port_of_the_machine_answers_but_those_that_are_to(
    cluster: Cluster, ground: Ground, free_pod: Pod
) -> None:
    mine = start(cluster, ground.a.namespace, "mine")
    everything = [(cluster.pod_address, p) for p in ports_open_at(cluster.pod_address)]
    open_to_all = reached(free_pod, everything)
    assert {ground.portal, ground.hub, ground.database, ground.other} <= open_to_all
    forbidden = sorted(open_to_all - {ground.portal, ground.hub})

    assert mine.reaches(forbidden) == set()


def test_s07_the_machine_is_not_reached_by_its_other_addresses(
    cluster: Cluster, ground: Ground, free_pod: Pod
) -> None:
    mine = start(cluster, ground.a.namespace, "mine")
    others = [(address, ground.other[1]) for address in other_addresses(cluster)]
    assert reached(free_pod, others) == set(others)

    assert mine.reaches(others) == set()


def other_addresses(cluster: Cluster) -> list[str]:
    shown = subprocess.run(
        ["ip", "-4", "-o", "addr"], capture_output=True, text=True, check=True
    ).stdout
    every = [line.split()[3].partition("/")[0] for line in shown.splitlines()]
    away = ("127.", cluster.pod_address, INTERNET, METADATA)
    return [address for address in every if not address.startswith(away)]


# --- what must be reached ------------------------------------------------------------------------


def test_s07_the_platform_is_reached(cluster: Cluster, ground: Ground) -> None:
    mine = start(cluster, ground.a.namespace, "mine")

    assert reached(mine, [ground.portal, ground.hub]) == {ground.portal, ground.hub}


def test_s07_names_are_found(cluster: Cluster, ground: Ground) -> None:
    mine = start(cluster, ground.a.namespace, "mine")

    def found() -> bool:
        asked = "timeout 10 nslookup kubernetes.default.svc.cluster.local 2>&1 || true"
        return "10.96.0.1" in mine.run(asked)

    until(found)


def test_s07_members_of_one_workload_reach_each_other_and_nobody_else_does(
    cluster: Cluster, ground: Ground, lead: User
) -> None:
    workload = a_workload(ground.a, lead, replicas=2)
    services.ensure(ground.a.pk)
    mark = {"atelier.dev/workload": workload.pk}
    first = start(cluster, ground.a.namespace, "first", **mark)
    second = start(cluster, ground.a.namespace, "second", **mark)
    beside = start(cluster, ground.a.namespace, "beside")
    target = [(second.address, 8080)]

    assert reached(first, target) == set(target)
    assert beside.reaches(target) == set()


def test_s07_the_internet_is_reached_where_the_project_may(
    cluster: Cluster, ground: Ground, admin: User
) -> None:
    mine = start(cluster, ground.a.namespace, "mine")
    with address_of_our_own(INTERNET), listening(INTERNET) as port:
        target = [(INTERNET, port)]
        assert reached(mine, target) == set(target)

        services.set_internet(actor=admin, project=ground.a, allowed=False)
        services.ensure(ground.a.pk)
        until(lambda: mine.reaches(target) == set())
