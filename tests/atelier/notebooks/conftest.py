"""Notebooks over the memory engine.

- ``engine``: the memory engine in the hub's place.
- ``python`` (environment), ``small`` and ``large`` (profiles): what the project is offered.
- ``make``: ``make(owner, …)`` makes a notebook server in ``project`` and starts it.
- ``settle()``: reconciles and delivers until nothing moves any more.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.engines.memory import MemoryEngine
from atelier.notebooks import services
from atelier.notebooks.models import NotebookServer, Run
from atelier.projects.models import Project
from atelier.toolkit import outbox
from atelier.toolkit.models import OutboxMessage
from atelier.workloads import engines, reconciler
from atelier.workloads.models import Workload
from tests.factories.catalog import EnvironmentFactory, ProfileFactory

Make = Callable[..., NotebookServer]


@pytest.fixture
def engine(settings: Any) -> Iterator[MemoryEngine]:
    settings.ATELIER_ENGINE = "memory"
    made = MemoryEngine()
    with engines.replaced("memory", made):
        yield made


@pytest.fixture
def python(db: None) -> Environment:
    return EnvironmentFactory.create(slug="python")


@pytest.fixture
def small(db: None) -> Profile:
    return ProfileFactory.create(slug="small", ordering=1)


@pytest.fixture
def large(db: None) -> Profile:
    resources = {"cpu_millicores": 2000, "memory_bytes": 2**30, "accelerators": {}}
    return ProfileFactory.create(slug="large", ordering=2, resources=resources)


@pytest.fixture
def make(project: Project, python: Environment, small: Profile, engine: MemoryEngine) -> Make:
    def create(owner: User, **fields: Any) -> NotebookServer:
        values: dict[str, Any] = {"project": project, "environment": python.pk, "profile": small.pk}
        return services.create_server(owner=owner, **(values | fields))

    return create


def reconcile(times: int = 1) -> None:
    for _ in range(times):
        Workload.objects.live().update(due_at=timezone.now())
        reconciler.drain("memory")


def settle() -> None:
    """Reconcile and deliver until nothing moves any more."""
    for _ in range(10):
        before = _moving()
        reconcile(2)
        outbox.deliver_due()
        if _moving() == before and not OutboxMessage.objects.filter(tries=0).exists():
            return
    raise AssertionError(f"still moving: {_moving()}")


def _moving() -> list[tuple[str, str]]:
    return sorted(Workload.objects.values_list("pk", "status"))


def fresh(server: NotebookServer) -> NotebookServer:
    return NotebookServer.objects.select_related("workload", "profile", "owner").get(pk=server.pk)


def workload_of(server: NotebookServer) -> Workload:
    workload = fresh(server).workload
    assert workload is not None
    return workload


def run_of(server: NotebookServer) -> Run:
    return Run.objects.get(pk=workload_of(server).pk)
