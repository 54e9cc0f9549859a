"""How the cluster and its worker read on the page of those who run the platform."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.resources import Resources
from atelier.health import report
from atelier.projects.models import Project
from atelier.tenancy import services
from atelier.tenancy.models import Place, Sighting, State
from atelier.toolkit import broker
from tests.atelier.health.test_api import parts
from tests.conftest import Api

GIB = 2**30
Seen = Callable[..., None]


@pytest.fixture(autouse=True)
def on_kubernetes(db: None, settings: Any) -> Iterator[None]:
    settings.ATELIER_ENGINE = "kubernetes"
    yield
    broker.client().delete(report.KEY, django_settings.CELERY_TASK_DEFAULT_QUEUE)


@pytest.fixture
def seen() -> Seen:
    def note(*, seconds_ago: int = 5, tried_seconds_ago: int = 5, **problem: Any) -> None:
        gpus = Resources(8000, 32 * GIB, accelerators={"nvidia.com/gpu": 2})
        now = timezone.now()
        Sighting.objects.create(
            engine="kubernetes",
            nodes=[Resources(4000, 16 * GIB).to_json(), gpus.to_json()],
            seen_at=now - timedelta(seconds=seconds_ago),
            tried_at=now - timedelta(seconds=tried_seconds_ago),
            **problem,
        )

    return note


def test_what_the_cluster_has_is_told_with_its_age(api: Api, admin: User, seen: Seen) -> None:
    seen()

    found = parts(api, admin)

    assert found["cluster"]["state"] == "ok"
    assert (
        found["cluster"]["detail"]
        == "Nodes: 2, with 12 cores, 48 GiB, 2 × GPU in all; seen 5 s ago."
    )
    assert found["tenancy"]["state"] == "ok"


def test_nobody_has_looked_yet(api: Api, admin: User) -> None:
    found = parts(api, admin)

    assert found["cluster"]["state"] == "degraded"
    assert found["tenancy"]["state"] == "down"


def test_a_silent_cluster_is_down_and_its_worker_well(api: Api, admin: User, seen: Seen) -> None:
    seen(seconds_ago=300, problem_code="CLUSTER_SILENT", problem_params={"detail": "TimeoutError"})

    found = parts(api, admin)

    assert found["cluster"]["state"] == "down"
    assert found["cluster"]["detail"].startswith("The cluster does not answer (TimeoutError).")
    assert found["tenancy"]["state"] == "ok"


@pytest.mark.parametrize(("seconds", "state"), [(45, "ok"), (120, "degraded"), (300, "down")])
def test_a_worker_that_fell_silent_is_first_behind_and_then_down(
    api: Api, admin: User, seen: Seen, seconds: int, state: str
) -> None:
    seen(seconds_ago=seconds, tried_seconds_ago=seconds)

    assert parts(api, admin)["tenancy"]["state"] == state


def test_a_project_without_a_sound_place_is_told(
    api: Api, admin: User, project: Project, seen: Seen
) -> None:
    seen()
    services.place_of(project)
    Place.objects.update(
        state=State.FAILED, problem_code="FOREIGN_OBJECT", problem_params={"name": "atelier-p1"}
    )

    found = parts(api, admin)["tenancy"]

    assert found["state"] == "degraded"
    assert found["detail"] == (
        "1 of 1 projects have no sound place on the cluster: "
        "Something that is not ours holds the name atelier-p1."
    )


def test_in_the_local_home_there_is_no_cluster(api: Api, admin: User, settings: Any) -> None:
    settings.ATELIER_ENGINE = "local"

    assert {"cluster", "tenancy"}.isdisjoint(parts(api, admin))
