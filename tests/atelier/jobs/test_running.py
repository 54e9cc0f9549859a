"""A job from its submission to its end, as a real process of this machine."""

import pytest

from atelier.accounts.models import User
from atelier.engines.local import LocalEngine
from atelier.jobs import services
from atelier.jobs.models import Job
from atelier.quotas.models import Line, Reservation
from atelier.workloads import logs
from atelier.workloads.models import Member, Workload
from atelier.workloads.status import Status
from tests.atelier.jobs.conftest import Submit
from tests.atelier.jobs.running import work, work_until, work_until_over
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)


def kept(job: Job) -> bytes:
    return b"".join(logs.pieces(job.workload))


def test_a_command_runs_to_its_end_and_its_output_is_kept(
    alice: User, submit: Submit, local: LocalEngine
) -> None:
    job = submit(alice, "python3", "-c", "print(6*7)")

    workload = work_until_over(job)

    assert (workload.status, job.exit_code) == (Status.SUCCEEDED, 0)
    assert kept(job) == b"42\n"
    assert list(local.inventory()) == []
    member = Member.objects.get(attempt__workload=workload)
    assert member.peak_memory_bytes
    assert member.started_at
    assert member.finished_at
    assert not Reservation.objects.exists()
    assert not Line.objects.exclude(used=0).exists()


def test_a_failure_has_its_exit_code_and_its_last_words(
    alice: User, submit: Submit, local: LocalEngine
) -> None:
    job = submit(alice, "python3", "-c", "import sys; print('bye', file=sys.stderr); sys.exit(3)")

    workload = work_until_over(job)

    assert (workload.status, workload.reason_code) == (Status.FAILED, "EXIT_NONZERO")
    assert workload.reason_params == {"exit_code": 3}
    assert job.exit_code == 3
    assert kept(job) == b"bye\n"


def test_a_program_that_is_not_there_is_said_to_be_not_there(
    alice: User, submit: Submit, local: LocalEngine
) -> None:
    job = submit(alice, "no-such-program")

    work_until_over(job)

    assert job.exit_code == 127
    assert b"no-such-program" in kept(job)


def test_its_variables_and_the_platforms_own_are_there(
    alice: User, submit: Submit, local: LocalEngine
) -> None:
    show = "import os; print(os.environ['COLOUR'], os.environ['ATELIER_JOB'], os.getcwd())"
    job = submit(alice, "python3", "-c", show, env={"COLOUR": "bleu d’azur"})

    work_until_over(job)

    colour, said_id, folder = kept(job).decode().rsplit(maxsplit=2)
    assert (colour, said_id) == ("bleu d’azur", job.pk)
    assert folder.startswith(str(local.root))


def test_a_stopped_job_is_stopped_and_keeps_what_it_printed(
    alice: User, submit: Submit, local: LocalEngine
) -> None:
    job = submit(alice, "python3", "-c", "import time; print('begun'); time.sleep(600)")

    def has_begun() -> bool:
        job.workload.refresh_from_db()
        log = local.root.glob("*/main-0/log")
        return job.workload.status == Status.RUNNING and any(f.read_bytes() for f in log)

    work_until(has_begun)
    services.stop_job(job, actor=alice)
    workload = work_until_over(job)

    assert (workload.status, workload.reason_code) == (Status.STOPPED, "CANCELLED")
    assert kept(job) == b"begun\n"


def test_two_jobs_beyond_the_quota_run_one_after_the_other(
    alice: User, submit: Submit, local: LocalEngine
) -> None:
    Line.objects.create(scope="user", scope_id=alice.pk, resource="cpu", limit=1000, inherits=False)
    first = submit(alice, "sleep", "600")
    second = submit(alice, "true")
    work()
    second.workload.refresh_from_db()

    assert (second.workload.status, second.workload.reason_code) == (
        Status.QUEUED,
        "QUOTA_EXCEEDED",
    )
    services.stop_job(first, actor=alice)
    assert work_until_over(second).status == Status.SUCCEEDED


def test_the_log_is_read_page_by_page_through_the_api(
    alice: User, vera: User, carol: User, api: Api, submit: Submit, local: LocalEngine
) -> None:
    job = submit(alice, "python3", "-c", "print('é' * 100)")
    work_until_over(job)

    pages, offset = [], 0
    while True:
        page = api(vera).get(f"/api/v1/jobs/{job.pk}/log?offset={offset}&limit=17").json()
        pages.append(page["text"])
        offset = page["next_offset"]
        if page["is_end"]:
            break

    assert "".join(pages) == "é" * 100 + "\n"
    assert (page["source"], page["complete"], page["notice"]) == ("engine", False, None)
    file = api(vera).get(f"/api/v1/jobs/{job.pk}/log/file")
    assert file.getvalue() == ("é" * 100 + "\n").encode()
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]
    assert api(carol).get(f"/api/v1/jobs/{job.pk}/log").status_code == 404


def test_what_never_ran_has_an_empty_log_with_an_end(
    alice: User, api: Api, submit: Submit, local: LocalEngine
) -> None:
    job = submit(alice)
    services.stop_job(job, actor=alice)

    page = api(alice).get(f"/api/v1/jobs/{job.pk}/log").json()

    assert (page["text"], page["is_end"]) == ("", True)
    assert Workload.objects.get(job=job).status == Status.STOPPED
