"""Who asks: a browser's session (with CSRF on writes) or a bearer token, never both mixed."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from atelier.accounts.models import ApiToken, BrowserSession, User
from atelier.accounts.secrets import TOKEN_PREFIX
from atelier.accounts.selectors import live_token
from atelier.core.errors import NotAllowed, NotSignedIn
from atelier.toolkit.context import caller
from atelier.toolkit.http import BEARER_CHALLENGE

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SEEN_EVERY = timedelta(minutes=1)
_IN_ADDRESS = frozenset({"token", "access_token", "api_key", "apikey", "api_token", "auth"})
_INCLUDES = {"read": {"read", "write", "admin"}, "write": {"write", "admin"}, "admin": {"admin"}}

# What ``request.auth`` may be.
Credentials = ApiToken | BrowserSession | None


class SessionOrBearer(BaseAuthentication):
    """The portal's one way to know its caller.

    With an Authorization header the cookies are not looked at; without one a write needs CSRF.
    A view says which scope its writes need by ``write_scope`` ("write" unless said; "admin", or
    "session" for what only a person at a browser may do). The few public writes set
    ``csrf_from_everybody``: they need the sign of this site from those who are not signed in too.
    """

    def authenticate(self, request: Request) -> tuple[User, Credentials] | None:
        """Return the caller, None for nobody; raises NotSignedIn for credentials that are off."""
        _refuse_token_in_address(request)
        header = request.META.get("HTTP_AUTHORIZATION")
        found = self._by_session(request) if header is None else _by_token(request, header)
        if found is not None:
            caller().actor = found[0]
        return found

    def authenticate_header(self, request: Request) -> str:
        """Make a refusal of nobody a 401."""
        return BEARER_CHALLENGE

    def _by_session(self, request: Request) -> tuple[User, Credentials] | None:
        plain = request._request
        user = plain.user
        if not isinstance(user, User) or not user.is_active:
            if getattr(_view(request), "csrf_from_everybody", False):
                _require_csrf(request, "")
            return None
        _require_csrf(request, str(plain.session.get("csrf", "")))
        _note_seen(user, plain.session)
        return user, None


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: Any, reason: str) -> HttpResponse:
        raise NotAllowed("CSRF")


def _never_called(request: Any) -> HttpResponse:
    raise AssertionError("the check looks at the request only")


def _require_csrf(request: Request, bound: str) -> None:
    """Refuse a write without the sign of this site; ``bound`` is the one given to the session."""
    if request.method in SAFE:
        return
    plain = request._request
    check = _CsrfCheck(_never_called)
    check.process_request(plain)
    check.process_view(plain, _never_called, (), {})
    if getattr(plain, "_dont_enforce_csrf_checks", False):
        return
    # A cookie planted from a sibling host carries a sign of its own, not this session's.
    if bound and not constant_time_compare(bound, plain.META.get("CSRF_COOKIE", "")):
        raise NotAllowed("CSRF")


def _view(request: Request) -> Any:
    return (request.parser_context or {}).get("view")


def _refuse_token_in_address(request: Request) -> None:
    for name, value in request.query_params.items():
        if name.lower() in _IN_ADDRESS or str(value).startswith(TOKEN_PREFIX):
            raise NotSignedIn("TOKEN_IN_ADDRESS")


def _by_token(request: Request, header: str) -> tuple[User, Credentials]:
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(TOKEN_PREFIX):
        raise NotSignedIn("BAD_TOKEN")
    token = live_token(secret)
    if token is None:
        raise NotSignedIn("BAD_TOKEN")
    _require_scope(request, token)
    now = timezone.now()
    if token.last_used is None or token.last_used < now - SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
    return token.user, token


def _require_scope(request: Request, token: ApiToken) -> None:
    needed = "read"
    if request.method not in SAFE:
        needed = getattr(_view(request), "write_scope", "write")
        if isinstance(needed, dict):
            needed = needed.get(request.method, "write")
    if needed == "session":
        raise NotAllowed("SESSION_NEEDED")
    if not _INCLUDES[needed] & set(token.scopes):
        raise NotAllowed("SCOPE_MISSING", {"scope": needed})


def _note_seen(user: User, session: Any) -> None:
    now = timezone.now()
    if session.last_seen is None or session.last_seen < now - SEEN_EVERY:
        BrowserSession.objects.filter(pk=session.row_id).update(
            last_seen=now, address=caller().address
        )
        User.objects.filter(pk=user.pk).update(last_seen=now)


class SessionOrBearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names the two ways in."""

    target_class = "atelier.accounts.api.authentication.SessionOrBearer"
    name = ["session", "token"]

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """Say that either is enough."""
        return [{"session": []}, {"token": []}]

    def get_security_definition(self, auto_schema: Any) -> Any:
        """Return both schemes."""
        return [
            {"type": "apiKey", "in": "cookie", "name": "atelier_session"},
            {"type": "http", "scheme": "bearer", "bearerFormat": "atl_…"},
        ]
