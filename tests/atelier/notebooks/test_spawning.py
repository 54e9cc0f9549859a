"""Plans for starts at the hub: whose start it is, and what it gets."""

from typing import Any

import pytest

from atelier.accounts.models import ApiToken, User
from atelier.catalog.models import Environment, Profile
from atelier.core.errors import AtelierError, Conflict, NotAllowed, QuotaExceeded
from atelier.engines.memory import Script
from atelier.notebooks import doorbells, running, services, spawning
from atelier.notebooks.doorbells import Doorbell
from atelier.notebooks.models import NotebookServer, Run
from atelier.notebooks.spawning import Question
from atelier.projects.models import Project
from atelier.quotas.models import Line, Reservation
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.notebooks.conftest import Make, fresh, reconcile, run_of, settle, workload_of

pytestmark = pytest.mark.django_db


def ask(server: NotebookServer, spawn_id: str = "s" + "1" * 15, **options: Any) -> dict[str, Any]:
    return spawning.plan_spawn(
        Question(server.owner.username, server.hub_server, spawn_id, options)
    )


def ask_from_hub(user: User, name: str, spawn_id: str = "s" + "9" * 15) -> dict[str, Any]:
    return spawning.plan_spawn(Question(user.username, name, spawn_id))


def test_an_admitted_run_is_bound_to_the_start_that_asks_first(alice: User, make: Make) -> None:
    server = make(alice)

    plan = ask(server, "sone")

    assert plan["workload_id"] == server.workload_id
    assert run_of(server).spawn_id == "sone"
    assert Workload.objects.count() == 1


def test_the_plan_says_all_a_spawner_needs(alice: User, make: Make, project: Project) -> None:
    server = make(alice)

    plan = ask(server, "sone")

    token = plan.pop("token")
    assert token.startswith("atl_")
    assert plan == {
        "version": 1,
        "spawn_id": "sone",
        "workload_id": server.workload_id,
        "hub_user": "alice",
        "server": server.pk,
        "project": {"id": project.pk, "slug": "churn", "namespace": f"atelier-{project.pk}"},
        "environment": {
            "slug": "python",
            "image": "atelier/notebook:1",
            "local_runtime": "runtime",
        },
        "resources": {"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}},
        "uid": None,
        "home": f"{project.pk}/alice",
        "rescue": False,
        "overlay_reset": False,
        "env": {
            "ATELIER_URL": "http://localhost:8000",
            "ATELIER_PROJECT": "churn",
            "ATELIER_NOTEBOOK": server.pk,
            "ATELIER_WORKLOAD": server.workload_id,
        },
        "start_timeout_seconds": 120,
        "labels": {
            "app.kubernetes.io/name": "notebook",
            "app.kubernetes.io/instance": "atelier",
            "app.kubernetes.io/component": "notebook",
            "app.kubernetes.io/part-of": "atelier",
            "app.kubernetes.io/managed-by": "atelier",
            "atelier.dev/instance": "atelier",
            "atelier.dev/project": project.pk,
            "atelier.dev/owner": "alice",
            "atelier.dev/workload": server.workload_id,
            "atelier.dev/attempt": "1",
        },
        "profile": {
            "cpu_limit": 1.0,
            "cpu_guarantee": 1.0,
            "mem_limit": 2**30,
            "mem_guarantee": 2**30,
        },
        "pod": None,
    }


def test_the_uid_is_told_only_where_users_are_kept_apart(
    alice: User, make: Make, settings: Any
) -> None:
    settings.ATELIER_ISOLATION = "uid"

    assert ask(make(alice))["uid"] == alice.uid_number


def test_the_token_of_a_plan_is_bound_to_project_and_run(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server)

    token = ApiToken.objects.get()
    assert (token.user, token.project_id) == (alice, server.project_id)
    assert token.workload_id == server.workload_id


def test_the_same_start_gets_the_same_plan_again(alice: User, make: Make) -> None:
    server = make(alice)
    first, second = ask(server, "sone"), ask(server, "sone")
    settle()
    third = ask(server, "sone")

    for plan in (first, second, third):
        plan.pop("token")
    assert first == second
    assert {**third, "labels": None} == {**first, "labels": None}
    assert Workload.objects.count() == 1


def test_another_start_of_the_same_server_is_refused(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server, "sone")
    settle()

    with pytest.raises(Conflict) as refused:
        ask(server, "stwo")

    assert refused.value.code == "SERVER_BUSY"
    assert run_of(server).spawn_id == "sone"


def test_a_start_the_hub_gave_up_may_be_asked_for_again(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server, "sone", workload_id=server.workload_id)
    Workload.objects.update(status=Status.SUBMITTING, engine_name="alice/x/y", attempt_number=1)

    with pytest.raises(Conflict):
        ask(server, "stwo")
    ask(server, "stwo", workload_id=server.workload_id)

    assert run_of(server).spawn_id == "stwo"


def test_a_start_that_is_being_stopped_gets_no_plan(alice: User, make: Make) -> None:
    server = make(alice)
    settle()
    services.stop_server(server_id=server.pk, actor=alice)

    with pytest.raises(Conflict) as refused:
        ask(server, workload_id=server.workload_id)

    assert refused.value.code == "START_CANCELLED"


def test_a_start_that_came_too_late_does_not_become_a_new_one(alice: User, make: Make) -> None:
    server = make(alice)
    services.stop_server(server_id=server.pk, actor=alice)
    assert workload_of(server).is_over

    with pytest.raises(Conflict) as refused:
        ask(server, workload_id=server.workload_id)

    assert refused.value.code == "START_CANCELLED"
    assert Workload.objects.count() == 1


def test_a_start_from_the_hubs_page_is_admitted_as_such(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server, "sone")
    settle()
    services.stop_server(server_id=server.pk, actor=alice)
    settle()

    # The hub starts with the options of last time.
    plan = ask(fresh(server), "stwo", workload_id=server.workload_id)

    new = workload_of(server)
    assert plan["workload_id"] == new.pk != server.workload_id
    assert new.origin == Workload.Origin.HUB
    assert Reservation.objects.filter(holder=new.pk).exists()


@pytest.mark.parametrize("name", ["", "my-own-server"])
def test_a_server_only_the_hub_has_a_name_for_starts_where_one_works_last(
    alice: User, make: Make, name: str, large: Profile, project: Project
) -> None:
    make(alice, profile=large.pk, start=False)

    plan = ask_from_hub(alice, name)

    server = NotebookServer.objects.get(hub_server=name)
    assert plan["server"] == name
    assert (server.project, server.profile) == (project, large)
    assert workload_of(server).origin == Workload.Origin.HUB
    again = ask_from_hub(alice, name)
    assert again["workload_id"] == plan["workload_id"]


def test_a_first_start_from_the_hub_uses_the_first_project_and_the_first_choices(
    bob: User, project: Project, python: Environment, small: Profile, large: Profile, engine: Any
) -> None:
    plan = ask_from_hub(bob, "")

    assert plan["project"]["id"] == project.pk
    assert plan["resources"]["cpu_millicores"] == 1000


def test_who_may_start_nothing_is_told_so(vera: User, carol: User, python: Any, small: Any) -> None:
    for user in (vera, carol):
        with pytest.raises(NotAllowed) as refused:
            ask_from_hub(user, "")
        assert refused.value.code == "NO_PROJECT_TO_START_IN"
    assert not NotebookServer.objects.exists()


def test_a_start_from_the_hub_beyond_a_limit_leaves_nothing(
    alice: User, make: Make, python: Any
) -> None:
    Line.objects.create(scope="user", scope_id=alice.pk, resource="notebooks", limit=1)
    make(alice)

    with pytest.raises(QuotaExceeded):
        ask_from_hub(alice, "")

    assert NotebookServer.objects.count() == 1


def test_s15_a_closed_account_gets_no_plan(alice: User, make: Make) -> None:
    server = make(alice)
    User.objects.update(is_active=False)

    with pytest.raises(NotAllowed) as refused:
        ask(server)

    assert refused.value.code == "HUB_USER_UNKNOWN"


def test_a_deleted_server_is_not_started_under_its_old_name_by_itself(
    alice: User, make: Make
) -> None:
    server = make(alice, start=False)
    services.delete_server(server_id=server.pk, actor=alice)

    plan = ask_from_hub(alice, server.hub_server)

    assert plan["server"] == server.hub_server
    assert NotebookServer.objects.kept().get().pk != server.pk


@pytest.mark.parametrize("name", ["../x", "a" * 31, "A", "x/y", "a b", "-a"])
def test_odd_server_names_are_refused(alice: User, make: Make, name: str) -> None:
    with pytest.raises(AtelierError):
        ask_from_hub(alice, name)


# --- doorbells ---------------------------------------------------------------------------------


def test_doorbells_note_the_steps_of_a_start(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server, "sone")
    for event in ("started", "answering"):
        doorbells.hear(Doorbell(event, server.workload_id or "", "sone"))

    assert {"placed", "answering"} <= set(workload_of(server).steps)


@pytest.mark.parametrize(
    ("bell", "code", "status"),
    [
        (Doorbell("failed", "", detail="no such runtime"), "START_FAILED", Status.FAILED),
        (Doorbell("failed", "", code="START_TIMEOUT"), "START_TIMEOUT", Status.FAILED),
        (Doorbell("stopped", "", code="OUT_OF_MEMORY"), "OUT_OF_MEMORY", Status.FAILED),
        (Doorbell("stopped", "", exit_code=3), "EXIT_NONZERO", Status.FAILED),
        (Doorbell("stopped", "", exit_code=0), "STOPPED_OUTSIDE", Status.STOPPED),
        (Doorbell("stopped", "", code="NO_SUCH_CODE"), "EXITED", Status.FAILED),
    ],
)
def test_a_doorbell_gives_the_reason_and_the_look_decides(
    alice: User, make: Make, engine: Any, bell: Doorbell, code: str, status: Status
) -> None:
    server = make(alice)
    settle()
    heard = Doorbell(bell.event, workload_of(server).pk, "", bell.code, bell.detail, bell.exit_code)
    doorbells.hear(heard)
    reconcile(2)
    assert workload_of(server).status == Status.RUNNING  # nobody has seen an end

    engine.lose(workload_of(server).engine_name)
    settle()

    ended = workload_of(server)
    assert (ended.reason_code, ended.status) == (code, status)


def test_a_start_that_vanished_without_a_word_was_interrupted(
    alice: User, make: Make, engine: Any
) -> None:
    engine.script = Script(answer_after=None)
    server = make(alice)
    reconcile(3)
    assert workload_of(server).status == Status.STARTING

    engine.lose(workload_of(server).engine_name)
    settle()

    ended = workload_of(server)
    assert (ended.status, ended.reason_code) == (Status.FAILED, "START_INTERRUPTED")


def test_a_doorbell_of_an_earlier_start_is_not_heard(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server, "stwo")

    doorbells.hear(Doorbell("failed", server.workload_id or "", "sone"))
    doorbells.hear(Doorbell("failed", "wnever", "sone"))

    assert run_of(server).end_code == ""


# --- tokens of a running server ----------------------------------------------------------------


def test_a_running_server_gets_a_fresh_token_and_a_stopped_one_none(
    alice: User, make: Make
) -> None:
    server = make(alice)
    settle()
    fresh_token = running.exchange_token(hub_user="alice", hub_server=server.pk)
    assert fresh_token.token.startswith("atl_")
    assert fresh_token.token not in repr(fresh_token)

    services.stop_server(server_id=server.pk, actor=alice)
    settle()

    with pytest.raises(AtelierError):
        running.exchange_token(hub_user="alice", hub_server=server.pk)
    assert not ApiToken.objects.filter(revoked=None).exists()


def test_the_failed_transaction_of_a_plan_makes_no_token(alice: User, make: Make) -> None:
    server = make(alice)
    ask(server, "sone")
    settle()
    tokens = ApiToken.objects.count()

    with pytest.raises(Conflict):
        ask(server, "stwo")

    assert ApiToken.objects.count() == tokens
    assert Run.objects.count() == 1
