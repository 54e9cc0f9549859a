"""Waiting for real processes: generously, for the machine may be busy."""

import time
from collections.abc import Callable
from typing import TypeVar

from atelier.engines.base import OVER, Observation
from atelier.engines.local import LocalEngine

PATIENCE_SECONDS = 90.0

T = TypeVar("T")


def until(look: Callable[[], T], is_right: Callable[[T], bool] = bool) -> T:
    """Call ``look`` until its answer is right; return that."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not is_right(seen := look()):
        if time.monotonic() > give_up:
            raise AssertionError(f"still {seen}")
        time.sleep(0.05)
    return seen


def until_over(engine: LocalEngine, name: str) -> Observation:
    """Wait until a run has ended."""
    return until(lambda: engine.observe([name])[name], lambda seen: seen.phase in OVER)
