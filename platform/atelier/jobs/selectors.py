"""Reads of jobs: two queries a page, rows as dictionaries."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from atelier.accounts.models import User
from atelier.core.errors import NotFound
from atelier.jobs.models import Job
from atelier.workloads import selectors as workloads
from atelier.workloads.models import Workload

FIELDS = (
    "id", "name", "command", "env", "image", "exit_code", "created", "workload_id",
    "owner__username", "project_id", "project__slug", "project__name",
    "environment_id", "environment__name", "profile_id", "profile__name",
)  # fmt: skip
FILTERS = ("project", "owner", "status", "search")

Row = dict[str, Any]


def get_job(user: User, job_id: str) -> Job:
    """Return the visible job; raises NotFound for strangers alike."""
    visible = Job.objects.visible_to(user).select_related("project", "owner", "workload")
    found = visible.filter(pk=job_id).first()
    if found is None:
        raise NotFound
    return found


def search(
    user: User,
    *,
    project: str | None = None,
    owner: str | None = None,
    status: str | None = None,
    search: str | None = None,
) -> "QuerySet[Job, Job]":
    """Return the visible jobs that match.

    ``owner`` is "me", "all" or a username; ``status`` one word or several with commas between;
    ``search`` a part of the name, or an id.
    """
    found = Job.objects.visible_to(user)
    if project is not None:
        found = found.filter(Q(project_id=project) | Q(project__slug=project))
    if owner == "me":
        found = found.filter(owner=user)
    elif owner not in {None, "all"}:
        found = found.filter(owner__username=owner)
    if status is not None:
        shown = reduce(or_, (workloads.shown_as(word) for word in status.split(",")))
        runs = Workload.objects.filter(shown, kind="job")
        found = found.filter(workload__in=runs.values("pk"))
    if search:
        found = found.filter(Q(name__icontains=search) | Q(pk=search))
    return found


def rows(found: "QuerySet[Job, Any]") -> "QuerySet[Job, Any]":
    """Return jobs as plain rows of FIELDS."""
    plain: QuerySet[Job, Any] = found.values(*FIELDS)
    return plain


def shown(page: list[Row], lang: str) -> list[Row]:
    """Return a page of rows as the API tells it, with the run of each, in one more query."""
    runs = workloads.by_id([row["workload_id"] for row in page], lang) if page else {}
    return [_shown(row, runs[row["workload_id"]]) for row in page]


def one(job_id: str, lang: str) -> Row:
    """Return one job as the API tells it, read anew."""
    return shown(list(rows(Job.objects.filter(pk=job_id))), lang)[0]


def _shown(row: Mapping[str, Any], workload: Row) -> Row:
    environment = {"id": row["environment_id"], "name": row["environment__name"]}
    address = f"/api/v1/jobs/{row['id']}"
    return {
        "id": row["id"],
        "name": row["name"],
        "project": {
            "id": row["project_id"],
            "slug": row["project__slug"],
            "name": row["project__name"],
        },
        "owner": row["owner__username"],
        "environment": environment if row["environment_id"] else None,
        "image": row["image"] or None,
        "command": row["command"],
        "env": row["env"],
        "profile": {"id": row["profile_id"], "name": row["profile__name"]},
        "resources": workload["resources"],
        "status": workload["status"],
        "reason": workload["reason"],
        "workload": workload,
        "exit_code": row["exit_code"],
        "created": row["created"],
        "started": workload["started"],
        "finished": workload["finished"],
        "links": {
            "workload": f"/api/v1/workloads/{row['workload_id']}",
            "log": f"{address}/log",
            "log_file": f"{address}/log/file",
        },
    }
