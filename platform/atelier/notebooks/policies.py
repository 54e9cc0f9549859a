"""Who may do what with a notebook server one can see."""

from atelier.accounts.models import User
from atelier.notebooks.models import NotebookServer
from atelier.projects.policies import can_lead, can_submit, require, require_submit

__all__ = ("can_run", "can_stop", "can_submit", "require", "require_start", "require_submit")


def can_run(user: User, server: NotebookServer) -> bool:
    """Tell whether ``user`` may start, change and keep ``server``: it runs as its owner."""
    return server.owner_id == user.pk and can_submit(user, server.project)


def require_start(user: User, server: NotebookServer) -> None:
    """Refuse to start a server that is not the user's own, or in a project closed to him."""
    require(server.owner_id == user.pk)
    require_submit(user, server.project)


def can_stop(user: User, server: NotebookServer) -> bool:
    """Tell whether ``user`` may stop or delete ``server``: its owner, a lead, an admin."""
    return server.owner_id == user.pk or can_lead(user, server.project)
