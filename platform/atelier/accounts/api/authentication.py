"""Who asks: a session (with CSRF) or a bearer token, never both."""

from rest_framework.authentication import SessionAuthentication


class SessionOrBearer(SessionAuthentication):
    """Session or bearer."""
