"""Processes of the local home: who is who, finding them again, ending them all.

A pid alone says nothing after a hub restart: numbers are reused. A process is pid + start time +
boot id, and everything a server started carries the server's labels in its environment, so that
one whose pid was never written down can still be found.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROC = Path("/proc")

LABEL_SPAWN = "ATELIER_SPAWN_ID"
LABEL_SERVER = "ATELIER_SERVER"
LABEL_INSTANCE = "ATELIER_INSTANCE"

# A label must sit in the first part of a process's environment: reading more of what a user
# controls buys nothing.
ENVIRON_LIMIT = 128 * 1024


@dataclass(frozen=True, slots=True)
class Identity:
    """One process on this machine, for as long as the machine is up."""

    pid: int
    start_ticks: int
    boot_id: str

    def to_json(self) -> dict[str, Any]:
        return {"pid": self.pid, "start_ticks": self.start_ticks, "boot_id": self.boot_id}

    @classmethod
    def from_json(cls, raw: object) -> Identity | None:
        """Read one back from a hub's database; None for what is not one."""
        if not isinstance(raw, dict):
            return None
        pid, ticks, boot = raw.get("pid"), raw.get("start_ticks"), raw.get("boot_id")
        if isinstance(pid, int) and isinstance(ticks, int) and isinstance(boot, str) and pid > 1:
            return cls(pid, ticks, boot)
        return None


@dataclass(frozen=True, slots=True)
class Stat:
    """The few fields of /proc/<pid>/stat we decide by."""

    pid: int
    state: str
    parent: int
    session: int
    start_ticks: int

    @property
    def is_dead(self) -> bool:
        """Zombies hold a number and nothing else."""
        return self.state in {"Z", "X"}


@cache
def boot_id() -> str:
    return (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()


def parse_stat(raw: str) -> Stat:
    """Parse /proc/<pid>/stat. The command name may hold spaces and brackets, so cut after it."""
    pid, _, _ = raw.partition(" ")
    fields = raw[raw.rindex(")") + 2 :].split()
    return Stat(
        pid=int(pid),
        state=fields[0],
        parent=int(fields[1]),
        session=int(fields[3]),
        start_ticks=int(fields[19]),
    )


def stat_of(pid: int) -> Stat | None:
    """The process's state, or None when there is none. Other failures are raised: unseen is
    not gone."""
    try:
        return parse_stat((PROC / str(pid) / "stat").read_text("utf-8", "replace"))
    except (FileNotFoundError, ProcessLookupError):
        return None


def identify(pid: int) -> Identity | None:
    """The identity of a running process."""
    stat = stat_of(pid)
    if stat is None:
        return None
    return Identity(pid, stat.start_ticks, boot_id())


def is_alive(identity: Identity) -> bool:
    """Whether this very process still runs."""
    if identity.boot_id != boot_id():
        return False
    stat = stat_of(identity.pid)
    return stat is not None and not stat.is_dead and stat.start_ticks == identity.start_ticks


def labels_of(pid: int) -> Mapping[str, str]:
    """A process's ATELIER_ labels; empty for one that ended or that we may not look at."""
    try:
        with (PROC / str(pid) / "environ").open("rb") as file:
            raw = file.read(ENVIRON_LIMIT)
    except OSError:
        return {}
    pairs = (entry.partition(b"=") for entry in raw.split(b"\0") if entry.startswith(b"ATELIER_"))
    return {
        key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, _, value in pairs
    }


def all_stats() -> Iterator[Stat]:
    """Every process there is; those that end meanwhile are skipped."""
    for entry in os.scandir(PROC):
        if not entry.name.isdigit():
            continue
        stat = stat_of(int(entry.name))
        if stat is not None and not stat.is_dead:
            yield stat


def find_leader(spawn_id: str, instance: str) -> Identity | None:
    """The session leader a spawn made, when nobody wrote its pid down.

    A kernel carries the labels too and leads a session of its own; the server is the one whose
    parent does not carry them.
    """
    labelled = {
        stat.pid: stat
        for stat in all_stats()
        if _has(labels_of(stat.pid), spawn_id=spawn_id, instance=instance)
    }
    for stat in labelled.values():
        if stat.session == stat.pid and stat.parent not in labelled:
            return Identity(stat.pid, stat.start_ticks, boot_id())
    return None


def _has(labels: Mapping[str, str], *, spawn_id: str, instance: str) -> bool:
    return labels.get(LABEL_SPAWN) == spawn_id and labels.get(LABEL_INSTANCE) == instance


def family(spawn_id: str, instance: str, leader: Identity | None) -> frozenset[int]:
    """Everything that belongs to a spawn: labelled, in the leader's session, or a descendant of
    either."""
    stats = list(all_stats())
    roots = {
        stat.pid
        for stat in stats
        if _has(labels_of(stat.pid), spawn_id=spawn_id, instance=instance)
    }
    if leader is not None and is_alive(leader):
        roots.add(leader.pid)
        roots.update(stat.pid for stat in stats if stat.session == leader.pid)
    return with_descendants(roots, stats) - {os.getpid()}


def with_descendants(roots: Collection[int], stats: Iterable[Stat]) -> frozenset[int]:
    """The given processes and all that descend from them."""
    children: dict[int, list[int]] = {}
    for stat in stats:
        children.setdefault(stat.parent, []).append(stat.pid)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting.extend(children.get(pid, ()))
    return frozenset(found)


def signal_pid(pid: int, number: int) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def signal_group(leader: Identity, number: int) -> None:
    """Signal the process group of a leader, if it is still that leader."""
    if not is_alive(leader):
        return
    try:
        os.killpg(leader.pid, number)
    except ProcessLookupError:
        return


async def kill_family(
    spawn_id: str, instance: str, leader: Identity | None, *, rounds: int = 20
) -> bool:
    """SIGKILL everything a spawn left, again until a look finds nothing; whether it is gone."""
    for _ in range(rounds):
        members = family(spawn_id, instance, leader)
        if not members:
            return True
        for pid in members:
            signal_pid(pid, signal.SIGKILL)
        # Killed processes leave /proc within a tick; forks that raced us show in the next look.
        await asyncio.sleep(0.05)
    return not family(spawn_id, instance, leader)


async def wait_for_end(identity: Identity, timeout: float, *, interval: float = 0.1) -> bool:
    """Wait until a process is gone; whether it is.

    Woken by the kernel through a pidfd; where there is none, by looking now and then.
    """
    deadline = time.monotonic() + timeout
    with _Ended(identity.pid) as ended:
        while is_alive(identity):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            await ended.wait(min(left, interval if ended.blind else left))
    return True


class _Ended:
    """An event that the kernel sets when a process ends."""

    def __init__(self, pid: int) -> None:
        self._event = asyncio.Event()
        self._fd = _pidfd(pid)
        self.blind = self._fd is None

    def __enter__(self) -> _Ended:
        if self._fd is not None:
            asyncio.get_running_loop().add_reader(self._fd, self._fired)
        return self

    def __exit__(self, *_: object) -> None:
        if self._fd is not None:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = None

    def _fired(self) -> None:
        # A pidfd stays readable until the zombie is reaped: from here on, look at intervals.
        self._event.set()
        self.blind = True
        if self._fd is not None:
            asyncio.get_running_loop().remove_reader(self._fd)

    async def wait(self, timeout: float) -> None:
        if self._event.is_set():
            await asyncio.sleep(min(timeout, 0.01))
            return
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            return


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
