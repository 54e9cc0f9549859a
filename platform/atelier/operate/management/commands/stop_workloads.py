"""`manage.py stop_workloads [--kind notebook]`: ask what runs to stop, and see it stopped."""

import time

from django.core.management.base import BaseCommand, CommandParser

from atelier.workloads import services as workloads
from atelier.workloads.models import Workload

PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.3


class Command(BaseCommand):
    """`make down` runs it before anything is stopped, so that the portal knows why."""

    help = "Stop workloads and wait until they have ended."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one kind to stop."""
        parser.add_argument("--kind", default="", help="only these; else everything")

    def handle(self, *args: object, **options: str) -> None:
        """Run it."""
        kind = options["kind"]
        workloads.stop_all_of(actor=None, reason_code="PLATFORM_STOPPED", kind=kind)
        left = Workload.objects.live().filter(**({"kind": kind} if kind else {}))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while left.exists() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
