"""From asked to running to gone, through services, reconciler and the memory engine.

Faults are small engines that misbehave in one verb.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import Conflict, EngineUnavailable, QuotaExceeded, Refused
from atelier.engines.base import EngineEvent, Observation, WorkloadSpec
from atelier.engines.memory import MemoryEngine, Script
from atelier.quotas.models import Line, Reservation, Scope, UsageInterval
from atelier.toolkit import outbox
from atelier.toolkit.orm import try_lock
from atelier.workloads import engines, moves, orphans, reconciler, services
from atelier.workloads.models import Attempt, Member, Workload, WorkloadEvent
from atelier.workloads.status import LIVE, Status
from tests.atelier.workloads.conftest import SMALL, Batch, Sleeper, Start, reconcile

pytestmark = pytest.mark.django_db


def status_of(workload: Workload) -> str:
    workload.refresh_from_db()
    return workload.status


def reserved(workload: Workload) -> bool:
    return Reservation.objects.filter(holder=workload.pk).exists()


@pytest.fixture
def use() -> Iterator[Any]:
    """Let another engine stand for ``memory``."""
    standing: list[Any] = []

    def replace(engine: MemoryEngine) -> MemoryEngine:
        standing.append(engines.replaced("memory", engine))
        standing[-1].__enter__()
        return engine

    yield replace
    while standing:
        standing.pop().__exit__(None, None, None)


class TestOrdinaryLife:
    def test_a_run_starts_runs_and_stops(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice)
        assert workload.status == Status.ADMITTED
        reconcile(2)
        assert status_of(workload) == Status.RUNNING
        assert set(engine.running) == {f"{workload.pk}-1"}
        assert Reservation.objects.filter(holder=workload.pk, in_use=True).count() == 9
        assert Sleeper.ran == [workload.pk]

        services.request_stop(workload, actor=alice)
        assert status_of(workload) == Status.STOPPING
        assert reserved(workload)
        reconcile(2)

        assert status_of(workload) == Status.STOPPED
        assert engine.running == {}
        assert not Line.objects.exclude(used=0).exists()
        assert Sleeper.settled == [workload.pk]

    def test_i06_every_change_of_state_has_one_audit_row(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice)
        reconcile(2)
        services.request_stop(workload, actor=alice)
        reconcile(2)

        rows = Record.objects.filter(object_id=workload.pk).order_by("id")

        assert list(rows.values_list("verb", "actor_name")) == [
            ("workload.queued", "alice"),
            ("workload.admitted", "alice"),
            ("workload.submitting", ""),
            ("workload.starting", ""),
            ("workload.running", ""),
            ("workload.stopping", "alice"),
            ("workload.stopped", ""),
        ]
        befores = [(r.before or {}).get("status") for r in rows[1:]]
        afters = [(r.after or {})["status"] for r in rows[: len(rows) - 1]]
        assert befores == afters

    def test_stopping_twice_is_harmless(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice)
        reconcile(2)
        services.request_stop(workload, actor=alice)
        services.request_stop(workload, actor=alice)
        reconcile(2)
        services.request_stop(workload, actor=alice)

        assert status_of(workload) == Status.STOPPED
        assert Sleeper.settled == [workload.pk]

    def test_what_was_not_submitted_yet_stops_at_once(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice)

        services.request_stop(workload, actor=alice)

        assert status_of(workload) == Status.STOPPED
        assert not reserved(workload)
        reconcile()
        assert engine.submissions == []

    def test_a_refused_start_leaves_nothing(self, alice: User, start: Start) -> None:
        Line.objects.filter(scope=Scope.USER, scope_id="*", resource="cpu").update(limit=500)

        with pytest.raises(QuotaExceeded):
            start(alice)

        assert not Workload.objects.exists()
        assert not WorkloadEvent.objects.exists()
        assert not Reservation.objects.exists()

    def test_a_stop_cascades_to_children(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        parent = start(alice)
        child = start(alice, parent=parent)
        grandchild = start(alice, parent=child)

        services.request_stop(parent, actor=alice)

        assert {status_of(w) for w in (parent, child, grandchild)} == {Status.STOPPED}

    def test_the_reservation_is_kept_until_it_is_seen_gone(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        engine.script = Script(stop_after=timedelta(seconds=20))
        workload = start(alice)
        reconcile(2)
        services.request_stop(workload, actor=alice)
        reconcile(3)

        assert status_of(workload) == Status.STOPPING
        assert reserved(workload)

    def test_what_ends_by_itself_has_succeeded_and_is_forgotten_by_the_engine(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        engine.script = Script(run_for=timedelta())
        workload = start(alice)
        reconcile(2)

        assert status_of(workload) == Status.SUCCEEDED
        outbox.deliver_due()
        assert engine.inventory() == []

    def test_members_events_and_use_are_copied_with_the_engines_own_times(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice, replicas=2)
        reconcile(3)
        engine.end(f"{workload.pk}-1", exit_code=137, reason="OUT_OF_MEMORY", limit="1 GiB")
        reconcile()

        assert status_of(workload) == Status.FAILED
        assert workload.reason_code == "OUT_OF_MEMORY"
        members = Member.objects.order_by("index")
        assert [(m.role, m.index, m.exit_code, m.node) for m in members] == [
            ("main", 0, 137, "memory"),
            ("main", 1, 137, "memory"),
        ]
        used = UsageInterval.objects.all()
        assert [(u.observed, u.ended) for u in used] == [(True, m.finished_at) for m in members]
        assert WorkloadEvent.objects.filter(source="engine", code="PLACED").count() == 1

    def test_a_kind_may_explain_an_end_better_than_the_engine(
        self,
        alice: User,
        engine: MemoryEngine,
        start: Start,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        why = ("START_FAILED", {"detail": "no such user"})
        monkeypatch.setattr(Sleeper, "explain", lambda self, workload, seen: why)
        workload = start(alice)
        reconcile(2)
        engine.lose(f"{workload.pk}-1")
        reconcile()

        assert status_of(workload) == Status.FAILED
        assert (workload.reason_code, workload.reason_params) == why

    def test_what_is_stopped_behind_our_back_is_stopped(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        engine.script = Script(stop_after=timedelta(milliseconds=1))
        workload = start(alice)
        reconcile(2)
        run = engine._runs[f"{workload.pk}-1"]
        run.stop_asked_at = engine.clock() + timedelta(seconds=1)
        reconcile()
        run.stop_asked_at = engine.clock() - timedelta(seconds=1)
        reconcile()

        assert status_of(workload) == Status.STOPPED
        assert workload.reason_code == "STOPPED_OUTSIDE"


class TestAttempts:
    def test_a_second_attempt_has_a_name_of_its_own_and_keeps_the_reservation(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = _queued_batch(start, alice)
        reconcile(2)
        engine.end(f"{workload.pk}-1", exit_code=1)
        reconcile()
        assert status_of(workload) == Status.ADMITTED
        assert reserved(workload)
        reconcile(2)

        assert status_of(workload) == Status.RUNNING
        assert engine.submissions == [f"{workload.pk}-1", f"{workload.pk}-2"]
        attempts = Attempt.objects.order_by("number").values_list("number", "outcome")
        assert list(attempts) == [(1, "failed"), (2, "")]

    def test_the_ledger_has_each_attempt_once(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = _queued_batch(start, alice)
        reconcile(2)
        engine.end(f"{workload.pk}-1", exit_code=1)
        reconcile(3)
        engine.lose(f"{workload.pk}-2")
        reconcile()

        assert status_of(workload) == Status.FAILED
        rows = UsageInterval.objects.order_by("id")
        assert [(row.observed, row.ended is not None) for row in rows] == [
            (True, True),
            (False, True),
        ]


def _queued_batch(start: Start, owner: User) -> Workload:
    from atelier.workloads import queue

    workload = start(owner, kind="batch")
    queue.admit_waiting()
    return workload


class Away(MemoryEngine):
    """Cannot be asked one verb."""

    def __init__(self, *verbs: str) -> None:
        super().__init__()
        self.broken = set(verbs)

    def _verb(self, verb: str, name: str) -> Any:
        if verb in self.broken:
            raise EngineUnavailable
        return super()._verb(verb, name)


class TestAnEngineThatIsAway:
    def test_r08_a_failed_look_changes_no_status(self, alice: User, use: Any, start: Start) -> None:
        engine = use(Away())
        workload = start(alice)
        reconcile(2)
        engine.broken = {"observe"}
        reconcile(3)

        assert status_of(workload) == Status.RUNNING
        assert workload.stale_since is not None
        since = workload.stale_since
        reconcile()
        assert Workload.objects.get().stale_since == since

        engine.broken = set()
        reconcile()
        assert status_of(workload) == Status.RUNNING
        assert workload.stale_since is None

    def test_a_start_waits_for_it_and_happens_once(
        self, alice: User, use: Any, start: Start
    ) -> None:
        engine = use(Away("apply"))
        workload = start(alice)
        reconcile(3)
        assert status_of(workload) == Status.SUBMITTING
        assert workload.reason_code == "ENGINE_UNREACHABLE"
        assert reserved(workload)

        engine.broken = set()
        reconcile(3)

        assert status_of(workload) == Status.RUNNING
        assert workload.reason_code == ""
        assert engine.submissions == [f"{workload.pk}-1"]

    def test_a_stop_waits_for_it_too(self, alice: User, use: Any, start: Start) -> None:
        engine = use(Away())
        workload = start(alice)
        reconcile(2)
        engine.broken = {"stop"}
        services.request_stop(workload, actor=alice)
        reconcile(2)
        assert status_of(workload) == Status.STOPPING
        assert reserved(workload)

        engine.broken = set()
        reconcile(2)
        assert status_of(workload) == Status.STOPPED

    def test_a_name_left_out_of_the_answer_was_not_seen(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class Forgetful(MemoryEngine):
            def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
                return {}

        workload = start(alice)
        engine = use(MemoryEngine())
        reconcile(2)
        blind = Forgetful()
        blind._runs = engine._runs
        use(blind)
        reconcile(2)

        assert status_of(workload) == Status.RUNNING
        assert workload.stale_since is not None


class TestR02AmbiguousAnswers:
    def test_r03_a_reply_lost_after_the_engine_took_it_makes_one_run(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class LosesReplies(MemoryEngine):
            def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
                super().apply(spec, generation=generation)
                raise EngineUnavailable

        engine = use(LosesReplies())
        workload = start(alice)
        reconcile(3)

        assert status_of(workload) == Status.RUNNING
        assert engine.submissions == [f"{workload.pk}-1"]

    def test_what_the_engine_refuses_for_good_is_refused_with_its_reason(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class Refusing(MemoryEngine):
            def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
                raise Refused("IMAGE_NOT_FOUND", {"image": "nowhere:1"})

        use(Refusing())
        workload = start(alice)
        reconcile()

        assert status_of(workload) == Status.REFUSED
        assert workload.reason_code == "IMAGE_NOT_FOUND"
        assert not reserved(workload)


class TestS10PoisonedObjects:
    def test_one_that_cannot_be_looked_at_never_stops_the_others(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class Stumbling(MemoryEngine):
            poison = ""

            def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
                names = list(names)
                if self.poison in names:
                    raise ValueError("null status")
                return super().observe(names)

        engine = use(Stumbling())
        bad, *good = [start(alice) for _ in range(5)]
        engine.poison = f"{bad.pk}-1"
        reconcile(3)

        assert {status_of(w) for w in good} == {Status.RUNNING}
        assert status_of(bad) == Status.STARTING
        assert bad.failures == 2

    def test_one_whose_kind_fails_is_tried_less_and_less_and_quarantined(
        self,
        alice: User,
        engine: MemoryEngine,
        start: Start,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def fail_for_one(self: Sleeper, workload: Workload) -> None:
            if workload.pk == bad.pk:
                raise RuntimeError("a broken hook")

        monkeypatch.setattr(Sleeper, "on_running", fail_for_one)
        bad, good = start(alice), start(alice)
        reconcile(7)

        assert status_of(good) == Status.RUNNING
        assert status_of(bad) == Status.STARTING
        assert bad.failures >= 5
        assert bad.reason_code == "QUARANTINED"
        assert bad.due_at > timezone.now() + timedelta(seconds=10)
        assert WorkloadEvent.objects.filter(workload=bad, code="QUARANTINED").count() == 1

        monkeypatch.undo()
        reconcile()
        assert status_of(bad) == Status.RUNNING
        assert (bad.failures, bad.reason_code) == (0, "")

    def test_a_kind_nobody_knows_any_more_is_left_alone(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        bad, good = start(alice), start(alice)
        Workload.objects.filter(pk=bad.pk).update(kind="forgotten")

        reconcile(2)

        assert status_of(good) == Status.RUNNING
        assert status_of(bad) == Status.ADMITTED


class TestRaces:
    def test_a_stop_between_the_look_and_the_lock_wins(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class StopsMeanwhile(MemoryEngine):
            def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
                seen = super().observe(names)
                services.request_stop(workload, actor=alice)
                return seen

        use(StopsMeanwhile())
        workload = start(alice)
        reconcile(2)
        assert status_of(workload) == Status.STOPPING
        reconcile(2)

        assert status_of(workload) == Status.STOPPED

    def test_a_stop_while_the_engine_is_being_asked_is_not_lost(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class StopsMeanwhile(MemoryEngine):
            def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
                super().apply(spec, generation=generation)
                services.request_stop(workload, actor=alice)

        engine = use(StopsMeanwhile())
        workload = start(alice)
        reconcile()
        assert status_of(workload) == Status.STOPPING
        reconcile(2)

        assert status_of(workload) == Status.STOPPED
        assert engine.running == {}

    def test_a_ring_during_the_look_is_not_put_off(
        self, alice: User, use: Any, start: Start
    ) -> None:
        class RingsMeanwhile(MemoryEngine):
            def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
                seen = super().observe(names)
                if rings:
                    rings.pop()
                    services.look_now(workload)
                return seen

        rings: list[int] = []
        engine = use(RingsMeanwhile())
        workload = start(alice)
        reconcile(3)
        rings.append(1)
        before = engine.calls.count(("observe", ""))
        reconcile()

        # The same drain looks again at once, since the row was due again.
        assert engine.calls.count(("observe", "")) == before + 2

    def test_an_admins_force_loses_against_a_settled_row(
        self, alice: User, admin: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice)
        reconcile(2)
        services.force_settle(workload, actor=admin)
        assert status_of(workload) == Status.STOPPED
        assert not reserved(workload)

        with pytest.raises(Conflict):
            services.force_settle(workload, actor=admin)

        assert Sleeper.settled == [workload.pk]


class TestManyAtOnce:
    def test_p11_what_rests_costs_one_statement_however_many_there_are(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        Line.objects.filter(scope_id="*").update(limit=None)

        def cost(count: int) -> int:
            while Workload.objects.count() < count:
                start(alice)
            reconcile(3)
            batch = list(Workload.objects.filter(status__in=LIVE))
            with CaptureQueriesContext(
                connection,
            ) as captured:
                reconciler.look_after(engine, batch)
            return len(captured)

        assert cost(3) == cost(40) == 1

    def test_p11_very_many_rows_without_news_are_put_off_in_portions(
        self, alice: User, engine: MemoryEngine, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Line.objects.filter(scope_id="*").update(limit=None)
        for _ in range(20):
            start(alice)
        reconcile(3)
        monkeypatch.setattr(reconciler, "AT_ONCE", 8)
        began = timezone.now()
        Workload.objects.update(due_at=began)

        with CaptureQueriesContext(connection) as captured:
            reconciler.look_after(engine, list(Workload.objects.all()))

        assert sum(q["sql"].startswith("UPDATE") for q in captured) == 3
        assert not Workload.objects.filter(due_at__lte=began).exists()
        assert not Workload.objects.filter(last_seen_at__lte=began).exists()

    def test_p11_what_is_seen_again_after_an_outage_costs_one_statement_as_well(
        self, alice: User, use: Any, start: Start
    ) -> None:
        Line.objects.filter(scope_id="*").update(limit=None)
        engine = use(Away())
        workloads = [start(alice) for _ in range(20)]
        reconcile(3)
        engine.broken = {"observe"}
        reconcile(2)
        assert Workload.objects.exclude(stale_since=None).count() == 20
        engine.broken = set()
        Workload.objects.update(due_at=timezone.now())
        batch = list(Workload.objects.filter(status__in=LIVE))

        with CaptureQueriesContext(connection) as captured:
            reconciler.look_after(engine, batch)

        assert len(captured) == 1
        assert not Workload.objects.exclude(stale_since=None).exists()
        assert {status_of(w) for w in workloads} == {Status.RUNNING}

    def test_many_starts_are_one_look_and_each_submitted_once(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        Line.objects.filter(scope_id="*").update(limit=None)
        workloads = [start(alice) for _ in range(40)]

        reconcile(2)

        assert {status_of(w) for w in workloads} == {Status.RUNNING}
        assert len(engine.submissions) == len(set(engine.submissions)) == 40

    def test_what_was_seen_long_ago_is_not_acted_upon_but_looked_at_anew(
        self, alice: User, engine: MemoryEngine, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Line.objects.filter(scope_id="*").update(limit=None)
        workloads = [start(alice) for _ in range(40)]
        monkeypatch.setattr(reconciler, "LONGEST_DRAIN", timedelta())

        reconciler.look_after(engine, list(Workload.objects.order_by("pk")))

        assert len(engine.submissions) == reconciler.ABREAST
        untouched = Workload.objects.filter(status=Status.ADMITTED, due_at__lte=timezone.now())
        assert untouched.count() == 40 - reconciler.ABREAST
        monkeypatch.undo()
        reconcile(3)
        assert {status_of(w) for w in workloads} == {Status.RUNNING}


class TestOrphans:
    def test_i03_what_nobody_accounts_for_is_ended_after_a_while(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        kept = start(alice)
        reconcile(2)
        workload = start(alice)
        reconcile(2)
        Workload.objects.filter(pk=workload.pk).update(
            status=Status.FAILED, finished_at=timezone.now()
        )
        name = f"{workload.pk}-1"

        assert orphans.resolve("memory") == []
        engine._runs[name].asked_at -= timedelta(minutes=1)
        engine._runs[f"{kept.pk}-1"].asked_at -= timedelta(minutes=1)
        assert orphans.resolve("memory") == [name]

        assert set(engine.running) == {f"{kept.pk}-1"}
        assert WorkloadEvent.objects.filter(workload=workload, code="ORPHAN_ENDED").exists()

    def test_i03_what_is_only_admitted_is_not_an_orphan(
        self, alice: User, engine: MemoryEngine, start: Start
    ) -> None:
        workload = start(alice)
        spec = Sleeper().spec(workload)
        engine.apply(spec, generation=0)
        engine._runs[spec.name].asked_at -= timedelta(minutes=1)

        assert orphans.resolve("memory") == []

    def test_an_engine_that_cannot_be_seen_has_no_orphans_this_time(
        self, engine: MemoryEngine
    ) -> None:
        engine.is_away = True

        orphans.resolve_all()

        engine.is_away = False
        assert engine.running == {}


def test_an_engines_events_are_copied_once(alice: User, use: Any, start: Start) -> None:
    class Talkative(MemoryEngine):
        def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
            from dataclasses import replace

            said = EngineEvent("pull/1", timezone.now(), "PULLED", "Pulled the image")
            return {
                n: replace(o, events=(*o.events, said)) for n, o in super().observe(names).items()
            }

    use(Talkative())
    start(alice)
    reconcile(5)

    assert WorkloadEvent.objects.filter(code="PULLED").count() == 1


def test_a_step_noted_from_outside_is_kept_beside_the_kernels_own(
    alice: User, engine: MemoryEngine, start: Start
) -> None:
    workload = start(alice)
    services.note_step(workload, "answering")
    services.note_step(workload, "answering")
    reconcile(2)

    workload.refresh_from_db()
    assert set(workload.steps) == {"quota", "answering", "submitted", "placed", "ready"}


def test_unknown_kinds_and_engines_are_named_in_the_error() -> None:
    from atelier.workloads import kinds

    with pytest.raises(LookupError, match="nothing"):
        kinds.get("nothing")
    with pytest.raises(LookupError, match="nowhere"):
        engines.get("nowhere")
    assert Batch.name in kinds.names()
    assert SMALL.cpu_millicores == 1000
    with try_lock("a test") as mine:
        assert mine


def test_i06_a_stop_that_crosses_a_move_tells_the_state_it_really_came_from(
    alice: User, engine: MemoryEngine, start: Start
) -> None:
    workload = start(alice)
    reconcile()
    stale = Workload.objects.get(pk=workload.pk)
    reconcile()

    with pytest.raises(moves.Lost), transaction.atomic():
        moves.stopping(stale, reason="CANCELLED", params={"by": "alice"})
    services.request_stop(stale, actor=alice)

    last = Record.objects.filter(verb="workload.stopping").get()
    assert last.before == {"status": Status.RUNNING}
