"""Reading the audit log."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.audit import services
from atelier.audit.models import Record
from atelier.projects.models import Project
from atelier.toolkit.context import Caller, acting
from tests.conftest import Api


@pytest.fixture
def records(alice: User, bob: User, project: Project) -> None:
    services.record(alice, "project.changed", project, before={"name": "A"}, after={"name": "B"})
    services.record(bob, "user.changed", bob)
    services.record(None, "user.created", alice)


def verbs(api: Api, user: User, query: str = "") -> list[str]:
    answer = api(user).get(f"/api/v1/audit?{query}")
    assert answer.status_code == 200, answer.content
    return [row["verb"] for row in answer.json()["results"]]


def test_a_record_tells_who_what_when_and_from_where(alice: User, project: Project) -> None:
    with acting(Caller("request-1", "192.0.2.1")):
        record = services.record(alice, "project.changed", project, before={"a": 1}, after={"a": 2})

    assert (record.actor_name, record.address, record.request_id) == (
        "alice",
        "192.0.2.1",
        "request-1",
    )
    assert (record.object_type, record.object_id, record.object_name) == (
        "project", project.pk, "churn",
    )  # fmt: skip
    assert record.project_id == project.pk
    assert timezone.now() - record.at < timedelta(seconds=5)


def test_without_an_actor_it_is_whoever_is_signed_in(bob: User, project: Project) -> None:
    with acting(Caller(actor=bob)):
        record = services.record(None, "x", project)

    assert record.actor == bob


def test_records_of_a_request_carry_its_id_and_address(api: Api, alice: User) -> None:
    api(alice).post(
        "/api/v1/projects",
        {"name": "X"},
        headers={"X-Request-Id": "trace-12345"},
        REMOTE_ADDR="198.51.100.7",
    )

    record = Record.objects.get(verb="project.created")
    assert (record.request_id, record.address) == ("trace-12345", "198.51.100.7")


@pytest.mark.usefixtures("records")
def test_auditors_read_everything_newest_first(api: Api, auditor: User) -> None:
    assert verbs(api, auditor) == ["user.created", "user.changed", "project.changed"]


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=bob", ["user.changed"]),
        ("verb=project.changed", ["project.changed"]),
        ("object_type=user", ["user.created", "user.changed"]),
        ("project=churn", ["project.changed"]),
        ("since=2020-01-01T00:00:00Z&verb=user.created", ["user.created"]),
        ("until=2020-01-01T00:00:00%2B02:00", []),
        ("since=yesterday", None),
        ("actor=nobody", []),
    ],
)
def test_filters(api: Api, auditor: User, query: str, found: list[str] | None) -> None:
    if found is None:
        answer = api(auditor).get(f"/api/v1/audit?{query}")
        assert (answer.status_code, answer.json()["field"]) == (400, "since")
        return
    assert verbs(api, auditor, query) == found


@pytest.mark.usefixtures("records")
def test_a_lead_reads_the_records_of_his_project(api: Api, alice: User, project: Project) -> None:
    assert verbs(api, alice, f"project={project.pk}") == ["project.changed"]


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        ("alice", "", 403),
        ("bob", "project=churn", 403),
        ("carol", "project=churn", 404),
        ("alice", "project=nowhere", 404),
    ],
)
def test_nobody_else_reads_any(api: Api, carol: User, who: str, query: str, status: int) -> None:
    user = User.objects.get(username=who)

    assert api(user).get(f"/api/v1/audit?{query}").status_code == status


@pytest.mark.parametrize(
    "query", ["actor__password=x", "ordering=id", "a\x00=1", "_connector=OR", "id=1"]
)
def test_s21_other_filters_are_refused(api: Api, auditor: User, query: str) -> None:
    answer = api(auditor).get(f"/api/v1/audit?{query}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "UNKNOWN_PARAMETER"


@pytest.mark.parametrize("size", [1, 50])
def test_p07_pages_cost_the_same_queries_at_any_length(
    api: Api, auditor: User, project: Project, size: int, django_assert_num_queries: Any
) -> None:
    for _ in range(size):
        services.record(auditor, "x", project)
    client = api(auditor)
    client.get("/api/v1/audit")

    with django_assert_num_queries(2):  # session with its user, records
        client.get("/api/v1/audit?limit=200")


def test_pages_follow_each_other_without_gap_or_overlap(
    api: Api, auditor: User, project: Project
) -> None:
    for n in range(7):
        services.record(auditor, f"v{n}", project)
    client, seen, cursor = api(auditor), [], ""

    while cursor is not None:
        page = client.get(
            f"/api/v1/audit?limit=3&cursor={cursor}" if cursor else "/api/v1/audit?limit=3"
        ).json()
        seen += [row["verb"] for row in page["results"]]
        cursor = page["next"]

    assert seen == [f"v{n}" for n in reversed(range(7))]
