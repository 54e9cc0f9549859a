"""The notebooks' door: shapes, refusals, who sees what, how many queries."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.engines.memory import MemoryEngine
from atelier.notebooks import idle, running, services
from atelier.notebooks.models import NotebookServer, Run
from atelier.notebooks.running import Report
from atelier.projects.models import Project
from atelier.quotas.models import Line
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.notebooks.conftest import Make, reconcile, settle, workload_of
from tests.conftest import Api

pytestmark = pytest.mark.django_db
URL = "/api/v1/notebooks"


@pytest.fixture
def draft(
    project: Project, python: Environment, small: Profile, engine: MemoryEngine
) -> dict[str, Any]:
    return {"project": project.slug, "environment": python.pk, "profile": small.slug}


def post(client: APIClient, address: str, body: Any = None, **headers: str) -> Any:
    return client.post(address, body or {}, format="json", headers=headers)


def test_a_notebook_is_made_started_opened_and_stopped(
    alice: User, api: Api, draft: dict[str, Any], project: Project
) -> None:
    client = api(alice)

    made = post(client, URL, draft)
    assert made.status_code == 201
    notebook = made.json()
    assert (notebook["status"], notebook["name"]) == ("starting", "notebook")
    assert notebook["open_url"] is None
    settle()
    running_now = client.get(f"{URL}/{notebook['id']}").json()
    assert running_now["status"] == "running"
    assert running_now["open_url"] == (f"http://127.0.0.1:8001/user/alice/{notebook['id']}/lab")
    assert running_now["home"] == {"path": f"{project.pk}/alice"}
    assert [s["state"] for s in running_now["workload"]["progress"]][0] == "done"
    stopping = post(client, f"{URL}/{notebook['id']}/stop")
    assert (stopping.status_code, stopping.json()["status"]) == (202, "stopping")
    settle()

    stopped = client.get(f"{URL}/{notebook['id']}").json()
    assert stopped["status"] == "stopped"
    assert stopped["reason"]["code"] == "CANCELLED"
    assert stopped["open_url"] is None
    again = post(client, f"{URL}/{notebook['id']}/start")
    assert (again.status_code, again.json()["status"]) == (202, "starting")
    assert again.json()["reason"] is None


def test_a_start_beyond_a_limit_says_which_one_in_the_readers_language(
    alice: User, api: Api, draft: dict[str, Any]
) -> None:
    Line.objects.create(scope="user", scope_id=alice.pk, resource="notebooks", limit=1)
    alice.language = "fr"
    alice.save()
    client = api(alice)
    post(client, URL, draft)

    refused = post(client, URL, draft)

    assert refused.status_code == 409
    body = refused.json()
    assert body["code"] == "QUOTA_EXCEEDED"
    assert "autorise" in body["detail"]
    assert body["action"]
    assert NotebookServer.objects.count() == 1


def test_the_same_key_makes_one_notebook(alice: User, api: Api, draft: dict[str, Any]) -> None:
    client = api(alice)
    headers = {"Idempotency-Key": "k1"}

    first = post(client, URL, draft, **headers)
    second = post(client, URL, draft, **headers)
    other = post(client, URL, {**draft, "name": "other"}, **headers)

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert Workload.objects.count() == 1


def test_a_start_is_repeated_safely_by_its_key(
    alice: User, api: Api, draft: dict[str, Any]
) -> None:
    client = api(alice)
    notebook = post(client, URL, {**draft, "start": False}).json()
    address = f"{URL}/{notebook['id']}/start"

    statuses = [
        post(client, address, {"rescue": True}, **{"Idempotency-Key": "k"}).status_code
        for _ in range(3)
    ]

    assert statuses == [202, 202, 202]
    assert Workload.objects.count() == 1
    assert Run.objects.get().rescue


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"profile": "no-such"}, "profile"),
        ({"environment": "no-such"}, "environment"),
        ({"profile": None}, "profile"),
        ({"profile": 3}, "profile"),
        ({"profile": "x" * 300}, "profile"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "x" * 300}, "name"),
        ({"name": ""}, "name"),
        ({"start": "perhaps"}, "start"),
        ({"owner": "bob"}, "owner"),
        ({"resources": {"cpu_millicores": 64000}}, "resources"),
    ],
)
def test_bad_input_is_refused_by_its_field(
    alice: User, api: Api, draft: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    refused = post(api(alice), URL, {**draft, **change})

    assert refused.status_code == 400
    assert refused.json()["field"] == field
    assert not NotebookServer.objects.exists()


def test_strangers_get_404_and_members_403_and_leads_may_stop(
    alice: User, bob: User, carol: User, vera: User, api: Api, make: Make
) -> None:
    server = make(bob)
    settle()
    address = f"{URL}/{server.pk}"
    verbs = ("start", "stop", "restart", "keep-running", "reset-packages")

    stranger, viewer, lead = api(carol), api(vera), api(alice)
    assert stranger.get(address).status_code == 404
    assert stranger.patch(address, {"name": "x"}, format="json").status_code == 404
    assert stranger.delete(address).status_code == 404
    assert [post(stranger, f"{address}/{v}").status_code for v in verbs] == [404] * 5
    assert viewer.get(address).status_code == 200
    assert viewer.patch(address, {"name": "x"}, format="json").status_code == 403
    assert [post(viewer, f"{address}/{v}").status_code for v in verbs] == [403] * 5
    assert post(lead, f"{address}/restart").status_code == 403
    assert post(lead, f"{address}/stop").status_code == 202
    assert api(None).get(address).status_code == 401


def test_others_see_a_notebook_but_not_where_to_open_it(
    alice: User, bob: User, api: Api, make: Make
) -> None:
    make(bob)
    settle()

    [seen] = api(alice).get(URL).json()["results"]

    assert (seen["owner"], seen["status"]) == ("bob", "running")
    assert seen["open_url"] is None
    assert seen["home"] is None


def test_lists_are_filtered_and_paged(
    alice: User, bob: User, api: Api, make: Make, project: Project
) -> None:
    mine = [make(alice, start=False) for _ in range(3)]
    theirs = make(bob)
    client = api(alice)

    def ids(**query: Any) -> list[str]:
        return [row["id"] for row in client.get(URL, query).json()["results"]]

    newest_first = [theirs.pk, *(s.pk for s in reversed(mine))]
    assert ids() == newest_first
    assert ids(owner="me") == newest_first[1:]
    assert ids(owner="all", project="churn") == newest_first
    assert ids(project="other") == []
    assert ids(status="starting") == [theirs.pk]
    assert ids(status="stopped") == newest_first[1:]
    page = client.get(URL, {"limit": 2}).json()
    rest = client.get(URL, {"limit": 2, "cursor": page["next"]}).json()
    assert [r["id"] for r in page["results"] + rest["results"]] == newest_first


@pytest.mark.parametrize(
    "query", [{"status": "odd"}, {"owner": "bob"}, {"_connector": "OR"}, {"owner__password": "a"},
              {"limit": "0"}, {"cursor": "nonsense"}],
)  # fmt: skip
def test_s21_odd_filters_are_refused(alice: User, api: Api, query: dict[str, str]) -> None:
    assert api(alice).get(URL, query).status_code == 400


@pytest.mark.parametrize("count", [1, 9])
def test_p07_a_list_costs_four_queries_however_long(
    alice: User, api: Api, make: Make, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        make(alice)
    settle()
    client = api(alice)
    client.get(URL)

    with django_assert_max_num_queries(4):
        rows = client.get(URL, {"project": "churn", "owner": "me"}).json()["results"]

    assert len(rows) == count


def test_a_restart_with_another_profile_shows_both_halves(
    alice: User, api: Api, make: Make, large: Profile
) -> None:
    server = make(alice)
    settle()
    client = api(alice)

    asked = post(client, f"{URL}/{server.pk}/restart", {"profile": "large"})
    assert asked.status_code == 202
    assert (asked.json()["status"], asked.json()["restarting"]) == ("stopping", True)
    assert asked.json()["reason"]["code"] == "RESTARTING"
    settle()

    now = client.get(f"{URL}/{server.pk}").json()
    assert (now["status"], now["restarting"]) == ("running", False)
    assert now["profile"]["id"] == large.pk
    assert now["resources"]["cpu_millicores"] == 2000


def test_figures_and_the_idle_stop_are_shown(
    alice: User, api: Api, make: Make, settings: Any
) -> None:
    settings.ATELIER_IDLE_MINUTES = 1
    server = make(alice)
    settle()
    client = api(alice)
    assert client.get(f"{URL}/{server.pk}").json()["usage"] is None
    report = Report(busy=False, cpu_millicores=125, memory_bytes=2**28)
    running.note_report(workload_id=workload_of(server).pk, report=report)
    idle.apply_rule()

    shown = client.get(f"{URL}/{server.pk}").json()
    kept = post(client, f"{URL}/{server.pk}/keep-running").json()

    assert shown["usage"]["cpu_millicores"] == 125
    assert shown["idle_stop_at"] is not None
    assert kept["idle_stop_at"] is None


def test_while_the_hub_is_away_starts_are_accepted_and_lists_stay_up(
    alice: User, api: Api, draft: dict[str, Any], engine: MemoryEngine
) -> None:
    engine.is_away = True
    client = api(alice)

    made = post(client, URL, draft)
    reconcile(2)
    waiting = client.get(f"{URL}/{made.json()['id']}").json()
    engine.is_away = False
    settle()
    resumed = client.get(f"{URL}/{made.json()['id']}").json()

    assert made.status_code == 201
    assert waiting["status"] == "starting"
    assert waiting["workload"]["stale_since"] is not None
    assert waiting["reason"]["code"] == "ENGINE_UNREACHABLE"
    assert (resumed["status"], resumed["reason"]) == ("running", None)


def test_a_deleted_notebook_is_gone_and_its_name_free(
    alice: User, api: Api, make: Make, draft: dict[str, Any]
) -> None:
    server = make(alice, name="exploration")
    client = api(alice)
    assert client.delete(f"{URL}/{server.pk}").json()["code"] == "STOP_IT_FIRST"
    services.stop_server(server_id=server.pk, actor=alice)

    assert client.delete(f"{URL}/{server.pk}").status_code == 204

    assert client.get(f"{URL}/{server.pk}").status_code == 404
    assert client.get(URL).json()["results"] == []
    assert post(client, URL, {**draft, "name": "exploration"}).status_code == 201


def test_renaming_answers_with_the_new_name_and_refuses_a_taken_one(
    alice: User, api: Api, make: Make
) -> None:
    make(alice, name="first", start=False)
    second = make(alice, name="second", start=False)
    client = api(alice)

    taken = client.patch(f"{URL}/{second.pk}", {"name": "first"}, format="json")
    renamed = client.patch(f"{URL}/{second.pk}", {"name": " third "}, format="json")

    assert (taken.status_code, taken.json()["code"]) == (409, "NAME_TAKEN")
    assert renamed.json()["name"] == "third"
    assert renamed["ETag"] == '"v2"'


def test_packages_are_reset_by_the_next_start(alice: User, api: Api, make: Make) -> None:
    server = make(alice, start=False)
    client = api(alice)

    reset = post(client, f"{URL}/{server.pk}/reset-packages").json()
    started = post(client, f"{URL}/{server.pk}/start").json()

    assert reset["packages_will_be_reset"]
    assert not started["packages_will_be_reset"]
    assert Run.objects.get().reset_packages


def test_the_check_before_a_start_says_fits_and_never(
    alice: User, api: Api, draft: dict[str, Any], large: Profile
) -> None:
    client = api(alice)
    question = {"kind": "notebook", **draft}

    fits = post(client, "/api/v1/check", question).json()
    Line.objects.create(scope="user", scope_id=alice.pk, resource="cpu", limit=1500)
    never = post(client, "/api/v1/check", {**question, "profile": "large"}).json()
    unknown = post(client, "/api/v1/check", {**question, "profile": "nonsense"})

    assert fits["verdict"] == "fits"
    assert never["verdict"] == "never"
    assert [c["profile"]["name"] for c in never["choices"]] == ["Small"]
    assert (unknown.status_code, unknown.json()["field"]) == (400, "profile")


def test_a_settled_status_is_told_once_it_is_true(
    alice: User, api: Api, make: Make, engine: MemoryEngine
) -> None:
    server = make(alice)
    settle()
    engine.end(
        workload_of(server).engine_name, exit_code=137, reason="OUT_OF_MEMORY", limit="1 GiB"
    )
    settle()

    shown = api(alice).get(f"{URL}/{server.pk}").json()
    assert (shown["status"], shown["reason"]["code"]) == ("failed", "OUT_OF_MEMORY")
    assert workload_of(server).status == Status.FAILED
    json.dumps(shown)
