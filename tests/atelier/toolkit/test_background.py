"""A broker that accepts and never answers does not hold the request."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from atelier.toolkit import background


def wait_until_idle() -> None:
    eventually(lambda: background.waiting() == 0)  # a full queue would drop the last message
    done: list[bool] = []
    background.send(lambda: done.append(True))
    eventually(lambda: bool(done))


def eventually(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("the background thread does not come to rest")


@pytest.fixture
def silent_broker() -> Iterator[int]:
    """Return the port of a server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_broker_does_not_hold_the_caller(silent_broker: int) -> None:
    broker = redis.Redis(port=silent_broker, socket_timeout=0.3, retry=Retry(NoBackoff(), 0))
    given_up: list[int] = []

    def publish() -> None:
        try:
            broker.publish("atelier:events", "x")
        finally:
            given_up.append(1)

    for _ in range(3):
        background.send(publish)

    assert len(given_up) < 3  # whoever sends does not wait for the broker's silence to end
    wait_until_idle()
    assert len(given_up) == 3


def test_a_message_that_fails_does_not_stop_the_next() -> None:
    done: list[int] = []

    def fail() -> None:
        raise ConnectionError

    background.send(fail)
    background.send(lambda: done.append(1))
    wait_until_idle()

    assert done == [1]


def test_too_many_waiting_messages_are_dropped_not_piled_up() -> None:
    blocked, release = socket.socketpair()
    with blocked, release:
        background.send(lambda: bool(blocked.recv(1)))

        for _ in range(background.MOST_WAITING + 50):
            background.send(lambda: None)

        assert background.waiting() <= background.MOST_WAITING
        release.send(b"x")
        wait_until_idle()
