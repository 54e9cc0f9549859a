"""The protocol every engine keeps, and the plain values that cross it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from atelier.core.resources import Resources


class Phase(StrEnum):
    """What an engine sees of a run. GONE is seen absence, never a failed look."""

    PENDING = "pending"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    GONE = "gone"


OVER = frozenset({Phase.SUCCEEDED, Phase.FAILED, Phase.GONE})


@dataclass(frozen=True, slots=True)
class MemberSpec:
    """A group of equal members: ``count`` replicas of ``resources`` each."""

    role: str
    count: int
    resources: Resources


@dataclass(frozen=True, slots=True)
class WorkloadSpec:
    """What is needed, never which kind of thing it is for.

    ``name`` identifies the run in the engine and is derived from workload id and attempt.
    ``settings`` carries what only one engine understands (for the hub: user and server name);
    it is built by the kind, never from a user's own keys.
    """

    name: str
    workload_id: str
    attempt: int
    project_id: str
    namespace: str
    owner_name: str
    members: tuple[MemberSpec, ...]
    environment: str = ""
    image: str = ""
    command: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    secret_refs: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    lifetime: timedelta | None = None
    port: int | None = None
    network_profile: str = "default"
    labels: Mapping[str, str] = field(default_factory=dict)
    # The system user of a local process, where users are kept apart by one.
    uid: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberObservation:
    """One process or pod of an attempt as the engine tells it; times are the engine's own, UTC."""

    role: str
    index: int
    uid: str
    phase: Phase
    node: str = ""
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    peak_memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """Something the engine said about a run: ``key`` is unique per run, so copies are harmless."""

    key: str
    at: datetime
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at one run. ``reason`` is a code of ``core.reasons`` where the engine knows why."""

    name: str
    phase: Phase
    generation: int = 0
    members: tuple[MemberObservation, ...] = ()
    reason: str | None = None
    reason_params: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[EngineEvent, ...] = ()
    last_activity: datetime | None = None


def gone(name: str) -> Observation:
    """Return the observation of a run that a successful look did not find."""
    return Observation(name, Phase.GONE)


@dataclass(frozen=True, slots=True)
class Owned:
    """Something in the engine that carries our label."""

    name: str
    workload_id: str
    created_at: datetime | None = None


class Engine(Protocol):
    """Runs workloads somewhere. Every verb may be repeated without harm.

    Verbs raise ``core.errors.EngineUnavailable`` when the engine cannot be asked: that is never
    "gone". They raise ``core.errors.Refused`` when the engine will not do what is asked, ever.
    """

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        """Create the run or bring it to this generation."""

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        """Look at all ``names`` at once; each is in the answer, absent ones as GONE."""

    def stop(self, name: str, *, grace: timedelta) -> None:
        """Ask the run to end; stopping what is gone is a success."""

    def forget(self, name: str) -> None:
        """Remove what a finished run left behind."""

    def inventory(self) -> Iterable[Owned]:
        """Return everything that carries our label, to find orphans."""


@runtime_checkable
class Measured(Protocol):
    """An engine that knows what could never be placed."""

    def why_not(self, members: Iterable[MemberSpec]) -> tuple[str, Mapping[str, Any]] | None:
        """Return the code and parameters of why these would never fit, or None."""


@dataclass(frozen=True, slots=True)
class LogPiece:
    """Bytes of one member's output from ``offset`` on; ``is_end``: there will be no more."""

    offset: int
    data: bytes
    is_end: bool


@runtime_checkable
class Speaking(Protocol):
    """An engine that keeps what its members print, as long as it keeps them."""

    def read_log(self, name: str, *, role: str, index: int, offset: int, limit: int) -> LogPiece:
        """Return at most ``limit`` bytes of a member's stdout and stderr from ``offset`` on.

        Raises ``core.errors.NotFound`` when the engine has nothing of that member any more.
        """


class Bell(Protocol):
    """What an engine rings when something happened."""

    def __call__(self, names: Collection[str] = ()) -> None:
        """Say that there may be news of these runs; without names, of any."""


@runtime_checkable
class Watching(Protocol):
    """An engine that can ring sooner than the next sweep."""

    def watch(self, bell: Bell) -> None:
        """Call ``bell`` whenever something may have changed; returns when told to stop."""
