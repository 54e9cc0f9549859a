"""What was found about one part, and how figures become a state: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a part does."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state with the sentence (a code of ``core.reasons``) that tells why."""

    name: str
    state: State
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From how many seconds on something is behind, and from how many it counts as down."""

    slow: float
    dead: float

    def judge(self, seconds: float) -> State:
        """Return the state of something that took or waits ``seconds``."""
        if seconds >= self.dead:
            return State.DOWN
        return State.DEGRADED if seconds >= self.slow else State.OK


def answered(name: str, seconds: float) -> Finding:
    """Return the finding of a part that answered."""
    state = State.DEGRADED if seconds >= 1 else State.OK
    return Finding(name, state, "HEALTH_ANSWERS", {"ms": max(1, round(seconds * 1000))})


def silent(name: str, error: Exception) -> Finding:
    """Return the finding of a part that did not answer."""
    return Finding(name, State.DOWN, "HEALTH_SILENT", {"error": type(error).__name__})


def backlog(name: str, count: int, oldest_seconds: float, bounds: Bounds) -> Finding:
    """Return the finding of a queue in which ``count`` wait, the first since ``oldest_seconds``."""
    if count == 0:
        return Finding(name, State.OK, "HEALTH_NOTHING_WAITS")
    params = {"count": count, "seconds": round(oldest_seconds)}
    return Finding(name, bounds.judge(oldest_seconds), "HEALTH_WAITING", params)
