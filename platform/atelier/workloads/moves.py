"""The moves of a workload, each one transaction: the row, its attempt, members, reservation, use,
audit, event and the kind's own part change together or not at all.

Every move is a compare-and-swap. ``Lost`` is raised by the one who comes second: it changed
nothing and looks again.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, Value
from django.utils import timezone

from atelier.accounts.models import User
from atelier.audit import services as audit
from atelier.core.errors import AtelierError
from atelier.engines.base import Observation, Phase
from atelier.quotas import ledger
from atelier.quotas import services as quotas
from atelier.toolkit import events, outbox
from atelier.toolkit.failpoints import failpoint
from atelier.toolkit.tasks import ring
from atelier.workloads import hooks, kinds, sightings
from atelier.workloads.models import Attempt, Outcome, Workload, WorkloadEvent
from atelier.workloads.status import LIVE, TERMINAL, Status

logger = logging.getLogger(__name__)

ADMIT = "workloads.admit"  # the task that admits what waits
FORGET = "workloads.forget"  # the outbox topic: remove what a finished attempt left


class Lost(AtelierError):
    """Somebody else moved the workload first."""


class _Merge(Func):
    """jsonb || jsonb: two writers of different keys never lose one."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = JSONField()


def move(
    workload: Workload,
    *,
    from_: Status | Collection[Status],
    to: Status,
    actor: User | None = None,
    reason: str = "",
    params: Mapping[str, Any] | None = None,
    text: str = "",
    **fields: Any,
) -> None:
    """Move ``workload`` from the status it was read with, with its event, audit row and news.

    Must run in a transaction that everything else about the move belongs to. Raises Lost when
    that status is not among ``from_``, or is not the present one any more: even a move between
    two states that both allow this one makes the reader look again, or the audit row's "before"
    would be one that never was.
    """
    now = timezone.now()
    before = workload.status
    changes = {
        "reason_code": reason,
        "reason_params": dict(params or {}),
        "changed_at": now,
        "due_at": now,
        "failures": 0,
        **fields,
    }
    sources = {from_} if isinstance(from_, Status) else set(from_)
    if before not in sources - TERMINAL:
        raise Lost
    if not Workload.objects.move(workload.pk, from_=before, to=to, **changes):
        raise Lost
    workload.status = to
    for name, value in changes.items():
        if not hasattr(value, "resolve_expression"):
            setattr(workload, name, value)
    say(workload, to.value, reason_event(to, reason, params), text=text, at=now)
    audit.record(
        actor,
        f"workload.{to.value.lower()}",
        workload,
        before={"status": before},
        after={"status": to.value, "reason": reason},
        project_id=workload.project_id,
    )
    announce(workload)
    extra = {"workload": workload.pk, "from": before, "to": to.value, "reason": reason}
    logger.info("workload moved", extra=extra)


def reason_event(to: Status, reason: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an event's parameters: what a move was for."""
    return {"reason": reason, **(params or {})} if reason else {}


def say(
    workload: Workload,
    code: str,
    params: Mapping[str, Any] | None = None,
    *,
    text: str = "",
    at: datetime | None = None,
) -> None:
    """Write an event of the platform's own."""
    WorkloadEvent.objects.create(
        workload=workload, code=code, params=dict(params or {}), text=text[:1000],
        at=at or timezone.now(),
    )  # fmt: skip


def announce(workload: Workload) -> None:
    """Tell the listeners of its project and owner after the commit."""
    topics = [f"project:{workload.project_id}", f"user:{workload.owner_id}", "platform"]
    events.publish(topics, "workload.changed", id=workload.pk, project=workload.project_id)


def with_steps(**times: datetime) -> _Merge:
    """Return the expression that adds ``times`` to the steps of a start."""
    texts = {name: at.isoformat() for name, at in times.items()}
    return _Merge(F("steps"), Value(texts, output_field=JSONField()))


@transaction.atomic
def admit(workload: Workload, *, actor: User | None = None) -> None:
    """Reserve what it needs and move it to ADMITTED.

    Raises QuotaExceeded (nothing is changed then) and Lost.
    """
    kind = kinds.get(workload.kind)
    now = timezone.now()
    move(
        workload,
        from_=Status.QUEUED,
        to=Status.ADMITTED,
        actor=actor,
        steps=with_steps(quota=now),
    )
    failpoint("admit.moved")
    # Last, since the platform's lines are everybody's.
    quotas.reserve(
        workload.pk,
        user_id=workload.owner_id,
        project_id=workload.project_id,
        claims=kind.claims(workload.as_resources, workload.replicas),
    )
    hooks.admitted(workload)
    failpoint("admit.reserved")


@transaction.atomic
def intend(workload: Workload, engine_name: str) -> None:
    """Record that attempt ``workload.attempt_number`` is about to be submitted. Raises Lost."""
    move(
        workload,
        from_=Status.ADMITTED,
        to=Status.SUBMITTING,
        attempt_number=workload.attempt_number,
        engine_name=engine_name,
    )
    Attempt.objects.create(
        workload=workload, number=workload.attempt_number, engine_name=engine_name
    )


@transaction.atomic
def accepted(workload: Workload, *, wait: timedelta) -> None:
    """The engine took it. Raises Lost."""
    now = timezone.now()
    move(
        workload,
        from_=Status.SUBMITTING,
        to=Status.STARTING,
        steps=with_steps(submitted=now),
        due_at=now + wait,
    )


@transaction.atomic
def started(
    workload: Workload, seen: Observation, reason: str, params: Mapping[str, Any], wait: timedelta
) -> None:
    """Seen on its way, before anybody heard that the engine took it. Raises Lost."""
    now = timezone.now()
    move(
        workload,
        from_=Status.SUBMITTING,
        to=Status.STARTING,
        reason=reason,
        params=params,
        steps=with_steps(submitted=now),
        last_seen_at=now,
        stale_since=None,
        due_at=now + wait,
    )
    sightings.record(workload, seen)


@transaction.atomic
def running(workload: Workload, seen: Observation, wait: timedelta) -> None:
    """Seen at work. Raises Lost."""
    now = timezone.now()
    known = {"submitted": now, "placed": now} | _times(workload)
    move(
        workload,
        from_={Status.SUBMITTING, Status.STARTING},
        to=Status.RUNNING,
        started_at=workload.started_at or now,
        steps=with_steps(**known, ready=now),
        last_seen_at=now,
        stale_since=None,
        due_at=now + wait,
    )
    sightings.record(workload, seen)
    failpoint("running.seen")
    quotas.mark_in_use(workload.pk)
    kinds.get(workload.kind).on_running(workload)


def _times(workload: Workload) -> dict[str, datetime]:
    noted = {name: datetime.fromisoformat(at) for name, at in workload.steps.items()}
    return {name: noted[name] for name in ("submitted", "placed") if name in noted}


@transaction.atomic
def stopping(
    workload: Workload,
    *,
    actor: User | None = None,
    reason: str,
    params: Mapping[str, Any],
    ends_as: Status = Status.STOPPED,
) -> None:
    """Ask it to end. It keeps its reservation until it is seen gone. Raises Lost."""
    move(
        workload,
        from_={Status.SUBMITTING, Status.STARTING, Status.RUNNING},
        to=Status.STOPPING,
        actor=actor,
        reason=reason,
        params=params,
        target="STOPPED",
        ends_as=ends_as,
    )


@transaction.atomic
def retry(
    workload: Workload,
    seen: Observation,
    *,
    from_: Status,
    to: Status,
    reason: str,
    params: Mapping[str, Any],
    wait: timedelta,
) -> None:
    """End the attempt and prepare the next: held (ADMITTED) or back in the queue. Raises Lost."""
    now = timezone.now()
    move(
        workload,
        from_=from_,
        to=to,
        reason=reason,
        params=params,
        due_at=now + wait,
        engine_name=workload.engine_name,
    )
    sightings.record(workload, seen)
    failpoint("retry.moved")
    _end_attempt(workload, Outcome.FAILED, reason, params, now)
    if to == Status.QUEUED:
        quotas.release(workload.pk)
        ring(ADMIT)
    outbox.send(FORGET, engine=workload.engine, name=workload.engine_name)


@transaction.atomic
def settle(
    workload: Workload,
    *,
    to: Status,
    from_: Status | Collection[Status] = LIVE,
    seen: Observation | None = None,
    actor: User | None = None,
    reason: str = "",
    params: Mapping[str, Any] | None = None,
    outcome: Outcome = Outcome.NONE,
    text: str = "",
) -> None:
    """End it for good: the one move that gives its reservation back. Raises Lost."""
    now = timezone.now()
    failpoint("settle.before")
    move(
        workload,
        from_=from_,
        to=to,
        actor=actor,
        reason=reason,
        params=params,
        text=text,
        finished_at=now,
        stale_since=None,
        **({"last_seen_at": now} if seen and seen.phase != Phase.GONE else {}),
    )
    failpoint("settle.moved")
    if seen is not None:
        sightings.record(workload, seen)
    _end_attempt(workload, outcome or Outcome(to.value.lower()), reason, params or {}, now)
    kinds.get(workload.kind).on_settled(workload)
    if workload.engine_name:
        outbox.send(FORGET, engine=workload.engine, name=workload.engine_name)
    if quotas.release(workload.pk):
        ring(ADMIT)  # somebody may have been waiting for this room
    failpoint("settle.released")


def _end_attempt(
    workload: Workload, outcome: Outcome, reason: str, params: Mapping[str, Any], now: datetime
) -> None:
    Attempt.objects.filter(
        workload=workload, number=workload.attempt_number, finished_at=None
    ).update(finished_at=now, outcome=outcome, reason_code=reason, reason_params=dict(params))
    last_seen = workload.last_seen_at or workload.started_at or now
    ledger.close(workload.pk, last_seen=min(last_seen, now))
