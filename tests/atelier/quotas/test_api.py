"""Limits over HTTP: members read theirs, auditors read all, admins edit by version."""

import os

import pytest

from atelier.accounts.models import User
from atelier.projects.models import Project
from atelier.quotas import hooks, services
from atelier.quotas.models import Line, Scope
from tests.atelier.quotas.conftest import Limit
from tests.conftest import Api

pytestmark = pytest.mark.django_db
LINES = "/api/v1/quota-lines"


def take(holder: str, user: User, project: Project, **claims: int) -> None:
    services.reserve(holder, user_id=user.pk, project_id=project.pk, claims=claims)


def test_members_see_the_projects_limits_and_strangers_do_not(
    api: Api, alice: User, vera: User, carol: User, project: Project
) -> None:
    take("w1", alice, project, cpu=2000)
    services.mark_in_use("w1")
    take("w2", alice, project, cpu=1000)

    lines = api(vera).get("/api/v1/projects/churn/quota").json()["lines"]

    cpu = next(line for line in lines if line["resource"] == "cpu")
    # Never more than this machine has.
    assert cpu.pop("free") == min(32_000, len(os.sched_getaffinity(0)) * 1000)
    assert cpu == {
        "resource": "cpu", "limit": 128_000, "used": 3000, "reserved": 1000, "in_use": 2000,
    }  # fmt: skip
    assert api(carol).get("/api/v1/projects/churn/quota").status_code == 404


def test_everybody_sees_his_own_limits(api: Api, carol: User) -> None:
    lines = api(carol).get("/api/v1/me/quota").json()["lines"]

    assert [line["resource"] for line in lines] == ["cpu", "memory", "notebooks"]
    assert {line["used"] for line in lines} == {0}


@pytest.mark.parametrize("scope", ["user", "project", "platform"])
def test_the_admins_table_shows_the_defaults_first_and_then_everybody(
    scope: str, api: Api, auditor: User, alice: User, project: Project
) -> None:
    take("w1", alice, project, cpu=2000)

    rows = api(auditor).get("/api/v1/quotas", {"scope": scope}).json()["results"]

    names = [row["name"] for row in rows if not row["defaults"]]
    assert names == {"user": ["alice", "otto"], "project": ["Churn"], "platform": [""]}[scope]
    assert rows[0]["defaults"] == (scope != "platform")
    used = [
        line["used"] for row in rows for line in row["lines"]
        if line["resource"] == "cpu" and line["used"]
    ]  # fmt: skip
    assert used == [2000]


def test_the_table_asks_for_a_scope(api: Api, admin: User) -> None:
    assert api(admin).get("/api/v1/quotas").json()["field"] == "scope"


def test_only_admins_change_limits(
    api: Api, alice: User, auditor: User, project: Project, limit: Limit
) -> None:
    line = limit(Scope.PROJECT, project.pk, "cpu", 4000)

    for user, expected in ((alice, 403), (auditor, 403), (None, 401)):
        answer = api(user).patch(
            f"{LINES}/{line.pk}", {"limit": 1}, format="json", headers={"If-Match": '"v1"'}
        )
        assert answer.status_code == expected


def test_an_edit_names_the_version_it_was_made_from(
    api: Api, admin: User, project: Project, limit: Limit
) -> None:
    line = limit(Scope.PROJECT, project.pk, "cpu", 4000)
    client, url = api(admin), f"{LINES}/{line.pk}"

    assert client.patch(url, {"limit": 8000}, format="json").status_code == 428
    etag = client.get(url)["ETag"]
    first = client.patch(url, {"limit": 8000}, format="json", headers={"If-Match": etag})
    second = client.patch(url, {"limit": 9000}, format="json", headers={"If-Match": etag})

    assert (first.status_code, first.json()["limit"], first["ETag"]) == (200, 8000, '"v2"')
    assert second.status_code == 412
    current = second.json()["params"]["current"]
    assert current["limit"] == 8000
    assert current["last_change"]["by"] == "ada"
    history = client.get(f"{url}/history").json()["results"]
    assert [(h["by"], h["before"], h["after"]) for h in history] == [("ada", 4000, 8000)]


def test_a_limit_can_be_lifted_and_inherited_again(
    api: Api, admin: User, project: Project, limit: Limit
) -> None:
    line = limit(Scope.PROJECT, project.pk, "cpu", 4000)
    client, url = api(admin), f"{LINES}/{line.pk}"

    lifted = client.patch(url, {"limit": None}, format="json", headers={"If-Match": '"v1"'})
    back = client.patch(url, {"limit": "inherit"}, format="json", headers={"If-Match": '"v2"'})

    assert (lifted.json()["limit"], lifted.json()["inherits"]) == (None, False)
    assert (back.json()["limit"], back.json()["inherits"]) == (128_000, True)


@pytest.mark.parametrize("bad", [-1, 1.5, "1Ei", True, 2**63, "NaN", [], {}, "many"])
def test_what_is_no_limit_is_refused_by_field(
    bad: object, api: Api, admin: User, project: Project, limit: Limit
) -> None:
    line = limit(Scope.PROJECT, project.pk, "cpu", 4000)

    answer = api(admin).patch(
        f"{LINES}/{line.pk}", {"limit": bad}, format="json", headers={"If-Match": '"v1"'}
    )

    assert answer.status_code == 400
    assert answer.json()["field"] == "limit"


def test_a_limit_for_accelerators_is_added_where_there_was_none(
    api: Api, admin: User, project: Project
) -> None:
    draft = {
        "scope": "project",
        "scope_id": project.pk,
        "resource": "accelerator:nvidia.com/gpu",
        "limit": 8,
    }

    made = api(admin).post(LINES, draft, format="json")
    again = api(admin).post(LINES, draft, format="json")

    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made.json()["limit"] == 8
    assert again.status_code == 409


def test_somebody_who_only_inherits_gets_a_limit_of_his_own_the_same_way(
    api: Api, admin: User, alice: User, project: Project
) -> None:
    take("w1", alice, project, cpu=1000)
    draft = {"scope": "user", "scope_id": alice.pk, "resource": "cpu", "limit": 3000}

    made = api(admin).post(LINES, draft, format="json")

    assert made.status_code == 201
    assert (made.json()["limit"], made.json()["used"]) == (3000, 1000)


@pytest.mark.parametrize(
    ("field", "value"),
    [("resource", "storage"), ("resource", "accelerator:"), ("scope", "team"), ("scope_id", "u0")],
)
def test_a_limit_of_nothing_or_for_nobody_is_refused_by_field(
    field: str, value: str, api: Api, admin: User, project: Project
) -> None:
    draft = {"scope": "project", "scope_id": project.pk, "resource": "cpu", "limit": 1}

    answer = api(admin).post(LINES, draft | {field: value}, format="json")

    assert (answer.status_code, answer.json()["field"]) == (400, field)


class TestPreview:
    def test_it_says_what_would_be_over_and_that_nothing_is_stopped(
        self, api: Api, admin: User, alice: User, project: Project
    ) -> None:
        take("w1", alice, project, cpu=2000)
        line = Line.objects.get(scope=Scope.PROJECT, resource="cpu", scope_id=project.pk)

        told = api(admin).post(f"{LINES}/preview", {"id": line.pk, "limit": 1000}, format="json")

        assert told.json() == {
            "would_start": 0,
            "over": True,
            "promised": 1000,
            "sentence": "2 cores in use, more than 1 core. Nothing is stopped, and nothing more "
            "starts until enough is given back.",
        }
        line.refresh_from_db()
        assert line.limit == 128_000

    def test_it_says_how_many_that_wait_would_start(
        self, api: Api, admin: User, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hooks.waiting_for, "_answer", lambda line: [2000, 2000, 2000])
        draft = {"scope": "project", "scope_id": project.pk, "resource": "cpu", "limit": 5000}
        services.create_line(
            actor=admin, scope=Scope.PROJECT, scope_id=project.pk, resource="cpu", limit=0
        )

        told = api(admin).post(f"{LINES}/preview", draft, format="json").json()

        assert told["would_start"] == 2
        assert told["sentence"] == "This limit would let 2 of 3 that wait start."

    def test_it_works_for_a_line_that_does_not_exist_yet(
        self, api: Api, admin: User, project: Project
    ) -> None:
        draft = {
            "scope": "project",
            "scope_id": project.pk,
            "resource": "accelerator:nvidia.com/gpu",
            "limit": 2,
        }

        told = api(admin).post(f"{LINES}/preview", draft, format="json").json()

        assert told["sentence"] == "Nothing that runs or waits is affected."
        assert not Line.objects.filter(resource=draft["resource"]).exists()
