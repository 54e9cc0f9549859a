"""News for browsers: thin messages over Redis pub/sub, sent after the commit.

A message says what changed, never its content, so that permission stays with the API.
Topics: ``user:<id>``, ``project:<id>``, ``platform``.
"""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any

import orjson
import redis
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from atelier.toolkit import background

CHANNEL = "atelier:events"


def publish(topics: Iterable[str], kind: str, **data: Any) -> None:
    """Tell the listeners of ``topics`` after commit that ``kind`` happened to ``data``."""
    message = orjson.dumps({"topics": sorted(set(topics)), "type": kind, "data": data})
    if settings.ATELIER_DOORBELLS:
        transaction.on_commit(partial(background.send, partial(_send, message)))


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.ATELIER_BROKER_URL,
        socket_timeout=2,
        socket_connect_timeout=2,
        # The client's own ten tries would hold the background thread for half a minute; one more
        # is enough to replace a connection that the broker's restart closed.
        retry=Retry(NoBackoff(), 1),
    )


def _send(message: bytes) -> None:
    _client().publish(CHANNEL, message)
