"""The portal's web application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atelier.config.settings")

application = get_wsgi_application()

from atelier.config.celery import app as celery_app  # noqa: E402  # rings need the broker's settings

__all__ = ("application", "celery_app")
