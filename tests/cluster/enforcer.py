"""Keeps the kernel's rules in step with the cluster's network policies.

Follows namespaces, policies and this node's pods. A pod's address comes from its lease, which the
network plugin writes while the pod is being set up; the plugin then waits for our word on a
socket, so that the policies hold before the pod's first packet.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from tests.cluster import compiled, kernel, policy
from tests.cluster.api import Api, Object, follow
from tests.cluster.compiled import FORWARD, INPUT, NO_IPV6, Plan
from tests.cluster.places import NODE, Places
from tests.cluster.policy import Labels, Pod, Policy, World

NAMESPACES = "/api/v1/namespaces"
PODS = "/api/v1/pods"
POLICIES = "/apis/networking.k8s.io/v1/networkpolicies"
PATIENCE_SECONDS = 10.0
Key = tuple[str, str]  # namespace and name
Lease = Mapping[str, str]


class Firewall:
    """Our sets and chains in the kernel, changed by difference."""

    def __init__(self) -> None:
        self._sets: dict[str, tuple[str, frozenset[str]]] = {}
        self._rules = ""

    def apply(self, plan: Plan) -> None:
        """Sets grow before the rules change and shrink after: nothing allowed is cut meanwhile."""
        try:
            self._apply(plan)
        except RuntimeError:
            self._sets, self._rules = {}, ""  # nobody knows what is there: all of it anew
            raise

    def _apply(self, plan: Plan) -> None:
        if not self._sets:  # what an earlier process left is replaced, not opened
            self._sets = {name: ("", frozenset()) for name in kernel.our_sets()}
        self._tell_sets(self._additions(plan))
        rules = plan.rules_text()
        if rules != self._rules:
            _feed(["iptables-restore", "--wait", "--noflush"], rules)
            self._enter()
            self._rules = rules
        self._tell_sets(self._removals(plan))
        self._sets = dict(plan.sets)

    def _additions(self, plan: Plan) -> list[str]:
        lines = []
        for name, (kind, members) in plan.sets.items():
            known = self._sets.get(name)
            if known is None or not known[0]:
                lines += [f"create {name} {kind} -exist", f"flush {name}"]
            lines += [f"add {name} {each} -exist" for each in members - _members(known)]
        return lines

    def _removals(self, plan: Plan) -> list[str]:
        lines = []
        for name, known in self._sets.items():
            if name not in plan.sets:
                lines.append(f"destroy {name}")
                continue
            wanted = plan.sets[name][1]
            # An entry that turned into a hole, or back, was overwritten and must stay.
            kept = {_bare(each) for each in wanted}
            gone = {_bare(each) for each in known[1] - wanted} - kept
            lines += [f"del {name} {each} -exist" for each in gone]
        return lines

    def _tell_sets(self, lines: list[str]) -> None:
        if lines:
            _feed(["ipset", "restore"], "\n".join([*lines, ""]))

    def _enter(self) -> None:
        """Let the kernel's chains come by ours first."""
        _feed(["ip6tables-restore", "--wait", "--noflush"], NO_IPV6)
        for family in ("iptables", "ip6tables"):
            for chain, ours in (("FORWARD", FORWARD), ("INPUT", INPUT)):
                jump = [chain, "-j", ours]
                if subprocess.run([family, "--wait", "-C", *jump], capture_output=True).returncode:
                    _feed([family, "--wait", "-I", *jump], "")


class Enforcer:
    """What is known of the cluster, and the firewall that follows it."""

    def __init__(self, places: Places, firewall: Firewall) -> None:
        self._places = places
        self._firewall = firewall
        self._namespaces: dict[str, Labels] = {}
        self._pods: dict[Key, Object] = {}
        self._policies: dict[Key, Policy] = {}
        self._listed: set[str] = set()
        self._leases: dict[str, Lease] = {}
        self._knowledge = threading.Condition()
        self._applying = threading.Lock()
        self._wake = threading.Event()

    def run(self) -> None:
        """Follow the cluster until the process ends."""
        on_this_node = {"fieldSelector": f"spec.nodeName={NODE}"}
        for path, known, read, query in (
            (NAMESPACES, self._namespaces, policy.namespace_labels, {}),
            (POLICIES, self._policies, Policy.parse, {}),
            (PODS, self._pods, lambda raw: raw, on_this_node),
        ):
            self._follow(path, known, read, query)
        threading.Thread(target=self._serve, daemon=True).start()
        while True:
            self._wake.wait()
            self._wake.clear()
            try:
                self.apply()
            except RuntimeError:
                traceback.print_exc()
                time.sleep(1)
                self._wake.set()
            time.sleep(0.05)  # a herd of changes is one change

    def apply(self) -> None:
        """Bring the kernel up to date with what is known now."""
        with self._applying:
            with self._knowledge:
                if len(self._listed) < 3:  # half a picture would open what must be closed
                    return
                self._read_leases()
                world = self._world()
            self._firewall.apply(compiled.plan(world))

    def _world(self) -> World:
        pods = [self._pod(lease) for lease in self._leases.values()]
        return World(self._namespaces, pods, list(self._policies.values()))

    def _pod(self, lease: Lease) -> Pod:
        raw = self._pods.get((lease["namespace"], lease["name"]))
        if raw is None:  # deleted in the API, its last containers still ending
            return Pod(lease["namespace"], lease["name"], lease["address"])
        return policy.pod(raw, address=lease["address"])

    def _read_leases(self) -> None:
        found = {}
        for file in self._places.leases.iterdir():
            if not file.name.startswith("."):
                found[file.name] = json.loads(file.read_text())
        for name, lease in self._leases.items():
            if name not in found:
                _forget_connections(lease["address"])
        self._leases = found
        held = {(lease["namespace"], lease["name"]) for lease in found.values()}
        for key in [k for k, raw in self._pods.items() if "gone" in raw and k not in held]:
            del self._pods[key]

    def _follow(
        self,
        path: str,
        known: dict[Any, Any],
        read: Callable[[Object], object],
        query: Mapping[str, str],
    ) -> None:
        def key(raw: Object) -> object:
            name, namespace = raw["metadata"]["name"], raw["metadata"].get("namespace")
            return (namespace, name) if namespace else name

        def replace(items: list[Object]) -> None:
            with self._knowledge:
                listed = {key(raw): read(raw) for raw in items}
                kept = {k: _gone(v) for k, v in known.items() if k not in listed}
                known.clear()
                known.update(listed | (kept if path == PODS else {}))
                self._listed.add(path)
                self._knowledge.notify_all()
            self._wake.set()

        def change(kind: str, raw: Object) -> None:
            with self._knowledge:
                if kind != "DELETED":
                    known[key(raw)] = read(raw)
                elif path == PODS:
                    known[key(raw)] = _gone(raw)  # its policies hold until its address is free
                else:
                    known.pop(key(raw), None)
                self._knowledge.notify_all()
            self._wake.set()

        api = Api(self._places)
        arguments = (api, path, replace, change)
        threading.Thread(target=follow, args=arguments, kwargs=query, daemon=True).start()

    def _serve(self) -> None:
        address = self._places.policy_socket
        address.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen(64)
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            name = connection.recv(1000).decode().strip()
            if not name:  # a pod is gone
                self._wake.set()
                return
            word = self._admit(name)
            with contextlib.suppress(OSError):  # the runtime gave up; it will ask again
                connection.sendall(f"{word}\n".encode())

    def _admit(self, name: str) -> str:
        """Put a new pod's policies in force; says ok, or what is missing."""
        lease = json.loads((self._places.leases / name).read_text())
        key = (lease["namespace"], lease["name"])

        def is_known() -> bool:
            raw = self._pods.get(key)
            uid = lease["uid"]
            return (
                raw is not None
                and "gone" not in raw
                and (not uid or uid == raw["metadata"]["uid"])
                and len(self._listed) == 3
            )

        with self._knowledge:
            if not self._knowledge.wait_for(is_known, PATIENCE_SECONDS):
                return f"the policy enforcer has not heard of pod {'/'.join(key)} yet"
        self.apply()
        return "ok"


def _gone(raw: Any) -> Any:
    return {**raw, "gone": True} if isinstance(raw, dict) else raw


def _bare(entry: str) -> str:
    return entry.removesuffix(" nomatch")


def _members(known: tuple[str, frozenset[str]] | None) -> frozenset[str]:
    return known[1] if known else frozenset()


def _forget_connections(address: str) -> None:
    """The address may soon be somebody else's, whose packets must not pass as replies."""
    for flag in ("--orig-src", "--orig-dst", "--reply-src"):
        subprocess.run(["conntrack", "-D", flag, address], capture_output=True)


def _feed(command: list[str], text: str) -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}\n{text}")


def main() -> None:
    Enforcer(Places.of_an_agent(), Firewall()).run()


if __name__ == "__main__":
    main()
