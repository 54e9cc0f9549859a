"""Periodic work of notebooks."""

from atelier.notebooks import idle
from atelier.toolkit.orm import try_lock
from atelier.toolkit.tasks import task


@task("notebooks.apply_idle_rule", every=30)
def apply_idle_rule() -> None:
    """Announce and stop what is idle; one at a time."""
    with try_lock("notebooks.idle") as mine:
        if mine:
            idle.apply_rule()
