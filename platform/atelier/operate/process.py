"""Starting and stopping one process, and telling it from a later one with the same pid."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atelier.operate.unix_user import UnixUser

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Identity:
    """Names one process for ever: pids come back, these three together do not."""

    pid: int
    start_ticks: int
    boot_id: str

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The identity of a living process; None when there is none (or only a zombie)."""
        ticks = _start_ticks(pid)
        return None if ticks is None else cls(pid, ticks, boot_id())

    def is_alive(self) -> bool:
        return Identity.of(self.pid) == self

    def __str__(self) -> str:
        return f"{self.pid} {self.start_ticks} {self.boot_id}"

    @classmethod
    def parse(cls, text: str) -> Identity | None:
        """Read back `str(identity)`; None for anything else, such as a half-written file."""
        fields = text.split()
        if len(fields) != 3 or not (fields[0].isdecimal() and fields[1].isdecimal()):
            return None
        return cls(int(fields[0]), int(fields[1]), fields[2])


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _start_ticks(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command name may hold spaces and brackets; what follows the last bracket is regular.
    fields = text.rpartition(")")[2].split()
    state, start_ticks = fields[0], fields[19]
    return None if state in "ZX" else int(start_ticks)


def start(
    command: Sequence[str],
    *,
    log: Path,
    run_as: UnixUser | None = None,
    environment: Mapping[str, str] | None = None,
    dies_with_parent: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a server in its own session (a Ctrl-C meant for us is not meant for it)."""
    arguments: dict[str, Any] = dict(run_as.as_popen_arguments()) if run_as else {}
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=None if environment is None else dict(environment),
            cwd="/",
            # Runs after the change of user, which would clear the setting.
            preexec_fn=_die_with(os.getpid()) if dies_with_parent else None,
            **arguments,
        )


def _die_with(parent: int) -> Callable[[], None]:
    def ask_the_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask_the_kernel


def stop(process: subprocess.Popen[bytes], *, with_signal: int, patience: float = 20) -> None:
    """End a process we started, by force when it does not follow."""
    if process.poll() is not None:
        return
    process.send_signal(with_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], *, patience: float
) -> bool:
    """Poll `ready` until it holds; False when the process ended or patience ran out."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.03)
    return False
