"""Environments and profiles over HTTP."""

from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.catalog import capacity
from atelier.catalog.models import Environment, Profile
from atelier.core.resources import Resources
from atelier.projects.models import Project
from tests.conftest import Api
from tests.factories.catalog import EnvironmentFactory, ProfileFactory
from tests.factories.projects import ProjectFactory

GIB = 2**30
PROFILE = {
    "slug": "small",
    "name": "Small",
    "resources": {"cpu_millicores": 1000, "memory_bytes": 2 * GIB},
}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine at hand: eight cores, 16 GiB, no accelerator."""
    monkeypatch.setattr(capacity.provider, "_answer", lambda engine: Resources(8000, 16 * GIB))


def slugs(api: Api, user: User, kind: str, query: str = "") -> list[str]:
    answer = api(user).get(f"/api/v1/{kind}{query}")
    assert answer.status_code == 200, answer.content
    return [row["slug"] for row in answer.json()["results"]]


# --- what admins do ------------------------------------------------------------------------------


def test_an_admin_adds_a_profile(api: Api, admin: User) -> None:
    answer = api(admin).post("/api/v1/profiles", PROFILE)

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["resources"] == {
        "cpu_millicores": 1000, "memory_bytes": 2 * GIB, "accelerators": {},
    }  # fmt: skip
    assert (body["kind_label"], body["enabled"], body["all_projects"]) == ("cpu", True, True)
    assert body["unavailable_reason"] is None
    assert Record.objects.get(verb="profile.created").object_id == body["id"]


def test_an_admin_adds_an_environment_with_its_packages(api: Api, admin: User) -> None:
    body = {
        "slug": "torch",
        "name": "PyTorch",
        "image": "registry.example.org:5000/team/torch:2.9@sha256:" + "a" * 64,
        "local_runtime": "torch",
        "packages": [{"name": "torch", "version": "2.9.0"}],
    }

    answer = api(admin).post("/api/v1/environments", body)

    assert answer.status_code == 201, answer.content
    assert answer.json()["packages"] == body["packages"]


def test_an_edit_needs_the_etag_and_tells_what_is_there_now(api: Api, admin: User) -> None:
    profile = ProfileFactory()
    client, path = api(admin), f"/api/v1/profiles/{profile.pk}"
    etag = client.get(path)["ETag"]

    without = client.patch(path, {"name": "A"})
    first = client.patch(path, {"name": "B"}, headers={"If-Match": etag})
    stale = client.patch(path, {"name": "C"}, headers={"If-Match": etag})
    gone = client.delete(path, headers={"If-Match": etag})

    assert [a.status_code for a in (without, first, stale, gone)] == [428, 200, 412, 412]
    assert stale.json()["params"]["current"]["name"] == "B"


def test_every_change_is_one_record_with_before_and_after(api: Api, admin: User) -> None:
    profile = ProfileFactory(name="Small")
    client, path = api(admin), f"/api/v1/profiles/{profile.pk}"

    client.patch(path, {"name": "Tiny"}, headers={"If-Match": "*"})
    client.patch(path, {"name": "Tiny"}, headers={"If-Match": "*"})
    client.delete(path, headers={"If-Match": "*"})

    rows = list(Record.objects.order_by("id"))
    assert [row.verb for row in rows] == ["profile.changed", "profile.deleted"]
    assert rows[0].before is not None
    assert rows[0].after is not None
    assert (rows[0].before["name"], rows[0].after["name"]) == ("Small", "Tiny")


def test_a_deleted_choice_is_gone_but_its_row_stays(api: Api, admin: User) -> None:
    profile = ProfileFactory(slug="small")
    client = api(admin)

    answer = client.delete(f"/api/v1/profiles/{profile.pk}", headers={"If-Match": "*"})

    assert answer.status_code == 204
    assert slugs(api, admin, "profiles") == []
    assert client.get(f"/api/v1/profiles/{profile.pk}").status_code == 404
    assert Profile.objects.filter(pk=profile.pk).exists()
    assert client.post("/api/v1/profiles", PROFILE).status_code == 201


def test_a_taken_slug_is_a_conflict(api: Api, admin: User) -> None:
    ProfileFactory(slug="small")

    answer = api(admin).post("/api/v1/profiles", PROFILE)

    assert (answer.status_code, answer.json()["code"]) == (409, "NAME_TAKEN")


def test_projects_are_set_by_id(api: Api, admin: User, project: Project) -> None:
    body = {**PROFILE, "all_projects": False, "projects": [project.pk]}

    made = api(admin).post("/api/v1/profiles", body)
    unknown = api(admin).post("/api/v1/profiles", {**body, "slug": "b", "projects": ["pnone"]})

    assert made.json()["projects"] == [project.pk]
    assert (unknown.status_code, unknown.json()["code"]) == (400, "UNKNOWN_PROJECT")


# --- bad input -----------------------------------------------------------------------------------

BAD_AMOUNTS = [
    -1, 0, 1.5, 1e300, "NaN", "1e309", "1Ei", "-1", "0x10", "１", "", " 1", True, False, None,
    [], {}, 2**53, 2**63, 2**64, "9" * 17,
]  # fmt: skip


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
@pytest.mark.parametrize("name", ["cpu_millicores", "memory_bytes"])
def test_an_amount_that_is_none_is_refused_by_its_field(
    api: Api, admin: User, name: str, amount: Any
) -> None:
    resources = {**PROFILE["resources"], name: amount}  # type: ignore[dict-item]  # a literal

    answer = api(admin).post("/api/v1/profiles", {**PROFILE, "resources": resources})

    assert answer.status_code == 400
    assert answer.json()["field"] == f"resources.{name}"


@pytest.mark.parametrize("raw", ["1e309", "-1e309", "1E400"])
def test_a_number_beyond_all_numbers_is_refused_by_its_field(
    api: Api, admin: User, raw: str
) -> None:
    body = f'{{"slug":"s","name":"S","resources":{{"cpu_millicores":{raw},"memory_bytes":1}}}}'

    answer = api(admin).generic("POST", "/api/v1/profiles", body, "application/json")

    assert answer.status_code == 400
    assert answer.json()["field"] == "resources.cpu_millicores"


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "-Infinity", "{", "", "[]", "1", "\x00"])
def test_what_is_not_json_is_refused(api: Api, admin: User, raw: str) -> None:
    answer = api(admin).generic("POST", "/api/v1/profiles", raw, "application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("accelerators", "field"),
    [
        ({"nvidia.com/gpu": -1}, "resources.accelerators.nvidia.com/gpu"),
        ({"nvidia.com/gpu": 0}, "resources.accelerators.nvidia.com/gpu"),
        ({"nvidia.com/gpu": True}, "resources.accelerators.nvidia.com/gpu"),
        ({"NVIDIA": 1}, "resources.accelerators"),
        ({"../x": 1}, "resources.accelerators"),
        ({"": 1}, "resources.accelerators"),
        ([], "resources.accelerators"),
        ("gpu", "resources.accelerators"),
    ],
)
def test_an_accelerator_that_is_none_is_refused(
    api: Api, admin: User, accelerators: Any, field: str
) -> None:
    resources = {**PROFILE["resources"], "accelerators": accelerators}  # type: ignore[dict-item]

    answer = api(admin).post("/api/v1/profiles", {**PROFILE, "resources": resources})

    assert answer.status_code == 400
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "a--b"), ("slug", "Small"), ("slug", "x" * 300), ("slug", "\u202es"),
        ("slug", "ѕmall"), ("slug", "..") , ("slug", None),
        ("name", ""), ("name", "a\x00b"), ("name", "x" * 300), ("name", "\u202eab"), ("name", 7),
        ("description", "x" * 2001), ("description", "a\x00"), ("description", 7),
        ("kind_label", "tpu"), ("enabled", "yes"), ("enabled", 1), ("all_projects", "true"),
        ("ordering", 2**31), ("ordering", True), ("ordering", 1.5), ("ordering", "1"),
        ("shared_memory_bytes", -1), ("shared_memory_bytes", True), ("shared_memory_bytes", 2**63),
        ("spark_executors", -1), ("spark_executors", 1001), ("spark_executors", True),
        ("projects", "all"), ("projects", [7]), ("projects", None),
        ("resources", None), ("resources", []), ("resources", "big"),
    ],
)  # fmt: skip
def test_a_profile_field_that_makes_no_sense_is_refused(
    api: Api, admin: User, field: str, value: Any
) -> None:
    answer = api(admin).post("/api/v1/profiles", {**PROFILE, field: value})

    assert answer.status_code == 400
    assert answer.json()["field"].split(".")[0] == field
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    "field",
    ["id", "node_selector", "tolerations", "kubespawner_override", "hostPath", "image", "version"],
)
def test_s09_nothing_but_the_listed_fields_reaches_a_profile(
    api: Api, admin: User, field: str
) -> None:
    answer = api(admin).post("/api/v1/profiles", {**PROFILE, field: {}})

    assert (answer.status_code, answer.json()["code"]) == (400, "UNKNOWN_FIELD")


@pytest.mark.parametrize(
    "image",
    ["a b", "../x", "UPPER", "x" * 301, "img\nRUN rm", "http://evil/img", "img:", "a\x00", 7, None,
     "img@sha256:short", "\u202eimg"],
)  # fmt: skip
def test_an_image_that_is_no_reference_is_refused(api: Api, admin: User, image: Any) -> None:
    answer = api(admin).post("/api/v1/environments", {"slug": "x", "name": "X", "image": image})

    assert answer.status_code == 400
    assert answer.json()["field"] == "image"


def test_spark_executors_need_their_own_resources(api: Api, admin: User) -> None:
    answer = api(admin).post("/api/v1/profiles", {**PROFILE, "spark_executors": 2})

    assert answer.status_code == 400
    assert answer.json()["code"] == "EXECUTORS_NEED_RESOURCES"
    assert answer.json()["field"] == "spark_executor_resources"


# --- what people see -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "factory"), [("environments", EnvironmentFactory), ("profiles", ProfileFactory)]
)
def test_a_project_is_offered_what_is_open_to_it(
    api: Api, alice: User, carol: User, admin: User, project: Project, kind: str, factory: Any
) -> None:
    other = ProjectFactory(slug="other")
    factory(slug="all", ordering=3)
    factory(slug="ours", all_projects=False, ordering=2).projects.add(project)
    factory(slug="theirs", all_projects=False, ordering=1).projects.add(other)
    factory(slug="off", enabled=False)

    assert slugs(api, alice, kind, "?project=churn") == ["ours", "all"]
    assert slugs(api, alice, kind) == ["ours", "all"]
    assert slugs(api, carol, kind) == ["all"]
    assert set(slugs(api, admin, kind)) == {"all", "ours", "theirs", "off"}
    assert api(carol).get(f"/api/v1/{kind}?project=churn").status_code == 404


def test_which_projects_share_a_choice_is_not_told_to_members(
    api: Api, alice: User, auditor: User, project: Project
) -> None:
    other = ProjectFactory()
    ProfileFactory(all_projects=False).projects.add(project, other)

    mine = api(alice).get("/api/v1/profiles").json()["results"][0]
    theirs = api(auditor).get("/api/v1/profiles").json()["results"][0]

    assert mine["projects"] == []
    assert theirs["projects"] == sorted([project.pk, other.pk])


def test_a_choice_of_another_project_is_not_found(api: Api, alice: User) -> None:
    hidden = EnvironmentFactory(all_projects=False)

    assert api(alice).get(f"/api/v1/environments/{hidden.pk}").status_code == 404


def test_a_profile_the_engine_cannot_serve_is_shown_with_its_reason(api: Api, alice: User) -> None:
    ProfileFactory(
        slug="gpu",
        resources={
            "cpu_millicores": 1000,
            "memory_bytes": GIB,
            "accelerators": {"nvidia.com/gpu": 1},
        },
    )
    ProfileFactory(
        slug="huge", resources={"cpu_millicores": 64000, "memory_bytes": GIB, "accelerators": {}}
    )
    ProfileFactory(slug="small")
    ProfileFactory(slug="spark", spark_executors=1, spark_executor_resources=PROFILE["resources"])
    User.objects.filter(pk=alice.pk).update(language="fr")

    rows = {r["slug"]: r for r in api(alice).get("/api/v1/profiles").json()["results"]}

    assert rows["gpu"]["unavailable_reason"] == {
        "code": "ACCELERATOR_MISSING",
        "text": "Aucune machine ici n’a de GPU.",
        "action": "Choisissez un profil sans cet accélérateur.",
    }
    assert rows["huge"]["unavailable_reason"]["text"].startswith(
        "La plus grande machine ici a 8 CPU, 16 GiB"
    )
    assert rows["small"]["unavailable_reason"] is None
    assert rows["spark"]["unavailable_reason"]["code"] == "SPARK_NOT_LOCAL"


def test_an_environment_that_is_only_an_image_cannot_run_here(api: Api, alice: User) -> None:
    EnvironmentFactory(local_runtime="")

    row = api(alice).get("/api/v1/environments").json()["results"][0]

    assert row["unavailable_reason"]["code"] == "ENVIRONMENT_NOT_LOCAL"


@pytest.mark.parametrize("kind", ["environments", "profiles"])
@pytest.mark.parametrize("size", [1, 50])
def test_p07_a_list_costs_the_same_queries_at_any_length(
    api: Api, alice: User, kind: str, size: int, django_assert_num_queries: Any
) -> None:
    factory: Any = {"environments": EnvironmentFactory, "profiles": ProfileFactory}[kind]
    for choice in factory.create_batch(size):
        choice.projects.add(ProjectFactory())
    client = api(alice)
    client.get(f"/api/v1/{kind}")

    with django_assert_num_queries(2):  # session with its user, choices
        rows = client.get(f"/api/v1/{kind}").json()["results"]

    assert len(rows) == size
    assert Environment.objects.count() + Profile.objects.count() == size
