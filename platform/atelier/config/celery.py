"""The Celery application: tasks are found in the features, the schedule in their declarations."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atelier.config.settings")

app = Celery("atelier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks(lambda: ["atelier.toolkit", *(f"atelier.{f}" for f in settings.FEATURES)])


@app.on_after_finalize.connect
def set_schedule(sender: Celery, **_: object) -> None:
    """Let beat ring every task that declared ``every``."""
    app.loader.import_default_modules()
    sender.conf.beat_schedule = {
        name: {"task": name, "schedule": every, "options": {"expires": max(every * 2, 10)}}
        for name, every in settings.ATELIER_PERIODIC.items()
    }


@worker_ready.connect
def hear_engines(sender: Any, **_: object) -> None:
    """Let engines ring from the worker that looks after them, where their accounts are."""
    from atelier.workloads import watching  # noqa: PLC0415  # models come first

    if app.conf.task_default_queue in sender.app.amqp.queues.consume_from:
        watching.begin()
