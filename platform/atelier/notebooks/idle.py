"""The idle rule: a server on which nothing runs is announced to stop, then stopped.

Nothing runs means no busy kernel, terminal or child process, as its runtime reports, and no
activity the hub knows of. What cannot be seen is not idle.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.utils import timezone

from atelier.core.errors import Unavailable
from atelier.notebooks import services
from atelier.notebooks.models import Run
from atelier.workloads import engines
from atelier.workloads import services as workloads
from atelier.workloads.status import Status

logger = logging.getLogger(__name__)

WARNING = timedelta(minutes=15)
# A runtime reports every minute; one that fell silent may be too busy to.
SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a server may be idle, and how long before the end people are told."""

    idle: timedelta
    warning: timedelta = WARNING

    @property
    def notice(self) -> timedelta:
        """Return the time between announcement and stop."""
        return min(self.warning, self.idle)


class Verdict(Enum):
    """What the rule says of a run."""

    LEAVE = "leave"
    ANNOUNCE = "announce"
    STOP = "stop"


def idle_since(run: Run, started: datetime) -> datetime:
    """Return when something last happened on ``run``."""
    return max(t for t in (started, run.last_activity, run.busy_at) if t is not None)


def judge(
    run: Run, *, started: datetime, now: datetime, rule: Rule
) -> tuple[Verdict, datetime | None]:
    """Return what to do with ``run`` and when it would stop (None while that is far off)."""
    if run.reported_at is not None and now - run.reported_at > SILENCE:
        return Verdict.LEAVE, None
    deadline = idle_since(run, started) + rule.idle
    if run.kept_until is not None:
        deadline = max(deadline, run.kept_until)
    if deadline - now > rule.notice:
        return Verdict.LEAVE, None
    if run.idle_stop_at is None:
        # Nobody is stopped unannounced, not even after the platform itself slept for a night.
        return Verdict.ANNOUNCE, max(deadline, now + rule.notice)
    if now >= run.idle_stop_at and now >= deadline:
        return Verdict.STOP, run.idle_stop_at
    return Verdict.LEAVE, max(run.idle_stop_at, deadline)


def minutes_of_rule() -> int | None:
    """Return after how many idle minutes a server is stopped; None for never."""
    return settings.ATELIER_IDLE_MINUTES or None


def apply_rule() -> None:
    """Take in the hub's activity and judge every running notebook."""
    if not settings.ATELIER_IDLE_MINUTES:
        return
    rule = Rule(timedelta(minutes=settings.ATELIER_IDLE_MINUTES))
    running = list(
        Run.objects.filter(workload__status=Status.RUNNING, workload__stale_since=None)
        .select_related("workload", "server")
        .order_by("pk")
    )
    if not _take_in_activity(running):
        return
    for run in running:
        _apply(run, rule)


def _take_in_activity(running: list[Run]) -> bool:
    """Copy the hub's last activity to the runs; tell whether the hub could be asked."""
    names = {run.workload.engine_name: run for run in running}
    by_engine: dict[str, list[str]] = {}
    for name, run in names.items():
        by_engine.setdefault(run.workload.engine, []).append(name)
    try:
        for engine, asked in by_engine.items():
            for name, seen in engines.get(engine).observe(asked).items():
                _take_in(names[name], seen.last_activity)
    except Unavailable:
        return False
    return True


def _take_in(run: Run, heard: datetime | None) -> None:
    if heard is not None and (run.last_activity is None or heard > run.last_activity):
        run.last_activity = heard
        Run.objects.filter(pk=run.pk).update(last_activity=heard)


_TOLD_MEANWHILE = ("busy_at", "kept_until", "last_activity", "reported_at", "idle_stop_at")


def _judge_now(run: Run, rule: Rule) -> tuple[Verdict, datetime | None]:
    started = run.workload.started_at or run.workload.created
    return judge(run, started=started, now=timezone.now(), rule=rule)


def _apply(run: Run, rule: Rule) -> None:
    verdict, stop_at = _judge_now(run, rule)
    if verdict is Verdict.STOP:
        # Asking the hub took its time: somebody may have kept it, or begun to work, meanwhile.
        run.refresh_from_db(fields=_TOLD_MEANWHILE)
        verdict, stop_at = _judge_now(run, rule)
    if verdict is Verdict.STOP:
        minutes = int(rule.idle.total_seconds() // 60)
        workloads.request_stop(
            run.workload, actor=None, reason_code="IDLE", reason_params={"minutes": minutes}
        )
        logger.info("idle notebook stopped", extra={"workload": run.pk})
    elif stop_at != run.idle_stop_at:
        Run.objects.filter(pk=run.pk).update(idle_stop_at=stop_at)
        services.announce(run.server)
