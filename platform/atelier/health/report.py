"""What a worker says of itself and of the hub, left with the broker for the portal to read.

So a request of a person never waits for the hub, and a worker that stopped is seen by its silence.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from django.utils import timezone

from atelier.core.errors import HubUnreachable
from atelier.notebooks.hub import hub_in_a_hurry
from atelier.toolkit import broker

KEY = "atelier:health"


@dataclass(frozen=True, slots=True)
class Report:
    """One look: when, how long the hub took (None: no answer) and which version it is."""

    at: datetime
    hub_seconds: float | None
    hub_version: str

    def age(self, now: datetime) -> float:
        """Return how many seconds ago the look was."""
        return max(0.0, (now - self.at).total_seconds())


def write() -> None:
    """Look at the hub and leave a report."""
    broker.client().set(KEY, orjson.dumps(asdict(_look())))


def read() -> Report | None:
    """Return the last report; None when there never was one."""
    raw = broker.client().get(KEY)
    if not isinstance(raw, bytes):
        return None
    body = orjson.loads(raw)
    return Report(datetime.fromisoformat(body["at"]), body["hub_seconds"], body["hub_version"])


def _look() -> Report:
    started = timezone.now()
    try:
        version = hub_in_a_hurry().version()
    except HubUnreachable:
        return Report(started, None, "")
    return Report(started, (timezone.now() - started).total_seconds(), version)
