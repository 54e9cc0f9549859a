"""What the cluster can give, published for those without an account there."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.catalog import capacity as catalog
from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.projects.models import Project
from atelier.tenancy import capacity
from atelier.tenancy.models import Sighting
from atelier.workloads import engines, kubernetes
from tests.conftest import Api
from tests.factories.catalog import EnvironmentFactory, ProfileFactory

GIB = 2**30
BIG = Resources(8000, 16 * GIB)
ACCELERATED = Resources(2000, 64 * GIB, accelerators={"nvidia.com/gpu": 2})


class Machines:
    """A ground that has machines, or is silent."""

    def __init__(self, *nodes: Resources) -> None:
        self.machines: list[Resources] | None = list(nodes)

    def nodes(self) -> list[Resources]:
        if self.machines is None:
            raise EngineUnavailable(params={"detail": "TimeoutError"})
        return self.machines


@pytest.fixture
def cluster_of(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    settings.ATELIER_ENGINE = "kubernetes"

    def use(*nodes: Resources) -> Machines:
        machines = Machines(*nodes)
        monkeypatch.setattr(capacity, "ground", lambda: machines)
        capacity.measure()
        capacity.forget()
        return machines

    capacity.forget()
    yield use
    capacity.forget()


def test_the_largest_of_each_is_read_from_what_was_published(cluster_of: Any) -> None:
    cluster_of(BIG, ACCELERATED)

    assert catalog.largest("kubernetes") == Resources(
        8000, 64 * GIB, accelerators={"nvidia.com/gpu": 2}
    )
    assert catalog.machines("kubernetes") == [BIG, ACCELERATED]


def test_other_engines_have_this_machine(cluster_of: Any) -> None:
    cluster_of(BIG)

    assert catalog.largest("local") == catalog.this_machine("local")
    assert catalog.machines("local") == [catalog.this_machine("local")]


def test_before_the_first_look_nobody_knows(cluster_of: Any) -> None:
    assert catalog.largest("kubernetes") is None
    assert catalog.machines("kubernetes") is None


def test_r08_a_failed_look_keeps_what_was_seen_with_its_age(cluster_of: Any) -> None:
    machines = cluster_of(BIG)
    seen_at = Sighting.objects.get().seen_at

    machines.machines = None
    capacity.measure()
    capacity.forget()

    row = Sighting.objects.get()
    assert (row.seen_at, row.problem_code) == (seen_at, "CLUSTER_SILENT")
    assert catalog.largest("kubernetes") == BIG


def test_what_was_seen_too_long_ago_refuses_nobody(cluster_of: Any) -> None:
    cluster_of(BIG)

    Sighting.objects.update(seen_at=timezone.now() - capacity.TOO_OLD - timedelta(seconds=1))
    capacity.forget()

    assert catalog.largest("kubernetes") is None


def test_a_cluster_without_nodes_refuses_nobody(cluster_of: Any) -> None:
    cluster_of()

    assert catalog.largest("kubernetes") is None


def test_a_profile_with_a_gpu_that_no_node_has_says_so(
    cluster_of: Any, api: Api, alice: User, project: Project
) -> None:
    cluster_of(BIG)
    gpu = {"cpu_millicores": 1000, "memory_bytes": GIB, "accelerators": {"nvidia.com/gpu": 1}}
    ProfileFactory.create(slug="gpu", resources=gpu)

    (row,) = api(alice).get(f"/api/v1/profiles?project={project.pk}").json()["results"]

    assert row["unavailable_reason"]["code"] == "ACCELERATOR_MISSING"
    assert row["unavailable_reason"]["text"] == "No machine here has GPU."


def test_executors_that_are_pods_need_not_share_a_machine(
    cluster_of: Any, api: Api, alice: User, project: Project
) -> None:
    cluster_of(Resources(2000, 8 * GIB))
    small = {"cpu_millicores": 2000, "memory_bytes": 4 * GIB, "accelerators": {}}
    large = small | {"cpu_millicores": 3000}
    for slug, executor in (("fits", small), ("never", large)):
        ProfileFactory.create(
            slug=slug, resources=small, spark_executors=4, spark_executor_resources=executor
        )

    rows = api(alice).get(f"/api/v1/profiles?project={project.pk}").json()["results"]

    told = {row["slug"]: (row["unavailable_reason"] or {}).get("code") for row in rows}
    assert told == {"fits": None, "never": "PROFILE_TOO_LARGE"}


@pytest.mark.parametrize("kind", ["notebook", "job"])
def test_asked_before_it_is_submitted_the_answer_is_never(
    cluster_of: Any, api: Api, alice: User, project: Project, kind: str
) -> None:
    cluster_of(BIG)
    gpu = {"cpu_millicores": 1000, "memory_bytes": GIB, "accelerators": {"nvidia.com/gpu": 1}}
    asked = {
        "kind": kind,
        "project": project.pk,
        "environment": EnvironmentFactory.create().pk,
        "profile": ProfileFactory.create(resources=gpu).pk,
    }

    with engines.replaced("kubernetes", kubernetes.engine()):  # as the portal has it there
        answer = api(alice).post("/api/v1/check", asked).json()

    assert (answer["verdict"], answer["reason"]["code"]) == ("never", "ACCELERATOR_MISSING")
