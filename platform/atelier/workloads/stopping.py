"""What stops by a rule: with an account, a project, a membership."""

from atelier.accounts.hooks import Cause
from atelier.accounts.models import User
from atelier.projects.models import Project
from atelier.workloads import services


def when_access_ends(user: User, cause: Cause) -> None:
    """Stop everything of a deactivated account; ending a session stops nothing."""
    if cause == Cause.DEACTIVATED:
        services.stop_all_of(actor=None, reason_code="ACCOUNT_DEACTIVATED", owner=user)


def when_archived(project: Project, actor: User) -> None:
    """Stop everything in an archived project."""
    services.stop_all_of(actor=actor, reason_code="PROJECT_ARCHIVED", project=project)


def when_deleted(project: Project, actor: User) -> None:
    """Stop what may still run in an archived project that is to go."""
    services.stop_all_of(actor=actor, reason_code="PROJECT_ARCHIVED", project=project)


def when_member_leaves(project: Project, user: User, actor: User) -> None:
    """Stop what somebody runs in a project in which he may no longer run anything."""
    services.stop_all_of(actor=actor, reason_code="MEMBERSHIP_ENDED", owner=user, project=project)
