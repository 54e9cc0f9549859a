"""Keeps the kernel's rules in step with the cluster's network policies.

Follows namespaces, policies and this node's pods. The network plugin, while it sets up a pod,
waits for our word on a socket, so that the policies hold before the pod's first packet.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
import traceback
from collections.abc import Callable

from tests.cluster import compiled
from tests.cluster.api import Api, Object, follow
from tests.cluster.firewall import Firewall, KernelFilter
from tests.cluster.knowledge import COLLECTIONS, PODS, Knowledge, Lease, leases
from tests.cluster.places import NODE, Places

PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05  # a herd of changes is one change
OK = "ok"


class Enforcer:
    """Three watches and a socket fill the knowledge; one loop brings it into the kernel."""

    def __init__(self, places: Places, firewall: Firewall) -> None:
        self._places = places
        self._firewall = firewall
        self._knowledge = Knowledge()
        self._heard = threading.Condition()  # guards the knowledge
        self._applying = threading.Lock()
        self._wake = threading.Event()

    def run(self) -> None:
        """Follow the cluster until the process ends."""
        for collection in COLLECTIONS:
            _in_background(self._follow, collection)
        _in_background(self._serve)
        while True:
            self._wake.wait()
            self._wake.clear()
            try:
                self.apply()
            except RuntimeError:
                traceback.print_exc()
                time.sleep(1)
                self._wake.set()
            time.sleep(PAUSE_SECONDS)

    def apply(self) -> None:
        """Bring the kernel up to date with what is known now."""
        with self._applying:
            with self._heard:
                if not self._knowledge.is_whole:
                    return
                freed = self._knowledge.take_leases(leases(self._places.leases))
                world = self._knowledge.world()
            self._firewall.apply(compiled.plan(world))
        for address in freed:
            _forget_connections(address)

    def admit(self, lease: Lease) -> str:
        """Put a new pod's policies in force; says ok, or what is missing."""
        with self._heard:
            if not self._heard.wait_for(lambda: self._is_ready_for(lease), PATIENCE_SECONDS):
                return f"the policy enforcer has not heard of pod {'/'.join(lease.pod)} yet"
        self.apply()
        return OK

    def _is_ready_for(self, lease: Lease) -> bool:
        return self._knowledge.is_whole and self._knowledge.knows(lease)

    def _follow(self, collection: str) -> None:
        def replace(items: list[Object]) -> None:
            with self._heard:
                self._knowledge.replace(collection, items)
                self._heard.notify_all()
            self._wake.set()

        def change(event: str, raw: Object) -> None:
            with self._heard:
                self._knowledge.change(collection, event, raw)
                self._heard.notify_all()
            self._wake.set()

        here = {"fieldSelector": f"spec.nodeName={NODE}"} if collection == PODS else {}
        follow(Api(self._places), collection, replace, change, **here)

    def _serve(self) -> None:
        address = self._places.policy_socket
        address.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen(64)
            while True:
                connection, _ = listener.accept()
                _in_background(self._answer, connection)

    def _answer(self, connection: socket.socket) -> None:
        """The plugin names a new lease, or nothing when a pod's network is gone."""
        with connection:
            name = connection.recv(1000).decode().strip()
            if not name:
                self._wake.set()
                return
            word = self.admit(Lease.read(self._places.leases / name))
            with contextlib.suppress(OSError):  # the runtime gave up; it will ask again
                connection.sendall(f"{word}\n".encode())


def _in_background(act: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=act, args=arguments, daemon=True).start()


def _forget_connections(address: str) -> None:
    """The address may soon be somebody else's, whose packets must not pass as replies."""
    for flag in ("--orig-src", "--orig-dst", "--reply-src"):
        subprocess.run(["conntrack", "-D", flag, address], capture_output=True)


def main() -> None:
    Enforcer(Places.of_an_agent(), Firewall(KernelFilter())).run()


if __name__ == "__main__":
    main()
