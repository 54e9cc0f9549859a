"""A throw-away kind and the memory engine.

- ``engine``: a memory engine registered as ``memory``, with a clock the test moves.
- ``sleeper``: a kind that starts at once; ``batch`` one that waits in the queue.
- ``start``: ``start(owner, …)`` asks for a run in ``project``.
- ``settle``: reconciles until nothing moves any more.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, WorkloadSpec
from atelier.engines.memory import MemoryEngine
from atelier.projects.models import Project
from atelier.workloads import engines, kinds, reconciler, services
from atelier.workloads.kinds import Kind, Policy
from atelier.workloads.lifecycle import Rules
from atelier.workloads.models import Workload

GIB = 2**30
SMALL = Resources(1000, GIB)


class Sleeper(Kind):
    """Sleeps somewhere; starts at once or not at all."""

    name = "sleeper"
    counts_as = "sleepers"
    settled: ClassVar[list[str]] = []
    ran: ClassVar[list[str]] = []

    def engine(self) -> str:
        return "memory"

    def spec(self, workload: Workload) -> WorkloadSpec:
        return WorkloadSpec(
            name=kinds.run_name(workload),
            workload_id=workload.pk,
            attempt=workload.attempt_number,
            project_id=workload.project_id,
            namespace=workload.project.namespace,
            owner_name=workload.owner.username,
            members=(MemberSpec("main", workload.replicas, workload.as_resources),),
        )

    def on_running(self, workload: Workload) -> None:
        self.ran.append(workload.pk)

    def on_settled(self, workload: Workload) -> None:
        self.settled.append(workload.pk)


class Batch(Sleeper):
    """Sleeps when there is room, and is tried twice."""

    name = "batch"
    policy = Policy.QUEUE
    counts_as = ""
    rules = Rules(attempts=2)


@pytest.fixture(autouse=True)
def throw_away_kinds() -> Iterator[None]:
    for kind in (Sleeper, Batch):
        kinds.register(kind)
    Sleeper.settled.clear()
    Sleeper.ran.clear()
    yield
    for kind in (Sleeper, Batch):
        kinds.unregister(kind)


@pytest.fixture
def engine() -> Iterator[MemoryEngine]:
    made = MemoryEngine()
    with engines.replaced("memory", made):
        yield made


Start = Callable[..., Workload]


@pytest.fixture
def start(project: Project) -> Start:
    def request(owner: User, kind: str = "sleeper", **fields: Any) -> Workload:
        values: dict[str, Any] = {
            "project": project,
            "resources": SMALL,
            "durable_id": "n1",
            "name": "nap",
        }
        return services.request_start(kind=kind, owner=owner, **(values | fields))

    return request


def reconcile(times: int = 1) -> None:
    """Make everything due and look after it, ``times`` times."""
    for _ in range(times):
        Workload.objects.live().update(due_at=timezone.now())
        reconciler.drain("memory")
