"""Effects outside the database, delivered at least once after the commit that decided on them."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from atelier.toolkit.models import OutboxMessage
from atelier.toolkit.orm import single_flight
from atelier.toolkit.tasks import ring, task

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
LONGEST_WAIT = timedelta(minutes=5)
BATCH = 100

_handlers: dict[str, Handler] = {}


def handle(topic: str, handler: Handler) -> None:
    """Register the one handler of ``topic``; called from AppConfig.ready(). It may run twice."""
    if topic in _handlers and _handlers[topic] is not handler:
        raise RuntimeError(f"two handlers for the outbox topic {topic}")
    _handlers[topic] = handler


def forget_handler(topic: str) -> None:
    """Take a handler back; for the tests of what registers one."""
    _handlers.pop(topic, None)


def send(topic: str, **payload: Any) -> None:
    """Write a message within the caller's transaction and ring for its delivery."""
    if topic not in _handlers:
        raise LookupError(f"nobody handles the outbox topic {topic}")
    OutboxMessage.objects.create(topic=topic, payload=payload)
    ring(deliver.name)


@task("outbox.deliver", every=5)
def deliver() -> None:
    """Deliver what is due, oldest first; one deliverer at a time."""
    with single_flight("outbox") as mine:
        if mine:
            deliver_due()


def deliver_due() -> None:
    """Hand each due message to its handler; one that fails is tried again later, alone."""
    due = OutboxMessage.objects.filter(due_at__lte=timezone.now()).order_by("id")[:BATCH]
    for message in due:
        _deliver(message)


def _deliver(message: OutboxMessage) -> None:
    try:
        _handlers[message.topic](message.payload)
    except Exception as error:  # one poisoned message never stops the others
        wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(message.tries, 10)))
        OutboxMessage.objects.filter(pk=message.pk).update(
            tries=message.tries + 1,
            due_at=timezone.now() + wait,
            last_error=f"{type(error).__name__}: {error}"[:300],
        )
        logger.warning(
            "outbox message failed",
            extra={"topic": message.topic, "tries": message.tries + 1},
            exc_info=True,
        )
        return
    message.delete()
