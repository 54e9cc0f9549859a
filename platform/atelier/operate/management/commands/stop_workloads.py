"""`manage.py stop_workloads`: ask everything that runs to stop, and see it stopped."""

import time

from django.core.management.base import BaseCommand

from atelier.workloads import services as workloads
from atelier.workloads.models import Workload

PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.3


class Command(BaseCommand):
    """`make down` runs it before anything is stopped, so that the portal knows why."""

    help = "Stop all workloads and wait until they have ended."

    def handle(self, *args: object, **options: object) -> None:
        """Run it."""
        workloads.stop_all_of(actor=None, reason_code="PLATFORM_STOPPED")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while Workload.objects.live().exists() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
