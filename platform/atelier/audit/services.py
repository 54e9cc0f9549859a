"""Writing the audit log, in the transaction of the change it tells of."""

from typing import Any

from django.db import models

from atelier.audit.models import Record
from atelier.toolkit.context import caller


def record(
    actor: Any,
    verb: str,
    obj: models.Model,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    project_id: str = "",
) -> Record:
    """Write who did ``verb`` to ``obj``; address and request id are the present caller's.

    ``actor`` is a User, or None for whoever the present request is authenticated as (the platform
    itself when there is none). An object names itself by ``audit_name`` and its project by
    ``audit_project_id`` where the plain ``project_id`` is not it.
    """
    now = caller()
    who = actor if actor is not None else now.actor
    return Record.objects.create(
        actor=who,
        actor_name=who.username if who is not None else "",
        verb=verb,
        object_type=obj._meta.model_name or "",
        object_id=str(obj.pk)[:64],
        object_name=str(getattr(obj, "audit_name", obj))[:200],
        project_id=project_id or _project_of(obj),
        before=before,
        after=after,
        address=now.address,
        request_id=now.request_id,
    )


def _project_of(obj: models.Model) -> str:
    found = getattr(obj, "audit_project_id", None) or getattr(obj, "project_id", None)
    return str(found or "")
