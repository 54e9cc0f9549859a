"""Small pieces on top of Django's ORM: compare-and-swap moves and advisory locks."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import OperationalError, connection, models
from psycopg2.errors import QueryCanceled

M = TypeVar("M", bound=models.Model)


class MovingQuerySet(models.QuerySet[M]):
    """A queryset whose rows change status by compare-and-swap only."""

    def move(self, pk: object, *, from_: str | Collection[str], to: str, **fields: Any) -> bool:
        """Set ``status`` to ``to`` if it is ``from_`` now; tell whether this call did it.

        One UPDATE changes one row or none, so of many callers exactly one wins.
        """
        states = [from_] if isinstance(from_, str) else list(from_)
        return self.filter(pk=pk, status__in=states).update(status=to, **fields) == 1


def _key(name: str) -> int:
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def lock_in_transaction(name: str) -> None:
    """Wait for the advisory lock ``name``; it is held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])


@contextmanager
def try_lock(name: str) -> Iterator[bool]:
    """Take the session's advisory lock ``name`` if it is free; yields whether it was."""
    taken = _take(name)
    try:
        yield taken
    finally:
        if taken:
            _give_back(name)


@contextmanager
def single_flight(name: str) -> Iterator[bool]:
    """Run the block in one place at a time, with at most one more waiting its turn.

    Yields False when somebody else already waits: that one has yet to look, so whatever the
    caller wrote before calling is seen by it and the caller may leave. It yields False as well
    when its turn does not come within the statement timeout: a sweep asks again.
    """
    if not _take(f"{name}:waiting"):
        yield False
        return
    try:
        its_turn = _wait_for(name)
    finally:
        # The next ring may take the place in the queue: what it announces is not looked at yet.
        _give_back(f"{name}:waiting")
    try:
        yield its_turn
    finally:
        if its_turn:
            _give_back(name)


def _wait_for(name: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_key(name)])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return False
        raise
    return True


def _take(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)])
        return bool(cursor.fetchone()[0])


def _give_back(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])
