"""What can go wrong, sorted by what the caller can do about it.

AtelierError
├─ UsageError     the call itself is incomplete or ambiguous: say more
├─ NotSignedIn    no token, or one that is not valid any more: sign in
├─ Refused        the platform will not do this: read the sentence
│  ├─ NotAllowed  · NotFound
├─ Unavailable    the platform, or something it relies on, does not answer: try again later
└─ TimedOut       the wait was given up; what was asked for may still happen

``exit_code`` is what the ``atelier`` command ends with.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Problem:
    """An RFC 9457 answer of the platform."""

    status: int
    code: str
    detail: str
    action: str = ""
    field: str | None = None
    errors: tuple[Mapping[str, Any], ...] = ()
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    request_id: str | None = None


class AtelierError(Exception):
    """Something with a sentence, and often something to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, detail: str, action: str = "", *, code: str = "", problem: Problem | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.action = action
        self.code = problem.code if problem else code
        self.problem = problem

    @property
    def request_id(self) -> str | None:
        """What an administrator needs to find this request."""
        return self.problem.request_id if self.problem else None

    def to_json(self) -> dict[str, Any]:
        """Return it the way ``--json`` prints it."""
        shown: dict[str, Any] = {
            "code": self.code,
            "detail": self.detail,
            "action": self.action,
            "request_id": self.request_id,
        }
        if self.problem:
            shown.update(
                status=self.problem.status,
                field=self.problem.field,
                errors=[dict(e) for e in self.problem.errors],
                params=dict(self.problem.params),
            )
        return shown


class UsageError(AtelierError):
    """The call says too little, or something that fits several things."""

    exit_code = 2


class NotSignedIn(AtelierError):
    """There is no token, or the platform does not take it."""

    exit_code = 3


class Refused(AtelierError):
    """The platform will not do this."""

    exit_code = 1


class NotAllowed(Refused):
    """The thing is visible but the right is missing."""


class NotFound(Refused):
    """There is no such thing, or none the caller may know of."""

    exit_code = 4


class Unavailable(AtelierError):
    """No answer now. Says nothing about the work itself."""

    exit_code = 5

    def __init__(
        self,
        detail: str,
        action: str = "",
        *,
        code: str = "",
        problem: Problem | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, action, code=code, problem=problem)
        self.retry_after = retry_after


class TimedOut(AtelierError):
    """Waited long enough; what was asked for may still happen."""

    exit_code = 7
