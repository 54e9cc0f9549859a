"""Limits: what members may see of them, and what admins do with them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import AdminWritesAuditorReads, signed_in
from atelier.core.errors import InvalidSpec, PreconditionFailed
from atelier.core.reasons import describe
from atelier.projects.selectors import get_project
from atelier.quotas import selectors, services
from atelier.quotas.api.serializers import (
    LimitChangeDraftSerializer,
    LimitChangeSerializer,
    ProjectQuotaSerializer,
    QuotaLineDraftSerializer,
    QuotaPreviewDraftSerializer,
    QuotaPreviewSerializer,
    QuotaTableSerializer,
    QuotaUsesSerializer,
    SingleQuotaLineSerializer,
)
from atelier.quotas.models import Line, Scope
from atelier.toolkit.http import (
    IF_MATCH,
    PAGING,
    etag_of,
    known_filters,
    page_response,
    paginate,
    require_match,
)
from atelier.toolkit.middleware import language_of
from atelier.toolkit.serializers import page_of


class MyQuotaView(APIView):
    """One's own limits."""

    @extend_schema(operation_id="get_my_quota", responses=QuotaUsesSerializer, tags=["quotas"])
    def get(self, request: Request) -> Response:
        """Return them with what is used."""
        known_filters(request)
        return Response({"lines": selectors.usage_of(Scope.USER, signed_in(request).pk)})


class ProjectQuotaView(APIView):
    """A project's limits, for its members."""

    @extend_schema(
        operation_id="get_project_quota", responses=ProjectQuotaSerializer, tags=["quotas"]
    )
    def get(self, request: Request, project_id: str) -> Response:
        """Return them with what is used."""
        known_filters(request)
        user = signed_in(request)
        project = get_project(user, project_id)
        free = selectors.free_for(user.pk, project.pk)
        lines = selectors.usage_of(Scope.PROJECT, project.pk)
        return Response({"lines": [line | {"free": free.get(line["resource"])} for line in lines]})


class _AdminView(APIView):
    permission_classes = (AdminWritesAuditorReads,)
    write_scope = "admin"


class QuotaTableView(_AdminView):
    """The admin's quota table."""

    @extend_schema(
        operation_id="list_quotas",
        parameters=[
            OpenApiParameter("scope", enum=Scope.values, required=True),
            OpenApiParameter("scope_id", str, description="Only this project or user, by id"),
        ],
        responses=QuotaTableSerializer,
        tags=["quotas"],
    )
    def get(self, request: Request) -> Response:
        """List everybody of a scope with limits and use, the defaults first."""
        asked = known_filters(request, {"scope", "scope_id"})
        if asked.get("scope") not in Scope.values:
            raise InvalidSpec("FIELD_NOT_A_CHOICE", field="scope")
        return Response({"results": selectors.table(Scope(asked["scope"]), asked.get("scope_id"))})


class QuotaLinesView(_AdminView):
    """New limits."""

    @extend_schema(
        operation_id="create_quota_line",
        request=QuotaLineDraftSerializer,
        responses={201: SingleQuotaLineSerializer},
        tags=["quotas"],
    )
    def post(self, request: Request) -> Response:
        """Give a user, a project or the platform a limit of its own."""
        draft = QuotaLineDraftSerializer.parse(request)
        scope = Scope(draft.pop("scope"))
        selectors.require_somebody(scope, draft["scope_id"])
        line = services.create_line(actor=signed_in(request), scope=scope, **draft)
        return _answer(line, 201)


class QuotaLineView(_AdminView):
    """One limit."""

    @extend_schema(
        operation_id="get_quota_line", responses=SingleQuotaLineSerializer, tags=["quotas"]
    )
    def get(self, request: Request, line_id: str) -> Response:
        """Return it, with its ETag."""
        known_filters(request)
        return _answer(selectors.get_line(line_id))

    @extend_schema(
        operation_id="change_quota_line",
        parameters=[IF_MATCH],
        request=LimitChangeDraftSerializer,
        responses=SingleQuotaLineSerializer,
        tags=["quotas"],
    )
    def patch(self, request: Request, line_id: str) -> Response:
        """Set the limit, lift it (null) or follow the default ("inherit"); nothing is stopped."""
        line = selectors.get_line(line_id)
        draft = LimitChangeDraftSerializer.parse(request)
        require_match(request, etag_of(line.version), _with_last_change(line))
        try:
            line = services.set_limit(
                actor=signed_in(request),
                line=line,
                limit=draft["limit"],
                expected_version=line.version,
            )
        except PreconditionFailed as error:
            now = selectors.get_line(line_id)
            params = {"current": _with_last_change(now), "etag": etag_of(now.version)}
            raise PreconditionFailed(params=params) from error
        return _answer(line)


def _answer(line: Line, status: int = 200) -> Response:
    headers = {"ETag": etag_of(line.version)}
    return Response(selectors.line_row(line), status=status, headers=headers)


def _with_last_change(line: Line) -> dict[str, Any]:
    """Return what the one who comes second is shown: the present limit, who set it, and when."""
    return selectors.line_row(line) | {"last_change": selectors.last_change(line)}


class QuotaHistoryView(_AdminView):
    """A limit's history."""

    @extend_schema(
        operation_id="list_limit_changes",
        parameters=PAGING,
        responses=page_of(LimitChangeSerializer),
        tags=["quotas"],
    )
    def get(self, request: Request, line_id: str) -> Response:
        """List its changes, newest first."""
        known_filters(request)
        line = selectors.get_line(line_id)
        rows, links = paginate(request, selectors.history(line), ordering="-id")
        return page_response([selectors.shown_change(row) for row in rows], links)


class QuotaPreviewView(_AdminView):
    """What a limit would do."""

    @extend_schema(
        operation_id="preview_limit",
        request=QuotaPreviewDraftSerializer,
        responses=QuotaPreviewSerializer,
        tags=["quotas"],
    )
    def post(self, request: Request) -> Response:
        """Tell what would start and what is over; nothing is written."""
        draft = QuotaPreviewDraftSerializer.parse(request)
        line = _line_to_try(draft)
        limit = services.default_of(line) if draft["limit"] == "inherit" else draft["limit"]
        found = selectors.preview(line, limit)
        return Response(
            {
                "would_start": found.would_start,
                "over": found.over,
                "promised": found.promised,
                "sentence": describe(found.code, found.params, language_of(request._request)).text,
            }
        )


def _line_to_try(draft: dict[str, Any]) -> Line:
    if "id" in draft:
        return selectors.get_line(draft["id"])
    for name in ("scope", "scope_id", "resource"):
        if name not in draft:
            raise InvalidSpec("FIELD_REQUIRED", field=name)
    scope = Scope(draft["scope"])
    selectors.require_somebody(scope, draft["scope_id"])
    return services.line_of(services.Key(scope, draft["scope_id"], draft["resource"]))
