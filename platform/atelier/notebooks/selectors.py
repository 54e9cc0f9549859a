"""Reads of notebook servers: two queries a list, rows as dictionaries."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.errors import InvalidSpec, NotFound
from atelier.notebooks.models import NotebookServer
from atelier.workloads import selectors as workloads
from atelier.workloads.models import Workload
from atelier.workloads.status import LIVE

_RUN = "workload__notebook_run__"
FIELDS = (
    "id", "name", "hub_server", "owner_id", "owner__username",
    "project_id", "project__slug", "project__name",
    "environment_id", "environment__name",
    "profile_id", "profile__name", "profile__kind_label", "profile__resources",
    "refusal_code", "refusal_params", "reset_packages", "restart_wanted", "created", "workload_id",
    "workload__status",
    *(_RUN + name for name in (
        "last_activity", "busy_at", "idle_stop_at", "reported_at", "cpu_millicores",
        "memory_bytes", "rescue",
    )),
)  # fmt: skip
# Figures of a server that has not reported for longer say nothing about the present.
FIGURES_LAST = timedelta(minutes=3)

Row = dict[str, Any]


def get_server(user: User, server_id: str) -> NotebookServer:
    """Return the visible server; raises NotFound for strangers alike."""
    visible = NotebookServer.objects.kept().visible_to(user)
    found = visible.select_related("project", "owner").filter(pk=server_id).first()
    if found is None:
        raise NotFound
    return found


def search(
    user: User,
    *,
    project: str | None = None,
    owner: str | None = None,
    status: str | None = None,
) -> "QuerySet[NotebookServer, NotebookServer]":
    """Return the visible servers that match; ``owner`` is "me" or "all"."""
    found = NotebookServer.objects.kept().visible_to(user)
    if project is not None:
        found = found.filter(Q(project_id=project) | Q(project__slug=project))
    if owner not in {None, "me", "all"}:
        raise InvalidSpec("FIELD_NOT_A_CHOICE", field="owner")
    if owner == "me":
        found = found.filter(owner=user)
    if status is not None:
        found = found.filter(_shown_as(status))
    return found


def _shown_as(word: str) -> Q:
    shown = Q(workload__in=Workload.objects.filter(workloads.shown_as(word)).values("pk"))
    return shown | Q(workload=None) if word == "stopped" else shown


def rows(found: "QuerySet[NotebookServer, Any]") -> "QuerySet[NotebookServer, Any]":
    """Return servers as plain rows of FIELDS."""
    plain: QuerySet[NotebookServer, Any] = found.values(*FIELDS)
    return plain


def shown(page: list[Row], user: User) -> list[Row]:
    """Return a page of rows as the API tells it, with the run of each, in one more query."""
    ids = [row["workload_id"] for row in page if row["workload_id"]]
    runs = workloads.by_id(ids, user.language) if ids else {}
    return [_shown(row, runs.get(row["workload_id"]), user) for row in page]


def one(server_id: str, user: User) -> Row:
    """Return one server as the API tells it, read anew."""
    return shown(list(rows(NotebookServer.objects.filter(pk=server_id))), user)[0]


def _shown(row: Mapping[str, Any], workload: Row | None, user: User) -> Row:
    is_live = row["workload__status"] in LIVE
    mine = row["owner_id"] == user.pk
    status = workload["status"] if workload else "stopped"
    return {
        "id": row["id"],
        "name": row["name"],
        "project": {
            "id": row["project_id"],
            "slug": row["project__slug"],
            "name": row["project__name"],
        },
        "owner": row["owner__username"],
        "environment": {"id": row["environment_id"], "name": row["environment__name"]},
        "profile": {
            "id": row["profile_id"],
            "name": row["profile__name"],
            "kind_label": row["profile__kind_label"],
        },
        "resources": workload["resources"] if workload and is_live else row["profile__resources"],
        "status": status,
        "reason": _reason(row, workload, user.language),
        "workload": workload,
        "last_activity": _latest(row) if workload else None,
        "started": workload["started"] if workload else None,
        "open_url": open_url(row) if mine and status == "running" else None,
        "home": {"path": f"{row['project_id']}/{row['owner__username']}"} if mine else None,
        "usage": _usage(row) if status == "running" else None,
        "idle_stop_at": row[f"{_RUN}idle_stop_at"] if status == "running" else None,
        "rescue": bool(row[f"{_RUN}rescue"]) and is_live,
        "packages_will_be_reset": row["reset_packages"],
        "restarting": row["restart_wanted"],
        "created": row["created"],
    }


def _reason(row: Mapping[str, Any], workload: Row | None, lang: str) -> dict[str, str] | None:
    if row["refusal_code"]:
        return workloads.reason(row["refusal_code"], row["refusal_params"], lang)
    return workload["reason"] if workload else None


def _latest(row: Mapping[str, Any]) -> Any:
    times = [row[f"{_RUN}{name}"] for name in ("last_activity", "busy_at")]
    return max((t for t in times if t is not None), default=None)


def _usage(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the server uses; None when it has not said so lately."""
    reported = row[f"{_RUN}reported_at"]
    if reported is None or timezone.now() - reported > FIGURES_LAST:
        return None
    return {
        "cpu_millicores": row[f"{_RUN}cpu_millicores"],
        "memory_bytes": row[f"{_RUN}memory_bytes"],
        "at": reported,
    }


def open_url(row: Mapping[str, Any]) -> str:
    """Return where the server is opened: its own page on the host of user content."""
    server = f"{row['hub_server']}/" if row["hub_server"] else ""
    return f"{settings.ATELIER_CONTENT_URL}/user/{row['owner__username']}/{server}lab"
