"""Whose session it is, without a second look into the database."""

from functools import partial

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from atelier.accounts.models import User


class SessionUserMiddleware(AuthenticationMiddleware):
    """Django's middleware, but that the session's row brought its user along.

    Everything Django checks is checked here too; where anything is unusual, Django itself decides.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Make ``request.user`` known when somebody asks for it."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_user, request))  # type: ignore[assignment]


def _user(request: HttpRequest) -> object:
    return user_of(request.session) or auth.get_user(request)


def user_of(session: SessionBase) -> User | None:
    """Return the user who came with the session's row, if he is signed in and may be."""
    user_id = session.get(auth.SESSION_KEY)  # loads the row
    user: User | None = getattr(session, "row_user", None)
    if user is None or user.pk != user_id or not user.is_active:
        return None
    if session.get(auth.BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    # Ends with the password: the hash is made from it.
    proof = session.get(auth.HASH_SESSION_KEY, "")
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None
