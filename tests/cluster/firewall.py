"""Our ipsets and iptables chains in the kernel, changed by difference."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from typing import Protocol

from tests.cluster import kernel
from tests.cluster.compiled import FORWARD, INPUT, NO_IPV6, Plan

# A set of an earlier process: there, but nobody knows what it holds.
UNKNOWN = ("", frozenset[str]())


class Filter(Protocol):
    """What of the kernel is needed here."""

    def sets(self) -> Iterable[str]: ...
    def change_sets(self, lines: Sequence[str]) -> None: ...
    def replace_rules(self, text: str) -> None: ...


class KernelFilter:
    """The kernel of this machine."""

    def sets(self) -> Iterable[str]:
        return kernel.our_sets()

    def change_sets(self, lines: Sequence[str]) -> None:
        _feed(["ipset", "restore"], "\n".join([*lines, ""]))

    def replace_rules(self, text: str) -> None:
        _feed(["iptables-restore", "--wait", "--noflush"], text)
        _feed(["ip6tables-restore", "--wait", "--noflush"], NO_IPV6)
        for family in ("iptables", "ip6tables"):
            for chain, ours in (("FORWARD", FORWARD), ("INPUT", INPUT)):
                jump = [chain, "-j", ours]
                if subprocess.run([family, "--wait", "-C", *jump], capture_output=True).returncode:
                    _feed([family, "--wait", "-I", *jump], "")


class Firewall:
    """Holds the last plan, so that a pod's coming changes a few entries only."""

    def __init__(self, to: Filter) -> None:
        self._to = to
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
        if not self._sets:
            self._sets = dict.fromkeys(self._to.sets(), UNKNOWN)
        self._change(additions(self._sets, plan))
        rules = plan.rules_text()
        if rules != self._rules:
            self._to.replace_rules(rules)
            self._rules = rules
        self._change(removals(self._sets, plan))
        self._sets = dict(plan.sets)

    def _change(self, lines: Sequence[str]) -> None:
        if lines:
            self._to.change_sets(lines)


def additions(known: dict[str, tuple[str, frozenset[str]]], plan: Plan) -> list[str]:
    lines = []
    for name, (kind, members) in plan.sets.items():
        before = known.get(name, UNKNOWN)
        if before == UNKNOWN:
            lines += [f"create {name} {kind} -exist", f"flush {name}"]
        lines += [f"add {name} {each} -exist" for each in sorted(members - before[1])]
    return lines


def removals(known: dict[str, tuple[str, frozenset[str]]], plan: Plan) -> list[str]:
    lines = []
    for name, (_, members) in known.items():
        if name not in plan.sets:
            lines.append(f"destroy {name}")
            continue
        wanted = plan.sets[name][1]
        # An entry that turned into a hole, or back, was overwritten and must stay.
        kept = {_bare(each) for each in wanted}
        gone = {_bare(each) for each in members - wanted} - kept
        lines += [f"del {name} {each} -exist" for each in sorted(gone)]
    return lines


def _bare(entry: str) -> str:
    return entry.removesuffix(" nomatch")


def _feed(command: list[str], text: str) -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}\n{text}")
