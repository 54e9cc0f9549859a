"""How the contract's tests get on with each engine: what to ask of it, and how to wait for it.

An engine joins by an entry in ``RIGS``: its name, a function that makes its rig, and the pytest
marks its tests carry.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from atelier.core.resources import Resources
from atelier.engines.base import Engine, MemberSpec, Observation, WorkloadSpec
from atelier.engines.local import LocalEngine
from atelier.engines.memory import MemoryEngine, Script
from tests.atelier.engines.local.waiting import until_over

PATIENCE_SECONDS = 90.0
LOCAL_UID = 70_001  # whom processes run as, where the tests are root's


@dataclass(frozen=True, slots=True)
class Task:
    """What a run does: print, then end with a code, or go on until it is stopped.

    ``deaf`` means that it does not end when it is asked to.
    """

    exit_code: int | None = None
    prints: str = ""
    deaf: bool = False
    members: int = 1

    @property
    def shell(self) -> str:
        """Return the task as a shell script."""
        lines = [f"printf %s '{self.prints}'"] if self.prints else []
        lines += ["trap '' TERM"] if self.deaf else []
        if self.exit_code is None:
            lines += ["while true; do sleep 1; done" if self.deaf else "exec sleep 600"]
        else:
            lines += [f"exit {self.exit_code}"]
        return "; ".join(lines)


ON_AND_ON = Task()


def spec_of(name: str, task: Task = ON_AND_ON, **more: Any) -> WorkloadSpec:
    """Return what every engine's spec has in common; ``name`` is ``<workload>-<attempt>``."""
    workload, _, attempt = name.rpartition("-")
    return WorkloadSpec(**{
        "name": name,
        "workload_id": workload,
        "attempt": int(attempt),
        "project_id": "p1",
        "namespace": "atelier-p1",
        "owner_name": "alice",
        "members": (MemberSpec("main", task.members, Resources(50, 32 * 2**20)),),
        "command": ("/bin/sh", "-c", task.shell),
        **more,
    })  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rig:
    """An engine and how a test gets on with it.

    ``spec`` makes what the engine can run. ``keeps_output`` is false for one that runs nothing.
    ``take_name`` lets something foreign hold a run's name; None where names cannot be taken.
    """

    engine: Engine
    spec: Callable[[str, Task], WorkloadSpec] = spec_of
    name: Callable[[str], str] = str
    keeps_output: bool = True
    take_name: Callable[[str], None] | None = None
    away: Callable[[], AbstractContextManager[Engine]] | None = None
    started: list[str] = field(default_factory=list)

    def start(self, name: str, task: Task = ON_AND_ON) -> str:
        """Apply a run that does ``task``; return its name in the engine."""
        spec = self.spec(name, task)
        self.started.append(spec.name)
        self.engine.apply(spec, generation=0)
        return spec.name

    def look(self, name: str) -> Observation:
        """Look once."""
        return self.engine.observe([name])[name]

    def until(self, name: str, *phases: str) -> Observation:
        """Look until the run is in one of ``phases``."""
        return self.wait_for(lambda: self.look(name), lambda seen: seen.phase in phases)

    @staticmethod
    def wait_for(look: Callable[[], Any], is_right: Callable[[Any], bool]) -> Any:
        """Call ``look`` until its answer is right; return that."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not is_right(seen := look()):
            if time.monotonic() > give_up:
                raise AssertionError(f"still {seen}")
            time.sleep(0.1)
        return seen


@contextmanager
def memory(request: pytest.FixtureRequest) -> Iterator[Rig]:
    engine = MemoryEngine()

    def spec(name: str, task: Task) -> WorkloadSpec:
        if task.exit_code is not None:
            script = Script(run_for=timedelta(), exit_code=task.exit_code)
            engine.write_script(name.rpartition("-")[0], script)
        return spec_of(name, task)

    @contextmanager
    def away() -> Iterator[Engine]:
        engine.is_away = True
        yield engine
        engine.is_away = False

    yield Rig(engine, spec, keeps_output=False, away=away)


@contextmanager
def local(request: pytest.FixtureRequest) -> Iterator[Rig]:
    # Not below pytest's own folder, which the users that processes run as may not enter.
    with TemporaryDirectory(prefix="atelier-engine-") as folder:
        Path(folder).chmod(0o711)
        root = Path(folder) / "engine"
        engine = LocalEngine(root)

        def take_name(name: str) -> None:
            (root / f"{name}.run").mkdir(parents=True)

        def spec(name: str, task: Task) -> WorkloadSpec:
            return spec_of(name, task, uid=LOCAL_UID if os.geteuid() == 0 else None)

        yield Rig(engine, spec, take_name=take_name)
        for held in engine.inventory():
            engine.stop(held.name, grace=timedelta())
            until_over(engine, held.name)


@contextmanager
def kubernetes(request: pytest.FixtureRequest) -> Iterator[Rig]:
    from tests.atelier.engines.kubernetes.place import rig

    with rig() as made:
        yield made


Maker = Callable[[pytest.FixtureRequest], AbstractContextManager[Rig]]
RIGS: dict[str, tuple[Maker, tuple[pytest.MarkDecorator, ...]]] = {
    "memory": (memory, ()),
    "local": (local, ()),
    "kubernetes": (kubernetes, (pytest.mark.cluster,)),
}
