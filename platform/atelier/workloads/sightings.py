"""Copying what an engine showed: members, their time in the ledger, its events."""

import hashlib
from dataclasses import astuple
from datetime import datetime

from django.utils import timezone

from atelier.engines.base import MemberObservation, Observation, Phase
from atelier.quotas import ledger
from atelier.workloads.models import Attempt, Member, Workload, WorkloadEvent

_MEMBER_FIELDS = (
    "phase",
    "node",
    "scheduled_at",
    "started_at",
    "finished_at",
    "exit_code",
    "peak_memory_bytes",
)


def digest(seen: Observation) -> str:
    """Return what tells one sighting from another; '' when there is nothing to copy."""
    if not seen.members and not seen.events and seen.phase != Phase.RUNNING:
        return ""
    shown = repr(([astuple(m) for m in seen.members], [e.key for e in seen.events]))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def record(workload: Workload, seen: Observation) -> None:
    """Copy the sighting into the tables; the same again changes nothing."""
    mark = digest(seen)
    if not mark or mark == workload.sighting:
        return
    _record_events(workload, seen)
    _record_members(workload, _members(workload, seen))
    Workload.objects.filter(pk=workload.pk).update(sighting=mark)
    workload.sighting = mark


def _members(workload: Workload, seen: Observation) -> tuple[MemberObservation, ...]:
    if seen.members or seen.phase != Phase.RUNNING:
        return seen.members
    # An engine that shows no members still runs something, and the ledger has to know.
    since = workload.started_at or timezone.now()
    return (MemberObservation("main", 0, "", Phase.RUNNING, started_at=since),)


def _record_events(workload: Workload, seen: Observation) -> None:
    WorkloadEvent.objects.bulk_create(
        [
            WorkloadEvent(
                workload=workload,
                at=event.at,
                code=event.code[:60],
                text=event.text[:1000],
                source=WorkloadEvent.Source.ENGINE,
                key=f"{workload.attempt_number}/{event.key}"[:200],
            )
            for event in seen.events
        ],
        ignore_conflicts=True,
    )


def _record_members(workload: Workload, members: tuple[MemberObservation, ...]) -> None:
    if not members:
        return
    attempt = Attempt.objects.get(workload=workload, number=workload.attempt_number)
    Member.objects.bulk_create(
        [
            Member(
                attempt=attempt,
                role=seen.role,
                index=seen.index,
                engine_uid=seen.uid,
                **{name: getattr(seen, name) for name in _MEMBER_FIELDS},
            )
            for seen in members
        ],
        update_conflicts=True,
        unique_fields=("attempt", "role", "index", "engine_uid"),
        update_fields=_MEMBER_FIELDS,
    )
    ledger.write(
        workload.pk,
        user_id=workload.owner_id,
        project_id=workload.project_id,
        uses=[_use(workload, m, since) for m in members if (since := _since(m)) is not None],
    )
    _close_vanished(workload, attempt, members)


def _close_vanished(
    workload: Workload, attempt: Attempt, members: tuple[MemberObservation, ...]
) -> None:
    """End the members that made place for others: an evicted pod goes away with its end."""
    last_seen = workload.last_seen_at or timezone.now()
    vanished = Member.objects.filter(attempt=attempt, finished_at=None).exclude(
        engine_uid__in=[m.uid for m in members]
    )
    if vanished.update(finished_at=last_seen, phase=Phase.GONE):
        ledger.close(workload.pk, last_seen=last_seen, but=[_key(workload, m) for m in members])


def _since(member: MemberObservation) -> datetime | None:
    return member.scheduled_at or member.started_at


def _use(workload: Workload, member: MemberObservation, since: datetime) -> ledger.Use:
    return ledger.Use(_key(workload, member), workload.resources, since, member.finished_at)


def _key(workload: Workload, member: MemberObservation) -> str:
    return f"{workload.attempt_number}/{member.role}/{member.index}/{member.uid}"[:200]
