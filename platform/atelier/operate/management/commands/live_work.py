"""`manage.py live_work`: how many workloads of each kind are under way, as one line of JSON."""

import json

from django.core.management.base import BaseCommand
from django.db.models import Count

from atelier.workloads.models import Workload


class Command(BaseCommand):
    """`make up` and `make down` ask before they change what these stand on."""

    help = "Count what is under way."
    requires_migrations_checks = False

    def handle(self, *args: object, **options: object) -> None:
        """Run it."""
        rows = Workload.objects.live().values("kind").order_by("kind").annotate(count=Count("pk"))
        self.stdout.write(json.dumps({row["kind"]: row["count"] for row in rows}))
