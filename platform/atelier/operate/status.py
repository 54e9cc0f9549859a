"""`make status` and `make logs`: what runs, since when, with how much memory, and what it says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from atelier.operate import leftovers, supervise
from atelier.operate.console import say
from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation
from atelier.operate.supervise import ProcessState

COLUMNS = "{:<14} {:<11} {:>8} {:>9}  {}"
LINES_SHOWN = 200


def status(here: Installation) -> None:
    """Print one line for each process."""
    if not here.home.exists:
        say("Nothing has been set up here yet: `make up` does it.")
        return
    states = current_states(here)
    say(COLUMNS.format("PROCESS", "STATE", "PID", "MEMORY", "ADDRESS"))
    total = 0
    for service in here.services:
        state = states.get(service.name)
        pid = state.pid if state else 0
        memory = tree_memory(pid) if pid else 0
        total += memory
        say(
            COLUMNS.format(
                service.name,
                state.state.lower() if state else "stopped",
                pid or "-",
                f"{memory / 2**20:.0f} MB" if pid else "-",
                service.address,
            )
        )
    say(COLUMNS.format("", "", "", f"{total / 2**20:.0f} MB", "in all"))
    if not states:
        say("\nAtelier is not running: `make up` starts it.")
    elif not here.supervisor.is_running():
        say("\nNothing looks after these: their supervisor is gone. `make up` puts that right.")


def current_states(here: Installation) -> dict[str, ProcessState]:
    """What the supervisor says; without one, what an earlier one left running."""
    if here.supervisor.is_running():
        return here.supervisor.states()
    found = leftovers.find(here.home.run, here.services)
    return {
        name: ProcessState(name, "UNATTENDED", processes[0].pid, "")
        for name, processes in found.items()
    }


def tree_memory(pid: int) -> int:
    """Proportional memory of a process and all below it, in bytes."""
    children = children_by_parent()
    waiting, total = [pid], 0
    while waiting:
        process = waiting.pop()
        total += _proportional_memory(process)
        waiting += children.get(process, [])
    return total


def children_by_parent() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            found.setdefault(_parent(entry), []).append(int(entry.name))
    return found


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):  # ended meanwhile
        return 0


def _proportional_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def logs(here: Installation, name: str, *, follow: bool) -> None:
    """Show the end of a service's log; with `follow` go on until Ctrl-C."""
    known = [service.name for service in here.services] if here.home.exists else []
    path = supervise.log_of(here.home, name)
    if name not in {*known, supervise.NAME}:
        raise CannotGoOn(f"SERVICE={name or '…'}: use one of {', '.join(known) or 'none yet'}.")
    if not path.is_file():
        raise CannotGoOn(f"{name} has written no log yet: `make up` starts it.")
    sys.stdout.flush()
    command = ["tail", "-n", str(LINES_SHOWN), *(["-F"] if follow else []), str(path)]
    os.execvp(command[0], command)
