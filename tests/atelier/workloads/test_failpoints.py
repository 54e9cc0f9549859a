"""R10: a real worker process is killed at each named place; the next one ends the work.

Nothing is lost, nothing is made twice, nothing leaks.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.resources import Resources
from atelier.projects.models import Project
from atelier.quotas.models import Line, Reservation, UsageInterval
from atelier.toolkit.models import OutboxMessage
from atelier.workloads import engines, services
from atelier.workloads.models import Attempt, Workload
from atelier.workloads.status import Status
from tests import throwaway
from tests.throwaway import FolderEngine, Throwaway

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
KILLED = -9

PLACES = [
    "admit.moved",
    "admit.reserved",
    "queue.admitted",
    "submit.intended",
    "engine.asked",
    "submit.accepted",
    "running.seen",
    "running.moved",
    "engine.asked:2",
    "settle.before",
    "settle.moved",
    "settle.released",
    "forget.done",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FolderEngine]:
    monkeypatch.setenv(throwaway.FOLDER, str(tmp_path))
    engine = FolderEngine(tmp_path)
    from atelier.workloads import kinds

    kinds.register(Throwaway)
    with engines.replaced("folder", engine):
        yield engine
    kinds.unregister(Throwaway)


def work(workload: Workload, failpoint: str = "") -> int:
    """Run a worker until the workload has ended or the failpoint killed it."""
    environment = os.environ | {
        "ATELIER_FAILPOINT": failpoint,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    command = [sys.executable, "-m", "tests.throwaway_worker"]
    arguments = [str(connection.settings_dict["NAME"]), workload.pk]
    done = subprocess.run(
        command + arguments, env=environment, cwd=ROOT, timeout=120, capture_output=True, text=True
    )
    assert done.returncode in {0, KILLED}, done.stderr[-2000:]
    return done.returncode


def ask(owner: User, project: Project) -> Workload:
    return services.request_start(
        kind="throwaway",
        owner=owner,
        project=project,
        resources=Resources(1000, 2**30),
        durable_id="t1",
        name="a run",
    )


def assert_nothing_leaked(workload: Workload, folder: FolderEngine) -> None:
    assert list(folder.inventory()) == []
    assert not Reservation.objects.exists()
    assert not Line.objects.exclude(used=0).exists()
    assert not OutboxMessage.objects.exists()
    assert not UsageInterval.objects.filter(ended=None).exists()
    assert not Attempt.objects.filter(finished_at=None).exists()
    # I6: each move has one audit row, and they form a chain.
    rows = list(Record.objects.filter(object_id=workload.pk).order_by("id"))
    assert [(r.before or {}).get("status") for r in rows[1:]] == [
        (r.after or {})["status"] for r in rows[:-1]
    ]


@pytest.mark.parametrize("place", PLACES)
def test_r10_a_worker_killed_anywhere_loses_and_doubles_nothing(
    place: str, alice: User, project: Project, folder: FolderEngine
) -> None:
    workload = ask(alice, project)

    assert work(workload, place) == KILLED
    assert work(workload) == 0

    workload.refresh_from_db()
    assert workload.status == Status.STOPPED
    assert folder.created == [f"{workload.pk}-1"]
    assert_nothing_leaked(workload, folder)


def test_r10_a_worker_killed_between_two_attempts_makes_each_once(
    alice: User, project: Project, folder: FolderEngine
) -> None:
    workload = ask(alice, project)
    (folder.folder / "fails").write_text(f"{workload.pk}-1")

    assert work(workload, "retry.moved") == KILLED
    assert work(workload) == 0

    workload.refresh_from_db()
    assert workload.status == Status.STOPPED
    assert folder.created == [f"{workload.pk}-1", f"{workload.pk}-2"]
    assert_nothing_leaked(workload, folder)
