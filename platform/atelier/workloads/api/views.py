"""Everything that runs: one list, one page each, why, stop."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import signed_in
from atelier.accounts.policies import require
from atelier.core.errors import InvalidSpec
from atelier.toolkit.hot import HotView, answer
from atelier.toolkit.http import (
    PAGING,
    flag,
    known_filters,
    page_response,
    paginate,
)
from atelier.toolkit.middleware import language_of
from atelier.toolkit.serializers import page_of
from atelier.workloads import check, kinds, policies, selectors, services
from atelier.workloads.api.serializers import (
    CheckDraftSerializer,
    CheckSerializer,
    WorkloadEventSerializer,
    WorkloadSerializer,
)
from atelier.workloads.models import Workload
from atelier.workloads.status import SHOWN


def _language(request: Request) -> str:
    return language_of(request._request)


class WorkloadsView(HotView):
    """Everything one may see that runs or ran."""

    @extend_schema(
        operation_id="list_workloads",
        parameters=[
            OpenApiParameter("project", str, description="Id or slug"),
            OpenApiParameter("kind", str, description="For example notebook"),
            OpenApiParameter("live", bool, description="What has not ended, or what has"),
            OpenApiParameter("owner", str, description="Username"),
            OpenApiParameter("status", enum=SHOWN),
            *PAGING,
        ],
        responses=page_of(WorkloadSerializer),
        tags=["workloads"],
    )
    def get(self, request: Request) -> HttpResponse:
        """List them, newest first."""
        asked = known_filters(request, selectors.FILTERS)
        filters: dict[str, Any] = {name: asked.get(name) for name in selectors.FILTERS}
        filters["live"] = flag(asked, "live")
        rows, links = selectors.page(
            signed_in(request), filters, cursor=asked.get("cursor"), limit=asked.get("limit")
        )
        lang = _language(request)
        return answer({"results": [selectors.shown(row, lang) for row in rows], **links})


class _OfOneWorkload(APIView):
    def workload(self, request: Request) -> Workload:
        """Return the workload of the address; strangers get 404."""
        return selectors.get_workload(signed_in(request), self.kwargs["workload_id"])


def _answer(request: Request, workload: Workload, status: int = 200) -> Response:
    return Response(selectors.one(workload, _language(request)), status=status)


class WorkloadView(_OfOneWorkload):
    """One run."""

    @extend_schema(operation_id="get_workload", responses=WorkloadSerializer, tags=["workloads"])
    def get(self, request: Request, workload_id: str) -> Response:
        """Return it."""
        known_filters(request)
        return _answer(request, self.workload(request))


class WorkloadEventsView(_OfOneWorkload):
    """What was said about a run."""

    @extend_schema(
        operation_id="list_workload_events",
        parameters=PAGING,
        responses=page_of(WorkloadEventSerializer),
        tags=["workloads"],
    )
    def get(self, request: Request, workload_id: str) -> Response:
        """List it, newest first: the platform's own events and the engine's."""
        known_filters(request)
        said = selectors.events(self.workload(request))
        rows, links = paginate(request, said, ordering="-id")
        lang = _language(request)
        return page_response([selectors.shown_event(row, lang) for row in rows], links)


class WorkloadStopView(_OfOneWorkload):
    """Ending a run."""

    @extend_schema(
        operation_id="stop_workload",
        request=None,
        responses={202: WorkloadSerializer},
        tags=["workloads"],
    )
    def post(self, request: Request, workload_id: str) -> Response:
        """Ask for its end; asking again is harmless. For its owner, leads and admins."""
        user, workload = signed_in(request), self.workload(request)
        require(policies.can_stop(user, workload))
        services.request_stop(workload, actor=user)
        return _answer(request, workload, 202)


class WorkloadForceSettleView(_OfOneWorkload):
    """Closing a run whose end nobody sees."""

    write_scope = "admin"

    @extend_schema(
        operation_id="force_settle_workload",
        request=None,
        responses=WorkloadSerializer,
        tags=["workloads"],
    )
    def post(self, request: Request, workload_id: str) -> Response:
        """Give its reservation back though something may still run. For admins; audited."""
        user, workload = signed_in(request), self.workload(request)
        require(policies.can_force(user))
        services.force_settle(workload, actor=user)
        return _answer(request, workload)


class CheckView(APIView):
    """Whether something would fit."""

    @extend_schema(
        operation_id="check",
        request=CheckDraftSerializer,
        responses=CheckSerializer,
        tags=["workloads"],
    )
    def post(self, request: Request) -> Response:
        """Tell whether it fits now, would wait, or never fits, and what nearby would."""
        question: dict[str, Any] = CheckDraftSerializer.parse(request)
        kind = question.pop("kind")
        if kinds.find(kind) is None:
            known = {"name": kind, "known": ", ".join(kinds.names())}
            raise InvalidSpec("UNKNOWN_KIND", known, field="kind")
        return Response(check.check(signed_in(request), kind, question, _language(request)))
