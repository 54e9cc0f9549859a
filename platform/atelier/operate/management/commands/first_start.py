"""`manage.py first_start`: migrate, then set up what is missing. `make up` runs it every time."""

import json
import os

from django.core.management import call_command
from django.core.management.base import BaseCommand

from atelier.operate.first_start import set_up


class Command(BaseCommand):
    """Prints one line of JSON: the administrator's name, and the password when just made."""

    help = "Bring the database up to date and set up what a new platform needs."
    requires_migrations_checks = False

    def handle(self, *args: object, **options: object) -> None:
        """Run it."""
        call_command("migrate", interactive=False, verbosity=0)
        admin = set_up(
            hub_client_id=os.environ["ATELIER_OIDC_CLIENT_ID"],
            hub_client_secret=os.environ["ATELIER_OIDC_CLIENT_SECRET"],
        )
        self.stdout.write(json.dumps({"admin": admin.name, "password": admin.password}))
