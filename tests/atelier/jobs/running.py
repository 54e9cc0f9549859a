"""What workers do, in this process: admit, drain, deliver, copy logs."""

from collections.abc import Callable

from django.utils import timezone

from atelier.jobs.models import Job
from atelier.toolkit import outbox
from atelier.toolkit.models import OutboxMessage
from atelier.workloads import log_copies, queue, reconciler
from atelier.workloads.models import Attempt, LogState, Workload
from tests.atelier.engines.local.waiting import until


def work(engine: str = "local") -> None:
    """Do once what a worker does again and again."""
    Workload.objects.live().update(due_at=timezone.now())
    OutboxMessage.objects.update(due_at=timezone.now())
    Attempt.objects.filter(log_state=LogState.WANTED).update(log_due_at=timezone.now())
    queue.admit_waiting()
    reconciler.drain(engine)
    outbox.deliver_due()
    log_copies.save_due()


def work_until(is_right: Callable[[], bool], engine: str = "local") -> None:
    def look() -> bool:
        work(engine)
        return is_right()

    until(look)


def work_until_over(job: Job, engine: str = "local") -> Workload:
    """Work until the job has ended and its log is kept."""

    def is_over() -> bool:
        job.workload.refresh_from_db()
        open_ones = Attempt.objects.filter(workload=job.workload)
        closed = not open_ones.exclude(log_state=LogState.CLOSED).exists()
        return job.workload.is_over and closed

    work_until(is_over, engine)
    job.refresh_from_db()
    return job.workload
