"""Named places where a test may kill the hub: ATELIER_FAILPOINT=<name> and the process is gone.

SIGKILL leaves no chance to clean up, which is the point: whatever the hub forgot to write down
before a failpoint is lost, and the restart test shows it.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "ATELIER_FAILPOINT"

INTENT_SAVED = "intent-saved"  # the spawn id is on record, nothing was asked yet
PLAN_RECEIVED = "plan-received"  # the portal bound its workload to this spawn id
BEFORE_PROCESS = "before-process"  # everything is ready, no process yet
HOME_MADE = "home-made"  # pods: home and secret exist, the pod does not
PROCESS_MADE = "process-made"  # a process runs, its identity is not on record
PROCESS_SAVED = "process-saved"  # the identity is on record, the server does not answer yet
ANSWERING = "answering"  # the server answers, the hub does not know yet
STOP_BEGUN = "stop-begun"  # asked to stop, nothing was signalled
STOP_SIGNALLED = "stop-signalled"  # SIGTERM went out
STOP_DONE = "stop-done"  # all processes are gone, the hub has not written it down

ALL = (
    INTENT_SAVED,
    PLAN_RECEIVED,
    BEFORE_PROCESS,
    HOME_MADE,
    PROCESS_MADE,
    PROCESS_SAVED,
    ANSWERING,
    STOP_BEGUN,
    STOP_SIGNALLED,
    STOP_DONE,
)


def failpoint(name: str) -> None:
    """Die here if the environment names this place."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
