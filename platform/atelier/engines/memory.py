"""An engine that runs nothing: it remembers what it was asked and plays a script.

Shipped as part of the product: tests and demonstrations stand on it. Faults are small subclasses
that override one verb, or ``is_away`` for an engine that cannot be reached. It lives in one
process.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import RLock
from typing import Any

from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.base import (
    EngineEvent,
    MemberObservation,
    MemberSpec,
    Observation,
    Owned,
    Phase,
    WorkloadSpec,
    gone,
)

AT_ONCE = timedelta()
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)  # noqa: TID251  # engines know no Django


@dataclass(frozen=True, slots=True)
class Script:
    """How a run goes: each time counts from the step before it.

    ``run_for`` None runs until it is stopped; a run that ends by itself has ``exit_code``.
    ``reason`` is told with the end, or while it waits for a place (``place_after`` None: for ever).
    """

    place_after: timedelta | None = AT_ONCE
    answer_after: timedelta | None = AT_ONCE
    run_for: timedelta | None = None
    exit_code: int = 0
    reason: str | None = None
    reason_params: Mapping[str, Any] = field(default_factory=dict)
    stop_after: timedelta | None = AT_ONCE


@dataclass(slots=True)
class _Run:
    """What was asked, when, and what has happened to it."""

    spec: WorkloadSpec
    script: Script
    generation: int
    asked_at: datetime
    uid: str
    stop_asked_at: datetime | None = None
    ended: tuple[datetime, int, str | None, Mapping[str, Any]] | None = None


class MemoryEngine:
    """Keeps the engine protocol over a dictionary.

    ``calls`` lists the verbs in the order they came. ``capacity`` is the size of the one machine
    that it pretends to be; None is a machine without end.
    """

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        script: Script | None = None,
        capacity: Resources | None = None,
    ) -> None:
        self.clock = clock
        self.script = script or Script()
        self.capacity = capacity
        self.is_away = False
        self.calls: list[tuple[str, str]] = []
        self.submissions: list[str] = []
        self._runs: dict[str, _Run] = {}
        self._scripts: dict[str, Script] = {}
        self._lock = RLock()

    @classmethod
    @lru_cache(maxsize=1)
    def shared(cls) -> "MemoryEngine":
        """Return the one engine of this process."""
        return cls()

    # --- the protocol -----------------------------------------------------------------------

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        """Remember the run, or bring it to this generation."""
        with self._verb("apply", spec.name):
            known = self._runs.get(spec.name)
            if known is not None:
                known.spec, known.generation = spec, max(generation, known.generation)
                return
            script = self._scripts.get(spec.workload_id, self.script)
            uid = f"memory-{len(self.submissions) + 1}"
            self.submissions.append(spec.name)
            self._runs[spec.name] = _Run(spec, script, generation, self.clock(), uid)

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        """Tell where each run is in its script."""
        with self._verb("observe", ""):
            now = self.clock()
            self._clear_stopped(now)
            return {n: look(self._runs[n], now) if n in self._runs else gone(n) for n in names}

    def stop(self, name: str, *, grace: timedelta) -> None:
        """Begin the end of the run; it is over after the script's ``stop_after`` or the grace."""
        with self._verb("stop", name):
            run = self._runs.get(name)
            if run is None:
                return
            now = self.clock()
            if run.stop_asked_at is None:
                run.stop_asked_at = now
            if run.script.stop_after is None or run.script.stop_after > grace:
                run.script = _with_stop_after(run.script, now + grace - run.stop_asked_at)
            self._clear_stopped(now)

    def forget(self, name: str) -> None:
        """Remove what a finished run left; one that still runs is left alone."""
        with self._verb("forget", name):
            run = self._runs.get(name)
            if run is not None and look(run, self.clock()).phase in {Phase.SUCCEEDED, Phase.FAILED}:
                del self._runs[name]

    def inventory(self) -> list[Owned]:
        """Return everything that is remembered."""
        with self._verb("inventory", ""):
            self._clear_stopped(self.clock())
            return [Owned(n, r.spec.workload_id, r.asked_at) for n, r in self._runs.items()]

    def why_not(self, members: Iterable[MemberSpec]) -> tuple[str, Mapping[str, Any]] | None:
        """Return why these would never fit on the pretended machine, or None."""
        if self.capacity is None or all(m.resources.fits_in(self.capacity) for m in members):
            return None
        return "NO_NODE_FITS", {"needs": "that much", "largest": str(self.capacity.to_json())}

    # --- what a test or a demonstration does to it ---------------------------------------------

    @property
    def running(self) -> dict[str, WorkloadSpec]:
        """Return what holds resources now, by name."""
        now = self.clock()
        with self._lock:
            self._clear_stopped(now)
            over = {Phase.SUCCEEDED, Phase.FAILED}
            return {n: r.spec for n, r in self._runs.items() if look(r, now).phase not in over}

    def write_script(self, workload_id: str, script: Script) -> None:
        """Let the runs of ``workload_id`` go by ``script`` from their next submission on."""
        self._scripts[workload_id] = script

    def end(
        self, name: str, *, exit_code: int = 0, reason: str | None = None, **params: Any
    ) -> None:
        """Let the run end now."""
        with self._lock:
            self._runs[name].ended = (self.clock(), exit_code, reason, params)

    def lose(self, name: str) -> None:
        """Let the run vanish as if its machine had burnt down."""
        with self._lock:
            self._runs.pop(name, None)

    # --- inside -----------------------------------------------------------------------------

    def _verb(self, verb: str, name: str) -> RLock:
        if self.is_away:
            raise EngineUnavailable
        self.calls.append((verb, name))
        return self._lock

    def _clear_stopped(self, now: datetime) -> None:
        stopped = [n for n, r in self._runs.items() if look(r, now).phase == Phase.GONE]
        for name in stopped:
            del self._runs[name]


def look(run: _Run, now: datetime) -> Observation:
    """Return what the script shows of ``run`` at ``now``."""
    name, script = run.spec.name, run.script
    placed = _after(run.asked_at, script.place_after)
    answers = _after(placed, script.answer_after)
    finishes = _after(answers, script.run_for)
    if run.ended is not None:
        return _ended(run, placed, *run.ended)
    if run.stop_asked_at is not None and not _is_past(finishes, run.stop_asked_at):
        stopped = _after(run.stop_asked_at, script.stop_after)
        if _is_past(stopped, now):
            return gone(name)
        return _alive(run, Phase.STOPPING, placed, answers, now)
    if finishes is not None and finishes <= now:
        return _ended(run, placed, finishes, script.exit_code, script.reason, script.reason_params)
    if _is_past(answers, now):
        return _alive(run, Phase.RUNNING, placed, answers, now)
    if _is_past(placed, now):
        return _alive(run, Phase.STARTING, placed, answers, now)
    return Observation(
        name,
        Phase.PENDING,
        run.generation,
        reason=script.reason or "WAITING_FOR_CAPACITY",
        reason_params=script.reason_params,
    )


def _after(since: datetime | None, pause: timedelta | None) -> datetime | None:
    return None if since is None or pause is None else since + pause


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _with_stop_after(script: Script, pause: timedelta) -> Script:
    return Script(
        script.place_after,
        script.answer_after,
        script.run_for,
        script.exit_code,
        script.reason,
        script.reason_params,
        max(AT_ONCE, pause),
    )


def _alive(
    run: _Run, phase: Phase, placed: datetime | None, answers: datetime | None, now: datetime
) -> Observation:
    started = answers if _is_past(answers, now) else None
    members = tuple(
        MemberObservation(m.role, i, f"{run.uid}-{m.role}-{i}", phase, "memory", placed, started)
        for m in run.spec.members
        for i in range(m.count)
    )
    events = (EngineEvent("placed", placed, "PLACED", "Placed on memory"),) if placed else ()
    return Observation(run.spec.name, phase, run.generation, members, events=events)


def _ended(
    run: _Run,
    placed: datetime | None,
    at: datetime,
    exit_code: int,
    reason: str | None,
    params: Mapping[str, Any],
) -> Observation:
    phase = Phase.FAILED if exit_code or reason else Phase.SUCCEEDED
    members = tuple(
        MemberObservation(
            m.role, i, f"{run.uid}-{m.role}-{i}", phase, "memory", placed, placed, at, exit_code
        )
        for m in run.spec.members
        for i in range(m.count)
    )
    return Observation(
        run.spec.name, phase, run.generation, members, reason=reason, reason_params=params
    )
