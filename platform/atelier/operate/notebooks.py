"""Notebook servers seen from here: found by the label the hub's spawner gives their processes."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from pathlib import Path

from atelier.operate.home import Home
from atelier.operate.launch import send
from atelier.operate.process import Identity

# The same label as atelier_spawner.settings gives; a contract test holds them together.
LABEL = "ATELIER_INSTANCE"
PATIENCE_SECONDS = 10.0


def instance_of(home: Home) -> str:
    return hashlib.sha256(str(home.folder).encode()).hexdigest()[:16]


def running(home: Home) -> list[Identity]:
    """Every process of this installation's notebook servers, kernels included."""
    wanted = f"{LABEL}={instance_of(home)}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and wanted in _variables(entry):
            identity = Identity.of(int(entry.name))
            if identity is not None:
                found.append(identity)
    return found


def _variables(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # ended, or another user's
        return []


def leaders(processes: list[Identity]) -> list[Identity]:
    """The servers themselves: each leads a session of its own."""
    return [process for process in processes if _session(process.pid) == process.pid]


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def end(home: Home) -> int:
    """End the servers no hub ends any more; returns how many there were."""
    processes = running(home)
    servers = leaders(processes)
    for server in servers:
        send(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(server.is_alive() for server in servers) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in running(home):
        send(process.pid, signal.SIGKILL)
    return len(servers)
