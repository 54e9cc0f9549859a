"""Projects: their names, who sees them, who may change them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import Conflict, InvalidSpec
from atelier.core.ids import new_id
from atelier.projects import hooks, policies, services
from atelier.projects.models import Project, Role
from tests.conftest import Api
from tests.factories.accounts import UserFactory
from tests.factories.projects import MembershipFactory, ProjectFactory


def test_whoever_founds_a_project_leads_it(api: Api, carol: User) -> None:
    made = api(carol).post("/api/v1/projects", {"name": "Élan vital", "description": "Bergson"})

    assert made.status_code == 201
    assert made.json() | {"id": "", "created": ""} == {
        "id": "", "slug": "elan-vital", "name": "Élan vital", "description": "Bergson",
        "role": "lead", "archived_at": None, "deleted_at": None, "place": None,
        "created": "", "members_count": 1,
        "leads": ["carol"],
    }  # fmt: skip


def test_the_same_name_twice_gives_two_slugs(carol: User) -> None:
    slugs = [services.create_project(actor=carol, name="Churn!").slug for _ in range(3)]

    assert slugs == ["churn", "churn-2", "churn-3"]


def test_a_long_name_keeps_its_number(carol: User) -> None:
    slugs = [services.create_project(actor=carol, name="x" * 80).slug for _ in range(2)]

    assert slugs == ["x" * 30, "x" * 28 + "-2"]


@pytest.mark.parametrize("name", ["日本語", "!!!", "42", "a", "—"])
def test_any_script_gives_a_safe_slug(carol: User, name: str) -> None:
    slug = services.create_project(actor=carol, name=name).slug

    assert slug[0].isalpha()
    assert slug.isascii()


@pytest.mark.parametrize(
    "slug",
    ["", "A", "a--b", "-a", "a-", "1a", "a_b", "..", "a\x00", "a" * 31, "а", "a\u200b", 1, None],
)
def test_a_slug_that_collides_or_lies_is_refused(api: Api, carol: User, slug: Any) -> None:
    answer = api(carol).post("/api/v1/projects", {"name": "X", "slug": slug})

    assert answer.status_code == 400
    assert answer.json()["field"] == "slug"


def test_a_slug_never_looks_like_an_id(carol: User) -> None:
    like_an_id = new_id("p")
    with pytest.raises(InvalidSpec):
        services.create_project(actor=carol, name="X", slug=like_an_id)

    assert services.create_project(actor=carol, name=like_an_id).slug != like_an_id


def test_a_chosen_slug_that_is_taken_is_a_conflict(api: Api, carol: User, project: Project) -> None:
    answer = api(carol).post("/api/v1/projects", {"name": "X", "slug": "churn"})

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["field"]) == ("NAME_TAKEN", "slug")


@pytest.mark.django_db(transaction=True)
def test_sixteen_people_found_the_same_name_at_once() -> None:
    users = UserFactory.create_batch(16)

    def found(user: User) -> str:
        try:
            return services.create_project(actor=user, name="Churn").slug
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        slugs = list(pool.map(found, users))

    assert len(set(slugs)) == 16


def test_the_same_request_sent_twice_founds_one_project(api: Api, carol: User) -> None:
    client, key = api(carol), {"Idempotency-Key": "k1"}

    first = client.post("/api/v1/projects", {"name": "X"}, headers=key)
    again = client.post("/api/v1/projects", {"name": "X"}, headers=key)
    other = client.post("/api/v1/projects", {"name": "Y"}, headers=key)

    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert Project.objects.count() == 1


def test_id_and_slug_lead_to_the_same_project(api: Api, alice: User, project: Project) -> None:
    by_id = api(alice).get(f"/api/v1/projects/{project.pk}").json()
    by_slug = api(alice).get("/api/v1/projects/churn").json()

    assert by_id == by_slug


def test_one_sees_ones_own_projects_only(api: Api, alice: User, carol: User) -> None:
    ProjectFactory(slug="secret")

    def slugs(user: User, query: str = "") -> list[str]:
        rows = api(user).get(f"/api/v1/projects{query}").json()["results"]
        return [row["slug"] for row in rows]

    assert slugs(alice) == ["churn"]
    assert slugs(carol) == []
    assert slugs(alice, "?search=secret") == []


def test_admins_and_auditors_see_every_project_without_a_role(
    api: Api, admin: User, auditor: User, project: Project
) -> None:
    for user in (admin, auditor):
        row = api(user).get("/api/v1/projects").json()["results"][0]
        assert (row["slug"], row["role"]) == ("churn", None)


@pytest.mark.parametrize("size", [1, 12, 50])
def test_p07_a_list_costs_the_same_queries_at_any_length(
    api: Api, alice: User, size: int, django_assert_num_queries: Any
) -> None:
    for _ in range(size):
        project = ProjectFactory()
        MembershipFactory(project=project, user=alice)
        MembershipFactory.create_batch(2, project=project, role=Role.LEAD)
    client = api(alice)
    client.get("/api/v1/projects")

    with django_assert_num_queries(2):  # session with its user, projects
        rows = client.get("/api/v1/projects?limit=200").json()["results"]

    assert len(rows) == size + 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("_connector=OR", "_connector"),
        ("order_by=password", "order_by"),
        ("owner__password__startswith=a", "owner__password__startswith"),
        ("archived=maybe", "archived"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e3", "limit"),
        ("cursor=%00", "cursor"),
        ("cursor=cD1mb28%3D", "cursor"),
        ("cursor=!!!", "cursor"),
    ],
)
def test_s21_only_known_filters_reach_the_database(
    api: Api, alice: User, query: str, field: str
) -> None:
    answer = api(alice).get(f"/api/v1/projects?{query}")

    if field == "cursor" and answer.status_code == 200:
        return  # a position among names may be any text
    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_a_lead_edits_what_he_read(api: Api, alice: User, project: Project) -> None:
    client = api(alice)
    etag = client.get("/api/v1/projects/churn")["ETag"]
    body = {"name": "Churn 2", "description": "Now with trees"}

    answer = client.patch("/api/v1/projects/churn", body, headers={"If-Match": etag})
    stale = client.patch("/api/v1/projects/churn", {"name": "X"}, headers={"If-Match": etag})

    assert answer.json()["name"] == "Churn 2"
    assert answer["ETag"] != etag
    assert stale.status_code == 412
    assert stale.json()["params"]["current"]["name"] == "Churn 2"
    record = Record.objects.get(verb="project.changed")
    assert record.before is not None
    assert record.before["name"] == "Churn"
    assert record.project_id == project.pk


@pytest.mark.parametrize("field", ["slug", "id", "archived_at", "members_count", "owner"])
def test_s13_what_is_not_to_be_set_is_refused(api: Api, alice: User, field: str) -> None:
    answer = api(alice).patch("/api/v1/projects/churn", {field: "x"}, headers={"If-Match": "*"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "UNKNOWN_FIELD"


def test_an_archived_project_leaves_the_list_and_comes_back(api: Api, alice: User) -> None:
    client = api(alice)

    archived = client.post("/api/v1/projects/churn/archive").json()
    live = client.get("/api/v1/projects").json()["results"]
    old = client.get("/api/v1/projects?archived=true").json()["results"]
    me = client.get("/api/v1/me").json()["projects"]
    back = client.post("/api/v1/projects/churn/unarchive").json()

    assert archived["archived_at"] is not None
    assert (live, [p["slug"] for p in old], me) == ([], ["churn"], [])
    assert back["archived_at"] is None


def test_archiving_twice_is_one_record_and_one_step(
    alice: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(hooks.archived, "_joined", [lambda p, actor: told.append(p.slug)])

    services.archive_project(actor=alice, project=project)
    services.archive_project(actor=alice, project=project)

    assert told == ["churn"]
    assert Record.objects.filter(verb="project.archived").count() == 1


# --- the rules as a table ------------------------------------------------------------------------

RULES = [
    # who, sees, submits, leads
    ("carol", False, False, False),
    ("vera", True, False, False),
    ("bob", True, True, False),
    ("alice", True, True, True),
    ("otto", True, False, False),
    ("ada", True, False, True),
]


@pytest.mark.parametrize(("who", "sees", "submits", "leads"), RULES)
@pytest.mark.usefixtures("alice", "bob", "vera", "carol", "admin", "auditor")
def test_who_may_what(project: Project, who: str, sees: bool, submits: bool, leads: bool) -> None:
    user = User.objects.get(username=who)

    assert policies.can_see(user, project) is sees
    assert Project.objects.visible_to(user).filter(pk=project.pk).exists() is sees
    assert policies.can_submit(user, project) is submits
    assert policies.can_lead(user, project) is leads


@pytest.mark.parametrize("who", ["alice", "bob", "ada"])
@pytest.mark.usefixtures("alice", "bob", "admin")
def test_a_closed_account_may_nothing(project: Project, who: str) -> None:
    user = User.objects.get(username=who)
    user.is_active = False

    assert not policies.can_see(user, project)
    assert not policies.can_submit(user, project)
    assert not policies.can_lead(user, project)
    assert not Project.objects.visible_to(user).exists()


def test_nobody_runs_anything_in_an_archived_project(alice: User, project: Project) -> None:
    project = services.archive_project(actor=alice, project=project)

    assert not policies.can_submit(alice, project)
    assert policies.can_lead(alice, project)


def test_a_namespace_comes_from_the_id(project: Project) -> None:
    assert project.namespace == f"atelier-{project.pk}"
    assert len(project.namespace) <= 63


def test_a_hundred_projects_of_one_name_is_enough(carol: User) -> None:
    for n in range(2, 200):
        ProjectFactory(slug=f"x-{n}")
    ProjectFactory(slug="x")

    with pytest.raises(Conflict):
        services.create_project(actor=carol, name="x")
