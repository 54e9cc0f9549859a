"""What the person at the terminal sees: one line for each thing being done."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_printing = Lock()


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe and from several threads."""
    with _printing:
        try:
            print(text, flush=True)
        except BrokenPipeError:
            # Whoever read has seen enough, as in `make up | head`: the work itself goes on.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: str) -> None:
    """Print what went wrong."""
    with _printing:
        print(text, file=sys.stderr, flush=True)


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Announce something that takes a while, and say how long it took."""
    say(f"· {doing} …")
    began = time.monotonic()
    yield
    say(f"  {doing}: {time.monotonic() - began:.1f} s")
