"""Who rings for the tenancy worker, and where: with the real broker of the tests."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from atelier.accounts.models import User
from atelier.config import celery
from atelier.core.resources import Resources
from atelier.projects import services as projects
from atelier.projects.models import Project
from atelier.quotas import services as quotas
from atelier.quotas.models import Line, Scope
from atelier.tenancy import services
from atelier.tenancy.models import Place
from atelier.toolkit import broker
from atelier.workloads import kinds
from atelier.workloads import services as workloads
from tests.atelier.workloads.conftest import Sleeper

QUEUES = ("tenancy", "celery")


@pytest.fixture
def rung(
    db: None, settings: Any, django_capture_on_commit_callbacks: Any
) -> Iterator[Callable[[Callable[[], object]], set[tuple[str, str]]]]:
    settings.ATELIER_DOORBELLS = True
    celery.app.set_default()  # as in every process of the portal
    broker.client().delete(*QUEUES)

    def by(act: Callable[[], object]) -> set[tuple[str, str]]:
        """Return the tenancy tasks that ``act`` rang for, with their argument."""
        with django_capture_on_commit_callbacks(execute=True):
            act()
        deadline = time.monotonic() + 30
        while not (found := messages()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    yield by
    broker.client().delete(*QUEUES)


def messages() -> set[tuple[str, str]]:
    raw: Any = broker.client().lrange("tenancy", 0, -1)
    headers = [orjson.loads(one)["headers"] for one in raw]
    return {(h["task"], h["argsrepr"].strip("[]'(),")) for h in headers}


Rings = Callable[[Callable[[], object]], set[tuple[str, str]]]


def test_a_new_project_rings(rung: Rings, carol: User) -> None:
    found = rung(lambda: projects.create_project(actor=carol, name="New"))

    assert found == {("tenancy.sync", Project.objects.get(slug="new").pk)}
    assert Place.objects.filter(project__slug="new").exists()


def test_an_archived_project_rings(rung: Rings, alice: User, project: Project) -> None:
    found = rung(lambda: projects.archive_project(actor=alice, project=project))

    assert found == {("tenancy.sync", project.pk)}


def test_a_deleted_project_rings(rung: Rings, alice: User, project: Project) -> None:
    projects.archive_project(actor=alice, project=project)

    found = rung(lambda: projects.delete_project(actor=alice, project=project, name=project.slug))

    assert found == {("tenancy.sync", project.pk)}


def test_a_projects_own_limit_rings_for_it(rung: Rings, admin: User, project: Project) -> None:
    def act() -> Line:
        return quotas.create_line(
            actor=admin, scope=Scope.PROJECT, scope_id=project.pk, resource="cpu", limit=1000
        )

    assert rung(act) == {("tenancy.sync", project.pk)}


def test_a_default_limit_rings_for_all(rung: Rings, admin: User) -> None:
    line = Line.objects.get(scope=Scope.PROJECT, scope_id="*", resource="cpu")

    found = rung(
        lambda: quotas.set_limit(actor=admin, line=line, limit=1000, expected_version=line.version)
    )

    assert found == {("tenancy.sweep", "")}


def test_a_workload_of_several_members_rings(rung: Rings, bob: User, project: Project) -> None:
    kinds.register(Sleeper)
    try:
        found = rung(
            lambda: workloads.request_start(
                kind="sleeper", owner=bob, project=project, resources=Resources(100, 2**20),
                durable_id="s1", name="nap", replicas=2,
            )
        )  # fmt: skip
    finally:
        kinds.unregister(Sleeper)

    assert found == {("tenancy.sync", project.pk)}


def test_the_way_to_the_internet_rings(rung: Rings, admin: User, project: Project) -> None:
    found = rung(lambda: services.set_internet(actor=admin, project=project, allowed=False))

    assert found == {("tenancy.sync", project.pk)}
