"""Single flight and advisory locks, with real connections in real threads."""

import threading
import time

import pytest
from django.db import connection

from atelier.toolkit.orm import single_flight, try_lock

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(count: int, body: object) -> None:
    def run() -> None:
        try:
            body()  # type: ignore[operator]  # a plain callable
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def test_of_many_drains_at_most_one_runs_and_the_last_ring_is_seen() -> None:
    running = 0
    most = 0
    rung = 0
    seen = 0
    guard = threading.Lock()

    def drain() -> None:
        nonlocal running, most, rung, seen
        with guard:
            rung += 1
        with single_flight("test.drain") as mine:
            if not mine:
                return
            with guard:
                running += 1
                most = max(most, running)
                seen = rung
            time.sleep(0.01)
            with guard:
                running -= 1

    in_threads(12, drain)

    assert most == 1
    assert seen == rung == 12


def test_a_lock_that_is_held_is_not_waited_for() -> None:
    answers: list[bool] = []

    def attempt() -> None:
        with try_lock("test.lock") as taken:
            answers.append(taken)

    with try_lock("test.lock") as taken:
        in_threads(1, attempt)
    in_threads(1, attempt)

    assert taken
    assert answers == [False, True]


def test_a_failure_inside_gives_the_flight_back() -> None:
    with pytest.raises(ZeroDivisionError), single_flight("test.fails"):
        raise ZeroDivisionError

    with single_flight("test.fails") as mine:
        assert mine
