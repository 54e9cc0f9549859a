"""Reading the audit log."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.audit import selectors
from atelier.audit.access import led_project
from atelier.audit.api.serializers import AuditRecordSerializer
from atelier.core.errors import InvalidSpec, NotAllowed
from atelier.toolkit.http import PAGING, known_filters, page_response, paginate
from atelier.toolkit.serializers import page_of

_TIMES = ("since", "until")


class AuditView(APIView):
    """Who changed what, when and from where."""

    @extend_schema(
        operation_id="list_audit_records",
        parameters=[
            OpenApiParameter("actor", str, description="Username"),
            OpenApiParameter("verb", str, description="For example project.created"),
            OpenApiParameter("object_type", str),
            OpenApiParameter("object_id", str),
            OpenApiParameter("project", str, description="Id or slug; needed by project leads"),
            OpenApiParameter("since", datetime),
            OpenApiParameter("until", datetime),
            *PAGING,
        ],
        responses=page_of(AuditRecordSerializer),
        tags=["audit"],
    )
    def get(self, request: Request) -> Response:
        """List records, newest first; leads see those of their project."""
        asked = known_filters(request, selectors.FILTERS)
        filters: dict[str, Any] = {n: v for n, v in asked.items() if n in selectors.FILTERS}
        if project := filters.get("project"):
            filters["project"] = led_project(request.user, project)
        elif not getattr(request.user, "is_auditor", False):
            raise NotAllowed
        filters |= {name: _time(filters[name], name) for name in _TIMES if name in filters}
        rows, links = paginate(request, selectors.records(filters), ordering="-id")
        return page_response([selectors.shown(row) for row in rows], links)


def _time(text: str, name: str) -> datetime:
    try:
        # A plus sign of the time zone arrives as a space when it was not escaped.
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None:
        raise InvalidSpec("NOT_A_TIME", field=name)
    return found if timezone.is_aware(found) else timezone.make_aware(found)
