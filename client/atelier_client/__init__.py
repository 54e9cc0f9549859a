"""Python SDK of the Atelier platform.

>>> from atelier_client import Atelier
>>> a = Atelier()
>>> [p.slug for p in a.projects.list()]
"""

from atelier_client.errors import (
    AtelierError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    TimedOut,
    Unavailable,
    UsageError,
)
from atelier_client.models import (
    ApiToken,
    CheckResult,
    Environment,
    Event,
    Job,
    LogPage,
    Me,
    Notebook,
    Profile,
    Project,
    QuotaLine,
    Reason,
    Resources,
    Workload,
)
from atelier_client.sdk import Atelier
from atelier_client.version import __version__

__all__ = [
    "ApiToken",
    "Atelier",
    "AtelierError",
    "CheckResult",
    "Environment",
    "Event",
    "Job",
    "LogPage",
    "Me",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Notebook",
    "Profile",
    "Project",
    "QuotaLine",
    "Reason",
    "Refused",
    "Resources",
    "TimedOut",
    "Unavailable",
    "UsageError",
    "Workload",
    "__version__",
]
