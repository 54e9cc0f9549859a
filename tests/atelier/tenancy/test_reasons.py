"""Why something waits for the project's place: told by whoever makes the place."""

from collections.abc import Iterator
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.base import WorkloadSpec
from atelier.engines.memory import MemoryEngine
from atelier.projects.models import Project
from atelier.tenancy import services
from atelier.tenancy.models import Place, State
from atelier.workloads import engines, kinds, kubernetes, reconciler
from atelier.workloads import services as workloads
from atelier.workloads.models import Workload
from tests.atelier.workloads.conftest import Sleeper
from tests.conftest import Api
from tests.factories.catalog import EnvironmentFactory, ProfileFactory


class NoNamespace(MemoryEngine):
    """An engine that finds no namespace, or has no right in it."""

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        raise EngineUnavailable("NAMESPACE_PENDING")


@pytest.fixture
def nowhere(db: None, settings: Any) -> Iterator[None]:
    settings.ATELIER_ENGINE = "kubernetes"
    kinds.register(Sleeper)
    with engines.replaced("memory", NoNamespace()):
        yield
    kinds.unregister(Sleeper)


def why(project: Project, owner: User) -> tuple[str, dict[str, Any]]:
    run = workloads.request_start(
        kind="sleeper", owner=owner, project=project, resources=Resources(1000, 2**30),
        durable_id="s1", name="nap",
    )  # fmt: skip
    reconciler.drain("memory")
    seen = Workload.objects.get(pk=run.pk)
    return seen.reason_code, seen.reason_params


def test_a_place_in_the_making_is_told(nowhere: None, alice: User, project: Project) -> None:
    code, _ = why(project, alice)

    assert code == "NAMESPACE_PENDING"


def test_what_keeps_the_place_from_being_made_is_told(
    nowhere: None, alice: User, project: Project
) -> None:
    services.place_of(project)
    Place.objects.update(
        state=State.FAILED, problem_code="FOREIGN_OBJECT", problem_params={"name": "atelier-p1"}
    )

    code, params = why(project, alice)

    assert (code, params["name"]) == ("FOREIGN_OBJECT", "atelier-p1")


@pytest.mark.parametrize(
    ("state", "problem", "verdict", "told"),
    [
        (State.PENDING, "", "waits", "NAMESPACE_PENDING"),
        (State.FAILED, "FOREIGN_OBJECT", "waits", "FOREIGN_OBJECT"),
        (State.READY, "", "fits", None),
        (State.READY, "CLUSTER_SILENT", "fits", None),
    ],
)
def test_asked_before_it_is_submitted_the_place_counts(
    api: Api, alice: User, project: Project, settings: Any,
    state: State, problem: str, verdict: str, told: str | None,
) -> None:  # fmt: skip
    settings.ATELIER_ENGINE = "kubernetes"
    services.place_of(project)
    Place.objects.update(state=state, problem_code=problem)
    asked = {
        "kind": "job",
        "project": project.pk,
        "environment": EnvironmentFactory.create().pk,
        "profile": ProfileFactory.create().pk,
    }

    with engines.replaced("kubernetes", kubernetes.engine()):
        answer = api(alice).post("/api/v1/check", asked).json()

    assert answer["verdict"] == verdict
    assert (answer["reason"] or {}).get("code") == told
