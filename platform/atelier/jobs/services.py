"""What can be done with jobs. Each verb writes intent; the kernel does the rest."""

from typing import Any

from django.db import transaction

from atelier.accounts.models import User
from atelier.audit import services as audit
from atelier.catalog.models import Profile
from atelier.core.errors import QuotaExceeded
from atelier.jobs import choices, policies
from atelier.jobs.drafts import Draft, name_of
from atelier.jobs.models import Job
from atelier.projects.models import Project
from atelier.quotas.selectors import Lines
from atelier.toolkit import events
from atelier.workloads import kinds, moves
from atelier.workloads import services as workloads
from atelier.workloads.models import Member, Workload

KIND = "job"


@transaction.atomic
def submit_job(
    *, owner: User, project: Project, draft: Draft, origin: str = Workload.Origin.PORTAL
) -> Job:
    """Write a job and ask for its run, which may wait for its turn: both or neither.

    Raises NotAllowed, InvalidSpec (choices), and QuotaExceeded for what no limit would ever allow.
    """
    policies.require_submit(owner, project)
    chosen = choices.pick(project, draft)
    refuse_what_never_fits(owner, project, chosen.profile)
    job = Job(
        project=project,
        owner=owner,
        name=draft.name or name_of(draft.command),
        command=list(draft.command),
        env=dict(draft.env),
        environment=chosen.environment,
        image=chosen.image,
        profile=chosen.profile,
    )
    job.workload = workloads.request_start(
        kind=KIND,
        owner=owner,
        project=project,
        resources=chosen.profile.as_resources,
        durable_id=job.pk,
        name=job.name,
        origin=origin,
    )
    job.save(force_insert=True)
    audit.record(owner, "job.submitted", job, after=_state(job))
    announce(job)
    return job


def refuse_what_never_fits(owner: User, project: Project, profile: Profile) -> None:
    """Raise QuotaExceeded when a whole limit is smaller than what is asked for."""
    claims = kinds.get(KIND).claims(profile.as_resources, 1)
    for room in Lines(owner.pk, project.pk).rooms(claims):
        if room.verdict == "never":
            raise QuotaExceeded(params=room.params, field="profile")


@transaction.atomic
def stop_job(job: Job, *, actor: User) -> None:
    """Ask for the end of a job; harmless when repeated."""
    policies.require(policies.can_stop(actor, job))
    workloads.request_stop(job.workload, actor=actor)
    announce(job)


def note_end(workload: Workload) -> None:
    """Keep how its last attempt ended, and when it began where nobody looked in between.

    The exit code is the first that is not 0, else 0; nothing where it was not seen.
    """
    members = list(
        Member.objects.filter(
            attempt__workload=workload, attempt__number=workload.attempt_number
        ).order_by("id")
    )
    codes = [m.exit_code for m in members]
    code = next((c for c in codes if c), 0 if codes and None not in codes else None)
    began = [m.started_at for m in members if m.started_at]
    if began:
        steps = moves.with_steps(placed=min(began), ready=min(began))
        unseen = Workload.objects.filter(pk=workload.pk, started_at=None)
        unseen.update(started_at=min(began), steps=steps)
    Job.objects.filter(workload=workload).update(exit_code=code)
    for job in Job.objects.filter(workload=workload):
        announce(job)


def announce(job: Job) -> None:
    """Tell the listeners of its project and owner after the commit."""
    topics = [f"project:{job.project_id}", f"user:{job.owner_id}"]
    events.publish(topics, "job.changed", id=job.pk, project=job.project_id)


def _state(job: Job) -> dict[str, Any]:
    """Return what the audit log keeps: the names of variables, never their values."""
    return {
        "command": job.command,
        "environment": job.environment_id,
        "image": job.image,
        "profile": job.profile_id,
        "env": sorted(job.env),
    }
