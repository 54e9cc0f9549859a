"""Copying what runs have printed, from their engines into the database, so that it outlives them.

While somebody looks, what is new is copied every second or so; when an attempt has ended, all of
it is, and only then does its engine forget it. A chunk is written together with the member's size
by compare-and-swap, so that two copiers, or one that was killed and begins again, neither lose nor
repeat a byte. An engine that is away is waited for; one that has nothing any more leaves a mark.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from atelier.core.errors import NotFound, Unavailable
from atelier.engines.base import LogPiece, Speaking
from atelier.toolkit.failpoints import failpoint
from atelier.toolkit.orm import single_flight
from atelier.toolkit.tasks import ring, ring_now, wake
from atelier.workloads import engines
from atelier.workloads.models import Attempt, LogChunk, LogEnd, LogState, Member

logger = logging.getLogger(__name__)

COLLECT = "workloads.collect_log"
SAVE = "workloads.save_logs"

CHUNK = 256 * 1024
AT_ONCE = 16  # chunks of one member in one go, so that one that prints a lot keeps nobody waiting
MOST_KEPT = 16 * 2**20  # bytes of one member
BATCH = 64
THREADS = 8
NEXT_LOOK_SECONDS = 1.0
BLIND_LOOK_SECONDS = 5.0
MOST_TRIES = 8
LONGEST_WAIT = timedelta(seconds=30)
AWAY = timedelta(seconds=5)
LONGEST_SAVE = timedelta(seconds=20)


# --- while somebody looks -------------------------------------------------------------------------


def watched() -> list[str]:
    """Return the workloads at whose logs somebody looks."""
    looked_at = Attempt.objects.filter(
        log_state=LogState.OPEN, log_watched_until__gt=timezone.now()
    )
    return list(looked_at.values_list("workload_id", flat=True)[:BATCH])


def collect(workload_id: str) -> None:
    """Copy what is new of the run at which somebody looks, and come back as long as he does."""
    attempts = Attempt.objects.select_related("workload").filter(workload_id=workload_id)
    attempt = attempts.order_by("-number").first()
    if attempt is None or attempt.log_state != LogState.OPEN or not _is_watched(attempt):
        return
    engine = engines.get(attempt.workload.engine)
    if not isinstance(engine, Speaking):
        return
    errands = [_Errand(engine, attempt.engine_name, m) for m in _present(attempt)]
    _copy(errands)
    is_blind = any(isinstance(e.error, Unavailable) for e in errands)
    wake(COLLECT, workload_id, delay=BLIND_LOOK_SECONDS if is_blind else NEXT_LOOK_SECONDS)


def _is_watched(attempt: Attempt) -> bool:
    until = attempt.log_watched_until
    return until is not None and until > timezone.now()


# --- when it has ended ----------------------------------------------------------------------------


def forget_run(engine_name: str, name: str) -> None:
    """Let the engine forget a run, after its log was copied where the engine keeps one."""
    engine = engines.get(engine_name)
    ended = Attempt.objects.filter(
        engine_name=name, workload__engine=engine_name, finished_at__isnull=False
    )
    attempt = ended.first()
    if attempt is None or attempt.log_state == LogState.CLOSED or not isinstance(engine, Speaking):
        engine.forget(name)
        ended.update(log_state=LogState.CLOSED)
        return
    Attempt.objects.filter(pk=attempt.pk, log_state=LogState.OPEN).update(
        log_state=LogState.WANTED, log_due_at=timezone.now()
    )
    failpoint("log.wanted")
    ring(SAVE)


def save_due() -> None:
    """Copy the rest of every log that is wanted; one saver at a time."""
    with single_flight("logs.save") as mine:
        began = timezone.now()
        while mine and _save_batch():
            if timezone.now() - began > LONGEST_SAVE:
                ring_now(SAVE)  # others want this worker too
                return


def _save_batch() -> bool:
    """Look after some that are due; tells whether there were any."""
    due = Attempt.objects.filter(log_state=LogState.WANTED, log_due_at__lte=timezone.now())
    batch = list(due.select_related("workload").order_by("log_due_at", "id")[:BATCH])
    by_attempt = {attempt.pk: _errands(attempt) for attempt in batch}
    _copy([errand for errands in by_attempt.values() for errand in errands])
    for attempt in batch:
        _conclude(attempt, by_attempt[attempt.pk])
    return bool(batch)


def _errands(attempt: Attempt) -> list["_Errand"]:
    engine = engines.get(attempt.workload.engine)
    if not isinstance(engine, Speaking):
        return []
    present = _present(attempt)
    # What was replaced before its end was read cannot be asked for any more.
    replaced = Member.objects.filter(attempt=attempt, log_end=LogEnd.OPEN)
    replaced.exclude(pk__in=[m.pk for m in present]).update(log_end=LogEnd.LOST)
    return [_Errand(engine, attempt.engine_name, m) for m in present]


def _conclude(attempt: Attempt, errands: Iterable["_Errand"]) -> None:
    """Let the engine forget the attempt if everything is copied; else arrange the next try."""
    open_ones = [e for e in errands if not e.is_done]
    if any(isinstance(e.error, Unavailable) for e in open_ones):
        _again(attempt, AWAY, tries=attempt.log_tries)
        return
    if open_ones and attempt.log_tries + 1 < MOST_TRIES:
        wait = timedelta() if all(e.has_more for e in open_ones) else _pause(attempt.log_tries)
        _again(attempt, wait, tries=attempt.log_tries + (not all(e.has_more for e in open_ones)))
        return
    for errand in open_ones:
        _end(errand.member, LogEnd.LOST)
    failpoint("log.saved")
    try:
        engines.get(attempt.workload.engine).forget(attempt.engine_name)
    except Unavailable:
        _again(attempt, AWAY, tries=attempt.log_tries)
        return
    except Exception:  # one that resists keeps nobody else from being saved
        logger.exception("not forgotten", extra={"workload": attempt.workload_id})
        _again(attempt, LONGEST_WAIT, tries=attempt.log_tries)
        return
    failpoint("log.forgotten")
    Attempt.objects.filter(pk=attempt.pk).update(log_state=LogState.CLOSED, log_due_at=None)


def _pause(tries: int) -> timedelta:
    return min(LONGEST_WAIT, timedelta(seconds=2**tries / 2))


def _again(attempt: Attempt, wait: timedelta, *, tries: int) -> None:
    rows = Attempt.objects.filter(pk=attempt.pk, log_state=LogState.WANTED)
    rows.update(log_due_at=timezone.now() + wait, log_tries=tries)


# --- one member -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Errand:
    """A member's log from the place that was reached; ``pieces`` is what the engine gave."""

    engine: Speaking
    name: str
    member: Member
    pieces: list[LogPiece] = field(default_factory=list)
    error: Exception | None = None
    has_more: bool = False

    @property
    def is_done(self) -> bool:
        """Tell whether there is nothing more to copy."""
        return self.member.log_end != LogEnd.OPEN

    def fetch(self) -> None:
        """Ask the engine. Runs in a thread without a database connection."""
        offset = self.member.log_size
        try:
            for _ in range(AT_ONCE):
                piece = self._ask(offset)
                if piece.data or piece.is_end:
                    self.pieces.append(piece)
                offset += len(piece.data)
                self.has_more = bool(piece.data) and not piece.is_end
                if not self.has_more or offset >= MOST_KEPT:
                    return
        except Exception as error:  # handed to the caller, who knows what it means
            self.error, self.has_more = error, False

    def _ask(self, offset: int) -> LogPiece:
        role, index = self.member.role, self.member.index
        return self.engine.read_log(self.name, role=role, index=index, offset=offset, limit=CHUNK)


def _present(attempt: Attempt) -> list[Member]:
    """Return the members that the engine would answer for: the last of each place."""
    last: dict[tuple[str, int], Member] = {}
    for member in Member.objects.filter(attempt=attempt).order_by("id"):
        last[member.role, member.index] = member
    return list(last.values())


def _copy(errands: list[_Errand]) -> None:
    """Fetch abreast, then write one after the other."""
    todo = [e for e in errands if not e.is_done]
    if len(todo) == 1:
        todo[0].fetch()
    elif todo:
        with ThreadPoolExecutor(min(THREADS, len(todo))) as pool:
            list(pool.map(_Errand.fetch, todo))
    failpoint("log.read")
    for errand in todo:
        _write(errand)


def _write(errand: _Errand) -> None:
    for piece in errand.pieces:
        if piece.offset != errand.member.log_size or not _keep(errand.member, piece):
            errand.has_more = True  # somebody else is copying; what he did is read next time
            return
    if isinstance(errand.error, NotFound):
        # Of what never began nothing is missing.
        never_ran = errand.member.started_at is None and not errand.member.log_size
        _end(errand.member, LogEnd.WHOLE if never_ran else LogEnd.LOST)
    elif errand.error is not None and not isinstance(errand.error, Unavailable):
        logger.error("log not read", extra={"name_there": errand.name}, exc_info=errand.error)


def _keep(member: Member, piece: LogPiece) -> bool:
    """Write one piece and the new size, both or neither; tells whether this call did it."""
    data = piece.data[: MOST_KEPT - member.log_size]
    size = member.log_size + len(data)
    end = LogEnd.WHOLE if piece.is_end else LogEnd.OPEN
    if len(data) < len(piece.data) or (size >= MOST_KEPT and not piece.is_end):
        end = LogEnd.CUT
    with transaction.atomic():
        rows = Member.objects.filter(pk=member.pk, log_size=member.log_size, log_end=LogEnd.OPEN)
        if not rows.update(log_size=F("log_size") + len(data), log_end=end):
            return False
        if data:
            LogChunk.objects.create(member=member, offset=member.log_size, data=data)
        failpoint("log.chunk")
    member.log_size, member.log_end = size, end
    return True


def _end(member: Member, end: LogEnd) -> None:
    Member.objects.filter(pk=member.pk, log_end=LogEnd.OPEN).update(log_end=end)
    member.log_end = end
