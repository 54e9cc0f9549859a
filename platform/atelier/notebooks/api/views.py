"""Notebook servers: list, make, change, start, stop."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import signed_in
from atelier.notebooks import selectors, services
from atelier.notebooks.api.serializers import (
    NotebookChangeSerializer,
    NotebookDraftSerializer,
    NotebookRestartSerializer,
    NotebookSerializer,
    NotebookStartSerializer,
)
from atelier.notebooks.models import NotebookServer
from atelier.notebooks.services import Start
from atelier.projects.selectors import get_project
from atelier.toolkit.http import (
    IDEMPOTENCY_KEY,
    PAGING,
    etag_of,
    known_filters,
    page_response,
    paginate,
)
from atelier.toolkit.idempotency import idempotent
from atelier.toolkit.serializers import page_of
from atelier.workloads.status import SHOWN

TAGS = ["notebooks"]
FILTERS = [
    OpenApiParameter("project", str, description="Id or slug of a project"),
    OpenApiParameter("owner", str, enum=("me", "all"), description="Whose; all unless said"),
    OpenApiParameter("status", str, enum=SHOWN),
]


def _answer(request: Request, server: NotebookServer, status: int = 200) -> Response:
    row = selectors.one(server.pk, signed_in(request))
    return Response(row, status=status, headers={"ETag": etag_of(server.version)})


class NotebooksView(APIView):
    """The notebook servers one may see."""

    @extend_schema(
        operation_id="list_notebooks",
        parameters=[*FILTERS, *PAGING],
        responses=page_of(NotebookSerializer),
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """List them, newest first."""
        asked = known_filters(request, {"project", "owner", "status"})
        user = signed_in(request)
        found = selectors.search(
            user,
            project=asked.get("project"),
            owner=asked.get("owner"),
            status=asked.get("status"),
        )
        page, links = paginate(request, selectors.rows(found))
        return page_response(selectors.shown(page, user), links)

    @extend_schema(
        operation_id="create_notebook",
        parameters=[IDEMPOTENCY_KEY],
        request=NotebookDraftSerializer,
        responses={201: NotebookSerializer},
        tags=TAGS,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a notebook server and start it unless `start` is false."""
        draft = NotebookDraftSerializer.parse(request)
        owner = signed_in(request)
        server = services.create_server(
            owner=owner,
            project=get_project(owner, draft["project"]),
            name=draft.get("name"),
            environment=draft["environment"],
            profile=draft["profile"],
            start=draft["start"],
        )
        return _answer(request, server, 201)


class _OfOneNotebook(APIView):
    def server(self, request: Request) -> NotebookServer:
        """Return the server of the address; strangers get 404."""
        return selectors.get_server(signed_in(request), self.kwargs["notebook_id"])


class NotebookView(_OfOneNotebook):
    """One notebook server."""

    @extend_schema(operation_id="get_notebook", responses=NotebookSerializer, tags=TAGS)
    def get(self, request: Request, notebook_id: str) -> Response:
        """Return it."""
        known_filters(request)
        return _answer(request, self.server(request))

    @extend_schema(
        operation_id="change_notebook",
        request=NotebookChangeSerializer,
        responses=NotebookSerializer,
        tags=TAGS,
    )
    def patch(self, request: Request, notebook_id: str) -> Response:
        """Rename it, or choose what its next start uses."""
        server = self.server(request)
        changes = NotebookChangeSerializer.parse(request, partial=True)
        changed = services.change_server(server_id=server.pk, actor=signed_in(request), **changes)
        return _answer(request, changed)

    @extend_schema(operation_id="delete_notebook", responses={204: None}, tags=TAGS)
    def delete(self, request: Request, notebook_id: str) -> Response:
        """Delete it; it must be stopped. The home stays."""
        server = self.server(request)
        services.delete_server(server_id=server.pk, actor=signed_in(request))
        return Response(status=204)


class NotebookStartView(_OfOneNotebook):
    """Starting it."""

    @extend_schema(
        operation_id="start_notebook",
        parameters=[IDEMPOTENCY_KEY],
        request=NotebookStartSerializer,
        responses={202: NotebookSerializer},
        tags=TAGS,
    )
    @idempotent
    def post(self, request: Request, notebook_id: str) -> Response:
        """Start it, perhaps with other choices: admitted now or refused now."""
        server = self.server(request)
        start = Start(**NotebookStartSerializer.parse(request))
        actor = signed_in(request)
        started = services.start_server(server_id=server.pk, actor=actor, start=start)
        return _answer(request, started, 202)


class NotebookStopView(_OfOneNotebook):
    """Stopping it."""

    @extend_schema(
        operation_id="stop_notebook",
        request=None,
        responses={202: NotebookSerializer},
        tags=TAGS,
    )
    def post(self, request: Request, notebook_id: str) -> Response:
        """Ask for its end; files are kept. Harmless when repeated."""
        server = self.server(request)
        stopped = services.stop_server(server_id=server.pk, actor=signed_in(request))
        return _answer(request, stopped, 202)


class NotebookRestartView(_OfOneNotebook):
    """Restarting it."""

    @extend_schema(
        operation_id="restart_notebook",
        parameters=[IDEMPOTENCY_KEY],
        request=NotebookRestartSerializer,
        responses={202: NotebookSerializer},
        tags=TAGS,
    )
    @idempotent
    def post(self, request: Request, notebook_id: str) -> Response:
        """Stop it and start it again once it is gone, perhaps with other choices."""
        server = self.server(request)
        start = Start(**NotebookRestartSerializer.parse(request))
        actor = signed_in(request)
        restarted = services.restart_server(server_id=server.pk, actor=actor, start=start)
        return _answer(request, restarted, 202)


class NotebookKeepRunningView(_OfOneNotebook):
    """Putting its idle stop off."""

    @extend_schema(
        operation_id="keep_notebook_running",
        request=None,
        responses=NotebookSerializer,
        tags=TAGS,
    )
    def post(self, request: Request, notebook_id: str) -> Response:
        """Keep it for another idle period from now."""
        server = self.server(request)
        kept = services.keep_running(server_id=server.pk, actor=signed_in(request))
        return _answer(request, kept)


class NotebookResetPackagesView(_OfOneNotebook):
    """Throwing away what was installed by hand."""

    @extend_schema(
        operation_id="reset_notebook_packages",
        request=None,
        responses=NotebookSerializer,
        tags=TAGS,
    )
    def post(self, request: Request, notebook_id: str) -> Response:
        """Have its next start begin without the packages installed by hand."""
        server = self.server(request)
        reset = services.reset_packages(server_id=server.pk, actor=signed_in(request))
        return _answer(request, reset)
