"""Services that run without their supervisor, after it was killed: found and ended."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from pathlib import Path

from atelier.operate import launch, supervise
from atelier.operate.process import Identity
from atelier.operate.services import Service

PATIENCE_SECONDS = 20.0


def find(run: Path, services: Sequence[Service]) -> dict[str, list[Identity]]:
    """Living processes of an earlier start, by service, in the order of starting.

    Two ways to know one: the launcher noted it, or it carries our mark. PostgreSQL may overwrite
    its environment and a worker of the portal was never noted.
    """
    found: dict[str, list[Identity]] = {service.name: [] for service in services}
    for name, processes in found.items():
        noted = launch.identity_of(run, name)
        if noted is not None and noted.is_alive():
            processes.append(noted)
    for pid, name in launch.marked_processes(run):
        identity = Identity.of(pid)
        if identity is not None and identity not in found.setdefault(name, []):
            found[name].append(identity)
    # The supervisor itself is asked by other means; here it would be a second one.
    return {name: processes for name, processes in found.items() if processes}


def end(run: Path, services: Sequence[Service]) -> list[str]:
    """End them, the last started first; returns their names."""
    found = find(run, services)
    signals = {service.name: signal.Signals[f"SIG{service.stop_signal}"] for service in services}
    for name in reversed(found):
        _end_all(found[name], signals.get(name, signal.SIGTERM))
    return [name for name in found if name != supervise.NAME]


def _end_all(processes: Sequence[Identity], with_signal: signal.Signals) -> None:
    for process in processes:
        if process.is_alive():
            launch.send(process.pid, with_signal)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(process.is_alive() for process in processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in processes:
        if process.is_alive():
            launch.send(process.pid, signal.SIGKILL)
