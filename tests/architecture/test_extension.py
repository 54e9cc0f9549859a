"""A new kind and a new engine run through the kernel, and nothing of the kernel knows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, Observation, Owned, Phase, WorkloadSpec, gone
from atelier.projects.models import Project
from atelier.workloads import engines, kinds, reconciler, services
from atelier.workloads.models import Workload
from atelier.workloads.status import Status


@dataclass
class Kitchen:
    """An engine that bakes: everything rises in one look."""

    oven: dict[str, WorkloadSpec] = field(default_factory=dict)

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        self.oven[spec.name] = spec

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        return {n: Observation(n, Phase.RUNNING) if n in self.oven else gone(n) for n in names}

    def stop(self, name: str, *, grace: timedelta) -> None:
        self.oven.pop(name, None)

    def forget(self, name: str) -> None:
        self.oven.pop(name, None)

    def inventory(self) -> Iterable[Owned]:
        return [Owned(name, spec.workload_id) for name, spec in self.oven.items()]


class Cake(kinds.Kind):
    """Something the platform has never heard of."""

    name = "cake"
    eaten = 0

    def engine(self) -> str:
        return "kitchen"

    def spec(self, workload: Workload) -> WorkloadSpec:
        return WorkloadSpec(
            name=kinds.run_name(workload),
            workload_id=workload.pk,
            attempt=workload.attempt_number,
            project_id=workload.project_id,
            namespace=workload.project.namespace,
            owner_name=workload.owner.username,
            members=(MemberSpec("tin", 1, workload.as_resources),),
        )

    def on_settled(self, workload: Workload) -> None:
        type(self).eaten += 1


@pytest.fixture
def kitchen() -> Iterator[Kitchen]:
    kinds.register(Cake)
    with engines.replaced("kitchen", Kitchen()):
        engine = engines.get("kitchen")
        assert isinstance(engine, Kitchen)
        yield engine
    kinds.unregister(Cake)


@pytest.mark.django_db
def test_a_throw_away_kind_runs_on_a_throw_away_engine(
    kitchen: Kitchen, alice: User, project: Project
) -> None:
    def bake() -> str:
        Workload.objects.update(due_at=timezone.now())
        reconciler.drain("kitchen")
        return Workload.objects.get().status

    cake = services.request_start(
        kind="cake", owner=alice, project=project, resources=Resources(100, 2**20),
        durable_id="c1", name="a cake",
    )  # fmt: skip
    assert [bake(), bake()] == [Status.STARTING, Status.RUNNING]
    assert set(kitchen.oven) == {f"{cake.pk}-1"}

    services.request_stop(cake, actor=alice)
    bake()

    assert bake() == Status.STOPPED
    assert kitchen.oven == {}
    assert Cake.eaten == 1
