"""Periodic work of accounts."""

from oauth2_provider.models import clear_expired

from atelier.accounts import services
from atelier.toolkit.orm import try_lock
from atelier.toolkit.tasks import task


@task("accounts.forget_expired", every=3600)
def forget_expired() -> None:
    """Drop expired sessions, counters and tokens."""
    with try_lock("accounts.forget_expired") as mine:
        if mine:
            services.forget_expired()
            clear_expired()
