"""The worker's sign of life."""

from atelier.health import report
from atelier.toolkit.tasks import task

EVERY_SECONDS = 10


@task("health.report", every=EVERY_SECONDS)
def leave_report() -> None:
    """Say that beat rings and a worker answers, and how the hub does."""
    report.write()
