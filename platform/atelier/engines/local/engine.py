"""An engine that runs each member as a process of this machine, in a session and folder of its own.

``<root>/<name>.run/`` belongs to one run: ``spec.json`` says whose, and below it each member has a
folder with its keeper's files and ``work``, where the process runs. The folder is made aside and
renamed, so that it is there whole or not at all; a keeper (``keeper.py``) is started for each
member and goes on without us. Nothing is remembered here: any number of workers see the same.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname
from threading import Event
from typing import Any
from urllib.parse import quote, unquote

from atelier.core.errors import EngineUnavailable, NotFound, Refused
from atelier.engines.base import (
    OVER,
    LogPiece,
    MemberObservation,
    MemberSpec,
    Observation,
    Owned,
    Phase,
    WorkloadSpec,
    gone,
)
from atelier.engines.local import keeper

SPEC, WORK, READY = "spec.json", "work", "ready"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
THREAD_NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
START_SECONDS = 60
HALF_MADE_FOR = timedelta(minutes=10)
BELL_SECONDS = 0.2
_ROLE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_KEEPER = Path(keeper.__file__)


class LocalEngine:
    """Keeps the engine protocol over folders and processes.

    ``runtimes`` maps the names of local environments to their Python.
    """

    def __init__(self, root: Path, *, runtimes: Mapping[str, Path] | None = None) -> None:
        self.root = root
        self.runtimes = dict(runtimes or {})
        self._boot_id = keeper.boot_id()
        self._is_root = os.geteuid() == 0
        self._quiet = Event()

    # --- the protocol -----------------------------------------------------------------------

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        """Make the run's folder and start what was not started yet."""
        self._refuse(spec)
        run = self._run(spec.name)
        if not run.exists():
            self._make(spec, run)
        held = _spec_of(run)
        if held is None or held.get("workload_id") != spec.workload_id:
            raise Refused("FOREIGN_OBJECT", {"name": str(run)})
        for folder in _members(run):
            if not (folder / keeper.STATE).exists() and not (run / keeper.STOP).exists():
                self._start(folder)
        (run / READY).touch(mode=0o600)

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        """Read what the keepers wrote."""
        return {name: self._look(name) for name in names}

    def stop(self, name: str, *, grace: timedelta) -> None:
        """Tell the keepers until when the processes may end by themselves."""
        self._stop(name, {"until": time.monotonic() + max(0.0, grace.total_seconds())})

    def forget(self, name: str) -> None:
        """Remove the folder of what has ended; what still runs is left alone."""
        run = self._run(name)
        if _spec_of(run) is None or self._look(name).phase not in OVER:
            return
        seen = [self._member(folder) for folder in _members(run)]
        if any(s.is_alive for s in seen):
            return
        if any(s.state and not s.is_finished for s in seen):
            _kill_labelled(name)  # its keeper is gone, and may have left something behind
        aside = self.root / f".gone-{secrets.token_hex(8)}"
        with suppress(FileNotFoundError):
            run.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)

    def inventory(self) -> Iterable[Owned]:
        """Return every run that has a folder here."""
        if not self.root.is_dir():
            return []
        self._clear_half_made()
        return [owned for run in self.root.glob("*.run") if (owned := _owned(run)) is not None]

    def read_log(self, name: str, *, role: str, index: int, offset: int, limit: int) -> LogPiece:
        """Return bytes of a member's output; raises NotFound when there is no such member."""
        run = self._run(name)
        folder = run / _folder_name(role, index)
        if _spec_of(run) is None or not folder.is_dir():
            raise NotFound
        # Asked first: what is printed between the two looks is there for the next one.
        is_over = self._member(folder).phase in OVER
        try:
            with (folder / keeper.LOG).open("rb") as log:
                log.seek(offset)
                data = log.read(limit)
                return LogPiece(offset, data, is_over and not log.read(1))
        except FileNotFoundError:
            return LogPiece(offset, b"", is_over)

    def watch(self, bell: Callable[[], None]) -> None:
        """Ring whenever a keeper wrote something; returns after ``quiet``."""
        file = self._bell()
        last = file.stat().st_mtime_ns
        while not self._quiet.wait(BELL_SECONDS):
            with suppress(FileNotFoundError):
                if (at := file.stat().st_mtime_ns) != last:
                    last = at
                    bell()

    def quiet(self) -> None:
        """End ``watch``."""
        self._quiet.set()

    def stop_everything(self, *, grace: timedelta, reason: str) -> list[str]:
        """Ask all that runs here to end, with the reason that they end by; returns their names."""
        running = [o.name for o in self.inventory() if self._look(o.name).phase not in OVER]
        for name in running:
            self._stop(name, {"until": time.monotonic() + grace.total_seconds(), "reason": reason})
        return running

    # --- making -----------------------------------------------------------------------------

    def _refuse(self, spec: WorkloadSpec) -> None:
        if self._is_root and not spec.uid:
            raise Refused("NO_USER_TO_RUN_AS")
        runtime = spec.settings.get("local_runtime") or ""
        if runtime and runtime not in self.runtimes:
            raise Refused("ENVIRONMENT_NOT_LOCAL")
        if not spec.command or any(not _ROLE.fullmatch(m.role) for m in spec.members):
            raise Refused("INVALID")

    def _make(self, spec: WorkloadSpec, run: Path) -> None:
        """Make the folder of a run aside and put it in its place, unless somebody else did."""
        self._bell()
        half = self.root / f".half-{secrets.token_hex(8)}"
        self._mkdir(half)
        for member in spec.members:
            for index in range(member.count):
                self._make_member(spec, member, half / _folder_name(member.role, index), run)
        keeper.write_json(
            half / SPEC,
            {
                "name": spec.name,
                "workload_id": spec.workload_id,
                "attempt": spec.attempt,
                "created_at": keeper.now(),
            },
        )
        try:
            half.rename(run)
        except OSError:  # it is there already: whose it is, is looked at next
            shutil.rmtree(half, ignore_errors=True)

    def _make_member(self, spec: WorkloadSpec, member: MemberSpec, folder: Path, run: Path) -> None:
        self._mkdir(folder)
        work = folder / WORK
        work.mkdir(mode=0o700)
        if self._is_root and spec.uid:
            os.chown(work, spec.uid, spec.uid)
        there = run / folder.name / WORK
        lifetime = None if spec.lifetime is None else spec.lifetime.total_seconds()
        keeper.write_json(
            folder / keeper.PLAN,
            {
                "command": list(spec.command),
                "env": self._env(spec, member, there),
                "folder": str(there),
                "uid": spec.uid if self._is_root else None,
                "memory_bytes": member.resources.memory_bytes,
                "lifetime_seconds": lifetime,
            },
        )

    def _env(self, spec: WorkloadSpec, member: MemberSpec, work: Path) -> dict[str, str]:
        """Return a small environment: nothing of the worker's own, the platform's names last."""
        runtime = self.runtimes.get(spec.settings.get("local_runtime") or "")
        threads = str(max(1, member.resources.cpu_millicores // 1000))
        path = SYSTEM_PATH if runtime is None else f"{runtime.parent}:{SYSTEM_PATH}"
        return {
            "LANG": "C.UTF-8",
            **dict.fromkeys(THREAD_NAMES, threads),
            **spec.env,
            "PATH": path,
            "HOME": str(work),
            "TMPDIR": "/tmp",  # noqa: S108  # where the process looks, not where we write
            "USER": spec.owner_name,
            "LOGNAME": spec.owner_name,
            "SHELL": "/bin/sh",
            keeper.LABEL: spec.name,
        }

    def _start(self, folder: Path) -> None:
        """Start the keeper of a member; of two at once only one stays."""
        with (folder / "keeper.log").open("ab") as said:
            subprocess.run(  # noqa: S603  # our own file with our own Python
                [sys.executable, "-I", "-S", str(_KEEPER), str(folder)],
                cwd="/",
                env={"PATH": SYSTEM_PATH, "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                umask=0o077,
                timeout=START_SECONDS,
                check=False,
            )
        if not (folder / keeper.STATE).exists() and not (folder / keeper.STOP).exists():
            raise EngineUnavailable("ENGINE_UNREACHABLE")  # for example no memory to fork

    def _mkdir(self, folder: Path) -> None:
        """As root other users pass through to their own folder and see nothing on the way."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o711 if self._is_root else 0o700)  # whatever our umask is

    def _bell(self) -> Path:
        self._mkdir(self.root)
        file = self.root / keeper.BELL
        file.touch(mode=0o600)
        return file

    def _clear_half_made(self) -> None:
        """Remove what a worker that was killed left half made or half removed."""
        before = time.time() - HALF_MADE_FOR.total_seconds()
        for folder in (*self.root.glob(".half-*"), *self.root.glob(".gone-*")):
            with suppress(FileNotFoundError):
                if folder.stat().st_mtime < before:
                    shutil.rmtree(folder, ignore_errors=True)

    # --- looking ----------------------------------------------------------------------------

    def _run(self, name: str) -> Path:
        return self.root / f"{quote(name, safe='')}.run"

    def _look(self, name: str) -> Observation:
        run = self._run(name)
        if _spec_of(run) is None:
            return gone(name)
        is_asked_to_stop = (run / keeper.STOP).exists()
        seen = [self._member(folder) for folder in _members(run)]
        if not is_asked_to_stop and not (run / READY).exists():
            return gone(name)  # not all of it was started: it is applied again
        if not any(s.state for s in seen):
            return gone(name)
        members = tuple(s.observation for s in seen)
        reason, params = next(((s.reason, s.params) for s in seen if s.reason), (None, {}))
        phase = _together([m.phase for m in members])
        return Observation(name, phase, 0, members, reason=reason, reason_params=params)

    def _member(self, folder: Path) -> "_Seen":
        return _Seen(
            folder,
            keeper.read_json(folder / keeper.STATE) or {},
            (folder / keeper.STOP).exists(),
            self._boot_id,
        )

    def _stop(self, name: str, asked: dict[str, Any]) -> None:
        run = self._run(name)
        if _spec_of(run) is None:
            return
        (run / keeper.STOP).touch(mode=0o600)
        for folder in _members(run):
            self._stop_one(folder, asked)

    def _stop_one(self, folder: Path, asked: dict[str, Any]) -> None:
        earlier = keeper.read_json(folder / keeper.STOP)
        if earlier is None or earlier["until"] > asked["until"]:
            keeper.write_json(folder / keeper.STOP, {**(earlier or {}), **asked})
        seen = self._member(folder)
        if seen.keeper_is_alive:
            keeper.kill(seen.state["keeper"]["pid"], signal.SIGUSR1)
        elif seen.child_is_alive:
            self._end_without_keeper(seen, min(asked["until"], (earlier or asked)["until"]))

    def _end_without_keeper(self, seen: "_Seen", until: float) -> None:
        pid = seen.state["child"]["pid"]
        if time.monotonic() < until:
            keeper.kill_group(pid, signal.SIGTERM)
            return
        keeper.kill_group(pid, signal.SIGKILL)
        _kill_labelled(unquote(seen.folder.parent.name.removesuffix(".run")))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A member as its files and /proc show it."""

    folder: Path
    state: dict[str, Any]
    is_asked_to_stop: bool
    boot_id: str

    @property
    def is_finished(self) -> bool:
        return "finished_at" in self.state

    @property
    def is_of_this_boot(self) -> bool:
        return self.state.get("boot_id") == self.boot_id

    @property
    def keeper_is_alive(self) -> bool:
        return self.is_of_this_boot and keeper.is_alive(self.state.get("keeper"))

    @property
    def child_is_alive(self) -> bool:
        return self.is_of_this_boot and keeper.is_alive(self.state.get("child"))

    @property
    def is_alive(self) -> bool:
        return not self.is_finished and (self.keeper_is_alive or self.child_is_alive)

    @property
    def phase(self) -> Phase:
        if not self.state:
            return Phase.GONE if self.is_asked_to_stop else Phase.STARTING
        if self.is_finished:
            ended_well = self.state.get("exit_code") == 0 and not self.state.get("reason")
            return Phase.SUCCEEDED if ended_well else Phase.FAILED
        if not self.is_alive:
            # Read again: it may have written its end between our two looks.
            again = keeper.read_json(self.folder / keeper.STATE) or {}
            if "finished_at" in again:
                return _Seen(self.folder, again, self.is_asked_to_stop, self.boot_id).phase
            return Phase.FAILED
        if self.is_asked_to_stop:
            return Phase.STOPPING
        return Phase.RUNNING if "child" in self.state else Phase.STARTING

    @property
    def reason(self) -> str | None:
        if self.phase != Phase.FAILED:
            return None
        if not self.is_finished:
            return "END_NOT_SEEN" if self.is_of_this_boot else "NODE_LOST"
        return self.state.get("reason") or ("EXIT_NONZERO" if self.state.get("exit_code") else None)

    @property
    def params(self) -> dict[str, Any]:
        params = dict(self.state.get("params") or {})
        if "limit_bytes" in params:
            params["limit"] = _size(params["limit_bytes"])
        if self.reason == "EXIT_NONZERO":
            params["exit_code"] = self.state["exit_code"]
        return params

    @property
    def observation(self) -> MemberObservation:
        role, _, index = self.folder.name.rpartition("-")
        kept_by = self.state.get("keeper") or {}
        uid = f"{kept_by['pid']}-{kept_by['start_ticks']}" if kept_by else ""
        return MemberObservation(
            role,
            int(index),
            uid,
            self.phase,
            gethostname(),
            _time(self.state.get("scheduled_at")),
            _time(self.state.get("started_at")),
            _time(self.state.get("finished_at")),
            self.state.get("exit_code"),
            self.state.get("peak_memory_bytes"),
        )


def _together(phases: list[Phase]) -> Phase:
    """Return what a run of several members is, by the one that counts most."""
    for phase in (Phase.STOPPING, Phase.STARTING, Phase.RUNNING):
        if phase in phases:
            return phase
    return next((p for p in (Phase.FAILED, Phase.SUCCEEDED) if p in phases), Phase.GONE)


def _folder_name(role: str, index: int) -> str:
    return f"{role}-{index}"


def _members(run: Path) -> Iterator[Path]:
    return iter(sorted(f.parent for f in run.glob(f"*/{keeper.PLAN}")))


def _spec_of(run: Path) -> dict[str, Any] | None:
    """Return whose folder this is; None for one that is not ours."""
    return keeper.read_json(run / SPEC)


def _owned(run: Path) -> Owned | None:
    spec = _spec_of(run)
    if spec is None or not isinstance(spec.get("workload_id"), str):
        return None
    name = unquote(run.name.removesuffix(".run"))
    return Owned(name, spec["workload_id"], _time(spec.get("created_at")))


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _size(count: int) -> str:
    return f"{count / 2**30:.3g} GiB" if count >= 2**30 else f"{count / 2**20:.3g} MiB"


def _kill_labelled(name: str) -> None:
    """Kill every process that carries the label of a run, whoever its parent is."""
    wanted = f"{keeper.LABEL}={name}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                keeper.kill(int(entry.name), signal.SIGKILL)
