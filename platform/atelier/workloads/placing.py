"""The engines of this installation, made from its settings.

Only those that it uses: whatever is registered is asked for orphans every half minute.
"""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from atelier.engines.local import LocalEngine
from atelier.engines.memory import MemoryEngine
from atelier.workloads import kubernetes
from atelier.workloads.engines import Factory

FOLDER = "engine"  # of the local engine, below ATELIER_HOME
RUNTIME = "runtime"  # the local environment that every installation has


def factories() -> Mapping[str, Factory]:
    """Return what makes each engine, by its name."""
    chosen: dict[str, Factory] = {"memory": MemoryEngine.shared}
    if settings.ATELIER_ENGINE == "local":
        chosen["local"] = local_engine
    if settings.ATELIER_ENGINE == kubernetes.ENGINE:
        chosen[kubernetes.ENGINE] = kubernetes.engine
    return chosen


def local_engine() -> LocalEngine:
    """Return the engine that runs processes of this machine."""
    python = settings.ATELIER_RUNTIME_PYTHON
    runtimes = {RUNTIME: Path(python)} if python else {}
    return LocalEngine(Path(settings.ATELIER_HOME) / FOLDER, runtimes=runtimes)
