"""The list, the page, events, stop and force over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.engines.memory import MemoryEngine, Script
from atelier.projects.models import Project
from atelier.workloads import selectors
from atelier.workloads.models import Workload
from atelier.workloads.status import SHOWN
from tests.atelier.workloads.conftest import Start, reconcile
from tests.conftest import Api
from tests.factories.projects import MembershipFactory, ProjectFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/workloads"


def test_a_member_sees_what_runs_in_the_project(
    api: Api, alice: User, bob: User, project: Project, engine: MemoryEngine, start: Start
) -> None:
    workload = start(alice)
    reconcile(2)

    answer = api(bob).get(URL)

    assert answer.status_code == 200
    [row] = answer.json()["results"]
    assert row == {
        "id": workload.pk,
        "kind": "sleeper",
        "name": "nap",
        "durable_id": "n1",
        "project": {"id": project.pk, "slug": "churn", "name": "Churn"},
        "owner": "alice",
        "status": "running",
        "phase": "RUNNING",
        "reason": None,
        "resources": {"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}},
        "created": row["created"],
        "started": row["started"],
        "finished": None,
        "stale_since": None,
        "progress": row["progress"],
        "links": {},
    }
    assert [step["step"] for step in row["progress"]] == ["quota", "submitted", "placed", "ready"]
    assert {step["state"] for step in row["progress"]} == {"done"}


@pytest.mark.parametrize("path", ["", "/events", "/stop", "/force-settle"])
def test_i05_a_stranger_gets_404_for_everything_about_it(
    path: str, api: Api, alice: User, carol: User, start: Start
) -> None:
    workload = start(alice)
    client = api(carol)
    call = client.post if path in {"/stop", "/force-settle"} else client.get

    assert call(f"{URL}/{workload.pk}{path}").status_code == 404
    assert client.get(URL).json()["results"] == []


def test_the_owner_stops_his_run_and_may_ask_again(
    api: Api, alice: User, bob: User, engine: MemoryEngine, start: Start
) -> None:
    workload = start(bob)
    reconcile(2)

    first = api(bob).post(f"{URL}/{workload.pk}/stop")
    again = api(bob).post(f"{URL}/{workload.pk}/stop")

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["status"] == "stopping"
    assert first.json()["reason"]["text"] == "bob stopped it."


def test_members_stop_only_their_own_and_leads_everything(
    api: Api, alice: User, bob: User, vera: User, start: Start
) -> None:
    workload = start(alice)
    of_bob = start(bob)

    assert api(bob).post(f"{URL}/{workload.pk}/stop").status_code == 403
    assert api(vera).post(f"{URL}/{workload.pk}/stop").status_code == 403
    assert api(alice).post(f"{URL}/{of_bob.pk}/stop").status_code == 202


def test_an_admin_closes_what_nobody_sees_ending_and_it_is_audited(
    api: Api, alice: User, admin: User, engine: MemoryEngine, start: Start
) -> None:
    workload = start(alice)
    reconcile(2)
    assert api(alice).post(f"{URL}/{workload.pk}/force-settle").status_code == 403

    answer = api(admin).post(f"{URL}/{workload.pk}/force-settle")

    assert answer.json()["status"] == "stopped"
    assert answer.json()["reason"]["code"] == "FORCED"
    record = Record.objects.get(verb="workload.stopped")
    assert (record.actor_id, record.before) == (admin.pk, {"status": "RUNNING"})
    assert api(admin).post(f"{URL}/{workload.pk}/force-settle").status_code == 409


def test_events_tell_the_story_in_the_readers_language(
    api: Api, alice: User, engine: MemoryEngine, start: Start
) -> None:
    workload = start(alice)
    reconcile(2)
    User.objects.filter(pk=alice.pk).update(language="fr")

    rows = api(alice).get(f"{URL}/{workload.pk}/events").json()["results"]

    told = [row["code"] for row in rows]
    assert told[::-1][:5] == ["QUEUED", "ADMITTED", "SUBMITTING", "STARTING", "RUNNING"]
    assert "Il fonctionne." in {row["text"] for row in rows}
    assert {row["source"] for row in rows} == {"platform", "engine"}


@pytest.mark.parametrize("word", SHOWN)
def test_the_filter_by_status_finds_what_is_shown_with_that_word(
    word: str, api: Api, alice: User, engine: MemoryEngine, start: Start
) -> None:
    engine.script = Script(place_after=None)
    for kind in ("sleeper", "batch"):
        start(alice, kind=kind)
    reconcile(2)
    engine.script = Script()
    start(alice)
    reconcile(2)
    start(alice)

    every = api(alice).get(URL).json()["results"]
    found = api(alice).get(URL, {"status": word}).json()["results"]

    assert [row["id"] for row in found] == [row["id"] for row in every if row["status"] == word]


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "RUNNING"},
        {"live": "1"},
        {"order_by": "password"},
        {"owner__password__startswith": "x"},
        {"cursor": "nonsense"},
        {"cursor": "Zg=="},
        {"limit": "0"},
        {"limit": "-1"},
    ],
)
def test_s21_filters_and_pages_come_from_a_list(
    asked: dict[str, str], api: Api, alice: User
) -> None:
    answer = api(alice).get(URL, asked)

    assert answer.status_code == 400
    assert answer.json()["field"] == next(iter(asked))


def test_pages_go_forward_and_back_without_losing_or_doubling_a_row(
    api: Api, alice: User, start: Start
) -> None:
    workloads = [start(alice, kind="batch") for _ in range(7)]
    # The same instant for some: the id decides.
    Workload.objects.filter(pk__in=[w.pk for w in workloads[2:5]]).update(
        created=timezone.now() - timedelta(hours=1)
    )
    client = api(alice)
    every = [row["id"] for row in client.get(URL).json()["results"]]

    seen: list[str] = []
    page = client.get(URL, {"limit": 2}).json()
    pages = [page]
    while page["next"]:
        page = client.get(URL, {"limit": 2, "cursor": page["next"]}).json()
        pages.append(page)
    for page in pages:
        seen += [row["id"] for row in page["results"]]
    back = client.get(URL, {"limit": 2, "cursor": pages[-1]["previous"]}).json()

    assert len(every) == 7
    assert seen == every
    assert back["results"] == pages[-2]["results"]
    assert pages[0]["previous"] is None


def test_an_admin_sees_what_is_live_everywhere(
    api: Api, admin: User, alice: User, engine: MemoryEngine, start: Start
) -> None:
    live = start(alice)
    over = start(alice)
    api(alice).post(f"{URL}/{over.pk}/stop")

    rows = api(admin).get(URL, {"live": "true"}).json()["results"]

    assert [row["id"] for row in rows] == [live.pk]


def test_the_prepared_first_page_is_the_callers_own(
    api: Api, alice: User, bob: User, carol: User, admin: User, project: Project, start: Start
) -> None:
    mine, his = start(alice, kind="batch"), start(bob, kind="batch")
    other = ProjectFactory.create(slug="other")
    MembershipFactory.create(project=other, user=carol)
    hers = start(carol, kind="batch", project=other)

    def seen(user: User, **asked: str) -> set[str]:
        return {row["id"] for row in api(user).get(URL, asked).json()["results"]}

    for _ in range(2):
        assert seen(alice) == seen(bob) == {mine.pk, his.pk}
        assert seen(carol) == {hers.pk}
        assert seen(admin) == {mine.pk, his.pk, hers.pk}
        assert seen(alice, owner="bob") == {his.pk}
        assert seen(alice, owner="alice") == {mine.pk}
        assert seen(carol, project="churn") == set()
        assert seen(carol, project="other") == seen(carol, project=other.pk) == {hers.pk}
        assert seen(admin, project="churn", status="queued") == {mine.pk, his.pk}
        assert seen(admin, kind="sleeper") == set()


def test_a_token_of_a_workload_sees_its_project_only(
    alice: User, project: Project, start: Start
) -> None:
    other = ProjectFactory.create(slug="other")
    MembershipFactory.create(project=other, user=alice)
    mine, elsewhere = start(alice, kind="batch"), start(alice, kind="batch", project=other)
    unbound = {row["id"] for row in selectors.page(alice, {})[0]}

    alice.bound_project_id = project.pk
    bound = {row["id"] for row in selectors.page(alice, {})[0]}

    assert unbound == {mine.pk, elsewhere.pk}
    assert bound == {mine.pk}
