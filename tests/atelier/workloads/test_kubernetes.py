"""The kernel on the Kubernetes engine, before an API server that does not behave."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, WorkloadSpec
from atelier.engines.kubernetes import KubernetesEngine
from atelier.projects.models import Project
from atelier.quotas.models import UsageInterval
from atelier.workloads import engines, kinds, kubernetes, orphans, reconciler, services, watching
from atelier.workloads.kinds import Kind
from atelier.workloads.models import Member, Workload
from atelier.workloads.status import Status
from tests.atelier.engines.kubernetes.conftest import begin
from tests.atelier.engines.kubernetes.faults import (
    FakeApi,
    Faulty,
    Reply,
    cuts_after,
    drops,
    loses_reply,
    says,
)

ENGINE = "kubernetes"
pytestmark = pytest.mark.django_db


class PodSleeper(Kind):
    """Sleeps in a pod."""

    name = "pod-sleeper"

    def engine(self) -> str:
        return ENGINE

    def spec(self, workload: Workload) -> WorkloadSpec:
        namespace = workload.project.namespace
        return WorkloadSpec(
            name=f"{namespace}/{kinds.run_name(workload)}",
            workload_id=workload.pk,
            attempt=workload.attempt_number,
            project_id=workload.project_id,
            namespace=namespace,
            owner_name=workload.owner.username,
            members=(MemberSpec("main", 1, workload.as_resources),),
            image="localhost/x:1",
        )


@pytest.fixture
def api(project: Project) -> FakeApi:
    return FakeApi(project.namespace)


@pytest.fixture
def faulty(api: FakeApi) -> Iterator[Faulty]:
    made = Faulty(api)
    yield made
    made.down()


@pytest.fixture(autouse=True)
def on_the_cluster(faulty: Faulty) -> Iterator[None]:
    engine = KubernetesEngine(
        faulty.cluster(read_seconds=1.0), instance="a1", namespaces=kubernetes.namespaces
    )
    kinds.register(PodSleeper)
    with engines.replaced(ENGINE, engine):
        yield
    kinds.unregister(PodSleeper)
    engine.close()


def start(alice: User, project: Project) -> Workload:
    return services.request_start(
        kind="pod-sleeper",
        owner=alice,
        project=project,
        resources=Resources(100, 2**20),
        durable_id="d1",
        name="sleeper",
    )


def drain(workload: Workload) -> Workload:
    """Have everything looked at now; return the row."""
    Workload.objects.update(due_at=timezone.now())
    reconciler.drain_due(ENGINE)
    workload.refresh_from_db()
    return workload


def until(workload: Workload, status: Status) -> Workload:
    for _ in range(6):
        if workload.status == status:
            break
        drain(workload)
    assert workload.status == status
    return workload


def running(alice: User, project: Project, api: FakeApi) -> Workload:
    workload = until(start(alice, project), Status.STARTING)
    begin(api, spec_of(workload))
    return until(workload, Status.RUNNING)


def spec_of(workload: Workload) -> WorkloadSpec:
    return PodSleeper().spec(workload)


def test_a_run_goes_from_its_row_to_a_job_and_back(
    alice: User, project: Project, api: FakeApi
) -> None:
    workload = running(alice, project, api)

    assert workload.engine_name == f"{project.namespace}/{workload.pk}-1"
    assert [name for plural, _, name in api.objects if plural == "jobs"] == [f"{workload.pk}-1"]
    assert kubernetes.busy_namespaces() == [project.namespace]

    services.request_stop(workload, actor=alice)
    job = ("jobs", project.namespace, f"{workload.pk}-1")
    drain(workload)
    assert job not in api.objects
    api.remove("pods", project.namespace, f"{workload.pk}-1-0-x")
    until(workload, Status.STOPPED)
    assert kubernetes.busy_namespaces() == []


TROUBLES: dict[str, Callable[..., Reply]] = {
    "500": says(500),
    "401": says(401),
    "no rights": says(403, "Forbidden", "cannot list"),
    "410 for ever": says(410, "Expired"),
    "dropped": drops,
    "cut": cuts_after(30),
    "nonsense": lambda request, go: Reply.of(200, b"<html>"),
}


@pytest.mark.parametrize(
    ("trouble", "at"),
    [
        *((trouble, Status.RUNNING) for trouble in TROUBLES),
        ("500", Status.STARTING),
        ("500", Status.STOPPING),
    ],
)
def test_r08_no_run_ever_fails_because_a_look_failed(
    alice: User, project: Project, api: FakeApi, faulty: Faulty, trouble: str, at: Status
) -> None:
    workload = running(alice, project, api)
    if at != Status.RUNNING:
        Workload.objects.update(status=at)
    before = dict(api.objects)

    with faulty.fault(TROUBLES[trouble]):
        for _ in range(3):
            drain(workload)
            assert workload.status == at
    assert workload.stale_since is not None
    assert api.objects == before

    if at != Status.STOPPING:
        until(workload, Status.RUNNING)
        assert drain(workload).stale_since is None


def test_r08_a_server_that_is_away_loses_nothing(
    alice: User, project: Project, api: FakeApi, faulty: Faulty
) -> None:
    there = running(alice, project, api)
    faulty.down()
    waiting = start(alice, project)
    for _ in range(3):
        drain(there)
        drain(waiting)
    assert (there.status, waiting.status) == (Status.RUNNING, Status.SUBMITTING)
    assert there.stale_since
    assert waiting.reason_code == "ENGINE_UNREACHABLE"

    faulty.up()

    until(waiting, Status.STARTING)
    assert drain(there).stale_since is None


def test_r03_a_reply_lost_after_the_commit_makes_one_job(
    alice: User, project: Project, api: FakeApi, faulty: Faulty
) -> None:
    workload = start(alice, project)
    with faulty.fault(loses_reply, method="POST", times=1):
        drain(workload)
    assert workload.status == Status.SUBMITTING

    until(workload, Status.STARTING)

    assert [name for plural, _, name in api.objects if plural == "jobs"] == [f"{workload.pk}-1"]
    assert workload.attempt_number == 1


def test_a_project_whose_namespace_is_not_there_yet_waits_and_goes_on(
    alice: User, project: Project, api: FakeApi
) -> None:
    api.namespaces.clear()
    workload = start(alice, project)
    for _ in range(3):
        drain(workload)
    assert (workload.status, workload.reason_code) == (Status.SUBMITTING, "NAMESPACE_PENDING")

    api.namespaces.add(project.namespace)

    until(workload, Status.STARTING)
    assert workload.reason_code == ""


def test_a_foreign_object_under_our_name_is_a_refusal_that_names_it(
    alice: User, project: Project, api: FakeApi
) -> None:
    workload = start(alice, project)
    api.put("jobs", project.namespace, {"metadata": {"name": f"{workload.pk}-1"}})

    until(workload, Status.REFUSED)

    assert workload.reason_code == "FOREIGN_OBJECT"
    assert ("jobs", project.namespace, f"{workload.pk}-1") in api.objects


def test_a_job_deleted_by_hand_is_stopped_outside(
    alice: User, project: Project, api: FakeApi
) -> None:
    workload = running(alice, project, api)
    api.remove("pods", project.namespace, f"{workload.pk}-1-0-x")
    api.remove("jobs", project.namespace, f"{workload.pk}-1")

    until(workload, Status.STOPPED)

    assert workload.reason_code == "STOPPED_OUTSIDE"


def test_r09_a_member_that_makes_room_keeps_its_run_running(
    alice: User, project: Project, api: FakeApi
) -> None:
    workload = running(alice, project, api)
    pod = api.objects["pods", project.namespace, f"{workload.pk}-1-0-x"]
    made_room = {"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"}
    api.put(
        "pods",
        project.namespace,
        pod | {"status": {"phase": "Failed", "conditions": [made_room]}},
    )

    drain(workload)

    assert (workload.status, workload.reason_code) == (Status.RUNNING, "PREEMPTED")


def test_r09_a_member_that_vanished_is_not_counted_beside_its_successor(
    alice: User, project: Project, api: FakeApi
) -> None:
    workload = running(alice, project, api)
    drain(workload)
    api.remove("pods", project.namespace, f"{workload.pk}-1-0-x")
    drain(workload)

    begin(api, spec_of(workload))
    drain(workload)

    assert workload.status == Status.RUNNING
    members = Member.objects.filter(attempt__workload=workload).order_by("finished_at")
    assert [m.phase for m in members] == ["gone", "running"]
    used = UsageInterval.objects.filter(holder=workload.pk)
    assert sorted((u.ended is None, u.observed) for u in used) == [(False, False), (True, True)]


def test_i03_what_has_our_label_and_no_row_is_removed(
    project: Project, api: FakeApi, alice: User
) -> None:
    workload = running(alice, project, api)
    orphan = spec_of(workload)
    labels = {"atelier.dev/run": "w0-1", "atelier.dev/workload": "w0"}
    job = api.objects["jobs", project.namespace, f"{workload.pk}-1"]
    api.put(
        "jobs",
        project.namespace,
        {"metadata": {"name": "w0-1", "labels": job["metadata"]["labels"] | labels}},
    )

    assert orphans.resolve(ENGINE) == [f"{project.namespace}/w0-1"]
    assert ("jobs", project.namespace, "w0-1") not in api.objects
    assert ("jobs", project.namespace, orphan.name.partition("/")[2]) in api.objects


def test_a_ring_with_names_has_those_looked_at_and_no_others(
    alice: User, project: Project, api: FakeApi
) -> None:
    one, other = running(alice, project, api), running(alice, project, api)
    later = timezone.now() + timedelta(hours=1)
    Workload.objects.update(due_at=later)

    watching.hear(ENGINE, [one.engine_name])

    due: dict[Any, Any] = dict(Workload.objects.values_list("pk", "due_at"))
    assert due[one.pk] < later
    assert due[other.pk] == later

    watching.hear(ENGINE)
    assert Workload.objects.get(pk=other.pk).due_at < later
