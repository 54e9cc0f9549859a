"""From asked to running to gone, through services, reconciler and the memory engine."""

import pytest

from atelier.accounts.models import User
from atelier.engines.memory import MemoryEngine
from atelier.quotas.models import Line, Reservation, UsageInterval
from atelier.workloads import services
from atelier.workloads.status import Status
from tests.atelier.workloads.conftest import Sleeper, Start, reconcile

pytestmark = pytest.mark.django_db


def test_a_run_starts_runs_and_stops(alice: User, engine: MemoryEngine, start: Start) -> None:
    workload = start(alice)
    assert workload.status == Status.ADMITTED
    reconcile(2)
    workload.refresh_from_db()
    assert workload.status == Status.RUNNING
    assert set(engine.running) == {f"{workload.pk}-1"}
    assert Reservation.objects.filter(holder=workload.pk, in_use=True).count() == 9
    assert Sleeper.ran == [workload.pk]

    services.request_stop(workload, actor=alice)
    workload.refresh_from_db()
    assert workload.status == Status.STOPPING
    reconcile(2)

    workload.refresh_from_db()
    assert workload.status == Status.STOPPED
    assert engine.running == {}
    assert not Reservation.objects.exists()
    assert not Line.objects.exclude(used=0).exists()
    assert UsageInterval.objects.get().ended is not None
    assert Sleeper.settled == [workload.pk]
