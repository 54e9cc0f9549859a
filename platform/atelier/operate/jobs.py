"""Jobs seen from here: processes of the local engine, which go on without a worker."""

from __future__ import annotations

import time
from datetime import timedelta

from atelier.engines.base import OVER
from atelier.engines.local import LocalEngine
from atelier.operate.home import Home

FOLDER = "engine"  # as workloads.placing has it; a test holds them together
GRACE = timedelta(seconds=5)
PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.1


def end(home: Home) -> int:
    """End the jobs no worker ends any more; returns how many there were.

    The portal reads when it is up again that they were stopped with the platform.
    """
    if not (home.folder / FOLDER).is_dir():
        return 0
    engine = LocalEngine(home.folder / FOLDER)
    names = engine.stop_everything(grace=GRACE, reason="PLATFORM_STOPPED")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if all(seen.phase in OVER for seen in engine.observe(names).values()):
            break
        time.sleep(POLL_SECONDS)
    return len(names)
