"""States of a workload, and the one function that turns them into the words people see."""

from django.db import models


class Status(models.TextChoices):
    """Where a workload is in its one life."""

    QUEUED = "QUEUED", "queued"
    ADMITTED = "ADMITTED", "admitted"
    SUBMITTING = "SUBMITTING", "submitting"
    STARTING = "STARTING", "starting"
    RUNNING = "RUNNING", "running"
    STOPPING = "STOPPING", "stopping"
    SUCCEEDED = "SUCCEEDED", "succeeded"
    FAILED = "FAILED", "failed"
    STOPPED = "STOPPED", "stopped"
    REFUSED = "REFUSED", "refused"


class Target(models.TextChoices):
    """What people want of it."""

    RUNNING = "RUNNING", "running"
    STOPPED = "STOPPED", "stopped"


TERMINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.STOPPED, Status.REFUSED})
LIVE = frozenset(set(Status) - TERMINAL)
# The engine may hold something for these.
IN_ENGINE = frozenset({Status.SUBMITTING, Status.STARTING, Status.RUNNING, Status.STOPPING})
# Something is reserved for these.
RESERVING = IN_ENGINE | {Status.ADMITTED}
# These change by themselves soon: they are looked at more often than what rests.
MOVING = frozenset({Status.ADMITTED, Status.SUBMITTING, Status.STARTING, Status.STOPPING})

# A run that its engine has accepted and cannot place waits as visibly as one without quota.
WAITING_REASONS = frozenset({"QUOTA_EXCEEDED", "WAITING_FOR_CAPACITY", "NO_NODE_FITS"})

_SHOWN: dict[str, str] = {
    Status.QUEUED: "queued",
    Status.ADMITTED: "starting",
    Status.SUBMITTING: "starting",
    Status.STARTING: "starting",
    Status.RUNNING: "running",
    Status.STOPPING: "stopping",
    Status.SUCCEEDED: "succeeded",
    Status.FAILED: "failed",
    Status.STOPPED: "stopped",
    Status.REFUSED: "refused",
}
SHOWN = ("queued", "starting", "running", "stopping", "succeeded", "failed", "stopped", "refused")


def shown_word(status: str, reason_code: str) -> str:
    """Return the word of ui.md for a status and the reason beside it."""
    word = _SHOWN[status]
    return "queued" if word == "starting" and reason_code in WAITING_REASONS else word
