"""I1 and R1: many at once, on real connections: never over a limit, never leaked."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from atelier.accounts.models import User
from atelier.core.errors import QuotaExceeded
from atelier.projects.models import Project
from atelier.quotas import services
from atelier.quotas.models import Line, Reservation, Scope
from tests.atelier.quotas.conftest import Limit

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 32


def assert_sums_hold() -> None:
    for line in Line.objects.annotate(sum=Sum("reservations__amount")):
        assert line.used == (line.sum or 0), line
        assert line.limit is None or line.used <= line.limit, line


def in_threads(work: Callable[[int], object], count: int = THREADS) -> list[object]:
    """Run ``work`` in ``count`` threads that start together, each with its own connection."""
    together = threading.Barrier(count)

    def run(number: int) -> object:
        try:
            together.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.parametrize("seed", range(4))
def test_r01_thirty_two_at_once_fill_the_limit_exactly(
    seed: int, alice: User, bob: User, project: Project, limit: Limit
) -> None:
    dice = random.Random(seed)
    limit(Scope.PROJECT, project.pk, "cpu", 10_000)
    limit(Scope.USER, alice.pk, "memory", 3 * 2**30)
    owners = [dice.choice((alice, bob)) for _ in range(THREADS)]

    def start(number: int) -> bool:
        claims = {"cpu": 1000, "memory": 2**30, "notebooks": 1}
        try:
            services.reserve(
                f"w{number}", user_id=owners[number].pk, project_id=project.pk, claims=claims
            )
        except QuotaExceeded:
            return False
        return True

    started = in_threads(start).count(True)

    assert_sums_hold()
    assert Reservation.objects.values("holder").distinct().count() == started
    of_alice = min(3, owners.count(alice))
    assert started == min(10, of_alice + owners.count(bob))


@pytest.mark.parametrize("seed", range(4))
def test_r01_starts_resizes_ends_and_roll_backs_mix_without_a_leak(
    seed: int, alice: User, bob: User, project: Project, limit: Limit
) -> None:
    limit(Scope.PROJECT, project.pk, "cpu", 6_000)
    limit(Scope.USER, bob.pk, "notebooks", 2)

    def live(number: int) -> None:
        dice = random.Random(f"{seed}/{number}")
        user = dice.choice((alice, bob))
        for turn in range(6):
            holder = f"w{number}-{turn}"
            cpu = dice.choice((500, 1000, 2000))
            ids = {"user_id": user.pk, "project_id": project.pk}
            try:
                with transaction.atomic():
                    services.reserve(holder, **ids, claims={"cpu": cpu, "notebooks": 1})
                    if dice.random() < 0.3:
                        transaction.set_rollback(True)
                        continue
                services.resize(holder, **ids, claims={"cpu": cpu * 2, "notebooks": 1})
            except QuotaExceeded:
                pass
            if dice.random() < 0.8:
                services.release(holder)
                services.release(holder)

    in_threads(live)

    assert_sums_hold()
    holders = set(Reservation.objects.values_list("holder", flat=True))
    for holder in holders:
        services.release(holder)
    assert not Line.objects.exclude(used=0).exists()


def test_r01_the_first_reservations_of_all_make_each_line_once(
    alice: User, project: Project, limit: Limit
) -> None:
    Line.objects.all().delete()

    def start(number: int) -> None:
        services.reserve(
            f"w{number}", user_id=alice.pk, project_id=project.pk, claims={"sleepers": 1}
        )

    in_threads(start)

    assert_sums_hold()
    assert Line.objects.get(scope=Scope.PLATFORM, resource="sleepers").used == THREADS


def test_r01_a_default_changed_meanwhile_reaches_lines_being_made(
    alice: User, project: Project, admin: User, limit: Limit
) -> None:
    limit(Scope.USER, "*", "naps", 100)

    def work(number: int) -> None:
        if number == 0:
            line = Line.objects.get(scope=Scope.USER, scope_id="*", resource="naps")
            services.set_limit(actor=admin, line=line, limit=7, expected_version=line.version)
            return
        services.reserve(
            f"w{number}", user_id=f"u{number}", project_id=project.pk, claims={"naps": 1}
        )

    in_threads(work)

    limits = Line.objects.filter(scope=Scope.USER, resource="naps").values_list("limit", flat=True)
    assert set(limits) == {7}


_RESERVE_AND_DIE = """
import os, signal, sys
sys.path[:0] = ["platform", "."]
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django; django.setup()
from django.conf import settings
from django.db import transaction, connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from atelier.quotas import services
with transaction.atomic():
    services.reserve("dead", user_id=sys.argv[2], project_id=sys.argv[3], claims={"cpu": 1000})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_r01_a_process_killed_in_its_transaction_leaves_nothing(
    alice: User, project: Project
) -> None:
    database = connection.settings_dict["NAME"]

    done = subprocess.run(
        [sys.executable, "-c", _RESERVE_AND_DIE, database, alice.pk, project.pk], check=False
    )

    assert done.returncode == -9
    assert not Reservation.objects.exists()
    services.reserve("alive", user_id=alice.pk, project_id=project.pk, claims={"cpu": 1000})
    assert_sums_hold()
