"""What those who run the platform see of it, with the real database and broker of the tests."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from atelier.accounts.models import User
from atelier.engines.jupyterhub import Hub
from atelier.health import report
from atelier.health.tasks import leave_report
from atelier.toolkit import broker
from atelier.toolkit.models import OutboxMessage
from tests.conftest import Api

Parts = dict[str, dict[str, Any]]


@pytest.fixture(autouse=True)
def _a_quiet_broker() -> Iterator[None]:
    broker.client().delete(report.KEY, settings.CELERY_TASK_DEFAULT_QUEUE)
    yield
    broker.client().delete(report.KEY, settings.CELERY_TASK_DEFAULT_QUEUE)


@pytest.fixture
def hub_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        report,
        "hub_in_a_hurry",
        lambda: _hub(lambda _: httpx.Response(200, json={"version": "6.1.1"})),
    )


@pytest.fixture
def hub_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(report, "hub_in_a_hurry", lambda: _hub(refuse))


def _hub(handler: Any) -> Hub:
    return Hub("http://hub.test/hub/api", "token", transport=httpx.MockTransport(handler))


def parts(api: Api, user: User) -> Parts:
    answer = api(user).get("/api/v1/platform/health")
    assert answer.status_code == 200, answer.content
    return {row["name"]: row for row in answer.json()["components"]}


def test_every_part_is_told(api: Api, admin: User, hub_answers: None) -> None:
    leave_report()

    found = parts(api, admin)

    assert list(found) == ["database", "broker", "worker", "hub", "queue", "due", "outbox"]
    assert {row["state"] for row in found.values()} == {"ok"}


def test_the_versions_that_run_are_told(api: Api, admin: User, hub_answers: None) -> None:
    leave_report()

    versions = api(admin).get("/api/v1/platform/health").json()["versions"]

    assert versions["jupyterhub"] == "6.1.1"
    assert versions["postgresql"]


def test_a_worker_that_never_reported_is_down_and_the_hub_unknown(api: Api, admin: User) -> None:
    found = parts(api, admin)

    assert found["worker"]["state"] == "down"
    assert found["hub"]["state"] == "degraded"


def test_a_hub_that_does_not_answer_is_down(api: Api, admin: User, hub_is_away: None) -> None:
    leave_report()

    found = parts(api, admin)

    assert found["hub"]["state"] == "down"
    assert "Running notebooks go on." in found["hub"]["detail"]
    assert found["worker"]["state"] == "ok"


def test_a_worker_that_fell_silent_is_first_behind_and_then_down(
    api: Api, admin: User, hub_answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_report()
    now = timezone.now()

    for seconds, state in ((45, "degraded"), (120, "down")):
        later = now + timedelta(seconds=seconds)
        monkeypatch.setattr("atelier.health.probes.timezone.now", lambda later=later: later)
        assert parts(api, admin)["worker"]["state"] == state


def test_tasks_that_wait_are_counted(api: Api, admin: User) -> None:
    broker.client().rpush(settings.CELERY_TASK_DEFAULT_QUEUE, *["{}"] * 150)

    queue = parts(api, admin)["queue"]

    assert (queue["state"], queue["detail"]) == ("degraded", "150 wait.")


def test_a_message_that_was_not_sent_in_time_is_told(api: Api, admin: User) -> None:
    OutboxMessage.objects.create(topic="x", due_at=timezone.now() - timedelta(seconds=60))

    outbox = parts(api, admin)["outbox"]

    assert outbox["state"] == "degraded"
    assert outbox["detail"].startswith("1 wait, the first for 6")


def test_a_message_that_is_due_later_is_not_late(api: Api, admin: User) -> None:
    OutboxMessage.objects.create(topic="x", due_at=timezone.now() + timedelta(seconds=60))

    assert parts(api, admin)["outbox"]["state"] == "ok"


def test_the_words_are_the_readers(api: Api, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(language="fr")
    admin.refresh_from_db()

    assert parts(api, admin)["due"]["detail"] == "Rien n’attend."


def test_auditors_read_and_others_do_not(api: Api, auditor: User, alice: User) -> None:
    assert parts(api, auditor)
    assert api(alice).get("/api/v1/platform/health").status_code == 403
    assert api(None).get("/api/v1/platform/health").status_code == 401


def test_a_broker_that_is_away_is_told_and_hides_nothing_else(
    api: Api, admin: User, settings: Any
) -> None:
    settings.ATELIER_BROKER_URL = "redis://127.0.0.1:1/0"
    broker.client.cache_clear()
    try:
        found = parts(api, admin)
    finally:
        broker.client.cache_clear()

    assert (found["broker"]["state"], found["queue"]["state"]) == ("down", "down")
    assert found["database"]["state"] == "ok"
