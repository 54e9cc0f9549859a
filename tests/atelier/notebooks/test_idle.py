"""The idle rule: a table, and the rule at work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from atelier.accounts.models import User
from atelier.engines.memory import MemoryEngine
from atelier.notebooks import idle, running, services
from atelier.notebooks.idle import Rule, Verdict, judge
from atelier.notebooks.models import Run
from atelier.notebooks.running import Report
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.notebooks.conftest import Make, run_of, settle, workload_of

T = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RULE = Rule(timedelta(minutes=120))


def at(minutes: float) -> datetime:
    return T + timedelta(minutes=minutes)


LEAVE, ANNOUNCE, STOP = Verdict.LEAVE, Verdict.ANNOUNCE, Verdict.STOP


@pytest.mark.parametrize(
    ("now", "run", "expected"),
    [
        (at(60), {}, (LEAVE, None)),
        (at(104), {}, (LEAVE, None)),
        (at(106), {}, (ANNOUNCE, at(121))),
        (at(110), {"idle_stop_at": at(120)}, (LEAVE, at(120))),
        (at(120), {"idle_stop_at": at(120)}, (STOP, at(120))),
        # The platform slept: nobody is stopped unannounced.
        (at(900), {}, (ANNOUNCE, at(915))),
        # Something happened after the announcement.
        (at(119), {"idle_stop_at": at(120), "last_activity": at(118)}, (LEAVE, None)),
        (at(119), {"idle_stop_at": at(120), "busy_at": at(118)}, (LEAVE, None)),
        (at(121), {"idle_stop_at": at(120), "last_activity": at(10)}, (LEAVE, at(130))),
        # Kept by hand.
        (at(119), {"idle_stop_at": None, "kept_until": at(239)}, (LEAVE, None)),
        (at(230), {"kept_until": at(239)}, (ANNOUNCE, at(245))),
        # A runtime that fell silent may be too busy to speak.
        (at(300), {"idle_stop_at": at(120), "reported_at": at(290)}, (LEAVE, None)),
        (at(300), {"idle_stop_at": at(120), "reported_at": at(299)}, (STOP, at(120))),
    ],
)
def test_the_rule(
    now: datetime, run: dict[str, Any], expected: tuple[Verdict, datetime | None]
) -> None:
    assert judge(Run(**run), started=T, now=now, rule=RULE) == expected


def test_a_short_rule_announces_for_as_long_as_it_is() -> None:
    verdict, stop_at = judge(Run(), started=T, now=at(1), rule=Rule(timedelta(minutes=5)))

    assert (verdict, stop_at) == (ANNOUNCE, at(6))


@pytest.mark.django_db
class TestAtWork:
    def long_ago(self, server: Any, minutes: int) -> None:
        then = timezone.now() - timedelta(minutes=minutes)
        Workload.objects.filter(pk=workload_of(server).pk).update(started_at=then)

    def test_an_idle_server_is_announced_then_stopped_with_the_reason(
        self, alice: User, make: Make
    ) -> None:
        server = make(alice)
        settle()
        idle.apply_rule()
        assert run_of(server).idle_stop_at is None

        self.long_ago(server, 200)
        idle.apply_rule()
        announced = run_of(server).idle_stop_at
        assert announced is not None
        assert workload_of(server).status == Status.RUNNING
        Run.objects.update(idle_stop_at=timezone.now() - timedelta(seconds=1))
        idle.apply_rule()
        settle()

        ended = workload_of(server)
        assert (ended.status, ended.reason_code) == (Status.STOPPED, "IDLE")
        assert ended.reason_params == {"minutes": 120}

    def test_keep_running_takes_the_announcement_back(self, alice: User, make: Make) -> None:
        server = make(alice)
        settle()
        self.long_ago(server, 200)
        idle.apply_rule()

        services.keep_running(server_id=server.pk, actor=alice)
        idle.apply_rule()

        assert run_of(server).idle_stop_at is None

    def test_a_server_kept_while_the_hub_was_being_asked_is_not_stopped(
        self, alice: User, make: Make, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = make(alice)
        settle()
        self.long_ago(server, 200)
        Run.objects.update(idle_stop_at=timezone.now() - timedelta(seconds=1))
        look = engine.observe

        def slowly(names: Any) -> Any:
            services.keep_running(server_id=server.pk, actor=alice)
            return look(names)

        monkeypatch.setattr(engine, "observe", slowly)
        idle.apply_rule()

        assert workload_of(server).status == Status.RUNNING
        assert run_of(server).idle_stop_at is None

    def test_a_busy_report_keeps_a_server(self, alice: User, make: Make) -> None:
        server = make(alice)
        settle()
        self.long_ago(server, 200)
        idle.apply_rule()

        report = Report(busy=True, cpu_millicores=900, memory_bytes=2**28)
        run = running.note_report(workload_id=workload_of(server).pk, report=report)
        idle.apply_rule()

        assert run.cpu_millicores == 900
        assert run_of(server).idle_stop_at is None

    def test_a_report_from_the_future_counts_as_now(self, alice: User, make: Make) -> None:
        server = make(alice)
        settle()

        report = Report(busy=False, last_activity=timezone.now() + timedelta(days=365))
        run = running.note_report(workload_id=workload_of(server).pk, report=report)

        assert run.last_activity is not None
        assert run.last_activity <= timezone.now()

    def test_r08_nothing_is_stopped_as_idle_while_the_hub_cannot_be_seen(
        self, alice: User, make: Make, engine: MemoryEngine
    ) -> None:
        server = make(alice)
        settle()
        self.long_ago(server, 200)
        Run.objects.update(idle_stop_at=timezone.now() - timedelta(minutes=1))

        engine.is_away = True
        idle.apply_rule()

        assert workload_of(server).status == Status.RUNNING

    def test_zero_minutes_switches_the_rule_off(
        self, alice: User, make: Make, settings: Any
    ) -> None:
        settings.ATELIER_IDLE_MINUTES = 0
        server = make(alice)
        settle()
        self.long_ago(server, 100_000)
        idle.apply_rule()

        assert run_of(server).idle_stop_at is None
        assert idle.minutes_of_rule() is None
