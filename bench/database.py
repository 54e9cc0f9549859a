"""A throw-away PostgreSQL with the platform's tables, for benchmarks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command

from tests import servers


@contextmanager
def migrated() -> Iterator[None]:
    """Start the servers and migrate; this process's Django stands on them within the block."""
    started = servers.start()
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        django.setup()
        from django.db import connection, connections  # noqa: PLC0415  # needs the settings

        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{connection.settings_dict["NAME"]}"')
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()
    finally:
        started.stop()
