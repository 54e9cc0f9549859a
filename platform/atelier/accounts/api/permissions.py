"""Permission classes made of the policies."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from atelier.accounts import policies
from atelier.accounts.api.authentication import SAFE
from atelier.accounts.models import User


def signed_in(request: Request) -> User:
    """Return the caller of a view that requires one."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("a view without IsAuthenticated asked for its user")
    return user


class AdminWritesAuditorReads(BasePermission):
    """Auditors and admins read, admins write; everybody else gets 403."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the caller may."""
        if not isinstance(request.user, User):
            return False
        if request.method in SAFE:
            return policies.can_read_all(request.user)
        return policies.can_administer(request.user)


class AdminWrites(BasePermission):
    """Everybody signed in reads, admins write."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the caller may."""
        if not isinstance(request.user, User):
            return False
        return request.method in SAFE or policies.can_administer(request.user)
