"""The platform's settings with the peer's addresses."""

from atelier.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.peers.list_urls"
