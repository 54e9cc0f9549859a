"""The kind "notebook": how the kernel starts one and what it notes here when one ends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings

from atelier.accounts.models import User
from atelier.accounts.services import revoke_workload_tokens
from atelier.engines.base import OVER, MemberSpec, Observation, WorkloadSpec
from atelier.engines.jupyterhub import Slot
from atelier.notebooks import choices, restarts
from atelier.notebooks.models import RESTARTING, NotebookServer, Run
from atelier.workloads.kinds import Kind, Policy, Proposal
from atelier.workloads.lifecycle import Rules
from atelier.workloads.models import Workload
from atelier.workloads.status import Status

# What the hub and its own time-outs need on top of the spawner's.
HUB_MARGIN = timedelta(seconds=30)


class NotebookKind(Kind):
    """A notebook server's run: admitted in the request or refused there."""

    name: ClassVar[str] = "notebook"
    policy: ClassVar[Policy] = Policy.NOW
    rules: ClassVar[Rules] = Rules(
        start_timeout=timedelta(seconds=settings.ATELIER_START_TIMEOUT_SECONDS) + HUB_MARGIN,
        grace=timedelta(seconds=15),
    )
    counts_as: ClassVar[str] = "notebooks"
    steps: ClassVar[tuple[str, ...]] = ("quota", "placed", "answering", "ready")

    def engine(self) -> str:
        """Return the hub, whatever its servers live on; engines of tests stand for it."""
        chosen = super().engine()
        return "jupyterhub" if chosen in {"local", "kubernetes"} else chosen

    def spec(self, workload: Workload) -> WorkloadSpec:
        """Return what is asked of the hub: whose server, and for which workload."""
        run = Run.objects.select_related("server", "environment").get(pk=workload.pk)
        owner = workload.owner.username
        return WorkloadSpec(
            name=str(Slot(owner, run.server.hub_server, workload.pk)),
            workload_id=workload.pk,
            attempt=workload.attempt_number,
            project_id=workload.project_id,
            namespace=workload.project.namespace,
            owner_name=owner,
            members=(MemberSpec("server", 1, workload.as_resources),),
            environment=run.environment.slug,
            image=run.environment.image,
            settings={"display_name": run.server.name},
        )

    def explain(
        self, workload: Workload, seen: Observation
    ) -> tuple[str, Mapping[str, Any]] | None:
        """Return the reason the spawner gave when the process ended."""
        run = Run.objects.filter(pk=workload.pk).exclude(end_code="").first()
        if run is not None:
            return run.end_code, run.end_params
        if seen.phase not in OVER:
            return None
        # Whatever fails in a start is told; silence means that the hub died in the middle of it.
        return ("START_INTERRUPTED", {}) if workload.status == Status.STARTING else None

    def on_stop_asked(self, workload: Workload, reason_code: str) -> None:
        """Forget a wanted restart, unless the stop is its first half."""
        if reason_code != RESTARTING:
            wanted = NotebookServer.objects.filter(workload=workload, restart_wanted=True)
            wanted.update(restart_wanted=False)

    def on_settled(self, workload: Workload) -> None:
        """End its tokens; start again if that is what the stop was for."""
        revoke_workload_tokens(workload.pk)
        Run.objects.filter(pk=workload.pk).update(idle_stop_at=None)
        server = NotebookServer.objects.filter(workload=workload, restart_wanted=True).first()
        if server is not None:
            restarts.ask(server)

    def links(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Return where the durable thing is read."""
        return {"notebook": f"/api/v1/notebooks/{row['durable_id']}"}

    def propose(self, user: User, question: Mapping[str, Any]) -> Proposal:
        """Read what a start would ask for."""
        return choices.propose(user, question)
