"""What can be done with notebook servers. Each verb writes intent; the kernel does the rest."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from atelier.accounts.models import User
from atelier.audit import services as audit
from atelier.core.errors import Conflict, NotFound, Refused
from atelier.core.names import parse_display_name
from atelier.notebooks import choices, hub_access, policies
from atelier.notebooks.choices import Draft
from atelier.notebooks.models import RESTARTING, NotebookServer, Run
from atelier.projects.models import Project
from atelier.toolkit import events
from atelier.workloads import services as workloads
from atelier.workloads.models import Workload

KIND = "notebook"
DEFAULT_NAME = "notebook"


@dataclass(frozen=True, slots=True)
class Start:
    """How one start differs from the last one; empty fields keep what the server has."""

    environment: str = ""
    profile: str = ""
    rescue: bool = False
    origin: str = Workload.Origin.PORTAL


ORDINARY = Start()


# --- making, naming, deleting ------------------------------------------------------------------


@transaction.atomic
def create_server(
    *,
    owner: User,
    project: Project,
    environment: str,
    profile: str,
    name: str | None = None,
    start: bool = True,
    origin: str = Workload.Origin.PORTAL,
) -> NotebookServer:
    """Make a notebook server and, unless told otherwise, start it: both or neither.

    Raises NotAllowed, InvalidSpec (choices), Conflict NAME_TAKEN and, for the start, QuotaExceeded.
    """
    policies.require_submit(owner, project)
    draft = choices.pick(project, environment=environment, profile=profile)
    server = new_server(owner, project, draft, name=name)
    if start:
        begin(server, actor=owner, start=Start(origin=origin))
    return server


def new_server(
    owner: User, project: Project, draft: Draft, *, name: str | None, hub_server: str | None = None
) -> NotebookServer:
    """Write the row of a new server; ``hub_server`` only for one the hub already has a name for."""
    server = NotebookServer(
        project=project,
        owner=owner,
        name=_free_name(owner, project) if name is None else parse_display_name(name, field="name"),
        environment=draft.environment,
        profile=draft.profile,
    )
    server.hub_server = server.pk if hub_server is None else hub_server
    _save(server, force_insert=True)
    audit.record(owner, "notebook.created", server, after=_state(server))
    return server


def _free_name(owner: User, project: Project) -> str:
    """Return "notebook", or "notebook 2" and so on: the first that this owner has not used here."""
    taken = set(
        NotebookServer.objects.kept()
        .filter(owner=owner, project=project, name__startswith=DEFAULT_NAME)
        .values_list("name", flat=True)
    )
    numbered = (f"{DEFAULT_NAME} {n}" for n in range(2, len(taken) + 3))
    return next(name for name in (DEFAULT_NAME, *numbered) if name not in taken)


def _save(server: NotebookServer, **how: Any) -> None:
    try:
        with transaction.atomic():
            server.save(**how)
    except IntegrityError as error:
        raise Conflict("NAME_TAKEN", {"name": server.name}, field="name") from error


@transaction.atomic
def change_server(
    *,
    server_id: str,
    actor: User,
    name: str | None = None,
    environment: str | None = None,
    profile: str | None = None,
) -> NotebookServer:
    """Rename a server, or choose what its next start uses. What runs keeps what it has."""
    server = locked(server_id)
    policies.require(policies.can_run(actor, server))
    before = _state(server)
    if environment or profile:
        draft = _draft(server, environment=environment or "", profile=profile or "")
        server.environment, server.profile = draft.environment, draft.profile
    if name is not None:
        server.name = parse_display_name(name, field="name")
    if (after := _state(server)) != before:
        server.version += 1
        _save(server)
        audit.record(actor, "notebook.changed", server, before=before, after=after)
        announce(server)
    return server


@transaction.atomic
def delete_server(*, server_id: str, actor: User) -> None:
    """Delete a stopped server. The home stays: it is the user's, not the server's."""
    server = locked(server_id)
    policies.require(policies.can_stop(actor, server))
    if _live(server) is not None or server.restart_wanted:
        raise Conflict("STOP_IT_FIRST", {"name": server.name})
    server.deleted_at = timezone.now()
    server.save(update_fields=("deleted_at",))
    audit.record(actor, "notebook.deleted", server, before=_state(server))
    hub_access.remove_later(server)
    announce(server)


def when_project_is_gone(project: Project) -> None:
    """Take away the servers of a project of which nothing is left; none of them runs."""
    for server in NotebookServer.objects.filter(project=project, deleted_at=None):
        server.deleted_at = timezone.now()
        server.save(update_fields=("deleted_at",))
        hub_access.remove_later(server)


# --- starting and stopping ---------------------------------------------------------------------


@transaction.atomic
def start_server(*, server_id: str, actor: User, start: Start = ORDINARY) -> NotebookServer:
    """Start a stopped server, admitted now or refused now.

    Raises Conflict SERVER_BUSY while an earlier run lasts, QuotaExceeded, InvalidSpec (choices).
    """
    server = locked(server_id)
    policies.require_start(actor, server)
    if _live(server) is not None or server.restart_wanted:
        raise Conflict("SERVER_BUSY", {"name": server.name})
    begin(server, actor=actor, start=start)
    return server


def begin(server: NotebookServer, *, actor: User, start: Start) -> Workload:
    """Ask the kernel for a run of ``server``, whose row is locked and has no live one."""
    if server.project.archived_at is not None:
        raise Conflict("PROJECT_ARCHIVED")
    draft = _draft(server, environment=start.environment, profile=start.profile)
    workload = workloads.request_start(
        kind=KIND,
        owner=server.owner,
        project=server.project,
        resources=draft.profile.total_resources,
        durable_id=server.pk,
        name=server.name,
        origin=start.origin,
        actor=actor,
    )
    Run.objects.create(
        workload=workload,
        server=server,
        environment=draft.environment,
        profile=draft.profile,
        rescue=start.rescue,
        reset_packages=server.reset_packages,
    )
    server.environment, server.profile, server.workload = (
        draft.environment, draft.profile, workload,
    )  # fmt: skip
    server.restart_wanted = server.reset_packages = False
    server.refusal_code, server.refusal_params = "", {}
    server.save()
    announce(server)
    return workload


@transaction.atomic
def stop_server(*, server_id: str, actor: User) -> NotebookServer:
    """Ask for the end of the present run, and forget a restart that was wanted. Repeatable."""
    server = locked(server_id)
    policies.require(policies.can_stop(actor, server))
    if server.workload is not None:
        server.workload = workloads.request_stop(server.workload, actor=actor)
    server.restart_wanted = False  # the kind took it back with the request to stop
    announce(server)
    return server


@transaction.atomic
def restart_server(*, server_id: str, actor: User, start: Start = ORDINARY) -> NotebookServer:
    """Stop the present run and start again when it is gone, perhaps with other choices.

    A choice that this project may not use is refused now; a limit that is in the way when the old
    run is gone stands as the reason on the stopped server.
    """
    server = locked(server_id)
    policies.require(policies.can_run(actor, server))
    live = _live(server)
    if live is None:
        begin(server, actor=actor, start=start)
        return server
    draft = _draft(server, environment=start.environment, profile=start.profile)
    server.environment, server.profile = draft.environment, draft.profile
    server.restart_wanted = True
    server.save(update_fields=("environment", "profile", "restart_wanted"))
    audit.record(actor, "notebook.restart-asked", server, after=_state(server))
    server.workload = workloads.request_stop(live, actor=actor, reason_code=RESTARTING)
    if server.workload.is_over:
        server.refresh_from_db()  # it had not begun: its end has asked for the next start
    announce(server)
    return server


@transaction.atomic
def finish_restart(*, server_id: str) -> None:
    """Start what waits for its restart, if it still does and the old run is gone."""
    server = NotebookServer.objects.kept().filter(pk=server_id, restart_wanted=True).first()
    if server is None:
        return
    server = locked(server_id)
    if not server.restart_wanted or _live(server) is not None:
        return
    if not policies.can_run(server.owner, server):
        raise Conflict("RESTART_NOT_ALLOWED")
    begin(server, actor=server.owner, start=ORDINARY)


@transaction.atomic
def refuse_restart(*, server_id: str, refusal: Refused) -> None:
    """Note on the server why its restart did not come about."""
    server = locked(server_id)
    if not server.restart_wanted:
        return
    server.restart_wanted = False
    server.refusal_code, server.refusal_params = refusal.code, refusal.params
    server.save(update_fields=("restart_wanted", "refusal_code", "refusal_params"))
    announce(server)


# --- looking after -----------------------------------------------------------------------------


@transaction.atomic
def keep_running(*, server_id: str, actor: User) -> NotebookServer:
    """Put the idle stop off by a whole idle period from now."""
    server = locked(server_id)
    policies.require(policies.can_run(actor, server))
    live = _live(server)
    if live is None:
        raise Conflict("NOT_RUNNING", {"name": server.name})
    until = timezone.now() + timedelta(minutes=settings.ATELIER_IDLE_MINUTES)
    Run.objects.filter(pk=live.pk).update(kept_until=until, idle_stop_at=None)
    audit.record(actor, "notebook.kept", server, after={"until": until.isoformat()})
    announce(server)
    return server


@transaction.atomic
def reset_packages(*, server_id: str, actor: User) -> NotebookServer:
    """Have the packages installed by hand thrown away by the next start. Stopped servers only.

    Files of a home are touched by its owner's own processes only, never by the portal.
    """
    server = locked(server_id)
    policies.require(policies.can_run(actor, server))
    if _live(server) is not None or server.restart_wanted:
        raise Conflict("STOP_IT_FIRST", {"name": server.name})
    server.reset_packages = True
    server.save(update_fields=("reset_packages",))
    audit.record(actor, "notebook.packages-reset", server)
    announce(server)
    return server


# --- small parts -------------------------------------------------------------------------------


def locked(server_id: str) -> NotebookServer:
    """Return the server with its row locked: starts and stops of one server wait for each other."""
    kept = NotebookServer.objects.kept().filter(pk=server_id)
    if kept.select_for_update().values_list("pk", flat=True).first() is None:
        raise NotFound
    # Read after the lock was had, and on its own: rows joined to a locked one are those of before
    # the wait, so the workload that the winner has just made would be missing.
    related = ("project", "owner", "environment", "profile", "workload")
    return kept.select_related(*related).get()


def _draft(server: NotebookServer, *, environment: str, profile: str) -> Draft:
    """Return what the next run is made of; what is not named stays, if it is still offered."""
    return choices.pick(
        server.project,
        environment=environment or server.environment_id,
        profile=profile or server.profile_id,
    )


def _live(server: NotebookServer) -> Workload | None:
    workload = server.workload
    return workload if workload is not None and not workload.is_over else None


def announce(server: NotebookServer) -> None:
    """Tell the listeners of its project and owner after the commit."""
    topics = [f"project:{server.project_id}", f"user:{server.owner_id}"]
    events.publish(topics, "notebook.changed", id=server.pk, project=server.project_id)


def _state(server: NotebookServer) -> dict[str, Any]:
    return {
        "name": server.name,
        "environment": server.environment_id,
        "profile": server.profile_id,
    }
