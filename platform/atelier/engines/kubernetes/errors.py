"""What an API server answers when it does not do what was asked, sorted by what to do about it.

Whatever is no statement about the object asked for is ``core.errors.EngineUnavailable`` at once:
refused connections, silence, cut answers, 401, 429 and 5xx.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from atelier.core.errors import EngineUnavailable

# Causes and texts that the API server writes; they have been stable since Kubernetes 1.6.
_QUOTA = "exceeded quota"
_POD_SECURITY = "violates PodSecurity"
_DENIED = ("denied the request", _POD_SECURITY, "denied request")


class ApiError(Exception):
    """The API server refused; ``message`` is its own sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status = status
        self.reason = reason
        self.message = message
        super().__init__(f"{status} {reason}: {message}")


class Missing(ApiError):
    """There is no such object, or no such namespace."""


class AlreadyExists(ApiError):
    """Something has that name."""


class WriteConflict(ApiError):
    """Somebody else wrote at the same moment, to the object or to a quota: try again."""


class Expired(ApiError):
    """The place in a list or watch is too old: begin again."""


class Forbidden(ApiError):
    """Our account lacks the right, or the namespace is on its way out."""


class OverQuota(ApiError):
    """The namespace's ResourceQuota is used up."""


class Denied(ApiError):
    """Admission or validation will never take this object."""


def from_answer(status: int, body: Any) -> Exception:
    """Return the exception for an answer that is no success."""
    about = body if isinstance(body, Mapping) else {}
    reason, message = str(about.get("reason") or ""), str(about.get("message") or "")[:1000]
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS} or status >= 500:
        return EngineUnavailable(params={"detail": f"HTTP {status}"})
    return _kind(status, reason, message)(status, reason, message)


def _kind(status: int, reason: str, message: str) -> type[ApiError]:
    if status == HTTPStatus.NOT_FOUND:
        return Missing
    if status == HTTPStatus.CONFLICT:
        return AlreadyExists if reason == "AlreadyExists" else WriteConflict
    if status == HTTPStatus.GONE:
        return Expired
    if any(text in message for text in _DENIED):
        return Denied
    if status == HTTPStatus.FORBIDDEN:
        return OverQuota if _QUOTA in message else Forbidden
    return Denied if status == HTTPStatus.UNPROCESSABLE_ENTITY else ApiError
