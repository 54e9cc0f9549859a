"""Task policy in one place, and the doorbell that says "this has work".

Tasks carry ids or names, are short, may run twice and never keep a result.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec

from celery import current_app, shared_task
from django.conf import settings
from django.db import transaction

from atelier.toolkit import background, broker

P = ParamSpec("P")

SOFT_LIMIT_SECONDS = 240
HARD_LIMIT_SECONDS = 300

PERIODIC: dict[str, float] = {}


def task(name: str, *, every: float | None = None) -> Callable[[Callable[P, None]], Any]:
    """Make a function the Celery task ``name`` under the platform's policy.

    ``every`` seconds beat rings it as well; such a task must be single-flight by itself.
    """
    if every is not None:
        PERIODIC[name] = every
    return shared_task(
        name=name,
        acks_late=True,
        reject_on_worker_lost=True,
        ignore_result=True,
        soft_time_limit=SOFT_LIMIT_SECONDS,
        time_limit=HARD_LIMIT_SECONDS,
    )


def ring(name: str, *args: str) -> None:
    """Ring for the task ``name`` after the present transaction commits, off the request path."""
    transaction.on_commit(partial(ring_now, name, *args))


def ring_now(name: str, *args: str, delay: float = 0) -> None:
    """Ring at once; for callers that hold no transaction."""
    if settings.ATELIER_DOORBELLS:
        background.send(partial(_publish, name, args, delay))


def wake(name: str, *args: str, delay: float) -> None:
    """Ring in ``delay`` seconds, unless a wake-up of the same is under way already.

    So a task that asks to be woken as long as it has work keeps one such chain, whoever else rang.
    """
    if settings.ATELIER_DOORBELLS:
        background.send(partial(_publish_once, name, args, delay))


def _publish_once(name: str, args: tuple[str, ...], delay: float) -> None:
    key = ":".join(("atelier:wake", name, *args))
    if broker.client().set(key, "1", nx=True, px=max(1, int(delay * 1000))):
        _publish(name, args, delay)


def _publish(name: str, args: tuple[str, ...], delay: float) -> None:
    current_app.send_task(name, args=list(args), countdown=delay or None, ignore_result=True)
