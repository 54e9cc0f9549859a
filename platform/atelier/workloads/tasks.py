"""The kernel's tasks: a drain for each engine, the sweep, admission and orphans."""

from typing import Any

from django.utils import timezone

from atelier.toolkit.failpoints import failpoint
from atelier.toolkit.tasks import ring_now, task
from atelier.workloads import engines, moves, orphans, queue, reconciler, services
from atelier.workloads.models import Workload
from atelier.workloads.status import Status


@task(services.DRAIN)
def drain(engine: str) -> None:
    """Look after everything that is due at ``engine``."""
    reconciler.drain(engine)


@task("workloads.sweep", every=5)
def sweep() -> None:
    """Ring for everything that is due: a lost message costs seconds, not correctness."""
    due = Workload.objects.live().filter(due_at__lte=timezone.now())
    for engine in due.exclude(status=Status.QUEUED).values_list("engine", flat=True).distinct():
        ring_now(services.DRAIN, engine)
    if due.filter(status=Status.QUEUED).exists():
        ring_now(moves.ADMIT)


@task(moves.ADMIT)
def admit_waiting() -> None:
    """Admit what waits and may start now."""
    queue.admit_waiting()


@task("workloads.resolve_orphans", every=30)
def resolve_orphans() -> None:
    """End what the engines hold and nobody accounts for."""
    orphans.resolve_all()


def forget(payload: dict[str, Any]) -> None:
    """Handle the outbox message that a finished attempt may be removed from its engine."""
    engines.get(payload["engine"]).forget(payload["name"])
    failpoint("forget.done")
