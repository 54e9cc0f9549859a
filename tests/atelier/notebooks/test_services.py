"""Starting, stopping, restarting, renaming, deleting: what people ask of a notebook server."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from atelier.accounts.models import ApiToken, User
from atelier.accounts.services import issue_workload_token
from atelier.audit.models import Record
from atelier.catalog.models import Environment, Profile
from atelier.core.errors import Conflict, InvalidSpec, NotAllowed, QuotaExceeded
from atelier.engines.memory import MemoryEngine
from atelier.notebooks import services
from atelier.notebooks.models import NotebookServer, Run
from atelier.notebooks.services import Start
from atelier.projects.models import Project
from atelier.quotas.models import Line, Reservation
from atelier.workloads import services as workloads
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.notebooks.conftest import Make, fresh, reconcile, run_of, settle, workload_of

pytestmark = pytest.mark.django_db


def limit(user: User, resource: str, amount: int) -> None:
    Line.objects.create(scope="user", scope_id=user.pk, resource=resource, limit=amount)


def test_a_notebook_starts_runs_and_stops(alice: User, make: Make, engine: MemoryEngine) -> None:
    server = make(alice)
    assert workload_of(server).status == Status.ADMITTED
    settle()
    assert workload_of(server).status == Status.RUNNING
    assert list(engine.running) == [f"alice/{server.pk}/{server.workload_id}"]

    services.stop_server(server_id=server.pk, actor=alice)
    assert workload_of(server).status == Status.STOPPING
    settle()

    assert workload_of(server).status == Status.STOPPED
    assert engine.running == {}
    assert not Reservation.objects.exists()


def test_a_start_beyond_a_limit_is_refused_and_leaves_nothing(alice: User, make: Make) -> None:
    limit(alice, "cpu", 1500)
    make(alice)

    with pytest.raises(QuotaExceeded):
        make(alice, name="second")

    assert NotebookServer.objects.count() == Run.objects.count() == Workload.objects.count() == 1


def test_a_server_can_be_made_without_starting_it(alice: User, make: Make) -> None:
    server = make(alice, start=False)

    assert server.workload is None
    assert not Workload.objects.exists()


def test_servers_without_a_name_are_numbered(alice: User, bob: User, make: Make) -> None:
    names = [make(alice, start=False).name for _ in range(3)]

    assert names == ["notebook", "notebook 2", "notebook 3"]
    assert make(bob, start=False).name == "notebook"


def test_two_servers_of_one_owner_cannot_share_a_name(alice: User, bob: User, make: Make) -> None:
    first = make(alice, name="exploration", start=False)

    with pytest.raises(Conflict) as refused:
        make(alice, name="exploration", start=False)
    make(bob, name="exploration", start=False)
    services.delete_server(server_id=first.pk, actor=alice)
    make(alice, name="exploration", start=False)

    assert (refused.value.code, refused.value.field) == ("NAME_TAKEN", "name")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "x" * 81, "a\x00b"])
def test_names_that_lie_are_refused(alice: User, make: Make, name: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        make(alice, name=name)

    assert refused.value.field == "name"
    assert not NotebookServer.objects.exists()


def test_a_viewer_and_a_stranger_start_nothing(vera: User, carol: User, make: Make) -> None:
    for user in (vera, carol):
        with pytest.raises(NotAllowed):
            make(user)


def test_what_is_not_offered_cannot_be_chosen(
    alice: User, make: Make, small: Profile, python: Environment
) -> None:
    for field, row in (("profile", small), ("environment", python)):
        row.enabled = False
        row.save()
        with pytest.raises(InvalidSpec) as refused:
            make(alice)
        assert (refused.value.code, refused.value.field) == ("NOT_OFFERED", field)
        row.enabled = True
        row.save()


def test_a_running_server_cannot_be_started_again_or_deleted(alice: User, make: Make) -> None:
    server = make(alice)

    with pytest.raises(Conflict) as busy:
        services.start_server(server_id=server.pk, actor=alice)
    with pytest.raises(Conflict) as live:
        services.delete_server(server_id=server.pk, actor=alice)

    assert (busy.value.code, live.value.code) == ("SERVER_BUSY", "STOP_IT_FIRST")
    assert Workload.objects.count() == 1


def test_stopping_twice_is_harmless(alice: User, make: Make) -> None:
    server = make(alice)
    settle()

    services.stop_server(server_id=server.pk, actor=alice)
    services.stop_server(server_id=server.pk, actor=alice)
    settle()
    services.stop_server(server_id=server.pk, actor=alice)

    assert workload_of(server).status == Status.STOPPED


def test_a_stopped_server_starts_again_with_another_profile(
    alice: User, make: Make, large: Profile
) -> None:
    server = make(alice)
    settle()
    services.stop_server(server_id=server.pk, actor=alice)
    settle()
    first = workload_of(server)

    services.start_server(server_id=server.pk, actor=alice, start=Start(profile="large"))
    settle()

    second = workload_of(server)
    assert (first.status, second.status) == (Status.STOPPED, Status.RUNNING)
    assert second.resources["cpu_millicores"] == 2000
    assert fresh(server).profile == large


def test_a_restart_starts_the_next_run_once_the_old_one_is_gone(
    alice: User, make: Make, large: Profile, engine: MemoryEngine
) -> None:
    limit(alice, "notebooks", 1)
    server = make(alice)
    settle()
    old = workload_of(server)

    services.restart_server(server_id=server.pk, actor=alice, start=Start(profile="large"))
    assert workload_of(server).status == Status.STOPPING
    settle()

    new = workload_of(server)
    assert new.pk != old.pk
    assert new.status == Status.RUNNING
    assert run_of(server).profile == large
    assert list(engine.running) == [f"alice/{server.pk}/{new.pk}"]
    assert not fresh(server).restart_wanted


def test_a_restart_of_a_server_that_has_not_begun_to_start_works_too(
    alice: User, make: Make, large: Profile
) -> None:
    server = make(alice)

    services.restart_server(server_id=server.pk, actor=alice, start=Start(profile="large"))
    settle()

    assert workload_of(server).status == Status.RUNNING
    assert Workload.objects.count() == 2
    assert run_of(server).profile == large


def test_a_restart_that_meets_a_limit_says_why_on_the_server(
    alice: User, make: Make, large: Profile
) -> None:
    limit(alice, "cpu", 1500)
    server = make(alice)
    settle()

    services.restart_server(server_id=server.pk, actor=alice, start=Start(profile="large"))
    settle()

    assert workload_of(server).status == Status.STOPPED
    assert fresh(server).refusal_code == "QUOTA_EXCEEDED"
    assert not fresh(server).restart_wanted
    services.start_server(server_id=server.pk, actor=alice, start=Start(profile="small"))
    assert fresh(server).refusal_code == ""


def test_stopping_during_a_restart_forgets_the_restart(
    alice: User, make: Make, engine: MemoryEngine
) -> None:
    server = make(alice)
    settle()
    services.restart_server(server_id=server.pk, actor=alice)

    services.stop_server(server_id=server.pk, actor=alice)
    settle()

    assert workload_of(server).status == Status.STOPPED
    assert engine.running == {}


@pytest.mark.parametrize("reason", ["CANCELLED", "ACCOUNT_DEACTIVATED", "PLATFORM_STOPPED"])
def test_whoever_stops_the_run_during_a_restart_stops_the_restart_too(
    alice: User, admin: User, make: Make, engine: MemoryEngine, reason: str
) -> None:
    server = make(alice)
    settle()
    services.restart_server(server_id=server.pk, actor=alice)

    workloads.request_stop(workload_of(server), actor=admin, reason_code=reason)
    settle()

    assert workload_of(server).status == Status.STOPPED
    assert not fresh(server).restart_wanted
    assert engine.running == {}


def test_a_restart_survives_a_worker_that_dies_after_the_old_run_ended(
    alice: User, make: Make
) -> None:
    server = make(alice)
    settle()
    services.restart_server(server_id=server.pk, actor=alice)
    reconcile(3)  # the old run is gone, the message not yet delivered
    assert workload_of(server).is_over

    services.finish_restart(server_id=server.pk)
    services.finish_restart(server_id=server.pk)
    settle()

    assert workload_of(server).status == Status.RUNNING
    assert Workload.objects.count() == 2


def test_whoever_lost_his_role_is_not_restarted(alice: User, bob: User, make: Make) -> None:
    server = make(bob)
    settle()
    services.restart_server(server_id=server.pk, actor=bob)
    bob.memberships.update(role="viewer")
    settle()

    assert workload_of(server).status == Status.STOPPED
    assert fresh(server).refusal_code == "RESTART_NOT_ALLOWED"


def test_only_the_owner_runs_a_server_but_leads_stop_it(
    alice: User, bob: User, vera: User, make: Make
) -> None:
    server = make(bob)
    settle()

    for verb in (services.restart_server, services.keep_running):
        with pytest.raises(NotAllowed):
            verb(server_id=server.pk, actor=alice)
    with pytest.raises(NotAllowed):
        services.stop_server(server_id=server.pk, actor=vera)
    services.stop_server(server_id=server.pk, actor=alice)

    assert workload_of(server).status == Status.STOPPING


def test_renaming_keeps_everything_else(alice: User, make: Make) -> None:
    server = make(alice)

    services.change_server(server_id=server.pk, actor=alice, name="churn study")

    changed = fresh(server)
    assert (changed.name, changed.hub_server, changed.version) == ("churn study", server.pk, 2)
    assert changed.workload_id == server.workload_id


def test_the_next_profile_does_not_change_what_runs(
    alice: User, make: Make, large: Profile, small: Profile
) -> None:
    server = make(alice)

    services.change_server(server_id=server.pk, actor=alice, profile=large.pk)

    assert fresh(server).profile == large
    assert run_of(server).profile == small


def test_a_reset_of_packages_is_for_the_next_start_only(alice: User, make: Make) -> None:
    server = make(alice, start=False)
    services.reset_packages(server_id=server.pk, actor=alice)

    services.start_server(server_id=server.pk, actor=alice)
    assert run_of(server).reset_packages
    assert not fresh(server).reset_packages
    with pytest.raises(Conflict):
        services.reset_packages(server_id=server.pk, actor=alice)


def test_the_tokens_of_a_run_die_with_it(alice: User, make: Make) -> None:
    server = make(alice)
    settle()
    from datetime import timedelta

    token, _ = issue_workload_token(
        user=alice,
        project_id=server.project_id,
        workload_id=workload_of(server).pk,
        lifetime=timedelta(hours=1),
    )

    services.stop_server(server_id=server.pk, actor=alice)
    settle()

    assert ApiToken.objects.get(pk=token.pk).revoked is not None


def test_a_stop_shows_who_stopped_it(alice: User, bob: User, make: Make) -> None:
    server = make(bob)
    settle()
    services.stop_server(server_id=server.pk, actor=alice)
    settle()

    ended = workload_of(server)
    assert (ended.reason_code, ended.reason_params) == ("CANCELLED", {"by": "alice"})


def test_s24_every_start_has_its_audit_row(alice: User, make: Make) -> None:
    server = make(alice)

    verbs = set(Record.objects.values_list("verb", flat=True))
    assert {"notebook.created", "workload.queued", "workload.admitted"} <= verbs
    created = Record.objects.get(verb="notebook.created")
    assert (created.actor_name, created.object_id) == ("alice", server.pk)


def test_an_archived_project_starts_nothing(alice: User, project: Project, make: Make) -> None:
    server = make(alice, start=False)
    Project.objects.filter(pk=project.pk).update(archived_at=timezone.now())

    with pytest.raises(Conflict) as refused:
        services.start_server(server_id=server.pk, actor=alice)

    assert refused.value.code == "PROJECT_IS_ARCHIVED"


def test_a_closed_account_is_stopped_and_not_restarted(alice: User, bob: User, make: Make) -> None:
    server = make(bob)
    settle()
    services.restart_server(server_id=server.pk, actor=bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    workloads.stop_all_of(actor=alice, reason_code="ACCOUNT_DEACTIVATED", owner=bob)
    settle()

    assert workload_of(server).is_over
    assert not fresh(server).restart_wanted


def test_a_restart_by_one_who_lost_the_right_meanwhile_says_so(bob: User, make: Make) -> None:
    server = make(bob)
    settle()
    services.restart_server(server_id=server.pk, actor=bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    settle()

    assert workload_of(server).is_over
    assert fresh(server).refusal_code == "RESTART_NOT_ALLOWED"


@pytest.mark.django_db(transaction=True)
def test_of_many_starts_at_once_exactly_one_wins(alice: User, make: Make) -> None:
    server = make(alice, start=False)
    barrier = Barrier(8)
    outcomes: list[str] = []

    def start() -> None:
        barrier.wait()
        try:
            services.start_server(server_id=server.pk, actor=alice)
            outcomes.append("started")
        except Conflict as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["SERVER_BUSY"] * 7 + ["started"]
    assert Workload.objects.count() == 1
