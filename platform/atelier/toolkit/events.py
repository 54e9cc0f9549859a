"""News for browsers: thin messages over Redis pub/sub, sent after the commit.

A message says what changed, never its content, so that permission stays with the API.
Topics: ``user:<id>``, ``project:<id>``, ``platform``.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction

from atelier.toolkit import background, broker

CHANNEL = "atelier:events"


def publish(topics: Iterable[str], kind: str, **data: Any) -> None:
    """Tell the listeners of ``topics`` after commit that ``kind`` happened to ``data``."""
    message = orjson.dumps({"topics": sorted(set(topics)), "type": kind, "data": data})
    if settings.ATELIER_DOORBELLS:
        transaction.on_commit(partial(background.send, partial(_send, message)))


def _send(message: bytes) -> None:
    broker.client().publish(CHANNEL, message)
