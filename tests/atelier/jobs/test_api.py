"""Jobs through the API: submitting, listing, looking, stopping, asking first."""

from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.catalog.models import Environment, Profile
from atelier.engines.memory import MemoryEngine
from atelier.jobs import services
from atelier.jobs.kind import JobKind
from atelier.jobs.models import Job
from atelier.projects.models import Project
from atelier.quotas.models import Line
from atelier.toolkit.models import OutboxMessage
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.jobs.conftest import Submit
from tests.atelier.jobs.running import work
from tests.conftest import Api
from tests.factories.catalog import EnvironmentFactory, ProfileFactory
from tests.factories.projects import MembershipFactory, ProjectFactory

pytestmark = pytest.mark.django_db

JOBS = "/api/v1/jobs"


@pytest.fixture
def draft(
    project: Project, python: Environment, small: Profile, engine: MemoryEngine
) -> dict[str, Any]:
    return {"project": "churn", "profile": "small", "command": ["python", "src/train.py", "-v"]}


# --- submitting ---------------------------------------------------------------------------------


def test_a_job_is_queued_and_shown_whole(
    bob: User, api: Api, draft: dict[str, Any], project: Project, python: Environment
) -> None:
    made = api(bob).post(JOBS, draft | {"env": {"EPOCHS": "3"}})

    assert made.status_code == 201
    job = made.json()
    assert job["status"] == "queued"
    assert job["name"] == "train.py"
    assert job["project"] == {"id": project.pk, "slug": "churn", "name": "Churn"}
    assert job["owner"] == "bob"
    assert job["environment"] == {"id": python.pk, "name": python.name}
    assert (job["image"], job["exit_code"], job["reason"]) == (None, None, None)
    assert (job["command"], job["env"]) == (draft["command"], {"EPOCHS": "3"})
    assert job["workload"]["durable_id"] == job["id"]
    assert job["links"]["log"] == f"{JOBS}/{job['id']}/log"
    assert api(bob).get(f"{JOBS}/{job['id']}").json() == job


def test_submitting_is_in_the_audit_log_without_the_values_of_variables(
    bob: User, api: Api, draft: dict[str, Any]
) -> None:
    job = api(bob).post(JOBS, draft | {"env": {"NOTE": "canary-value"}}).json()

    record = Record.objects.get(verb="job.submitted")
    assert (record.actor, record.object_id) == (bob, job["id"])
    after = record.after or {}
    assert after["command"] == draft["command"]
    assert after["env"] == ["NOTE"]
    assert not any("canary" in str(r.after) + str(r.before) for r in Record.objects.all())


def test_the_same_key_gives_the_same_job_and_another_body_is_refused(
    bob: User, api: Api, draft: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "once"}
    first = api(bob).post(JOBS, draft, headers=key)
    again = api(bob).post(JOBS, draft, headers=key)
    other = api(bob).post(JOBS, draft | {"name": "other"}, headers=key)

    assert again.json()["id"] == first.json()["id"]
    assert other.status_code == 409
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert Job.objects.count() == Workload.objects.count() == 1


def test_what_never_fits_a_limit_is_refused_at_once_and_what_may_waits(
    bob: User, api: Api, draft: dict[str, Any], project: Project
) -> None:
    line = Line.objects.create(
        scope="project", scope_id=project.pk, resource="cpu", limit=1000, used=1000, inherits=False
    )
    assert api(bob).post(JOBS, draft).status_code == 201

    Line.objects.filter(pk=line.pk).update(limit=900, used=0)
    refused = api(bob).post(JOBS, draft)

    assert (refused.status_code, refused.json()["code"]) == (409, "QUOTA_EXCEEDED")
    assert Job.objects.count() == 1


def test_an_image_needs_a_cluster(bob: User, api: Api, draft: dict[str, Any]) -> None:
    refused = api(bob).post(JOBS, draft | {"image": "registry.example/trainer:1"}).json()

    assert (refused["code"], refused["field"]) == ("IMAGE_NEEDS_KUBERNETES", "image")


def test_on_a_cluster_a_job_has_an_image_or_an_environment_with_one(
    bob: User, api: Api, draft: dict[str, Any], settings: Any, python: Environment
) -> None:
    settings.ATELIER_ENGINE = "kubernetes"
    image = {"image": "registry.example/trainer:1"}
    bare = EnvironmentFactory.create(slug="bare", image="")

    by_image = api(bob).post(JOBS, draft | image).json()
    both = api(bob).post(JOBS, draft | image | {"environment": "python"}).json()
    without = api(bob).post(JOBS, draft | {"environment": bare.slug}).json()

    assert (by_image["image"], by_image["environment"]) == (image["image"], None)
    assert (both["code"], both["field"]) == ("ENVIRONMENT_OR_IMAGE", "image")
    assert (without["code"], without["field"]) == ("ENVIRONMENT_WITHOUT_IMAGE", "environment")


def test_a_profile_with_executors_is_not_for_jobs(
    bob: User, api: Api, draft: dict[str, Any], settings: Any
) -> None:
    settings.ATELIER_ENGINE = "kubernetes"
    small = {"cpu_millicores": 100, "memory_bytes": 2**28, "accelerators": {}}
    ProfileFactory.create(
        slug="spark", resources=small, spark_executors=2, spark_executor_resources=small
    )

    refused = api(bob).post(JOBS, draft | {"profile": "spark"}).json()

    assert refused["field"] == "profile"


def test_who_may_submit(
    vera: User, carol: User, alice: User, admin: User, api: Api, draft: dict[str, Any],
    project: Project,
) -> None:  # fmt: skip
    assert api(vera).post(JOBS, draft).status_code == 403
    assert api(admin).post(JOBS, draft).status_code == 403
    assert api(carol).post(JOBS, draft).status_code == 404
    assert api(None).post(JOBS, draft).status_code == 401
    assert api(alice).post(JOBS, draft).status_code == 201


# --- looking ------------------------------------------------------------------------------------


def test_jobs_are_listed_newest_first_and_found_by_what_they_are(
    alice: User, bob: User, api: Api, submit: Submit, engine: MemoryEngine
) -> None:
    first, second = submit(alice, name="early"), submit(bob, name="Later on")
    services.stop_job(first, actor=alice)

    def ids(query: str) -> list[str]:
        return [job["id"] for job in api(bob).get(f"{JOBS}?{query}").json()["results"]]

    assert ids("") == [second.pk, first.pk]
    assert ids("project=churn&owner=all") == [second.pk, first.pk]
    assert ids("owner=me") == ids("owner=bob") == ids("status=queued") == [second.pk]
    assert ids("owner=alice") == ids("status=stopped,failed") == [first.pk]
    assert ids("search=LATER") == ids(f"search={second.pk}") == [second.pk]
    assert ids("project=other") == ids("search=nothing") == []
    assert api(bob).get(f"{JOBS}?status=sleeping").status_code == 400
    assert api(bob).get(f"{JOBS}?color=red").status_code == 400


def test_a_page_has_neighbours(alice: User, api: Api, submit: Submit, engine: MemoryEngine) -> None:
    ids = [submit(alice).pk for _ in range(5)]

    page = api(alice).get(f"{JOBS}?limit=2").json()
    further = api(alice).get(f"{JOBS}?limit=2&cursor={page['next']}").json()

    assert [j["id"] for j in page["results"] + further["results"]] == ids[:0:-1]
    assert further["previous"]


def test_i05_strangers_see_nothing_of_a_job(
    alice: User, carol: User, api: Api, submit: Submit, engine: MemoryEngine
) -> None:
    job = submit(alice)
    MembershipFactory.create(project=ProjectFactory.create(slug="other"), user=carol)

    for address in ("", "/log", "/log/file"):
        assert api(carol).get(f"{JOBS}/{job.pk}{address}").status_code == 404
    assert api(carol).post(f"{JOBS}/{job.pk}/stop").status_code == 404
    assert api(carol).get(JOBS).json()["results"] == []


# --- stopping -----------------------------------------------------------------------------------


def test_who_may_stop(
    alice: User, bob: User, vera: User, admin: User, api: Api, submit: Submit, engine: MemoryEngine
) -> None:
    assert api(vera).post(f"{JOBS}/{submit(bob).pk}/stop").status_code == 403
    assert api(bob).post(f"{JOBS}/{submit(alice).pk}/stop").status_code == 403
    for actor in (alice, bob, admin):
        stopped = api(actor).post(f"{JOBS}/{submit(bob).pk}/stop")
        assert stopped.status_code == 202
        assert stopped.json()["status"] == "stopped"


def test_stopping_twice_is_harmless_and_says_who(
    alice: User, api: Api, submit: Submit, engine: MemoryEngine
) -> None:
    job = submit(alice)
    work("memory")
    first = api(alice).post(f"{JOBS}/{job.pk}/stop").json()
    for _ in range(3):
        work("memory")
    again = api(alice).post(f"{JOBS}/{job.pk}/stop").json()

    assert (first["status"], again["status"]) == ("stopping", "stopped")
    assert "alice" in again["reason"]["text"]


# --- asking first -------------------------------------------------------------------------------


@pytest.fixture
def question(draft: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "job", "project": "churn", "profile": "small"}


def test_a_check_of_a_job_needs_no_environment(
    bob: User, api: Api, question: dict[str, Any]
) -> None:
    assert api(bob).post("/api/v1/check", question).json()["verdict"] == "fits"
    named = api(bob).post("/api/v1/check", question | {"environment": "python"}).json()
    assert named["verdict"] == "fits"
    wrong = api(bob).post("/api/v1/check", question | {"environment": "nothing"}).json()
    assert wrong["field"] == "environment"
    image = api(bob).post("/api/v1/check", question | {"image": "a:1"}).json()
    assert image["code"] == "IMAGE_NEEDS_KUBERNETES"


def test_a_check_tells_a_wait_and_a_never(
    bob: User, api: Api, question: dict[str, Any], project: Project
) -> None:
    line = Line.objects.create(
        scope="project", scope_id=project.pk, resource="cpu", limit=1000, used=500, inherits=False
    )
    assert api(bob).post("/api/v1/check", question).json()["verdict"] == "waits"

    Line.objects.filter(pk=line.pk).update(limit=500, used=0)
    assert api(bob).post("/api/v1/check", question).json()["verdict"] == "never"


# --- the kind -----------------------------------------------------------------------------------


def test_the_kind_asks_for_the_command_and_says_who_and_where(
    bob: User, submit: Submit, engine: MemoryEngine, settings: Any, python: Environment
) -> None:
    settings.ATELIER_ISOLATION = "uid"
    job = submit(bob, "python", "train.py", env={"A": "1", "B": "2"})
    work("memory")
    spec = engine.running[f"{job.workload_id}-1"]

    assert (spec.command, spec.uid, spec.owner_name) == (
        ("python", "train.py"), bob.uid_number, "bob",
    )  # fmt: skip
    assert [(m.role, m.count, m.resources.cpu_millicores) for m in spec.members] == [
        ("main", 1, 1000)
    ]
    assert spec.env == {
        "A": "1", "B": "2", "PYTHONUNBUFFERED": "1", "ATELIER_PROJECT": "churn",
        "ATELIER_JOB": job.pk, "ATELIER_WORKLOAD": job.workload_id,
    }  # fmt: skip
    assert (spec.environment, spec.image) == (python.slug, python.image)
    assert spec.secret_refs == ()
    assert spec.mounts == ()


def test_in_a_cluster_a_run_is_named_within_its_namespace(
    bob: User, submit: Submit, engine: MemoryEngine, project: Project
) -> None:
    job = submit(bob)
    Workload.objects.filter(pk=job.workload_id).update(engine="kubernetes", attempt_number=1)

    spec = JobKind().spec(Workload.objects.get(pk=job.workload_id))

    assert spec.name == f"{project.namespace}/{job.workload_id}-1"


def test_a_job_counts_by_what_it_takes_and_not_by_its_number(
    bob: User, submit: Submit, engine: MemoryEngine
) -> None:
    submit(bob)
    work("memory")

    used = {line.resource: line.used for line in Line.objects.exclude(used=0)}
    assert used == {"cpu": 1000, "memory": 2**30}
    assert not OutboxMessage.objects.exists()


def test_the_times_of_a_job_nobody_saw_running_are_its_members(
    bob: User, submit: Submit, engine: MemoryEngine
) -> None:
    from datetime import timedelta

    from atelier.engines.memory import Script

    engine.script = Script(run_for=timedelta())
    job = submit(bob)
    for _ in range(3):
        work("memory")
    job.refresh_from_db()

    assert (job.workload.status, job.exit_code) == (Status.SUCCEEDED, 0)
    assert job.workload.started_at
    assert {"placed", "ready"} <= set(job.workload.steps)
