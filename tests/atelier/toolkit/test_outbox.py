"""Effects outside the database happen at least once, and one that fails stops no other."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from atelier.toolkit import outbox
from atelier.toolkit.models import OutboxMessage

pytestmark = pytest.mark.django_db


class Post:
    """A handler that remembers what reached it and fails while told to."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.broken = False

    def __call__(self, payload: dict[str, Any]) -> None:
        if self.broken:
            raise ConnectionError("the hub is away")
        self.received.append(payload)


@pytest.fixture
def post() -> Iterator[Post]:
    handler = Post()
    outbox.handle("test.letter", handler)
    yield handler
    outbox.forget_handler("test.letter")


def test_a_message_is_delivered_once_and_forgotten(post: Post) -> None:
    outbox.send("test.letter", to="alice")

    outbox.deliver_due()
    outbox.deliver_due()

    assert post.received == [{"to": "alice"}]
    assert not OutboxMessage.objects.exists()


def test_a_message_of_a_transaction_that_failed_is_never_sent(post: Post) -> None:
    class Undone(Exception):
        pass

    @transaction.atomic
    def send_and_fail() -> None:
        outbox.send("test.letter", to="alice")
        raise Undone

    with pytest.raises(Undone):
        send_and_fail()

    outbox.deliver_due()

    assert post.received == []


def test_a_message_that_fails_is_kept_and_tried_later(post: Post) -> None:
    post.broken = True
    outbox.send("test.letter", to="alice")
    outbox.deliver_due()

    kept = OutboxMessage.objects.get()
    assert kept.tries == 1
    assert kept.due_at > timezone.now()
    assert "the hub is away" in kept.last_error

    post.broken = False
    OutboxMessage.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    outbox.deliver_due()

    assert post.received == [{"to": "alice"}]


def test_a_poisoned_message_does_not_stop_the_next(post: Post) -> None:
    OutboxMessage.objects.create(topic="test.unknown", payload={})
    outbox.send("test.letter", to="bob")

    outbox.deliver_due()

    assert post.received == [{"to": "bob"}]
    assert OutboxMessage.objects.get().topic == "test.unknown"


def test_a_topic_without_handler_is_refused_at_the_sender() -> None:
    with pytest.raises(LookupError):
        outbox.send("test.nobody")


def test_two_handlers_for_one_topic_are_a_mistake(post: Post) -> None:
    with pytest.raises(RuntimeError):
        outbox.handle("test.letter", lambda payload: None)
