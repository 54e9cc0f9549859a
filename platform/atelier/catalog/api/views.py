"""Environments and profiles: everybody reads what he may use, admins look after them."""

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import AdminWrites, signed_in
from atelier.accounts.models import User
from atelier.catalog import capacity, selectors, services
from atelier.catalog.api.serializers import (
    EnvironmentChangeSerializer,
    EnvironmentDraftSerializer,
    EnvironmentSerializer,
    ProfileChangeSerializer,
    ProfileDraftSerializer,
    ProfileSerializer,
)
from atelier.catalog.models import Choice, Environment, Profile
from atelier.core.errors import NotFound
from atelier.projects.models import Project
from atelier.projects.selectors import get_project
from atelier.toolkit.http import IF_MATCH, etag_of, known_filters, page_response, require_match
from atelier.toolkit.serializers import StrictSerializer, page_of

PROJECT = OpenApiParameter("project", str, description="Only what this project may choose")
_NO_PAGES = {"next": None, "previous": None}


class _CatalogView(APIView):
    """What lists and single choices share; subclasses say which of the two models."""

    permission_classes = (AdminWrites,)
    write_scope = "admin"
    model: ClassVar[type[Choice]]

    def rows(self, found: Any, user: User) -> list[dict[str, Any]]:
        """Return choices as they are shown."""
        raise NotImplementedError

    def listing(self, request: Request) -> Response:
        """Return all the caller may see; the catalog is short, so it comes whole."""
        asked = known_filters(request, {"project"})
        user = signed_in(request)
        project: Project | None = None
        if "project" in asked:
            project = get_project(user, asked["project"])
        rows = self.rows(selectors.visible(self.model, user, project), user)
        return page_response(rows, _NO_PAGES)

    def creation(self, request: Request, draft: type[StrictSerializer]) -> Response:
        """Add a choice."""
        choice = services.create_choice(
            self.model, actor=signed_in(request), draft=draft.parse(request)
        )
        return self.answer(request, choice, 201)

    def visible(self, request: Request, pk: str) -> Choice:
        """Return the choice or raise NotFound."""
        found = selectors.visible(self.model, signed_in(request), None).filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found  # type: ignore[no-any-return]  # one of two models

    def shown(self, choice: Choice, user: User) -> dict[str, Any]:
        """Return one choice as it is shown."""
        return self.rows(self.model.objects.filter(pk=choice.pk), user)[0]

    def answer(self, request: Request, choice: Choice, status: int = 200) -> Response:
        """Return one choice with its ETag."""
        body = self.shown(choice, signed_in(request))
        return Response(body, status=status, headers={"ETag": etag_of(choice.version)})

    def reading(self, request: Request, pk: str) -> Response:
        """Return one choice."""
        known_filters(request)
        return self.answer(request, self.visible(request, pk))

    def matched(self, request: Request, pk: str) -> Choice:
        """Return the choice if the caller edits its present state."""
        choice = self.visible(request, pk)
        require_match(request, etag_of(choice.version), self.shown(choice, signed_in(request)))
        return choice

    def change(self, request: Request, pk: str, body: type[StrictSerializer]) -> Response:
        """Change one choice."""
        changes = body.parse(request, partial=True)
        version = self.matched(request, pk).version
        changed = services.change_choice(
            self.model, actor=signed_in(request), pk=pk, version=version, changes=changes
        )
        return self.answer(request, changed)

    def deletion(self, request: Request, pk: str) -> Response:
        """Take one choice away."""
        version = self.matched(request, pk).version
        services.delete_choice(self.model, actor=signed_in(request), pk=pk, version=version)
        return Response(status=204)


class _EnvironmentBase(_CatalogView):
    model = Environment

    def rows(self, found: Any, user: User) -> list[dict[str, Any]]:
        """Return environments as they are shown."""
        return [selectors.shown_environment(row, user) for row in selectors.environment_rows(found)]


class EnvironmentsView(_EnvironmentBase):
    """All environments."""

    @extend_schema(
        operation_id="list_environments",
        parameters=[PROJECT],
        responses=page_of(EnvironmentSerializer),
        tags=["catalog"],
    )
    def get(self, request: Request) -> Response:
        """List what the caller may see, in the order of choice."""
        return self.listing(request)

    @extend_schema(
        operation_id="create_environment",
        request=EnvironmentDraftSerializer,
        responses={201: EnvironmentSerializer},
        tags=["catalog"],
    )
    def post(self, request: Request) -> Response:
        """Add an environment."""
        return self.creation(request, EnvironmentDraftSerializer)


class EnvironmentView(_EnvironmentBase):
    """One environment."""

    @extend_schema(
        operation_id="get_environment", responses=EnvironmentSerializer, tags=["catalog"]
    )
    def get(self, request: Request, environment_id: str) -> Response:
        """Return it, with its ETag."""
        return self.reading(request, environment_id)

    @extend_schema(
        operation_id="change_environment",
        parameters=[IF_MATCH],
        request=EnvironmentChangeSerializer,
        responses=EnvironmentSerializer,
        tags=["catalog"],
    )
    def patch(self, request: Request, environment_id: str) -> Response:
        """Change it; what runs keeps what it was started with."""
        return self.change(request, environment_id, EnvironmentChangeSerializer)

    @extend_schema(
        operation_id="delete_environment",
        parameters=[IF_MATCH],
        responses={204: None},
        tags=["catalog"],
    )
    def delete(self, request: Request, environment_id: str) -> Response:
        """Take it away."""
        return self.deletion(request, environment_id)


class _ProfileBase(_CatalogView):
    model = Profile

    def rows(self, found: Any, user: User) -> list[dict[str, Any]]:
        """Return profiles as they are shown."""
        largest = capacity.largest(settings.ATELIER_ENGINE)
        rows = selectors.profile_rows(found)
        return [selectors.shown_profile(row, user, largest) for row in rows]


class ProfilesView(_ProfileBase):
    """All hardware profiles."""

    @extend_schema(
        operation_id="list_profiles",
        parameters=[PROJECT],
        responses=page_of(ProfileSerializer),
        tags=["catalog"],
    )
    def get(self, request: Request) -> Response:
        """List what the caller may see; one that can never start here says why."""
        return self.listing(request)

    @extend_schema(
        operation_id="create_profile",
        request=ProfileDraftSerializer,
        responses={201: ProfileSerializer},
        tags=["catalog"],
    )
    def post(self, request: Request) -> Response:
        """Add a profile."""
        return self.creation(request, ProfileDraftSerializer)


class ProfileView(_ProfileBase):
    """One hardware profile."""

    @extend_schema(operation_id="get_profile", responses=ProfileSerializer, tags=["catalog"])
    def get(self, request: Request, profile_id: str) -> Response:
        """Return it, with its ETag."""
        return self.reading(request, profile_id)

    @extend_schema(
        operation_id="change_profile",
        parameters=[IF_MATCH],
        request=ProfileChangeSerializer,
        responses=ProfileSerializer,
        tags=["catalog"],
    )
    def patch(self, request: Request, profile_id: str) -> Response:
        """Change it; what runs keeps what it was started with."""
        return self.change(request, profile_id, ProfileChangeSerializer)

    @extend_schema(
        operation_id="delete_profile",
        parameters=[IF_MATCH],
        responses={204: None},
        tags=["catalog"],
    )
    def delete(self, request: Request, profile_id: str) -> Response:
        """Take it away."""
        return self.deletion(request, profile_id)
