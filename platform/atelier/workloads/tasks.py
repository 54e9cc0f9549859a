"""The kernel's tasks: a drain for each engine, the sweep, admission and orphans."""

from typing import Any

from django.utils import timezone

from atelier.toolkit.failpoints import failpoint
from atelier.toolkit.tasks import ring_now, task
from atelier.workloads import log_copies, moves, orphans, queue, reconciler, services
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
    for workload_id in log_copies.watched():
        ring_now(log_copies.COLLECT, workload_id)


@task(moves.ADMIT)
def admit_waiting() -> None:
    """Admit what waits and may start now."""
    queue.admit_waiting()


@task("workloads.resolve_orphans", every=30)
def resolve_orphans() -> None:
    """End what the engines hold and nobody accounts for."""
    orphans.resolve_all()


@task(log_copies.COLLECT)
def collect_log(workload_id: str) -> None:
    """Copy what a run that somebody looks at has printed since."""
    log_copies.collect(workload_id)


@task(log_copies.SAVE, every=5)
def save_logs() -> None:
    """Copy the whole logs of what has ended, and let the engines forget it then."""
    log_copies.save_due()


def forget(payload: dict[str, Any]) -> None:
    """Handle the outbox message that a finished attempt may be removed from its engine."""
    log_copies.forget_run(payload["engine"], payload["name"])
    failpoint("forget.done")
