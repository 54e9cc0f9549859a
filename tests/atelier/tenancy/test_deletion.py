"""A project goes for good: drained first, its homes removed, its slug free."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import Conflict
from atelier.notebooks.models import NotebookServer
from atelier.projects import services as projects
from atelier.projects.models import Project
from atelier.tenancy import services
from atelier.tenancy.models import Place, State
from atelier.toolkit.models import OutboxMessage
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.conftest import Api
from tests.factories.catalog import EnvironmentFactory, ProfileFactory


@pytest.fixture
def homes(settings: Any, tmp_path: Path) -> Path:
    settings.ATELIER_HOME = tmp_path
    return tmp_path / "homes"


@pytest.fixture
def closed(project: Project, alice: User) -> Project:
    """An archived project."""
    return projects.archive_project(actor=alice, project=project)


def delete(api: Api, user: User, project: Project, name: str | None = None) -> Any:
    asked = project.slug if name is None else name
    return api(user).delete(f"/api/v1/projects/{project.pk}?name={asked}")


def a_run(project: Project, owner: User, status: Status = Status.RUNNING) -> Workload:
    return Workload.objects.create(
        kind="job", project=project, owner=owner, engine="memory", name="train",
        durable_id="jx", engine_name="run-1", status=status,
        resources={"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}},
    )  # fmt: skip


def end(run: Workload) -> None:
    Workload.objects.filter(pk=run.pk).update(status=Status.STOPPED, finished_at=run.created)


# --- asking --------------------------------------------------------------------------------------


def test_a_lead_has_an_archived_project_deleted(
    api: Api, alice: User, closed: Project, homes: Path
) -> None:
    answer = delete(api, alice, closed)

    assert answer.status_code == 202
    assert answer.json()["deleted_at"]
    shown = api(alice).get(f"/api/v1/projects/{closed.pk}").json()
    assert shown["deleted_at"] == answer.json()["deleted_at"]


def test_an_administrator_may_too(api: Api, admin: User, closed: Project) -> None:
    assert delete(api, admin, closed).status_code == 202


@pytest.mark.parametrize("who", ["bob", "vera", "auditor", "carol"])
def test_nobody_else_may(
    api: Api, closed: Project, who: str, request: pytest.FixtureRequest
) -> None:
    answer = delete(api, request.getfixturevalue(who), closed)

    assert answer.status_code == (404 if who == "carol" else 403)
    closed.refresh_from_db()
    assert closed.deleted_at is None


def test_a_project_at_work_is_not_deleted(api: Api, alice: User, project: Project) -> None:
    answer = delete(api, alice, project)

    assert (answer.status_code, answer.json()["code"]) == (409, "ARCHIVE_IT_FIRST")


@pytest.mark.parametrize("name", ["", "Churn", "churn ", "other"])
def test_its_name_must_be_typed(api: Api, alice: User, closed: Project, name: str) -> None:
    answer = delete(api, alice, closed, name)

    assert (answer.status_code, answer.json()["code"]) == (400, "NAME_DIFFERS")
    assert answer.json()["field"] == "name"


def test_without_a_name_nothing_is_deleted(api: Api, alice: User, closed: Project) -> None:
    answer = api(alice).delete(f"/api/v1/projects/{closed.pk}")

    assert (answer.status_code, answer.json()["field"]) == (400, "name")


def test_asking_twice_is_harmless(api: Api, alice: User, closed: Project) -> None:
    first, second = delete(api, alice, closed), delete(api, alice, closed)

    assert first.json() == second.json()
    assert Record.objects.filter(verb="project.deleted").count() == 1


def test_what_is_being_deleted_does_not_come_back(api: Api, alice: User, closed: Project) -> None:
    delete(api, alice, closed)

    answer = api(alice).post(f"/api/v1/projects/{closed.pk}/unarchive")

    assert (answer.status_code, answer.json()["code"]) == (409, "PROJECT_BEING_DELETED")


# --- draining ------------------------------------------------------------------------------------


def test_r18_nothing_is_removed_while_something_runs(
    api: Api, alice: User, bob: User, closed: Project, homes: Path
) -> None:
    run = a_run(closed, bob)
    (homes / closed.pk / "bob").mkdir(parents=True)
    delete(api, alice, closed)

    services.sweep()

    assert (homes / closed.pk / "bob").exists()
    run.refresh_from_db()
    assert run.status == Status.STOPPING
    assert Place.objects.get(pk=closed.pk).state == State.DRAINING

    end(run)
    services.sweep()
    assert not (homes / closed.pk).exists()
    assert Place.objects.get(pk=closed.pk).state == State.GONE


def test_r18_what_was_on_its_way_in_is_stopped_too(
    api: Api, alice: User, bob: User, closed: Project, homes: Path
) -> None:
    delete(api, alice, closed)
    late = a_run(closed, bob)

    services.ensure(closed.pk)

    late.refresh_from_db()
    assert late.status == Status.STOPPING


def test_homes_of_other_projects_stay(
    api: Api, alice: User, closed: Project, homes: Path, tmp_path: Path
) -> None:
    (homes / "pother" / "bob").mkdir(parents=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep.txt").write_text("keep")
    (homes / closed.pk / "bob").mkdir(parents=True)
    (homes / closed.pk / "bob" / "link").symlink_to(outside)
    delete(api, alice, closed)

    services.sweep()

    assert (homes / "pother" / "bob").exists()
    assert (outside / "keep.txt").read_text() == "keep"
    assert not (homes / closed.pk).exists()


def test_a_project_that_is_a_link_to_elsewhere_is_not_followed(
    api: Api, alice: User, closed: Project, homes: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    homes.mkdir()
    (homes / closed.pk).symlink_to(outside)
    delete(api, alice, closed)

    services.sweep()

    place = Place.objects.get(pk=closed.pk)
    assert (place.state, place.problem_code) == (State.DRAINING, "HOMES_NOT_REMOVED")
    assert outside.exists()


# --- gone ----------------------------------------------------------------------------------------


@pytest.fixture
def gone(api: Api, alice: User, closed: Project, homes: Path) -> Project:
    delete(api, alice, closed)
    services.sweep()
    closed.refresh_from_db()
    return closed


def test_nobody_finds_it_any_more(api: Api, alice: User, admin: User, gone: Project) -> None:
    for user in (alice, admin):
        for address in (gone.pk, "churn"):
            assert api(user).get(f"/api/v1/projects/{address}").status_code == 404
        listed = api(user).get("/api/v1/projects?archived=true").json()["results"]
        assert [row["id"] for row in listed] == []


def test_its_slug_is_free(api: Api, alice: User, gone: Project) -> None:
    made = api(alice).post("/api/v1/projects", {"name": "Churn", "slug": "churn"})

    assert made.status_code == 201
    assert made.json()["id"] != gone.pk


def test_the_audit_log_keeps_its_name(api: Api, admin: User, gone: Project) -> None:
    rows = api(admin).get("/api/v1/audit?object_type=project").json()["results"]

    told = {row["verb"]: row["object_name"] for row in rows}
    assert told["project.deleted"] == "churn"
    assert told["project.gone"] == "churn"


def test_its_notebooks_are_gone_and_the_hub_forgets_them(
    api: Api, alice: User, bob: User, closed: Project, homes: Path
) -> None:
    server = NotebookServer.objects.create(
        project=closed, owner=bob, name="exploration", hub_server="nexploration000",
        environment=EnvironmentFactory.create(), profile=ProfileFactory.create(),
    )  # fmt: skip
    delete(api, alice, closed)

    services.sweep()

    server.refresh_from_db()
    assert server.deleted_at is not None
    sent = OutboxMessage.objects.filter(topic="notebooks.remove-hub-server")
    assert [m.payload for m in sent] == [{"username": "bob", "server": "nexploration000"}]


def test_finishing_twice_is_harmless(gone: Project) -> None:
    projects.finish_deletion(gone)

    assert Record.objects.filter(verb="project.gone").count() == 1


def test_a_project_that_nobody_deleted_is_not_finished(project: Project) -> None:
    projects.finish_deletion(project)

    project.refresh_from_db()
    assert project.gone_at is None


@pytest.mark.parametrize(
    "step",
    [
        lambda alice, p: projects.unarchive_project(actor=alice, project=p),
        lambda alice, p: projects.delete_project(actor=alice, project=p, name="wrong"),
    ],
)
def test_r18_steps_in_the_wrong_order_change_nothing(
    alice: User, closed: Project, step: Callable[[User, Project], object]
) -> None:
    projects.delete_project(actor=alice, project=closed, name=closed.slug)
    before = Project.objects.get(pk=closed.pk).version

    with pytest.raises((Conflict, Exception)):
        step(alice, closed)

    assert Project.objects.get(pk=closed.pk).version == before
