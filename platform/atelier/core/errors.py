"""One error tree, sorted by what the reader can do about it.

AtelierError
├─ Refused          the request asks for something that will not be done (4xx, sentence shown)
│  ├─ InvalidSpec · NotAllowed · NotFound · Conflict · QuotaExceeded · Throttled
│  └─ NotSignedIn · TooLarge · PreconditionMissing · PreconditionFailed
└─ Unavailable      something the platform relies on is away (503, worth another try)
   └─ EngineUnavailable · HubUnreachable

Each carries a code of ``core.reasons``; the sentence is made from it in the reader's language.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class AtelierError(Exception):
    """Something with a stable code and a sentence for people."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
        *,
        field: str | None = None,
    ) -> None:
        self.code = code or self.default_code
        self.params = dict(params or {})
        self.field = field
        super().__init__(f"{self.code} {self.params}" if self.params else self.code)


class Refused(AtelierError):
    """The caller asked for something that will not be done."""

    status = 400
    default_code = "INVALID"


class InvalidSpec(Refused):
    """A value is not acceptable; ``field`` names it."""

    default_code = "INVALID"


class NotSignedIn(Refused):
    """Who asks is not known: nobody signed in, or with something that is not valid any more."""

    status = 401
    default_code = "NOT_SIGNED_IN"


class NotAllowed(Refused):
    """The caller can see the thing but lacks the right."""

    status = 403
    default_code = "NOT_ALLOWED"


class NotFound(Refused):
    """There is no such thing, or none that this caller may know of."""

    status = 404
    default_code = "NOT_FOUND"


class Conflict(Refused):
    """The thing is in a state that does not allow this now."""

    status = 409
    default_code = "CONFLICT"


class QuotaExceeded(Conflict):
    """A limit would be passed; the parameters name it."""

    default_code = "QUOTA_EXCEEDED"


class PreconditionFailed(Refused):
    """Somebody else changed the thing; ``params['current']`` is its state now."""

    status = 412
    default_code = "CHANGED_MEANWHILE"


class PreconditionMissing(Refused):
    """An edit came without If-Match."""

    status = 428
    default_code = "IF_MATCH_NEEDED"


class TooLarge(Refused):
    """The request is larger than is read."""

    status = 413
    default_code = "TOO_LARGE"


class Throttled(Refused):
    """Too many attempts; ``params['retry_after']`` is in whole seconds."""

    status = 429
    default_code = "TOO_MANY_ATTEMPTS"


class Unavailable(AtelierError):
    """Something relied on is away. Never a statement about the work itself."""

    status = 503
    default_code = "UNAVAILABLE"
    retry_after: ClassVar[int] = 5


class EngineUnavailable(Unavailable):
    """The engine cannot be seen or asked now."""

    default_code = "ENGINE_UNREACHABLE"


class HubUnreachable(EngineUnavailable):
    """The notebook hub does not answer."""

    default_code = "HUB_UNREACHABLE"
