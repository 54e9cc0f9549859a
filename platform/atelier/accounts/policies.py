"""Who may do what to accounts: pure predicates."""

from atelier.accounts.models import User
from atelier.core.errors import NotAllowed


def require(allowed: bool) -> None:
    """Refuse when the predicate before it said no."""
    if not allowed:
        raise NotAllowed


def can_administer(user: User) -> bool:
    """Tell whether ``user`` may change accounts, the catalog and quotas."""
    return user.is_active and user.is_admin


def can_read_all(user: User) -> bool:
    """Tell whether ``user`` may read every account, project and record."""
    return user.is_active and user.is_auditor


def can_create_project(user: User) -> bool:
    """Tell whether ``user`` may found a project; a workload's token never does."""
    return user.is_active and not user.bound_project_id
