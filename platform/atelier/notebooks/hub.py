"""The one hub of this install. Workers ask it; requests of people never do."""

from functools import lru_cache

import httpx
from django.conf import settings

from atelier.engines.jupyterhub import Hub, HubEngine


@lru_cache(maxsize=1)
def hub() -> Hub:
    """Return the client, one a process."""
    return Hub(settings.ATELIER_HUB_API_URL, settings.ATELIER_HUB_API_TOKEN)


@lru_cache(maxsize=1)
def hub_in_a_hurry() -> Hub:
    """Return a client that gives up soon: for the one question a request of a server needs."""
    url, token = settings.ATELIER_HUB_API_URL, settings.ATELIER_HUB_API_TOKEN
    return Hub(url, token, timeout=httpx.Timeout(3.0, connect=1.0))


def engine() -> HubEngine:
    """Return the engine over the hub."""
    return HubEngine(hub())
