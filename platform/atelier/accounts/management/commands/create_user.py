"""Create a user and print a link with which he chooses his password."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from atelier.accounts import services
from atelier.accounts.models import PlatformRole
from atelier.core.errors import Refused
from atelier.core.reasons import describe


class Command(BaseCommand):
    """``manage.py create_user alice --display-name "Alice Liddell" --role admin``."""

    help = "Create a user and print a link with which he chooses his password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what an account needs; never a password, which would end up in a shell history."""
        parser.add_argument("username")
        parser.add_argument("--display-name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", choices=[r for r in PlatformRole.values if r], default="")

    def handle(
        self, *args: Any, username: str, display_name: str, email: str, role: str, **options: Any
    ) -> None:
        """Create the account in the name of the platform."""
        try:
            with transaction.atomic():
                user = services.create_user(
                    actor=None,
                    username=username,
                    display_name=display_name or username,
                    email=email,
                    platform_role=role,
                )
                url = services.issue_reset(actor=None, user=user)[1]
        except Refused as error:
            sentence = describe(error.code, error.params)
            raise CommandError(f"{sentence.text} {sentence.action}") from error
        self.stdout.write(url)
