"""The hub's door: its token or nothing; refusals in the language of the person they reach."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from atelier.accounts.models import ApiToken, User
from atelier.engines.jupyterhub.client import HubUser
from atelier.notebooks import running, services
from atelier.notebooks.models import NotebookServer
from tests.atelier.notebooks.conftest import Make, run_of, settle, workload_of
from tests.conftest import Api

pytestmark = pytest.mark.django_db
PLANS, BELLS = "/internal/spawn-plans", "/internal/doorbells"
TOKENS, REPORTS = "/internal/server-tokens", "/internal/server-reports"
SPAWN = "s" + "1" * 15


def bearer(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def spawner() -> APIClient:
    return bearer("tests-spawner-token")


def question(server: NotebookServer) -> dict[str, Any]:
    return {
        "hub_user": server.owner.username,
        "server": server.hub_server,
        "spawn_id": SPAWN,
        "user_options": {"workload_id": server.workload_id},
    }


def plan(client: APIClient, of: NotebookServer, **changes: Any) -> Any:
    return client.post(PLANS, question(of) | changes, format="json")


def test_the_spawner_gets_its_plan(alice: User, make: Make, spawner: APIClient) -> None:
    server = make(alice)

    answer = plan(spawner, server)

    assert answer.status_code == 200
    assert answer.json()["workload_id"] == server.workload_id
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [PLANS, BELLS])
def test_s03_nobody_else_gets_in(
    alice: User, admin: User, make: Make, api: Api, address: str
) -> None:
    server = make(alice)
    body = question(server)

    answers = [
        client.post(address, body, format="json").status_code
        for client in (APIClient(), bearer("wrong"), bearer(""), api(alice), api(admin))
    ]
    by_query = APIClient().post(f"{address}?token=tests-spawner-token", body, format="json")

    assert answers == [401] * 5
    assert by_query.status_code == 401
    assert run_of(server).spawn_id == ""
    assert bearer("tests-spawner-token").get(address).status_code == 405


def test_a_second_start_is_told_that_the_server_is_busy(
    alice: User, make: Make, spawner: APIClient
) -> None:
    server = make(alice)
    plan(spawner, server)
    settle()

    refused = plan(spawner, server, spawn_id="s" + "2" * 15)

    assert refused.status_code == 409
    assert refused.json()["code"] == "SERVER_BUSY"
    assert refused["Content-Type"] == "application/problem+json"


def test_a_refusal_is_in_the_language_of_the_hubs_user(
    carol: User, make: Make, alice: User, spawner: APIClient
) -> None:
    make(alice)
    carol.language = "fr"
    carol.save()

    refused = spawner.post(
        PLANS, {"hub_user": "carol", "server": "", "spawn_id": SPAWN}, format="json"
    )

    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Vous n’êtes dans aucun projet")


@pytest.mark.parametrize(
    "change",
    [{"hub_user": None}, {"hub_user": 3}, {"server": None}, {"spawn_id": ""}, {"user_options": []},
     {"server": "../x"}, {"spawn_id": "x" * 99}],
)  # fmt: skip
def test_a_question_that_is_none_is_refused(
    alice: User, make: Make, spawner: APIClient, change: dict[str, Any]
) -> None:
    server = make(alice)

    assert plan(spawner, server, **change).status_code == 400


def test_odd_options_of_the_hubs_page_do_no_harm(
    alice: User, make: Make, spawner: APIClient
) -> None:
    server = make(alice)

    answer = plan(spawner, server, user_options={"workload_id": ["x"], "image": "evil", "uid": 0})

    assert answer.status_code == 200
    assert answer.json()["environment"]["image"] == "atelier/notebook:1"


def test_a_doorbell_is_answered_with_nothing(alice: User, make: Make, spawner: APIClient) -> None:
    server = make(alice)
    bell = {
        "workload_id": server.workload_id,
        "hub_user": "alice",
        "server": server.hub_server,
        "spawn_id": SPAWN,
        "event": "failed",
        "code": None,
        "detail": "the runtime is not installed",
        "exit_code": None,
        "seconds": {"process": 0.2},
    }

    assert spawner.post(BELLS, bell, format="json").status_code == 204
    assert spawner.post(BELLS, {**bell, "workload_id": None}, format="json").status_code == 204
    assert spawner.post(BELLS, {**bell, "event": "odd"}, format="json").status_code == 400

    assert run_of(server).end_params["detail"] == "the runtime is not installed"


# --- tokens: the hub is a function here --------------------------------------------------------


def hub_says(monkeypatch: pytest.MonkeyPatch, holder: HubUser | None) -> None:
    class Answering:
        def whose_token(self, token: str) -> HubUser | None:
            return holder

    monkeypatch.setattr(running, "hub_in_a_hurry", Answering)


def of_server(user: str, server: str, *more: str, kind: str = "user") -> HubUser:
    return HubUser(kind, user, frozenset({f"access:servers!server={user}/{server}", *more}))


def exchange() -> Any:
    return APIClient().post(TOKENS, {"hub_token": "abc"}, format="json")


def test_a_server_exchanges_its_hub_token_for_a_fresh_one(
    alice: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make(alice)
    settle()
    hub_says(monkeypatch, of_server("alice", server.pk, "users:activity!user=alice"))

    answer = exchange()

    assert answer.status_code == 200
    made = ApiToken.objects.get(workload_id=workload_of(server).pk)
    assert answer.json()["token"].startswith(made.prefix)
    assert (made.expires - timezone.now()).total_seconds() == pytest.approx(3600, abs=60)
    assert bearer(answer.json()["token"]).get("/api/v1/notebooks").status_code == 200


def test_s15_no_other_token_of_the_hub_becomes_one(
    alice: User, bob: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, other = make(alice), make(alice)
    settle()
    holders = [
        None,
        HubUser("user", "alice", frozenset({"access:servers!user=alice"})),
        HubUser("user", "alice", frozenset({"inherit"})),
        HubUser("user", "bob", frozenset({f"access:servers!server=alice/{server.pk}"})),
        of_server("alice", server.pk, f"access:servers!server=alice/{other.pk}"),
        of_server("alice", server.pk, kind="service"),
    ]

    for holder in holders:
        hub_says(monkeypatch, holder)
        assert exchange().status_code == 401
    hub_says(monkeypatch, of_server("alice", "nnone"))
    assert exchange().status_code == 404
    assert not ApiToken.objects.exists()


def test_s15_a_stopped_server_gets_no_more_tokens_and_its_old_ones_are_dead(
    alice: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make(alice)
    settle()
    hub_says(monkeypatch, of_server("alice", server.pk))
    token = exchange().json()["token"]

    services.stop_server(server_id=server.pk, actor=alice)
    settle()

    assert exchange().status_code == 404
    assert bearer(token).get("/api/v1/me").status_code == 401
    assert bearer(token).post(REPORTS, {"busy": True}, format="json").status_code == 401


# --- reports -----------------------------------------------------------------------------------


def test_a_server_reports_what_it_does_and_hears_of_its_idle_stop(
    alice: User, make: Make, spawner: APIClient
) -> None:
    server = make(alice)
    token = plan(spawner, server).json()["token"]
    settle()
    report = {
        "busy": True,
        "last_activity": timezone.now().isoformat(),
        "kernels": 2,
        "kernels_busy": 1,
        "terminals": 0,
        "children": 3,
        "cpu_millicores": 1500,
        "memory_bytes": 2**30,
    }

    answer = bearer(token).post(REPORTS, report, format="json")

    assert answer.status_code == 200
    assert answer.json() == {"idle_stop_at": None, "idle_minutes": 120}
    assert run_of(server).cpu_millicores == 1500
    assert run_of(server).busy_at is not None


def test_reports_are_taken_from_a_workloads_token_only(
    alice: User, make: Make, api: Api, spawner: APIClient
) -> None:
    make(alice)
    body = {"busy": False}

    assert APIClient().post(REPORTS, body, format="json").status_code in {401, 404}
    assert spawner.post(REPORTS, body, format="json").status_code == 401
    assert api(alice).post(REPORTS, body, format="json").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"busy": "x"}, {"busy": True, "memory_bytes": -1},
             {"busy": True, "cpu_millicores": 2**40}, {"busy": True, "last_activity": "soon"}],
)  # fmt: skip
def test_a_report_that_is_none_is_refused(
    alice: User, make: Make, spawner: APIClient, body: dict[str, Any]
) -> None:
    server = make(alice)
    token = plan(spawner, server).json()["token"]

    assert bearer(token).post(REPORTS, body, format="json").status_code == 400


@pytest.mark.parametrize("token", ["é", "a\nb", "a\u2028b", "x y\x7f"])
def test_what_no_header_can_carry_is_a_bad_hub_token(token: str) -> None:
    answer = APIClient().post(TOKENS, {"hub_token": token}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (401, "BAD_TOKEN")


def test_a_start_that_names_an_impossible_workload_is_one_from_the_hubs_page(
    alice: User, make: Make, spawner: APIClient
) -> None:
    server = make(alice, start=False)

    answer = plan(spawner, server, user_options={"workload_id": "\x00"})

    assert answer.status_code == 200
