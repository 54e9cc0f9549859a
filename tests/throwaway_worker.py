"""A worker without a broker: runs the kernel's own tasks in a loop until the workload has ended.

`python -m tests.throwaway_worker DATABASE WORKLOAD`; asks for a stop once the workload runs.
"""

import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.db import connections


def main(database: str, workload_id: str) -> None:
    django.setup()
    connections["default"].settings_dict["NAME"] = database

    from atelier.toolkit import outbox
    from atelier.toolkit.models import OutboxMessage
    from atelier.workloads import queue, reconciler, services
    from atelier.workloads.models import Workload
    from atelier.workloads.status import Status
    from tests import throwaway

    throwaway.register()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        queue.admit_waiting()
        reconciler.drain("folder")
        outbox.deliver_due()
        workload = Workload.objects.get(pk=workload_id)
        if workload.status == Status.RUNNING:
            services.request_stop(workload, actor=None)
        if workload.is_over and not OutboxMessage.objects.exists():
            return
        time.sleep(0.02)
    raise SystemExit(f"still {workload.status}")


if __name__ == "__main__":
    main(*sys.argv[1:])
