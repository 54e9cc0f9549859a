"""Print a link with which a user chooses a new password."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atelier.accounts import services
from atelier.accounts.models import User
from atelier.core.errors import Refused
from atelier.core.reasons import describe


class Command(BaseCommand):
    """``manage.py reset_link alice``."""

    help = "Print a link with which a user chooses a new password, once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the username."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Make the link in the name of the platform."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(describe("UNKNOWN_USER", {"username": username}).text)
        try:
            url = services.issue_reset(actor=None, user=user)[1]
        except Refused as error:
            sentence = describe(error.code, error.params)
            raise CommandError(f"{sentence.text} {sentence.action}") from error
        self.stdout.write(url)
