"""Looking at each part: short questions, and an error of one never hides the others."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from atelier.health import cluster, report
from atelier.health.findings import Bounds, Finding, State, answered, backlog, silent
from atelier.health.report import Report
from atelier.health.tasks import EVERY_SECONDS
from atelier.toolkit import broker
from atelier.toolkit.models import OutboxMessage
from atelier.workloads.models import Workload
from atelier.workloads.status import LIVE

# A worker reports every ten seconds; three missed reports are worth a word.
WORKER = Bounds(slow=3 * EVERY_SECONDS, dead=9 * EVERY_SECONDS)
# The sweep looks at everything due at least once a minute.
DUE = Bounds(slow=30, dead=300)
OUTBOX = Bounds(slow=30, dead=300)
MOST_TASKS = 100


def look() -> tuple[list[Finding], dict[str, str]]:
    """Return what is found about every part, and which versions run."""
    now = timezone.now()
    database, version = _database()
    broker_found, last = _broker()
    findings = [database, broker_found, *_of_worker(last, now)]
    if settings.ATELIER_ENGINE == "kubernetes":
        findings += cluster.look(now)
    findings += [_due(now), _outbox(now)]
    versions = {"atelier": settings.VERSION, "postgresql": version}
    if last is not None and last.hub_version:
        versions["jupyterhub"] = last.hub_version
    return findings, versions


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    started = time.monotonic()
    answer = ask()
    return answer, time.monotonic() - started


def _database() -> tuple[Finding, str]:
    # Without the database nobody is signed in and no view runs: it answers, only how fast is open.
    version, seconds = _timed(_server_version)
    return answered("database", seconds), version


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _broker() -> tuple[Finding, Report | None]:
    try:
        last, seconds = _timed(report.read)
    except RedisError as error:
        return silent("broker", error), None
    return answered("broker", seconds), last


def _of_worker(last: Report | None, now: datetime) -> list[Finding]:
    """Return how the worker does, the hub as it saw it, and the tasks that wait for it."""
    return [_worker(last, now), _hub(last, now), _queue()]


def _worker(last: Report | None, now: datetime) -> Finding:
    if last is None:
        return Finding("worker", State.DOWN, "HEALTH_NEVER_SEEN")
    age = last.age(now)
    return Finding("worker", WORKER.judge(age), "HEALTH_SEEN", {"seconds": round(age)})


def _hub(last: Report | None, now: datetime) -> Finding:
    if last is None or WORKER.judge(last.age(now)) == State.DOWN:
        # Nobody has looked lately: neither well nor broken.
        return Finding("hub", State.DEGRADED, "HEALTH_NOT_LOOKED")
    if last.hub_seconds is None:
        return Finding("hub", State.DOWN, "HEALTH_HUB_SILENT", {"seconds": round(last.age(now))})
    return answered("hub", last.hub_seconds)


def _queue() -> Finding:
    try:
        count = int(str(broker.client().llen(settings.CELERY_TASK_DEFAULT_QUEUE)))
    except RedisError as error:
        return silent("queue", error)
    if count == 0:
        return Finding("queue", State.OK, "HEALTH_NOTHING_WAITS")
    state = State.DEGRADED if count >= MOST_TASKS else State.OK
    return Finding("queue", state, "HEALTH_TASKS_WAIT", {"count": count})


def _due(now: datetime) -> Finding:
    """Look for workloads that should have been looked at already."""
    late = Workload.objects.filter(status__in=sorted(LIVE), due_at__lte=now)
    return backlog("due", *_late(late, now), DUE)


def _outbox(now: datetime) -> Finding:
    return backlog("outbox", *_late(OutboxMessage.objects.filter(due_at__lte=now), now), OUTBOX)


def _late(rows: "QuerySet[Any]", now: datetime) -> tuple[int, float]:
    found = rows.aggregate(count=Count("pk"), oldest=Min("due_at"))
    oldest = found["oldest"]
    return found["count"], (now - oldest).total_seconds() if oldest else 0.0
