"""Admitting what waits: first come first served within a project, in turn between projects.

- In a project nobody overtakes, except past somebody who waits for a limit of his own.
- Between projects the one that has least in use goes first, then the one that waits longest.
- When the platform's own limit is what is in the way, nobody goes on: else small runs would keep
  a large one waiting for ever. What is larger than a whole limit waits without being in the way.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from atelier.core.errors import Conflict, QuotaExceeded
from atelier.quotas.models import Line, Scope
from atelier.toolkit.failpoints import failpoint
from atelier.toolkit.orm import single_flight
from atelier.toolkit.tasks import ring_now
from atelier.workloads import moves
from atelier.workloads.models import Workload
from atelier.workloads.moves import Lost
from atelier.workloads.services import DRAIN
from atelier.workloads.status import Status, Target

MOST_AT_ONCE = 1000


def admit_waiting() -> int:
    """Admit what may start now; returns how many. One pass at a time."""
    with single_flight("admission") as mine:
        return _pass() if mine else 0


@dataclass(slots=True)
class _Waiting:
    """The queue of one project, and who in it waits for his own limit."""

    runs: deque[Workload]
    in_use: int
    blocked_owners: set[str] = field(default_factory=set)


def _pass() -> int:
    queues = _queues()
    admitted, engines = 0, set()
    while queues:
        project_id = min(queues, key=lambda p: (queues[p].in_use, queues[p].runs[0].created, p))
        queue = queues[project_id]
        workload = queue.runs.popleft()
        if workload.owner_id not in queue.blocked_owners:
            obstacle = _try(workload)
            if obstacle is None:
                admitted += 1
                engines.add(workload.engine)
                queue.in_use += workload.as_resources.cpu_millicores * workload.replicas
            elif _is_never(obstacle):
                pass  # it waits for another limit, not for its turn
            elif obstacle["scope"] == Scope.PLATFORM:
                break
            elif obstacle["scope"] == Scope.USER:
                queue.blocked_owners.add(workload.owner_id)
            else:
                queue.runs.clear()
        if not queue.runs:
            del queues[project_id]
    for engine in engines:
        ring_now(DRAIN, engine)
    return admitted


def _queues() -> dict[str, _Waiting]:
    waiting = Workload.objects.filter(
        status=Status.QUEUED, target=Target.RUNNING, due_at__lte=timezone.now()
    ).order_by("created", "pk")[:MOST_AT_ONCE]
    by_project: dict[str, deque[Workload]] = {}
    for workload in waiting:
        by_project.setdefault(workload.project_id, deque()).append(workload)
    in_use = dict(
        Line.objects.filter(
            scope=Scope.PROJECT, scope_id__in=by_project, resource="cpu"
        ).values_list("scope_id", "used")
    )
    return {p: _Waiting(runs, in_use.get(p, 0)) for p, runs in by_project.items()}


def _try(workload: Workload) -> Mapping[str, Any] | None:
    """Admit it; returns what is in the way as the parameters of QUOTA_EXCEEDED, or None."""
    try:
        moves.admit(workload)
        failpoint("queue.admitted")
    except Lost:  # stopped meanwhile
        return None
    except QuotaExceeded as error:
        _note(workload, error.code, error.params)
        return error.params
    except Conflict as error:
        _note(workload, error.code, error.params)
        return {"scope": Scope.PROJECT, "limit": None}
    return None


def _is_never(obstacle: Mapping[str, Any]) -> bool:
    limit = obstacle.get("limit")
    return limit is not None and obstacle["asked"] > limit


def _note(workload: Workload, code: str, params: Mapping[str, Any]) -> None:
    if (workload.reason_code, workload.reason_params) == (code, dict(params)):
        return
    Workload.objects.filter(pk=workload.pk, status=Status.QUEUED).update(
        reason_code=code, reason_params=dict(params)
    )
    moves.announce(workload)
