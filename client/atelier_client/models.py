"""What the platform answers, as frozen values.

Readers are tolerant: a field a newer platform adds is ignored, one an older platform lacks reads
as its default. ``raw`` is the answer as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]

# What a workload never leaves again, and what a notebook rests in.
AT_REST = frozenset({"stopped", "succeeded", "failed", "refused"})
LIVE = frozenset({"queued", "starting", "running", "stopping"})


def _raw() -> Any:
    return field(default_factory=dict, repr=False, compare=False)


def when(value: str | None) -> datetime | None:
    """Parse an ISO-8601 time of the API."""
    # datetime.fromisoformat knows "Z" only from Python 3.11 on.
    return datetime.fromisoformat(value.replace("Z", "+00:00")) if value else None


@dataclass(frozen=True)
class Resources:
    """What something may use at most: millicores, bytes, accelerators by kind."""

    cpu_millicores: int = 0
    memory_bytes: int = 0
    storage_bytes: int = 0
    accelerators: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Json | None) -> Resources:
        data = data or {}
        return cls(
            cpu_millicores=data.get("cpu_millicores") or 0,
            memory_bytes=data.get("memory_bytes") or 0,
            storage_bytes=data.get("storage_bytes") or 0,
            accelerators=dict(data.get("accelerators") or {}),
        )


@dataclass(frozen=True)
class Reason:
    """Why something is as it is, and what can be done."""

    code: str
    text: str
    action: str = ""

    @classmethod
    def from_json(cls, data: Json | None) -> Reason | None:
        if not data:
            return None
        return cls(data["code"], data.get("text") or data["code"], data.get("action") or "")


@dataclass(frozen=True)
class Ref:
    """A thing named inside another."""

    id: str
    name: str
    slug: str | None = None

    @classmethod
    def from_json(cls, data: Json | None) -> Ref:
        data = data or {}
        return cls(data.get("id") or "", data.get("name") or "", data.get("slug"))


@dataclass(frozen=True)
class Membership:
    """One of the caller's projects."""

    id: str
    slug: str
    name: str
    role: str

    @classmethod
    def from_json(cls, data: Json) -> Membership:
        return cls(data["id"], data["slug"], data["name"], data.get("role") or "")


@dataclass(frozen=True)
class Me:
    """The person (or the notebook) that holds the token."""

    id: str
    username: str
    display_name: str
    email: str
    platform_role: str
    projects: tuple[Membership, ...]
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Me:
        return cls(
            id=data["id"],
            username=data["username"],
            display_name=data.get("display_name") or data["username"],
            email=data.get("email") or "",
            platform_role=data.get("platform_role") or "",
            projects=tuple(Membership.from_json(p) for p in data.get("projects") or ()),
            raw=data,
        )


@dataclass(frozen=True)
class Project:
    """A team's place."""

    id: str
    slug: str
    name: str
    description: str
    role: str | None
    members_count: int
    archived_at: datetime | None
    created: datetime | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Project:
        return cls(
            id=data["id"],
            slug=data["slug"],
            name=data["name"],
            description=data.get("description") or "",
            role=data.get("role"),
            members_count=data.get("members_count") or 0,
            archived_at=when(data.get("archived_at")),
            created=when(data.get("created")),
            raw=data,
        )


@dataclass(frozen=True)
class Environment:
    """What is installed where a notebook runs."""

    id: str
    slug: str
    name: str
    description: str
    packages: Mapping[str, str]
    enabled: bool
    unavailable_reason: Reason | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Environment:
        return cls(
            id=data["id"],
            slug=data["slug"],
            name=data["name"],
            description=data.get("description") or "",
            packages={p["name"]: p.get("version") or "" for p in data.get("packages") or ()},
            enabled=data.get("enabled", True),
            unavailable_reason=Reason.from_json(data.get("unavailable_reason")),
            raw=data,
        )


@dataclass(frozen=True)
class Profile:
    """What hardware a notebook gets."""

    id: str
    slug: str
    name: str
    description: str
    kind_label: str
    resources: Resources
    enabled: bool
    unavailable_reason: Reason | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Profile:
        return cls(
            id=data["id"],
            slug=data["slug"],
            name=data["name"],
            description=data.get("description") or "",
            kind_label=data.get("kind_label") or "",
            resources=Resources.from_json(data.get("resources")),
            enabled=data.get("enabled", True),
            unavailable_reason=Reason.from_json(data.get("unavailable_reason")),
            raw=data,
        )


@dataclass(frozen=True)
class Step:
    """One step on the way to running."""

    step: str
    state: str
    seconds: float | None

    @classmethod
    def from_json(cls, data: Json) -> Step:
        return cls(data["step"], data["state"], data.get("seconds"))


@dataclass(frozen=True)
class Workload:
    """One run of something."""

    id: str
    kind: str
    name: str
    status: str
    reason: Reason | None
    progress: tuple[Step, ...]
    stale_since: datetime | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json | None) -> Workload | None:
        return cls.of(data) if data else None

    @classmethod
    def of(cls, data: Json) -> Workload:
        return cls(
            id=data["id"],
            kind=data.get("kind") or "",
            name=data.get("name") or "",
            status=data["status"],
            reason=Reason.from_json(data.get("reason")),
            progress=tuple(Step.from_json(s) for s in data.get("progress") or ()),
            stale_since=when(data.get("stale_since")),
            raw=data,
        )


@dataclass(frozen=True)
class Notebook:
    """A notebook server: durable; each start is a new workload."""

    id: str
    name: str
    project: Ref
    owner: str
    environment: Ref
    profile: Ref
    resources: Resources
    status: str
    reason: Reason | None
    workload: Workload | None
    last_activity: datetime | None
    started: datetime | None
    idle_stop_at: datetime | None
    open_url: str | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Notebook:
        return cls(
            id=data["id"],
            name=data["name"],
            project=Ref.from_json(data.get("project")),
            owner=data.get("owner") or "",
            environment=Ref.from_json(data.get("environment")),
            profile=Ref.from_json(data.get("profile")),
            resources=Resources.from_json(data.get("resources")),
            status=data["status"],
            reason=Reason.from_json(data.get("reason")),
            workload=Workload.from_json(data.get("workload")),
            last_activity=when(data.get("last_activity")),
            started=when(data.get("started")),
            idle_stop_at=when(data.get("idle_stop_at")),
            open_url=data.get("open_url"),
            raw=data,
        )

    @property
    def live(self) -> bool:
        """Whether it holds or is about to hold resources."""
        return self.status in LIVE


@dataclass(frozen=True)
class Job:
    """A command that runs to its end, and the run of it."""

    id: str
    name: str
    project: Ref
    owner: str
    environment: Ref
    image: str | None
    command: tuple[str, ...]
    profile: Ref
    resources: Resources
    status: str
    reason: Reason | None
    workload: Workload | None
    exit_code: int | None
    created: datetime | None
    started: datetime | None
    finished: datetime | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Job:
        return cls(
            id=data["id"],
            name=data["name"],
            project=Ref.from_json(data.get("project")),
            owner=data.get("owner") or "",
            environment=Ref.from_json(data.get("environment")),
            image=data.get("image"),
            command=tuple(data.get("command") or ()),
            profile=Ref.from_json(data.get("profile")),
            resources=Resources.from_json(data.get("resources")),
            status=data["status"],
            reason=Reason.from_json(data.get("reason")),
            workload=Workload.from_json(data.get("workload")),
            exit_code=data.get("exit_code"),
            created=when(data.get("created")),
            started=when(data.get("started")),
            finished=when(data.get("finished")),
            raw=data,
        )

    @property
    def live(self) -> bool:
        """Whether it holds or is about to hold resources."""
        return self.status in LIVE


@dataclass(frozen=True)
class LogPage:
    """A part of what a job has printed. ``next_offset`` is where to read on, in bytes."""

    offset: int
    next_offset: int
    text: str
    is_end: bool
    notice: Reason | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> LogPage:
        return cls(
            offset=data["offset"],
            next_offset=data["next_offset"],
            text=data["text"],
            is_end=data["is_end"],
            notice=Reason.from_json(data.get("notice")),
            raw=data,
        )


@dataclass(frozen=True)
class Event:
    """Something that was said about a run."""

    at: datetime | None
    code: str
    text: str
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> Event:
        return cls(when(data.get("at")), data["code"], data.get("text") or data["code"], raw=data)


@dataclass(frozen=True)
class Condition:
    """One thing a start depends on."""

    code: str
    state: str
    text: str

    @classmethod
    def from_json(cls, data: Json) -> Condition:
        return cls(data["code"], data["state"], data.get("text") or "")


@dataclass(frozen=True)
class Choice:
    """A profile that would fit instead."""

    profile: Ref
    text: str

    @classmethod
    def from_json(cls, data: Json) -> Choice:
        return cls(Ref.from_json(data.get("profile")), data.get("text") or "")


@dataclass(frozen=True)
class CheckResult:
    """Whether a start would fit now, wait, or never fit."""

    verdict: str
    headline: str
    reason: Reason | None
    choices: tuple[Choice, ...]
    conditions: tuple[Condition, ...]
    starts_in_seconds: float | None
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> CheckResult:
        return cls(
            verdict=data["verdict"],
            headline=data.get("headline") or "",
            reason=Reason.from_json(data.get("reason")),
            choices=tuple(Choice.from_json(c) for c in data.get("choices") or ()),
            conditions=tuple(Condition.from_json(c) for c in data.get("conditions") or ()),
            starts_in_seconds=data.get("starts_in_seconds"),
            raw=data,
        )


@dataclass(frozen=True)
class QuotaLine:
    """One limit and how much of it is held. ``limit`` None is unlimited."""

    resource: str
    limit: int | None
    used: int
    reserved: int
    in_use: int
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> QuotaLine:
        return cls(
            resource=data["resource"],
            limit=data.get("limit"),
            used=data.get("used") or 0,
            reserved=data.get("reserved") or 0,
            in_use=data.get("in_use") or 0,
            raw=data,
        )


@dataclass(frozen=True)
class ApiToken:
    """A token; ``token`` itself is only there right after it was made."""

    id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created: datetime | None
    expires: datetime | None
    last_used: datetime | None
    token: str | None = field(default=None, repr=False)
    raw: Json = _raw()

    @classmethod
    def from_json(cls, data: Json) -> ApiToken:
        return cls(
            id=data["id"],
            name=data["name"],
            prefix=data.get("prefix") or "",
            scopes=tuple(data.get("scopes") or ()),
            created=when(data.get("created")),
            expires=when(data.get("expires")),
            last_used=when(data.get("last_used")),
            token=data.get("token"),
            raw=data,
        )
