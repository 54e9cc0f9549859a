"""Who may listen to the event stream, and to which topics."""

from collections.abc import Mapping
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connection
from django.http import HttpRequest

from atelier.accounts.models import User
from atelier.accounts.selectors import live_token
from atelier.projects.models import Project
from atelier.toolkit.stream import Listener


def identify(cookies: Mapping[str, str], token: str | None) -> Listener | None:
    """Return the listener behind the session cookie or bearer token; None for nobody."""
    close_old_connections()
    try:
        user = _of_token(token) if token is not None else _of_session(cookies)
        if user is None or not user.is_active:
            return None
        return Listener(user.pk, frozenset(_topics(user)))
    finally:
        # Threads come and go: each leaves its connection closed (stack.md).
        connection.close()


def _of_session(cookies: Mapping[str, str]) -> User | None:
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)  # checks the password's fingerprint as well
    return user if isinstance(user, User) else None


def _of_token(secret: str) -> User | None:
    token = live_token(secret)
    return token.user if token is not None else None


def _topics(user: User) -> list[str]:
    """Own news, the news of one's own projects and, for those who see all, the platform's."""
    member_of = Project.objects.filter(memberships__user=user)
    if user.bound_project_id:
        member_of = member_of.filter(pk=user.bound_project_id)
    topics = [
        f"user:{user.pk}",
        *(f"project:{pk}" for pk in member_of.values_list("pk", flat=True)),
    ]
    return [*topics, "platform"] if user.is_auditor else topics
