"""What an engine holds under our label and no live workload accounts for: it is ended and removed.

The other way round, a workload whose object is gone, is the reconciler's ordinary work.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from atelier.core.errors import Unavailable
from atelier.engines.base import Engine, Owned
from atelier.toolkit.orm import try_lock
from atelier.workloads import engines, log_copies, moves
from atelier.workloads.models import Attempt, LogState, Workload, WorkloadEvent
from atelier.workloads.status import IN_ENGINE, LIVE

logger = logging.getLogger(__name__)

# What was made less than this ago may belong to a transaction that has not committed yet.
PATIENCE = timedelta(seconds=30)
GRACE = timedelta(seconds=10)
# So long what has ended may stay where it was, until its log is copied.
COPYING = timedelta(seconds=60)

# When this process first saw what does not tell its own age.
_first_seen: dict[tuple[str, str], datetime] = {}


def resolve_all() -> None:
    """Resolve the orphans of every engine; one that cannot be seen is left for the next time."""
    for name in engines.names():
        with try_lock(f"orphans:{name}") as mine:
            if not mine:
                continue
            try:
                resolve(name)
            except Unavailable as error:
                logger.info("no inventory", extra={"engine": name, "code": error.code})
            except Exception:  # the outermost loop over engines
                logger.exception("inventory failed", extra={"engine": name})


def resolve(engine_name: str) -> list[str]:
    """End and remove what nobody accounts for; returns the names."""
    engine = engines.get(engine_name)
    held = list(engine.inventory())
    orphans = _unaccounted(held)
    _remember(engine_name, orphans)
    old = [o for o in orphans if _age(engine_name, o) >= PATIENCE]
    return [o.name for o in old if _end(engine_name, engine, o)]


def _unaccounted(held: list[Owned]) -> list[Owned]:
    ids, names = [o.workload_id for o in held], [o.name for o in held]
    rows = Workload.objects.filter(Q(pk__in=ids) | Q(engine_name__in=names), status__in=LIVE)
    live = list(rows.only("pk", "engine_name", "status"))
    accounted = {w.engine_name for w in live if w.status in IN_ENGINE}
    # Not submitted yet by our book: it may be about to find that it already runs.
    expected = {w.pk for w in live if w.status not in IN_ENGINE}
    accounted |= _being_copied(names)
    return [o for o in held if o.name not in accounted and o.workload_id not in expected]


def _being_copied(names: list[str]) -> set[str]:
    """Return those that ended lately and wait for their log to be copied."""
    lately = Attempt.objects.filter(
        engine_name__in=names,
        log_state__in=(LogState.OPEN, LogState.WANTED),
        finished_at__gt=timezone.now() - COPYING,
    )
    return set(lately.values_list("engine_name", flat=True))


def _remember(engine_name: str, orphans: Iterable[Owned]) -> None:
    present = {(engine_name, o.name) for o in orphans}
    for key in [k for k in _first_seen if k[0] == engine_name and k not in present]:
        del _first_seen[key]
    for key in present:
        _first_seen.setdefault(key, timezone.now())


def _age(engine_name: str, orphan: Owned) -> timedelta:
    born = orphan.created_at or _first_seen[engine_name, orphan.name]
    return timezone.now() - born


def _end(engine_name: str, engine: Engine, orphan: Owned) -> bool:
    try:
        engine.stop(orphan.name, grace=GRACE)
        log_copies.forget_run(engine_name, orphan.name)
    except Unavailable:
        raise
    except Exception:  # one that resists does not keep the others
        logger.exception("orphan not ended", extra={"name_there": orphan.name})
        return False
    logger.warning(
        "orphan ended", extra={"name_there": orphan.name, "workload": orphan.workload_id}
    )
    _say_once(orphan)
    return True


def _say_once(orphan: Owned) -> None:
    workload = Workload.objects.filter(pk=orphan.workload_id).first()
    params = {"name": orphan.name}
    said = WorkloadEvent.objects.filter(workload=workload, code="ORPHAN_ENDED", params=params)
    if workload is not None and not said.exists():
        moves.say(workload, "ORPHAN_ENDED", params)
