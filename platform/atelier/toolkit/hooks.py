"""Seams from a lower layer to a higher one, filled in ``AppConfig.ready()``.

A ``Hook`` is a step that others join: all run, in the caller's transaction, so they do database
work only. A ``Provider`` is a question that one higher layer answers.
"""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P]):
    """A named step that higher layers join; nobody joins twice."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._joined: list[Callable[P, None]] = []

    def register(self, action: Callable[P, None]) -> None:
        """Let ``action`` run whenever the step is taken."""
        if action not in self._joined:
            self._joined.append(action)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for action in self._joined:
            action(*args, **kwargs)


class Provider(Generic[P, R]):
    """A question with a default answer until a higher layer answers it."""

    def __init__(self, name: str, default: Callable[P, R]) -> None:
        self.name = name
        self._default = default
        self._answer = default

    def provide(self, answer: Callable[P, R]) -> None:
        """Let ``answer`` reply from now on; two different ones are a mistake."""
        if self._answer not in (self._default, answer):
            raise RuntimeError(f"two answers for {self.name}")
        self._answer = answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._answer(*args, **kwargs)
