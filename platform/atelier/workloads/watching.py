"""Hearing sooner than by the next look: a thread in the worker for each engine that can ring.

What an engine says is only that something happened; what, is found by looking.
"""

import logging
import time
from collections.abc import Collection
from functools import partial
from threading import Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from atelier.engines.base import Watching
from atelier.toolkit.tasks import ring_now
from atelier.workloads import engines
from atelier.workloads.models import Workload
from atelier.workloads.services import DRAIN
from atelier.workloads.status import IN_ENGINE

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


def begin() -> list[Thread]:
    """Listen to every engine that can ring; the threads end with the process."""
    able = [(name, engines.get(name)) for name in engines.names()]
    threads = [
        Thread(target=_listen, args=(name, engine), name=f"watch-{name}", daemon=True)
        for name, engine in able
        if isinstance(engine, Watching)
    ]
    for thread in threads:
        thread.start()
    return threads


def _listen(name: str, engine: Watching) -> None:
    while True:
        try:
            engine.watch(partial(hear, name))
            return
        except Exception:  # the outermost loop of the thread: it listens as long as it can
            logger.warning("watch ended", extra={"engine": name}, exc_info=True)
        time.sleep(PAUSE_SECONDS)


def hear(engine_name: str, names: Collection[str] = ()) -> None:
    """Have the runs of these names looked at now; without names, all that the engine holds."""
    now = timezone.now()
    later = Workload.objects.filter(engine=engine_name, status__in=IN_ENGINE, due_at__gt=now)
    if names:
        later = later.filter(engine_name__in=names)
    try:
        later.update(due_at=now)
    except DatabaseError:
        logger.warning("not heard", extra={"engine": engine_name}, exc_info=True)
        connection.close()
    ring_now(DRAIN, engine_name)
