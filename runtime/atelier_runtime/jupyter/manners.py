"""A server that shares its machine with the platform steps back once it is up.

By the process itself: the hub may lack the right to change another user's process. Kernels and
terminals inherit all of it. These are manners, not limits; Kubernetes mode has limits.
"""

from __future__ import annotations

import logging
import os
import resource
from pathlib import Path

NICE = 5
OOM_SCORE_ADJ = 300
OPEN_FILES = 8192

logger = logging.getLogger(__name__)


def step_back() -> None:
    """Be the first to wait for the processor and the first to go when memory runs out.

    A pod has limits instead, and a rank of the kubelet's choice.
    """
    shared = () if "KUBERNETES_SERVICE_HOST" in os.environ else (_nice, _first_to_go)
    for courtesy in (*shared, _no_core_dumps, _enough_files):
        try:
            courtesy()
        except OSError as error:
            # Whatever the system does not grant, the server works without.
            logger.info("not possible here: %s (%s)", courtesy.__name__, error)


def _nice() -> None:
    os.nice(NICE)


def _first_to_go() -> None:
    Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE_ADJ), "ascii")


def _no_core_dumps() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _enough_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
