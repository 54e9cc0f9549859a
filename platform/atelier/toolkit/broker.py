"""The connection to Redis or Valkey for what is not Celery's: news and wake-ups."""

from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@lru_cache(maxsize=1)
def client() -> redis.Redis:
    """Return this process's client; it never waits long for a broker that does not answer."""
    return redis.Redis.from_url(
        settings.ATELIER_BROKER_URL,
        socket_timeout=2,
        socket_connect_timeout=2,
        # The client's own ten tries would hold the background thread for half a minute; one more
        # is enough to replace a connection that the broker's restart closed.
        retry=Retry(NoBackoff(), 1),
    )
