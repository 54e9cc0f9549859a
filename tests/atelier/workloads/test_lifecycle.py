"""The lifecycle as one table: (status, what is wanted, what is seen) → what is done."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from atelier.engines.base import MemberObservation, Observation, Phase
from atelier.workloads.lifecycle import (
    QUICK_LOOK,
    SLOW_LOOK,
    WANTED,
    Act,
    Rules,
    Step,
    back_off,
    next_step,
)
from atelier.workloads.models import Outcome, Workload
from atelier.workloads.status import LIVE, TERMINAL, Status, Target

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
RUN, STOP = Target.RUNNING, Target.STOPPED
UNSEEN = None


def workload(status: Status, target: Target = RUN, **fields: Any) -> Workload:
    values: dict[str, Any] = {"attempt_number": 1, "changed_at": NOW - timedelta(seconds=5)}
    return Workload(status=status, target=target, **(values | fields))


def seen(phase: Phase, **fields: Any) -> Observation:
    return Observation("w1-1", phase, **fields)


TABLE: list[tuple[Status, Target, Phase | None, Act, Status | None]] = [
    (Status.QUEUED, RUN, UNSEEN, Act.NOTHING, None),
    (Status.QUEUED, STOP, UNSEEN, Act.NOTHING, Status.STOPPED),
    (Status.ADMITTED, RUN, UNSEEN, Act.SUBMIT, Status.SUBMITTING),
    (Status.ADMITTED, STOP, UNSEEN, Act.NOTHING, Status.STOPPED),
    (Status.SUBMITTING, RUN, UNSEEN, Act.NOTHING, None),
    (Status.SUBMITTING, RUN, Phase.GONE, Act.APPLY, None),
    (Status.SUBMITTING, RUN, Phase.PENDING, Act.NOTHING, Status.STARTING),
    (Status.SUBMITTING, RUN, Phase.STARTING, Act.NOTHING, Status.STARTING),
    (Status.SUBMITTING, RUN, Phase.RUNNING, Act.NOTHING, Status.RUNNING),
    (Status.SUBMITTING, RUN, Phase.STOPPING, Act.STOP, Status.STOPPING),
    (Status.SUBMITTING, RUN, Phase.SUCCEEDED, Act.NOTHING, Status.SUCCEEDED),
    (Status.SUBMITTING, RUN, Phase.FAILED, Act.NOTHING, Status.FAILED),
    (Status.SUBMITTING, STOP, Phase.GONE, Act.STOP, Status.STOPPING),
    (Status.STARTING, RUN, UNSEEN, Act.NOTHING, None),
    (Status.STARTING, RUN, Phase.PENDING, Act.NOTHING, None),
    (Status.STARTING, RUN, Phase.STARTING, Act.NOTHING, None),
    (Status.STARTING, RUN, Phase.RUNNING, Act.NOTHING, Status.RUNNING),
    (Status.STARTING, RUN, Phase.STOPPING, Act.STOP, Status.STOPPING),
    (Status.STARTING, RUN, Phase.SUCCEEDED, Act.NOTHING, Status.SUCCEEDED),
    (Status.STARTING, RUN, Phase.FAILED, Act.NOTHING, Status.FAILED),
    (Status.STARTING, RUN, Phase.GONE, Act.NOTHING, Status.FAILED),
    (Status.STARTING, STOP, Phase.STARTING, Act.STOP, Status.STOPPING),
    (Status.RUNNING, RUN, UNSEEN, Act.NOTHING, None),
    (Status.RUNNING, RUN, Phase.PENDING, Act.NOTHING, None),
    (Status.RUNNING, RUN, Phase.STARTING, Act.NOTHING, None),
    (Status.RUNNING, RUN, Phase.RUNNING, Act.NOTHING, None),
    (Status.RUNNING, RUN, Phase.STOPPING, Act.STOP, Status.STOPPING),
    (Status.RUNNING, RUN, Phase.SUCCEEDED, Act.NOTHING, Status.SUCCEEDED),
    (Status.RUNNING, RUN, Phase.FAILED, Act.NOTHING, Status.FAILED),
    (Status.RUNNING, RUN, Phase.GONE, Act.NOTHING, Status.FAILED),
    (Status.RUNNING, STOP, Phase.RUNNING, Act.STOP, Status.STOPPING),
    (Status.STOPPING, STOP, UNSEEN, Act.NOTHING, None),
    (Status.STOPPING, STOP, Phase.PENDING, Act.STOP, None),
    (Status.STOPPING, STOP, Phase.STARTING, Act.STOP, None),
    (Status.STOPPING, STOP, Phase.RUNNING, Act.STOP, None),
    (Status.STOPPING, STOP, Phase.STOPPING, Act.STOP, None),
    (Status.STOPPING, STOP, Phase.SUCCEEDED, Act.NOTHING, Status.SUCCEEDED),
    (Status.STOPPING, STOP, Phase.FAILED, Act.NOTHING, Status.STOPPED),
    (Status.STOPPING, STOP, Phase.GONE, Act.NOTHING, Status.STOPPED),
]


@pytest.mark.parametrize(("status", "target", "phase", "act", "to"), TABLE)
def test_the_table(
    status: Status, target: Target, phase: Phase | None, act: Act, to: Status | None
) -> None:
    step = next_step(workload(status, target), None if phase is None else seen(phase), NOW)

    assert (step.act, step.to) == (act, to)


def test_the_table_has_every_status_with_every_phase() -> None:
    engine_sees = {Status.SUBMITTING, Status.STARTING, Status.RUNNING, Status.STOPPING}
    covered = {(status, phase) for status, _, phase, _, _ in TABLE}

    assert covered >= {(status, phase) for status in engine_sees for phase in [*Phase, None]}
    assert {status for status, *_ in TABLE} == LIVE


@pytest.mark.parametrize("status", sorted(TERMINAL))
@pytest.mark.parametrize("phase", [*Phase, None])
def test_i04_nothing_ever_happens_to_what_has_ended(status: Status, phase: Phase | None) -> None:
    for target in Target:
        step = next_step(workload(status, target), None if phase is None else seen(phase), NOW)
        assert (step.act, step.to) == (Act.NOTHING, None)


@pytest.mark.parametrize("status", sorted(LIVE - {Status.QUEUED, Status.ADMITTED}))
def test_r08_unseen_is_never_gone(status: Status) -> None:
    step = next_step(workload(status, reason_code="CANCELLED"), None, NOW)

    assert step.unseen
    assert (step.to, step.reason) == (None, "CANCELLED")


@pytest.mark.parametrize("reason", sorted(WANTED))
def test_an_end_that_somebody_wanted_is_a_stop(reason: str) -> None:
    step = next_step(workload(Status.RUNNING), seen(Phase.GONE, reason=reason), NOW)

    assert (step.to, step.reason, step.outcome) == (Status.STOPPED, reason, Outcome.STOPPED)


def test_a_failure_says_why_it_failed() -> None:
    member = MemberObservation("main", 0, "u", Phase.FAILED, exit_code=3)

    by_engine = seen(Phase.FAILED, reason="OUT_OF_MEMORY", reason_params={"limit": "8 GiB"})
    by_exit_code = seen(Phase.FAILED, members=(member,))

    step = next_step(workload(Status.RUNNING), by_engine, NOW)
    assert (step.reason, step.params) == ("OUT_OF_MEMORY", {"limit": "8 GiB"})
    step = next_step(workload(Status.RUNNING), by_exit_code, NOW)
    assert (step.reason, step.params) == ("EXIT_NONZERO", {"exit_code": 3})
    assert next_step(workload(Status.RUNNING), seen(Phase.GONE), NOW).reason == "EXITED"


def test_an_attempt_that_is_left_is_taken_with_its_reservation_after_a_short_pause() -> None:
    rules = Rules(attempts=3, first_back_off=timedelta(seconds=10))

    step = next_step(workload(Status.RUNNING), seen(Phase.FAILED), NOW, rules)

    assert (step.to, step.outcome) == (Status.ADMITTED, Outcome.FAILED)
    assert step.wait == timedelta(seconds=10)


def test_a_pause_of_more_than_a_minute_goes_through_the_queue() -> None:
    rules = Rules(attempts=9)

    step = next_step(workload(Status.RUNNING, attempt_number=4), seen(Phase.FAILED), NOW, rules)

    assert (step.to, step.wait) == (Status.QUEUED, timedelta(seconds=80))


def test_the_last_attempt_fails() -> None:
    rules = Rules(attempts=3)

    step = next_step(workload(Status.RUNNING, attempt_number=3), seen(Phase.FAILED), NOW, rules)

    assert step.to == Status.FAILED


def test_pauses_double_up_to_ten_minutes() -> None:
    rules = Rules(attempts=99)

    pauses = [back_off(n, rules).total_seconds() for n in (1, 2, 3, 7, 50)]

    assert pauses == [10, 20, 40, 600, 600]


def test_a_start_that_takes_too_long_is_stopped_and_has_failed() -> None:
    rules = Rules(start_timeout=timedelta(seconds=60))
    late = workload(Status.STARTING, changed_at=NOW - timedelta(seconds=61))

    step = next_step(late, seen(Phase.STARTING), NOW, rules)

    assert step == Step(
        Act.STOP, Status.STOPPING, "START_TIMEOUT", {"seconds": 60}, Status.FAILED, wait=QUICK_LOOK
    )
    waiting = next_step(late, seen(Phase.PENDING, reason="WAITING_FOR_CAPACITY"), NOW, rules)
    assert (waiting.to, waiting.reason) == (None, "WAITING_FOR_CAPACITY")


def test_a_start_that_took_too_long_failed_for_what_it_waited_for() -> None:
    rules = Rules(start_timeout=timedelta(seconds=60))
    late = workload(Status.STARTING, changed_at=NOW - timedelta(seconds=61))

    step = next_step(late, seen(Phase.STARTING, reason="IMAGE_NOT_FOUND"), NOW, rules)

    assert (step.act, step.reason, step.ends_as) == (Act.STOP, "IMAGE_NOT_FOUND", Status.FAILED)


def test_what_is_stopped_after_a_failed_start_ends_as_failed() -> None:
    stopping = workload(Status.STOPPING, STOP, ends_as=Status.FAILED, reason_code="START_TIMEOUT")

    step = next_step(stopping, seen(Phase.GONE), NOW)

    assert (step.to, step.reason) == (Status.FAILED, "START_TIMEOUT")


def test_a_run_seen_ending_for_a_reason_nobody_wanted_has_failed() -> None:
    step = next_step(workload(Status.STARTING), seen(Phase.STOPPING, reason="FOREIGN_OBJECT"), NOW)

    assert (step.to, step.reason, step.ends_as) == (
        Status.STOPPING, "FOREIGN_OBJECT", Status.FAILED,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "ends_as"),
    [("FOREIGN_OBJECT", Status.FAILED), ("IDLE", Status.STOPPED), (None, Status.STOPPED)],
)
def test_why_it_ended_may_be_heard_after_it_was_seen_ending(
    reason: str | None, ends_as: Status
) -> None:
    ending = workload(Status.STOPPING, STOP, reason_code="STOPPED_OUTSIDE")

    step = next_step(ending, seen(Phase.GONE, reason=reason), NOW)

    assert (step.to, step.reason) == (ends_as, reason or "STOPPED_OUTSIDE")


def test_a_stop_that_was_asked_for_keeps_its_reason() -> None:
    ending = workload(Status.STOPPING, STOP, reason_code="CANCELLED")

    step = next_step(ending, seen(Phase.GONE, reason="STOPPED_OUTSIDE"), NOW)

    assert (step.to, step.reason) == (Status.STOPPED, "CANCELLED")


def test_a_newer_generation_is_applied_again() -> None:
    step = next_step(workload(Status.RUNNING, generation=2), seen(Phase.RUNNING), NOW)

    assert step.act == Act.APPLY
    settled = next_step(
        workload(Status.RUNNING, generation=2), seen(Phase.RUNNING, generation=2), NOW
    )
    assert settled.act == Act.NOTHING


def test_what_moves_is_looked_at_often_and_what_drags_on_less_often() -> None:
    fresh = workload(Status.STARTING)
    old = workload(Status.STARTING, changed_at=NOW - timedelta(minutes=5))

    assert next_step(fresh, seen(Phase.STARTING), NOW).wait == QUICK_LOOK
    assert next_step(old, seen(Phase.STARTING), NOW).wait == SLOW_LOOK
