"""R10, R11: the worker that runs a job is killed at each named place; the next one ends the work.

The process is made once, every byte it printed is kept once, nothing leaks.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.engines.local import LocalEngine
from atelier.jobs.models import Job
from atelier.quotas.models import Line, Reservation, UsageInterval
from atelier.toolkit.models import OutboxMessage
from atelier.workloads import logs
from atelier.workloads.models import Attempt, LogChunk
from atelier.workloads.status import Status
from tests.atelier.engines.local.waiting import until_over
from tests.atelier.jobs.conftest import Submit

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
KILLED = -9

PLACES = ["engine.asked", "log.wanted", "log.read:2", "log.chunk:2", "log.saved",
          "log.forgotten"]  # fmt: skip
# As in the kernel's own test, where they are tried for every run; here they take minutes.
MORE_PLACES = ["admit.moved", "admit.reserved", "queue.admitted", "submit.intended",
               "submit.accepted", "running.seen", "running.moved", "settle.before", "settle.moved",
               "settle.released", "forget.done", "log.read", "log.chunk"]  # fmt: skip

PRINTED = b"".join(b"line %d \xff\x1b[32m\n" % n for n in range(3))
PROGRAM = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    file.write("ran\\n")
for n in range(3):
    os.write(1, b"line %d \\xff\\x1b[32m\\n" % n)
    time.sleep(0.5)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="atelier-jobs-") as made:
        Path(made).chmod(0o777)
        yield Path(made)
        engine = LocalEngine(Path(made) / "engine")
        for held in engine.inventory():
            engine.stop(held.name, grace=timedelta())
            until_over(engine, held.name)


@pytest.fixture
def job(alice: User, submit: Submit, folder: Path) -> Job:
    return submit(alice, "python3", "-c", PROGRAM, str(folder / "ran"))


def work(job: Job, folder: Path, failpoint: str = "") -> int:
    environment = os.environ | {
        "ATELIER_FAILPOINT": failpoint,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    command = [sys.executable, "-m", "tests.job_worker", str(connection.settings_dict["NAME"])]
    done = subprocess.run(
        [*command, job.workload_id, str(folder / "engine")],
        env=environment, cwd=ROOT, timeout=200, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode in {0, KILLED}, done.stderr[-2000:]
    return done.returncode


@pytest.mark.parametrize(
    "place", [*PLACES, *(pytest.param(place, marks=pytest.mark.soak) for place in MORE_PLACES)]
)
def test_r10_a_worker_killed_anywhere_runs_a_job_once_and_keeps_every_byte_once(
    place: str, job: Job, folder: Path
) -> None:
    assert work(job, folder, place) == KILLED
    assert work(job, folder) == 0

    job.refresh_from_db()
    assert (job.workload.status, job.exit_code) == (Status.SUCCEEDED, 0)
    assert (folder / "ran").read_text() == "ran\n"
    assert b"".join(logs.pieces(job.workload)) == PRINTED
    assert_chunks_join(job)
    assert_nothing_leaked(job, folder)


def assert_chunks_join(job: Job) -> None:
    end = 0
    for chunk in LogChunk.objects.filter(member__attempt__workload=job.workload).order_by("offset"):
        assert chunk.offset == end
        end += len(chunk.data)


def assert_nothing_leaked(job: Job, folder: Path) -> None:
    assert list(LocalEngine(folder / "engine").inventory()) == []
    assert not Reservation.objects.exists()
    assert not Line.objects.exclude(used=0).exists()
    assert not OutboxMessage.objects.exists()
    assert not UsageInterval.objects.filter(ended=None).exists()
    assert not Attempt.objects.filter(finished_at=None).exists()
    rows = list(Record.objects.filter(object_id=job.workload_id).order_by("id"))
    # I6: each move has one audit row, and they form a chain.
    assert [(r.before or {}).get("status") for r in rows[1:]] == [
        (r.after or {})["status"] for r in rows[:-1]
    ]
