"""Who may do what with a workload one can see."""

from atelier.accounts.models import User
from atelier.projects.models import Membership, Role
from atelier.workloads.models import Workload


def can_stop(user: User, workload: Workload) -> bool:
    """Tell whether ``user`` may end ``workload``: its owner, a lead of its project, an admin."""
    if user.is_admin:
        return True
    mine = Membership.objects.filter(project_id=workload.project_id, user=user)
    role = mine.values_list("role", flat=True).first()
    if role == Role.LEAD:
        return True
    return role is not None and workload.owner_id == user.pk


def can_force(user: User) -> bool:
    """Tell whether ``user`` may close a workload whose end nobody saw."""
    return user.is_admin
