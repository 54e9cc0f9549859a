"""Whether a server is busy: a kernel computes, or anything below it uses the processor.

Jupyter itself only knows about kernels that execute a cell. A training script in a terminal, a
background thread, a process somebody started with `&`: all of it shows in /proc. What we find is
told to Jupyter as activity, so the hub knows too, and to the portal, which decides about idle
servers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

PROC = Path("/proc")

# A process that uses less than this of one core is waiting, not working.
BUSY_SHARE = 0.05
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """Processor time (seconds) of every process below the server at one moment."""

    at: float
    seconds: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Activity:
    """What the server is doing, in the shape the portal reads."""

    kernels: int = 0
    kernels_busy: int = 0
    terminals: int = 0
    children: int = 0
    cpu_millicores: int | None = None
    memory_bytes: int | None = None
    last_activity: str | None = None

    @property
    def busy(self) -> bool:
        return self.kernels_busy > 0 or self.children > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "busy": self.busy,
            "last_activity": self.last_activity,
            "kernels": self.kernels,
            "kernels_busy": self.kernels_busy,
            "terminals": self.terminals,
            "children": self.children,
            "cpu_millicores": self.cpu_millicores,
            "memory_bytes": self.memory_bytes,
        }


def working(before: Sample | None, after: Sample) -> frozenset[int]:
    """The processes that worked between two samples."""
    if before is None or after.at <= before.at:
        return frozenset()
    period = after.at - before.at
    return frozenset(
        pid
        for pid, seconds in after.seconds.items()
        if (seconds - before.seconds.get(pid, 0.0)) / period >= BUSY_SHARE
    )


def millicores(before: Sample | None, after: Sample) -> int | None:
    """What all of them used between two samples; None until there are two."""
    if before is None or after.at <= before.at:
        return None
    used = sum(
        max(0.0, seconds - before.seconds.get(pid, 0.0)) for pid, seconds in after.seconds.items()
    )
    return round(1000 * used / (after.at - before.at))


def parse_times(raw: str) -> tuple[int, float]:
    """Parent and processor seconds from /proc/<pid>/stat."""
    fields = raw[raw.rindex(")") + 2 :].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def descendants(root: int, parents: Mapping[int, int]) -> frozenset[int]:
    """All processes below one."""
    found: set[int] = set()
    waiting = {root}
    while waiting:
        waiting = {pid for pid, parent in parents.items() if parent in waiting} - found
        found |= waiting
    return frozenset(found)


def sample(root: int) -> Sample:
    """Look at everything below a process."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (raw := _read(entry / "stat")):
            pid = int(entry.name)
            parents[pid], seconds[pid] = parse_times(raw)
    below = descendants(root, parents)
    return Sample(time.monotonic(), {pid: seconds[pid] for pid in below})


def memory_of(pids: Iterable[int]) -> int:
    """Proportional memory of some processes: what they share counts once."""
    return sum(_pss(pid) for pid in pids)


def _pss(pid: int) -> int:
    for line in _read(PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    """A file of /proc; empty when its process is gone or is not ours to look at."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


@dataclass
class Watcher:
    """Looks at one server from within, again and again."""

    settings: dict[str, Any]  # of the tornado application
    last_activity: Any  # callable: when Jupyter last did something
    root: int = field(default_factory=os.getpid)
    _before: Sample | None = None

    def look(self, now: datetime) -> Activity:
        """What the server does; being busy is noted as activity in Jupyter's own books."""
        after = sample(self.root)
        kernels = self.settings["kernel_manager"].list_kernels()
        busy_kernels = sum(kernel["execution_state"] == "busy" for kernel in kernels)
        children = len(working(self._before, after))
        if busy_kernels or children:
            self.settings["last_activity_times"]["atelier"] = now
        terminals = self.settings.get("terminal_manager")
        before, self._before = self._before, after
        return Activity(
            kernels=len(kernels),
            kernels_busy=busy_kernels,
            terminals=len(terminals.list()) if terminals is not None else 0,
            children=children,
            cpu_millicores=millicores(before, after),
            memory_bytes=memory_of((*after.seconds, self.root)),
            last_activity=self.last_activity().isoformat(),
        )
