"""The place of a project."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import signed_in
from atelier.projects import selectors as projects
from atelier.tenancy import selectors, services
from atelier.tenancy.api.serializers import PlaceChangeSerializer, PlaceSerializer
from atelier.tenancy.models import Place
from atelier.toolkit.http import known_filters


class PlaceView(APIView):
    """Where a project's work runs."""

    @extend_schema(operation_id="get_place", responses=PlaceSerializer, tags=["projects"])
    def get(self, request: Request, project_id: str) -> Response:
        """Return how it does."""
        known_filters(request)
        user = signed_in(request)
        project = projects.get_project(user, project_id)
        return Response(_row(services.place_of(project), user.language))

    @extend_schema(
        operation_id="change_place",
        request=PlaceChangeSerializer,
        responses=PlaceSerializer,
        tags=["projects"],
    )
    def patch(self, request: Request, project_id: str) -> Response:
        """Let its pods out to the internet, or keep them in; administrators only."""
        user = signed_in(request)
        project = projects.get_project(user, project_id)
        services.require_may_change(user)
        draft = PlaceChangeSerializer.parse(request)
        place = services.set_internet(actor=user, project=project, allowed=draft["internet"])
        return Response(_row(place, user.language))


def _row(place: Place, language: str) -> dict[str, Any]:
    word = projects.shown_place(selectors.word(place), language)
    return {
        **word,
        "namespace": place.namespace,
        "internet": place.internet,
        "synced_at": place.synced_at,
    }
