"""Who asks, from where and under which request id, for the audit log and the logs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Caller:
    """The one on whose behalf the code runs; ``actor`` is a User or None for the platform."""

    request_id: str = ""
    address: str = ""
    actor: Any = None  # accounts.User; this layer knows no feature
    language: str = "en"
    user_agent: str = ""


_caller: ContextVar[Caller | None] = ContextVar("atelier_caller", default=None)


def caller() -> Caller:
    """Return the present caller; outside a request an anonymous one."""
    return _caller.get() or Caller()


@contextmanager
def acting(new: Caller) -> Iterator[Caller]:
    """Make ``new`` the caller within the block."""
    token = _caller.set(new)
    try:
        yield new
    finally:
        _caller.reset(token)
