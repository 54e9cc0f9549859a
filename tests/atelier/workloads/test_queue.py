"""R15: first come first served in a project, in turn between projects, nobody starved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.resources import Resources
from atelier.engines.memory import MemoryEngine
from atelier.projects.models import Project, Role
from atelier.quotas.models import Line, Scope
from atelier.workloads import queue, services
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.workloads.conftest import Start, reconcile
from tests.factories.projects import MembershipFactory, ProjectFactory

pytestmark = pytest.mark.django_db
GIB = 2**30


def limit(scope: Scope, scope_id: str, cpu: int | None) -> None:
    Line.objects.update_or_create(
        scope=scope, scope_id=scope_id, resource="cpu", defaults={"limit": cpu, "inherits": False}
    )


def cores(number: float) -> Resources:
    return Resources(int(number * 1000), GIB)


def admitted(*workloads: Workload) -> list[bool]:
    for workload in workloads:
        workload.refresh_from_db()
    return [w.status != Status.QUEUED for w in workloads]


def other_project(user: User) -> Project:
    project = ProjectFactory(slug="fraud", name="Fraud")
    MembershipFactory(project=project, user=user, role=Role.MEMBER)
    return project


def test_a_run_that_may_wait_is_queued_and_reserves_nothing(alice: User, start: Start) -> None:
    workload = start(alice, kind="batch")

    assert workload.status == Status.QUEUED
    assert not Line.objects.exclude(used=0).exists()


def test_in_a_project_the_first_come_is_the_first_served(
    alice: User, project: Project, start: Start
) -> None:
    limit(Scope.PROJECT, project.pk, 3000)
    first = start(alice, kind="batch", resources=cores(2))
    large = start(alice, kind="batch", resources=cores(2))
    small = start(alice, kind="batch", resources=cores(1))

    assert queue.admit_waiting() == 1
    assert admitted(first, large, small) == [True, False, False]
    assert large.reason_code == "QUOTA_EXCEEDED"
    assert large.reason_params["limit"] == 3000

    services.request_stop(first, actor=alice)
    assert queue.admit_waiting() == 2
    assert admitted(large, small) == [True, True]
    assert large.reason_code == ""


def test_somebody_at_his_own_limit_does_not_hold_up_his_colleagues(
    alice: User, bob: User, start: Start
) -> None:
    limit(Scope.USER, bob.pk, 1000)
    start(bob, kind="batch", resources=cores(1))
    waits = start(bob, kind="batch", resources=cores(1))
    passes = start(alice, kind="batch", resources=cores(1))

    queue.admit_waiting()

    assert admitted(waits, passes) == [False, True]


def test_between_projects_who_has_less_in_use_goes_first(
    alice: User, project: Project, start: Start
) -> None:
    limit(Scope.PLATFORM, "", 4000)
    other = other_project(alice)
    mine = [start(alice, kind="batch", resources=cores(1)) for _ in range(4)]
    theirs = [start(alice, kind="batch", resources=cores(1), project=other) for _ in range(4)]

    queue.admit_waiting()

    assert sum(admitted(*mine)) == sum(admitted(*theirs)) == 2


def test_when_the_platform_is_full_nobody_overtakes_the_one_whose_turn_it_is(
    alice: User, project: Project, start: Start
) -> None:
    limit(Scope.PLATFORM, "", 4000)
    other = other_project(alice)
    runs = start(alice, kind="batch", resources=cores(3), project=other)
    queue.admit_waiting()
    large = start(alice, kind="batch", resources=cores(4))
    small = start(alice, kind="batch", resources=cores(1), project=other)

    queue.admit_waiting()
    assert admitted(large, small) == [False, False]

    services.request_stop(runs, actor=alice)
    queue.admit_waiting()
    assert admitted(large, small) == [True, False]


def test_what_is_larger_than_a_whole_limit_waits_without_being_in_the_way(
    alice: User, project: Project, start: Start
) -> None:
    limit(Scope.PLATFORM, "", 4000)
    monster = start(alice, kind="batch", resources=cores(16))
    small = start(alice, kind="batch", resources=cores(1))

    queue.admit_waiting()

    assert admitted(monster, small) == [False, True]
    assert monster.reason_params["scope"] == "platform"


def test_a_pause_between_attempts_is_waited_for(alice: User, start: Start) -> None:
    workload = start(alice, kind="batch")
    later = timezone.now() + timedelta(minutes=2)
    Workload.objects.filter(pk=workload.pk).update(due_at=later)

    assert queue.admit_waiting() == 0


def test_what_was_stopped_in_the_queue_never_starts(
    alice: User, engine: MemoryEngine, start: Start
) -> None:
    workload = start(alice, kind="batch")
    services.request_stop(workload, actor=alice)

    assert queue.admit_waiting() == 0
    reconcile()
    assert engine.submissions == []


def test_what_was_admitted_runs(alice: User, engine: MemoryEngine, start: Start) -> None:
    workload = start(alice, kind="batch")
    queue.admit_waiting()
    reconcile(2)

    workload.refresh_from_db()
    assert workload.status == Status.RUNNING


def test_a_raised_limit_starts_what_the_preview_promised(
    alice: User, project: Project, start: Start
) -> None:
    from atelier.quotas import selectors

    limit(Scope.PROJECT, project.pk, 0)
    workloads = [start(alice, kind="batch", resources=cores(1)) for _ in range(3)]
    queue.admit_waiting()
    line = Line.objects.get(scope=Scope.PROJECT, scope_id=project.pk, resource="cpu")

    promised = selectors.preview(line, 2000).would_start
    limit(Scope.PROJECT, project.pk, 2000)
    queue.admit_waiting()

    assert promised == 2 == sum(admitted(*workloads))
