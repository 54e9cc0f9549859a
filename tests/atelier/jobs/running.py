"""What workers do, in this process: admit, drain, deliver, copy logs."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from atelier.engines.local import LocalEngine
from atelier.engines.local.engine import SYSTEM_PATH
from atelier.jobs.models import Job
from atelier.toolkit import outbox
from atelier.toolkit.models import OutboxMessage
from atelier.workloads import engines, log_copies, queue, reconciler
from atelier.workloads.models import Attempt, LogState, Workload
from tests.atelier.engines.local.waiting import until, until_over

# One that every user may run: a virtual environment of root's is often out of their reach.
PYTHON = Path(shutil.which("python3", path=SYSTEM_PATH) or sys.executable)


@contextmanager
def local_engine(settings: Any) -> Iterator[LocalEngine]:
    """Let jobs run as processes below a new folder; whatever still runs ends with the block."""
    settings.ATELIER_ENGINE = "local"
    settings.ATELIER_ISOLATION = "uid" if os.geteuid() == 0 else "none"
    # Not below pytest's own folder, which other users may not enter.
    with tempfile.TemporaryDirectory(prefix="atelier-jobs-") as folder:
        Path(folder).chmod(0o711)
        made = LocalEngine(Path(folder) / "engine", runtimes={"runtime": PYTHON})
        with engines.replaced("local", made):
            yield made
        for held in made.inventory():
            made.stop(held.name, grace=timedelta())
            until_over(made, held.name)


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
