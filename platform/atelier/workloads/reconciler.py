"""Bringing what is and what is wanted together, for all due workloads of one engine at a time.

One bulk look for a batch; rows about which nothing changed are put off together in one statement.
For every other: take its advisory lock, read it again, record the intent, ask the engine with no
row locked and no transaction open, and move by compare-and-swap. Whoever loses a move looks again.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Min
from django.db.models.functions import Coalesce
from django.utils import timezone

from atelier.core.errors import Refused, Unavailable
from atelier.engines.base import OVER, Engine, Observation, Phase
from atelier.projects.hooks import places
from atelier.toolkit.failpoints import failpoint
from atelier.toolkit.orm import single_flight, try_lock
from atelier.toolkit.tasks import ring_now, wake
from atelier.workloads import engines, kinds, moves, sightings
from atelier.workloads.lifecycle import BLIND_LOOK, QUICK_LOOK, Act, Step, next_step
from atelier.workloads.models import Workload
from atelier.workloads.moves import Lost
from atelier.workloads.services import DRAIN
from atelier.workloads.status import IN_ENGINE, LIVE, TERMINAL, Status

logger = logging.getLogger(__name__)

# One look for so many, since two would read the same long lists twice. A row and what is seen of it
# take about 10 kB until all are looked after.
BATCH = 10_000
AT_ONCE = 2500  # rows that one statement changes
ABREAST = 16  # workloads whose locks are held, and whose engine calls run, at the same time
THREADS = 8
LONGEST_DRAIN = timedelta(seconds=20)
SOON = timedelta(seconds=2)
QUARANTINE_AFTER = 5
LONGEST_PUT_OFF = timedelta(minutes=5)

Sightings = Mapping[str, Observation]


def drain(engine_name: str) -> None:
    """Look after everything that is due at this engine; one drainer at a time, one more waiting."""
    with single_flight(f"drain:{engine_name}") as mine:
        if mine:
            drain_due(engine_name)


def drain_due(engine_name: str) -> None:
    """Look after batch after batch until nothing is due; then arrange the next look."""
    engine = engines.get(engine_name)
    began = timezone.now()
    while batch := _due(engine_name):
        look_after(engine, batch)
        if timezone.now() - began > LONGEST_DRAIN:
            ring_now(DRAIN, engine_name)  # others want this worker too
            return
    _come_back(engine_name)


def _due(engine_name: str) -> list[Workload]:
    due = Workload.objects.filter(
        engine=engine_name, status__in=LIVE - {Status.QUEUED}, due_at__lte=timezone.now()
    )
    return list(due.order_by("due_at")[:BATCH])


def _come_back(engine_name: str) -> None:
    moving = Workload.objects.filter(engine=engine_name, status__in=LIVE - {Status.QUEUED})
    soonest = moving.aggregate(soonest=Min("due_at"))["soonest"]
    now = timezone.now()
    if soonest is not None and soonest - now < SOON:
        delay = max(0.02, (soonest - now).total_seconds())
        wake(DRAIN, engine_name, delay=delay)


def look_after(engine: Engine, batch: list[Workload]) -> None:
    """Look at ``batch`` once, together, and do what follows for each."""
    looked_at = timezone.now()
    in_engine = [w for w in batch if w.status in IN_ENGINE]
    try:
        seen = _observe(engine, in_engine)
    except Unavailable as error:
        _blind(in_engine, error, looked_at)
        in_engine, seen = [], {}
        batch = [w for w in batch if w.status not in IN_ENGINE]
    resting: dict[tuple[str, timedelta], list[Workload]] = defaultdict(list)
    acting: list[Workload] = []
    for workload in batch:
        step = _safe_step(workload, seen.get(workload.pk), looked_at)
        if step is None or not _is_rest(workload, step, seen.get(workload.pk)):
            acting.append(workload)
        else:
            resting[workload.status, step.wait].append(workload)
    _put_off_together(resting, looked_at)
    began = timezone.now()
    for start in range(0, len(acting), ABREAST):
        _act(engine, acting[start : start + ABREAST], seen, looked_at)
        if timezone.now() - began > LONGEST_DRAIN:
            return  # what was seen gets old: the rest stays due and is looked at anew


def _observe(engine: Engine, workloads: list[Workload]) -> Sightings:
    """Look at all in one call; one row that makes the engine stumble is found by halving."""
    if not workloads:
        return {}
    try:
        by_name = engine.observe([w.engine_name for w in workloads])
    except Unavailable:
        raise
    except Exception as error:  # one poisoned object never stops the others
        if len(workloads) == 1:
            _note_failure(workloads[0], error)
            return {}
        half = len(workloads) // 2
        return {**_observe(engine, workloads[:half]), **_observe(engine, workloads[half:])}
    # A name the engine left out was not seen this time, which is not the same as gone.
    return {w.pk: by_name[w.engine_name] for w in workloads if w.engine_name in by_name}


def _blind(workloads: Iterable[Workload], error: Unavailable, looked_at: datetime) -> None:
    """Nobody could look: the status stays, with since when it is not confirmed."""
    rows = Workload.objects.filter(
        pk__in=[w.pk for w in workloads], status__in=IN_ENGINE, due_at__lte=looked_at
    )
    newly = list(rows.filter(stale_since=None))
    rows.update(stale_since=Coalesce("stale_since", looked_at), due_at=timezone.now() + BLIND_LOOK)
    logger.warning("engine cannot be seen", extra={"code": error.code, "workloads": len(newly)})
    with transaction.atomic():
        for workload in newly:
            moves.announce(workload)


def _safe_step(workload: Workload, seen: Observation | None, now: datetime) -> Step | None:
    try:
        return next_step(workload, seen, now, kinds.get(workload.kind).rules)
    except Exception:
        # It is looked at alone below, where its failures are counted.
        logger.debug("no step", extra={"workload": workload.pk}, exc_info=True)
        return None


def _is_rest(workload: Workload, step: Step, seen: Observation | None) -> bool:
    """Tell whether a look confirmed what the row says, so that only the time of it is news."""
    return (
        seen is not None
        and step.act == Act.NOTHING
        and step.to is None
        and step.reason == workload.reason_code
        and not workload.failures
        and sightings.digest(seen) in {"", workload.sighting}
        and ("placed" in workload.steps or workload.status != Status.STARTING)
    )


def _put_off_together(
    resting: Mapping[tuple[str, timedelta], list[Workload]], looked_at: datetime
) -> None:
    for (status, wait), workloads in resting.items():
        ids = [w.pk for w in workloads]
        for start in range(0, len(ids), AT_ONCE):
            some = Workload.objects.filter(pk__in=ids[start : start + AT_ONCE], status=status)
            # A ring since the look set due_at to after it, and must not be overwritten.
            some.filter(due_at__lte=looked_at).update(
                due_at=timezone.now() + wait, last_seen_at=looked_at, stale_since=None
            )
        # After an outage everything is seen again at once: that is news, but no more than that.
        for workload in workloads:
            if workload.stale_since is not None:
                moves.announce(workload)


# --- those about which something is to be done ---------------------------------------------------


@dataclass(slots=True)
class Errand:
    """Something to ask of the engine, decided and recorded; ``error`` is its answer."""

    workload: Workload
    step: Step
    ask: Callable[[], None]
    error: Exception | None = None

    def run(self) -> None:
        """Ask. Runs in a thread without a database connection."""
        try:
            self.ask()
        except Exception as error:  # handed to _conclude, which knows the workload
            self.error = error


def _act(engine: Engine, workloads: list[Workload], seen: Sightings, looked_at: datetime) -> None:
    with ExitStack() as locks:
        mine = [w for w in workloads if _lock(locks, w, looked_at)]
        decided = (_alone(w, _decide, engine, seen.get(w.pk), looked_at) for w in mine)
        errands = [errand for errand in decided if errand is not None]
        _run_abreast(errands)
        for errand in errands:
            _alone(errand.workload, _conclude, errand, looked_at)


def _lock(locks: ExitStack, workload: Workload, looked_at: datetime) -> bool:
    if locks.enter_context(try_lock(f"workload:{workload.pk}")):
        return True
    _put_off(workload, QUICK_LOOK, looked_at)
    return False


def _run_abreast(errands: list[Errand]) -> None:
    if len(errands) < 2:
        for errand in errands:
            errand.run()
        return
    with ThreadPoolExecutor(min(THREADS, len(errands))) as pool:
        list(pool.map(Errand.run, errands))


def _alone(workload: Workload, do: Callable[..., Any], *args: Any) -> Any:
    """Run ``do`` for one workload so that its failure is its own."""
    try:
        return do(workload, *args)
    except Lost:
        return None  # somebody else moved it: it is due again and looked at anew
    except DatabaseError as error:
        if not connection.is_usable():
            raise
        _note_failure(workload, error)
    except Exception as error:  # the outermost loop over objects that may be poisoned
        _note_failure(workload, error)
    return None


def _decide(
    workload: Workload, engine: Engine, seen: Observation | None, looked_at: datetime
) -> Errand | None:
    """Perform what of the next step is in the database; return what to ask, if anything."""
    now = Workload.objects.select_related("project", "owner").get(pk=workload.pk)
    if (now.status, now.attempt_number) != (workload.status, workload.attempt_number):
        return None  # it moved since the look, which tells nothing about it any more
    kind = kinds.get(now.kind)
    if seen is not None and seen.phase in OVER | {Phase.STOPPING} and not seen.reason:
        reason, params = kind.explain(now, seen) or ("", {})
        seen = replace(seen, reason=reason or None, reason_params=params)
    step = next_step(now, seen, timezone.now(), kind.rules)
    if step.act in {Act.SUBMIT, Act.APPLY}:
        return _prepare(now, engine, step)
    if step.act == Act.STOP:
        return _prepare_stop(now, engine, step, looked_at)
    if step.to is None:
        _stay(now, step, seen, looked_at)
    else:
        _move(now, step, seen)
    return None


def _prepare(workload: Workload, engine: Engine, step: Step) -> Errand:
    kind = kinds.get(workload.kind)
    if step.act == Act.SUBMIT:
        workload.attempt_number += 1
    spec = kind.spec(workload)
    if step.act == Act.SUBMIT:
        moves.intend(workload, spec.name)
        failpoint("submit.intended")
    generation = workload.generation
    return Errand(workload, step, lambda: engine.apply(spec, generation=generation))


def _prepare_stop(workload: Workload, engine: Engine, step: Step, looked_at: datetime) -> Errand:
    if step.to == Status.STOPPING:
        moves.stopping(workload, reason=step.reason, params=step.params, ends_as=step.ends_as)
        failpoint("stop.intended")
    grace = kinds.get(workload.kind).rules.grace
    left = max(timedelta(), grace - (timezone.now() - workload.changed_at))
    name = workload.engine_name
    return Errand(workload, step, lambda: engine.stop(name, grace=left))


def _conclude(workload: Workload, errand: Errand, looked_at: datetime) -> None:
    """Write down what came of asking."""
    failpoint("engine.asked")
    step, error = errand.step, errand.error
    if isinstance(error, Unavailable):
        _could_not_ask(workload, error)
    elif isinstance(error, Refused) and step.act != Act.STOP:
        _engine_refused(workload, error)
    elif error is not None:
        raise error
    elif step.act == Act.STOP or workload.status == Status.RUNNING:
        _put_off(workload, step.wait, None, stale_since=None, failures=0)
    else:
        moves.accepted(workload, wait=step.wait)
        failpoint("submit.accepted")


def _could_not_ask(workload: Workload, error: Unavailable) -> None:
    """The engine is away. What was intended is said again when it is back; nothing has failed."""
    now = timezone.now()
    since = workload.stale_since or now
    code, params = _why_unavailable(workload, error)
    reason = {} if workload.status == Status.STOPPING else {
        "reason_code": code,
        "reason_params": {"since": since.isoformat(timespec="seconds"), **params},
    }  # fmt: skip
    _put_off(workload, BLIND_LOOK, None, stale_since=since, **reason)
    with transaction.atomic():
        moves.announce(workload)


def _why_unavailable(workload: Workload, error: Unavailable) -> tuple[str, Mapping[str, Any]]:
    """Return the reason; whoever makes the project's place knows better why there is none."""
    if error.code == "NAMESPACE_PENDING":
        place = places([workload.project_id]).get(workload.project_id)
        if place is not None and place.code:
            return place.code, place.params
    return error.code, error.params


def _engine_refused(workload: Workload, error: Refused) -> None:
    first = workload.attempt_number <= 1 and workload.status == Status.SUBMITTING
    moves.settle(
        workload,
        from_=Status(workload.status),
        to=Status.REFUSED if first else Status.FAILED,
        reason=error.code,
        params=error.params,
    )


def _move(workload: Workload, step: Step, seen: Observation | None) -> None:
    if step.to in TERMINAL:
        moves.settle(
            workload,
            from_=Status(workload.status),
            to=step.to,
            seen=seen,
            reason=step.reason,
            params=step.params,
            outcome=step.outcome,
        )
    elif seen is not None and step.to == Status.RUNNING:
        moves.running(workload, seen, step.wait)
        failpoint("running.moved")
    elif seen is not None and step.to == Status.STARTING:
        moves.started(workload, seen, step.reason, step.params, step.wait)
    elif seen is not None and step.to in {Status.ADMITTED, Status.QUEUED}:
        moves.retry(
            workload,
            seen,
            from_=Status(workload.status),
            to=step.to,
            reason=step.reason,
            params=step.params,
            wait=step.wait,
        )
    else:
        raise RuntimeError(f"no move from {workload.status} to {step.to}")


@transaction.atomic
def _stay(workload: Workload, step: Step, seen: Observation | None, looked_at: datetime) -> None:
    """Nothing moves, but there is news: members, events, the reason, seen again, not seen."""
    if seen is None:
        _put_off(workload, step.wait, looked_at,
                 stale_since=workload.stale_since or timezone.now())  # fmt: skip
    else:
        sightings.record(workload, seen)
        _put_off(
            workload,
            step.wait,
            looked_at,
            reason_code=step.reason,
            reason_params=dict(step.params),
            last_seen_at=looked_at,
            stale_since=None,
            failures=0,
            **_placed(workload, seen),
        )
    moves.announce(workload)


def _placed(workload: Workload, seen: Observation) -> dict[str, Any]:
    if "placed" in workload.steps or seen.phase != "starting":
        return {}
    placed = [m.scheduled_at for m in seen.members if m.scheduled_at]
    return {"steps": moves.with_steps(placed=max(placed, default=timezone.now()))}


def _put_off(
    workload: Workload, wait: timedelta, looked_at: datetime | None, **fields: Any
) -> None:
    """Set the time of the next look, unless somebody rang since ``looked_at``."""
    now = timezone.now()
    rows = Workload.objects.filter(pk=workload.pk, status=workload.status)
    if looked_at is not None and fields:
        rows.filter(due_at__gt=looked_at).update(**fields)
    if looked_at is not None:
        rows = rows.filter(due_at__lte=looked_at)
    rows.update(due_at=now + wait, **fields)


def _note_failure(workload: Workload, error: Exception) -> None:
    """Count a failure to look after ``workload`` and try it less and less often."""
    logger.error(
        "workload could not be looked after",
        extra={"workload": workload.pk, "failures": workload.failures + 1},
        exc_info=error,
    )
    failures = workload.failures + 1
    pause = min(LONGEST_PUT_OFF, timedelta(seconds=2 ** min(failures - 1, 16)))
    with transaction.atomic():
        Workload.objects.filter(pk=workload.pk, status__in=LIVE).update(
            failures=F("failures") + 1, due_at=timezone.now() + pause
        )
        if failures == QUARANTINE_AFTER:
            params = {"failures": failures}
            Workload.objects.filter(pk=workload.pk, status__in=LIVE).update(
                reason_code="QUARANTINED", reason_params=params
            )
            text = f"{type(error).__name__}: {error}"
            moves.say(workload, "QUARANTINED", params, text=text)
            moves.announce(workload)
