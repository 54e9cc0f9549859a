"""Jobs: list, submit, look, stop, read the log."""

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import signed_in
from atelier.jobs import selectors, services
from atelier.jobs.api.serializers import (
    JobDraftSerializer,
    JobLogSerializer,
    JobSerializer,
    draft_of,
)
from atelier.jobs.models import Job
from atelier.projects.selectors import get_project
from atelier.toolkit.hot import HotView, answer
from atelier.toolkit.http import IDEMPOTENCY_KEY, PAGING, known_filters
from atelier.toolkit.idempotency import idempotent
from atelier.toolkit.middleware import language_of
from atelier.toolkit.pages import page_of_newest
from atelier.toolkit.serializers import page_of
from atelier.workloads import logs
from atelier.workloads.status import SHOWN

TAGS = ["jobs"]
STATUSES = f"One or several, with commas between: {', '.join(SHOWN)}"


def _language(request: Request) -> str:
    return language_of(request._request)


def _answer(request: Request, job: Job, status: int = 200) -> Response:
    return Response(selectors.one(job.pk, _language(request)), status=status)


class JobsView(HotView):
    """The jobs one may see."""

    @extend_schema(
        operation_id="list_jobs",
        parameters=[
            OpenApiParameter("project", str, description="Id or slug of a project"),
            OpenApiParameter("owner", str, description="A username, `me` or `all`"),
            OpenApiParameter("status", str, description=STATUSES),
            OpenApiParameter("search", str, description="A part of the name, or an id"),
            *PAGING,
        ],
        responses=page_of(JobSerializer),
        tags=TAGS,
    )
    def get(self, request: Request) -> HttpResponse:
        """List them, newest first."""
        asked = known_filters(request, selectors.FILTERS)
        filters = {name: asked.get(name) for name in selectors.FILTERS}
        found = selectors.rows(selectors.search(signed_in(request), **filters))
        page, links = page_of_newest(found, cursor=asked.get("cursor"), limit=asked.get("limit"))
        return answer({"results": selectors.shown(page, _language(request)), **links})

    @extend_schema(
        operation_id="submit_job",
        parameters=[IDEMPOTENCY_KEY],
        request=JobDraftSerializer,
        responses={201: JobSerializer},
        tags=TAGS,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Submit a job; it waits for its turn where a limit is reached."""
        body = JobDraftSerializer.parse(request)
        owner = signed_in(request)
        project = get_project(owner, body["project"])
        job = services.submit_job(owner=owner, project=project, draft=draft_of(body))
        return _answer(request, job, 201)


class _OfOneJob(APIView):
    def job(self, request: Request) -> Job:
        """Return the job of the address; strangers get 404."""
        return selectors.get_job(signed_in(request), self.kwargs["job_id"])


class JobView(_OfOneJob):
    """One job."""

    @extend_schema(operation_id="get_job", responses=JobSerializer, tags=TAGS)
    def get(self, request: Request, job_id: str) -> Response:
        """Return it."""
        known_filters(request)
        return _answer(request, self.job(request))


class JobStopView(_OfOneJob):
    """Stopping it."""

    @extend_schema(operation_id="stop_job", request=None, responses={202: JobSerializer}, tags=TAGS)
    def post(self, request: Request, job_id: str) -> Response:
        """Ask for its end; harmless when repeated."""
        job = self.job(request)
        services.stop_job(job, actor=signed_in(request))
        return _answer(request, job, 202)


class JobLogView(_OfOneJob):
    """What it has printed, page by page."""

    @extend_schema(
        operation_id="read_job_log",
        parameters=[
            OpenApiParameter("offset", {"type": "integer", "minimum": 0, "default": 0}),
            OpenApiParameter(
                "limit",
                {
                    "type": "integer",
                    "minimum": logs.LEAST_PAGE,
                    "maximum": logs.LONGEST_PAGE,
                    "default": logs.PAGE,
                },
            ),
        ],
        responses=JobLogSerializer,
        tags=TAGS,
    )
    def get(self, request: Request, job_id: str) -> Response:
        """Return text from a byte offset on; ask again from `next_offset` until `is_end`."""
        asked = known_filters(request, {"offset"})
        offset, limit = logs.place_of(asked.get("offset"), asked.get("limit"))
        workload = self.job(request).workload
        logs.watch(workload)
        return Response(logs.page(workload, offset, limit, _language(request)))


class JobLogFileView(_OfOneJob):
    """What it has printed, as a file."""

    @extend_schema(
        operation_id="download_job_log",
        responses={(200, "text/plain"): OpenApiResponse(OpenApiTypes.BINARY)},
        tags=TAGS,
    )
    def get(self, request: Request, job_id: str) -> StreamingHttpResponse:
        """Return the very bytes that were kept."""
        known_filters(request)
        job = self.job(request)
        logs.watch(job.workload)
        return StreamingHttpResponse(
            logs.pieces(job.workload, _language(request)),
            content_type="text/plain; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{job.pk}.log"',
                # Other people's bytes: a browser that shows them all the same gets nothing to run.
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )
