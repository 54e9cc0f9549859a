"""Reads of the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from atelier.audit.models import Record

# The filters people may use, and the column each looks at. Nothing else reaches the query.
FILTERS = {
    "actor": "actor_name",
    "verb": "verb",
    "object_type": "object_type",
    "object_id": "object_id",
    "project": "project_id",
    "since": "at__gte",
    "until": "at__lt",
}
FIELDS = (
    "id", "at", "actor_name", "verb", "object_type", "object_id", "object_name", "project_id",
    "before", "after", "address", "request_id",
)  # fmt: skip


def records(asked: Mapping[str, str | datetime]) -> "QuerySet[Record, Any]":
    """Return matching records as rows."""
    found = Record.objects.filter(**{FILTERS[name]: value for name, value in asked.items()})
    rows: QuerySet[Record, Any] = found.values(*FIELDS)
    return rows


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row under the names of the API."""
    return {**row, "actor": row.pop("actor_name"), "project": row.pop("project_id")}
