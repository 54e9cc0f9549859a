"""Who may do what in a project.

Viewers look, members run things, leads look after members and settings. Administrators see and
look after every project, but run nothing where they are not members; auditors read everything.
"""

from atelier.accounts.models import User
from atelier.accounts.policies import can_read_all, require
from atelier.core.errors import Conflict
from atelier.projects.models import Membership, Project, Role

__all__ = [
    "can_lead", "can_read_all", "can_see", "can_submit", "require", "require_submit", "role_of",
]  # fmt: skip

RUNS_THINGS = frozenset({Role.MEMBER, Role.LEAD})


def role_of(user: User, project: Project) -> Role | None:
    """Return the user's role in the project, None for a stranger.

    A project that ``selectors.get_project`` found for this very user brings the answer along.
    """
    asked = getattr(project, "asked_by", None)
    if asked is not None and asked[0] == user.pk:
        return Role(asked[1]) if asked[1] else None
    role = (
        Membership.objects.filter(project=project, user=user).values_list("role", flat=True).first()
    )
    return Role(role) if role else None


def _out_of_bounds(user: User, project: Project) -> bool:
    """Tell whether a closed account asks, or a workload's token outside its project."""
    return not user.is_active or bool(user.bound_project_id and user.bound_project_id != project.pk)


def can_see(user: User, project: Project) -> bool:
    """Tell whether ``user`` may know of the project; ``visible_to`` says the same in SQL."""
    if _out_of_bounds(user, project):
        return False
    return user.is_auditor or role_of(user, project) is not None


def can_submit(user: User, project: Project) -> bool:
    """Tell whether ``user`` may run things in the project; in an archived one nobody may."""
    if _out_of_bounds(user, project) or project.archived_at is not None:
        return False
    return role_of(user, project) in RUNS_THINGS


def require_submit(user: User, project: Project) -> None:
    """Refuse whoever may not run things there; who only comes too late is told that.

    Raises NotAllowed, and Conflict where the project is closed to those who ran things in it.
    """
    if can_submit(user, project):
        return
    if _out_of_bounds(user, project) or role_of(user, project) not in RUNS_THINGS:
        require(False)
    raise Conflict("PROJECT_BEING_DELETED" if project.deleted_at else "PROJECT_IS_ARCHIVED")


def can_lead(user: User, project: Project) -> bool:
    """Tell whether ``user`` may change the project, its members and what others run in it."""
    if _out_of_bounds(user, project) or user.bound_project_id:
        return False
    return user.is_admin or role_of(user, project) == Role.LEAD
