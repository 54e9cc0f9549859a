"""Whose limit it is and how much, in words."""

from typing import Any

from atelier.accounts.models import User
from atelier.core.amounts import amount_text, limit_text
from atelier.projects.models import Project
from atelier.quotas.models import Line, Scope


def scope_text(scope: str, name: str) -> dict[str, str]:
    """Return the subject of "… allows": the platform, a project, somebody's quota."""
    if scope == Scope.PLATFORM:
        return {"en": "The platform", "fr": "La plateforme"}
    if scope == Scope.PROJECT:
        return {"en": f"The project {name}", "fr": f"Le projet {name}"}
    return {"en": f"The quota of {name}", "fr": f"Le quota de {name}"}


def name_of(line: Line) -> str:
    """Return the display name of a project or the username of a user; '' for the platform."""
    if line.scope == Scope.PROJECT:
        return str(Project.objects.filter(pk=line.scope_id).values_list("name", flat=True).first())
    if line.scope == Scope.USER:
        names = User.objects.filter(pk=line.scope_id).values_list("username", flat=True)
        return str(names.first())
    return ""


def excess(line: Line, asked: int, *, used: int | None = None) -> dict[str, Any]:
    """Return the parameters of QUOTA_EXCEEDED for ``line``: raw figures, and words by language."""
    used = line.used if used is None else used
    return {
        "scope": line.scope,
        "scope_id": line.scope_id,
        "resource": line.resource,
        "limit": line.limit,
        "used": used,
        "asked": asked,
        "scope_text": scope_text(line.scope, name_of(line)),
        "limit_text": limit_text(line.resource, line.limit),
        "used_text": amount_text(line.resource, used),
        "asked_text": amount_text(line.resource, asked),
    }
