"""What to do next with a workload: a pure function of its row, one look of its engine and the time.

The reconciler performs the step. Nothing here reads or writes anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from atelier.engines.base import OVER, Observation, Phase
from atelier.workloads.models import Outcome, Workload
from atelier.workloads.status import TERMINAL, Status, Target

QUICK_LOOK = timedelta(milliseconds=250)
SLOW_LOOK = timedelta(seconds=2)
RESTING_LOOK = timedelta(seconds=10)
BLIND_LOOK = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(minutes=10)
# A longer pause gives its reservation back and waits in the queue again.
LONGEST_HELD_BACK_OFF = timedelta(minutes=1)

# Ends that somebody or a rule wanted: the run is stopped, not failed.
WANTED = frozenset(
    {
        "CANCELLED",
        "IDLE",
        "STOPPED_OUTSIDE",
        "ACCOUNT_DEACTIVATED",
        "MEMBERSHIP_ENDED",
        "PROJECT_ARCHIVED",
        "PLATFORM_STOPPED",
    }
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a kind allows its runs."""

    attempts: int = 1
    first_back_off: timedelta = timedelta(seconds=10)
    # From being accepted by the engine and placed until it answers; None waits for ever.
    start_timeout: timedelta | None = None
    grace: timedelta = timedelta(seconds=30)


class Act(StrEnum):
    """What to ask of the engine."""

    NOTHING = "nothing"
    SUBMIT = "submit"  # record a new attempt, then apply
    APPLY = "apply"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Step:
    """One move and one act. ``to`` None stays; ``reason`` is what stands beside the status then.

    ``outcome`` ends the present attempt. ``wait`` is the time until the next look.
    """

    act: Act = Act.NOTHING
    to: Status | None = None
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    ends_as: Status = Status.STOPPED
    outcome: Outcome = Outcome.NONE
    wait: timedelta = RESTING_LOOK
    unseen: bool = False


DEFAULT_RULES = Rules()


def next_step(
    workload: Workload, seen: Observation | None, now: datetime, rules: Rules = DEFAULT_RULES
) -> Step:
    """Return what to do with ``workload``; ``seen`` None means that nobody could look."""
    status = Status(workload.status)
    if status in TERMINAL:
        return Step()
    if status in _WITHOUT_LOOKING:
        return _WITHOUT_LOOKING[status](workload)
    if seen is None:
        return _stay(workload, wait=BLIND_LOOK, unseen=True)
    if status == Status.STOPPING:
        return _stopping(workload, seen, now)
    if workload.target == Target.STOPPED:
        return _stop(workload.reason_code, workload.reason_params, Status.STOPPED)
    if seen.phase in OVER and not _not_there_yet(status, seen):
        return _ended(workload, seen, rules)
    if seen.phase == Phase.STOPPING:
        reason = seen.reason or "STOPPED_OUTSIDE"
        ends_as = Status.STOPPED if reason in WANTED else Status.FAILED
        return _stop(reason, seen.reason_params, ends_as)
    return _ALIVE[status](workload, seen, now, rules)


def back_off(attempt: int, rules: Rules) -> timedelta:
    """Return the pause after ``attempt``: doubling, at most ten minutes."""
    doublings: int = 2 ** min(attempt - 1, 16)
    return min(LONGEST_BACK_OFF, rules.first_back_off * doublings)


def _queued(workload: Workload) -> Step:
    if workload.target == Target.STOPPED:
        return _over(workload, Status.STOPPED)
    return _stay(workload)


def _admitted(workload: Workload) -> Step:
    if workload.target == Target.STOPPED:
        return _over(workload, Status.STOPPED)
    return Step(Act.SUBMIT, Status.SUBMITTING, wait=QUICK_LOOK)


def _submitting(workload: Workload, seen: Observation, now: datetime, rules: Rules) -> Step:
    if seen.phase == Phase.GONE:
        # The intent is recorded, whether it was carried out is not known: say it again.
        return Step(Act.APPLY, wait=QUICK_LOOK)
    if seen.phase == Phase.RUNNING:
        return Step(to=Status.RUNNING)
    return Step(to=Status.STARTING, reason=seen.reason or "", params=seen.reason_params,
                wait=QUICK_LOOK)  # fmt: skip


def _starting(workload: Workload, seen: Observation, now: datetime, rules: Rules) -> Step:
    if seen.phase == Phase.RUNNING:
        return Step(to=Status.RUNNING)
    # What waits for room has not begun to start; what got its place late began late.
    placed = [member.scheduled_at for member in seen.members if member.scheduled_at]
    began = max([workload.changed_at, *placed])
    is_late = rules.start_timeout and now - began > rules.start_timeout
    if is_late and seen.phase != Phase.PENDING and rules.start_timeout:
        if seen.reason:  # what it waited for all the time says more than how long
            return _stop(seen.reason, seen.reason_params, Status.FAILED)
        seconds = int(rules.start_timeout.total_seconds())
        return _stop("START_TIMEOUT", {"seconds": seconds}, Status.FAILED)
    wait = _look_again(workload, now)
    return Step(reason=seen.reason or "", params=seen.reason_params, wait=wait)


def _running(workload: Workload, seen: Observation, now: datetime, rules: Rules) -> Step:
    if workload.generation > seen.generation:
        return _stay(workload, act=Act.APPLY, wait=SLOW_LOOK)
    # A pod that starts again within its run keeps its status; the reason says what happens.
    return Step(reason=seen.reason or "", params=seen.reason_params)


def _stopping(workload: Workload, seen: Observation, now: datetime) -> Step:
    if seen.phase == Phase.SUCCEEDED:
        return _over(workload, Status.SUCCEEDED)
    if seen.phase == Phase.GONE and seen.reason and workload.reason_code == "STOPPED_OUTSIDE":
        # Why it ended was heard only after it was seen ending.
        to = Status.STOPPED if seen.reason in WANTED else Status.FAILED
        return Step(to=to, reason=seen.reason, params=seen.reason_params,
                    outcome=Outcome(to.value.lower()))  # fmt: skip
    if seen.phase in OVER:
        return _over(workload, Status(workload.ends_as))
    return _stay(workload, act=Act.STOP, wait=_look_again(workload, now))


def _ended(workload: Workload, seen: Observation, rules: Rules) -> Step:
    if seen.phase == Phase.SUCCEEDED:
        return Step(to=Status.SUCCEEDED, outcome=Outcome.SUCCEEDED)
    code, params = seen.reason or _guess(seen), dict(seen.reason_params) or _exit_code(seen)
    if code in WANTED:
        return Step(to=Status.STOPPED, reason=code, params=params, outcome=Outcome.STOPPED)
    if workload.attempt_number >= rules.attempts:
        return Step(to=Status.FAILED, reason=code, params=params, outcome=Outcome.FAILED)
    pause = back_off(workload.attempt_number, rules)
    to = Status.ADMITTED if pause <= LONGEST_HELD_BACK_OFF else Status.QUEUED
    return Step(to=to, reason=code, params=params, outcome=Outcome.FAILED, wait=pause)


def _guess(seen: Observation) -> str:
    return "EXIT_NONZERO" if _exit_code(seen) else "EXITED"


def _exit_code(seen: Observation) -> dict[str, int]:
    codes = [m.exit_code for m in seen.members if m.exit_code]
    return {"exit_code": codes[0]} if codes else {}


def _not_there_yet(status: Status, seen: Observation) -> bool:
    return status == Status.SUBMITTING and seen.phase == Phase.GONE


def _over(workload: Workload, status: Status) -> Step:
    outcome = Outcome.SUCCEEDED if status == Status.SUCCEEDED else Outcome(status.value.lower())
    reason = "" if status == Status.SUCCEEDED else workload.reason_code
    return Step(to=status, reason=reason, params=workload.reason_params, outcome=outcome)


def _stop(reason: str, params: Mapping[str, Any], ends_as: Status) -> Step:
    return Step(Act.STOP, Status.STOPPING, reason, params, ends_as, wait=QUICK_LOOK)


def _stay(
    workload: Workload,
    *,
    act: Act = Act.NOTHING,
    wait: timedelta = RESTING_LOOK,
    unseen: bool = False,
) -> Step:
    return Step(act, None, workload.reason_code, workload.reason_params, wait=wait, unseen=unseen)


def _look_again(workload: Workload, now: datetime) -> timedelta:
    return QUICK_LOOK if now - workload.changed_at < timedelta(minutes=1) else SLOW_LOOK


_WITHOUT_LOOKING: dict[Status, Callable[[Workload], Step]] = {
    Status.QUEUED: _queued,
    Status.ADMITTED: _admitted,
}
_ALIVE: dict[Status, Callable[[Workload, Observation, datetime, Rules], Step]] = {
    Status.SUBMITTING: _submitting,
    Status.STARTING: _starting,
    Status.RUNNING: _running,
}
