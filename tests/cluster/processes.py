"""Starting the cluster's processes and ending exactly those, also from a later command."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from atelier.operate import process
from atelier.operate.process import Identity
from tests.cluster.places import Places

PATIENCE_SECONDS = 15.0
# In the environment of what we start, and so of what that starts: names the cluster.
MARK = "ATELIER_TEST_CLUSTER"


def start(places: Places, name: str, command: Sequence[str | Path]) -> None:
    """Start a process and note who it is."""
    made = process.start(
        [str(part) for part in command],
        log=places.log / f"{name}.log",
        environment={**os.environ, MARK: str(places.state)},
    )
    identity = Identity.of(made.pid)
    if identity is not None:  # else it is gone already, and whoever waits for it will say so
        note = _note(places, name)
        temporary = note.with_suffix(".new")
        temporary.write_text(str(identity))
        temporary.replace(note)
    # Whoever starts a process for others to end must not be told off for leaving it.
    made.returncode = 0


def identity_of(places: Places, name: str) -> Identity | None:
    try:
        return Identity.parse(_note(places, name).read_text())
    except FileNotFoundError:
        return None


def is_alive(places: Places, name: str) -> bool:
    identity = identity_of(places, name)
    return identity is not None and identity.is_alive()


def noted(places: Places) -> list[str]:
    """The names of all that was started."""
    return sorted(note.stem for note in places.run.glob("*.process"))


def alive(places: Places) -> list[str]:
    return [name for name in noted(places) if is_alive(places, name)]


def stop(places: Places, name: str, *, with_signal: int = signal.SIGTERM) -> None:
    """End a process and wait until it is gone; nothing to do when it is."""
    identity = identity_of(places, name)
    if identity is not None:
        end([identity], with_signal=with_signal)
    _note(places, name).unlink(missing_ok=True)


def end(identities: Iterable[Identity], *, with_signal: int = signal.SIGTERM) -> None:
    """Signal these very processes, and kill the ones that stay."""
    remaining = list(identities)
    for sent, patience in ((with_signal, PATIENCE_SECONDS), (signal.SIGKILL, 5.0)):
        for identity in remaining:
            _signal(identity, sent)
        remaining = _survivors(remaining, patience)
        if not remaining:
            return


def descendants(pid: int) -> list[Identity]:
    """All living processes below `pid`, itself first."""
    children: dict[int, list[int]] = {}
    for child in _pids():
        parent = _parent_of(child)
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        identity = Identity.of(each)
        if identity is not None:
            found.append(identity)
        waiting += children.get(each, [])
    return found


def marked(places: Places) -> list[Identity]:
    """All living processes of this cluster, also those that no note tells of."""
    mark = f"{MARK}={places.state}".encode()
    found = (Identity.of(pid) for pid in _pids() if mark in _environment(pid))
    return [identity for identity in found if identity is not None]


def _note(places: Places, name: str) -> Path:
    return places.run / f"{name}.process"


def _signal(identity: Identity, number: int) -> None:
    if identity.is_alive():
        with contextlib.suppress(ProcessLookupError):  # it went between the look and the signal
            os.kill(identity.pid, number)


def _survivors(identities: Sequence[Identity], patience: float) -> list[Identity]:
    deadline = time.monotonic() + patience
    remaining = list(identities)
    while remaining and time.monotonic() < deadline:
        remaining = [identity for identity in remaining if identity.is_alive()]
        if remaining:
            time.sleep(0.05)
    return remaining


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def _parent_of(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(text.rpartition(")")[2].split()[1])


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
