"""What a running server asks and tells: a fresh token, and what it is doing."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from atelier.accounts.services import issue_workload_token
from atelier.core.errors import NotFound, NotSignedIn
from atelier.notebooks.hub import hub_in_a_hurry
from atelier.notebooks.models import Run
from atelier.notebooks.spawning import TOKEN_LIFETIME
from atelier.workloads.status import Status


@dataclass(frozen=True, slots=True)
class FreshToken:
    """A token for a running server, and until when it lasts."""

    token: str = field(repr=False)
    expires: datetime


_ACCESS = re.compile(r"access:servers!server=([^/]+)/(.*)")


def exchange(hub_token: str) -> FreshToken:
    """Exchange a server's token of the hub for one of the platform.

    The hub says whose token it is; only one that is bound to a single server counts, so that no
    token of a browser or a script becomes one. Raises NotSignedIn, NotFound, HubUnreachable.
    """
    holder = hub_in_a_hurry().whose_token(hub_token)
    if holder is None or holder.kind != "user":
        raise NotSignedIn("BAD_TOKEN")
    servers = {m.groups() for scope in holder.scopes if (m := _ACCESS.fullmatch(scope))}
    if len(servers) != 1:
        raise NotSignedIn("BAD_TOKEN")
    user, server = servers.pop()
    if user != holder.name:
        raise NotSignedIn("BAD_TOKEN")
    return exchange_token(hub_user=user, hub_server=server)


def exchange_token(*, hub_user: str, hub_server: str) -> FreshToken:
    """Return an hour's token for what runs as this server; raises NotFound when nothing does."""
    run = (
        Run.objects.select_related("server__owner", "workload")
        .filter(
            server__owner__username=hub_user,
            server__owner__is_active=True,
            server__hub_server=hub_server,
            workload__status__in=[Status.SUBMITTING, Status.STARTING, Status.RUNNING],
        )
        .first()
    )
    if run is None:
        raise NotFound
    token, clear = issue_workload_token(
        user=run.server.owner,
        project_id=run.server.project_id,
        workload_id=run.pk,
        lifetime=TOKEN_LIFETIME,
    )
    return FreshToken(clear, token.expires)


@dataclass(frozen=True, slots=True)
class Report:
    """What the runtime of a server says it is doing."""

    busy: bool
    last_activity: datetime | None = None
    cpu_millicores: int | None = None
    memory_bytes: int | None = None


def note_report(*, workload_id: str, report: Report) -> Run:
    """Write down what a server reports of itself; raises NotFound once its run has ended."""
    now = timezone.now()
    run = (
        Run.objects.select_related("workload", "server")
        .filter(pk=workload_id, workload__status__in=[Status.STARTING, Status.RUNNING])
        .first()
    )
    if run is None:
        raise NotFound
    run.reported_at = now
    run.cpu_millicores, run.memory_bytes = report.cpu_millicores, report.memory_bytes
    if report.busy:
        run.busy_at = now
    if report.last_activity is not None:
        # A clock that runs ahead must not keep a server for ever.
        heard = min(report.last_activity, now)
        run.last_activity = max(run.last_activity or heard, heard)
    run.save(
        update_fields=(
            "reported_at", "cpu_millicores", "memory_bytes", "busy_at", "last_activity",
        )
    )  # fmt: skip
    return run
