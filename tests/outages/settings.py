"""The platform's settings with the folder engine (tests/throwaway.py) in the hub's place."""

from atelier.config.settings import *  # noqa: F403
from atelier.config.settings import INSTALLED_APPS as PLATFORMS_OWN

ATELIER_ENGINE = "folder"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = [*PLATFORMS_OWN, "tests.outages.apps.ThrowawayConfig"]
