"""I1–I6 over anything that may happen in any order, some of it at the same moment.

A state machine of hypothesis drives services, queue, reconciler and a memory engine on a real
PostgreSQL; ``together`` runs several steps in threads of their own. Seeds in `make test`, many
more in `make soak`.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import Conflict, QuotaExceeded
from atelier.core.resources import Resources
from atelier.engines.memory import MemoryEngine, Script
from atelier.projects.models import Role
from atelier.quotas import services as quotas
from atelier.quotas.defaults import ensure_default_lines
from atelier.quotas.models import Line, Reservation, Scope, UsageInterval
from atelier.toolkit import outbox
from atelier.workloads import engines, kinds, orphans, queue, reconciler, services
from atelier.workloads.models import Attempt, Workload
from atelier.workloads.status import IN_ENGINE, RESERVING, TERMINAL, Status
from tests.atelier.workloads.conftest import Batch, Sleeper
from tests.factories.accounts import UserFactory
from tests.factories.projects import MembershipFactory, ProjectFactory

pytestmark = pytest.mark.django_db(transaction=True)
GIB = 2**30
CPU = 10_000

choices = st.integers(0, 10_000)


class Platform(RuleBasedStateMachine):
    """Two projects, three people, one engine."""

    @initialize()
    def begin(self) -> None:
        self.engine = MemoryEngine()
        self._standing = engines.replaced("memory", self.engine)
        self._standing.__enter__()
        ensure_default_lines()
        self.projects = [ProjectFactory(), ProjectFactory()]
        self.users = [UserFactory(), UserFactory(), UserFactory()]
        self.admin = UserFactory(platform_role="admin")
        for project in self.projects:
            # The third is a stranger to both.
            for user in self.users[:2]:
                MembershipFactory(project=project, user=user, role=Role.MEMBER)
        self.ended: dict[str, str] = {}
        self.ceilings: dict[str, int] = {}
        for scope, scope_id in ((Scope.PROJECT, self.projects[0].pk), (Scope.PLATFORM, "")):
            Line.objects.update_or_create(
                scope=scope, scope_id=scope_id, resource="cpu",
                defaults={"limit": CPU, "inherits": False},
            )  # fmt: skip

    def teardown(self) -> None:
        if hasattr(self, "_standing"):
            self.engine.is_away = False
            self._settle_everything()
            self._standing.__exit__(None, None, None)
        tables = [
            model._meta.db_table
            for model in (Workload, Line, Reservation, UsageInterval, Record, User)
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")

    # --- what people do -----------------------------------------------------------------------

    @rule(who=choices, where=choices, cpu=st.sampled_from((500, 2000, 6000)), waits=st.booleans())
    def start(self, who: int, where: int, cpu: int, waits: bool) -> None:
        _start(self.users[who % 2], self.projects[where % 2], cpu, waits)

    @rule(which=choices)
    def stop(self, which: int) -> None:
        _stop(which)

    @rule(which=choices)
    def stop_twice(self, which: int) -> None:
        _stop(which)
        _stop(which)

    @rule(which=choices)
    def force(self, which: int) -> None:
        live = list(Workload.objects.live().order_by("created"))
        if live:
            services.force_settle(live[which % len(live)], actor=self.admin)

    @rule(which=choices, limit=st.sampled_from((0, 3000, CPU, 20_000, None)))
    def set_limit(self, which: int, limit: int | None) -> None:
        lines = list(Line.objects.filter(resource="cpu").order_by("scope", "scope_id"))
        line = lines[which % len(lines)]
        quotas.set_limit(actor=self.admin, line=line, limit=limit, expected_version=line.version)

    @rule(which=choices)
    def an_account_is_closed(self, which: int) -> None:
        services.stop_all_of(
            actor=None, reason_code="ACCOUNT_DEACTIVATED", owner=self.users[which % 2]
        )

    # --- what the workers do ------------------------------------------------------------------

    @rule()
    def drain(self) -> None:
        _drain()

    @rule()
    def admit(self) -> None:
        queue.admit_waiting()

    @rule()
    def deliver(self) -> None:
        outbox.deliver_due()

    @rule()
    def look_for_orphans(self) -> None:
        orphans.resolve_all()

    # --- what befalls the engine ----------------------------------------------------------------

    @rule(which=choices, code=st.sampled_from((0, 1, 137)))
    def a_run_ends(self, which: int, code: int) -> None:
        if names := sorted(self.engine._runs):
            self.engine.end(names[which % len(names)], exit_code=code)

    @rule(which=choices)
    def a_machine_burns(self, which: int) -> None:
        if names := sorted(self.engine._runs):
            self.engine.lose(names[which % len(names)])

    @rule()
    def the_engine_goes_away(self) -> None:
        self.engine.is_away = True

    @rule()
    def the_engine_is_back(self) -> None:
        self.engine.is_away = False

    @rule(script=st.sampled_from((Script(), Script(place_after=None), Script(run_for=timedelta()))))
    def the_engine_is_in_another_mood(self, script: Script) -> None:
        self.engine.script = script

    # --- at the same moment -----------------------------------------------------------------------

    @rule(which=st.lists(choices, min_size=3, max_size=6))
    def together(self, which: list[int]) -> None:
        def work(dice: int) -> None:
            actions: list[Callable[[], object]] = [
                _drain,
                queue.admit_waiting,
                outbox.deliver_due,
                lambda: _stop(dice),
                lambda: self.start(dice, dice // 2, 2000, dice % 3 == 0),
            ]
            try:
                gate.wait(10)
                actions[dice % len(actions)]()
            finally:
                connection.close()

        gate = threading.Barrier(len(which))
        with ThreadPoolExecutor(len(which)) as pool:
            list(pool.map(work, which))

    def _begin(self, dice: int) -> None:
        _start(self.users[dice % 2], self.projects[dice // 2 % 2], 2000, dice % 3 == 0)

    # --- what always holds --------------------------------------------------------------------

    @invariant()
    def i1_what_is_used_is_what_is_reserved_and_never_over(self) -> None:
        holders = set(Reservation.objects.values_list("holder", flat=True))
        live = set(Workload.objects.filter(status__in=RESERVING).values_list("pk", flat=True))
        assert holders == live
        for line in Line.objects.annotate(sum=Sum("reservations__amount")):
            assert line.used == (line.sum or 0)
            if line.limit is None:
                self.ceilings.pop(line.pk, None)
                continue
            # A limit set below what is used allows what was there, and less and less of it.
            ceiling = max(line.limit, self.ceilings.get(line.pk, line.used))
            assert line.used <= ceiling
            self.ceilings[line.pk] = max(line.limit, line.used)

    @invariant()
    def i2_each_attempt_is_submitted_once(self) -> None:
        if hasattr(self, "engine"):
            assert len(self.engine.submissions) == len(set(self.engine.submissions))

    @invariant()
    def i4_what_has_ended_stays_as_it_ended(self) -> None:
        now = dict(Workload.objects.filter(status__in=TERMINAL).values_list("pk", "status"))
        for pk, status in getattr(self, "ended", {}).items():
            assert now.get(pk) == status
        self.ended = now

    @invariant()
    def i5_a_stranger_sees_nothing(self) -> None:
        if hasattr(self, "users"):
            assert not Workload.objects.visible_to(self.users[2]).exists()

    @invariant()
    def i6_audit_rows_form_a_chain_to_the_present_status(self) -> None:
        last: dict[str, Any] = {}
        rows = Record.objects.filter(object_type="workload").order_by("id")
        for object_id, before, after in rows.values_list("object_id", "before", "after"):
            assert (before or {}).get("status") == last.get(object_id)
            last[object_id] = (after or {})["status"]
        assert last == dict(Workload.objects.values_list("pk", "status"))

    # --- and in the end --------------------------------------------------------------------

    def _settle_everything(self) -> None:
        """I3: when all are asked to stop and the workers go on, nothing is left anywhere."""
        self.engine.script = Script()
        for workload in Workload.objects.live():
            services.request_stop(workload, actor=self.admin)
        for _ in range(6):
            _drain()
            outbox.deliver_due()
        for run in self.engine._runs.values():
            run.asked_at -= timedelta(hours=1)
        orphans.resolve_all()
        assert not Workload.objects.live().exists()
        assert not Workload.objects.filter(status__in=IN_ENGINE).exists()
        assert self.engine.inventory() == []
        assert not Reservation.objects.exists()
        assert not Line.objects.exclude(used=0).exists()
        assert not UsageInterval.objects.filter(ended=None).exists()
        assert not Attempt.objects.filter(finished_at=None).exists()


def _start(owner: User, project: Any, cpu: int, waits: bool) -> None:
    kind = Batch if waits else Sleeper
    try:
        services.request_start(
            kind=kind.name, owner=owner, project=project, resources=Resources(cpu, GIB),
            durable_id="d1", name="nap",
        )  # fmt: skip
    except QuotaExceeded as error:
        figures = error.params
    except Conflict as error:
        if error.code != "TRY_AGAIN":
            raise
        return
    else:
        return
    # A refusal is never wrong about the figures it names.
    assert figures["limit"] is not None
    assert figures["used"] + figures["asked"] > figures["limit"]


def _stop(which: int) -> None:
    every = list(Workload.objects.order_by("created"))
    if every:
        services.request_stop(every[which % len(every)], actor=every[0].owner)


def _drain() -> None:
    Workload.objects.live().exclude(status=Status.QUEUED).update(due_at=timezone.now())
    reconciler.drain("memory")


def run(number: int, examples: int, steps: int) -> None:
    kinds.register(Sleeper)
    kinds.register(Batch)
    run_state_machine_as_test(
        seed(number)(Platform),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            # Threads do not repeat themselves, so there is nothing to shrink.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("number", range(3))
def test_i01_to_i06_hold_whatever_happens(number: int) -> None:
    run(number, examples=6, steps=25)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100, 120))
def test_i01_to_i06_hold_for_long(number: int) -> None:
    run(number, examples=30, steps=60)
