"""A kind and an engine for tests that start real processes: the engine keeps its runs in a folder.

``ATELIER_TEST_ENGINE_FOLDER`` names the folder. Each creation appends a line to ``created.log``,
so that a run made twice is seen.
"""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

from django.utils import timezone

from atelier.engines.base import (
    MemberObservation,
    MemberSpec,
    Observation,
    Owned,
    Phase,
    WorkloadSpec,
    gone,
)
from atelier.workloads import engines, kinds
from atelier.workloads.lifecycle import Rules
from atelier.workloads.models import Workload

FOLDER = "ATELIER_TEST_ENGINE_FOLDER"


class FolderEngine:
    """A run is a file; it fails when the file says so, and vanishes with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def created(self) -> list[str]:
        log = self.folder / "created.log"
        return log.read_text().split() if log.exists() else []

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        body = {"workload": spec.workload_id, "at": timezone.now().isoformat()}
        try:
            with (self.folder / _file(spec.name)).open("x") as file:
                json.dump(body, file)
        except FileExistsError:
            return
        with (self.folder / "created.log").open("a") as log:
            log.write(f"{spec.name}\n")

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        return {name: self._look(name) for name in names}

    def _look(self, name: str) -> Observation:
        file = self.folder / _file(name)
        if not file.exists():
            return gone(name)
        phase = Phase.FAILED if name in self._fails() else Phase.RUNNING
        member = MemberObservation("main", 0, name, phase, started_at=timezone.now())
        return Observation(name, phase, members=(member,))

    def _fails(self) -> list[str]:
        file = self.folder / "fails"
        return file.read_text().split() if file.exists() else []

    def stop(self, name: str, *, grace: timedelta) -> None:
        (self.folder / _file(name)).unlink(missing_ok=True)

    def forget(self, name: str) -> None:
        (self.folder / _file(name)).unlink(missing_ok=True)

    def inventory(self) -> Iterable[Owned]:
        return [
            Owned(unquote(file.stem), json.loads(file.read_text())["workload"])
            for file in self.folder.glob("*.run")
        ]


def _file(name: str) -> str:
    # A notebook's name at the hub has slashes.
    return f"{quote(name, safe='')}.run"


class Throwaway(kinds.Kind):
    """Waits in the queue, runs in the folder, is tried twice."""

    name = "throwaway"
    policy = kinds.Policy.QUEUE
    rules = Rules(attempts=2, first_back_off=timedelta(milliseconds=50))

    def engine(self) -> str:
        return "folder"

    def spec(self, workload: Workload) -> WorkloadSpec:
        return WorkloadSpec(
            name=kinds.run_name(workload),
            workload_id=workload.pk,
            attempt=workload.attempt_number,
            project_id=workload.project_id,
            namespace=workload.project.namespace,
            owner_name=workload.owner.username,
            members=(MemberSpec("main", 1, workload.as_resources),),
        )


def make_engine() -> FolderEngine:
    return FolderEngine(Path(os.environ[FOLDER]))


def register() -> None:
    """Make both known to this process."""
    kinds.register(Throwaway)
    engines.register("folder", make_engine)
