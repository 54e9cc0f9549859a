"""Spawn plans: the portal's answer to a start at the hub."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from atelier.accounts.models import User
from atelier.accounts.services import issue_workload_token
from atelier.catalog.selectors import kubespawner_override
from atelier.core.errors import Conflict, InvalidSpec, NotAllowed
from atelier.notebooks import choices, pods, services
from atelier.notebooks.choices import Draft
from atelier.notebooks.models import NotebookServer, Run
from atelier.notebooks.services import Start
from atelier.projects.models import Membership, Project
from atelier.projects.policies import RUNS_THINGS, can_submit
from atelier.workloads.models import Workload
from atelier.workloads.status import Status

TOKEN_LIFETIME = timedelta(hours=1)
PLAN_VERSION = 1
# What the hub itself allows; '' is its default server.
_HUB_SERVER = re.compile(r"(?:[a-z][a-z0-9-]{0,29})?", re.ASCII)
# Until the engine has accepted the start, the kernel may ask the hub again after a lost answer.
MAY_BE_ASKED_AGAIN = frozenset({Status.ADMITTED, Status.SUBMITTING})
MAY_BE_BOUND = MAY_BE_ASKED_AGAIN | {Status.STARTING}


@dataclass(frozen=True, slots=True)
class Question:
    """A spawner's question: may this server start, and how?"""

    hub_user: str
    server: str
    spawn_id: str
    user_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked_for(self) -> str:
        """Return the workload named in the start, perhaps of an earlier one; '' for none."""
        named = self.user_options.get("workload_id")
        return named if isinstance(named, str) and named.isprintable() else ""


@transaction.atomic
def plan_spawn(question: Question) -> dict[str, Any]:
    """Return the plan for one start at the hub; the same spawn id gets the same plan.

    A run that waits for its start is bound to it; with none, this is a start from the hub's own
    page and is admitted or refused here. Raises Conflict SERVER_BUSY when another start holds the
    server, and whatever refuses a start.
    """
    if not _HUB_SERVER.fullmatch(question.server):
        raise InvalidSpec("BAD_NAME", field="server")
    owner = User.objects.filter(username=question.hub_user, is_active=True).first()
    if owner is None:
        raise NotAllowed("HUB_USER_UNKNOWN", {"name": question.hub_user[:30]})
    server = _server_of(owner, question)
    run = _waiting_run(server, question) or _start_from_hub(server, question)
    if run.spawn_id != question.spawn_id:
        run.spawn_id = question.spawn_id
        run.save(update_fields=("spawn_id",))
    return _plan(run, question)


def _server_of(owner: User, question: Question) -> NotebookServer:
    found = NotebookServer.objects.kept().filter(owner=owner, hub_server=question.server).first()
    if found is not None:
        return services.locked(found.pk)
    project, draft = _defaults(owner)
    return services.new_server(owner, project, draft, name=None, hub_server=question.server)


def _defaults(owner: User) -> tuple[Project, Draft]:
    """Return where and with what a start from the hub's page runs: as last time, else the first."""
    last = (
        NotebookServer.objects.kept()
        .filter(owner=owner, project__archived_at=None)
        .select_related("project")
        .order_by("-created")
        .first()
    )
    if last is not None and can_submit(owner, last.project):
        draft = choices.pick_or_first(last.project, last.environment_id, last.profile_id)
        return last.project, draft
    first = (
        Membership.objects.filter(user=owner, role__in=RUNS_THINGS, project__archived_at=None)
        .select_related("project")
        .order_by("since", "pk")
        .first()
    )
    if first is None:
        raise NotAllowed("NO_PROJECT_TO_START_IN")
    return first.project, choices.first_offered(first.project)


def _waiting_run(server: NotebookServer, question: Question) -> Run | None:
    """Return the live run this start is for, None when there is none; raises Conflict."""
    workload = server.workload
    if workload is None or workload.is_over:
        return None
    run = Run.objects.select_related(
        "workload", "environment", "profile", "server__project", "server__owner"
    ).get(pk=workload.pk)
    status = Status(workload.status)
    if status == Status.STOPPING:
        raise Conflict("START_CANCELLED")
    if run.spawn_id == question.spawn_id:
        return run
    if not run.spawn_id and status in MAY_BE_BOUND:
        return run
    # The hub runs one start of a server at a time: asking again for the same workload means that
    # it gave the earlier start up, for example because it was killed in the middle of it.
    if status in MAY_BE_ASKED_AGAIN and question.asked_for == workload.pk:
        return run
    raise Conflict("SERVER_BUSY", {"name": server.name})


def _start_from_hub(server: NotebookServer, question: Question) -> Run:
    unused = Run.objects.filter(pk=question.asked_for, server=server, spawn_id="")
    if unused.exists():
        # The portal's own start came too late: its run ended before the hub asked for the plan.
        raise Conflict("START_CANCELLED")
    if server.restart_wanted:
        raise Conflict("SERVER_BUSY", {"name": server.name})
    if not can_submit(server.owner, server.project):
        raise NotAllowed("NO_PROJECT_TO_START_IN")
    services.begin(server, actor=server.owner, start=Start(origin=Workload.Origin.HUB))
    return Run.objects.select_related(
        "workload", "environment", "profile", "server__project", "server__owner"
    ).get(pk=server.workload_id)


def _plan(run: Run, question: Question) -> dict[str, Any]:
    server, workload = run.server, run.workload
    owner, project = server.owner, server.project
    _, token = issue_workload_token(
        user=owner, project_id=project.pk, workload_id=workload.pk, lifetime=TOKEN_LIFETIME
    )
    return {
        "version": PLAN_VERSION,
        "spawn_id": question.spawn_id,
        "workload_id": workload.pk,
        "hub_user": owner.username,
        "server": server.hub_server,
        "project": {"id": project.pk, "slug": project.slug, "namespace": project.namespace},
        "environment": {
            "slug": run.environment.slug,
            "image": run.environment.image,
            "local_runtime": run.environment.local_runtime,
        },
        "resources": pods.needs_of(run).to_json(),
        "uid": owner.uid_number if settings.ATELIER_ISOLATION == "uid" else None,
        "home": server.home,
        "rescue": run.rescue,
        "overlay_reset": run.reset_packages,
        "env": {
            "ATELIER_URL": _portal_url(),
            "ATELIER_PROJECT": project.slug,
            "ATELIER_NOTEBOOK": server.pk,
            "ATELIER_WORKLOAD": workload.pk,
        },
        "token": token,
        "start_timeout_seconds": settings.ATELIER_START_TIMEOUT_SECONDS,
        "labels": pods.labels(run),
        "profile": kubespawner_override(run.profile),
        "pod": pods.pod_plan(run),
    }


def namespaces() -> list[str]:
    """Return where pods of notebooks may be: the hub looks there for those it does not know."""
    return sorted(project.namespace for project in Project.objects.only("pk"))


def _portal_url() -> str:
    """Return where a server reaches the portal."""
    if settings.ATELIER_ENGINE == "kubernetes":
        return str(settings.ATELIER_POD_PORTAL_URL)
    return str(settings.ATELIER_PORTAL_URL)
