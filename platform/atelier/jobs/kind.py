"""The kind "job": how the kernel starts one and what it notes here when one ends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings

from atelier.accounts.models import User
from atelier.engines.base import MemberSpec, WorkloadSpec
from atelier.jobs import choices, services
from atelier.jobs.models import Job
from atelier.workloads.kinds import Kind, Policy, Proposal, run_name
from atelier.workloads.lifecycle import Rules
from atelier.workloads.models import Workload

MEMBER = "main"


class JobKind(Kind):
    """A job's run: it may wait for its turn, and is tried once."""

    name: ClassVar[str] = services.KIND
    policy: ClassVar[Policy] = Policy.QUEUE
    # What cannot be pulled or mounted for so long gives its room back.
    rules: ClassVar[Rules] = Rules(
        attempts=1, start_timeout=timedelta(minutes=15), grace=timedelta(seconds=30)
    )

    def spec(self, workload: Workload) -> WorkloadSpec:
        """Return the command in its environment, as one member."""
        job = Job.objects.select_related("environment", "profile").get(workload=workload)
        project, owner = workload.project, workload.owner
        keeps_apart = settings.ATELIER_ISOLATION == "uid"
        return WorkloadSpec(
            name=_name(workload),
            workload_id=workload.pk,
            attempt=workload.attempt_number,
            project_id=project.pk,
            namespace=project.namespace,
            owner_name=owner.username,
            members=(MemberSpec(MEMBER, 1, workload.as_resources),),
            environment=job.environment.slug if job.environment else "",
            image=job.environment.image if job.environment else job.image,
            command=tuple(job.command),
            env={**job.env, **_own_variables(job, workload)},
            labels={"app.kubernetes.io/name": "job", "app.kubernetes.io/component": "job"},
            uid=owner.uid_number if keeps_apart else None,
            settings={
                "local_runtime": job.environment.local_runtime if job.environment else "",
                "node_selector": job.profile.node_selector,
                "tolerations": job.profile.tolerations,
                "shared_memory_bytes": job.profile.shared_memory_bytes,
            },
        )

    def on_settled(self, workload: Workload) -> None:
        """Keep the exit code and tell the listeners."""
        services.note_end(workload)

    def links(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Return where the job is read."""
        return {"job": f"/api/v1/jobs/{row['durable_id']}"}

    def propose(self, user: User, question: Mapping[str, Any]) -> Proposal:
        """Read what a submission would ask for."""
        return choices.propose(user, question)


def _name(workload: Workload) -> str:
    """Return the run's name in the engine: a cluster's names count within a namespace."""
    name = run_name(workload)
    if workload.engine == choices.KUBERNETES:
        return f"{workload.project.namespace}/{name}"
    return name


def _own_variables(job: Job, workload: Workload) -> dict[str, str]:
    """Return what the platform sets, over anything of the user's own."""
    return {
        "ATELIER_PROJECT": workload.project.slug,
        "ATELIER_JOB": job.pk,
        "ATELIER_WORKLOAD": workload.pk,
        # Lines are read as they are printed.
        "PYTHONUNBUFFERED": "1",
    }
