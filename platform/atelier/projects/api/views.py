"""Projects, their members and invitations."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import signed_in
from atelier.core.errors import InvalidSpec
from atelier.projects import policies, selectors, services
from atelier.projects.api.serializers import (
    InvitationDraftSerializer,
    InvitationSerializer,
    MemberDraftSerializer,
    MemberSerializer,
    NewInvitationSerializer,
    OpenedInvitationSerializer,
    ProjectChangeSerializer,
    ProjectDraftSerializer,
    ProjectSerializer,
    RoleChangeSerializer,
)
from atelier.projects.models import Invitation, Membership, Project, Role
from atelier.toolkit.http import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    PAGING,
    etag_of,
    flag,
    known_filters,
    page_response,
    paginate,
    require_match,
)
from atelier.toolkit.idempotency import idempotent
from atelier.toolkit.serializers import page_of


def _answer(request: Request, project: Project, status: int = 200) -> Response:
    row = selectors.project_row(signed_in(request), project)
    return Response(row, status=status, headers={"ETag": etag_of(project.version)})


class ProjectsView(APIView):
    """The projects one may see."""

    @extend_schema(
        operation_id="list_projects",
        parameters=[
            OpenApiParameter("search", str, description="Part of a name or slug"),
            OpenApiParameter("archived", bool, description="Archived ones instead of live ones"),
            *PAGING,
        ],
        responses=page_of(ProjectSerializer),
        tags=["projects"],
    )
    def get(self, request: Request) -> Response:
        """List them by name."""
        asked = known_filters(request, {"search", "archived"})
        rows = selectors.search(
            signed_in(request),
            text=asked.get("search", ""),
            archived=bool(flag(asked, "archived")),
        )
        page, links = paginate(request, rows, ordering="name")
        return page_response(selectors.shown(signed_in(request), page), links)

    @extend_schema(
        operation_id="create_project",
        parameters=[IDEMPOTENCY_KEY],
        request=ProjectDraftSerializer,
        responses={201: ProjectSerializer},
        tags=["projects"],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Found a project and lead it."""
        draft = ProjectDraftSerializer.parse(request)
        project = services.create_project(actor=signed_in(request), **draft)
        return _answer(request, project, 201)


class _OfOneProject(APIView):
    def project(self, request: Request) -> Project:
        """Return the project of the address; strangers get 404."""
        return selectors.get_project(signed_in(request), self.kwargs["project_id"])


class ProjectView(_OfOneProject):
    """One project, by id or slug."""

    @extend_schema(operation_id="get_project", responses=ProjectSerializer, tags=["projects"])
    def get(self, request: Request, project_id: str) -> Response:
        """Return it, with its ETag."""
        known_filters(request)
        return _answer(request, self.project(request))

    @extend_schema(
        operation_id="change_project",
        parameters=[IF_MATCH],
        request=ProjectChangeSerializer,
        responses=ProjectSerializer,
        tags=["projects"],
    )
    def patch(self, request: Request, project_id: str) -> Response:
        """Rename or describe it."""
        actor, project = signed_in(request), self.project(request)
        policies.require(policies.can_lead(actor, project))
        changes = ProjectChangeSerializer.parse(request, partial=True)
        require_match(request, etag_of(project.version), selectors.project_row(actor, project))
        project = services.change_project(
            actor=actor, project=project, version=project.version, changes=changes
        )
        return _answer(request, project)

    @extend_schema(
        operation_id="delete_project",
        parameters=[
            OpenApiParameter("name", str, required=True, description="Its slug, to be sure")
        ],
        responses={202: ProjectSerializer},
        tags=["projects"],
    )
    def delete(self, request: Request, project_id: str) -> Response:
        """Have an archived project go for good, with its homes and everything else in it."""
        asked = known_filters(request, {"name"})
        project = self.project(request)
        if "name" not in asked:
            raise InvalidSpec("FIELD_REQUIRED", field="name")
        project = services.delete_project(
            actor=signed_in(request), project=project, name=asked["name"]
        )
        return _answer(request, project, 202)


class ProjectArchiveView(_OfOneProject):
    """Closing a project."""

    @extend_schema(
        operation_id="archive_project", request=None, responses=ProjectSerializer, tags=["projects"]
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Archive it; what runs in it is stopped, nothing is deleted."""
        project = self.project(request)
        return _answer(request, services.archive_project(actor=signed_in(request), project=project))


class ProjectUnarchiveView(_OfOneProject):
    """Opening it again."""

    @extend_schema(
        operation_id="unarchive_project",
        request=None,
        responses=ProjectSerializer,
        tags=["projects"],
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Bring an archived project back."""
        project = self.project(request)
        return _answer(
            request, services.unarchive_project(actor=signed_in(request), project=project)
        )


class MembersView(_OfOneProject):
    """A project's members."""

    @extend_schema(
        operation_id="list_members",
        parameters=PAGING,
        responses=page_of(MemberSerializer),
        tags=["projects"],
    )
    def get(self, request: Request, project_id: str) -> Response:
        """List them, the first first."""
        known_filters(request)
        members = selectors.members(self.project(request))
        rows, links = paginate(request, members, ordering="since")
        return page_response([selectors.member_row(row) for row in rows], links)

    @extend_schema(
        operation_id="add_member",
        request=MemberDraftSerializer,
        responses={201: MemberSerializer},
        tags=["projects"],
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Add an existing user."""
        actor, project = signed_in(request), self.project(request)
        policies.require(policies.can_lead(actor, project))
        draft = MemberDraftSerializer.parse(request)
        membership = services.add_member(
            actor=actor, project=project, username=draft["username"], role=Role(draft["role"])
        )
        return Response(_member(membership), status=201)


def _member(membership: Membership) -> dict[str, Any]:
    return {
        "username": membership.user.username,
        "display_name": membership.user.display_name,
        "role": membership.role,
        "since": membership.since,
    }


class MemberView(_OfOneProject):
    """One member."""

    @extend_schema(
        operation_id="change_member_role",
        request=RoleChangeSerializer,
        responses=MemberSerializer,
        tags=["projects"],
    )
    def patch(self, request: Request, project_id: str, username: str) -> Response:
        """Give the member another role; a project keeps a lead."""
        actor, project = signed_in(request), self.project(request)
        policies.require(policies.can_lead(actor, project))
        draft = RoleChangeSerializer.parse(request)
        membership = services.change_role(
            actor=actor, project=project, username=username, role=Role(draft["role"])
        )
        return Response(_member(membership))

    @extend_schema(operation_id="remove_member", responses={204: None}, tags=["projects"])
    def delete(self, request: Request, project_id: str, username: str) -> Response:
        """Take the member out, or leave; what he runs there is stopped."""
        services.remove_member(
            actor=signed_in(request), project=self.project(request), username=username
        )
        return Response(status=204)


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.pk,
        "role": invitation.role,
        "note": invitation.note,
        "created": invitation.created,
        "expires": invitation.expires,
        "created_by": invitation.created_by.username,
    }


class InvitationsView(_OfOneProject):
    """A project's open invitations; leads only."""

    @extend_schema(
        operation_id="list_invitations",
        parameters=PAGING,
        responses=page_of(InvitationSerializer),
        tags=["projects"],
    )
    def get(self, request: Request, project_id: str) -> Response:
        """List those that still work, newest first."""
        known_filters(request)
        user, project = signed_in(request), self.project(request)
        policies.require(policies.can_lead(user, project) or policies.can_read_all(user))
        rows, links = paginate(request, selectors.open_invitations(project))
        shown = [{**row, "created_by": row.pop("created_by__username")} for row in rows]
        return page_response(shown, links)

    @extend_schema(
        operation_id="create_invitation",
        request=InvitationDraftSerializer,
        responses={201: NewInvitationSerializer},
        tags=["projects"],
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Make a link that makes its first opener a member; it is shown this once."""
        actor, project = signed_in(request), self.project(request)
        policies.require(policies.can_lead(actor, project))
        draft = InvitationDraftSerializer.parse(request)
        invitation, url = services.invite(
            actor=actor, project=project, role=Role(draft["role"]), note=draft["note"]
        )
        return Response({**_invitation(invitation), "url": url}, status=201)


class InvitationView(_OfOneProject):
    """One invitation."""

    @extend_schema(operation_id="revoke_invitation", responses={204: None}, tags=["projects"])
    def delete(self, request: Request, project_id: str, invitation_id: str) -> Response:
        """Make its link useless."""
        services.revoke_invitation(
            actor=signed_in(request), project=self.project(request), invitation_id=invitation_id
        )
        return Response(status=204)


class OpenedInvitationView(APIView):
    """An invitation as the holder of its link sees it."""

    @extend_schema(
        operation_id="open_invitation", responses=OpenedInvitationSerializer, tags=["projects"]
    )
    def get(self, request: Request, token: str) -> Response:
        """Tell what one is invited to."""
        known_filters(request)
        invitation = services.open_invitation(token)
        return Response(
            {
                "project_name": invitation.project.name,
                "role": invitation.role,
                "invited_by": invitation.created_by.display_name,
                "expires": invitation.expires,
            }
        )


class AcceptInvitationView(APIView):
    """Accepting it."""

    @extend_schema(
        operation_id="accept_invitation",
        request=None,
        responses=ProjectSerializer,
        tags=["projects"],
    )
    def post(self, request: Request, token: str) -> Response:
        """Become a member."""
        project = services.accept_invitation(user=signed_in(request), secret=token)
        return _answer(request, project)
