"""Who may do what with a job one can see."""

from atelier.accounts.models import User
from atelier.jobs.models import Job
from atelier.projects.policies import can_lead, can_submit, require, require_submit

__all__ = ("can_stop", "can_submit", "require", "require_submit")


def can_stop(user: User, job: Job) -> bool:
    """Tell whether ``user`` may stop ``job``: its owner while he is a member, a lead, an admin."""
    is_owner = job.owner_id == user.pk and can_submit(user, job.project)
    return is_owner or can_lead(user, job.project)
