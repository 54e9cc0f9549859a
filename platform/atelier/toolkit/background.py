"""Messages that leave after the answer: one daemon thread a process, a bounded queue.

A broker that accepts connections and never answers would otherwise hold the web request. What is
dropped here costs seconds, never correctness: rows are the truth and the sweep rings again.
"""

import logging
import queue
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

MOST_WAITING = 1000

_queue: queue.Queue[Callable[[], object]] = queue.Queue(MOST_WAITING)
_thread: threading.Thread | None = None
_starting = threading.Lock()


def send(action: Callable[[], object]) -> None:
    """Run ``action`` soon in the background; dropped with a log line when too many wait."""
    _ensure_thread()
    try:
        _queue.put_nowait(action)
    except queue.Full:
        logger.warning("background queue full, message dropped")


def waiting() -> int:
    """Return how many messages wait; shown on the health page."""
    return _queue.qsize()


def _ensure_thread() -> None:
    global _thread
    with _starting:
        # A fork (granian, celery prefork) leaves the thread behind in the parent.
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_drain, name="atelier-background", daemon=True)
            _thread.start()


def _drain() -> None:
    while True:
        action = _queue.get()
        try:
            action()
        except Exception:  # the outermost loop of this thread
            logger.warning("background message failed", exc_info=True)
