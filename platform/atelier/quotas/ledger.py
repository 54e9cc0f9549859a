"""The ledger: what each member of a holder occupied, and when, by the engine's clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest

from atelier.quotas.models import UsageInterval


@dataclass(frozen=True, slots=True)
class Use:
    """One member's time; ``ended`` None while it goes on."""

    member: str
    resources: Mapping[str, Any]
    started: datetime
    ended: datetime | None = None
    observed: bool = True


def write(holder: str, *, user_id: str, project_id: str, uses: Iterable[Use]) -> None:
    """Write what was seen of the members; the same again changes nothing."""
    rows = [
        UsageInterval(
            holder=holder,
            member=use.member,
            project_id=project_id,
            user_id=user_id,
            resources=dict(use.resources),
            started=use.started,
            # An engine whose clock went back must not stop the ledger.
            ended=use.ended and max(use.ended, use.started),
            observed=use.observed,
        )
        for use in uses
    ]
    UsageInterval.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("holder", "member"),
        update_fields=("started", "ended", "observed"),
    )


def close(holder: str, *, last_seen: datetime, but: Collection[str] = ()) -> None:
    """End what is still open at the last sighting, flagged: its end was not observed.

    ``but`` are the members that go on.
    """
    UsageInterval.objects.filter(holder=holder, ended=None).exclude(member__in=but).update(
        ended=Greatest(F("started"), Value(last_seen)), observed=False
    )
