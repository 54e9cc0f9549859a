"""Reads of accounts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from atelier.accounts import policies
from atelier.accounts.hooks import live_work, projects_of
from atelier.accounts.models import ApiToken, BrowserSession, User
from atelier.accounts.secrets import hash_of

USER_FIELDS = (
    "id", "username", "display_name", "email", "platform_role", "is_active", "created", "last_seen",
)  # fmt: skip
TOKEN_FIELDS = ("id", "name", "prefix", "scopes", "created", "expires", "last_used")
ME_FIELDS = (
    "id", "username", "display_name", "email", "platform_role", "language", "theme", "time_zone",
    "created",
)  # fmt: skip


def me(user: User) -> dict[str, Any]:
    """Return the caller as the portal shows him."""
    projects = [
        {"id": p.id, "slug": p.slug, "name": p.name, "role": p.role} for p in projects_of(user)
    ]
    return {
        **{name: getattr(user, name) for name in ME_FIELDS},
        "projects": projects,
        "permissions": {
            "create_project": policies.can_create_project(user),
            "platform_admin": policies.can_administer(user),
            "platform_audit": policies.can_read_all(user),
        },
    }


def users(*, search: str = "", active: bool | None = None) -> "QuerySet[User, Any]":
    """Return accounts as rows, without what runs."""
    found = User.objects.all()
    if search:
        found = found.filter(
            Q(username__icontains=search)
            | Q(display_name__icontains=search)
            | Q(email__icontains=search)
        )
    if active is not None:
        found = found.filter(is_active=active)
    rows: QuerySet[User, Any] = found.values(*USER_FIELDS)
    return rows


def with_live_counts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to user rows how much of theirs is live."""
    live = live_work([row["id"] for row in rows]) if rows else {}
    return [{**row, "live_workloads": len(live.get(row["id"], ()))} for row in rows]


def user_row(user: User) -> dict[str, Any]:
    """Return one account as a row."""
    return with_live_counts([{name: getattr(user, name) for name in USER_FIELDS}])[0]


def tokens(user: User) -> "QuerySet[ApiToken, Any]":
    """Return a user's own tokens that were not revoked, as rows."""
    mine = ApiToken.objects.filter(user=user, revoked=None, workload_id="")
    rows: QuerySet[ApiToken, Any] = mine.values(*TOKEN_FIELDS)
    return rows


def live_token(secret: str) -> ApiToken | None:
    """Return the token with this clear text, if it still works, with its user bound as it says."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(
            hash=hash_of(secret), revoked=None, expires__gt=timezone.now(), user__is_active=True
        )
        .first()
    )
    if token is not None:
        token.user.bound_project_id = token.project_id
        token.user.lacks_admin_scope = ApiToken.Scope.ADMIN not in token.scopes
    return token


def browsers(user: User, *, current: str) -> list[dict[str, Any]]:
    """Return a user's signed-in browsers, the latest first; ``current`` is the asking one's id."""
    rows = BrowserSession.objects.filter(user=user).order_by("-last_seen")[:200]
    fields = ("id", "user_agent", "address", "created", "last_seen")
    return [{**row, "current": row["id"] == current} for row in rows.values(*fields)]
