"""Rows for every list route: ``FILL[operation](world, count)`` brings a list to ``count`` rows.

A new list route needs one line in ``FILL``, and its reader in ``READERS`` if that is not the
member of the world.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count as counter
from typing import Any

from django.db import models
from django.utils import timezone

from atelier.accounts.models import ApiToken, BrowserSession, User
from atelier.audit.models import Record
from atelier.catalog.models import Environment, Profile
from atelier.jobs.models import Job
from atelier.notebooks.models import NotebookServer, Run
from atelier.projects.models import Invitation, Membership, Project, Role
from atelier.quotas.models import LimitChange, Line, Scope
from atelier.workloads.models import Workload, WorkloadEvent
from atelier.workloads.status import Status
from tests.contract.world import World, a_line

# What a list asks for beside its page, where its document's first example has one row only.
ASKING = {"list_quotas": "?scope=project"}

_numbers = counter()
SMALL = {"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}}

# Who reads it, where a member may not.
READERS = {
    "list_audit_records": "auditor",
    "list_users": "auditor",
    "list_invitations": "lead",
    "list_quotas": "auditor",
    "list_limit_changes": "auditor",
}


def _create(rows: Iterable[models.Model]) -> list[Any]:
    made = list(rows)
    return type(made[0])._default_manager.bulk_create(made) if made else []


def _fresh(count: int) -> list[int]:
    """Return numbers that were not used for any name yet."""
    return [next(_numbers) for _ in range(count)]


def _users(count: int) -> list[Any]:
    return _create(
        User(username=f"crowd{i}", display_name=f"Crowd {i}", uid_number=61_000 + i)
        for i in _fresh(count)
    )


def users(world: World, count: int) -> None:
    _users(count - User.objects.count())


def projects(world: World, count: int) -> None:
    missing = count - Membership.objects.filter(user=world.users["member"]).count()
    made = _create(Project(slug=f"crowd-{i}", name=f"Crowd {i}") for i in _fresh(missing))
    _create(Membership(project=p, user=world.users["member"], role=Role.LEAD) for p in made)


def members(world: World, count: int) -> None:
    missing = count - world.project.memberships.count()
    _create(Membership(project=world.project, user=u, role=Role.VIEWER) for u in _users(missing))


def invitations(world: World, count: int) -> None:
    missing = count - world.project.invitations.count()
    later = timezone.now() + timedelta(days=1)
    _create(
        Invitation(
            project=world.project,
            role=Role.VIEWER,
            hash=f"{i:064d}",
            created_by=world.users["lead"],
            expires=later,
        )
        for i in _fresh(missing)
    )


def records(world: World, count: int) -> None:
    missing = count - Record.objects.count()
    _create(
        Record(actor=world.users["lead"], verb="a.b", object_type="c", object_id=str(i))
        for i in _fresh(missing)
    )


def tokens(world: World, count: int) -> None:
    later = timezone.now() + timedelta(days=1)
    _create(
        ApiToken(
            user=world.users["member"],
            name=str(i),
            prefix="atl_0000",
            hash=f"{i:064d}",
            scopes=["read"],
            expires=later,
        )
        for i in _fresh(count)
    )


def browsers(world: World, count: int) -> None:
    later = timezone.now() + timedelta(days=1)
    _create(
        BrowserSession(key_hash=f"{i:064d}", data="", expires=later, user=world.users["member"])
        for i in _fresh(count)
    )


def environments(world: World, count: int) -> None:
    missing = count - Environment.objects.count()
    _create(Environment(slug=f"crowd-{i}", name=f"Crowd {i}") for i in _fresh(missing))


def profiles(world: World, count: int) -> None:
    missing = count - Profile.objects.count()
    _create(Profile(slug=f"crowd-{i}", name=f"Crowd {i}", resources=SMALL) for i in _fresh(missing))


def workloads(world: World, count: int) -> list[Any]:
    """Make workloads in every state, each for another owner."""
    now = timezone.now()
    shapes: list[dict[str, Any]] = [
        {"status": Status.RUNNING, "started_at": now},
        {"status": Status.QUEUED, "reason_code": "QUOTA_EXCEEDED"},
        {"status": Status.FAILED, "finished_at": now, "reason_code": "EXITED"},
        {"status": Status.STARTING, "steps": {"quota": now.isoformat()}},
    ]
    missing = count - Workload.objects.count()
    return _create(
        Workload(
            kind="notebook",
            project=world.project,
            owner=owner,
            engine="memory",
            engine_name=f"crowd-{i}",
            name=f"crowd {i}",
            durable_id=f"ncrowd{i}",
            resources=SMALL,
            **shapes[i % len(shapes)],
        )
        for i, owner in zip(_fresh(missing), _users(missing), strict=True)
    )


def events(world: World, count: int) -> None:
    workload = Workload.objects.get()
    _create(WorkloadEvent(workload=workload, code="RUNNING") for _ in range(count))


def notebooks(world: World, count: int) -> None:
    runs = workloads(world, count)
    servers = _create(
        NotebookServer(
            project=world.project,
            owner=workload.owner,
            name=workload.name,
            hub_server=f"s{workload.durable_id}",
            environment=world.environment,
            profile=world.profile,
            workload=workload,
        )
        for workload in runs
    )
    _create(
        Run(
            workload=server.workload,
            server=server,
            environment=world.environment,
            profile=world.profile,
        )
        for server in servers
    )


def jobs(world: World, count: int) -> None:
    _create(
        Job(
            project=world.project,
            owner=workload.owner,
            name=workload.name,
            command=["python", "train.py"],
            environment=world.environment,
            profile=world.profile,
            workload=workload,
        )
        for workload in workloads(world, count)
    )


def quotas(world: World, count: int) -> None:
    missing = count - Project.objects.count()
    made = _create(Project(slug=f"crowd-{i}", name=f"Crowd {i}") for i in _fresh(missing))
    _create(
        Line(scope=scope, scope_id=owner.pk, resource="cpu", limit=1)
        for scope, owners in ((Scope.PROJECT, made), (Scope.USER, _users(missing)))
        for owner in owners
    )


def limit_changes(world: World, count: int) -> None:
    line = a_line(world)
    _create(
        LimitChange(line=line, by=world.users["admin"], before=1, after=i) for i in range(count)
    )


FILL: dict[str, Callable[[World, int], Any]] = {
    "list_audit_records": records,
    "list_environments": environments,
    "list_invitations": invitations,
    "list_jobs": jobs,
    "list_limit_changes": limit_changes,
    "list_members": members,
    "list_my_browsers": browsers,
    "list_my_tokens": tokens,
    "list_notebooks": notebooks,
    "list_profiles": profiles,
    "list_projects": projects,
    "list_quotas": quotas,
    "list_users": users,
    "list_workload_events": events,
    "list_workloads": workloads,
}
