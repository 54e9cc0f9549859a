"""The event stream's process: serves /api/v1/events and nothing else.

ATELIER_PROCESS=events uvicorn --app-dir platform atelier.config.asgi:application
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atelier.config.settings")
os.environ.setdefault("ATELIER_PROCESS", "events")
django.setup()

from django.conf import settings  # noqa: E402  # needs the setup above

from atelier.config.listeners import identify  # noqa: E402
from atelier.toolkit.stream import EventStream  # noqa: E402

application = EventStream(
    identify=identify,
    broker_url=settings.ATELIER_BROKER_URL,
    origin=settings.ATELIER_PORTAL_URL,
)
