"""The one hub of this install. Workers ask it; requests of people never do."""

from functools import lru_cache

from django.conf import settings

from atelier.engines.jupyterhub import Hub, HubEngine


@lru_cache(maxsize=1)
def hub() -> Hub:
    """Return the client, one a process."""
    return Hub(settings.ATELIER_HUB_API_URL, settings.ATELIER_HUB_API_TOKEN)


def engine() -> HubEngine:
    """Return the engine over the hub."""
    return HubEngine(hub())
