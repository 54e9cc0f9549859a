"""How figures become a state."""

import pytest

from atelier.health.findings import Bounds, State, answered, backlog


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, State.OK), (29.9, State.OK), (30, State.DEGRADED), (89, State.DEGRADED), (90, State.DOWN)],
)
def test_what_waits_is_first_behind_and_then_down(seconds: float, state: State) -> None:
    assert Bounds(slow=30, dead=90).judge(seconds) == state


def test_an_empty_queue_is_well_however_old_its_last_entry_was() -> None:
    assert backlog("due", 0, 1e9, Bounds(30, 300)).state == State.OK


def test_a_backlog_tells_how_many_wait_and_since_when() -> None:
    finding = backlog("outbox", 3, 42.4, Bounds(30, 300))

    assert finding.state == State.DEGRADED
    assert finding.params == {"count": 3, "seconds": 42}


def test_an_answer_of_less_than_a_millisecond_is_not_shown_as_nothing() -> None:
    assert answered("broker", 0.0001).params == {"ms": 1}


def test_an_answer_that_takes_a_second_is_slow() -> None:
    assert answered("database", 1.2).state == State.DEGRADED
