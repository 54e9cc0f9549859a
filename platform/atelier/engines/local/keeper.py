"""The keeper of one local process: starts it, sees it end, writes down how. Standard library only.

Run as ``python -I -S keeper.py FOLDER`` it goes on in a session of its own and outlives whoever
started it; the starter returns once the process runs or could not be started. The folder holds
``plan.json`` (what to run, written by the engine), ``state.json`` (what became of it, written here,
whole or not at all), ``stop.json`` (until when it may end by itself) and ``log`` (what it printed).

The keeper is the subreaper of everything below it, so that nothing that detaches itself gets away:
when the process has ended, or its grace has passed, whatever is left is killed.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

PROC = Path("/proc")
PLAN, STATE, STOP, LOG, LOCK, BELL = (
    "plan.json", "state.json", "stop.json", "log", "lock", "bell",
)  # fmt: skip
LABEL = "ATELIER_RUN"  # in the environment of every process of a run

# A look costs a few milliseconds: the first seconds are looked at more closely. What is to be heard
# at once is heard by signals.
TICK_SECONDS, LATER_TICK_SECONDS, EARLY_SECONDS = 0.25, 2.0, 10.0
GRACE_SECONDS = 10.0  # when nobody said how long
MOST_KILL_ROUNDS = 200
NOT_FOUND, NOT_EXECUTABLE = 127, 126  # as shells have it
_SUBREAPER, _NO_NEW_PRIVILEGES = 36, 38  # of prctl(2)
_OOM_SCORE = "500"  # rather a job than the platform


# --- files and processes; the engine uses these too ----------------------------------------------


def now() -> str:
    """Return the present time as text."""
    return datetime.now(timezone.utc).isoformat()  # noqa: TID251, UP017  # no Django, any Python


def write_json(path: Path, body: dict[str, Any]) -> None:
    """Write a private file whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a file; None where there is no such file or something else in it."""
    try:
        body = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return body if isinstance(body, dict) else None


def boot_id() -> str:
    """Return what tells one run of this machine from another."""
    return (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()


@dataclass(frozen=True)
class Stat:
    """The few fields of /proc/<pid>/stat that count here."""

    state: str
    parent: int
    start_ticks: int

    @property
    def is_dead(self) -> bool:
        """Zombies hold a number and nothing else."""
        return self.state in {"Z", "X"}


def stat_of(pid: int) -> Stat | None:
    """Return a process's state, None when there is none. Other failures are raised."""
    try:
        raw = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command name may hold spaces and brackets, so cut after it.
    fields = raw[raw.rindex(")") + 2 :].split()
    return Stat(fields[0], int(fields[1]), int(fields[19]))


def identity_of(pid: int) -> dict[str, int]:
    """Return what makes a pid mean one process for as long as the machine is up."""
    stat = stat_of(pid)
    return {"pid": pid, "start_ticks": stat.start_ticks if stat else 0}


def is_alive(identity: dict[str, int] | None) -> bool:
    """Tell whether this very process still runs, on this same run of the machine."""
    if identity is None:
        return False
    stat = stat_of(identity["pid"])
    return stat is not None and not stat.is_dead and stat.start_ticks == identity["start_ticks"]


def descendants(pid: int) -> list[int]:
    """Return everything below a process, by one look at all there are."""
    below: dict[int, list[int]] = {}
    for entry in os.scandir(PROC):
        if entry.name.isdigit() and (stat := stat_of(int(entry.name))) is not None:
            below.setdefault(stat.parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = below.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def kill(pid: int, number: int) -> None:
    """Signal a process that may be gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_group(pid: int, number: int) -> None:
    """Signal the process group that a process leads, if it still does."""
    with suppress(ProcessLookupError):
        os.killpg(pid, number)


# --- memory ---------------------------------------------------------------------------------------


def _resident(pid: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _proportional(pid: int) -> int:
    """Return a process's memory with what it shares divided among those who share it."""
    with suppress(OSError, IndexError, ValueError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)


def memory_of(pids: list[int], limit: int) -> int:
    """Return what these use together; exact where the quick sum, too high, passes the limit."""
    quick = sum(_resident(pid) for pid in pids)
    return quick if quick <= limit else sum(_proportional(pid) for pid in pids)


def _oom_kills() -> int:
    """Return how often this machine's kernel has killed something for memory."""
    with suppress(OSError, ValueError):
        for line in (PROC / "vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


# --- the keeper -----------------------------------------------------------------------------------


class Keeper:
    """Looks after one process from its start to its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan = read_json(folder / PLAN) or {}
        self.state: dict[str, Any] = {
            "boot_id": boot_id(),
            "keeper": identity_of(os.getpid()),
            "scheduled_at": now(),
        }
        self.child = 0
        self.status: int | None = None
        self.peak = 0
        self.limit = int(self.plan.get("memory_bytes") or 0)
        self.oom_kills = _oom_kills()
        self.kill_at: float | None = None  # monotonic
        self.asked_to_stop = False

    def note(self, **news: Any) -> None:
        """Write down what is known now, and ring."""
        self.state |= news
        write_json(self.folder / STATE, self.state)
        with suppress(OSError):
            os.utime(self.folder.parent.parent / BELL)

    def start(self) -> bool:
        """Start the process; tells whether it runs."""
        # Before it exists: a keeper that dies in between is not followed by a second process.
        self.note()
        log = os.open(self.folder / LOG, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            self.child = self._spawn(log).pid
        except OSError as error:
            os.write(log, f"atelier: {_what_failed(error, self.plan)}\n".encode())
            self.note(
                finished_at=now(),
                exit_code=NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE,
            )
            return False
        finally:
            os.close(log)
        with suppress(OSError):
            (PROC / str(self.child) / "oom_score_adj").write_text(_OOM_SCORE)
        self.note(child=identity_of(self.child), started_at=now())
        return True

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        uid = self.plan.get("uid")
        drop: dict[str, Any] = {}
        if uid is not None:
            drop = {"user": uid, "group": uid, "extra_groups": []}
        process = subprocess.Popen(  # noqa: S603  # what somebody asked to run is run
            self.plan["command"],
            cwd=self.plan["folder"],
            env=self.plan["env"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            **drop,
        )
        process.returncode = 0  # it is waited for below, together with all others
        return process

    def keep(self) -> None:
        """Wait for the end, for a stop, for the deadline; then end what is left."""
        signals = {signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        lifetime = self.plan.get("lifetime_seconds")
        began = time.monotonic()
        ends_at = None if lifetime is None else began + float(lifetime)
        while not self._reap():
            if ends_at is not None and time.monotonic() >= ends_at and not self.asked_to_stop:
                self._stop(
                    time.monotonic() + float(self.plan.get("grace_seconds", GRACE_SECONDS)),
                    reason="DEADLINE_PASSED",
                    params={"seconds": int(lifetime or 0)},
                )
            self._look_for_stop()
            self._measure()
            if self.kill_at is not None and time.monotonic() >= self.kill_at:
                self._kill_all()
            heard = signal.sigtimedwait(signals, self._tick(began, ends_at))
            if heard is not None and heard.si_signo == signal.SIGTERM:
                self._stop(time.monotonic() + GRACE_SECONDS)
        self._kill_all()
        self._conclude()

    def _tick(self, began: float, ends_at: float | None) -> float:
        present = time.monotonic()
        tick = TICK_SECONDS if present - began < EARLY_SECONDS else LATER_TICK_SECONDS
        nearest = min((at for at in (self.kill_at, ends_at) if at is not None), default=None)
        return tick if nearest is None else min(tick, max(0.05, nearest - present))

    def _look_for_stop(self) -> None:
        asked = read_json(self.folder / STOP)
        if asked is not None:
            self._stop(float(asked["until"]), reason=asked.get("reason", ""))

    def _stop(
        self, kill_at: float, *, reason: str = "", params: dict[str, Any] | None = None
    ) -> None:
        """Ask the process to end; the earliest of several deadlines counts."""
        self.kill_at = kill_at if self.kill_at is None else min(kill_at, self.kill_at)
        if not self.asked_to_stop:
            self.asked_to_stop = True
            if reason:
                self.note(reason=reason, params=params or {})
            kill_group(self.child, signal.SIGTERM)

    def _measure(self) -> None:
        used = memory_of(descendants(os.getpid()), self.limit)
        self.peak = max(self.peak, used)
        if self.limit and used > self.limit and "reason" not in self.state:
            self.note(reason="OUT_OF_MEMORY", params={"limit_bytes": self.limit})
            self._kill_all()

    def _reap(self) -> bool:
        """Bury what has ended; tells whether the process itself has."""
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return self.status is not None
            self.peak = max(self.peak, used.ru_maxrss * 1024)
            if pid == self.child:
                self.status = status

    def _kill_all(self) -> None:
        """Kill whatever is below, again until a look finds nothing."""
        for _ in range(MOST_KILL_ROUNDS):
            left = descendants(os.getpid())
            if not left:
                return
            for pid in left:
                kill(pid, signal.SIGKILL)
            time.sleep(0.01)
            self._reap()

    def _conclude(self) -> None:
        code = None if self.status is None else os.waitstatus_to_exitcode(self.status)
        end: dict[str, Any] = {"finished_at": now(), "peak_memory_bytes": self.peak or None}
        if code is not None:
            end["exit_code"] = code if code >= 0 else 128 - code
            end["signal"] = -code if code < 0 else None
        was_killed = code == -signal.SIGKILL and not self.asked_to_stop
        if was_killed and "reason" not in self.state and _oom_kills() > self.oom_kills:
            end |= {"reason": "OUT_OF_MEMORY", "params": {"limit_bytes": self.limit}}
        self.note(**end)


def _what_failed(error: OSError, plan: dict[str, Any]) -> str:
    program = str(plan["command"][0])[:200]
    return f"{program}: {error.strerror or type(error).__name__}"


def _go_on_alone(folder: Path, ready: int) -> None:
    """Be the keeper, unless there is or was one. ``ready`` is closed once the process runs."""
    os.setsid()
    os.chdir("/")
    lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if (folder / STATE).exists() or (folder / STOP).exists():
        return
    # Handlers, for what is ignored stays ignored in the process; and nothing ends the keeper.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, lambda *_: None)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    keeper = Keeper(folder)
    is_running = keeper.start()
    os.close(ready)
    if is_running:
        keeper.keep()


def main(folder: str) -> int:
    """Start a keeper for the folder and return once its process runs or could not be started."""
    heard, ready = os.pipe()
    if os.fork() == 0:
        os.close(heard)
        status = 1
        try:
            _go_on_alone(Path(folder), ready)
            status = 0
        finally:
            os._exit(status)
    os.close(ready)
    os.read(heard, 1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
