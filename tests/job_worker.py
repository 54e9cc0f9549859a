"""A worker without a broker that looks after one job on the local engine until it has ended.

`python -m tests.job_worker DATABASE WORKLOAD FOLDER`: runs the kernel's own tasks in a loop.
"""

import os
import sys
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["ATELIER_ISOLATION"] = "uid" if os.geteuid() == 0 else "none"

import django
from django.db import connections

PATIENCE_SECONDS = 90.0


def main(database: str, workload_id: str, folder: str) -> None:
    django.setup()
    connections["default"].settings_dict["NAME"] = database

    from atelier.engines.local import LocalEngine
    from atelier.toolkit import outbox
    from atelier.toolkit.models import OutboxMessage
    from atelier.workloads import engines, log_copies, logs, queue, reconciler
    from atelier.workloads.models import Attempt, LogState, Workload
    from tests.atelier.jobs.running import PYTHON

    give_up = time.monotonic() + PATIENCE_SECONDS
    engine = LocalEngine(Path(folder), runtimes={"runtime": PYTHON})
    with engines.replaced("local", engine):
        while time.monotonic() < give_up:
            queue.admit_waiting()
            reconciler.drain("local")
            outbox.deliver_due()
            logs.watch(Workload.objects.get(pk=workload_id))  # somebody looks all the time
            log_copies.collect(workload_id)
            log_copies.save_due()
            workload = Workload.objects.get(pk=workload_id)
            open_ones = Attempt.objects.exclude(log_state=LogState.CLOSED)
            if workload.is_over and not open_ones.exists() and not OutboxMessage.objects.exists():
                return
            time.sleep(0.05)
    raise SystemExit(f"still {workload.status}")


if __name__ == "__main__":
    main(*sys.argv[1:])
