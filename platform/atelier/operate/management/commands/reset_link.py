"""`manage.py reset_link NAME`: a way back in for whoever can use this machine's terminal."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atelier.accounts import services as accounts
from atelier.accounts.models import User
from atelier.core.errors import Refused


class Command(BaseCommand):
    """Prints the link once."""

    help = "Make a link with which a user chooses a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user's name."""
        parser.add_argument("username")

    def handle(self, *args: object, **options: object) -> None:
        """Run it."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']}.")
        try:
            reset, url = accounts.issue_reset(actor=None, user=user)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{url}\nGood once, until {reset.expires:%Y-%m-%d %H:%M} UTC.")
