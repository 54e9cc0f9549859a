"""What the doors and the features above may ask of the kernel.

``request_start`` and ``request_stop`` write what is wanted and ring; the reconciler does the rest.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from atelier.accounts.models import User
from atelier.audit import services as audit
from atelier.core.errors import Conflict, QuotaExceeded
from atelier.core.resources import Resources
from atelier.projects.models import Project
from atelier.toolkit.tasks import ring
from atelier.workloads import kinds, moves
from atelier.workloads.kinds import Policy
from atelier.workloads.models import Workload
from atelier.workloads.moves import Lost
from atelier.workloads.status import LIVE, Status, shown_word

DRAIN = "workloads.drain"
_TRIES = 5

__all__ = ("QuotaExceeded", "force_settle", "note_step", "request_start", "request_stop")


@transaction.atomic
def request_start(
    *,
    kind: str,
    owner: User,
    project: Project,
    resources: Resources,
    durable_id: str,
    name: str,
    origin: str = Workload.Origin.PORTAL,
    replicas: int = 1,
    parent: Workload | None = None,
    actor: User | None = None,
) -> Workload:
    """Ask for a run. It is QUEUED, and at once ADMITTED if its kind does not wait.

    Raises QuotaExceeded, for a kind that does not wait, when a limit is in the way: then nothing
    was written. ``actor`` is who asked, when that is not the owner.
    """
    known = kinds.get(kind)
    workload = Workload.objects.create(
        kind=kind,
        owner=owner,
        project=project,
        engine=known.engine(),
        durable_id=durable_id,
        name=name,
        origin=origin,
        resources=resources.to_json(),
        replicas=replicas,
        parent=parent,
    )
    moves.say(workload, Status.QUEUED.value)
    audit.record(
        actor or owner,
        "workload.queued",
        workload,
        after={"status": Status.QUEUED.value, "resources": workload.resources, "kind": kind},
        project_id=project.pk,
    )
    moves.announce(workload)
    if known.policy == Policy.NOW:
        moves.admit(workload, actor=actor or owner)
        ring(DRAIN, workload.engine)
    else:
        ring(moves.ADMIT)
    return workload


@transaction.atomic
def request_stop(
    workload: Workload,
    *,
    actor: User | None,
    reason_code: str = "CANCELLED",
    reason_params: Mapping[str, Any] | None = None,
) -> Workload:
    """Ask for the end of ``workload`` and of everything it is the parent of.

    What the engine may hold is STOPPING until it is seen gone; what it cannot hold yet is STOPPED
    at once. Asking again, or for what has ended, is harmless. Returns the row as it is then.
    """
    params = dict(reason_params or {})
    if reason_code == "CANCELLED":
        params.setdefault("by", actor.username if actor else "Atelier")
    for child in workload.children.filter(status__in=LIVE).order_by("pk"):
        request_stop(child, actor=actor, reason_code=reason_code, reason_params=params)
    if (kind := kinds.find(workload.kind)) is not None:
        kind.on_stop_asked(workload, reason_code)
    return _stop_one(workload.pk, actor, reason_code, params)


def _stop_one(pk: str, actor: User | None, reason: str, params: Mapping[str, Any]) -> Workload:
    for _ in range(_TRIES):
        workload = Workload.objects.select_related("project", "owner").get(pk=pk)
        if workload.is_over or workload.status == Status.STOPPING:
            return workload
        try:
            with transaction.atomic():
                _move_towards_stop(workload, actor, reason, params)
        except Lost:  # it moved on meanwhile; look again
            continue
        ring(DRAIN, workload.engine)
        return workload
    raise Conflict("TRY_AGAIN")


def _move_towards_stop(
    workload: Workload, actor: User | None, reason: str, params: Mapping[str, Any]
) -> None:
    if workload.status in {Status.QUEUED, Status.ADMITTED}:
        moves.settle(
            workload,
            from_=Status(workload.status),
            to=Status.STOPPED,
            actor=actor,
            reason=reason,
            params=params,
        )
    else:
        moves.stopping(workload, actor=actor, reason=reason, params=params)


@transaction.atomic
def force_settle(workload: Workload, *, actor: User) -> Workload:
    """Close ``workload`` without seeing its end and give its reservation back. For admins; audited.

    Raises Conflict when it has ended already.
    """
    now = Workload.objects.select_for_update(of=("self",)).get(pk=workload.pk)
    if now.is_over:
        raise Conflict("ALREADY_OVER")
    moves.settle(
        now,
        from_=Status(now.status),
        to=Status.STOPPED,
        actor=actor,
        reason="FORCED",
        params={"by": actor.username},
    )
    return now


def note_step(workload: Workload, step: str, at: datetime | None = None) -> None:
    """Note when a step of the start was done; progress only, it decides nothing."""
    when = at or timezone.now()
    noted = Workload.objects.filter(pk=workload.pk, status__in=LIVE).exclude(steps__has_key=step)
    with transaction.atomic():
        if noted.update(steps=moves.with_steps(**{step: when})):
            moves.announce(workload)


def shown_status(workload: Workload) -> str:
    """Return the word people see for ``workload``; see ``status.shown_word``."""
    return shown_word(workload.status, workload.reason_code)


def ring_for(engine: str) -> None:
    """Tell the worker of ``engine`` after commit that something may have changed."""
    ring(DRAIN, engine)


def look_now(workload: Workload) -> None:
    """Have ``workload`` looked at as soon as a worker can."""
    Workload.objects.filter(pk=workload.pk, status__in=LIVE).update(due_at=timezone.now())
    ring(DRAIN, workload.engine)


def stop_all_of(
    *,
    actor: User | None,
    reason_code: str,
    owner: User | None = None,
    project: Project | None = None,
    kind: str = "",
) -> int:
    """Ask for the end of everything live: of a user, of a project, of one kind, or of all."""
    mine = Q(owner=owner) if owner else Q()
    there = Q(project=project) if project else Q()
    such = Q(kind=kind) if kind else Q()
    live = Workload.objects.live().filter(mine & there & such)
    for workload in live.order_by("pk"):
        request_stop(workload, actor=actor, reason_code=reason_code)
    return len(live)
