"""Kinds of workload. A kind is one class; adding one never edits the kernel."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings

from atelier.accounts.models import User
from atelier.core.resources import Resources
from atelier.engines.base import Observation, WorkloadSpec
from atelier.projects.models import Project
from atelier.workloads.lifecycle import DEFAULT_RULES, Rules
from atelier.workloads.models import Workload


class Policy(StrEnum):
    """When a run of a kind gets its reservation."""

    NOW = "now"  # in the request, or refused there
    QUEUE = "queue"  # it may wait


@dataclass(frozen=True, slots=True)
class Choice:
    """Something else that could be asked for; nearest first in a list of them."""

    profile_id: str
    profile_name: str
    resources: Resources


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the engine or the catalogue stands in the way: a code of core.reasons."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    condition: str = "engine"  # or "image"
    forever: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a request to start would ask for, as a kind reads it (``POST /check``).

    ``obstacles`` are what the kind knows to stand in the way beside quota; ``choices`` are the
    other profiles it could be asked for with. ``usual_start_seconds`` is told when it fits.
    """

    project: Project
    resources: Resources
    replicas: int = 1
    engine: str = ""
    obstacles: tuple[Obstacle, ...] = ()
    choices: tuple[Choice, ...] = ()
    usual_start_seconds: int | None = None


class Kind(ABC):
    """One kind of thing that runs. Hooks do database work only and may be called twice."""

    name: ClassVar[str]
    policy: ClassVar[Policy] = Policy.NOW
    rules: ClassVar[Rules] = DEFAULT_RULES
    # The quota resource by which runs of this kind are counted, e.g. "notebooks"; "" for none.
    counts_as: ClassVar[str] = ""
    # The steps of a start that people see, in order. The kernel notes quota, submitted, placed and
    # ready; ``services.note_step`` notes others.
    steps: ClassVar[tuple[str, ...]] = ("quota", "submitted", "placed", "ready")

    def engine(self) -> str:
        """Return the name of the engine that runs this kind."""
        return str(settings.ATELIER_ENGINE)

    def claims(self, resources: Resources, replicas: int) -> dict[str, int]:
        """Return what a run takes from every limit it counts against."""
        claims = resources.times(replicas).as_claims() if replicas else {}
        return claims | ({self.counts_as: 1} if self.counts_as else {})

    @abstractmethod
    def spec(self, workload: Workload) -> WorkloadSpec:
        """Return what the engine is asked for. Database reads only.

        ``workload.attempt_number`` is the attempt it is for; ``spec.name`` becomes the run's
        name in the engine and must tell attempts apart (``run_name`` is the usual one).
        """

    def explain(
        self, workload: Workload, seen: Observation
    ) -> tuple[str, Mapping[str, Any]] | None:
        """Return a better reason for an end the engine has none for, or None."""
        return None

    def on_stop_asked(self, workload: Workload, reason_code: str) -> None:  # noqa: B027  # a hook
        """Take back what was to follow this run, before its end is asked for.

        Called within the transaction of every request to stop, whoever makes it and for what.
        """

    def on_running(self, workload: Workload) -> None:  # noqa: B027  # a hook
        """Note in the kind's own tables that it runs; part of the move's transaction."""

    def on_settled(self, workload: Workload) -> None:  # noqa: B027  # a hook
        """Note in the kind's own tables that it has ended; part of the move's transaction."""

    def links(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Return addresses for a row of the read model (``workloads.selectors``)."""
        return {}

    def propose(self, user: User, question: Mapping[str, Any]) -> Proposal:
        """Read the body of ``POST /check``; raises Refused errors naming the field."""
        raise NotImplementedError


def run_name(workload: Workload) -> str:
    """Return the usual name of the present attempt in an engine."""
    return f"{workload.pk}-{workload.attempt_number}"


_kinds: dict[str, Kind] = {}


def register(kind: type[Kind]) -> type[Kind]:
    """Make a kind known; called from AppConfig.ready(), usable as a decorator."""
    known = _kinds.get(kind.name)
    if known is not None and type(known) is not kind:
        raise RuntimeError(f"two kinds named {kind.name}")
    _kinds[kind.name] = kind()
    return kind


def unregister(kind: type[Kind]) -> None:
    """Forget a kind again; for tests with throw-away kinds."""
    _kinds.pop(kind.name, None)


def get(name: str) -> Kind:
    """Return the kind; LookupError when nobody registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"there is no kind {name!r}; known are {sorted(_kinds)}") from None


def find(name: str) -> Kind | None:
    """Return the kind, or None: rows outlive the feature that wrote them."""
    return _kinds.get(name)


def names() -> list[str]:
    """Return the names of all kinds."""
    return sorted(_kinds)
