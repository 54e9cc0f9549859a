"""Signing in, oneself, and the accounts that admins look after."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.middleware.csrf import get_token
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts import login, selectors, services
from atelier.accounts.api.permissions import AdminWritesAuditorReads, signed_in
from atelier.accounts.api.serializers import (
    BrowserSerializer,
    ImpactSerializer,
    MeChangeSerializer,
    MeSerializer,
    NewPasswordSerializer,
    NewTokenSerializer,
    NewUserSerializer,
    PasswordChangeSerializer,
    ResetLinkSerializer,
    ResetSerializer,
    SessionSerializer,
    SignedInSerializer,
    SignedOutSerializer,
    SignInSerializer,
    TokenDraftSerializer,
    TokenSerializer,
    UserChangeSerializer,
    UserDraftSerializer,
    UserSerializer,
)
from atelier.accounts.hooks import live_work
from atelier.accounts.models import User
from atelier.core.errors import NotFound
from atelier.core.reasons import LANGUAGES
from atelier.toolkit.context import caller
from atelier.toolkit.http import (
    IF_MATCH,
    PAGING,
    etag_of,
    flag,
    known_filters,
    page_response,
    paginate,
    require_match,
)
from atelier.toolkit.serializers import page_of

DEVICE_COOKIE = "__Host-atelier_device" if settings.TLS else "atelier_device"


class SessionView(APIView):
    """The browser's session."""

    permission_classes = (AllowAny,)
    csrf_from_everybody = True
    write_scope = "session"

    @extend_schema(operation_id="get_session", responses=SessionSerializer, tags=["session"])
    def get(self, request: Request) -> Response:
        """Tell who is signed in and how the portal is configured; sets the CSRF cookie."""
        known_filters(request)
        _hand_out_csrf(request)
        user = request.user if isinstance(request.user, User) else None
        body = {
            "authenticated": user is not None,
            "user": selectors.me(user) if user else None,
            "config": {
                "version": settings.VERSION,
                "content_url": settings.ATELIER_CONTENT_URL,
                "events_url": settings.ATELIER_EVENTS_URL,
                "engine": settings.ATELIER_ENGINE,
                "isolation": settings.ATELIER_ISOLATION,
                "languages": list(LANGUAGES),
            },
        }
        return Response(body)

    @extend_schema(
        operation_id="sign_in",
        request=SignInSerializer,
        responses=SignedInSerializer,
        tags=["session"],
    )
    def post(self, request: Request) -> Response:
        """Sign in with a password."""
        draft = SignInSerializer.parse(request)
        attempt = login.Attempt(
            username=draft["username"],
            password=draft["password"],
            address=caller().address,
            device=request.COOKIES.get(DEVICE_COOKIE, ""),
        )
        user = services.sign_in(request._request, attempt)
        response = Response({"user": selectors.me(user)})
        response.set_cookie(
            DEVICE_COOKIE,
            login.device_cookie(user),
            max_age=login.DEVICE_AGE,
            secure=settings.TLS,
            httponly=True,
            samesite="Lax",
        )
        return response

    @extend_schema(
        operation_id="sign_out", request=None, responses=SignedOutSerializer, tags=["session"]
    )
    def delete(self, request: Request) -> Response:
        """Sign out here and of the hub; harmless when nobody is signed in."""
        if not isinstance(request.user, User):
            return Response({"hub_logout_url": None})
        services.sign_out(request._request, request.user)
        return Response({"hub_logout_url": f"{settings.ATELIER_CONTENT_URL}/hub/logout"})


def _hand_out_csrf(request: Request) -> None:
    """Set the CSRF cookie; in a session, to the very sign that the session is bound to."""
    plain = request._request
    if bound := plain.session.get("csrf"):
        plain.META["CSRF_COOKIE"] = bound
    get_token(plain)


class MeView(APIView):
    """Oneself."""

    @extend_schema(operation_id="get_me", responses=MeSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        """Return the caller."""
        known_filters(request)
        return Response(selectors.me(signed_in(request)))

    @extend_schema(
        operation_id="change_me", request=MeChangeSerializer, responses=MeSerializer, tags=["me"]
    )
    def patch(self, request: Request) -> Response:
        """Change one's own name, address and preferences."""
        changes = MeChangeSerializer.parse(request, partial=True)
        user = services.change_me(user=signed_in(request), changes=changes)
        return Response(selectors.me(user))


class MyPasswordView(APIView):
    """One's own password."""

    write_scope = "session"

    @extend_schema(
        operation_id="change_my_password",
        request=PasswordChangeSerializer,
        responses={204: None},
        tags=["me"],
    )
    def post(self, request: Request) -> Response:
        """Change it; all other browsers are signed out, and tokens end on request."""
        draft = PasswordChangeSerializer.parse(request)
        session = request._request.session
        user = services.change_password(
            user=signed_in(request),
            current=draft["current_password"],
            new=draft["new_password"],
            address=caller().address,
            keep_session=session.row_id,  # type: ignore[attr-defined]  # our session engine's
            end_tokens=draft["end_tokens"],
        )
        services.renew_session(request._request, user)
        return Response(status=204)


class MyBrowsersView(APIView):
    """The browsers one is signed in with."""

    @extend_schema(
        operation_id="list_my_browsers",
        responses=page_of(BrowserSerializer),
        tags=["me"],
    )
    def get(self, request: Request) -> Response:
        """List them, the latest seen first."""
        known_filters(request)
        current = getattr(request._request.session, "row_id", "") if request.auth is None else ""
        rows = selectors.browsers(signed_in(request), current=current)
        return page_response(rows, {"next": None, "previous": None})


class MyBrowserView(APIView):
    """One of them."""

    write_scope = "session"

    @extend_schema(operation_id="end_my_browser", responses={204: None}, tags=["me"])
    def delete(self, request: Request, browser_id: str) -> Response:
        """Sign it out."""
        services.end_browser(user=signed_in(request), browser_id=browser_id)
        return Response(status=204)


class MyTokensView(APIView):
    """One's own API tokens."""

    write_scope = "session"

    @extend_schema(
        operation_id="list_my_tokens",
        parameters=PAGING,
        responses=page_of(TokenSerializer),
        tags=["me"],
    )
    def get(self, request: Request) -> Response:
        """List those that were not revoked, newest first."""
        known_filters(request)
        return page_response(*paginate(request, selectors.tokens(signed_in(request))))

    @extend_schema(
        operation_id="create_my_token",
        request=TokenDraftSerializer,
        responses={201: NewTokenSerializer},
        tags=["me"],
    )
    def post(self, request: Request) -> Response:
        """Make one; its clear text is shown this once."""
        draft = TokenDraftSerializer.parse(request)
        token, secret = services.issue_token(
            user=signed_in(request),
            name=draft["name"],
            scopes=sorted(draft["scopes"]),
            lifetime=timedelta(days=draft["expires_in_days"]),
        )
        row = {name: getattr(token, name) for name in selectors.TOKEN_FIELDS}
        return Response({**row, "token": secret}, status=201)


class MyTokenView(APIView):
    """One of them."""

    @extend_schema(operation_id="revoke_my_token", responses={204: None}, tags=["me"])
    def delete(self, request: Request, token_id: str) -> Response:
        """Revoke it."""
        services.revoke_token(user=signed_in(request), token_id=token_id)
        return Response(status=204)


class PasswordResetView(APIView):
    """A reset link, opened by whoever holds it."""

    permission_classes = (AllowAny,)
    csrf_from_everybody = True
    write_scope = "session"

    @extend_schema(operation_id="get_password_reset", responses=ResetSerializer, tags=["session"])
    def get(self, request: Request, token: str) -> Response:
        """Tell whose password it sets."""
        known_filters(request)
        return Response({"username": services.open_reset(token).user.username})

    @extend_schema(
        operation_id="use_password_reset",
        request=NewPasswordSerializer,
        responses={204: None},
        tags=["session"],
    )
    def post(self, request: Request, token: str) -> Response:
        """Set the password; the link works once."""
        draft = NewPasswordSerializer.parse(request)
        services.use_reset(secret=token, new=draft["new_password"])
        return Response(status=204)


class UsersView(APIView):
    """All accounts."""

    permission_classes = (AdminWritesAuditorReads,)
    write_scope = "admin"

    @extend_schema(
        operation_id="list_users",
        parameters=[
            OpenApiParameter("search", str, description="Part of a name or address"),
            OpenApiParameter("active", bool, description="Only open, or only closed accounts"),
            *PAGING,
        ],
        responses=page_of(UserSerializer),
        tags=["users"],
    )
    def get(self, request: Request) -> Response:
        """List accounts by name."""
        asked = known_filters(request, {"search", "active"})
        users = selectors.users(search=asked.get("search", ""), active=flag(asked, "active"))
        rows, links = paginate(request, users, ordering="username")
        return page_response(selectors.with_live_counts(rows), links)

    @extend_schema(
        operation_id="create_user",
        request=UserDraftSerializer,
        responses={201: NewUserSerializer},
        tags=["users"],
    )
    def post(self, request: Request) -> Response:
        """Create an account; without a password the answer has a link to choose one."""
        draft = UserDraftSerializer.parse(request)
        actor = signed_in(request)
        user = services.create_user(actor=actor, **draft)
        url = None
        if draft["password"] is None:
            url = services.issue_reset(actor=actor, user=user)[1]
        return Response({**selectors.user_row(user), "reset_url": url}, status=201)


class _OfOneUser(APIView):
    permission_classes = (AdminWritesAuditorReads,)
    write_scope = "admin"

    def user_named(self, username: str) -> User:
        """Return the user or raise NotFound."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise NotFound
        return user


def _answer(user: User) -> Response:
    return Response(selectors.user_row(user), headers={"ETag": etag_of(user.version)})


class UserView(_OfOneUser):
    """One account."""

    @extend_schema(operation_id="get_user", responses=UserSerializer, tags=["users"])
    def get(self, request: Request, username: str) -> Response:
        """Return it, with its ETag."""
        known_filters(request)
        return _answer(self.user_named(username))

    @extend_schema(
        operation_id="change_user",
        parameters=[IF_MATCH],
        request=UserChangeSerializer,
        responses=UserSerializer,
        tags=["users"],
    )
    def patch(self, request: Request, username: str) -> Response:
        """Change name, address or platform role; another role signs the user out."""
        changes = UserChangeSerializer.parse(request, partial=True)
        user = self.user_named(username)
        require_match(request, etag_of(user.version), selectors.user_row(user))
        user = services.change_user(
            actor=signed_in(request), username=username, version=user.version, changes=changes
        )
        return _answer(user)


class UserDeactivateView(_OfOneUser):
    """Closing an account."""

    @extend_schema(
        operation_id="deactivate_user", request=None, responses=UserSerializer, tags=["users"]
    )
    def post(self, request: Request, username: str) -> Response:
        """Close it: sessions, tokens and notebooks end."""
        return _answer(services.deactivate_user(actor=signed_in(request), username=username))


class UserActivateView(_OfOneUser):
    """Opening an account again."""

    @extend_schema(
        operation_id="activate_user", request=None, responses=UserSerializer, tags=["users"]
    )
    def post(self, request: Request, username: str) -> Response:
        """Open it again; old sessions and tokens stay ended."""
        return _answer(services.activate_user(actor=signed_in(request), username=username))


class UserResetLinkView(_OfOneUser):
    """A way back in for somebody who lost his password."""

    @extend_schema(
        operation_id="create_reset_link",
        request=None,
        responses=ResetLinkSerializer,
        tags=["users"],
    )
    def post(self, request: Request, username: str) -> Response:
        """Make a link that sets the password once; earlier ones stop working."""
        user = self.user_named(username)
        reset, url = services.issue_reset(actor=signed_in(request), user=user)
        return Response({"url": url, "expires": reset.expires})


class UserImpactView(_OfOneUser):
    """What a deactivation would stop."""

    @extend_schema(operation_id="get_user_impact", responses=ImpactSerializer, tags=["users"])
    def get(self, request: Request, username: str) -> Response:
        """List the user's live work."""
        known_filters(request)
        user = self.user_named(username)
        live: list[Any] = list(live_work([user.pk]).get(user.pk, ()))
        rows = [{"kind": w.kind, "name": w.name, "project": w.project} for w in live]
        return Response({"live": rows})
