"""Reads of projects."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from atelier.accounts.hooks import MyProject
from atelier.accounts.models import User
from atelier.core.errors import NotAllowed, NotFound
from atelier.core.reasons import describe
from atelier.projects import hooks, policies
from atelier.projects.models import Invitation, Membership, Project, Role

FIELDS = (
    "id", "slug", "name", "description", "archived_at", "deleted_at", "created", "role",
    "members_count", "leads",
)  # fmt: skip


def get_project(user: User, address: str) -> Project:
    """Return the visible project with this id or slug; raises NotFound for strangers alike."""
    mine = Membership.objects.filter(project=OuterRef("pk"), user=user).values("role")
    visible = Project.objects.visible_to(user).filter(Q(pk=address) | Q(slug=address))
    found = visible.annotate(asker_role=Subquery(mine)).first()
    if found is None:
        raise NotFound
    found.asked_by = (user.pk, vars(found)["asker_role"])
    return found


def rows(user: User, projects: "QuerySet[Project, Any]") -> "QuerySet[Project, Any]":
    """Return projects as rows with the asking user's role, in one query."""
    of_it = Membership.objects.filter(project=OuterRef("pk")).order_by()
    grouped = of_it.values("project")
    leads = grouped.annotate(
        names=ArrayAgg("user__username", filter=Q(role=Role.LEAD), order_by="user__username")
    )
    found: QuerySet[Project, Any] = projects.annotate(
        role=Subquery(of_it.filter(user=user).values("role")),
        members_count=Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0),
        leads=Coalesce(Subquery(leads.values("names")), Value([])),
    ).values(*FIELDS)
    return found


def project_row(user: User, project: Project) -> dict[str, Any]:
    """Return one project as it is shown."""
    return shown(user, [rows(user, Project.objects.filter(pk=project.pk)).get()])[0]


def shown(user: User, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with how their places do."""
    places = hooks.places([row["id"] for row in found])
    words = {pk: shown_place(word, user.language) for pk, word in places.items()}
    return [{**row, "place": words.get(row["id"])} for row in found]


def shown_place(word: hooks.PlaceWord, language: str) -> dict[str, Any]:
    """Return how a place does as a person reads it."""
    if not word.code:
        return {"state": word.state, "reason": None}
    sentence = describe(word.code, word.params, language)
    reason = {"code": sentence.code, "text": sentence.text, "action": sentence.action}
    return {"state": word.state, "reason": reason}


def search(user: User, *, text: str = "", archived: bool = False) -> "QuerySet[Project, Any]":
    """Return the visible projects, live or archived ones, as rows."""
    found = Project.objects.visible_to(user).filter(archived_at__isnull=not archived)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(slug__icontains=text))
    return rows(user, found)


def members(project: Project) -> "QuerySet[Membership, Any]":
    """Return the members as rows."""
    return project.memberships.values("user__username", "user__display_name", "role", "since")


def member_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of ``members`` as it is shown."""
    return {
        "username": row["user__username"],
        "display_name": row["user__display_name"],
        "role": row["role"],
        "since": row["since"],
    }


def open_invitations(project: Project) -> "QuerySet[Invitation, Any]":
    """Return the invitations that still work, as rows."""
    return project.invitations.filter(
        revoked_at=None, accepted_at=None, expires__gt=timezone.now()
    ).values("id", "role", "note", "created", "expires", "created_by__username")


def projects_of(user: User) -> list[MyProject]:
    """Return the live projects ``user`` is a member of, by name."""
    found = Membership.objects.filter(user=user, project__archived_at=None)
    if user.bound_project_id:
        found = found.filter(project=user.bound_project_id)
    columns = ("project_id", "project__slug", "project__name", "role")
    return [
        MyProject(*row)
        for row in found.order_by("project__name", "project_id").values_list(*columns)
    ]


def led_project(user: User, address: str) -> str:
    """Return the id of a project whose records ``user`` may read; for the audit log."""
    project = get_project(user, address)
    if not (policies.can_lead(user, project) or policies.can_read_all(user)):
        raise NotAllowed
    return project.pk


def existing_ids(ids: Collection[str]) -> set[str]:
    """Return those of ``ids`` that are projects."""
    return set(Project.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))
